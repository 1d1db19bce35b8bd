"""Pieces of a policy -> a text, a web page, a Word document, an OpenDocument text, a page to print.

Word and OpenDocument files count by themselves, as a school's own would: headings, clauses and lists are
numbered by the word processor, and a number is typed only where no list would print it.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from io import BytesIO
from itertools import groupby
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from bot.intake.formats.counted import printed
from bot.intake.markers import alphabetic, roman, split_marker
from tests.intake.documents import odt
from tests.intake.pieces import Piece

RUNNING = "Elm School handbook"
_CSS = """
@page { size: A4; margin: 22mm 20mm; }
body { font: 11pt/1.4 'Liberation Sans', sans-serif; }
h1 { font-size: 20pt; } h2 { font-size: 14pt; margin: 14pt 0 4pt; } h3 { font-size: 12pt; }
p { margin: 0 0 6pt; } .clause, .item { padding-left: 12mm; text-indent: -12mm; }
.item { margin-left: 10mm; } .n { display: inline-block; width: 12mm; text-indent: 0; }
ul, ol { margin: 0 0 6pt; } table { border-collapse: collapse; margin: 0 0 8pt; }
td { border: 0.5pt solid #555; padding: 2pt 5pt; vertical-align: top; }
"""


# Plain text and web pages ---------------------------------------------------------------------------


def as_text(pieces: Sequence[Piece]) -> bytes:
    return "\n".join(_text_lines(pieces)).encode()


def _text_lines(pieces: Sequence[Piece]) -> Iterator[str]:
    before = None
    for piece in pieces:
        tight = before in ("bullet", "item", "row") and piece.kind == before
        if before and not tight and not (piece.kind == "bullet" and before in ("para", "clause")):
            yield ""
        body = "\t".join(piece.cells) or piece.text
        indent = "  " * piece.level if piece.kind in ("bullet", "item", "para") else ""
        yield f"{indent}{piece.mark} {body}" if piece.mark else f"{indent}{body}"
        before = piece.kind


def as_html(pieces: Sequence[Piece]) -> bytes:
    """A page; typed numbers but for bullets and for lists that a browser numbers just so."""
    body = "".join(_html_parts(pieces))
    return (
        f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{escape(pieces[0].text)}</title>"
        f"<style>{_CSS}</style></head><body>{body}</body></html>"
    ).encode()


def _html_parts(pieces: Sequence[Piece]) -> Iterator[str]:
    for kind, run in groupby(pieces, key=_html_kind):
        found = list(run)
        if kind == "bullet":
            yield _nested(found, "ul")
        elif kind == "browser":
            start = alphabetic(found[0].mark.strip(".")) or 1
            items = "".join(f"<li>{escape(one.text)}</li>" for one in found)
            yield f"<ol type=a start={start}>{items}</ol>\n"
        elif kind == "row":
            yield f"<table>{''.join(map(_html_row, found))}</table>\n"
        else:
            yield "".join(map(_html_block, found))


def _html_kind(piece: Piece) -> str:
    lettered = piece.kind == "item" and re.fullmatch(r"[a-z]\.", piece.mark)
    return "browser" if lettered else piece.kind


def _nested(run: Sequence[Piece], tag: str) -> str:
    """Items inside items, as deep as they say."""
    text, deep = "", run[0].level - 1
    for one in run:
        text += f"<{tag}>" * max(0, one.level - deep)
        text += f"</{tag}>" * max(0, deep - one.level)
        text += f"<li>{escape(one.text)}</li>\n"
        deep = one.level
    return text + f"</{tag}>" * (deep - run[0].level + 1)


def _html_row(piece: Piece) -> str:
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in piece.cells)}</tr>\n"


def _html_block(piece: Piece) -> str:
    text = escape(piece.text)
    if piece.kind in ("title", "heading"):
        level = piece.level + 1
        return f"<h{level}>{f'{piece.mark} {text}'.strip()}</h{level}>\n"
    if piece.mark:
        return f"<p class={piece.kind}><span class=n>{escape(piece.mark)}</span> {text}</p>\n"
    text = text.replace("\n", "<br>")
    return f"<p{' class=item' if piece.level else ''}>{text}</p>\n"


# Numbers a word processor counts --------------------------------------------------------------------


class Counting:
    """Which list prints a mark, and from what number a list must start anew to do so.

    ``shapes`` are the lists made so far: for each, its levels as (format, text before and after).
    """

    def __init__(self) -> None:
        self.lists: list[dict[int, tuple[str, str]]] = [{}]
        self.runs: list[tuple[int, int, int]] = []  # (list, level, number it starts from), in order
        self._at: dict[int, int] = {}
        self._open: dict[tuple[str, str, int], tuple[int, int]] = {}

    def clause(self, mark: str) -> int | None:
        """The level at which the document's own outline prints "5.2" next; None when it does not."""
        marker = split_marker(f"{mark}\tX")[0]
        if marker is None or marker.kind != "decimal" or marker.tail:
            return None
        level = len(marker.number) - 1
        places = ".".join(f"%{n}" for n in range(1, level + 2))
        shape = re.sub(r"\d+(?:\.\d+)*", places, mark, count=1)
        above = tuple(self._at.get(n, 0) for n in range(level))
        if above != marker.number[:-1] or self._at.get(level, 0) + 1 != marker.number[-1]:
            return None
        if self.lists[0].setdefault(level, ("decimal", shape)) != ("decimal", shape):
            return None
        self._at = {n: number for n, number in self._at.items() if n < level}
        self._at[level] = marker.number[-1]
        self._open.clear()
        return level

    def item(self, mark: str, level: int) -> int | None:
        """The place in ``runs`` of the list that prints "(b)" next; None when no list would."""
        found = re.fullmatch(r"(\(?)(\d{1,3}|[a-zA-Z]+)([).]?)", mark)
        if not found:
            return None
        for how, number in _readings(found[2]):
            key = (how, f"{found[1]}%{level + 1}{found[3]}", level)
            run, last = self._open.get(key, (-1, 0))
            if run >= 0 and number == last + 1:
                self._open[key] = (run, number)
                return run
        how, number = next(iter(_readings(found[2])), ("", 0))
        if not how:
            return None
        shape = f"{found[1]}%{level + 1}{found[3]}"
        self.lists.append({level: (how, shape)})
        self.runs.append((len(self.lists) - 1, level, number))
        self._open[how, shape, level] = (len(self.runs) - 1, number)
        return len(self.runs) - 1

    def close(self) -> None:
        """A list ends where the text goes on."""
        self._open.clear()


def _readings(sign: str) -> Iterator[tuple[str, int]]:
    """What "i" can count as: the ninth letter or the first numeral. Numerals first where they can begin."""
    if sign.isdigit():
        yield "decimal", int(sign)
        return
    upper = "upper" if sign.isupper() else "lower"
    told = [(f"{upper}-roman", roman(sign)), (f"{upper}-alpha", alphabetic(sign))]
    for how, number in told if sign.lower() in ("i", "ii", "iii") or len(sign) > 1 else told[::-1]:
        if number and printed(number, how) == sign:
            yield how, number


# Word -----------------------------------------------------------------------------------------------

_WORD_HOW = {
    "decimal": "decimal",
    "lower-alpha": "lowerLetter",
    "upper-alpha": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
}
_FIRST_NUMBER = 50  # the template's own lists have smaller ones


def as_docx(pieces: Sequence[Piece]) -> bytes:
    """A Word document with automatic numbers, heading styles, a running head and page numbers."""
    made = Document()
    made.sections[0].header.paragraphs[0].text = RUNNING
    _page_number(made.sections[0].footer.paragraphs[0])
    counting, table = Counting(), None
    for piece in pieces:
        table = _word_row(made, piece, table) if piece.kind == "row" else None
        if piece.kind != "row":
            _word_paragraph(made, piece, counting)
    _word_lists(made.part.numbering_part.element, counting)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def _page_number(paragraph: Any) -> None:
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        run = paragraph.add_run()
        inner = f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'
        if not kind:
            inner = f'<w:instrText {nsdecls("w")} xml:space="preserve">{text}</w:instrText>'
        run._r.append(parse_xml(inner))


def _word_row(made: Any, piece: Piece, table: Any) -> Any:
    if table is None or len(table.columns) != len(piece.cells):
        table = made.add_table(0, len(piece.cells), style="Table Grid")
    for cell, text in zip(table.add_row().cells, piece.cells, strict=True):
        cell.text = text
    return table


def _word_paragraph(made: Any, piece: Piece, counting: Counting) -> None:
    number, level = _counted(piece, counting)
    typed = f"{piece.mark}\t" if piece.mark and number is None and piece.kind != "bullet" else ""
    style = _word_style(piece)
    paragraph = made.add_paragraph(f"{typed}{piece.text}", style=style)
    if number is not None:
        properties = paragraph._p.get_or_add_pPr()
        told = properties._add_numPr()
        told._add_ilvl().set(qn("w:val"), str(level))
        told._add_numId().set(qn("w:val"), str(number))
    elif piece.kind == "para" and piece.level:
        paragraph.paragraph_format.left_indent = 457200 * piece.level


def _counted(piece: Piece, counting: Counting) -> tuple[int | None, int]:
    """(number of the Word list, level) that print this piece's mark."""
    if piece.kind in ("clause", "heading") and piece.mark:
        level = counting.clause(piece.mark)
        return (None, 0) if level is None else (_FIRST_NUMBER, level)
    if piece.kind == "item":
        run = counting.item(piece.mark, piece.level)
        return (None, 0) if run is None else (_FIRST_NUMBER + 1 + run, piece.level)
    if piece.kind == "para" and not piece.level:
        counting.close()
    return None, 0


def _word_style(piece: Piece) -> str:
    if piece.kind == "title":
        return "Title"
    if piece.kind == "heading":
        return f"Heading {piece.level}"
    if piece.kind == "bullet":
        return "List Bullet" if not piece.level else f"List Bullet {min(3, piece.level + 1)}"
    return "Normal"


def _word_lists(numbering: Any, counting: Counting) -> None:
    """The lists themselves; a schema wants all shapes before the first list that uses one."""
    nums = [
        f'<w:num {nsdecls("w")} w:numId="{_FIRST_NUMBER}"><w:abstractNumId w:val="{_FIRST_NUMBER}"/></w:num>'
    ]
    for place, (one, level, start) in enumerate(counting.runs, _FIRST_NUMBER + 1):
        nums.append(
            f'<w:num {nsdecls("w")} w:numId="{place}"><w:abstractNumId w:val="{_FIRST_NUMBER + one}"/>'
            f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride></w:num>'
        )
    first = numbering.find(qn("w:num"))
    for place, levels in enumerate(counting.lists, _FIRST_NUMBER):
        first.addprevious(parse_xml(_word_shape(place, levels)))
    for num in nums:
        numbering.append(parse_xml(num))


def _word_shape(place: int, levels: dict[int, tuple[str, str]]) -> str:
    told = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{_WORD_HOW[how]}"/>'
        f'<w:lvlText w:val="{escape(shape)}"/><w:lvlJc w:val="left"/><w:pPr>'
        f'<w:ind w:left="{720 * (level + 1)}" w:hanging="720"/></w:pPr></w:lvl>'
        for level, (how, shape) in sorted(levels.items())
    )
    many = '<w:multiLevelType w:val="multilevel"/>'
    return f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{place}">{many}{told}</w:abstractNum>'


