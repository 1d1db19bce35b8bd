"""What every platform keeps to. Run it on one by subclassing in that platform's tests:

class TestSlack(PlatformContract):
    def far(self, receive, clock): return SlackFar(receive, clock)

A ``Far`` is the far side of a platform as a test plays it: a person there, a fake of its servers.
Its ``platform`` is the real thing under test, its ``says`` and ``presses`` go through the real
hearing code. The desk here is an echo, so that what fails is the platform.
"""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from bot.core.cards import Card
from bot.core.messages import Outgoing, Pressed
from bot.core.records import Decision, Reads
from bot.outbox import Outbox, Platform
from bot.store.crypto import Sealer
from bot.store.memory import MemoryStore
from bot.store.sqlite import SqliteStore
from tests.fakes import QUICK, Heard, Receive, Response, VirtualClock

Store = MemoryStore | SqliteStore
PEOPLE = ("ann", "ben", "cem", "dee")


class Far(Protocol):
    """One platform's far side."""

    @property
    def platform(self) -> Platform: ...

    async def says(self, person: str, text: str, id: str) -> list[Response]:
        """Deliver what a person wrote; what each delivery's response showed them."""

    async def presses(self, person: str, action: str, id: str) -> list[Response]:
        """Deliver a press; what each delivery's response showed them."""

    def place(self, person: str) -> str:
        """The person's conversation with the bot, as the platform names it to us."""

    def shown(self, person: str) -> list[str]:
        """What was posted to the person, first to last."""

    def views(self) -> list[str]:
        """What was opened with handles."""

    def trouble(self, often: float) -> None:
        """Fail this share of calls from now on, where the platform's fake can."""

    def slow(self, seconds: float) -> None:
        """Let everything take this long to reach us."""


class Echo:
    """A desk that says "about <id>", tells the owner of every press, and opens when told "open"."""

    def __init__(self, store: Store, clock: VirtualClock, owner: Callable[[], str]) -> None:
        self.store, self.clock, self.owner = store, clock, owner
        self.outbox: Outbox

    async def receive(self, heard: Heard) -> tuple[Card, ...]:
        decision = await self.store.carry_out_async(lambda reads: self.decide(reads, heard))
        for out in decision.out:
            if out.kind == "now":
                await self.open(out, heard)
        return tuple(card(out) for out in decision.answers())

    async def open(self, out: Outgoing, heard: Heard) -> None:
        instead = await self.outbox.open(out, heard.handle, heard.key)
        if instead:
            await self.store.carry_out_async(lambda _: Decision((instead,)))

    def decide(self, reads: Reads, heard: Heard) -> Decision:
        key = heard.key
        told: tuple[Outgoing, ...] = ()
        if isinstance(heard, Pressed):
            key = f"press {heard.person} {heard.action}"
            told = (Outgoing("owner", "told", {"of": key}, "post", self.owner(), f"told {key}"),)
        elif heard.text == "open" and heard.handle:
            out = Outgoing(heard.person, "view", {"of": key}, "now", heard.place)
            return Decision((out,), key=key)
        answer = Outgoing(heard.person, "about", {"of": key}, heard.reply, heard.place)
        return Decision((answer, *told), key=key)


def card(out: Outgoing) -> Card:
    return Card(title=f"{out.template} {out.refs['of']}.")


