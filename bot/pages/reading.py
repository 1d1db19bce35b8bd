"""A policy laid out as it reads: headings, clauses, and bullets under their lead-ins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.core.policies import Clause, Policy
from bot.core.sections import headings_of


@dataclass
class Item:
    """A clause and what hangs under it, in the document's order."""

    clause: Clause
    below: list["Item"] = field(default_factory=list)


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
        headings = headings_of(policy, clause)
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
