"""The staff pages: what a citation's link opens, and what owners and heads look after policies by.

They read through what app.py hands them and act only by handing the desk a message. They also carry
what every page wears: the style sheet and icon under /static, and /healthz.
"""

from aiohttp import web

from bot.pages.comparing import Comparing
from bot.pages.given import Compared, Given, Link, Side, Visits, links
from bot.pages.importing import Importing
from bot.pages.overseeing import Overseeing
from bot.pages.policies import Policies
from bot.pages.questions import Questions
from bot.pages.shell import HEADERS, HERE, Shell

__all__ = ["Compared", "Given", "Link", "Shell", "Side", "Visits", "links", "routes"]

FILES = ("policybot.css", "icon.svg")


def routes(given: Given) -> list[web.RouteDef]:
    shell = Shell(given)
    policies, comparing = Policies(given, shell), Comparing(given, shell)
    questions, overseeing = Questions(given, shell), Overseeing(given, shell)
    importing = (
        Importing(given.importer, given.visits, shell.html, given.now).routes()
        if given.importer
        else ()
    )
    return [
        *importing,
        web.get("/policies", policies.all),
        web.get("/policies/{policy}", policies.policy),
        web.get("/policies/{policy}/c/{clause}", policies.policy),
        web.get("/compare", comparing.page),
        web.get("/questions", questions.page),
        web.post("/questions/done", questions.done),
        web.get("/health", overseeing.health),
        web.get("/doctor", overseeing.doctor),
        web.get("/static/{file}", file),
        web.get("/healthz", healthy),
    ]


async def healthy(request: web.Request) -> web.Response:
    return web.Response(text="ok", headers=HEADERS)


async def file(request: web.Request) -> web.StreamResponse:
    if request.match_info["file"] not in FILES:
        raise web.HTTPNotFound(headers=HEADERS)
    headers = {**HEADERS, "Cache-Control": "no-cache"}
    return web.FileResponse(HERE / "static" / request.match_info["file"], headers=headers)
