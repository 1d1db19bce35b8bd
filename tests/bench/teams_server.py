"""`python -m tests.bench.teams_server KIND STUB PORT`: one server of Teams' activities, to be measured.

ours: the bot as `serve` runs it, its records on disk; on Slack too where that is set up. bare: an aiohttp
echo that makes the same check of the token, sends the reply in the file BENCH_REPLY and does nothing else.
unguarded: ours, with a check that lets all in and nobody looking at what was seen.

Each has its production addresses; what it sends to Microsoft arrives at STUB.
"""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from aiohttp import ClientSession, DummyCookieJar, web

from bot import app, live
from bot.clock import wall_time
from bot.config import config_from
from bot.library import read_library
from bot.platforms.teams import PATH
from bot.platforms.teams.keys import Keys
from bot.platforms.teams.token_in import Checked, Refused, Signed
from tests.teams.stub import APP, SECRET, TENANT, Stub

SETTINGS = {"TEAMS_APP_ID": APP, "TEAMS_TENANT_ID": TENANT, "TEAMS_APP_SECRET": SECRET}


async def ours(stub: Stub, port: int) -> None:
    config = config_from({**os.environ, **SETTINGS, "PORT": str(port)})
    house = app.build(config, read_library(config.policies))
    with _rerouted(stub):
        await live.Live(config, house, app.records(config)).serve(lambda: None)


@contextmanager
def _rerouted(stub: Stub) -> Iterator[None]:
    with (
        patch("bot.connecting.ClientSession", stub.session),
        patch("bot.platforms.teams.ClientSession", stub.session),
        patch("bot.platforms.teams.token_out.Http", stub.http),
    ):
        yield


async def unguarded(stub: Stub, port: int) -> None:
    async def lets_in(*_: Any) -> Checked:
        return Checked("", TENANT)

    with (
        patch.object(Signed, "check", lets_in),
        patch.object(Signed, "trusts", return_value=True),
        patch("bot.store.sqlite.remembered", return_value=None),
        patch("bot.core.decide.key_of", lambda message: os.urandom(8).hex()),
    ):
        await ours(stub, port)


async def bare(stub: Stub, port: int) -> None:
    reply = json.loads(Path(os.environ["BENCH_REPLY"]).read_text(encoding="utf-8"))
    async with stub.session(cookie_jar=DummyCookieJar()) as session:
        signed = Signed(APP, TENANT, Keys(session, wall_time), wall_time)

        async def echo(request: web.Request) -> web.Response:
            told = await request.json()
            try:
                shown = request.headers.getall("Authorization", [])
                await signed.check(shown, told, request.remote or "")
            except Refused as refused:
                return web.Response(status=refused.status)
            await _said(session, told, reply)
            return web.Response()

        await _served(echo, port)


async def _said(session: ClientSession, told: Any, reply: Any) -> None:
    conversation = quote(told["conversation"]["id"], safe="")
    address = f"{told['serviceUrl']}v3/conversations/{conversation}/activities"
    headers = {"Authorization": "Bearer a-token"}
    async with session.post(address, json=reply, headers=headers) as answer:
        await answer.read()


async def _served(echo: Any, port: int) -> None:
    made = web.Application()
    made.router.add_post(PATH, echo)
    runner = web.AppRunner(made, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


KINDS = {"ours": ours, "bare": bare, "unguarded": unguarded}

if __name__ == "__main__":
    there = Stub(remembering=False)
    there.url = sys.argv[2]
    asyncio.run(KINDS[sys.argv[1]](there, int(sys.argv[3])))
