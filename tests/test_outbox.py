"""The one door out: who waits for whom, what is said again and what never is."""

import asyncio
import re
from typing import Any

import pytest

from bot.core.cards import Card
from bot.core.messages import Outgoing
from bot.core.records import Decision, Letter, State
from bot.core.unsent import Unsent
from bot.outbox import Outbox
from bot.store.memory import MemoryStore
from tests.fakes import START, ImpatientPlatform, PeacefulPlatform, Receive, VirtualClock
from tests.platform_contract import Far, HandlesContract, House, PlatformContract


class TestPeaceful(PlatformContract):
    def far(self, receive: Receive, clock: VirtualClock) -> Far:
        return PeacefulPlatform(receive, clock)


class TestImpatient(HandlesContract):
    @pytest.fixture(params=range(3), autouse=True)
    def seed(self, request: pytest.FixtureRequest) -> None:
        self._seed: int = request.param

    def far(self, receive: Receive, clock: VirtualClock) -> Far:
        return ImpatientPlatform(receive, clock, self._seed)


# the outbox on its own


class Scripted:
    """Answers each call with the next thing on its list; with "said" when the list is empty."""

    pause = 0.0

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.says: list[Exception | float] = []
        self.finds: list[Exception | bool | None] = []
        self.opens: list[Exception | bool] = []
        self.calls: list[tuple[str, float]] = []

    async def say(self, out: Outgoing, card: Card) -> None:
        self._note(out.key)
        answer = self.says.pop(0) if self.says else 0.0
        if isinstance(answer, Exception):
            raise answer
        await self._clock.sleep(answer)

    async def was_said(self, out: Outgoing) -> bool | None:
        self._note(f"{out.key}?")
        answer = self.finds.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def open(self, handle: str, card: Card) -> bool:
        answer = self.opens.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _note(self, call: str) -> None:
        self.calls.append((call, (self._clock.now() - START).total_seconds()))


class Door:
    """An outbox over memory and one scripted platform."""

    def __init__(self, **settings: Any) -> None:
        self.clock = VirtualClock()
        self.store = MemoryStore()
        self.platform = Scripted(self.clock)
        self.outbox = Outbox(
            self.store, self.render, {"web": self.platform}, self.clock, **settings
        )

    def render(self, out: Outgoing) -> Card:
        if out.template == "broken":
            raise KeyError("CANARY is crying")
        return Card(out.template)

    def post(self, *keys: str, place: str = "web:ann", template: str = "nudge") -> None:
        out = tuple(Outgoing("ann", template, {}, "post", place, key) for key in keys)
        self.store.carry_out(lambda _: Decision(out))

    async def deliver(self, at: float = 0) -> int:
        late = at - (self.clock.now() - START).total_seconds()
        self.clock.advance(max(late, 0))
        return await self.outbox.deliver(self.clock.now())

    def states(self) -> dict[str, tuple[State, str]]:
        every: tuple[State, ...] = ("pending", "sending", "unclear", "sent", "given_up")
        return {each.out.key: (each.state, each.reason) for each in self.store.letters(*every)}


async def test_what_is_due_goes_once() -> None:
    door = Door()
    door.post("n1", "n2")
    assert await door.deliver() == 2
    assert await door.deliver(30) == 0
    assert door.platform.calls == [("n1", 0), ("n2", 0)]
    assert door.states() == {"n1": ("sent", ""), "n2": ("sent", "")}


async def test_the_time_a_platform_asks_for_is_given_and_others_go_meanwhile() -> None:
    door = Door()
    door.post("a1", "a2")
    door.post("b1", place="web:ben")
    door.platform.says = [Unsent("ratelimited", "later", 40.0)]
    for at in (0, 30, 39, 41):
        await door.deliver(at)
    assert door.platform.calls == [("a1", 0), ("b1", 0), ("a1", 41), ("a2", 41)]


async def test_a_platform_that_asks_for_quiet_everywhere_gets_it() -> None:
    door = Door(at_once=1)
    door.post("a1")
    door.post("b1", place="web:ben")
    door.platform.says = [Unsent("ratelimited", "later", 40.0, everywhere=True)]
    for at in (0, 30, 41):
        await door.deliver(at)
    assert door.platform.calls == [("a1", 0), ("a1", 41), ("b1", 41)]
    assert [letter.attempts for letter in door.store.letters("sent")] == [2, 1]


