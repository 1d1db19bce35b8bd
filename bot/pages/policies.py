"""The list of policies, one page for each, and one address for each clause."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.core.health.dates import stale
from bot.core.health.reads import Read
from bot.core.policies import Clause, Policy
from bot.pages.reading import day, parts, unfinished

HERE = Path(__file__).parent
FILES = ("policybot.css", "icon.svg")
QUERY_LIMIT = 300

# Pages that only show: no script at all, no form but our own.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

Policies = Callable[[], Sequence[Policy]]
Search = Callable[[str, str], Sequence[str]]
Today = Callable[[], date]
Page = Callable[[web.Request], Awaitable[web.Response]]


def routes(
    *,
    policies: Policies,
    today: Today,
    search: Search | None = None,
    schools: Mapping[str, str] | None = None,
    ask: str = "/",
) -> list[web.RouteDef]:
    """``schools`` names school ids; ``ask`` is where the chat is, empty when there is none."""
    pages = Pages(policies, today, search, schools or {}, ask)
    return [
        web.get("/policies", pages.all),
        web.get("/policies/{policy}", pages.policy),
        web.get("/policies/{policy}/c/{clause}", pages.policy),
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


class Pages:
    def __init__(
        self,
        policies: Policies,
        today: Today,
        search: Search | None,
        schools: Mapping[str, str],
        ask: str,
    ) -> None:
        self._policies, self._today, self._search = policies, today, search
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["day"] = day
        self._templates.globals.update(ask=ask, school_name=lambda id: schools.get(id, id))

    async def all(self, request: web.Request) -> web.Response:
        today = self._today()
        rows = [(policy, list(stale(Read(policy), today))) for policy in self._policies()]
        rows.sort(key=lambda row: row[0].title.casefold())
        return self._html("policies.html", rows=rows)

    async def policy(self, request: web.Request) -> web.Response:
        asked = request.match_info
        policy = next((p for p in self._policies() if p.id == asked["policy"]), None)
        if policy is None:
            return self._html("missing.html", 404, policy=None)
        shown = asked.get("clause", "")
        if shown and shown not in policy.by_id:
            return self._html("missing.html", 404, policy=policy)
        query = request.query.get("q", "").strip()[:QUERY_LIMIT]
        return self._html(
            "policy.html",
            policy=policy,
            faults=list(stale(Read(policy), self._today())),
            flawed=_flawed(policy),
            titles={p.id: p.title for p in self._policies()},
            parts=parts(policy),
            shown=shown,
            searchable=self._search is not None,
            query=query,
            found=self._found(policy, query),
        )

    def _found(self, policy: Policy, query: str) -> Sequence[Clause]:
        ids = self._search(query, policy.id) if self._search and query else ()
        return [policy.by_id[id] for id in ids if id in policy.by_id]

    def _html(self, template: str, status: int = 200, **view: Any) -> web.Response:
        words = self._templates.get_template(template).render(view)
        return web.Response(
            text=words, status=status, headers=HEADERS, content_type="text/html", charset="utf-8"
        )


def _flawed(policy: Policy) -> Mapping[str, Clause]:
    """For each kind of fault inside the text, the first clause that has it."""
    found: dict[str, Clause] = {}
    for clause in policy.clauses:
        for kind in unfinished(clause):
            found.setdefault(kind, clause)
    return found
