"""Slack's far side for the bench: a Web API that takes every message and notes when, and signed events."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter, time
from typing import Any

from aiohttp import ClientSession, web

from tests.bench.arrivals import Arrivals
from tests.bench.servers import free_port
from tests.bench.slack_server import PATH, SECRET

# The names of the load script beside the project: its one person is on the example's staff list here.
TEAM, USER, DM = "T000LOAD01", "U000LOAD01", "D000LOAD01"


@dataclass
class Far:
    """``posts`` are the moments at which a message came, with its body."""

    email: str
    posts: Arrivals[tuple[float, dict[str, Any]]] = field(default_factory=Arrivals)
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    async def api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if method == "chat.postMessage":
            told = json.loads(await request.read())
            await self.posts.note((perf_counter(), told))
        return web.json_response({"ok": True, **self._answer(method)})

    def _answer(self, method: str) -> dict[str, Any]:
        profile = {"real_name": "Load", "email": self.email}
        answers: dict[str, dict[str, Any]] = {
            "auth.test": {
                "team_id": TEAM, "user_id": "U000BOT001", "bot_id": "B1", "url": "https://x.slack.com/"
            },
            "users.info": {"user": {"id": USER, "team_id": TEAM, "profile": profile}},
            "users.list": {"members": [{"id": USER, "team_id": TEAM, "profile": profile}]},
            "conversations.open": {"channel": {"id": DM}},
            "chat.postMessage": {"ts": f"{time():.6f}", "channel": DM},
        }  # fmt: skip
        return answers.get(method, {})

    def event(self, text: str, id: str = "") -> bytes:
        """A message to the bot in its person's own conversation, as Slack posts it."""
        now, id = time(), id or f"Ev{next(self._ids):08d}"
        event = {"type": "message", "user": USER, "text": text, "channel": DM, "channel_type": "im"}
        at = {"ts": f"{now:.6f}", "event_ts": f"{now:.6f}"}
        told = {
            "token": "unused", "team_id": TEAM, "api_app_id": "A1", "type": "event_callback",
            "event": event | at, "event_id": id, "event_time": int(now),
            "is_ext_shared_channel": False,
            "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": "U000BOT001",
                                "is_bot": True, "is_enterprise_install": False}],
        }  # fmt: skip
        return json.dumps(told).encode()


@asynccontextmanager
async def far(email: str) -> AsyncIterator[tuple[Far, str]]:
    """The Web API on a port of its own, and its address."""
    made, port = Far(email), free_port()
    served = web.Application()
    served.router.add_route("*", "/api/{method}", made.api)
    runner = web.AppRunner(served, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield made, f"http://127.0.0.1:{port}/api/"
    finally:
        await runner.cleanup()


def signed(body: bytes, secret: str = SECRET, age: int = 0) -> dict[str, str]:
    at = int(time()) - age
    digest = hmac.new(secret.encode(), b"v0:%d:" % at + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": str(at),
        "X-Slack-Signature": f"v0={digest}",
    }


async def post(session: ClientSession, port: int, body: bytes, headers: dict[str, str]) -> int:
    address = f"http://127.0.0.1:{port}{PATH}"
    async with session.post(address, data=body, headers=headers) as answer:
        await answer.read()
        return answer.status
