"""A policy's sections: what stands under one heading, from where it begins to where the next does."""

import re
from dataclasses import dataclass
from itertools import groupby

from bot.core.book import Answer, Cite
from bot.core.policies import Clause, Policy


@dataclass(frozen=True)
class Section:
    """``name`` is the heading as printed; where there is none, the number its clauses begin with, or
    "". What stands under headings inside it belongs to it."""

    name: str
    clauses: tuple[Clause, ...]


def sections(policy: Policy) -> tuple[Section, ...]:
    """All of them, in the document's order: no clause is left out, and none is in two."""
    runs = groupby(policy.clauses, lambda clause: _name(policy, clause))
    return tuple(Section(name, tuple(run)) for name, run in runs)


def section_of(policy: Policy, clause: str) -> Section:
    """The section that a clause of the policy stands in."""
    return next(s for s in sections(policy) if any(c.id == clause for c in s.clauses))


def whole(policy: Policy, clause: str) -> Answer:
    """Every clause of the section that this one stands in, in order."""
    cites = (Cite(policy.id, c.id, 0, "close") for c in section_of(policy, clause).clauses)
    return Answer("section", "info", tuple(cites), ((policy.id, clause),), told=(policy.id,))


def headings_of(policy: Policy, clause: Clause) -> tuple[str, ...]:
    """The headings over a clause, but for the policy's own title, which is shown already."""
    first = clause.headings[:1]
    repeats = first and first[0].casefold() == policy.title.casefold()
    return clause.headings[1:] if repeats else clause.headings


def _name(policy: Policy, clause: Clause) -> str:
    if headings := headings_of(policy, clause):
        return headings[0]
    number = re.match(r"\d+(?=[.\s(]|$)", clause.label)
    return number[0] if number else ""
