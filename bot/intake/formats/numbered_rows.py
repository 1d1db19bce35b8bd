"""Clauses set in a table, with "5.2" in the first column and the words of the clause in the second."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.intake.document import Line
from bot.intake.read import folded

Cell = Sequence[Line]
Row = Sequence[Cell]
_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?")
_DEEP = re.compile(r"\d{1,2}\.\d{1,2}(?:\.\d{1,2})*\.?(?:\s|$)")


def begins_deep(text: str) -> bool:
    """Whether a text begins with a clause's number: "5.2"."""
    return bool(_DEEP.match(text))


def cell_text(cell: Cell) -> str:
    """All that is printed in a cell, numbers and bullets too."""
    return folded(" ".join(line.printed for line in cell))


def clauses_of(rows: Sequence[Row]) -> list[Line] | None:
    """The lines of the clauses in reading order; None where the rows are a table's after all."""
    if not _numbered(rows):
        return None
    return [line for number, text in rows for line in _clause(number, text)]


def _numbered(rows: Sequence[Row]) -> bool:
    if len(rows) < 2 or any(len(row) != 2 for row in rows):
        return False
    firsts = [cell_text(row[0]) for row in rows]
    told = all(_NUMBER.fullmatch(first) for first in firsts) and all(row[1] for row in rows)
    return told and any(map(begins_deep, firsts))


def _clause(number: Cell, text: Cell) -> list[Line]:
    first, *others = text
    if first.mark:
        return [*number, *text]
    told = replace(first, no=number[0].no, mark=cell_text(number), gap=True, indent=0)
    return [told, *others]
