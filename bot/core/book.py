"""What an answer is worked out from, and what it is made of: ids, never words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bot.core.facts import Records
from bot.core.found import Found, Hit
from bot.core.guides import Guide
from bot.core.health.check import find
from bot.core.health.data import Health
from bot.core.health.flags import Flag
from bot.core.people import Person, School
from bot.core.policies import Clause, Policy
from bot.core.reading import Rule, Words, read_rule
from bot.core.scope import Scope, read_scope
from bot.core.verdicts import Verdict

Kind = Literal[
    "settled",
    "free",
    "ask_back",
    "closest",
    "alternatives",
    "not_settled",
    "record",
    "holder",
    "section",
    "no_clause",
]
Find = Callable[[str, Sequence[str]], Found]


@dataclass(frozen=True)
class Limits:
    """The numbers of [limits] in conversations/verdict.toml, with their reasons there."""

    settled: float
    sure: float
    close: float
    yes: float
    yes_fact: float
    rival: float
    met: float
    instead: float


@dataclass(frozen=True)
class Book:
    """Everything an answer is worked out from that does not change between questions."""

    policies: Mapping[str, Policy]
    schools: Mapping[str, School]
    guides: tuple[Guide, ...]
    records: Records
    words: Words
    limits: Limits
    health: Health
    scopes: dict[str, Scope] = field(default_factory=dict, compare=False, repr=False)
    found: dict[tuple[tuple[str, ...], date], tuple[Flag, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def scope(self, policy: str) -> Scope:
        """Whom the policy covers; read at the first asking."""
        if policy not in self.scopes:
            self.scopes[policy] = read_scope(self.policies[policy], self.words)
        return self.scopes[policy]

    def flags(self, policies: Sequence[str], today: date) -> tuple[Flag, ...]:
        """What is wrong with these policies today; found once for each set of them and day."""
        key = (tuple(sorted(policies)), today)
        if key not in self.found:
            for old in [one for one in self.found if one[1] != today]:
                del self.found[old]
            together = [self.policies[one] for one in key[0]]
            self.found[key] = find(together, self.schools, self.health, today)
        return self.found[key]


@dataclass(frozen=True)
class Cite:
    """One clause an answer shows, at the sentence that decides.

    ``mark``: answer; other (of another policy); close (one of several); a, b (alternatives);
    nearest (not the answer); to have to hand: also, may, near.
    """

    policy: str
    clause: str
    sentence: int = 0
    mark: str = "answer"


@dataclass(frozen=True)
class Answer:
    """What the card is made of. ``ranked`` is every clause found, best first, at most ten.

    ``verdict`` is None where no verdict line is supported. ``guide`` and ``slot`` are asked back.
    ``unnamed`` is an audience (governor, volunteer, ...) that the policy never names. ``turn_to`` is
    the role to ask or tell next, named by the clause or by the school. ``told`` and ``silent`` are the
    policies that do and do not say a fact of record. ``flags`` is what is wrong with the policies and
    clauses it shows. ``number`` is the section, or the clause that is not there, which was asked for;
    then ``told`` are the policies it was looked for in.
    """

    kind: Kind
    verdict: Verdict | None = None
    cites: tuple[Cite, ...] = ()
    ranked: tuple[tuple[str, str], ...] = ()
    guide: str = ""
    slot: str = ""
    filled: Mapping[str, str] | None = None
    unsure: bool = False
    stricter: str = ""
    unnamed: str = ""
    turn_to: str = ""
    record: str = ""
    role: str = ""
    told: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    number: str = ""

    @property
    def answered(self) -> bool:
        return self.kind not in ("not_settled", "no_clause")


@dataclass(frozen=True)
class Ask:
    """One question as the answer sees it. ``policies`` are the ids in force for the asker.

    ``filled`` are guide options already chosen by pressing, for the guide ``guide``.
    """

    text: str
    policies: tuple[str, ...]
    today: date
    role: str = "staff"
    holds: frozenset[str] = frozenset()
    guided: bool = True
    guide: str = ""
    filled: Mapping[str, str] | None = None


def clause_of(hit: Hit, book: Book) -> Clause:
    return book.policies[hit.policy].by_id[hit.clause]


def rule_of(hit: Hit, book: Book) -> Rule:
    policy = book.policies[hit.policy]
    return read_rule(policy, policy.by_id[hit.clause], hit.sentence, book.words)


def pairs_of(cites: Sequence[Cite]) -> tuple[tuple[str, str], ...]:
    return tuple((cite.policy, cite.clause) for cite in cites)


def ranked_with(first: Sequence[Cite], found: Found) -> tuple[tuple[str, str], ...]:
    """Every clause found, those the answer shows first, at most ten."""
    pairs = [*pairs_of(first), *((h.policy, h.clause) for h in found.hits)]
    return tuple(dict.fromkeys(pairs))[:10]


def in_force(book: Book, person: Person, today: date) -> tuple[str, ...]:
    """The policies that hold for somebody: their schools', their trusts', and those of no school."""
    places = {membership.school for membership in person.at(today)}
    places |= {book.schools[s].part_of for s in places if s in book.schools} | {""}
    return tuple(policy.id for policy in book.policies.values() if policy.school in places)
