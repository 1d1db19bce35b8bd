"""What stands between the bot and a peer's Web API: passes everything on and notes it, and can keep
a call from arriving, or its answer from coming back."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

PASSED_ON = ("Authorization", "Content-Type")


@dataclass
class Between:
    """``url`` is where the peer's API is, with a slash at its end."""

    url: str
    called: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    _held: dict[str, asyncio.Event] = field(default_factory=dict)
    _lost: set[str] = field(default_factory=set)

    async def serve(self) -> web.AppRunner:
        self._session = aiohttp.ClientSession()
        app = web.Application(client_max_size=4 << 20)
        app.router.add_route("*", "/api/{method}", self._pass_on)
        app.on_cleanup.append(self._close)
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

    def lose(self, method: str) -> None:
        """The answer to the next call of this method is lost on its way back."""
        self._lost.add(method)

    async def _pass_on(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.called.append(method)
        if method in self._held:
            self._held[method].set()
            await asyncio.Event().wait()  # until the caller gives up
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        try:
            status, told = await self._asked(request, method, headers)
        except aiohttp.ClientError:
            raise web.HTTPServiceUnavailable from None
        if method in self._lost:
            self._lost.discard(method)
            with suppress(AttributeError):
                request.transport.abort()  # type: ignore[union-attr]
        if not told.get("ok"):
            self.refused.append((method, str(told.get("error"))))
        return web.json_response(told, status=status)

    async def _asked(
        self, request: web.Request, method: str, headers: dict[str, str]
    ) -> tuple[int, dict[str, object]]:
        body = await request.read()
        asking = self._session.request(
            request.method, self.url + method, params=request.query, data=body, headers=headers
        )
        async with asking as answer:
            return answer.status, await answer.json()

    async def _close(self, app: web.Application) -> None:
        await self._session.close()
