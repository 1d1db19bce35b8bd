"""Where columns and table cells part: gutters, empty strips down a page between the pieces of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.intake.formats.pdf_rows import Row
from bot.intake.formats.pdf_words import Page

_ALIGNED = 3.0  # points


@dataclass
class Gutter:
    """Empty from ``x0`` to ``x1``. ``ruled``: a line is drawn down it."""

    x0: float
    x1: float
    ruled: bool = False

    @property
    def x(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True)
class Region:
    """Rows ``start`` to ``end`` (outside) stand beside one another across gutters."""

    start: int
    end: int
    gutters: tuple[Gutter, ...]


def region_from(page: Page, rows: Sequence[Row], start: int) -> Region | None:
    """The rows from ``start`` on that keep clear of a gutter; None where there is none to speak of."""
    gutters = _drawn(page, rows[start]) or _seeds(rows, start)
    end, kept = start, gutters
    while gutters and end < len(rows) and not _falls_off(rows, start, end, kept):
        kept = gutters
        end += 1
        if end < len(rows):
            gutters = _clear(page, kept, rows[end])
            if len(gutters) < len(kept) and _holds(page, rows, Region(start, end, tuple(kept))):
                break
    kept = [one for one in kept if _holds(page, rows, Region(start, end, (one,)))]
    return Region(start, _trimmed(rows, start, end, kept), tuple(kept)) if kept else None


def _drawn(page: Page, row: Row) -> list[Gutter]:
    """The gutters that a frame drawn round this row sets."""
    bars = {round(b.x0) for b in page.upright if b.y0 - 1 <= row.y + row.size / 3 <= b.y1 + 1}
    xs = [x for n, x in enumerate(sorted(bars)) if n == 0 or x - 3 > sorted(bars)[n - 1]]
    return [
        Gutter(x - 0.5, x + 0.5, True)
        for x in xs[1:-1]
        if not any(piece.edge < x - 1 and piece.x1 > x + 1 for piece in row.pieces)
    ]


def _seeds(rows: Sequence[Row], start: int) -> list[Gutter]:
    pieces = list(rows[start].pieces)
    if len(pieces) == 1 and start + 1 < len(rows) and len(rows[start + 1].pieces) == 1:
        other = rows[start + 1].pieces[0]  # two columns whose lines are not level with each other
        if rows[start].y - rows[start + 1].y < 0.85 * min(rows[start].size, rows[start + 1].size):
            pieces = sorted((*pieces, other), key=lambda one: one.x0)
    return [Gutter(a.x1, b.edge) for a, b in pairwise(pieces) if b.edge > a.x1]


def _clear(page: Page, gutters: Sequence[Gutter], row: Row) -> list[Gutter]:
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
            found.append(Gutter(x0, x1, ruled))
    return found


def _ruled(page: Page, x0: float, x1: float, y: float) -> bool:
    return any(x0 - 1 <= bar.x0 <= x1 + 1 and bar.y0 - 3 <= y <= bar.y1 + 3 for bar in page.upright)


def _falls_off(rows: Sequence[Row], start: int, end: int, gutters: Sequence[Gutter]) -> bool:
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


def _holds(page: Page, rows: Sequence[Row], region: Region) -> bool:
    """Whether enough stands on both sides of every gutter, and well enough lined up."""
    return all(_gutter_holds(page, rows[region.start : region.end], g) for g in region.gutters)


def _gutter_holds(page: Page, rows: Sequence[Row], gutter: Gutter) -> bool:
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


def _framed(page: Page, rows: Sequence[Row], gutter: Gutter) -> bool:
    top, bottom = rows[0].y + rows[0].size, rows[-1].y
    upright = any(
        gutter.x0 - 2 <= bar.x0 <= gutter.x1 + 2 and bar.y0 < top and bar.y1 > bottom
        for bar in page.upright
    )
    return upright and len(drawn_levels(page, rows)) > 1


def drawn_levels(page: Page, rows: Sequence[Row]) -> list[float]:
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


def _trimmed(rows: Sequence[Row], start: int, end: int, gutters: Sequence[Gutter]) -> int:
    """Lines at the end that stand in no column but the first, across half of it and more, are not in it."""
    while end - start > 1 and gutters:
        row, above = rows[end - 1], rows[end - 2]
        alone = all(piece.x1 <= gutters[0].x for piece in row.pieces)
        if gutters[0].ruled or not (alone and above.y - row.y > 1.9 * row.size):
            break
        end -= 1
    return end
