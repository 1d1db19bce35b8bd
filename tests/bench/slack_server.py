"""`python -m tests.bench.slack_server KIND API PORT`: one server of Slack's events, to be measured.

ours: the bot as `serve` runs it, its records on disk. bare: Bolt's AsyncApp that sends the reply in the
file BENCH_REPLY and does nothing else. unsigned: ours, with nobody looking at signatures or at what was
seen. talkative: Bolt as it comes, whose log at INFO goes to BENCH_LOG.
"""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import app, live
from bot.config import config_from
from bot.library import read_library
from bot.platforms.slack import say
from bot.platforms.slack.pace import Pace

TOKEN, SECRET = "xoxb-bench", "bench-secret"
PATH = "/slack/events"


def settings(api: str) -> dict[str, str]:
    """Those of a workspace whose Web API is here."""
    return {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": api}


async def ours(api: str, port: int) -> None:
    config = config_from({**os.environ, **settings(api), "PORT": str(port)})
    house = app.build(config, read_library(config.policies))
    # One load script speaks as one person: at Slack's one message a second nothing could be measured.
    with patch.object(say.Say, "pause", 0.0), patch("bot.platforms.slack.Pace", lambda: Pace(0.0)):
        await live.Live(config, house, app.records(config)).serve(lambda: None)


async def unsigned(api: str, port: int) -> None:
    with (
        patch("bot.platforms.slack.Slack._is_signed", return_value=True),
        patch("bot.store.sqlite.remembered", return_value=None),
        patch("bot.core.decide.key_of", lambda message: os.urandom(8).hex()),
    ):
        await ours(api, port)


async def bare(api: str, port: int) -> None:
    reply = json.loads(Path(os.environ["BENCH_REPLY"]).read_text(encoding="utf-8"))
    made = AsyncApp(client=AsyncWebClient(TOKEN, api), signing_secret=SECRET)

    @made.event("message")
    async def heard(event: dict[str, Any], client: AsyncWebClient) -> None:
        await client.chat_postMessage(channel=event["channel"], **reply)

    @made.command("/policy")
    async def asked(ack: Callable[..., Any]) -> None:
        await ack(reply["text"])

    await _served(made.web_app(PATH, port), port)


async def talkative(api: str, port: int) -> None:
    logging.basicConfig(filename=os.environ["BENCH_LOG"], level=logging.INFO)
    await bare(api, port)


async def _served(made: web.Application, port: int) -> None:
    runner = web.AppRunner(made, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


KINDS = {"ours": ours, "bare": bare, "unsigned": unsigned, "talkative": talkative}

if __name__ == "__main__":
    if "BENCH_LOG" in os.environ:
        logging.basicConfig(filename=os.environ["BENCH_LOG"], level=logging.DEBUG)
    asyncio.run(KINDS[sys.argv[1]](sys.argv[2], int(sys.argv[3])))
