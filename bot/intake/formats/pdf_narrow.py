"""Two columns with hardly more than a space between them: every line keeps the same narrow strip white."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.intake.formats.pdf_rows import Piece, Row
from bot.intake.formats.pdf_words import Page, Word

_LEAST = 5.0  # points of white
_NARROW = 1.35  # times the size; wider gutters part the pieces of a row anyway
_ROWS = 6  # on each side
_SIGNS = 18  # a line of a column holds as many on the average
_ALIGNED = 1.5  # points


@dataclass(frozen=True)
class Band:
    """Rows ``start`` to ``end`` (outside) are two columns; the right one begins at ``x``."""

    start: int
    end: int
    x: float


def band_of(page: Page, rows: Sequence[Row]) -> Band | None:
    """The rows of a page that stand in two columns so near each other, if there are any."""
    starts = Counter(round(word.x0) for row in rows for word in _after_white(row))
    for x, times in starts.most_common(4):
        if times < _ROWS:
            break
        for start, end in _stretches(rows, x):
            band = _trimmed(rows, start, end, x)
            if band and _is_prose(page, rows[band.start : band.end], x):
                return band
    return None


def sides(rows: Sequence[Row], x: float) -> tuple[list[Row], list[Row]]:
    """The rows left of ``x`` and those right of it."""
    return [one for row in rows for one in _side(row, x, True)], [
        one for row in rows for one in _side(row, x, False)
    ]


def _after_white(row: Row) -> list[Word]:
    words = row.words
    return [words[0]] + [b for a, b in pairwise(words) if b.x0 - a.x1 > _LEAST]


def _stretches(rows: Sequence[Row], x: int) -> list[tuple[int, int]]:
    """Rows one after the other that keep the strip before ``x`` white, the longest run first."""
    found, start = [], 0
    for place, row in enumerate([*rows, None]):
        if row is None or any(one.x0 < x - 1 and one.x1 > x - _LEAST for one in row.words):
            found.append((start, place))
            start = place + 1
    return sorted(found, key=lambda one: one[0] - one[1])[:2]


def _trimmed(rows: Sequence[Row], start: int, end: int, x: float) -> Band | None:
    """From the first line on the right; lines on the left go on below the last one while they are close."""
    right = [n for n in range(start, end) if rows[n].words[-1].x1 > x]
    if len(right) < _ROWS:
        return None
    first, last = right[0], right[-1] + 1
    while first > start and rows[first - 1].y - rows[right[0]].y < rows[right[0]].size:
        first -= 1
    while last < end and rows[last - 1].y - rows[last].y < 2 * rows[last].size:
        last += 1
    return Band(first, last, x)


def _is_prose(page: Page, rows: Sequence[Row], x: float) -> bool:
    """Both sides are text, lined up and filled, with no line drawn between them."""
    left, right = sides(rows, x)
    if min(len(left), len(right)) < _ROWS:
        return False
    ends = [row.words[-1].x1 for row in left]
    white = min(row.words[0].x0 for row in right) - max(ends)
    size = sorted(row.size for row in rows)[len(rows) // 2]
    drawn = sum(
        min(bar.y1, rows[0].y) - max(bar.y0, rows[-1].y)
        for bar in page.upright
        if max(ends) < bar.x0 < x and bar.y1 > rows[-1].y and bar.y0 < rows[0].y
    )
    if not _LEAST <= white <= _NARROW * size or drawn > 0.5 * (rows[0].y - rows[-1].y):
        return False
    lined = sum(abs(row.words[0].x0 - x) < _ALIGNED for row in right)
    return lined > 0.5 * len(right) and all(map(_filled, (left, right)))


def _filled(rows: Sequence[Row]) -> bool:
    x0, x1 = min(row.words[0].x0 for row in rows), max(row.words[-1].x1 for row in rows)
    full = sum(row.words[-1].x1 - row.words[0].x0 > 0.7 * (x1 - x0) for row in rows)
    return full >= 0.4 * len(rows) and sum(len(row.text) for row in rows) >= _SIGNS * len(rows)


def _side(row: Row, x: float, left: bool) -> list[Row]:
    pieces = []
    for piece in row.pieces:
        words = [word for word in piece.words if (word.x0 < x - 1) == left]
        mine = bool(piece.mark) and (piece.mark_x < x - 1) == left
        if words:
            pieces.append(Piece(words, piece.mark, piece.mark_x) if mine else Piece(words))
    if not pieces:
        return []
    y = max((word for piece in pieces for word in piece.words), key=lambda one: one.size).y
    return [Row(row.page, y, pieces)]
