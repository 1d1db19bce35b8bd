"""A walk through a page's elements, from which its paragraphs, items and table rows come."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from bot.intake.document import Dropped, Line
from bot.intake.formats.counted import counted, printed
from bot.intake.formats.html_main import NO_MAIN, Main
from bot.intake.formats.html_styles import Styles, bold, list_style
from bot.intake.formats.html_what import (
    BACK,
    HEADINGS,
    calls,
    lays_out,
    left_out,
    level_of,
    symbol,
)
from bot.intake.formats.numbered_rows import cell_text, clauses_of
from bot.intake.read import cleaned, folded, words

PAGE = 3000  # signs
_SPACED = {"p", "ul", "ol", "dl", "table", "blockquote", "pre", "hr", "section", "article"}
_SPACED |= {"fieldset", "figure", "header", "footer", "main", "aside", "address", *HEADINGS}
_BLOCKS = _SPACED | {"html", "body", "div", "li", "dt", "dd", "center", "form", "legend", "caption"}
_BLOCKS |= {"tr", "td", "th", "thead", "tbody", "tfoot", "figcaption", "details", "summary"}
_BOLD = ("b", "strong", "th", *HEADINGS)
_TYPES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman"}
_TYPES |= {"I": "upper-roman"}
_BULLETS = {"disc": "•", "circle": "◦", "square": "▪"}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_MSO_LEVEL = re.compile(r"\blevel(\d)\b")
_NOTE_ITEM = re.compile(r"(?:user-content-)?(?:fn|footnote|endnote)[:-]?[\w-]+")
# LibreOffice saves a heading's own number as part of its first word: "1.1Lending".
_GLUED = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){1,4}\.?)(?=[A-Z])")


@dataclass
class _List:
    how: str  # "decimal" and so on, "•", "" for no mark at all, or the name of a Google Docs list
    next: int = 1
    step: int = 1
    google: bool = False


class Walk:
    """Fills ``lines`` and ``dropped``. One for the page, and one more for every table cell."""

    def __init__(
        self,
        styles: Styles,
        progress: Callable[[int], None],
        first: int = 1,
        main: Main = NO_MAIN,
    ) -> None:
        self.lines: list[Line] = []
        self.dropped: list[Dropped] = []
        self._styles, self._progress, self._no = styles, progress, first
        self._read, self._main = 0, main
        self._parts: list[tuple[str, bool]] = []
        self._lists: list[_List] = []
        self._mark, self._note, self._level, self._indent = "", "", 0, 0
        self._gap, self._begun, self._own = True, False, False

    def whole(self, page: HtmlElement) -> None:
        """Everything inside an element."""
        self._inside(page, False)
        self._flush()

    def _inside(self, element: HtmlElement, strong: bool) -> None:
        self._words(element.text, strong)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, strong)
            self._words(child.tail, strong)

    def _words(self, text: str | None, strong: bool) -> None:
        if text:
            self._parts.append((_SPACE.sub(" ", text), strong))

    def _element(self, element: HtmlElement, strong: bool) -> None:
        tag, said = str(element.tag).lower(), self._styles.of(element)
        why = left_out(element, tag, said) or self._main.beside(element)
        if why:
            self._drop(element, why)
        elif tag == "br":
            self._parts.append(("\n", strong))
        elif tag == "table" and not lays_out(element):
            self._table(element)
        elif said.get("mso-list", "").lower() == "ignore":
            self._mark = symbol(folded(cleaned("".join(element.itertext()))))
        elif "mso-tab-count" in said:
            self._parts.append(("\t", strong))
        elif tag == "pre":
            self._block(element, tag, said, strong, broken=True)
        elif tag in _BLOCKS or said.get("display", "").lower() == "block":
            self._block(element, tag, said, strong)
        else:
            self._inline(element, tag, bold(said, strong or tag in _BOLD))

    def _inline(self, element: HtmlElement, tag: str, strong: bool) -> None:
        if tag == "a" and BACK.fullmatch(element.get("href") or ""):
            mark = "".join(element.itertext()).strip(" []^\xa0")
            if not words(mark):  # an arrow back up
                return
            if not self._text():
                self._note = mark
                return
        if tag == "a" and self._text() and calls(element):
            self._drop(element, "footnote mark")
            return
        if tag == "sup" and self._text()[-1:].isalpha() and element.find(".//a") is not None:
            self._parts.append((" ", strong))  # a footnote's mark is no part of the word before it
        self._inside(element, strong)

    # Blocks --------------------------------------------------------------------------------------

    def _block(
        self,
        element: HtmlElement,
        tag: str,
        said: dict[str, str],
        strong: bool,
        broken: bool = False,
    ) -> None:
        self._flush()
        before = self._level, self._indent, self._own
        self._gap |= tag in _SPACED and not (tag in ("ul", "ol", "p") and self._own)
        self._level = level_of(element, tag) or self._level
        if tag in ("ul", "ol"):
            self._list(element, tag, said)
        elif tag == "li":
            self._item(element)
        elif "mso-list" in said and (level := _MSO_LEVEL.search(said["mso-list"])):
            self._indent, self._begun = 4 * (int(level[1]) - 1), False
        if broken:
            self._broken(element, strong)
        else:
            self._inside(element, bold(said, strong or tag in _BOLD))
        self._flush()
        if tag in ("ul", "ol"):
            self._lists.pop()
        if tag == "li":
            self._mark = ""
        self._level, self._indent, self._own = before
        self._gap |= tag in _SPACED and not (tag in ("ul", "ol", "p") and self._own)

    def _broken(self, element: HtmlElement, strong: bool) -> None:
        """Text whose line breaks are kept as they stand."""
        for at, line in enumerate("".join(element.itertext()).split("\n")):
            self._parts += [("\n", strong)] * bool(at) + [(line, strong)]

    def _list(self, element: HtmlElement, tag: str, said: dict[str, str]) -> None:
        style = list_style(said)
        if google := self._styles.google(element):
            self._styles.begin(element, google)
            self._lists.append(_List(google, google=True))
            return
        if tag == "ul" and style not in _TYPES.values():
            depth = sum(not one.how[-1:].isalpha() for one in self._lists)
            bullet = _BULLETS.get(style) or "•◦▪"[min(depth, 2)]
            self._lists.append(_List("" if style == "none" else bullet))
            return
        how = style or _TYPES.get((element.get("type") or "").strip(), "decimal")
        step, first = 1, 1
        if element.get("reversed") is not None:
            step, first = -1, sum(child.tag == "li" for child in element)
        start = counted(element.get("start"), first)
        self._lists.append(_List("" if how == "none" else how, start, step))

    def _item(self, element: HtmlElement) -> None:
        """An item begins: its number or bullet waits for its first words."""
        inside = self._lists[-1] if self._lists else _List("•")
        if _NOTE_ITEM.fullmatch(element.get("id") or "") and inside.how == "decimal":
            self._note, inside.next = str(inside.next), inside.next + 1
            return
        self._indent, self._begun, self._own = 4 * max(0, len(self._lists) - 1), False, True
        if inside.google:
            self._mark = self._styles.mark(inside.how)
            return
        own = list_style(self._styles.of(element))
        if own == "none" or not inside.how:
            self._mark = ""
        elif not inside.how[0].isalpha():
            self._mark = inside.how
        else:
            number = counted(element.get("value"), inside.next)
            self._mark, inside.next = f"{printed(number, inside.how)}.", number + inside.step

    # Tables --------------------------------------------------------------------------------------

    def _table(self, table: HtmlElement) -> None:
        self._flush()
        for caption in table.iterchildren("caption"):
            self._element(caption, False)
        rows = [self._cells(row) for row in table.iter("tr")]
        lines = clauses_of([row for _, row in rows if row])
        for line in lines or ():
            self._add(replace(line, no=self._no))
        named = True
        for heads, row in rows if lines is None else ():
            strong = self._row(row, named)
            # As under a line drawn below them, the rows stand apart from the names of their columns.
            named = heads or (named and strong)
        self._gap = True

    def _cells(self, row: HtmlElement) -> tuple[bool, list[list[Line]]]:
        """Whether a row is said to name its columns, and the lines in each of its cells."""
        if why := left_out(row, "tr", self._styles.of(row)):
            self._drop(row, why)
            return False, []
        cells = list(row.iterchildren("td", "th"))
        found = []
        for cell in cells:
            if why := left_out(cell, str(cell.tag), self._styles.of(cell)):
                self._drop(cell, why)
                continue
            inner = Walk(self._styles, lambda pages: None, self._no)
            inner.whole(cell)
            self.dropped += inner.dropped
            found.append(inner.lines)
        return bool(cells) and all(cell.tag == "th" for cell in cells), found

    def _row(self, cells: list[list[Line]], gap: bool) -> bool:
        """Whether all of the row is printed bold."""
        told = tuple(map(cell_text, cells))
        text = " ".join(filter(None, told))
        if text:
            self._add(Line(self._no, self._indent, text, gap, True, cells=told))
        return bool(text) and all(line.bold for cell in cells for line in cell)

    # Lines ---------------------------------------------------------------------------------------

    def _text(self) -> str:
        return cleaned("".join(part for part, _ in self._parts)).strip()

    def _flush(self) -> None:
        """What was gathered becomes a line, or several where the page breaks it."""
        if not self._parts:
            return
        text, said = self._text(), [strong for part, strong in self._parts if part.strip()]
        parts = [folded(part) for part in text.split("\n")]
        if any("\n" in part for part, _ in self._parts) and not text:
            self._gap = True
        self._parts = []
        if not text and not self._note:
            return
        if self._level or self._mark or self._own or self._note:
            parts = [" ".join(filter(None, parts))]
        elif len(parts) == 1:
            parts = [" \t ".join(map(folded, text.split("\t"))) if "\t" in text else parts[0]]
        if self._level and not self._mark:
            parts = [_GLUED.sub(r"\1 ", part) for part in parts]
        for part in parts:
            self._line(part, len(parts) == 1, all(said))
            self._gap = not part

    def _line(self, text: str, whole: bool, strong: bool) -> None:
        """One line. Broken ones are no whole paragraphs: a page breaks lines for their looks too."""
        if not text:
            return
        indent = self._indent + 2 if self._own and self._begun else self._indent
        line = Line(self._no, indent, text, self._gap, whole, self._mark, self._level, strong)
        if self._note:
            line = Line(self._no, 0, text, True, True, note=self._note)
        self._mark, self._note, self._begun = "", "", True
        self._add(line)

    def _add(self, line: Line) -> None:
        self.lines.append(line)
        self._no += 1
        self._gap = False
        self._read += len(line.text)
        self._progress(self._read // PAGE)

    def _drop(self, element: HtmlElement, why: str) -> None:
        text = folded(cleaned(" ".join(element.itertext())))
        if words(text):
            self.dropped.append(Dropped(self._no, text, why))
