"""What stands between the bot and a peer's Web API: passes everything on, notes it, and looks at each
payload as Slack would; can keep a call from arriving, or its answer from coming back."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.slack.fake import check

PASSED_ON = ("Authorization", "Content-Type")


@dataclass(frozen=True)
class Call:
    """One call that got an answer."""

    method: str
    args: Mapping[str, Any]
    answer: Mapping[str, Any]

    @property
    def refused(self) -> str:
        return "" if self.answer.get("ok") else str(self.answer.get("error"))


@dataclass
class Between:
    """``url`` is where the peer's API is, with a slash at its end; ``here`` where this one is.
    ``only_posts``: the peer knows no GET, which Slack takes for every question."""

    url: str
    only_posts: bool = False
    here: str = ""
    calls: list[Call] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    _held: dict[str, asyncio.Event] = field(default_factory=dict)
    _lost: dict[str, asyncio.Event] = field(default_factory=dict)

    async def serve(self) -> web.AppRunner:
        app = web.Application(client_max_size=4 << 20)
        app.router.add_route("*", "/api/{method}", self._pass_on)
        app.cleanup_ctx.append(self._session_while)
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.here = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
        return runner

    def hold(self, method: str) -> asyncio.Event:
        """Calls of this method do not arrive from now on; the event tells that one was kept back."""
        return self._held.setdefault(method, asyncio.Event())

    def release(self, method: str) -> None:
        """Calls made from now on arrive again. What was kept back never does."""
        del self._held[method]

    def lose(self, method: str) -> asyncio.Event:
        """The answer to the next call of this method is lost on its way back; the event tells that."""
        return self._lost.setdefault(method, asyncio.Event())

    def named(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    @property
    def refused(self) -> list[tuple[str, str]]:
        return [(call.method, call.refused) for call in self.calls if call.refused]

    async def _pass_on(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if method in self._held:
            self._held[method].set()
            await asyncio.Event().wait()  # until the caller gives up
        body = await request.read()
        try:
            status, told = await self._asked(request, method, body)
        except aiohttp.ClientError:
            raise web.HTTPServiceUnavailable from None
        self._note(Call(method, _args(request, body), told))
        if lost := self._lost.pop(method, None):
            lost.set()
            assert request.transport is not None, "the caller waits for the answer"
            request.transport.abort()
        return web.json_response(told, status=status)

    async def _asked(
        self, request: web.Request, method: str, body: bytes
    ) -> tuple[int, dict[str, Any]]:
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        at, asked = self.url + method, dict(request.query)
        if self.only_posts and request.method == "GET":
            headers = {name: headers[name] for name in headers if name != "Content-Type"}
            asking = self._session.post(at, data=asked, headers=headers)
        else:
            asking = self._session.request(
                request.method, at, params=asked, data=body, headers=headers
            )
        async with asking as answer:
            return answer.status, await answer.json()

    def _note(self, call: Call) -> None:
        self.calls.append(call)
        self.problems += [f"{call.method}: {wrong}" for wrong in check(call.method, call.args)]

    async def _session_while(self, app: web.Application) -> Any:
        async with aiohttp.ClientSession() as self._session:
            yield


def _args(request: web.Request, body: bytes) -> Mapping[str, Any]:
    is_json = request.content_type == "application/json" and body
    return json.loads(body) if is_json else dict(request.query)
