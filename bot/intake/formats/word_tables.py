"""What a Word table is: rows to be cited, or only a frame that holds paragraphs in place."""

from collections.abc import Sequence

from bot.intake.document import Line
from bot.intake.formats.numbered_rows import Row, begins_deep, cell_text, clauses_of


def paragraphs_of(rows: Sequence[Row]) -> list[Line] | None:
    """The lines of a table that is no table, in reading order; None where rows are to be cited."""
    if clauses := clauses_of(rows):
        return clauses
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
        len(cell) > 1 and any(line.level or begins_deep(line.printed) for line in cell)
        for cell in cells
    )


def row_line(row: Row, gap: bool) -> Line | None:
    """A row as one line; None when nothing is printed in it."""
    cells = tuple(map(cell_text, row))
    lines = [line for cell in row for line in cell]
    if not any(cells):
        return None
    bold = all(line.bold for line in lines)
    text = " ".join(filter(None, cells))
    return Line(lines[0].no, 0, text, gap, whole=True, bold=bold, cells=cells)
