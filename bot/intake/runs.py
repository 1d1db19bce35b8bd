"""Numbers that count on: 1, 2, 3. One document may hold several such runs, one inside another."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.intake.lines import Item
from bot.intake.markers import Marker, alphabetic, roman

# Of the runs that may still go on, the outermost and the innermost: more would be looked through for
# every number, and a document of nothing but "1." would never end.
_OPEN = 6
_BLANK = re.compile(r"_{3,}|\.{4,}|…{2,}")


@dataclass
class Run:
    """Numbers that count on: 1, 2, 3. Their places, and how they look.

    Numbers the source says are headings (``style[2]``) are never in one run with those of a list.
    """

    style: tuple[str, str, bool]
    places: list[int] = field(default_factory=list)
    last: int = 0


def shortish(text: str, most_words: int = 12) -> bool:
    """Few words, not a sentence: could be a heading."""
    if not text or len(text) > 110 or text[-1] in ".;," or _BLANK.search(text):
        return False
    return len(text.split()) <= most_words and any(char.isalpha() for char in text)


def _value(marker: Marker, last: int) -> int:
    """What "3", "C." or "III." counts as, in a list that has reached ``last``."""
    if marker.kind == "decimal":
        return marker.number[0]
    if roman(marker.letter) == last + 1 and (last or marker.letter != "I"):
        return last + 1
    if marker.letter == "I" and last == 0:
        return 1
    return alphabetic(marker.letter)


def _top(item: Item) -> Marker | None:
    """The marker of a whole number ("3.") or capital letter ("C.")."""
    marker = item.marker
    if not marker or marker.tail not in ("", ".0"):
        return None
    if marker.kind == "decimal" and len(marker.number) == 1:
        return marker
    return marker if marker.kind == "letter" and marker.letter.isupper() else None


def runs_of(items: Sequence[Item], start: int) -> list[Run]:
    runs: list[Run] = []
    open_runs: list[Run] = []
    for place in range(start, len(items)):
        marker = _top(items[place])
        if not marker:
            continue
        style = (marker.kind, marker.style, items[place].hashes > 0)
        fits = [
            r
            for r in open_runs
            if r.style == style and r.last < _value(marker, r.last) <= r.last + 3
        ]
        fits = [r for r in fits if _value(marker, r.last) == r.last + 1] or fits
        run = max(fits, key=lambda r: _fit(items, r, place), default=None)
        if run is None or _value(marker, 0) == 1:
            open_runs = [r for r in open_runs if r.style != style or _short_lines(items, r)]
            run = Run(style)
            runs.append(run)
            open_runs.append(run)
            del open_runs[_OPEN:-_OPEN]
        run.last = _value(marker, run.last)
        run.places.append(place)
        del open_runs[open_runs.index(run) + 1 :]
    return runs


def _short_lines(items: Sequence[Item], run: Run) -> bool:
    """Headings outlast a list inside a section; a list ends where the next one begins."""
    return 2 * sum(shortish(items[place].text, 16) for place in run.places) > len(run.places)


def _fit(items: Sequence[Item], run: Run, place: int) -> tuple[int, int]:
    """How alike an item and a run look; the nearer run when they are equal."""
    last = items[run.places[-1]]
    same = shortish(items[place].text) == shortish(last.text)
    near = run.places[-1] == place - 1
    return 2 * same + near + (last.indent == items[place].indent), run.places[-1]