# OpenDocument ---------------------------------------------------------------------------------------

_ODT_HOW = {
    **{"decimal": "1", "lower-alpha": "a", "upper-alpha": "A", "lower-roman": "i"},
    "upper-roman": "I",
}


def as_odt(pieces: Sequence[Piece]) -> bytes:
    """An OpenDocument text whose lists count by themselves, with a page header."""
    counting = Counting()
    body = "".join(_odt_parts(pieces, counting))
    starts = {one: start for one, _, start in counting.runs}
    shapes = "".join(
        _odt_shape(n, levels, starts.get(n, 1)) for n, levels in enumerate(counting.lists)
    )
    bullets = "".join(
        f'<text:list-level-style-bullet text:level="{n}" text:bullet-char="•"/>'
        for n in range(1, 6)
    )
    spaced = (
        '<style:style style:name="Standard" style:family="paragraph"><style:paragraph-properties '
        'fo:margin-bottom="0.2cm"/></style:style>'
    )
    head = f"<style:header><text:p>{RUNNING}</text:p></style:header>"
    kept = f"<office:master-styles><style:master-page>{head}</style:master-page></office:master-styles>"
    lists = f'<text:list-style style:name="B">{bullets}</text:list-style>{shapes}'
    return odt(body, f"{spaced}{lists}", kept)


