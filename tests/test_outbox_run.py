"""The door out while the house is up: woken or not, everything goes, once, and it ends as it is told to."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.cards import Card
from bot.core.messages import Outgoing
from bot.core.records import Letter
from bot.core.unsent import Unsent
from bot.outbox import EVERY
from bot.store.rules import LAPSE
from tests.test_outbox import Door


@asynccontextmanager
async def running(door: Door) -> AsyncIterator[None]:
    """The outbox runs, and leaves nothing behind when it is stopped."""
    before = asyncio.all_tasks()
    task = asyncio.create_task(door.outbox.run())
    await asyncio.sleep(0)
    try:
        yield
        assert not task.done(), "it runs until it is stopped"
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert asyncio.all_tasks() - before == set()


async def test_what_is_put_in_is_sent_at_once_when_it_is_woken() -> None:
    door = Door()
    async with running(door):
        await door.clock.sleep(0.3)
        door.post("n1")
        door.outbox.wake()
        await door.clock.sleep(0.1)
    assert door.platform.calls == [("n1", 0.3)]
    assert door.states() == {"n1": ("sent", "")}


async def test_what_nobody_woke_it_for_is_sent_within_a_second() -> None:
    door = Door()
    async with running(door):
        await door.clock.sleep(0.3)
        door.post("n1")
        await door.clock.sleep(2)
    assert door.platform.calls == [("n1", EVERY)]


async def test_it_is_sent_once_however_often_and_by_whom_it_is_woken() -> None:
    door = Door()
    async with running(door):
        for turn in range(30):
            door.post(f"a{turn}")
            door.post(f"b{turn}", place="web:ben")
            for _ in range(turn % 3):
                door.outbox.wake()
            await asyncio.gather(*(door.deliver(0) for _ in range(turn % 3)))
        await door.clock.sleep(5)
    sent = [key for key, _ in door.platform.calls]
    assert sorted(sent) == sorted(f"{lane}{turn}" for lane in "ab" for turn in range(30))
    assert [key for key in sent if key < "b"] == [f"a{turn}" for turn in range(30)]


async def test_a_place_is_paced_and_holds_up_no_other_even_where_one_goes_at_a_time() -> None:
    door = Door(at_once=1)
    door.platform.pause = 3.0
    door.post("a1", "a2")
    door.post("b1", place="web:ben")
    async with running(door):
        await door.clock.sleep(10)
    assert door.platform.calls == [("a1", 0), ("b1", 0), ("a2", 3)]


async def test_what_is_put_in_during_a_pause_waits_for_its_end() -> None:
    door = Door()
    door.platform.pause = 1.5
    door.post("a1")
    async with running(door):
        await door.clock.sleep(0.5)
        door.post("a2")
        door.outbox.wake()
        await door.clock.sleep(5)
    assert door.platform.calls == [("a1", 0), ("a2", 1.5)]


async def test_what_was_refused_is_tried_again_by_itself() -> None:
    door = Door()
    door.platform.says = [Unsent("ratelimited", "later", 40.0)]
    door.post("n1")
    async with running(door):
        await door.clock.sleep(60)
    assert door.platform.calls == [("n1", 0), ("n1", 40)]


async def test_what_may_have_arrived_is_looked_up_by_itself() -> None:
    door = Door()
    door.platform.says, door.platform.finds = [Unsent("no_answer", "unclear")], [True]
    door.post("n1", "n2")
    async with running(door):
        await door.clock.sleep(10)
    assert door.platform.calls == [("n1", 0), ("n1?", 6), ("n2", 6)]


# Records that fail --------------------------------------------------------------------------------------


async def test_records_that_cannot_be_read_stop_nothing(caplog: pytest.LogCaptureFixture) -> None:
    door, failing = Door(), 4
    claim = door.store.claim

    async def fails(now: datetime, most: int, busy: Collection[str] = ()) -> tuple[Letter, ...]:
        nonlocal failing
        failing -= 1
        if failing >= 0:
            raise OSError("CANARY")
        return await claim(now, most, busy)

    door.store.claim = fails  # type: ignore[method-assign]
    door.post("n1")
    async with running(door):
        await door.clock.sleep(10)
    assert [key for key, _ in door.platform.calls] == ["n1"]
    assert caplog.text.count("the outbox cannot be read: OSError") == 4
    assert "CANARY" not in caplog.text


async def test_a_letter_that_could_not_be_marked_is_looked_up_and_not_said_again() -> None:
    door = Door()
    mark, door.store.mark = door.store.mark, _fails  # type: ignore[method-assign]
    door.platform.finds = [True]
    door.post("n1")
    async with running(door):
        await door.clock.sleep(5)
        door.store.mark = mark  # type: ignore[method-assign]
        await door.clock.sleep(LAPSE.total_seconds())
    assert [key for key, _ in door.platform.calls] == ["n1", "n1?"]
    assert door.states() == {"n1": ("sent", "")}


async def _fails(letter: Letter) -> None:
    raise OSError("disk full")


async def test_a_letter_that_cannot_be_worded_stops_no_other() -> None:
    door = Door()
    door.post("n1", template="broken")
    door.post("n2")
    async with running(door):
        await door.clock.sleep(2)
    assert door.states()["n1"][0] == "given_up"
    assert door.states()["n2"] == ("sent", "")


# Being stopped --------------------------------------------------------------------------------------------


class Stuck:
    """A call that never ends, and whether it was ended."""

    def __init__(self) -> None:
        self.begun, self.stopped = asyncio.Event(), False

    async def say(self, out: Outgoing, card: Card) -> None:
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.stopped = True


async def test_whoever_is_being_sent_to_when_it_ends_is_looked_up_at_the_next_start() -> None:
    door, stuck = Door(), Stuck()
    say, door.platform.say = door.platform.say, stuck.say  # type: ignore[method-assign]
    door.post("n1", "n2")
    async with running(door):
        await stuck.begun.wait()
    assert stuck.stopped
    assert door.states() == {"n1": ("sending", ""), "n2": ("pending", "")}
    door.platform.say = say  # type: ignore[method-assign]
    door.platform.finds = [False, False]
    async with running(door):
        await door.clock.sleep(LAPSE.total_seconds() + 20)
    assert [key for key, _ in door.platform.calls] == ["n1?", "n1?", "n1", "n2"]


@pytest.mark.parametrize("pause", [0.0, 5.0])
async def test_it_leaves_no_task_behind_in_the_middle_of_anything(pause: float) -> None:
    """Between any two steps: ``running`` looks for what is left."""
    for steps in range(40):
        door = Door()
        door.platform.pause = pause
        door.post("a1", "a2")
        door.post("b1", place="web:ben")
        async with running(door):
            for _ in range(steps):
                await asyncio.sleep(0)
        assert {state for state, _ in door.states().values()} <= {"pending", "sending", "sent"}


async def test_while_the_records_are_slow_it_can_be_stopped() -> None:
    door, asked = Door(), asyncio.Event()

    async def slow(now: datetime, most: int, busy: Collection[str] = ()) -> tuple[Letter, ...]:
        asked.set()
        await asyncio.Event().wait()
        return ()

    door.store.claim = slow  # type: ignore[method-assign]
    async with running(door):
        await asked.wait()


# Any course of events -----------------------------------------------------------------------------------

LANES = ("web:ann", "web:ben")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("post"), st.sampled_from(LANES)),
        st.tuples(st.just("wake"), st.just("")),
        st.tuples(st.just("wait"), st.sampled_from([0.0, 0.01, 0.5, 1.0, 3.0])),
        st.tuples(st.just("fail"), st.sampled_from(["later", "unclear"])),
    ),
    max_size=25,
)


@given(STEPS, st.sampled_from([0.0, 1.0]), st.integers(1, 3))
@settings(max_examples=150, deadline=None)
def test_no_letter_is_lost_said_twice_or_out_of_order_between_two_wakes(
    steps: list[Any], pause: float, at_once: int
) -> None:
    async def goes() -> None:
        door = Door(at_once=at_once)
        door.platform.pause = pause
        posted: dict[str, list[str]] = {lane: [] for lane in LANES}
        async with running(door):
            for number, (what, which) in enumerate(steps):
                match what:
                    case "post":
                        posted[which].append(f"{which}-{number}")
                        door.post(f"{which}-{number}", place=which)
                    case "wake":
                        door.outbox.wake()
                    case "wait":
                        await door.clock.sleep(which)
                    case "fail":
                        door.platform.says.append(Unsent("no_answer", which))
                        door.platform.finds += [False, False]
            for _ in range(100):
                if not door.store.letters("pending", "sending", "unclear"):
                    break
                door.clock.advance(300)  # each try waits twice as long as the one before
                await door.clock.sleep(2)
        said = [key for key, state in door.states().items() if state == ("sent", "")]
        for lane in LANES:
            assert [key for key in said if key.startswith(lane)] == posted[lane]
            first_said = [k for k, _ in door.platform.calls if k in posted[lane]]
            assert list(dict.fromkeys(first_said)) == posted[lane]

    asyncio.run(goes())
