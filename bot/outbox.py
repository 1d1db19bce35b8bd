"""The one door out. Nothing else in the house speaks to a platform of its own accord.

A letter is claimed (and that committed) before the call, so whatever happens next, a crash too, is
known afterwards as "may have arrived" and looked up instead of said again. Blind resending gave 655
visible duplicates in 10,000; asking first gave none (facts: reliability 2.5, 2026-09).
"""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.core.cards import Card
from bot.core.messages import Outgoing
from bot.core.records import Letter, State
from bot.core.unsent import Unsent

log = logging.getLogger(__name__)

SETTLE = timedelta(seconds=6)  # a platform's look-up may lag by 5
LOOKS = 2  # not there twice, a settling apart: it did not arrive
SLOWEST = timedelta(minutes=15)
EVERY = 1.0  # seconds between two looks when nothing wakes it
HANDLE_LIVES = 2.5  # seconds; platforms say 3


class Platform(Protocol):
    """What the outbox asks of Slack, Teams, the web chat and the terminal."""

    @property
    def pause(self) -> float:
        """Seconds between two messages to one place."""

    async def say(self, out: Outgoing, card: Card) -> None:
        """Say it once, or put it in the place of ``out.over``; return when it surely arrived, else
        raise Unsent."""

    async def was_said(self, out: Outgoing) -> bool | None:
        """Whether a message with its key is there. None when the platform cannot be asked."""

    async def open(self, handle: str, card: Card) -> bool:
        """Open a view with a handle. False when it did not open."""


class Tray(Protocol):
    """What the outbox asks of the records."""

    async def claim(
        self, now: datetime, most: int, busy: Collection[str] = ()
    ) -> tuple[Letter, ...]: ...

    def mark(self, letter: Letter) -> Awaitable[None]:
        """Any claim that is asked for later comes after it, whether this was awaited by then or not."""


class Clock(Protocol):
    def now(self) -> datetime: ...

    async def sleep(self, seconds: float) -> None: ...


def never(out: Outgoing) -> bool:
    return False


def by_place(platforms: Mapping[str, Platform]) -> Callable[[Outgoing], Platform]:
    """The platform named before the first colon of the place, or of the person without one."""
    return lambda out: platforms[(out.place or out.to).partition(":")[0]]