def _odt_parts(pieces: Sequence[Piece], counting: Counting) -> Iterator[str]:
    for row, run in groupby(pieces, key=lambda piece: piece.kind == "row"):
        if row:
            yield f"<table:table>{''.join(map(_odt_row, run))}</table:table>"
        else:
            yield from (_odt_piece(piece, counting) for piece in run)


def _odt_row(piece: Piece) -> str:
    cells = "".join(f"<table:table-cell>{_odt_p(cell)}</table:table-cell>" for cell in piece.cells)
    return f"<table:table-row>{cells}</table:table-row>"


def _odt_p(text: str) -> str:
    broken = escape(text).replace("\n", "<text:line-break/>")
    return f'<text:p text:style-name="Standard">{broken}</text:p>'


def _odt_piece(piece: Piece, counting: Counting) -> str:
    number, level = _counted(piece, counting)
    typed = f"{piece.mark} " if piece.mark and number is None and piece.kind != "bullet" else ""
    inner = _odt_p(typed + piece.text)
    if piece.kind in ("title", "heading"):
        deep = piece.level if piece.kind == "heading" else 1
        deep += piece.kind == "heading"
        kind = f'text:h text:style-name="Standard" text:outline-level="{deep}"'
        inner = f"<{kind}>{escape(typed + piece.text)}</text:h>"
    if piece.kind == "bullet":
        return _odt_list("B", inner, piece.level)
    if number is None:
        return inner
    if number == _FIRST_NUMBER:
        return _odt_list("L0", inner, level)
    return _odt_list(f"L{counting.runs[number - _FIRST_NUMBER - 1][0]}", inner, level)


def _odt_list(style: str, inner: str, level: int) -> str:
    opened = "<text:list-item><text:list>" * level
    closed = "</text:list></text:list-item>" * level
    return (
        f'<text:list text:style-name="{style}" text:continue-numbering="true">{opened}'
        f"<text:list-item>{inner}</text:list-item>{closed}</text:list>"
    )


def _odt_shape(place: int, levels: dict[int, tuple[str, str]], start: int) -> str:
    told = ""
    for level, (how, shape) in sorted(levels.items()):
        found = re.fullmatch(r"([^%]*)%\d(?:\.%\d)*(.*)", shape)
        before, after = (found[1], found[2]) if found else ("", "")
        shown = shape.count("%")
        told += (
            f'<text:list-level-style-number text:level="{level + 1}" style:num-format="{_ODT_HOW[how]}" '
            f'style:num-prefix="{before}" style:num-suffix="{after}" text:display-levels="{shown}" '
            f'text:start-value="{start}"/>'
        )
    return f'<text:list-style style:name="L{place}">{told}</text:list-style>'
