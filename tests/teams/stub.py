"""Microsoft on a loopback port: whatever is sent to any of its hosts arrives here instead.

The code under test keeps its production addresses. ``Stub.session()`` and ``Stub.http()`` send what is
meant for https://login.microsoftonline.com and the others to this one application, which sees the host that
was meant. Each part adds its routes, by path alone: ``part.add_to(stub.app)`` before ``stub.serving()``.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import requests
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse, ClientSession, web
from requests.adapters import HTTPAdapter
from yarl import URL

from bot.platforms.teams.token_out import Http

APP = "1a2b3c4d-0000-4000-8000-00000000000a"
TENANT = "5e6f7a8b-0000-4000-8000-00000000000b"
SECRET = "a-secret-that-nobody-should-see"
SERVICE = "https://smba.trafficmanager.net/emea/"


@dataclass(frozen=True)
class Asked:
    """One request as it arrived. ``host`` is whom it was meant for."""

    method: str
    host: str
    path: str
    authorization: str
    body: bytes


class Stub:
    """The application, where it is served, and everything that was asked of it."""

    def __init__(self, remembering: bool = True) -> None:
        self.requests: list[Asked] = []
        self.app = web.Application(middlewares=[self._remember()] if remembering else [])
        self.url = ""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Stub"]:
        runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield self
        finally:
            await runner.cleanup()

    def session(self, **how: Any) -> ClientSession:
        """An aiohttp session that finds everything here."""
        return ClientSession(middlewares=(self._rerouted,), **how)

    def http(self, patience: float = 10.0) -> Http:
        """The session msal is given in production, finding everything here."""
        http = Http(patience)
        http.mount("https://", _Rerouting(self.url))
        return http

    def asked(self, path: str = "") -> list[str]:
        """ "METHOD host/path" of each request whose path ends so."""
        return [f"{a.method} {a.host}{a.path}" for a in self.requests if a.path.endswith(path)]

    async def _rerouted(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        here = URL(self.url)
        # The Host header is made already, and goes on saying whom it was meant for.
        request.url = request.url.with_scheme("http").with_host("127.0.0.1").with_port(here.port)
        return await handler(request)

    def _remember(self) -> Any:
        @web.middleware
        async def remember(
            request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
        ) -> web.StreamResponse:
            body, shown = await request.read(), request.headers.get("Authorization", "")
            asked = Asked(request.method, request.host, request.path_qs, shown, body)
            self.requests.append(asked)
            return await handler(request)

        return remember


class _Rerouting(HTTPAdapter):
    """Sends what requests means for any host to one address."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(
        self, request: requests.PreparedRequest, *args: Any, **options: Any
    ) -> requests.Response:
        meant = URL(str(request.url))
        request.headers["Host"] = str(meant.host)
        request.url = self._url + meant.raw_path_qs
        return super().send(request, *args, **{**options, "proxies": None})