class Outbox:
    """``repeat`` says whether a letter that may have arrived, on a platform that cannot be asked,
    is said again (a safeguarding ping: twice is better than never) or given up to an admin. ``where``
    is the place of a person's own conversation, for what they did not ask for; empty when there is none
    yet, and then it is tried later."""

    def __init__(
        self,
        tray: Tray,
        render: Callable[[Outgoing], Card],
        platforms: Mapping[str, Platform] | Callable[[Outgoing], Platform],
        clock: Clock,
        *,
        repeat: Callable[[Outgoing], bool] = never,
        where: Callable[[str], str] = str,
        at_once: int = 48,  # so many that one platform which hangs leaves some to the other
        tries: int = 100,  # about a day at the slowest
        patience: float = 30.0,  # seconds for one call; well below the store's lapse of a claim
    ) -> None:
        self._tray, self._render, self._clock = tray, render, clock
        self._platform = platforms if callable(platforms) else by_place(platforms)
        self._repeat, self._tries, self._patience = repeat, tries, patience
        self._where = where
        self._at_once = at_once
        self._busy: set[str] = set()
        self._resting: set[asyncio.Task[None]] = set()
        self._quiet: dict[int, datetime] = {}
        self._calling = 0
        self._claiming = asyncio.Lock()
        self._woken = asyncio.Event()

    async def deliver(self, now: datetime) -> int:
        """Send what is due; return how many letters went. May be called while it runs."""
        went = 0
        turns: set[asyncio.Task[bool]] = set()
        while True:
            turns |= {asyncio.create_task(self._turn(letter)) for letter in await self._due(now)}
            if not (turns or self._resting):
                return went
            await asyncio.wait(turns | self._resting, return_when=asyncio.FIRST_COMPLETED)
            went += sum(turn.result() for turn in turns if turn.done())
            turns = {turn for turn in turns if not turn.done()}

    def wake(self) -> None:
        """Something was put into the tray just now."""
        self._woken.set()

    async def run(self) -> None:
        """Send what is due until cancelled: at once when woken, and every second besides. Whoever is
        being sent to when it ends may have got it, and is looked up at the next start."""
        turns: set[asyncio.Task[bool]] = set()
        ticking = asyncio.create_task(self._tick())
        try:
            while True:
                self._woken.clear()
                for letter in await self._safely_due():
                    turn = asyncio.create_task(self._turn(letter))
                    turns.add(turn)
                    turn.add_done_callback(turns.discard)
                await self._woken.wait()
        finally:
            await _ended({ticking})
            await _ended(turns)
            await _ended(self._resting)

    async def _tick(self) -> None:
        while True:
            await self._clock.sleep(EVERY)
            self.wake()

    async def _safely_due(self) -> tuple[Letter, ...]:
        try:
            return await self._due(self._clock.now())
        except Exception as error:  # the records are away: what waits there is claimed later
            log.error("the outbox cannot be read: %s", type(error).__name__)
            return ()

    async def open(self, out: Outgoing, handle: str, key: str) -> Outgoing | None:
        """Open a view ahead of every queue, once. None when it stands open; else what to post."""
        try:
            opening = self._platform(out).open(handle, self._render(out))
            opened = await asyncio.wait_for(opening, HANDLE_LIVES)
        except Exception as error:
            log.warning("%s did not open: %s", out.template, type(error).__name__)
            opened = False
        return None if opened else out.posted(out.key or key)

    async def _due(self, now: datetime) -> tuple[Letter, ...]:
        """The next letters, as many as may be called for at once, of places nobody is busy with."""
        async with self._claiming:
            free = self._at_once - self._calling
            if free <= 0:
                return ()
            letters = await self._tray.claim(max(now, self._clock.now()), free, self._busy)
            self._busy |= {letter.lane for letter in letters}
            self._calling += len(letters)
            return letters

    async def _turn(self, letter: Letter) -> bool:
        """Whether one letter went, tried and marked. Its place stays busy until the platform's pause is
        over, but not until it is marked: the next claim is then committed together with the mark."""
        platform: Platform | None = None
        try:
            try:
                addressed = self._addressed(letter)
                platform = self._platform_for(addressed.out)
                after = await self._after(addressed, platform)
                marking = self._tray.mark(replace(after, out=letter.out))
            finally:
                self._leave(letter, platform)
            await marking
        except Exception as error:  # not marked: its claim will lapse, and it will be looked up
            log.error("letter %s could not be marked: %s", letter.number, type(error).__name__)
            return False
        return after.state == "sent"

    def _addressed(self, letter: Letter) -> Letter:
        """What somebody did not ask for goes to where they are when it is sent, which may be later."""
        out = letter.out
        if out.place != out.to:
            return letter
        return replace(letter, out=replace(out, place=self._where(out.to)))

    def _leave(self, letter: Letter, platform: Platform | None) -> None:
        if self._calling == self._at_once:
            self.wake()  # another place may have its turn while this one rests
        self._calling -= 1
        if platform is None or not platform.pause:
            self._rested(letter)
            return
        rest = asyncio.create_task(self._rest(letter, platform.pause))
        self._resting.add(rest)
        rest.add_done_callback(self._resting.discard)

    async def _rest(self, letter: Letter, pause: float) -> None:
        try:
            await self._clock.sleep(pause)
        finally:
            self._rested(letter)

    def _rested(self, letter: Letter) -> None:
        self._busy.discard(letter.lane)
        self.wake()

    def _platform_for(self, out: Outgoing) -> Platform | None:
        try:
            return self._platform(out)
        except LookupError:
            return None

    async def _after(self, letter: Letter, platform: Platform | None) -> Letter:
        """How the letter stands once it has had its turn."""
        if not letter.out.place and letter.out.to:
            nowhere = Unsent("nobody knows where they are")
            return self._again(letter, _back(letter).state, _wait(letter, nowhere), nowhere.reason)
        if platform is None:
            return _given_up(letter, "no platform for this place")
        quiet = self._quiet.get(id(platform))
        if quiet and quiet > self._clock.now():
            return replace(_back(letter), not_before=quiet, attempts=letter.attempts - 1)
        if letter.state == "unclear":
            return await self._looked_up(letter, platform)
        card = self._card(letter)
        if isinstance(card, str):
            return _given_up(letter, card)
        return await self._said(letter, platform, card)

    def _card(self, letter: Letter) -> Card | str:
        """The letter's card, or why there is none: a reference that the log has too."""
        try:
            return self._render(letter.out)
        except Exception as error:  # a template, or a record that is gone: others must still go
            reference = hashlib.sha256(letter.out.key.encode()).hexdigest()[:8]
            why = f"not worded ({type(error).__name__}), reference {reference}"
            log.error("letter %s %s: %s", letter.number, letter.out.template, why)
            return why

    async def _said(self, letter: Letter, platform: Platform, card: Card) -> Letter:
        out = letter.out
        try:
            async with asyncio.timeout(self._patience):
                await platform.say(out, card)
        except Unsent as unsent:
            return self._unsent(letter, platform, unsent)
        except Exception as error:  # no answer in time, or a mistake of ours: it may have arrived
            return self._unsent(letter, platform, Unsent(type(error).__name__, "unclear"))
        return replace(letter, state="sent", not_before=None, reason="")

    def _unsent(self, letter: Letter, platform: Platform, unsent: Unsent) -> Letter:
        log.warning("letter %s %s: %s", letter.number, unsent.kind, unsent.reason)
        if unsent.kind == "never":
            return _given_up(letter, unsent.reason)
        if unsent.kind == "unclear":
            return self._again(letter, "unclear", SETTLE, unsent.reason)
        wait = _wait(letter, unsent)
        if unsent.everywhere:
            self._quiet[id(platform)] = self._clock.now() + wait
        return self._again(letter, "pending", wait, unsent.reason)

    async def _looked_up(self, letter: Letter, platform: Platform) -> Letter:
        """What the platform itself says about a letter that may have arrived."""
        out = letter.out
        try:
            async with asyncio.timeout(self._patience):
                there = await platform.was_said(out)
        except Exception as error:
            return self._again(letter, "unclear", _wait(letter, error), _short(error))
        if there:
            return replace(letter, state="sent", not_before=None, reason="")
        if there is None:
            return self._unknowable(letter)
        letter = replace(letter, looks=letter.looks + 1)
        if letter.looks < LOOKS:
            return self._again(letter, "unclear", SETTLE, letter.reason)
        return self._again(replace(letter, looks=0), "pending", timedelta(0), letter.reason)

    def _unknowable(self, letter: Letter) -> Letter:
        if self._repeat(letter.out):
            return self._again(letter, "pending", timedelta(0), letter.reason)
        return _given_up(letter, f"may have arrived: {letter.reason}")

    def _again(self, letter: Letter, state: State, wait: timedelta, reason: str) -> Letter:
        if letter.attempts >= self._tries:
            return _given_up(letter, reason)
        return replace(letter, state=state, not_before=self._clock.now() + wait, reason=reason)


async def _ended(tasks: Collection["asyncio.Task[Any]"]) -> None:
    """Stop them, and wait until they have."""
    stopping = tuple(tasks)
    for task in stopping:
        task.cancel()
    await asyncio.gather(*stopping, return_exceptions=True)


def _back(letter: Letter) -> Letter:
    """As it was before it was claimed."""
    return replace(letter, state="pending" if letter.state == "sending" else "unclear")


def _given_up(letter: Letter, reason: str) -> Letter:
    return replace(letter, state="given_up", not_before=None, reason=reason)


def _short(error: Exception) -> str:
    return error.reason if isinstance(error, Unsent) else type(error).__name__


def _wait(letter: Letter, error: Exception) -> timedelta:
    """The time the platform asked for, else twice as long with every try."""
    asked = error.seconds if isinstance(error, Unsent) else None
    if asked is not None:
        return timedelta(seconds=asked)
    return min(timedelta(seconds=2.0 ** min(letter.attempts, 20)), SLOWEST)
