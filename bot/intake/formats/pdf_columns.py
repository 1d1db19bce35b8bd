"""Rows -> what is read one after the other: the lines of one column, then of the next, and table rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.intake.formats.pdf_rows import Piece, Row
from bot.intake.formats.pdf_words import Page, Word

_ALIGNED = 3.0  # points
_PROSE_SIGNS = 18  # a column whose lines hold fewer on the average is a table's


@dataclass
class Printed:
    """One line of one column, or one row of a table (``cells``). ``left`` and ``right``: its column's edges.

    ``column`` is 0 where the text runs across the page; each column beside another has its own number.
    """

    page: int
    y: float
    piece: Piece
    column: int = 0
    left: float = 0.0
    right: float = 0.0
    cells: tuple[tuple[Piece, ...], ...] = ()


@dataclass
class _Gutter:
    """Empty from ``x0`` to ``x1``. ``ruled``: a line is drawn down it."""

    x0: float
    x1: float
    ruled: bool = False

    @property
    def x(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True)
class _Region:
    """Rows ``start`` to ``end`` (outside) stand beside one another across gutters."""

    start: int
    end: int
    gutters: tuple[_Gutter, ...]


def printed(page: Page, rows: Sequence[Row]) -> list[Printed]:
    """What stands on a page, in the order it is read."""
    found: list[Printed] = []
    place = 0
    while place < len(rows):
        region = _region(page, rows, place)
        if region is None:
            found.append(Printed(page.no, rows[place].y, _whole(rows[place].pieces)))
            place += 1
        elif _is_prose(page, rows, region):
            region = _upwards(rows, region, len(found))
            del found[len(found) - (place - region.start) :]
            found += _prose(rows, region, len({one.column for one in found if one.column}))
            place = region.end
        else:
            found += _table(page, rows, region)
            place = region.end
    return found


def _whole(pieces: Sequence[Piece]) -> Piece:
    """Pieces of one line that were parted by nothing but wide spaces."""
    first = pieces[0]
    if len(pieces) == 1:
        return first
    words = list(first.words)
    for piece in pieces[1:]:
        words += piece.words
    inner = [one.mark for one in pieces[1:] if one.mark]
    if not inner:
        return Piece(words, first.mark, first.mark_x)
    return Piece([word for one in pieces for word in _spelt(one)], first.mark, first.mark_x)


def _spelt(piece: Piece) -> list[Word]:
    """The words of a piece, what looked like its mark put back before them."""
    if not piece.mark:
        return piece.words
    first = piece.words[0]
    mark = Word(piece.mark_x, piece.mark_x + 1, first.y, first.size, first.bold, piece.mark)
    mark.closed = True
    return [mark, *piece.words]


# Where columns are ---------------------------------------------------------------------------------


def _region(page: Page, rows: Sequence[Row], start: int) -> _Region | None:
    """The rows from ``start`` on that keep clear of a gutter; None where there is none to speak of."""
    gutters = _drawn(page, rows[start]) or _seeds(rows, start)
    end, kept = start, gutters
    while gutters and end < len(rows) and not _falls_off(rows, start, end, kept):
        kept = gutters
        end += 1
        if end < len(rows):
            gutters = _clear(page, kept, rows[end])
            if len(gutters) < len(kept) and _holds(page, rows, _Region(start, end, tuple(kept))):
                break
    kept = [one for one in kept if _holds(page, rows, _Region(start, end, (one,)))]
    return _Region(start, _trimmed(rows, start, end, kept), tuple(kept)) if kept else None


def _drawn(page: Page, row: Row) -> list[_Gutter]:
    """The gutters that a frame drawn round this row sets."""
    bars = {round(b.x0) for b in page.upright if b.y0 - 1 <= row.y + row.size / 3 <= b.y1 + 1}
    xs = [x for n, x in enumerate(sorted(bars)) if n == 0 or x - 3 > sorted(bars)[n - 1]]
    return [
        _Gutter(x - 0.5, x + 0.5, True)
        for x in xs[1:-1]
        if not any(piece.edge < x - 1 and piece.x1 > x + 1 for piece in row.pieces)
    ]


def _seeds(rows: Sequence[Row], start: int) -> list[_Gutter]:
    pieces = list(rows[start].pieces)
    if len(pieces) == 1 and start + 1 < len(rows) and len(rows[start + 1].pieces) == 1:
        other = rows[start + 1].pieces[0]  # two columns whose lines are not level with each other
        if rows[start].y - rows[start + 1].y < 0.85 * min(rows[start].size, rows[start + 1].size):
            pieces = sorted((*pieces, other), key=lambda one: one.x0)
    return [_Gutter(a.x1, b.edge) for a, b in pairwise(pieces) if b.edge > a.x1]


def _clear(page: Page, gutters: Sequence[_Gutter], row: Row) -> list[_Gutter]:
    """The gutters as narrow as this row leaves them."""
    found = []
    for gutter in gutters:
        x0, x1 = gutter.x0, gutter.x1
        for piece in row.pieces:
            if piece.edge < x1 and piece.x1 > x0:
                if piece.edge + piece.x1 < 2 * gutter.x and piece.x1 < x1:
                    x0 = piece.x1
                elif piece.edge > x0:
                    x1 = piece.edge
                else:
                    x0, x1 = x1, x0
        ruled = _ruled(page, x0, x1, row.y + row.size / 3)
        least = 0.2 if ruled else 0.8 * row.size
        if x1 - x0 >= least and (ruled or not gutter.ruled):
            found.append(_Gutter(x0, x1, ruled))
    return found


def _ruled(page: Page, x0: float, x1: float, y: float) -> bool:
    return any(x0 - 1 <= bar.x0 <= x1 + 1 and bar.y0 - 3 <= y <= bar.y1 + 3 for bar in page.upright)


def _falls_off(rows: Sequence[Row], start: int, end: int, gutters: Sequence[_Gutter]) -> bool:
    """A line on one side only, after a space: the columns have ended above it."""
    if end == start or any(gutter.ruled for gutter in gutters):
        return False
    row, above = rows[end], rows[end - 1]
    usual = min((a.y - b.y for a, b in pairwise(rows[start:end])), default=above.y - row.y)
    far = above.y - row.y > max(1.6 * usual, 1.8 * row.size)
    one_side = all(
        all(p.x1 <= g.x for p in row.pieces) or all(p.edge >= g.x for p in row.pieces)
        for g in gutters
    )
    return far and one_side and above.y - row.y > 2.4 * row.size


def _holds(page: Page, rows: Sequence[Row], region: _Region) -> bool:
    """Whether enough stands on both sides of every gutter, and well enough lined up."""
    return all(_gutter_holds(page, rows[region.start : region.end], g) for g in region.gutters)


def _gutter_holds(page: Page, rows: Sequence[Row], gutter: _Gutter) -> bool:
    left = [row for row in rows if any(p.x1 <= gutter.x for p in row.pieces)]
    right = [min((p.edge for p in row.pieces if p.edge >= gutter.x), default=None) for row in rows]
    edges = [one for one in right if one is not None]
    if min(len(left), len(edges)) < 2:
        return _framed(page, rows, gutter) and bool(left and edges)
    if _framed(page, rows, gutter):
        return True
    lined = sum(one - min(edges) <= _ALIGNED for one in edges)
    size = rows[0].size
    few = len(edges) < 4
    return lined >= 0.6 * len(edges) and gutter.x1 - gutter.x0 >= (1.4 if few else 0.8) * size


def _framed(page: Page, rows: Sequence[Row], gutter: _Gutter) -> bool:
    top, bottom = rows[0].y + rows[0].size, rows[-1].y
    upright = any(
        gutter.x0 - 2 <= bar.x0 <= gutter.x1 + 2 and bar.y0 < top and bar.y1 > bottom
        for bar in page.upright
    )
    return upright and len(_levels(page, rows, (gutter,))) > 1


def _levels(page: Page, rows: Sequence[Row], gutters: Sequence[_Gutter]) -> list[float]:
    """How high the drawn lines stand that part the rows of a table, from the top."""
    top, bottom = rows[0].y + 3 * rows[0].size, rows[-1].y - 2 * rows[-1].size
    near = [bar for bar in page.level if bottom <= bar.y0 <= top]
    edges = [(p.edge, p.x1) for row in rows for p in row.pieces]
    x0, x1 = min(a for a, _ in edges), max(b for _, b in edges)
    found: list[float] = []
    for y in sorted({round(bar.y0) for bar in near}, reverse=True):
        bars = [bar for bar in near if abs(bar.y0 - y) <= 1.5]
        covered = sum(max(0.0, min(bar.x1, x1) - max(bar.x0, x0)) for bar in bars)
        if covered > 0.5 * (x1 - x0) and not (found and found[-1] - y < 3):
            found.append(float(y))
    return found


def _trimmed(rows: Sequence[Row], start: int, end: int, gutters: Sequence[_Gutter]) -> int:
    """Lines at the end that stand in no column but the first, across half of it and more, are not in it."""
    while end - start > 1 and gutters:
        row, above = rows[end - 1], rows[end - 2]
        alone = all(piece.x1 <= gutters[0].x for piece in row.pieces)
        if gutters[0].ruled or not (alone and above.y - row.y > 1.9 * row.size):
            break
        end -= 1
    return end


# Prose ---------------------------------------------------------------------------------------------


def _is_prose(page: Page, rows: Sequence[Row], region: _Region) -> bool:
    """Two or three columns of full lines with nothing drawn between their lines."""
    inside = rows[region.start : region.end]
    if len(region.gutters) > 2 or len(inside) < 4:
        return False
    if len(_levels(page, inside, region.gutters)) > 1:
        return False
    return all(_full(pieces) for pieces in _columns(inside, region))


def _columns(rows: Sequence[Row], region: _Region) -> list[list[tuple[Row, Piece]]]:
    columns: list[list[tuple[Row, Piece]]] = [[] for _ in range(len(region.gutters) + 1)]
    for row in rows:
        for place, pieces in enumerate(_parted(row, region)):
            if pieces:
                columns[place].append((row, _whole(pieces)))
    return columns


def _parted(row: Row, region: _Region) -> list[list[Piece]]:
    parts: list[list[Piece]] = [[] for _ in range(len(region.gutters) + 1)]
    for piece in row.pieces:
        parts[sum(piece.edge >= gutter.x for gutter in region.gutters)].append(piece)
    return parts


def _full(column: Sequence[tuple[Row, Piece]]) -> bool:
    if len(column) < 3:
        return False
    pieces = [piece for _, piece in column]
    left, right = min(one.edge for one in pieces), max(one.x1 for one in pieces)
    filled = sum(one.x1 - one.edge > 0.7 * (right - left) for one in pieces)
    signs = sum(len(one.text) for one in pieces) / len(pieces)
    return filled >= 0.5 * len(pieces) and signs >= _PROSE_SIGNS


def _upwards(rows: Sequence[Row], region: _Region, most: int) -> _Region:
    """Lines just above that stand in one column only belong to it, such as its heading."""
    start = region.start
    edges = [min(one.edge for one in part) for part in _parted(rows[start], region) if part]
    while start > max(0, region.start - most):
        row, below = rows[start - 1], rows[start]
        inside = all(
            piece.x1 <= gutter.x0 or piece.edge >= gutter.x1
            for piece in row.pieces
            for gutter in region.gutters
        )
        near = row.y - below.y < 2 * max(row.size, below.size)
        aligned = any(abs(row.pieces[0].edge - edge) < _ALIGNED for edge in edges)
        if not (inside and near and aligned and row.size < 1.3 * below.size):
            break
        start -= 1
    return _Region(start, region.end, region.gutters)


def _prose(rows: Sequence[Row], region: _Region, columns: int) -> list[Printed]:
    found: list[Printed] = []
    for column in _columns(rows[region.start : region.end], region):
        columns += 1
        left = min(piece.edge for _, piece in column)
        right = max(piece.x1 for _, piece in column)
        found += [Printed(row.page, one.y, one, columns, left, right) for row, one in column]
    return found


# Tables --------------------------------------------------------------------------------------------


def _table(page: Page, rows: Sequence[Row], region: _Region) -> list[Printed]:
    inside = rows[region.start : region.end]
    begins = _row_starts(page, inside, region)
    found: list[Printed] = []
    for place, row in enumerate(inside):
        parts = _parted(row, region)
        if begins(place):
            cells = tuple(tuple(part) for part in parts)
            found.append(Printed(row.page, row.y, row.pieces[0], cells=cells))
        else:
            last = found[-1]
            last.cells = tuple((*a, *b) for a, b in zip(last.cells, parts, strict=True))
    return found


def _row_starts(page: Page, rows: Sequence[Row], region: _Region) -> Callable[[int], bool]:
    """Whether a table row begins with the printed row at a place."""
    levels = _levels(page, rows, region.gutters)
    between = [y for y in levels if rows[-1].y < y < rows[0].y]
    framed = len(levels) > 1 and all(gutter.ruled for gutter in region.gutters)
    if between or framed:
        bands = [sum(y > row.y + 1 for y in between) for row in rows]
        return lambda place: place == 0 or bands[place] != bands[place - 1]
    steps = [a.y - b.y for a, b in pairwise(rows)]
    least = min(steps, default=0.0)
    if steps and max(steps) > 1.3 * least and least < 1.5 * rows[0].size:
        return lambda place: place == 0 or steps[place - 1] > 1.15 * least
    return lambda place: place == 0 or bool(_parted(rows[place], region)[0])
