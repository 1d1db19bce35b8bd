"""PDF with a text layer -> paragraphs, table rows and footnotes; what runs round the pages is listed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pypdfium2.raw as pdfium

from bot.intake.document import MOST_PAGES, Document, Dropped
from bot.intake.formats.pdf_columns import Printed, printed
from bot.intake.formats.pdf_furniture import without_running
from bot.intake.formats.pdf_headings import levels
from bot.intake.formats.pdf_joins import Joins
from bot.intake.formats.pdf_lines import lines_of, note_line
from bot.intake.formats.pdf_notes import Note, without_notes
from bot.intake.formats.pdf_paragraphs import measured, paragraphs
from bot.intake.formats.pdf_places import counted
from bot.intake.formats.pdf_rows import body_size, rows_of
from bot.intake.formats.pdf_twice import without_repeated_heads
from bot.intake.formats.pdf_watermarks import without_watermarks
from bot.intake.formats.pdf_words import MOST_SIGNS, Page, page_of
from bot.intake.read import IntakeMistake, words

_PASSWORD = 4


def read(name: str, raw: bytes, progress: Callable[[int], None]) -> Document:
    """The paragraphs of a PDF; ``progress`` is told of every page."""
    with _opened(name, raw) as document:
        pages = list(_pages(name, document, progress))
    _refuse(name, pages)
    found = _document(pages)
    if not any(words(line.printed) for line in found.lines):
        raise _wordless(name)
    return found


def _wordless(name: str) -> IntakeMistake:
    return IntakeMistake(f"{name} holds no words: there is nothing to import.")


@contextmanager
def _opened(name: str, raw: bytes) -> Iterator[Any]:
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(raw, len(raw), None)
    if not document and pdfium.FPDF_GetLastError() == _PASSWORD:
        raise IntakeMistake(
            f"{name} is locked with a password: open it, save a copy without the password and import that."
        )
    if not document or pdfium.FPDF_GetPageCount(document) < 1:
        raise IntakeMistake(
            f"{name} is damaged or not complete: ask for the file again, or save it as a PDF anew."
        )
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


def _pages(name: str, document: Any, progress: Callable[[int], None]) -> Iterator[Page]:
    count = pdfium.FPDF_GetPageCount(document)
    if count > MOST_PAGES:
        raise IntakeMistake(
            f"{name} has {count} pages and the most is {MOST_PAGES}: is it a policy?"
        )
    for place in range(count):
        page = pdfium.FPDF_LoadPage(document, place)
        if not page:
            raise IntakeMistake(
                f"{name} is damaged on page {place + 1}: ask for the file again, or save it as a PDF anew."
            )
        try:
            found = page_of(page, place + 1)
        finally:
            pdfium.FPDF_ClosePage(page)
        if found.signs > MOST_SIGNS:
            raise IntakeMistake(
                f"{name} has more letters on page {place + 1} than a page can hold: "
                "open it in your word processor, save it as a PDF anew and import that."
            )
        yield found
        progress(place + 1)


def _refuse(name: str, pages: Sequence[Page]) -> None:
    empty = sum(page.signs < 10 for page in pages)
    signs = sum(page.signs for page in pages)
    if not signs and not any(page.pictures for page in pages):
        raise _wordless(name)
    if 2 * empty > len(pages) and any(page.pictures for page in pages):
        raise IntakeMistake(
            f"{name} holds pictures of pages and no text: open it in Word, which reads them, "
            "or run text recognition over it, and import what comes out."
        )
    if 3 * sum(page.unknown for page in pages) > signs:
        raise IntakeMistake(
            f"{name} does not say which letters its signs stand for: "
            "save it as a PDF anew from the word processor it was written in."
        )


def _last(notes: Sequence[Note], page: int) -> Note | None:
    """The last note of the page before."""
    return notes[-1] if notes and notes[-1].page == page - 1 else None


def _document(pages: Sequence[Page]) -> Document:
    dropped = [
        Dropped(page.no, page.turned, "turned text", page.no) for page in pages if page.turned
    ]
    pages, marked = without_watermarks(pages)
    dropped += marked
    rows, running = without_running(pages, [rows_of(page) for page in pages])
    body = body_size([(word.size, len(word.text)) for page in pages for word in page.words])
    lines: list[Printed] = []
    notes: list[Note] = []
    for page, inside in zip(pages, rows, strict=True):
        inside, found, marks = without_notes(inside, body, _last(notes, page.no))
        notes += found
        running += marks
        lines += printed(page, inside)
    lines, twice = without_repeated_heads(lines)
    usual = measured(lines, {page.no: (page.left, page.right) for page in pages})
    joins = Joins(line.piece.text for line in lines)
    told = paragraphs(lines, usual)
    found_lines = lines_of(told, levels(told, usual), usual, joins)
    found_lines += [note_line(note, joins) for note in notes]
    kept, gone = counted(
        [line for line in found_lines if line.text or line.mark],
        [one for one in (*dropped, *running, *twice) if words(one.text)],
    )
    return Document(kept, gone)
