"""Rows -> what is read one after the other: the lines of one column, then of the next, and table rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.intake.formats.pdf_gutters import Region, drawn_levels, region_from
from bot.intake.formats.pdf_narrow import band_of, sides
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


def printed(page: Page, rows: Sequence[Row]) -> list[Printed]:
    """What stands on a page, in the order it is read."""
    band = band_of(page, rows)
    if band is None:
        return _regions(page, rows)
    found = _regions(page, rows[: band.start])
    for number, column in enumerate(sides(rows[band.start : band.end], band.x), 100):
        left = min(row.pieces[0].edge for row in column)
        right = max(row.pieces[-1].x1 for row in column)
        for one in _regions(page, column):
            one.column, one.left, one.right = number, left, right
            found.append(one)
    return found + _regions(page, rows[band.end :])


def _regions(page: Page, rows: Sequence[Row]) -> list[Printed]:
    found: list[Printed] = []
    place = 0
    while place < len(rows):
        region = region_from(page, rows, place)
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


# Prose ---------------------------------------------------------------------------------------------


def _is_prose(page: Page, rows: Sequence[Row], region: Region) -> bool:
    """Two or three columns of full lines with nothing drawn between their lines."""
    inside = rows[region.start : region.end]
    if len(region.gutters) > 2 or len(inside) < 4:
        return False
    if len(drawn_levels(page, inside)) > 1:
        return False
    return all(_full(pieces) for pieces in _columns(inside, region))


def _columns(rows: Sequence[Row], region: Region) -> list[list[tuple[Row, Piece]]]:
    columns: list[list[tuple[Row, Piece]]] = [[] for _ in range(len(region.gutters) + 1)]
    for row in rows:
        for place, pieces in enumerate(_parted(row, region)):
            if pieces:
                columns[place].append((row, _whole(pieces)))
    return columns


def _parted(row: Row, region: Region) -> list[list[Piece]]:
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


def _upwards(rows: Sequence[Row], region: Region, most: int) -> Region:
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
    return Region(start, region.end, region.gutters)


def _prose(rows: Sequence[Row], region: Region, columns: int) -> list[Printed]:
    found: list[Printed] = []
    for column in _columns(rows[region.start : region.end], region):
        columns += 1
        left = min(piece.edge for _, piece in column)
        right = max(piece.x1 for _, piece in column)
        found += [Printed(row.page, one.y, one, columns, left, right) for row, one in column]
    return found


# Tables --------------------------------------------------------------------------------------------


def _table(page: Page, rows: Sequence[Row], region: Region) -> list[Printed]:
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


def _row_starts(page: Page, rows: Sequence[Row], region: Region) -> Callable[[int], bool]:
    """Whether a table row begins with the printed row at a place."""
    levels = drawn_levels(page, rows)
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
