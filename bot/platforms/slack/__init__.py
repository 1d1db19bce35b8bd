"""The bot on Slack: hears events, presses and forms, says cards as Block Kit.

Events come through Socket Mode when there is an app token, else signed over HTTP. Bolt authorizes,
parses and finds the listener; the signature is looked at before that, so that nothing of a request
nobody signed is parsed, and none of it can be logged.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.core.accounts import Account, Wanted
from bot.core.fixed import Fixed
from bot.core.unsent import Unsent
from bot.platforms import Hear, Now, People, Sorry
from bot.platforms.slack.bolt import bolt, from_socket
from bot.platforms.slack.client import SLACK, Api
from bot.platforms.slack.directory import Directory
from bot.platforms.slack.hear import Hearing
from bot.platforms.slack.look import Look
from bot.platforms.slack.members import Members
from bot.platforms.slack.pace import Pace
from bot.platforms.slack.say import Say
from bot.platforms.slack.socket import DEAF, Envelope, Socket
from bot.platforms.slack.unsaved import Unsaved
from bot.platforms.slack.users import Asked

__all__ = ["Health", "Slack"]

log = logging.getLogger(__name__)

PATH = "/slack/events"


@dataclass(frozen=True)
class Health:
    """``connected``: Slack talks to us and takes our token. ``heard``: seconds since Slack was heard last;
    None before the first time. ``rebuilt``: how often a socket was lost or went deaf, and was made anew."""

    connected: bool
    heard: float | None = None
    rebuilt: int = 0


class Slack:
    """One workspace. ``base_url`` is Slack's Web API, or that of an emulator. ``pages`` is where the staff
    pages are, with https; empty when they cannot be reached from Slack. End it with ``close``."""

    def __init__(
        self,
        *,
        bot_token: str,
        app_token: str = "",
        signing_secret: str = "",
        hear: Hear,
        people: People,
        fixed: Fixed,
        sorry: Sorry,
        now: Now,
        base_url: str = SLACK,
        pages: str = "",
        monotonic: Callable[[], float] = time.monotonic,
        deaf: float = DEAF,
        pace: Pace | None = None,
    ) -> None:
        self._api = Api(bot_token, base_url)
        self._asked, look = Asked(self._api), Look(fixed, pages)
        self._monotonic, self._heard = monotonic, -1.0
        self._signed = SignatureVerifier(signing_secret) if signing_secret else None
        members = Members(self._api, people, self._asked, now)
        self.platform = Say(self._api, people, look, members, pace or Pace())
        self._bolt = bolt(self._asked)
        Hearing(self._api, hear, people, look, now, self._asked).listen(self._bolt)
        self._bolt.error(Unsaved(self._api, people, self.platform, look, sorry).answer)
        self._apps = Api(app_token, base_url)
        self._socket = (
            Socket(self._apps, self._envelope, monotonic, deaf=deaf) if app_token else None
        )

    def routes(self) -> Sequence[web.RouteDef]:
        """Where Slack posts; nothing where it talks over a socket."""
        return [] if self._socket or not self._signed else [web.post(PATH, self._request)]

    async def run(self) -> None:
        """Over a socket: until cancelled. Over HTTP it only asks once who the bot is."""
        try:
            await self._asked.me()
        except Unsent as unsent:  # asked again by whatever comes first
            log.error("Slack does not say who the bot is: %s", unsent.reason)
        if self._socket:
            await self._socket.run()

    def health(self) -> Health:
        if self._socket:
            socket = self._socket
            connected = socket.connected and not self._api.refused
            return Health(connected, socket.heard, socket.rebuilt)
        heard = None if self._heard < 0 else self._monotonic() - self._heard
        return Health(self._asked.known is not None and not self._api.refused, heard)

    async def everyone(self, wanted: Wanted) -> Sequence[Account]:
        """The workspace's people of whom a school wants to know; or DirectoryMistake."""
        return await Directory(self._api.web).everyone(wanted)

    async def close(self) -> None:
        await self._api.close()
        await self._apps.close()

    async def _request(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not self._is_signed(request, body):
            log.warning(
                "a request to Slack's address was refused: its signature is wrong or too old"
            )
            return web.Response(status=401)
        self._heard = self._monotonic()
        try:
            asked = AsyncBoltRequest(
                body=body.decode(), query=request.query_string, headers=dict(request.headers)
            )
            answer = await self._bolt.async_dispatch(asked)
        except Exception as error:  # aiohttp would log it with its words
            log.error("a request of Slack's could not be read: %s", type(error).__name__)
            return web.Response(status=500)
        return await to_aiohttp_response(answer)

    def _is_signed(self, request: web.Request, body: bytes) -> bool:
        try:
            return bool(self._signed and self._signed.is_valid_request(body, request.headers))
        except (
            ValueError,
            TypeError,
        ):  # a time that is no number, a body or signature that is no text
            return False

    async def _envelope(self, told: Envelope) -> dict[str, Any] | None:
        return await from_socket(self._bolt, told.get("payload") or {})
