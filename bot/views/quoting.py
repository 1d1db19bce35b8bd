"""Policies as cards show them: clauses word for word, where they stand, and the way to read on."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.core.answers import Answer, Cite
from bot.core.cards import Quote
from bot.core.policies import Clause, Policy, sentences, spoken
from bot.core.sections import headings_of, section_of, sections


@dataclass(frozen=True)
class Quoting:
    """``top`` says where a line of a policy's own header stands."""

    policies: Mapping[str, Policy]
    top: Callable[[str], str]

    def quotes(self, cites: Sequence[Cite], answer: Answer) -> list[Quote]:
        quotes = _led_once([self._quote(cite) for cite in cites])
        if answer.kind != "section":
            return quotes
        return self._as_it_reads(cites, quotes, whole=not answer.number)

    def title(self, policy: str) -> str:
        return self.policies[policy].title if policy in self.policies else ""

    def places(self, policies: Sequence[str]) -> list[dict[str, str]]:
        """Policies by name, with the page of each and the press that shows it in a chat."""
        return [
            {"title": self.title(p), "link": f"/policies/{p}", "read": f"read {p}"}
            for p in policies
        ]

    def sections(self, policy: Policy) -> list[dict[str, str]]:
        """Its sections that have a name, with the page of each and the press that shows it whole."""
        named = (one for one in sections(policy) if one.name)
        return [{"name": one.name, **self.way(policy.id, one.clauses[0].id)} for one in named]

    def way(self, policy: str, clause: str) -> dict[str, str]:
        """The page where a clause stands, and the press that shows its whole section."""
        return {"link": link(policy, clause), "read": f"read {policy} {clause}"}

    def heading(self, answer: Answer) -> str:
        """The heading of a section, asked for by its number or shown whole."""
        if answer.kind != "section" or not answer.ranked:
            return ""
        policy, clause = answer.ranked[0]
        if not answer.number:
            return section_of(self.policies[policy], clause).name
        heads = self.policies[policy].by_id[clause].headings
        return next((head for head in heads if re.match(rf"\D*{answer.number}\b", head)), "")

    def inner(self, answer: Answer) -> list[str]:
        """Over each clause of a section the headings inside it, where others begin there."""
        clauses = [(self.policies[c.policy], self._clause(c)) for c in answer.cites]
        inner = [" · ".join(headings_of(policy, clause)[1:]) for policy, clause in clauses]
        return [now if now != before else "" for before, now in pairwise(["", *inner])]

    def about(self, policy: str) -> str:
        """Its title, version and date as one line."""
        return _source(self.policies[policy], "")

    def _quote(self, cite: Cite) -> Quote:
        policy, clause = self.policies[cite.policy], self._clause(cite)
        lead = policy.lead_of(clause)
        spans = sentences(clause.text)
        strong = spans[min(cite.sentence, len(spans) - 1)] if spans else (0, 0)
        deciding = cite.mark in ("answer", "a", "b")
        return Quote(
            clause.text,
            _source(policy, self._place(clause)),
            lead.text if lead else "",
            strong if deciding and clause.kind == "clause" else (0, 0),
            link(cite.policy, cite.clause),
        )

    def _as_it_reads(self, cites: Sequence[Cite], quotes: list[Quote], whole: bool) -> list[Quote]:
        """A section's clauses: a lead-in that stands there itself is not said again, and what is said
        of the whole of it is not said of each."""
        known = [self._clause(cite) for cite in cites]
        there = {clause.id for clause in known}
        read = []
        for clause, quote in zip(known, quotes, strict=True):
            source = self._place(clause) if whole else ""
            lead = "" if clause.lead in there else quote.lead
            read.append(replace(quote, lead=lead, source=source or quote.source))
        return read

    def _clause(self, cite: Cite) -> Clause:
        return self.policies[cite.policy].by_id[cite.clause]

    def _place(self, clause: Clause) -> str:
        """Where a clause stands, as people say it: its number, or which line at the top it is."""
        _, front, line = clause.label.partition("Front matter: ")
        return self.top(line) if front else clause.label


def link(policy: str, clause: str) -> str:
    return f"/policies/{policy}/c/{clause}"


def _source(policy: Policy, place: str) -> str:
    version = f"version {policy.version}" if policy.version else ""
    dated = ", ".join(part for part in (version, spoken(policy.approved)) if part)
    return " · ".join(part for part in (place, policy.title, dated) if part)


def _led_once(quotes: list[Quote]) -> list[Quote]:
    """Bullets quoted one after the other show their lead-in once."""
    before = [""] + [quote.lead for quote in quotes]
    pairs = zip(quotes, before, strict=False)
    return [replace(quote, lead="") if quote.lead == lead else quote for quote, lead in pairs]
