"""True small fakes: a clock that moves when nobody has anything else to do, and two platforms."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from bot.core.cards import Card, as_text
from bot.core.messages import Outgoing, Pressed, Reply, Said
from bot.core.unsent import Unsent

Heard = Said | Pressed
Receive = Callable[[Heard], Awaitable[tuple[Card, ...]]]
Response = tuple[str, ...]

START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
# a disk's flush took 0.1 to 4 ms here; where a test is not about the disk, its files lie in memory
QUICK = "/dev/shm" if os.path.isdir("/dev/shm") else None
TURNS = 20  # how often others may go on before a sleeper lets time pass


class VirtualClock:
    """Nobody waits: when everyone sleeps, it is at once as late as the first of them wants it. Whoever
    has just woken or lain down may have more to do: the others give them their turns."""

    def __init__(self, at: datetime = START) -> None:
        self._at = at
        self._wakes: list[datetime] = []
        self._stirred = 0

    def now(self) -> datetime:
        return self._at

    def advance(self, seconds: float) -> None:
        self._at += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        wake = self._at + timedelta(seconds=seconds)
        self._wakes.append(wake)
        self._stirred += 1
        try:
            while self._at < wake:
                stirred = self._stirred
                for _ in range(TURNS):
                    await asyncio.sleep(0)
                if wake == min(self._wakes) and stirred == self._stirred:
                    self._at = max(self._at, wake)
        finally:
            self._wakes.remove(wake)
            self._stirred += 1


@dataclass
class Shown:
    """One message as it stands in a conversation, and from when on a look-up finds it."""

    to: str
    place: str
    text: str
    key: str
    found_from: datetime


class PeacefulPlatform:
    """Says what it is given, at once and surely; wants every answer in the response."""

    name = "peaceful"
    pause = 0.0
    wants_answers = True

    def __init__(self, receive: Receive, clock: VirtualClock) -> None:
        self._receive, self._clock = receive, clock
        self.messages: list[Shown] = []

    @property
    def platform(self) -> "PeacefulPlatform":
        return self

    async def say(self, out: Outgoing, card: Card) -> None:
        self.messages.append(Shown(out.to, out.place, as_text(card), out.key, self._clock.now()))

    async def was_said(self, out: Outgoing) -> bool | None:
        return any(message.key == out.key for message in self.messages)

    async def open(self, handle: str, card: Card) -> bool:
        return False

    async def says(self, person: str, text: str, id: str) -> list[Response]:
        said = Said(person, text, self._clock.now(), id, self.place(person))
        return [_read(await self._receive(said))]

    async def presses(self, person: str, action: str, id: str) -> list[Response]:
        pressed = Pressed(person, action, self._clock.now(), id, self.place(person))
        return [_read(await self._receive(pressed))]

    def place(self, person: str) -> str:
        return f"{self.name}:{person}"

    def shown(self, person: str) -> list[str]:
        return [message.text for message in self.messages if message.place == self.place(person)]

    def views(self) -> list[str]:
        return []

    def trouble(self, often: float) -> None:
        """It has none."""

    def slow(self, seconds: float) -> None:
        """It gives no handles, so nothing comes too late."""


def _read(cards: tuple[Card, ...]) -> Response:
    return tuple(as_text(card) for card in cards)


@dataclass
class ImpatientPlatform:
    """Everything Slack and Teams have been seen to do, at once, the same way for the same seed.

    It wants the answers to presses and to some messages in the response. Its handles die after 3 s
    and work once. It delivers again while the first is still being worked on, with the same id, and
    presses with a new one. It asks for patience, loses calls, and loses the answers to calls that
    were done; and its look-up lags behind by up to 5 s.
    """

    receive: Receive
    clock: VirtualClock
    seed: int = 0
    pause: float = 1.0
    name: str = "impatient"
    wants_answers: bool = True
    messages: list[Shown] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    impatient_calls: int = 0  # inside a time it had asked to be left alone, or too soon

    def __post_init__(self) -> None:
        self._chance = Random(self.seed)
        self._often, self._slow = 0.0, 0.0
        self._handles: dict[str, datetime] = {}
        self._alone_until: dict[str, datetime] = {}

    @property
    def platform(self) -> "ImpatientPlatform":
        return self

    # what it is told

    async def say(self, out: Outgoing, card: Card) -> None:
        self._keep_time(out.place)
        await self.clock.sleep(self._chance.uniform(0.01, 0.2))
        fate = self._chance.random() / self._often if self._often else 1.0
        if fate < 0.3:
            self._ask_for_patience(out.place)
        if fate < 0.6:
            raise Unsent("no_answer", "unclear")
        lag = timedelta(seconds=self._chance.uniform(0, 5))
        at = self.clock.now() + lag
        self.messages.append(Shown(out.to, out.place, as_text(card), out.key, at))
        if fate < 1.0:
            raise Unsent("answer_lost", "unclear")

    def _keep_time(self, place: str) -> None:
        now = self.clock.now()
        if now < self._alone_until.get(place, now):
            self.impatient_calls += 1
        self._alone_until[place] = now + timedelta(seconds=self.pause)

    def _ask_for_patience(self, place: str) -> None:
        seconds = self._chance.choice([1.0, 5.0, 30.0])
        self._alone_until[place] = self.clock.now() + timedelta(seconds=seconds)
        raise Unsent("ratelimited", "later", seconds)

    async def was_said(self, out: Outgoing) -> bool | None:
        if self._chance.random() < self._often / 4:
            raise Unsent("look_up_failed", "later")
        now = self.clock.now()
        return any(said.key == out.key and said.found_from <= now for said in self.messages)

    async def open(self, handle: str, card: Card) -> bool:
        given = self._handles.pop(handle, None)
        if given is None or self.clock.now() - given > timedelta(seconds=3):
            return False
        self.opened.append(as_text(card))
        return True

    # what it hears

    async def says(self, person: str, text: str, id: str) -> list[Response]:
        """Deliver what a person wrote, perhaps more than once; the responses, one per delivery."""
        reply: Reply = "answer" if Random(f"{self.seed} {id}").random() < 0.5 else "post"
        said = Said(person, text, self.clock.now(), id, self.place(person), reply, self._handle())
        return await self._deliver([said] * self._times())

    async def presses(self, person: str, action: str, id: str) -> list[Response]:
        """The same for a press, whose later deliveries may come under another id."""
        ids = [id] + [self._chance.choice([id, f"{id}-again"]) for _ in range(self._times() - 1)]
        now, place = self.clock.now(), self.place(person)
        return await self._deliver(
            [Pressed(person, action, now, id, place, {}, "answer", self._handle()) for id in ids]
        )

    async def _deliver(self, deliveries: list[Heard]) -> list[Response]:
        self.clock.advance(self._slow)
        taken = await asyncio.gather(*(self.receive(heard) for heard in deliveries))
        return [_read(cards) for cards in taken]

    def _times(self) -> int:
        return self._chance.choice([2, 3]) if self._chance.random() < self._often else 1

    def _handle(self) -> str:
        handle = f"handle-{self._chance.getrandbits(64):x}"
        self._handles[handle] = self.clock.now()
        return handle

    # what a test asks and wishes

    def place(self, person: str) -> str:
        return f"{self.name}:{person}"

    def shown(self, person: str) -> list[str]:
        return [message.text for message in self.messages if message.place == self.place(person)]

    def views(self) -> list[str]:
        return self.opened

    def trouble(self, often: float) -> None:
        self._often = often

    def slow(self, seconds: float) -> None:
        """How long everything takes to reach us from now on."""
        self._slow = seconds