async def test_each_try_waits_twice_as_long_and_the_last_gives_up() -> None:
    door = Door(tries=4)
    door.post("n1", "n2")
    door.platform.says = [Unsent("down")] * 4
    for at in range(0, 60):
        await door.deliver(at)
    assert door.platform.calls == [("n1", 0), ("n1", 2), ("n1", 6), ("n1", 14), ("n2", 14)]
    assert door.states() == {"n1": ("given_up", "down"), "n2": ("sent", "")}


async def test_what_can_never_arrive_is_given_up_and_blocks_nobody() -> None:
    door = Door()
    door.post("n1", "n2")
    door.platform.says = [Unsent("account_inactive", "never")]
    assert await door.deliver() == 1
    assert door.states() == {"n1": ("given_up", "account_inactive"), "n2": ("sent", "")}


async def test_what_may_have_arrived_is_looked_up_after_it_has_settled() -> None:
    door = Door()
    door.post("n1", "n2")
    door.platform.says, door.platform.finds = [Unsent("no_answer", "unclear")], [True]
    for at in (0, 5, 6):
        await door.deliver(at)
    assert door.platform.calls == [("n1", 0), ("n1?", 6), ("n2", 6)]


async def test_what_is_not_there_twice_is_said_again() -> None:
    door = Door()
    door.post("n1")
    door.platform.says, door.platform.finds = [Unsent("no_answer", "unclear")], [False, False]
    for at in range(0, 30, 3):
        await door.deliver(at)
    assert door.platform.calls == [("n1", 0), ("n1?", 6), ("n1?", 12), ("n1", 12)]


async def test_every_time_it_may_have_arrived_it_is_looked_for_twice() -> None:
    door = Door()
    door.post("n1")
    door.platform.says = [Unsent("no_answer", "unclear"), Unsent("no_answer", "unclear")]
    door.platform.finds = [False, False, False, True]
    for at in range(0, 60, 3):
        await door.deliver(at)
    assert [call for call, _ in door.platform.calls] == ["n1", "n1?", "n1?", "n1", "n1?", "n1?"]


async def test_a_look_up_that_fails_is_no_reason_to_say_it_again() -> None:
    door = Door()
    door.post("n1")
    door.platform.says = [Unsent("no_answer", "unclear")]
    door.platform.finds = [Unsent("ratelimited", "later", 20.0), OSError("CANARY"), True]
    for at in range(0, 60, 3):
        await door.deliver(at)
    assert [call for call, _ in door.platform.calls] == ["n1", "n1?", "n1?", "n1?"]
    assert door.states() == {"n1": ("sent", "")}


@pytest.mark.parametrize(
    ("twice", "calls", "state"),
    [
        (False, ["n1", "n1?"], ("given_up", "may have arrived: no_answer")),
        (True, ["n1", "n1?", "n1"], ("sent", "")),
    ],
)
async def test_where_nobody_can_look_it_is_repeated_only_when_that_is_wanted(
    twice: bool, calls: list[str], state: tuple[State, str]
) -> None:
    door = Door(repeat=lambda out: twice)
    door.post("n1")
    door.platform.says, door.platform.finds = [Unsent("no_answer", "unclear")], [None]
    for at in range(0, 30, 3):
        await door.deliver(at)
    assert [call for call, _ in door.platform.calls] == calls
    assert door.states() == {"n1": state}


async def test_an_unexpected_mistake_and_a_call_that_hangs_may_have_arrived() -> None:
    door = Door(patience=0.05)
    door.post("n1")
    door.post("m1", place="web:ben")
    door.platform.says = [OSError("CANARY"), 10.0**9]
    door.clock.sleep = lambda seconds: asyncio.sleep(seconds)  # type: ignore[method-assign]
    assert await door.deliver() == 0
    assert door.states() == {"n1": ("unclear", "OSError"), "m1": ("unclear", "TimeoutError")}


