"""Paragraphs of a PDF -> the lines every reader hands on."""

from collections.abc import Sequence
from itertools import groupby

from bot.intake.document import Line
from bot.intake.formats.numbered_rows import clauses_of
from bot.intake.formats.pdf_joins import Joins
from bot.intake.formats.pdf_notes import Note
from bot.intake.formats.pdf_paragraphs import Measures, Paragraph, is_centred
from bot.intake.formats.pdf_rows import Piece, text_of
from bot.intake.read import cleaned


def lines_of(
    told: Sequence[Paragraph], depths: Sequence[int], usual: Measures, joins: Joins
) -> list[Line]:
    """A line for each paragraph and table row; rows that are numbered clauses are read as clauses."""
    found: list[Line] = []
    pairs = zip(told, depths, strict=True)
    for tabled, group in groupby(pairs, key=lambda one: bool(one[0].first.cells)):
        inside = list(group)
        clauses = clauses_of([_cells(one, joins) for one, _ in inside]) if tabled else None
        found += clauses or [_line(one, depth, usual, joins) for one, depth in inside]
    return found


def _line(one: Paragraph, level: int, usual: Measures, joins: Joins) -> Line:
    first = one.first
    if first.cells:
        cells = tuple(_cell(pieces, joins) for pieces in first.cells)
        text = " ".join(filter(None, cells))
        return Line(first.page, 0, text, one.gap, True, cells=cells, page=first.page)
    text = _plain(joins.text([line.piece.text for line in one.lines]))
    edge = 0.0 if is_centred(first) else first.piece.edge - first.left
    return Line(
        first.page,
        max(0, round(edge / (0.45 * usual.body))),
        text,
        one.gap,
        True,
        mark=first.piece.mark,
        level=level,
        bold=all(line.piece.bold for line in one.lines),
        page=first.page,
    )


def _cells(one: Paragraph, joins: Joins) -> list[list[Line]]:
    """The lines in each cell of a table row: one for each number or bullet in it."""
    return [
        [
            Line(
                one.first.page,
                0,
                _plain(joins.text([piece.text for piece in pieces])),
                one.gap,
                True,
                mark=pieces[0].mark,
                bold=all(piece.bold for piece in pieces),
                page=one.first.page,
            )
            for pieces in _items(cell)
        ]
        for cell in one.first.cells
    ]


def _items(cell: Sequence[Piece]) -> list[list[Piece]]:
    found: list[list[Piece]] = []
    for piece in cell:
        if found and not piece.mark:
            found[-1].append(piece)
        else:
            found.append([piece])
    return found


def _cell(pieces: Sequence[Piece], joins: Joins) -> str:
    return _plain(joins.text([f"{one.mark} {one.text}".strip() for one in pieces]))


def note_line(note: Note, joins: Joins) -> Line:
    text = _plain(joins.text([text_of(words) for words in note.lines]))
    return Line(note.page, 0, text, True, True, note=note.mark, page=note.page)


def _plain(text: str) -> str:
    return " ".join(cleaned(text).split())
