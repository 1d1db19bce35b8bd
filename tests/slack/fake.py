"""Slack as the bot meets it: the Web API over HTTP, a socket, and all the trouble there can be.

It records every call. Each payload goes through ``check``; what is wrong with one is kept in
``problems``, and refused as Slack would.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from aiohttp import WSMsgType, web

from tests.slack.limits import Surface, faults, pings
from tests.slack.workspace import Refused, Told, Workspace

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-fake-1", "xapp-fake-1", "signed-with-this"
# By method, where its blocks stand and on which surface they are shown.
_SURFACES: Mapping[str, Surface] = {
    "chat.postMessage": "message",
    "chat.update": "message",
    "response_url": "message",
    "views.open": "modal",
    "views.push": "modal",
    "views.update": "modal",
    "views.publish": "home",
}


def check(method: str, args: Mapping[str, Any]) -> list[str]:
    """What Slack would not take of a call's blocks: every payload of every test goes through here."""
    surface = _SURFACES.get(method)
    if surface is None:
        return []
    shown = args if surface == "message" else args.get("view", {})
    return [*faults(surface, shown), *pings(shown)]


_ENDS = {WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR}


@dataclass
class Fault:
    """What goes wrong with the next call of a method ("" for any). limited: 429. broken: 500, not done.
    lost: no answer, not done. slow: the same, after a time. answer_lost: done, and no answer. html: a
    proxy answers. code: Slack refuses with it. ``after`` so many calls that go well."""

    kind: str
    method: str = ""
    seconds: int = 1
    code: str = ""
    after: int = 0


@dataclass
class Trouble:
    """The same by chance: this share of calls, the same way for the same seed."""

    often: float = 0.0
    chance: Random = field(default_factory=lambda: Random(7))

    def fault(self) -> Fault | None:
        if self.chance.random() >= self.often:
            return None
        kind = self.chance.choice(["limited", "broken", "lost", "answer_lost"])
        return Fault(kind, seconds=self.chance.choice([1, 5, 30]))


class FakeSlack:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self.workspace = Workspace(now)
        self.calls: list[tuple[str, Told]] = []
        self.hooks: list[Told] = []
        self.problems: list[str] = []
        self.faults: list[Fault] = []
        self.trouble = Trouble()
        self.refused_tokens: set[str] = set()
        self.sockets: list[web.WebSocketResponse] = []
        self.deaf = self.refuse_sockets = False
        self.pings, self.pongs = 0, list[bytes]()
        self._acks: dict[str, asyncio.Future[Told]] = {}
        self._runner: web.AppRunner | None = None
        self.root = ""

    @property
    def url(self) -> str:
        return f"{self.root}/api/"

    async def start(self) -> "FakeSlack":
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/hooks/{id}", self._hook)
        app.router.add_get("/socket", self._socket)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self.root = f"http://127.0.0.1:{port}"
        return self

    async def close(self) -> None:
        await self.drop()
        if self._runner:
            await self._runner.cleanup()

    def asked(self, method: str) -> list[Told]:
        """What a method was called with, first to last."""
        return [args for name, args in self.calls if name == method]

    def in_trouble(self, often: float) -> None:
        self.trouble.often = often
        self.workspace.lag = timedelta(seconds=4 if often else 0)

    # the Web API ---------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args = await _args(request)
        self.calls.append((method, args))
        fault = self._fault(method)
        if fault and fault.kind in ("limited", "broken", "html", "code"):
            return _answer(fault)
        if fault and fault.kind == "slow":
            await asyncio.sleep(0.3)
        if fault and fault.kind in ("lost", "slow"):
            return _lost(request)
        told = self._done(request, method, args)
        if fault:
            return _lost(request)
        return web.json_response(told)

    def _fault(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault.method in ("", method) and fault.after > 0:
                fault.after -= 1
            elif fault.method in ("", method):
                self.faults.remove(fault)
                return fault
        return self.trouble.fault() if method != "auth.test" else None

    def _done(self, request: web.Request, method: str, args: Told) -> Told:
        try:
            self._let_in(request, method)
            if wrong := check(method, args):
                self.problems += [f"{method}: {one}" for one in wrong]
                raise Refused("invalid_blocks")
            if method == "apps.connections.open":
                return {
                    "ok": True,
                    "url": f"{self.root.replace('http', 'ws')}/socket?ticket=secret",
                }
            return {"ok": True, **self.workspace.call(method, args)}
        except Refused as refused:
            return {"ok": False, "error": str(refused)}

    def _let_in(self, request: web.Request, method: str) -> None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in (BOT_TOKEN, APP_TOKEN) or token in self.refused_tokens:
            raise Refused("invalid_auth")
        if (token == APP_TOKEN) != (method == "apps.connections.open"):
            raise Refused("not_allowed_token_type")

    async def _hook(self, request: web.Request) -> web.StreamResponse:
        """An address that came with a command or a press."""
        fault = self._fault("response_url")
        if fault and fault.kind == "broken":
            return _answer(fault)
        if fault and fault.kind == "slow":
            await asyncio.sleep(0.3)
            return _lost(request)
        told = await request.json()
        self.hooks.append(told)
        self.problems += [f"response_url: {one}" for one in check("response_url", told)]
        return web.Response(text="ok")

    # the socket ----------------------------------------------------------------------------------

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if self.refuse_sockets:
            return web.Response(status=409)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": len(self.sockets)})
        while (message := await socket.receive()).type not in _ENDS:
            if message.type == WSMsgType.PING and not self.deaf:
                self.pings += 1
                await socket.pong(message.data)
            elif message.type == WSMsgType.PONG:
                self.pongs.append(message.data)
            elif message.type == WSMsgType.TEXT:
                told = json.loads(message.data)
                self.acks_of(told["envelope_id"]).set_result(told)
        self.sockets.remove(socket)
        return socket

    def acks_of(self, envelope: str) -> asyncio.Future[Told]:
        """What is answered to an envelope, once."""
        if envelope not in self._acks or self._acks[envelope].done():
            self._acks[envelope] = asyncio.get_running_loop().create_future()
        return self._acks[envelope]

    async def push(self, envelope: Told, within: float = 3.0) -> Told:
        """Deliver over the newest socket; what was answered."""
        answered = self.acks_of(envelope["envelope_id"])
        await self.sockets[-1].send_json(envelope)
        return await asyncio.wait_for(answered, within)

    async def drop(self) -> None:
        for socket in list(self.sockets):
            await socket.close()


async def _args(request: web.Request) -> Told:
    """What was asked: in the address, as JSON, or as a form whose values may be JSON."""
    args: Told = dict(request.query)
    if request.content_type == "application/json":
        args |= await request.json()
    else:
        args |= {str(k): v for k, v in (await request.post()).items()}
    return {k: (v in ("1", "true") if k == "include_all_metadata" else v) for k, v in args.items()}


def _answer(fault: Fault) -> web.Response:
    if fault.kind == "limited":
        told = {"ok": False, "error": "ratelimited"}
        return web.json_response(told, status=429, headers={"Retry-After": str(fault.seconds)})
    if fault.kind == "code":
        return web.json_response({"ok": False, "error": fault.code})
    status, kind = (502, "text/html") if fault.kind == "html" else (500, "text/plain")
    return web.Response(status=status, text="<html>no</html>", content_type=kind)


def _lost(request: web.Request) -> web.Response:
    """The line is cut before anything is answered."""
    if request.transport:
        request.transport.abort()
    return web.Response()
