"""Socket Mode: Slack is called, and talks over a socket that is watched, so that a deaf one is noticed.

Our own, because the one in slack_sdk goes deaf with its session said to be established (bolt-python 417
and 1529, python-slack-sdk 1110, all open in 2026), and logs the ticket of a socket that did not open.
A socket is replaced before Slack ends it, so that there is no moment without one.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any

import aiohttp

from bot.core.unsent import Unsent
from bot.platforms.proxies import proxy_for
from bot.platforms.slack.client import Api

log = logging.getLogger(__name__)

Envelope = Mapping[str, Any]
# What to answer an envelope with; None when it was not taken and must come again.
Take = Callable[[Envelope], Awaitable[dict[str, Any] | None]]

DEAF = 60.0  # seconds without a word; Slack pings every 30 or sooner
LOOKS = 4  # as often is looked, and a ping sent, within that time
SLOWEST = 30.0  # seconds between two tries
LIVES = 5.0  # seconds after which a socket is there to stay
IN_HAND = 2.5  # seconds for what is in hand when a socket ends

_ENDS = {
    *(aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING),
    *(aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR),
}


class Socket:
    """``monotonic`` tells seconds that only grow; ``sleep`` waits for some."""

    def __init__(
        self,
        api: Api,
        take: Take,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        deaf: float = DEAF,
    ) -> None:
        self._api, self._take, self._monotonic = api, take, monotonic
        self._sleep, self._deaf = sleep, deaf
        self._talking: set[asyncio.Task[None]] = set()
        self._heard: float | None = None
        self._open = self._failed = self.rebuilt = 0

    @property
    def connected(self) -> bool:
        return self._open > 0

    @property
    def heard(self) -> float | None:
        """Seconds since Slack was heard last, a ping included; None before the first time."""
        return None if self._heard is None else self._monotonic() - self._heard

    async def run(self) -> None:
        """Until cancelled: one socket after another, the next one asked for before the last is closed."""
        try:
            while True:
                wanted = asyncio.Event()
                talk = asyncio.create_task(self._talk(wanted))
                self._talking.add(talk)
                talk.add_done_callback(self._talking.discard)
                await wanted.wait()
                if self._failed:
                    await self._sleep(min(2.0 ** min(self._failed - 1, 10), SLOWEST))
        finally:
            for talk in self._talking:
                talk.cancel()
            await asyncio.gather(*self._talking, return_exceptions=True)

    async def _talk(self, wanted: asyncio.Event) -> None:
        """One socket with a session of its own, till it ends or is deaf. ``wanted``: another one is."""
        try:
            url = (await self._api.set("apps.connections.open"))["url"]
            async with aiohttp.ClientSession() as session:
                await self._over(session, str(url), wanted)
        except Unsent as unsent:
            log.warning("no socket to Slack: %s", unsent.reason)
            await self._sleep(unsent.seconds or 0)
        except (aiohttp.ClientError, OSError, TimeoutError, KeyError, ValueError) as error:
            log.warning("the socket to Slack ended: %s", type(error).__name__)
        finally:
            if not wanted.is_set():
                self._failed += 1
                wanted.set()

    async def _over(self, session: aiohttp.ClientSession, url: str, wanted: asyncio.Event) -> None:
        ends = aiohttp.ClientWSTimeout(ws_close=1.0)
        proxy = proxy_for(url)
        async with session.ws_connect(url, autoping=False, timeout=ends, proxy=proxy) as socket:
            since = self._monotonic()
            line = Line(socket, self._take, lambda kind: self._said(kind, wanted, since))
            self._open += 1
            try:
                await line.listen(self._watch(line))
            finally:
                self._open -= 1
                self.rebuilt += line.greeted and not wanted.is_set()

    def _said(self, kind: str, wanted: asyncio.Event, since: float) -> None:
        """``since``: when the socket was opened. One that Slack ends at once is as good as none."""
        self._heard = self._monotonic()
        if self._heard - since > LIVES:
            self._failed = 0
        if kind == "disconnect" and not wanted.is_set():  # Slack is about to, some seconds from now
            self._failed += self._heard - since <= LIVES
            wanted.set()

    async def _watch(self, line: "Line") -> None:
        """Ping; ends when nothing has come back for too long."""
        frames, since = -1, self._monotonic()
        while line.frames != frames or self._monotonic() - since < self._deaf:
            if line.frames != frames:
                frames, since = line.frames, self._monotonic()
            await line.ping()
            await self._sleep(self._deaf / LOOKS)
        log.warning("the socket to Slack is deaf")


class Line:
    """What goes over one socket. Envelopes are taken beside each other, each answered once it is."""

    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, take: Take, said: Callable[[str], None]
    ) -> None:
        self._socket, self._take, self._said = socket, take, said
        self._in_hand: set[asyncio.Task[None]] = set()
        self.frames = 0
        self.greeted = False

    async def listen(self, watch: Coroutine[Any, Any, None]) -> None:
        """Till the other side ends it, or the watch gives it up. What is in hand is finished."""
        tasks = [asyncio.create_task(self._read()), asyncio.create_task(watch)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self._in_hand:
                await asyncio.wait(self._in_hand, timeout=IN_HAND)

    async def ping(self) -> None:
        with suppress(ConnectionError):
            await self._socket.ping()

    async def _read(self) -> None:
        while (message := await self._socket.receive()).type not in _ENDS:
            self.frames += 1
            if message.type == aiohttp.WSMsgType.PING:
                await self._socket.pong(message.data)
            told = _told(message.data) if message.type == aiohttp.WSMsgType.TEXT else {}
            self.greeted = self.greeted or told.get("type") == "hello"
            self._said(str(told.get("type") or ""))
            if told.get("envelope_id"):
                task = asyncio.create_task(self._answer(told))
                self._in_hand.add(task)
                task.add_done_callback(self._in_hand.discard)

    async def _answer(self, told: Envelope) -> None:
        try:
            payload = await self._take(told)
        except Exception as error:
            log.error("an envelope was not taken: %s", type(error).__name__)
            return
        if payload is None:
            return
        answer = {"envelope_id": told["envelope_id"], **({"payload": payload} if payload else {})}
        with suppress(ConnectionError):  # not answered: it comes again, and has no second effect
            await self._socket.send_json(answer)


def _told(text: str) -> Envelope:
    """What a frame says; nothing when it is no JSON object."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
