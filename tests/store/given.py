"""Values the store's tests share."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.core.messages import Outgoing
from bot.core.records import Decision, Draft, Question, Reads
from bot.store.crypto import Sealer

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
SOON = NOW + timedelta(hours=1)
SEALER = Sealer(bytes(range(32)))


def draft(id: str = "d1", words: str = "May I?", expires: datetime = SOON) -> Draft:
    return Draft(id, "ann", "web:ann", "question", words, {"policy": "smp"}, expires)


def question(id: str = "q1", school: str = "oak", day: int = 1) -> Question:
    return Question(id, school, "smp", "May I?", datetime(2026, 9, day, 8, 0, tzinfo=UTC).date())


def post(key: str, place: str = "web:ann") -> Outgoing:
    return Outgoing("ann", "nudge", {"policy": "smp"}, "post", place, key)


def answer(of: str) -> Outgoing:
    return Outgoing("ann", "about", {"of": of, "clauses": ["c1", "c2"]}, "answer", "web:ann")


def always(decision: Decision) -> Callable[[Reads], Decision]:
    return lambda _: decision


def posted(*keys: str, place: str = "web:ann") -> Callable[[Reads], Decision]:
    return always(Decision(tuple(post(key, place) for key in keys)))


def fails(reads: Reads) -> Decision:
    raise LookupError("no such clause")
