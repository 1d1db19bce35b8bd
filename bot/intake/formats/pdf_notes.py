"""Footnotes of a page: smaller print at its foot that begins with a mark set high in the text above."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from bot.intake.document import Dropped
from bot.intake.formats.pdf_rows import Piece, Row
from bot.intake.formats.pdf_words import Word

_MARK = re.compile(r"\d{1,3}|[ivx]{1,4}|[a-z]|[*†‡§¶]{1,3}")

_GLUED = re.compile(r"(\d{1,3})([^\W\d_].*)")
_ENDS = ".!?:;)”’\"'"


@dataclass
class Note:
    """One footnote: its mark and its rows' words."""

    page: int
    mark: str
    lines: list[list[Word]]


def without_notes(
    rows: Sequence[Row], body: float, before: Note | None = None
) -> tuple[list[Row], list[Note], list[Dropped]]:
    """The rows of one page without its footnotes; the marks, above and below, are listed.

    ``before``: the last note of the page before, which may go on at this page's foot.
    """
    first = _first_small(rows, body)
    called = _called(rows[:first])
    rows = [*rows[:first], *_carried_over(rows[first:], called, before)]
    notes: list[Note] = []
    for row in rows[first:]:
        mark, words = _begun(row, called)
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
        gone += [Dropped(note.page, note.mark, "footnote mark", note.page)]
        for word in called.get(note.mark, []):
            gone += [Dropped(note.page, word.text, "footnote mark", note.page)]
            word.text = ""
    return [_marks_off(row) for row in rows[:first]], notes, gone


def _first_small(rows: Sequence[Row], body: float) -> int:
    """Where the smaller print at the foot begins."""
    place = len(rows)
    while place > 1 and rows[place - 1].size < 0.95 * body:
        place -= 1
    return place


def _carried_over(rows: Sequence[Row], called: Container[str], before: Note | None) -> list[Row]:
    """The small rows that begin anew here; those above them end the note that the last page broke off."""
    place = 0
    if before and before.lines[-1][-1].text[-1] not in _ENDS:
        while place < len(rows) and _begun(rows[place], called)[0] not in called:
            if abs(rows[place].size - before.lines[0][-1].size) > 0.5:
                break
            before.lines.append(rows[place].words)
            place += 1
    return list(rows[place:])


def _called(rows: Sequence[Row]) -> dict[str, list[Word]]:
    found: dict[str, list[Word]] = {}
    for row in rows:
        for word in row.words:
            mark = word.text.strip("()[]")
            if word.raised and _MARK.fullmatch(mark):
                found.setdefault(mark, []).append(word)
    return found


def _begun(row: Row, called: Container[str]) -> tuple[str, list[Word]]:
    """The mark a row begins with, and its other words; "1The" is a mark with no space behind it."""
    words, piece = row.words, row.pieces[0]
    if piece.mark:
        return piece.mark.strip("()[]."), words
    glued = _GLUED.fullmatch(words[0].text)
    if glued and glued[1] in called:
        return glued[1], [replace(words[0], text=glued[2]), *words[1:]]
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
