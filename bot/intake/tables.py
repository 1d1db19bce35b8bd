"""Table rows: which items are rows, and which row names the columns."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.intake.front import KNOWN
from bot.intake.lines import Item

_COLUMN = re.compile(
    r"date|changes?|name|role|author|details?|comments?|notes?|summary|reason|page|section"
    r"|signature|by|who|what|description(?: of changes?)?|amendments?|changes? made|review",
    re.I,
)


def rows_whole(items: Sequence[Item]) -> list[Item]:
    """In a row whose first cell is a number ("1.0 | May 2022 | First issue") it is no marker."""
    found: list[Item] = []
    for item in items:
        above = found[-1] if found else None
        if (
            above
            and item.marker
            and len(item.cells) > 1
            and len(above.cells) == len(item.cells) + 1
        ):
            first = item.marker.printed
            text, cells = f"{first} {item.text}", (first, *item.cells)
            found.append(replace(item, marker=None, text=text, cells=cells))
        else:
            found.append(item)
    return found


def named_columns(items: Sequence[Item]) -> set[int]:
    """Places of the rows under a row of column names ("Version | Date | Author"), and of that row."""
    found: set[int] = set()
    for place in range(len(items) - 1):
        if place not in found and names_columns(items[place]):
            below = place + 1
            while below < len(items) and _alike(items[place], items[below]):
                below += 1
            found.update(range(place, below) if below > place + 1 else ())
    return found


def _alike(head: Item, item: Item) -> bool:
    return len(item.cells) == len(head.cells) and item.piped == head.piped


def names_columns(item: Item) -> bool:
    """At least three cells, each of them a label."""
    cells = [cell.strip(" *_:") for cell in item.cells]
    labels = (cell for cell in cells if KNOWN.fullmatch(cell) or _COLUMN.fullmatch(cell))
    return not item.marker and 2 < len(cells) == len(list(labels))
