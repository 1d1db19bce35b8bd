"""A policy laid out as it reads: headings, clauses, and bullets under their lead-ins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.core.policies import Clause, Policy

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def unfinished(clause: Clause) -> tuple[str, ...]:
    """Which of "alternatives" and "blank" a clause still shows."""
    open_choice = clause.option or clause.kind == "or"
    blank = clause.has_blank and clause.kind != "sign"
    return (*(["alternatives"] if open_choice else []), *(["blank"] if blank else []))


@dataclass
class Item:
    """A clause and what hangs under it, in the document's order."""

    clause: Clause
    below: list["Item"] = field(default_factory=list)

    @property
    def faults(self) -> tuple[str, ...]:
        return unfinished(self.clause)


@dataclass
class Part:
    """A heading and the clauses under it. ``level`` is 2 for a chapter, 3 for what is inside it."""

    id: str = ""
    heading: str = ""
    level: int = 2
    items: list[Item] = field(default_factory=list)


def parts(policy: Policy) -> list[Part]:
    """The whole policy. No clause is left out and none is moved."""
    laid: list[Part] = [Part()]
    path: tuple[str, ...] = ()
    above: list[Item] = []
    for clause in policy.clauses:
        headings = _headings(policy, clause)
        if headings != path:
            laid += _opened(path, headings, len(laid))
            path, above = headings, []
        item = Item(clause)
        # A bullet hangs under its lead-in only while nothing else came between.
        while above and above[-1].clause.id != clause.lead:
            above.pop()
        (above[-1].below if above else laid[-1].items).append(item)
        above.append(item)
    return [part for part in laid if part.heading or part.items]


def _headings(policy: Policy, clause: Clause) -> tuple[str, ...]:
    """The headings over a clause, but for the policy's own title, which the page already shows."""
    first = clause.headings[:1]
    repeats = first and first[0].casefold() == policy.title.casefold()
    return clause.headings[1:] if repeats else clause.headings


def _opened(path: Sequence[str], headings: Sequence[str], count: int) -> Iterable[Part]:
    """The headings that begin here: those past what the clause before was under."""
    shared = 0
    while shared < min(len(path), len(headings)) and path[shared] == headings[shared]:
        shared += 1
    # Back under a heading that an inner one had left: there is no new heading, only a new stretch.
    fresh = headings[shared:]
    if not fresh:
        return [Part()]
    return [
        Part(f"section-{count + n}", text, min(2 + shared + n, 6)) for n, text in enumerate(fresh)
    ]


def day(when: str) -> str:
    """A date text in words, no more exact than it was written: "2018-10" is October 2018."""
    numbers = when.strip().split("-")
    if not all(part.isdecimal() for part in numbers) or len(numbers) > 3:
        return when
    year, month, date = (int(part) for part in (*numbers, "0", "0")[:3])
    if not month:
        return str(year)
    if not 1 <= month <= 12:
        return when
    return f"{date or ''} {MONTHS[month - 1]} {year}".strip()