class PlatformContract:
    """The promises. ``far`` builds the platform under test around the desk it is given.

    ``can_be_asked``: whether the platform tells if a message is there. Where it does not, what may have
    arrived is never said again, and stands in the outbox as given up.
    """

    can_be_asked = True

    def far(self, receive: Receive, clock: VirtualClock) -> Far:
        raise NotImplementedError

    @pytest.fixture(params=["memory", "sqlite"])
    def store(self, request: pytest.FixtureRequest) -> Iterator[Store]:
        with tempfile.TemporaryDirectory(dir=QUICK) as folder:
            store: Store = MemoryStore()
            if request.param == "sqlite":
                store = SqliteStore(Path(folder) / "records.sqlite", Sealer(bytes(32)))
            yield store
            store.close()

    @pytest.fixture
    def house(self, store: Store) -> "House":
        return House(store, self.far)

    async def test_everyone_who_speaks_is_answered_once(self, house: "House") -> None:
        for number in range(6):
            await house.far.says("ann", "hello", f"e{number}")
        await house.deliver()
        assert sorted(house.read("ann")) == [f"about e{number}." for number in range(6)]

    async def test_posts_to_one_place_keep_their_order(self, house: "House") -> None:
        await house.post("ann", 5)
        await house.deliver()
        assert house.far.shown("ann") == [f"about ann{number}." for number in range(5)]

    async def test_a_second_delivery_gets_the_same_answer_and_has_no_second_effect(
        self, house: "House"
    ) -> None:
        first = await house.far.presses("ann", "agree d1", "e1")
        again = await house.far.presses("ann", "agree d1", "e1")
        other = await house.far.presses("ann", "agree d1", "e2")
        await house.deliver()
        assert first == again == other
        assert house.far.shown("owner") == ["told press ann agree d1."]

    async def test_in_trouble_nothing_is_lost_said_twice_or_out_of_order(
        self, house: "House"
    ) -> None:
        house.far.trouble(0.5)
        for person in PEOPLE:
            await house.post(person, 6)
        await house.deliver()
        for person in PEOPLE:
            expected = [f"about {person}{number}." for number in range(6)]
            assert house.far.shown(person) == self.due(house, person, expected)

    async def test_in_trouble_every_delivery_of_one_thing_gets_one_answer(
        self, house: "House"
    ) -> None:
        house.far.trouble(0.5)
        for number in range(6):
            taken = await house.far.presses("ann", f"agree d{number}", f"e{number}")
            assert set(taken) == {(f"about press ann agree d{number}.",)}
        await house.deliver()
        expected = [f"told press ann agree d{number}." for number in range(6)]
        assert house.far.shown("owner") == self.due(house, "owner", expected)

    def due(self, house: "House", person: str, expected: list[str]) -> list[str]:
        """What must be there of what was posted: all but what nobody can know to be missing."""
        given_up = {} if self.can_be_asked else house.given_up()
        assert all(reason.startswith("may have arrived: ") for reason in given_up.values())
        shown = house.far.shown(person)
        return [text for text in expected if text in shown or text not in given_up]


class HandlesContract(PlatformContract):
    """The promises of a platform that gives handles for views, on top of the others."""

    async def test_a_view_is_opened_with_its_handle_and_posted_nowhere(
        self, house: "House"
    ) -> None:
        await house.far.says("ann", "open", "e1")
        await house.deliver()
        assert (house.far.views(), house.far.shown("ann")) == (["view e1."], [])

    async def test_a_view_that_comes_too_late_is_posted(self, house: "House") -> None:
        house.far.slow(4.0)
        await house.far.says("ann", "open", "e1")
        await house.deliver()
        assert (house.far.views(), house.far.shown("ann")) == ([], ["view e1."])


class House:
    """A store, the echo and an outbox round one platform."""

    def __init__(self, store: Store, far: Callable[[Receive, VirtualClock], Far]) -> None:
        self.store, self.clock = store, VirtualClock()
        self.echo = Echo(store, self.clock, lambda: self.far.place("owner"))
        self.responses: dict[str, list[str]] = {}
        self.far = far(self._heard, self.clock)
        self.outbox = Outbox(store, card, lambda out: self.far.platform, self.clock)
        self.echo.outbox = self.outbox

    async def _heard(self, heard: Heard) -> tuple[Card, ...]:
        cards = await self.echo.receive(heard)
        self.responses.setdefault(heard.person, []).extend(shown.title for shown in cards)
        return cards

    def read(self, person: str) -> list[str]:
        """All a person was told, in responses and in posts."""
        return self.responses.get(person, []) + self.far.shown(person)

    def given_up(self) -> dict[str, str]:
        """What stands in the outbox as given up, and why."""
        letters = self.store.letters("given_up")
        return {card(letter.out).title: letter.reason for letter in letters}

    async def post(self, person: str, count: int) -> None:
        place = self.far.place(person)
        for number in range(count):
            of = f"{person}{number}"
            out = Outgoing(person, "about", {"of": of}, "post", place, of)
            await self.store.carry_out_async(_always(Decision((out,))))

    async def deliver(self) -> None:
        """Tick until nothing waits. Two deliveries at a time, as a tick and a message would.

        Hours of the virtual clock: how the store's thread falls in decides how often a letter is unlucky,
        and each time it waits twice as long.
        """
        for _ in range(2000):
            now = self.clock.now()
            await asyncio.gather(self.outbox.deliver(now), self.outbox.deliver(now))
            if not self.store.letters("pending", "sending", "unclear"):
                return
            self.clock.advance(10)
        raise AssertionError(self.store.letters("pending", "sending", "unclear"))


def _always(decision: Decision) -> Callable[[Reads], Decision]:
    return lambda _: decision
