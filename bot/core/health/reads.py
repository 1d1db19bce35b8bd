"""A policy laid out for the finders: each sentence as people typed it and as phrases are matched in it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.core.health.flags import Flag
from bot.core.phrases import plain
from bot.core.policies import Clause, Policy, sentences

_BACK = re.compile(r" (?:on|with|through) (?:them|it|these) ")


@dataclass(frozen=True)
class Line:
    """One sentence of a clause. ``said`` is it in plain words; ``whole`` the same with the last sentence
    of its lead-in before it ("users must not" + "share passwords"). ``number`` counts from 0. ``before`` is
    the sentence before it in its clause, where it speaks of "them"."""

    clause: Clause
    number: int
    text: str
    said: str
    whole: str
    before: str = ""

    @cached_property
    def around(self) -> str:
        """``whole`` with the heading over it, and with what "on them" goes back to."""
        return plain(" ".join(self.clause.headings[-1:])) + self.before[1:] + self.whole[1:]


@dataclass(frozen=True)
class Read:
    """One policy, its sentences read once for all finders."""

    policy: Policy

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The sentences of clauses; not those of headers, signatures and the word "Or"."""
        return tuple(self._lines(c for c in self.policy.clauses if c.kind == "clause"))

    @cached_property
    def fields(self) -> tuple[Line, ...]:
        """The header and date lines, but for the title."""
        title = self.policy.said.get("title", "")
        wanted = (c for c in self.policy.clauses if c.kind == "field" and c.id != title)
        return tuple(self._lines(wanted))

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """Every heading once, in the order of the document."""
        return tuple(dict.fromkeys(h for c in self.policy.clauses for h in c.headings))

    @cached_property
    def said(self) -> str:
        """The whole policy in plain words, its headings and header with it."""
        every = (*self.headings, *(c.text for c in self.policy.clauses))
        return plain(" . ".join(every))

    def _lines(self, clauses: Iterable[Clause]) -> Iterator[Line]:
        for clause in clauses:
            lead = self.policy.lead_of(clause)
            above = _last(lead.text) if lead else " "
            before = ""
            for number, (start, end) in enumerate(sentences(clause.text)):
                text = clause.text[start:end]
                said = plain(text)
                yield Line(clause, number, text, said, above + said[1:], _meant(said, before))
                before = said

    def flag(self, kind: str, clause: Clause | None = None, **facts: str) -> Flag:
        """A flag on a clause of this policy, or on the whole of it."""
        return Flag(kind, self.policy.id, clause.id if clause else "", facts)


def _meant(said: str, before: str) -> str:
    return before if _BACK.search(said) else ""


def _last(text: str) -> str:
    spans = sentences(text)
    start, end = spans[-1] if spans else (0, 0)
    return plain(text[start:end])


def once_a_clause(lines: Iterable[Line], holds: Callable[[Line], bool]) -> Iterator[Clause]:
    """The clauses with a sentence for which it holds, each once."""
    found: dict[str, Clause] = {}
    for line in lines:
        if line.clause.id not in found and holds(line):
            found[line.clause.id] = line.clause
    yield from found.values()
