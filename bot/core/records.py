"""What is kept, what may be read back, and what follows from one message. Only types.

What people typed is in ``Draft.words`` and ``Question.words`` and nowhere else; a store seals both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, Protocol

from bot.core.accounts import Account
from bot.core.messages import Json, Outgoing

DraftKind = Literal["gate", "question", "waived"]
State = Literal["pending", "sending", "unclear", "sent", "given_up"]
OPEN: tuple[State, ...] = ("pending", "sending", "unclear")


@dataclass(frozen=True)
class Draft:
    """What a person is in the middle of: a question with its answer, which a button may take
    further; an answer that waits behind the gate (its words are not kept); a place where the person
    has said that it is a policy question ("waived"). ``words`` is what they typed; ``facts`` are
    ids only."""

    id: str
    person: str
    place: str
    kind: DraftKind
    words: str
    facts: Mapping[str, Json]
    expires: datetime


@dataclass(frozen=True)
class Question:
    """A question sent to a policy's owner: nobody's name, and the day without the time.

    ``id`` must be random: a ULID would tell the time after all.
    """

    id: str
    school: str
    policy: str
    words: str
    at: date

    def __post_init__(self) -> None:
        if isinstance(self.at, datetime):  # a datetime is a date too, and would be kept whole
            object.__setattr__(self, "at", self.at.date())


@dataclass(frozen=True)
class SaveDraft:
    draft: Draft


@dataclass(frozen=True)
class DropDraft:
    id: str


@dataclass(frozen=True)
class DropExpired:
    """Whatever anybody was in the middle of at this moment, and no longer is."""

    at: datetime


@dataclass(frozen=True)
class KeepQuestion:
    question: Question


@dataclass(frozen=True)
class SettleQuestion:
    """The owner has dealt with it: the question is deleted."""

    id: str


@dataclass(frozen=True)
class KnowAccount:
    """What a platform told of an account, in place of what was known of it."""

    account: Account


Write = SaveDraft | DropDraft | DropExpired | KeepQuestion | SettleQuestion | KnowAccount


@dataclass(frozen=True)
class Decision:
    """What follows from one Incoming, kept all or nothing.

    With a ``key`` the answers are remembered under it: a second delivery gets them again and has no
    second effect. Without one nothing is remembered, so a refused form may come again.
    """

    out: tuple[Outgoing, ...] = ()
    writes: tuple[Write, ...] = ()
    key: str = ""

    def answers(self) -> tuple[Outgoing, ...]:
        """What goes back in the platform's own response, and is remembered."""
        return tuple(out for out in self.out if out.kind == "answer")

    def posts(self) -> tuple[Outgoing, ...]:
        """What goes to the outbox, each with the name of its occasion."""
        posts = [out for out in self.out if out.kind == "post"]
        return tuple(self._named(out, place) for place, out in enumerate(posts))

    def _named(self, out: Outgoing, place: int) -> Outgoing:
        if out.key:
            return out
        if not self.key:
            raise ValueError(f"{out.template}: a post needs a key, its own or its decision's")
        return replace(out, key=f"{self.key}/{place}")


class Reads(Protocol):
    """What the core may look up, inside the transaction that will keep its decision."""

    def seen(self, key: str) -> tuple[Outgoing, ...] | None:
        """The answers remembered under this key; None when it is new."""

    def draft(self, id: str, now: datetime) -> Draft | None:
        """The draft, unless it has expired."""

    def drafts_of(
        self, person: str, place: str, kind: DraftKind, now: datetime
    ) -> tuple[Draft, ...]:
        """A person's drafts of one kind in one place, the last to expire first."""

    def questions(self, school: str | None) -> tuple[Question, ...]:
        """The questions waiting for owners, by day; of every school with None."""

    def accounts(self) -> tuple[Account, ...]:
        """Every account on a platform that is known, by id."""


@dataclass(frozen=True)
class Letter:
    """One row of the outbox: an Outgoing on its way.

    pending -> sending (committed before the call) -> sent, or unclear: it may have arrived. Unclear
    is looked up (``looks`` counts how often it was not there) and becomes sent or pending again.
    given_up is for an admin. ``not_before`` of sending and unclear is when the claim lapses.
    ``reason`` is the platform's word for the last failure, never anybody's text.
    """

    number: int
    out: Outgoing
    state: State = "pending"
    attempts: int = 0
    looks: int = 0
    not_before: datetime | None = None
    reason: str = ""

    @property
    def lane(self) -> str:
        """What is kept in order: the conversation, or the person while it has none."""
        return lane(self.out)


def lane(out: Outgoing) -> str:
    return out.place or out.to


@dataclass(frozen=True)
class Forgotten:
    """What one night's housekeeping deleted."""

    drafts: int = 0
    seen: int = 0
