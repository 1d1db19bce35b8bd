"""The local web chat: a page on this machine where people meet the bot without Slack or Teams.

Choosing who you are is for trying the bot out: whoever can open the page can be anyone, so it is
served on 127.0.0.1 only and answers to no other name. The conversation lies in memory, nowhere
else. The pages handed in bring the style sheet, /static/policybot.css.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence

from aiohttp import web

from bot.core.cards import Card
from bot.core.people import Person
from bot.platforms.web.chat import Chat, Hear, NewId, Now
from bot.platforms.web.guard import BODY_LIMIT, Seal, guarded
from bot.platforms.web.talk import Posts
from bot.platforms.web.visits import Visits

__all__ = ["Hear", "NewId", "Now", "Posts", "Visits", "app", "runner", "serve"]


def app(
    *,
    hear: Hear,
    people: Sequence[Person],
    visits: Visits | None = None,
    pages: Iterable[web.RouteDef],
    now: Now,
    new_id: NewId,
    sorry: Callable[[str], Card],
    posts: Posts | None = None,
) -> web.Application:
    """The chat and the pages in one application. Posted messages come in through ``posts``."""
    chat = Chat(
        hear=hear,
        people={person.id: person for person in people},
        posts=posts if posts is not None else Posts(),
        now=now,
        new_id=new_id,
        sorry=sorry,
        seal=visits.seal if visits else Seal(),
    )
    made = web.Application(middlewares=[guarded(chat.notice)], client_max_size=BODY_LIMIT)
    made.add_routes(chat.routes())
    made.add_routes(list(pages))
    return made


def runner(app: web.Application) -> web.AppRunner:
    """What serves the application, and tells no log what anybody read or searched for."""
    # No access log: a path may name the clause somebody read. An address up to BODY_LIMIT comes to
    # our own guard, which refuses it in plain words; aiohttp would show and log its beginning.
    log = logging.getLogger(__name__)
    log.addFilter(_without_words)
    return web.AppRunner(app, access_log=None, logger=log, max_line_size=BODY_LIMIT)


def _without_words(record: logging.LogRecord) -> bool:
    record.exc_info = None
    return True


async def serve(
    app: web.Application, port: int, listening: Callable[[], None] = lambda: None
) -> None:
    """Serve on this machine only, until cancelled. Calls ``listening`` once the port is ours."""
    served = runner(app)
    await served.setup()
    try:
        await web.TCPSite(served, "127.0.0.1", port).start()
        listening()
        await asyncio.Event().wait()
    finally:
        await served.cleanup()
