"""Any history of messages, second deliveries, lost answers and crashes ends with everything said
once, in order, and everything acknowledged still there. On the file, with the real outbox."""

import asyncio
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.core.cards import Card
from bot.core.messages import Outgoing
from bot.core.records import Decision, Reads, SaveDraft
from bot.core.unsent import Unsent
from bot.outbox import Outbox
from bot.store.sqlite import SqliteStore
from tests.fakes import QUICK, VirtualClock
from tests.store.given import SEALER, answer, draft

FATES = st.sampled_from(
    ["arrives", "refused", "lost", "answer lost", "crash before", "crash after"]
)
PEOPLE = ("ann", "ben", "cem")


class Crash(BaseException):
    """The process ends here."""


class Scripted:
    """A platform whose next calls go as the history says; then everything arrives."""

    pause = 0.0

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.fates: list[str] = []
        self.shown: list[tuple[str, str, datetime]] = []

    async def say(self, out: Outgoing, card: Card) -> None:
        fate = self.fates.pop(0) if self.fates else "arrives"
        if fate == "crash before":
            raise Crash
        if fate == "refused":
            raise Unsent("ratelimited", "later", 3.0)
        if fate == "lost":
            raise Unsent("no_answer", "unclear")
        self.shown.append((out.place, out.key, self.clock.now()))
        if fate == "crash after":
            raise Crash
        if fate == "answer lost":
            raise Unsent("answer_lost", "unclear")

    async def was_said(self, out: Outgoing) -> bool | None:
        now = self.clock.now()
        return any(k == out.key and (now - at).total_seconds() >= 5 for _, k, at in self.shown)

    async def open(self, handle: str, card: Card) -> bool:
        return False


class Histories(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=QUICK))
        self.lives = 0
        self.clock = VirtualClock()
        self.platform = Scripted(self.clock)
        self.acknowledged: dict[int, Decision] = {}
        self.order: dict[str, list[str]] = {person: [] for person in PEOPLE}
        self.store = SqliteStore(self.folder / "0.sqlite", SEALER)

    @rule(event=st.integers(0, 30), who=st.sampled_from(PEOPLE), fails=st.booleans())
    def hear(self, event: int, who: str, fails: bool) -> None:
        """A message, perhaps one that was heard before; some decisions fail."""
        kept = Decision((answer(f"e{event}"),), key=f"e{event}")
        before = self.acknowledged.get(event)
        try:
            taken = self.store.carry_out(lambda reads: self.decide(reads, event, who, fails))
        except LookupError:
            assert before is None
            return
        if before:
            assert taken == kept
        else:
            self.acknowledged[event] = kept
            self.order[who].append(f"n{event}")

    def decide(self, reads: Reads, event: int, who: str, fails: bool) -> Decision:
        if fails and reads.seen(f"e{event}") is None:
            raise LookupError("no such clause")
        out = (answer(f"e{event}"), Outgoing(who, "told", {}, "post", f"web:{who}", f"n{event}"))
        return Decision(out, (SaveDraft(draft(f"d{event}")),), key=f"e{event}")

    @rule(fates=st.lists(FATES, max_size=6), seconds=st.sampled_from([0, 2, 7, 130]))
    def tick(self, fates: list[str], seconds: int) -> None:
        self.clock.advance(seconds)
        self.platform.fates = fates
        try:
            self.deliver()
        except Crash:
            self.crash()

    @rule(
        fates=st.lists(st.sampled_from(["arrives", "refused", "lost", "answer lost"]), max_size=6),
        events=st.lists(st.tuples(st.integers(31, 60), st.sampled_from(PEOPLE)), max_size=4),
        turns=st.integers(0, 200),
    )
    def runs(self, fates: list[str], events: list[tuple[int, str]], turns: int) -> None:
        """The outbox runs for a while, is woken by what comes, and is stopped in the middle of it."""
        self.platform.fates = fates
        asyncio.run(self.running(events, turns))

    async def running(self, events: list[tuple[int, str]], turns: int) -> None:
        box = self.box()
        task = asyncio.create_task(box.run())
        for event, who in events:
            await asyncio.sleep(0)
            self.hear(event, who, fails=False)
            box.wake()
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    @rule()
    def crash(self) -> None:
        """Go on from the files as they lie; whatever was in memory is gone."""
        self.lives += 1
        left = self.folder / f"{self.lives}.sqlite"
        for end in ("", "-wal"):
            shutil.copy(f"{self.folder / str(self.lives - 1)}.sqlite{end}", f"{left}{end}")
        self.store.close()
        self.store = SqliteStore(left, SEALER)

    def box(self) -> Outbox:
        return Outbox(
            self.store, lambda out: Card(out.template), lambda _: self.platform, self.clock
        )

    def deliver(self) -> None:
        asyncio.run(self.box().deliver(self.clock.now()))

    @invariant()
    def nothing_is_said_twice_or_out_of_order(self) -> None:
        for who in PEOPLE:
            said = [key for place, key, _ in self.platform.shown if place == f"web:{who}"]
            assert said == self.order[who][: len(said)]

    @invariant()
    def everything_acknowledged_is_there(self) -> None:
        lost = self.store.look(
            lambda reads: [e for e in self.acknowledged if reads.seen(f"e{e}") is None]
        )
        assert lost == []

    def teardown(self) -> None:
        if not hasattr(self, "store"):
            return
        self.platform.fates = []
        while self.store.letters("pending", "sending", "unclear"):
            self.clock.advance(10)
            self.deliver()
        for who in PEOPLE:
            said = [key for place, key, _ in self.platform.shown if place == f"web:{who}"]
            assert said == self.order[who]
        self.store.close()
        shutil.rmtree(self.folder)


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=60,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
