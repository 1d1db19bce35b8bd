"""What a PDF prints round its pages: running headers and footers, page numbers. Known by their place."""

import re
from collections import defaultdict
from collections.abc import Sequence

from bot.intake.document import Dropped
from bot.intake.formats.pdf_rows import Row
from bot.intake.formats.pdf_words import Page

_ZONE = 0.16  # of the page's height, at its top and at its foot
_SAME = 3.0  # points
_DEEP = 5  # rows from the edge
_NUMBER = re.compile(
    r"\W*(?:(?:page|p\.)\s*\|?\s*)?#(?:\s*(?:of|/)\s*#)?(?:\s*\|\s*page)?\W*", re.I
)
_BROWSER = re.compile(r"\d+/\d+/\d+, \d+:\d+.*|(?:file|https?)://\S+ \d+/\d+")

_Place = tuple[bool, float]  # at the top, points from that edge


def without_running(
    pages: Sequence[Page], rows: Sequence[list[Row]]
) -> tuple[list[list[Row]], list[Dropped]]:
    """The rows of each page without its header, footer and number; what went is listed."""
    seen: dict[tuple[str, bool], list[tuple[int, float]]] = defaultdict(list)
    for page, inside in zip(pages, rows, strict=True):
        for row, (top, off) in _edges(page, inside):
            seen[_form(row), top].append((page.no, off))
    firsts = {_form(row) for row in rows[0][:4]} if rows else set()
    running = _places(seen)
    kept, dropped = [], []
    for page, inside in zip(pages, rows, strict=True):
        gone = _gone(page, inside, seen, running, firsts)
        kept.append([row for row in inside if id(row) not in gone])
        dropped += [Dropped(page.no, row.text, gone[id(row)]) for row in inside if id(row) in gone]
    return kept, dropped


def _form(row: Row) -> str:
    return re.sub(r"\d+", "#", row.text).casefold()


def _edges(page: Page, rows: Sequence[Row]) -> list[tuple[Row, _Place]]:
    """The rows near the top and the foot, from the outside in."""
    depth = _ZONE * (page.top - page.bottom)
    top = [(row, (True, page.top - row.y)) for row in rows[:_DEEP]]
    foot = [(row, (False, row.y - page.bottom)) for row in reversed(rows[-_DEEP:])]
    return [one for one in (*top, *foot) if one[1][1] < depth]


def _places(seen: dict[tuple[str, bool], list[tuple[int, float]]]) -> dict[bool, list[float]]:
    """Where something is printed on more than one page."""
    found: dict[bool, list[float]] = {True: [], False: []}
    for (_, top), places in seen.items():
        found[top] += [off for no, off in places if _again(no, off, places)]
    return found


def _again(no: int, off: float, places: Sequence[tuple[int, float]]) -> bool:
    return any(other != no and abs(there - off) < _SAME for other, there in places)


def _gone(
    page: Page,
    rows: Sequence[Row],
    seen: dict[tuple[str, bool], list[tuple[int, float]]],
    running: dict[bool, list[float]],
    firsts: set[str],
) -> dict[int, str]:
    """Why rows of this page are left out, by their id. From each edge inwards, until one stays."""
    gone: dict[int, str] = {}
    stopped: set[bool] = set()
    for row, (top, off) in _edges(page, rows):
        form = _form(row)
        repeats = _again(page.no, off, seen[form, top])
        alone = _set_off(rows, row, top)
        here = any(abs(off - one) < _SAME for one in running[top])
        number = alone and _is_number(row, form, page.no)
        title = alone and top and page.no > 1 and form in firsts
        if top in stopped or id(row) in gone:
            continue
        if not (repeats or number or title or (here and alone and page.no > 1)) and not (
            _BROWSER.fullmatch(row.text)
        ):
            stopped.add(top)
        elif _NUMBER.fullmatch(form):
            gone[id(row)] = "page number"
        else:
            gone[id(row)] = "header" if top else "footer"
    return gone


def _is_number(row: Row, form: str, no: int) -> bool:
    """ "Page 3 of 9", or the page's own number or one near it standing alone."""
    if not _NUMBER.fullmatch(form):
        return False
    bare = row.text.strip(" -–|.")
    return not bare.isdigit() or abs(int(bare) - no) < 3


def _set_off(rows: Sequence[Row], row: Row, top: bool) -> bool:
    """Whether a space parts it from what stands further in."""
    place = next(n for n, one in enumerate(rows) if one is row)
    inner = place + 1 if top else place - 1
    if not 0 <= inner < len(rows):
        return True
    return abs(row.y - rows[inner].y) > 1.6 * max(row.size, min(rows[inner].size, row.size * 1.3))
