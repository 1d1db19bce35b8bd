"""A policy as the bot knows it: its clauses, each with a lasting id, and what its front matter says."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

Kind = Literal["clause", "field", "or", "sign"]


# How the cells of a table row stand in a clause's text: no rule is read across them.
BETWEEN_CELLS = " | "


@dataclass(frozen=True)
class Clause:
    """The smallest thing a citation names. ``text`` is the source's own words, white space folded.

    ``id`` is minted once and never shown; ``label`` is what this version prints ("5.2 (bullet 3)").
    ``marker`` is the number or bullet as printed ("5.2", "•", "(a)"), not part of ``text``.
    ``lead`` is the id of the lead-in this clause hangs under ("Users must NOT:"), or empty.
    ``kind``: clause; field (a header or date line of the document); or (the word "Or" between two
    alternatives nobody has chosen); sign (a signature block).
    ``option`` is 1, 2, ... for such an alternative, else 0.
    """

    id: str
    label: str
    text: str
    marker: str = ""
    kind: Kind = "clause"
    headings: tuple[str, ...] = ()
    lead: str = ""
    option: int = 0

    @property
    def is_row(self) -> bool:
        """A row of a table: its sense lies in its columns, not in its words one after the other."""
        return BETWEEN_CELLS in self.text

    @property
    def has_blank(self) -> bool:
        """A place nobody filled in: a run of underscores or dots."""
        return bool(re.search(r"_{3,}|\.{6,}|…{3,}", self.text))


@dataclass(frozen=True)
class Policy:
    """One version of one policy. Dates are ISO text as exact as the document is: 2018-10-31, 2018-10, 2018.

    ``said`` names, for a front-matter field, the id of the clause that says it.
    ``pins`` names, for "guide.leaf", the clause ids that answer that leaf here.
    """

    id: str
    title: str
    clauses: tuple[Clause, ...] = ()
    school: str = ""
    owner: str = ""
    approver: str = ""
    version: str = ""
    approved: str = ""
    review_due: str = ""
    replaced_by: str = ""
    replaced_on: str = ""
    audience: tuple[str, ...] = ()
    reread: str = ""
    source: str = ""
    source_sha256: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    pins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> Mapping[str, Clause]:
        return {clause.id: clause for clause in self.clauses}

    def lead_of(self, clause: Clause) -> Clause | None:
        """The lead-in a bullet or lettered item completes."""
        return self.by_id.get(clause.lead)


_END = re.compile(r"[.!?;][\"'”’)]*(\s+)(?=[\"'“‘(]?[A-Z0-9])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.?g|i\.?e|etc|Mr|Mrs|Ms|Dr|St|No|vs|para|s|cl)\.)$", re.I)


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Where each sentence of ``text`` begins and ends. Together they cover the text but for spaces."""
    spans, start = [], 0
    for gap in _END.finditer(text):
        if _ABBREVIATION.search(text[start : gap.start(1)]):
            continue
        spans.append((start, gap.start(1)))
        start = gap.end()
    spans.append((start, len(text)))
    return tuple(span for span in spans if span[1] > span[0])


def last_day(when: str) -> date | None:
    """The last day a date text can mean: "2018-10" is 31 October 2018; None when it is no date."""
    parts = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", when.strip())
    if not parts:
        return None
    year, month, day = (int(part) if part else None for part in parts.groups())
    try:
        first = date(year or 0, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    if month is None:
        return first.replace(month=12, day=31)
    return first if day is not None else first.replace(day=monthrange(first.year, first.month)[1])


MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def spoken(when: str) -> str:
    """A date as people say it: "2018-10" is "October 2018"; what is no date is left as it is."""
    if last_day(when) is None:
        return when
    year, *rest = when.split("-")
    month = f"{MONTHS[int(rest[0]) - 1]} " if rest else ""
    day = f"{int(rest[1])} " if len(rest) > 1 else ""
    return f"{day}{month}{year}"
