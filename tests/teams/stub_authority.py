"""The school's tenant, which gives the app its tokens, as far as msal asks of it."""

import asyncio
from typing import Literal
from urllib.parse import parse_qs

from aiohttp import web

from tests.teams.stub import APP, SECRET, TENANT

LOGIN = f"https://login.microsoftonline.com/{TENANT}"
CANARY = "quixotry"  # in everything that an answer says beside its code

Mood = Literal["good", "busy", "broken", "hanging", "garbage", "lost", "odd"]


class Authority:
    """``mood`` is how it answers from now on; ``given`` is every token it gave. A secret that is not ours,
    or no assertion of a certificate, is refused as Microsoft refuses it."""

    def __init__(self, mood: Mood = "good") -> None:
        self.mood: Mood = mood
        self.open = True  # whether it answers who it is
        self.given: list[str] = []
        self.assertions: list[str] = []
        self.released = asyncio.Event()  # what "hanging" waits for

    def add_to(self, app: web.Application) -> None:
        app.router.add_get(f"/{TENANT}/v2.0/.well-known/openid-configuration", self._who)
        app.router.add_post(f"/{TENANT}/oauth2/v2.0/token", self._token)

    async def _who(self, request: web.Request) -> web.Response:
        if not self.open:
            return web.Response(status=503, text=f"{CANARY} is down")
        return web.json_response(
            {
                "issuer": f"{LOGIN}/v2.0",
                "authorization_endpoint": f"{LOGIN}/oauth2/v2.0/authorize",
                "token_endpoint": f"{LOGIN}/oauth2/v2.0/token",
            }
        )

    async def _token(self, request: web.Request) -> web.StreamResponse:
        match self.mood:
            case "busy":
                return _refusal(429, "temporarily_unavailable", {"Retry-After": "7"})
            case "broken":
                return web.Response(status=503, text=f"{CANARY} went wrong")
            case "garbage":
                return web.Response(text=f"<html>{CANARY}</html>", content_type="text/html")
            case "odd":
                return web.json_response({"error": f"{CANARY} {TENANT}", "token_type": "Bearer"})
            case "lost":
                assert request.transport is not None
                request.transport.close()
            case "hanging":
                await self.released.wait()
        asked = parse_qs(await request.text())
        return self._given(asked) if self._ours(asked) else _refusal(401, "invalid_client")

    def _ours(self, asked: dict[str, list[str]]) -> bool:
        self.assertions += asked.get("client_assertion", [])
        proven = "client_assertion" in asked or asked.get("client_secret") == [SECRET]
        return proven and asked.get("client_id") == [APP]

    def _given(self, asked: dict[str, list[str]]) -> web.Response:
        token = f"token {len(self.given) + 1} for {asked['scope'][0]}"
        self.given.append(token)
        answer = {"token_type": "Bearer", "expires_in": 3599, "access_token": token}
        return web.json_response(answer)


def _refusal(status: int, code: str, headers: dict[str, str] | None = None) -> web.Response:
    said = f"AADSTS7000215: {CANARY} for app {APP} in {TENANT}"
    answer = {"error": code, "error_description": said, "error_codes": [7000215]}
    return web.json_response(answer, status=status, headers=headers)
