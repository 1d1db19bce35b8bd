"""The local web chat: a page on this machine where people meet the bot without Slack or Teams.

Choosing who you are is for trying the bot out: whoever can open the page can be anyone, so it is
served on 127.0.0.1 only and answers to no other name. The conversation lies in memory, nowhere
else. The pages handed in bring the style sheet, /static/policybot.css.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from aiohttp import web

from bot.core.cards import Card
from bot.core.people import Person
from bot.platforms.web.chat import Chat, Hear, NewId, Now
from bot.platforms.web.guard import BODY_LIMIT, Seal, guarded
from bot.platforms.web.talk import Posts

__all__ = ["Hear", "NewId", "Now", "Posts", "app", "serve"]


def app(
    *,
    hear: Hear,
    people: Sequence[Person],
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
        seal=Seal(),
    )
    made = web.Application(middlewares=[guarded(chat.notice)], client_max_size=BODY_LIMIT)
    made.add_routes(chat.routes())
    made.add_routes(list(pages))
    return made


async def serve(
    app: web.Application, port: int, listening: Callable[[], None] = lambda: None
) -> None:
    """Serve on this machine only, until cancelled. Calls ``listening`` once the port is ours."""
    # No access log: a path may name the clause somebody read.
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        listening()
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
