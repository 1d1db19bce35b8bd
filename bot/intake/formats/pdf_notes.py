"""Footnotes of a page: smaller print at its foot that begins with a mark set high in the text above."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.intake.document import Dropped
from bot.intake.formats.pdf_rows import Piece, Row
from bot.intake.formats.pdf_words import Word

_MARK = re.compile(r"\d{1,3}|[ivx]{1,4}|[a-z]|[*†‡§¶]{1,3}")


@dataclass
class Note:
    """One footnote: its mark and its rows' words."""

    page: int
    mark: str
    lines: list[list[Word]]


def without_notes(rows: Sequence[Row], body: float) -> tuple[list[Row], list[Note], list[Dropped]]:
    """The rows of one page without its footnotes; the marks, above and below, are listed."""
    first = _first_small(rows, body)
    called = _called(rows[:first])
    notes: list[Note] = []
    for row in rows[first:]:
        mark, words = _begun(row)
        if mark in called:
            notes.append(Note(row.page, mark, [words]))
        elif notes:
            notes[-1].lines.append(row.words)
        else:
            first += 1
    if not notes:
        return list(rows), [], []
    gone = []
    for note in notes:
        gone += [Dropped(note.page, note.mark, "footnote mark")]
        for word in called.get(note.mark, []):
            gone += [Dropped(note.page, word.text, "footnote mark")]
            word.text = ""
    return [_marks_off(row) for row in rows[:first]], notes, gone


def _first_small(rows: Sequence[Row], body: float) -> int:
    """Where the smaller print at the foot begins."""
    place = len(rows)
    while place > 1 and rows[place - 1].size < 0.95 * body:
        place -= 1
    return place


def _called(rows: Sequence[Row]) -> dict[str, list[Word]]:
    found: dict[str, list[Word]] = {}
    for row in rows:
        for word in row.words:
            mark = word.text.strip("()[]")
            if word.raised and _MARK.fullmatch(mark):
                found.setdefault(mark, []).append(word)
    return found


def _begun(row: Row) -> tuple[str, list[Word]]:
    """The mark a row begins with, and its other words."""
    words, piece = row.words, row.pieces[0]
    if piece.mark:
        return piece.mark.strip("()[]."), words
    return words[0].text.strip("()[]."), words[1:]


def _marks_off(row: Row) -> Row:
    """The row without words that were taken out; the word before one reaches as far as it did."""
    pieces = []
    for piece in row.pieces:
        kept: list[Word] = []
        for word in piece.words:
            if word.text:
                kept.append(word)
            elif kept:
                kept[-1].x1, kept[-1].closed = word.x1, kept[-1].closed or word.closed
        pieces.append(Piece(kept or piece.words, piece.mark, piece.mark_x))
    return Row(row.page, row.y, pieces)
