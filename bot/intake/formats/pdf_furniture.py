"""What a PDF prints round its pages: running headers and footers, page numbers. Known by their place."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from bot.intake.document import Dropped
from bot.intake.formats.pdf_rows import Row, body_size
from bot.intake.formats.pdf_words import Page
from bot.intake.markers import split_marker

_ZONE = 0.16  # of the page's height, at its top and at its foot
_SAME = 3.0  # points
_MARGIN = 54.0  # points: no text stands there, and headers and footers do
_DEEP = 5  # rows from the edge
_NUMBER = re.compile(
    r"[^\w#]*(?:(?:page|p\.)\s*\|?\s*)?#(?:\s*(?:of|/)\s*#)?(?:\s*\|\s*page)?[^\w#]*", re.I
)
_COUNTED = re.compile(
    r"\b(page|p\.)(\s*\|?\s*)\d+(?:\s*(?:of|/)\s*\d+)?|\b\d+(\s*\|\s*page)\b", re.I
)
_LONE = re.compile(r"(?<![\w.,:/£$-])(\d{1,3})(?![\w%-]|[.,:/]\w)(?:\s*of\s*\d{1,3}\b)?")
_BROWSER = re.compile(r"\d+/\d+/\d+, \d+:\d+.*|(?:file|https?)://\S+ \d+/\d+")

_Look = tuple[str, int]  # a row without its numbers, and its size of print
_Place = tuple[bool, float]  # at the top, points from that edge


def without_running(
    pages: Sequence[Page], rows: Sequence[list[Row]]
) -> tuple[list[list[Row]], list[Dropped]]:
    """The rows of each page without its header, footer and number; what went is listed."""
    seen: dict[tuple[_Look, bool], list[tuple[int, float]]] = defaultdict(list)
    for page, inside in zip(pages, rows, strict=True):
        for row, (top, off) in _edges(page, inside):
            seen[_look(row), top].append((page.no, off))
    _forget_common(rows, seen)
    firsts = {_said(row) for row in rows[0][:4]} if rows else set()
    running = _places(seen)
    body = body_size([(row.size, len(row.text)) for inside in rows for row in inside])
    kept, dropped = [], []
    for page, inside in zip(pages, rows, strict=True):
        gone = _gone(page, inside, seen, running, firsts, body)
        kept.append([row for row in inside if id(row) not in gone])
        dropped += [
            Dropped(page.no, row.text, gone[id(row)], page.no) for row in inside if id(row) in gone
        ]
    return kept, dropped


def _forget_common(
    rows: Sequence[list[Row]], seen: dict[tuple[_Look, bool], list[tuple[int, float]]]
) -> None:
    """A line that stands among the text as well ("Signature:") only chanced to stand at an edge, twice."""
    times = Counter(_look(row) for inside in rows for row in inside)
    for look, top in list(seen):
        both = len(seen[look, top]) + (len(seen[look, not top]) if (look, not top) in seen else 0)
        if times[look] > both + 1 and look[0] != "#":
            seen[look, top] = []


def _form(row: Row) -> str:
    return re.sub(r"\d+", "#", row.text).casefold()


def _said(row: Row) -> str:
    """The words of a row. Of its numbers only those that count pages may differ from page to page."""
    if _NUMBER.fullmatch(_form(row)):
        return "#"
    text, counts = _COUNTED.subn(r"\1 # \3", row.text.casefold())
    return text if counts else _LONE.sub(lambda found: f"#{int(found[1]) - row.page}", text)


def _look(row: Row) -> _Look:
    """In another size of print the same words are others: a heading, and its line in the contents list."""
    return _said(row), round(row.size)


def _edges(page: Page, rows: Sequence[Row]) -> list[tuple[Row, _Place]]:
    """The rows near the top and the foot, from the outside in."""
    depth = _ZONE * (page.top - page.bottom)
    top = [(row, (True, page.top - row.y)) for row in rows[:_DEEP]]
    foot = [(row, (False, row.y - page.bottom)) for row in reversed(rows[-_DEEP:])]
    return [one for one in (*top, *foot) if one[1][1] < depth]


def _places(seen: dict[tuple[_Look, bool], list[tuple[int, float]]]) -> dict[bool, list[float]]:
    """Where something is printed on more than one page."""
    found: dict[bool, list[float]] = {True: [], False: []}
    for (_, top), places in seen.items():
        found[top] += [off for no, off in places if _again(no, off, places)]
    return found


def _again(no: int, off: float, places: Sequence[tuple[int, float]]) -> bool:
    return any(other != no and abs(there - off) < _SAME for other, there in places)


def _nearby(no: int, off: float, places: Sequence[tuple[int, float]]) -> bool:
    """On the next page or the one before: so near that even close to the text it is no part of it."""
    return any(abs(other - no) == 1 and abs(there - off) < _SAME for other, there in places)


def _gone(
    page: Page,
    rows: Sequence[Row],
    seen: dict[tuple[_Look, bool], list[tuple[int, float]]],
    running: dict[bool, list[float]],
    firsts: set[str],
    body: float,
) -> dict[int, str]:
    """Why rows of this page are left out, by their id. From each edge inwards, until one stays."""
    gone: dict[int, str] = {}
    edges = _edges(page, rows)
    for top in (True, False):
        fits = True
        for row, off in [(row, off) for row, (at, off) in edges if at == top]:
            block = _block(rows, row, top)
            if any(row is one for one in (rows[0], rows[-1])) and _nearby(
                page.no, off, seen[_look(row), top]
            ):
                block = [row]
            repeats = not _is_text(row, body) and all(
                _again(page.no, _off(page, one, top), seen[_look(one), top]) for one in block
            )
            repeats = repeats and not _names_columns(rows, block[-1], top)
            alone = len(block) == 1 and _set_off(rows, row, top)
            outside = alone and _is_outside(rows, row, top, body)
            said = alone or (
                row is rows[-1] and "page" in _form(row)
            )  # "Page 3", close below small print
            number = said and len(rows) > 1 and _is_number(row, _form(row), page.no)
            title = alone and top and page.no > 1 and _said(row) in firsts
            title = title and not _is_item(row) and not _names_columns(rows, row, top)
            here = outside and page.no > 1 and any(abs(off - one) < _SAME for one in running[top])
            lone = (outside and off < _MARGIN) or bool(_BROWSER.fullmatch(row.text))
            fits = fits and (repeats or number or title or here or lone)
            if fits and id(row) not in gone:
                plain = "header" if top else "footer"
                gone[id(row)] = "page number" if _NUMBER.fullmatch(_form(row)) else plain
    return gone


def _is_text(row: Row, body: float) -> bool:
    """A long line in the size of the text itself."""
    return len(row.text) > 85 and row.size > 0.95 * body


def _is_item(row: Row) -> bool:
    """It begins with the number or bullet of a clause."""
    return bool(row.pieces[0].mark or split_marker(row.text)[0])


def _is_outside(rows: Sequence[Row], row: Row, top: bool, body: float) -> bool:
    """In smaller print than the text and far from it, on this page alone: no clause, and no heading."""
    place = next(n for n, one in enumerate(rows) if one is row)
    inner = place + 1 if top else place - 1
    if not 0 <= inner < len(rows) or _is_item(row):
        return False
    far = abs(row.y - rows[inner].y) > 2 * max(row.size, 11)
    return far and row.size < 0.95 * body and not any(piece.bold for piece in row.pieces)


def _names_columns(rows: Sequence[Row], row: Row, top: bool) -> bool:
    """It stands over (or under) a row of as many cells: it belongs to a table."""
    place = next(n for n, one in enumerate(rows) if one is row)
    inner = place + 1 if top else place - 1
    if not 0 <= inner < len(rows) or len(row.pieces) < 2:
        return False
    cells = rows[inner].pieces
    return len(cells) == len(row.pieces) and all(
        abs(a.edge - b.edge) < _SAME for a, b in zip(row.pieces, cells, strict=True)
    )


def _off(page: Page, row: Row, top: bool) -> float:
    return page.top - row.y if top else row.y - page.bottom


def _block(rows: Sequence[Row], row: Row, top: bool) -> list[Row]:
    """This row and those further in, up to where a space or another size of print parts them."""
    place = next(n for n, one in enumerate(rows) if one is row)
    found = [row]
    step = 1 if top else -1
    while 0 <= place + step < len(rows) and len(found) <= _DEEP:
        inner = rows[place + step]
        if _set_off(rows, rows[place], top) or abs(inner.size - rows[place].size) > 0.4:
            break
        place += step
        found.append(inner)
    return found


def _is_number(row: Row, form: str, no: int) -> bool:
    """ "Page 3 of 9", or the page's own number or one near it standing alone."""
    if not _NUMBER.fullmatch(form):
        return False
    bare = row.text.strip(" -–|.")
    return abs(int(bare) - no) < 3 if bare.isdigit() else bool(re.search("[a-z/]", form))


def _set_off(rows: Sequence[Row], row: Row, top: bool) -> bool:
    """Whether a space parts it from what stands further in."""
    place = next(n for n, one in enumerate(rows) if one is row)
    inner = place + 1 if top else place - 1
    if not 0 <= inner < len(rows):
        return True
    return abs(row.y - rows[inner].y) > 1.6 * max(row.size, min(rows[inner].size, row.size * 1.3))
