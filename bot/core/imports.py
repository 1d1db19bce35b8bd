"""Taking a policy in by hand: what a person may put right, and what they are shown before it is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.policies import Clause, Policy


class Refused(Exception):
    """Why a document was not taken in, as one sentence for the person who tried."""


@dataclass(frozen=True)
class Corrections:
    """What a person put right in a reading.

    Places are counted in printed signs (spaces do not count) from the first clause's first sign, so that
    each holds whatever else is corrected. ``cuts``: a clause begins here. ``joins``: none begins here.
    ``labels`` and ``leads`` go by the place where a clause begins; a lead of -1 is none. ``facts`` are
    texts by the name of the Policy field; the members of a list stand between commas.
    """

    cuts: frozenset[int] = frozenset()
    joins: frozenset[int] = frozenset()
    labels: Mapping[int, str] = field(default_factory=dict)
    leads: Mapping[int, int] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    def then(self, later: "Corrections") -> "Corrections":
        """Both, the later ones first where they differ."""
        return Corrections(
            (self.cuts | later.cuts) - later.joins,
            (self.joins | later.joins) - later.cuts,
            {**self.labels, **later.labels},
            {**self.leads, **later.leads},
            {**self.facts, **later.facts},
        )


@dataclass(frozen=True)
class SourceLine:
    """One line of the document as it came. ``why`` it was left out, empty when it was not."""

    text: str
    why: str = ""


@dataclass(frozen=True)
class Piece:
    """A clause as it will be saved. ``start`` is its place, ``lead`` that of its lead-in, or -1.

    ``joinable``: it can be joined with the clause before. ``by_hand``: somebody corrected it.
    """

    start: int
    clause: Clause
    lead: int = -1
    joinable: bool = False
    by_hand: bool = False


@dataclass(frozen=True)
class Row:
    """Lines of the source beside the clauses made of them."""

    source: tuple[SourceLine, ...]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Change:
    """How one clause differs from the version before. ``kind``: added, reworded, moved or removed."""

    kind: str
    label: str
    text: str
    before: str = ""


@dataclass(frozen=True)
class Preview:
    """What would be saved now. ``before`` is the title of the version it would replace, empty for none.

    ``stamp`` tells whether that version is still the same when it is saved. ``another``: nothing of it is
    left, so that it is most likely another policy's place. ``changes`` are those against it.
    """

    policy: Policy
    rows: tuple[Row, ...]
    left_out: tuple[tuple[str, str, str], ...]  # where ("line 3"), the words, why
    text: str
    before: str = ""
    stamp: str = ""
    another: bool = False
    kept: int = 0
    changes: tuple[Change, ...] = ()
    forgotten: tuple[str, ...] = ()
    worth_a_look: tuple[tuple[str, str], ...] = ()

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(piece for row in self.rows for piece in row.pieces)
