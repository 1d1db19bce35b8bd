"""Clauses numbered by letter and number: A1, A2, B1. Only a whole row of them counts, so "A4" is paper."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.intake.lines import Item
from bot.intake.markers import Marker

_CODE = re.compile(r"(([A-Z])(\d{1,2}(?:\.\d{1,2}){0,2}))[.:)]?\s+(?=[A-Z(])")
_FEWEST = 3
_Count = tuple[int, ...]


def coded(items: Sequence[Item]) -> list[Item]:
    """The items with their codes as markers, where the document counts in codes."""
    last: _Count = ()
    found: dict[int, Item] = {}
    for place, item in enumerate(items):
        code = None if item.marker else _CODE.match(item.text[:40])
        count = _count(code) if code else ()
        if code and _follows(last, count):
            last = count
            found[place] = _marked(item, code, count)
    if len(found) < _FEWEST:
        return list(items)
    return [found.get(place, item) for place, item in enumerate(items)]


def _count(code: re.Match[str]) -> _Count:
    """(2, 1, 3) for "B1.3"."""
    return (ord(code[2]) - 64, *map(int, code[3].split(".")))


def _follows(last: _Count, count: _Count) -> bool:
    """A2 or A1.1 after A1, B1 after either; the first one is some letter's 1."""
    if not last or count[0] > last[0]:
        return count[1:] == (1,) and count[0] <= (last[0] if last else 0) + 2
    onward = [(*last[:depth], last[depth] + 1) for depth in range(1, len(last))]
    return count in [*onward, (*last, 1)]


def _marked(item: Item, code: re.Match[str], count: _Count) -> Item:
    marker = Marker("decimal", code[0].strip(), count, letter=code[1])
    first, *others = item.cells or ("",)
    cells = (first.removeprefix(code[0].strip()).strip(), *others)
    cells = tuple(cell for cell in cells if cell)
    return replace(item, marker=marker, text=item.text[code.end() :], cells=cells)
