"""The records in memory, for ``ask`` and the terminal: the same promises until the process ends."""

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from bot.core.accounts import Account
from bot.core.messages import Outgoing
from bot.core.records import (
    OPEN,
    Decision,
    Draft,
    DraftKind,
    DropDraft,
    DropExpired,
    Forgotten,
    KeepQuestion,
    KnowAccount,
    Letter,
    Question,
    Reads,
    SaveDraft,
    SettleQuestion,
    State,
    Write,
)
from bot.store.rules import LAPSE, REMEMBERED, remembered

T = TypeVar("T")


@dataclass(frozen=True)
class _Records:
    """Everything kept. A change is made on a copy, which takes its place when it is whole."""

    drafts: dict[str, Draft] = field(default_factory=dict)
    kept: dict[str, Question] = field(default_factory=dict)
    answers: dict[str, tuple[Outgoing, ...]] = field(default_factory=dict)
    letters: dict[str, Letter] = field(default_factory=dict)
    noted: dict[str, datetime] = field(default_factory=dict)
    known: dict[str, Account] = field(default_factory=dict)

    def copy(self) -> "_Records":
        return _Records(*(dict(part) for part in vars(self).values()))

    def seen(self, key: str) -> tuple[Outgoing, ...] | None:
        return self.answers.get(key)

    def draft(self, id: str, now: datetime) -> Draft | None:
        found = self.drafts.get(id)
        return found if found and found.expires > now else None

    def drafts_of(
        self, person: str, place: str, kind: DraftKind, now: datetime
    ) -> tuple[Draft, ...]:
        found = [
            d for d in self.drafts.values() if (d.person, d.place, d.kind) == (person, place, kind)
        ]
        found = sorted((d for d in found if d.expires > now), key=lambda draft: draft.id)
        return tuple(sorted(found, key=lambda draft: draft.expires, reverse=True))

    def questions(self, school: str | None) -> tuple[Question, ...]:
        found = [q for q in self.kept.values() if school in (None, q.school)]
        return tuple(sorted(found, key=lambda question: (question.at, question.id)))

    def accounts(self) -> tuple[Account, ...]:
        return tuple(self.known[id] for id in sorted(self.known))

    def keep(self, decision: Decision) -> None:
        for write in decision.writes:
            self._write(write)
        for out in decision.posts():
            self.letters.setdefault(out.key, Letter(len(self.letters) + 1, out))
        if decision.key:
            self.answers[decision.key] = decision.answers()

    def _write(self, write: Write) -> None:
        match write:
            case SaveDraft(draft):
                self.drafts[draft.id] = draft
            case DropDraft(id):
                self.drafts.pop(id, None)
            case DropExpired(at):
                self._drop_expired(at)
            case KeepQuestion(question):
                self.kept.setdefault(question.id, question)
            case SettleQuestion(id):
                self.kept.pop(id, None)
            case KnowAccount(account):
                self.known[account.id] = account

    def claim(self, now: datetime, most: int, busy: Collection[str]) -> tuple[Letter, ...]:
        heads: dict[str, Letter] = {}
        for letter in self.letters.values():
            if letter.state in OPEN:
                heads.setdefault(letter.lane, letter)
        due = [
            _lapsed(head) for head in heads.values() if head.lane not in busy and _due(head, now)
        ]
        due.sort(key=lambda letter: letter.state == "pending")
        return tuple(self._claimed(letter, now) for letter in due[:most])

    def _claimed(self, letter: Letter, now: datetime) -> Letter:
        letter = replace(
            letter,
            state="sending" if letter.state == "pending" else "unclear",
            attempts=letter.attempts + 1,
            not_before=now + LAPSE,
        )
        self.mark(letter)
        return letter

    def mark(self, letter: Letter) -> None:
        if self.letters[letter.out.key].state in OPEN:
            self.letters[letter.out.key] = letter

    def forget(self, now: datetime) -> Forgotten:
        drafts = self._drop_expired(now)
        for key, letter in self.letters.items():
            if letter.state == "sent":
                self.letters[key] = replace(letter, out=Outgoing("", "", {}, "post", key=key))
        for key in self.answers:
            self.noted.setdefault(key, now)
        old = [key for key, noted in self.noted.items() if noted < now - REMEMBERED]
        for key in old:
            del self.answers[key], self.noted[key]
        return Forgotten(drafts, len(old))

    def _drop_expired(self, now: datetime) -> int:
        expired = [draft.id for draft in self.drafts.values() if draft.expires <= now]
        for id in expired:
            del self.drafts[id]
        return len(expired)


def _due(letter: Letter, now: datetime) -> bool:
    return letter.not_before is None or letter.not_before <= now


def _lapsed(letter: Letter) -> Letter:
    return replace(letter, state="unclear") if letter.state == "sending" else letter


class MemoryStore:
    def __init__(self) -> None:
        self._records = _Records()
        self._one_at_a_time = threading.Lock()

    def carry_out(self, decide: Callable[[Reads], Decision], key: str = "") -> Decision:
        """Keep what ``decide`` makes of the records, all or nothing."""
        with self._one_at_a_time:
            trial = self._records.copy()
            decision = _decided(trial, decide, key)
            self._records = trial
            return decision

    async def carry_out_async(self, decide: Callable[[Reads], Decision], key: str = "") -> Decision:
        return self.carry_out(decide, key)

    def look(self, read: Callable[[Reads], T]) -> T:
        return read(self._records.copy())

    def letters(self, *states: State) -> tuple[Letter, ...]:
        return tuple(letter for letter in self._records.letters.values() if letter.state in states)

    async def claim(
        self, now: datetime, most: int, busy: Collection[str] = ()
    ) -> tuple[Letter, ...]:
        with self._one_at_a_time:
            return self._records.claim(now, most, busy)

    async def mark(self, letter: Letter) -> None:
        with self._one_at_a_time:
            self._records.mark(letter)

    def forget(self, now: datetime) -> Forgotten:
        with self._one_at_a_time:
            return self._records.forget(now)

    def close(self) -> None:
        """Nothing to close: the records end with the process."""


def _decided(records: _Records, decide: Callable[[Reads], Decision], key: str) -> Decision:
    before = remembered(records, key)
    if before is not None:
        return before
    decision = decide(records)
    before = remembered(records, decision.key)
    if before is None:
        records.keep(decision)
    return before or decision