async def test_what_cannot_be_worded_is_given_up_with_a_reference_and_blocks_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    door = Door()
    door.post("n1", template="broken")
    door.post("n2")
    assert await door.deliver() == 1
    state, reason = door.states()["n1"]
    assert state == "given_up"
    assert re.fullmatch(r"not worded \(KeyError\), reference [0-9a-f]{8}", reason)
    assert reason.rpartition(" ")[2] in caplog.text
    assert "CANARY" not in caplog.text


async def test_a_place_on_no_platform_is_given_up() -> None:
    door = Door()
    door.post("n1", place="pigeon:ann")
    door.post("n2")
    assert await door.deliver() == 1
    assert door.states()["n1"] == ("given_up", "no platform for this place")


async def test_one_place_is_paced_and_holds_up_no_other() -> None:
    door = Door(at_once=1)
    door.platform.pause = 1.0
    door.post("a1", "a2", "a3")
    door.post("b1", place="web:ben")
    assert await door.deliver() == 4
    assert door.platform.calls == [("a1", 0), ("b1", 0), ("a2", 1), ("a3", 2)]


async def test_a_slow_place_holds_up_no_other_and_no_more_go_at_once_than_may() -> None:
    door = Door(at_once=2, patience=5.0)
    door.post("a1")
    for person in "bcde":
        door.post(f"{person}1", f"{person}2", place=f"web:{person}")
    crowd = Crowd(others=8)
    door.platform.say = crowd.say  # type: ignore[method-assign]
    assert await door.deliver() == 9
    assert crowd.most == 2


async def test_what_nobody_asked_for_goes_to_where_they_are_once_that_is_known() -> None:
    places = {"ann": ""}
    door = Door(where=lambda person: places[person])
    out = Outgoing("ann", "told", {"of": "x"}, "post", "ann", "n1")
    door.store.carry_out(lambda reads: Decision((out,)))
    assert await door.deliver() == 0
    assert door.platform.calls == []
    (letter,) = door.store.letters("pending")
    assert (letter.out, letter.reason) == (out, "nobody knows where they are")
    places["ann"] = "web:@ann"
    assert await door.deliver(60) == 1
    assert [call for call, _ in door.platform.calls] == ["n1"]


class Crowd:
    """The place of "a1" answers only when all the others have gone."""

    def __init__(self, others: int) -> None:
        self.others, self.running, self.most = others, 0, 0
        self.gone = asyncio.Event()

    async def say(self, out: Outgoing, card: Card) -> None:
        self.running += 1
        self.most = max(self.most, self.running)
        await (self.gone.wait() if out.key == "a1" else asyncio.sleep(0))
        self.running -= 1
        self.others -= out.key != "a1"
        if not self.others:
            self.gone.set()


async def test_records_that_cannot_be_marked_stop_nothing_and_are_looked_up_later() -> None:
    door = Door()
    door.post("n1")
    mark, door.store.mark = door.store.mark, fails_to_mark  # type: ignore[method-assign]
    assert await door.deliver() == 0
    door.store.mark = mark  # type: ignore[method-assign]
    door.platform.finds = [True]
    assert await door.deliver(60) == 0
    assert await door.deliver(121) == 1
    assert [call for call, _ in door.platform.calls] == ["n1", "n1?"]


async def fails_to_mark(letter: Letter) -> None:
    raise OSError("disk full")


@pytest.mark.parametrize("outcome", [True, False, Unsent("expired_trigger"), OSError("CANARY")])
async def test_a_view_is_tried_once_and_else_posted(outcome: Exception | bool) -> None:
    door = Door()
    door.platform.opens = [outcome]
    view = Outgoing("ann", "form", {"draft": "d1"}, "now", "web:ann")
    instead = await door.outbox.open(view, "handle", "e1")
    assert instead == (None if outcome is True else view.posted("e1"))
    assert door.platform.opens == []


@pytest.mark.parametrize("seed", range(3))
async def test_the_impatient_platform_is_never_called_too_soon(seed: int) -> None:
    houses: list[ImpatientPlatform] = []

    def far(receive: Receive, clock: VirtualClock) -> ImpatientPlatform:
        houses.append(ImpatientPlatform(receive, clock, seed))
        return houses[0]

    house = House(MemoryStore(), far)
    houses[0].trouble(0.6)
    for person in ("ann", "ben"):
        await house.post(person, 10)
    await house.deliver()
    assert houses[0].impatient_calls == 0
