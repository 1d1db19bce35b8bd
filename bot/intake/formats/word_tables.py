"""What a Word table is: rows to be cited, or only a frame that holds paragraphs in place."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.intake.document import Line
from bot.intake.read import folded

Cell = Sequence[Line]
Row = Sequence[Cell]
_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?")
_DEEP = re.compile(r"\d{1,2}\.\d{1,2}(?:\.\d{1,2})*\.?(?:\s|$)")


def paragraphs_of(rows: Sequence[Row]) -> list[Line] | None:
    """The lines of a table that is no table, in reading order; None where rows are to be cited."""
    if _numbered(rows):
        return [line for number, text in rows for line in _clause(number, text)]
    if not _frames(rows):
        return None
    lines = [line for row in rows for cell in row for line in cell]
    return [line for line in lines if line.text]


def _frames(rows: Sequence[Row]) -> bool:
    """One column, one row of long cells, or whole sections in its cells."""
    if all(len(row) < 2 for row in rows):
        return True
    cells = [[line for line in cell if line.text] for row in rows for cell in row]
    if len(rows) == 1 and any(len(cell) > 1 for cell in cells):
        return True
    return any(
        len(cell) > 1 and any(line.level or _DEEP.match(line.printed) for line in cell)
        for cell in cells
    )


def _numbered(rows: Sequence[Row]) -> bool:
    """Clauses set in a table: "5.2" in the first column, its words in the second."""
    if len(rows) < 2 or any(len(row) != 2 for row in rows):
        return False
    firsts = [cell_text(row[0]) for row in rows]
    told = all(_NUMBER.fullmatch(first) for first in firsts) and all(row[1] for row in rows)
    return told and any(_DEEP.match(first) for first in firsts)


def _clause(number: Cell, text: Cell) -> list[Line]:
    first, *others = text
    if first.mark:
        return [*number, *text]
    told = replace(first, no=number[0].no, mark=cell_text(number), gap=True, indent=0)
    return [told, *others]


def cell_text(cell: Cell) -> str:
    """All that is printed in a cell, numbers and bullets too."""
    return folded(" ".join(line.printed for line in cell))


def row_line(row: Row, gap: bool) -> Line | None:
    """A row as one line; None when nothing is printed in it."""
    cells = tuple(map(cell_text, row))
    lines = [line for cell in row for line in cell]
    if not any(cells):
        return None
    bold = all(line.bold for line in lines)
    text = " ".join(filter(None, cells))
    return Line(lines[0].no, 0, text, gap, whole=True, bold=bold, cells=cells)
