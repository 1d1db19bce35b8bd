"""A table's heading row printed again where the table goes on: on the next page, in the next column."""

from collections.abc import Sequence

from bot.intake.document import Dropped
from bot.intake.formats.pdf_columns import Printed


def without_repeated_heads(lines: Sequence[Printed]) -> tuple[list[Printed], list[Dropped]]:
    """The lines without such rows, which are listed."""
    kept: list[Printed] = []
    gone: list[Dropped] = []
    head: Printed | None = None
    for line in lines:
        above = kept[-1] if kept else None
        goes_on = above is not None and bool(above.cells) and len(above.cells) == len(line.cells)
        if not goes_on:
            head = line if line.cells else None
        moved = above is not None and (above.page, above.column) != (line.page, line.column)
        if goes_on and moved and head and _said(head) == _said(line):
            gone.append(
                Dropped(line.page, " ".join(_said(line)), "heading printed twice", line.page)
            )
        else:
            kept.append(line)
    return kept, gone


def _said(line: Printed) -> list[str]:
    return [" ".join(f"{one.mark} {one.text}".strip() for one in cell) for cell in line.cells]
