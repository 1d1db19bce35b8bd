"""A walk through an OpenDocument text: paragraphs, list items with their numbers, rows, footnotes."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from lxml import etree

from bot.intake.document import Dropped, Line
from bot.intake.formats.counted import counted
from bot.intake.formats.numbered_rows import cell_text, clauses_of
from bot.intake.formats.odt_styles import LEVELS, OUTLINE, TABLE, TEXT, Counts, Level, Styles
from bot.intake.formats.odt_text import (
    NO_TEXT,
    attribute_text,
    lays_out,
    local,
    not_shown,
    plain,
    style_of,
    tabbed,
)
from bot.intake.read import cleaned, folded, words

PAGE = 3000  # signs
_MOST_SPACES = 40
_FURTHER = 9.0  # points
_INDEXES = {"table-of-content", "alphabetical-index", "illustration-index", "table-index"}
_INDEXES |= {"object-index", "user-index"}
_DROPPED = {
    **dict.fromkeys(_INDEXES, "contents list"),
    "tracked-changes": "deleted text",
    "annotation": "comment",
    "hidden-text": "hidden text",
    "hidden-paragraph": "hidden text",
    "ruby-text": "reading aid",
}
_ID = "{http://www.w3.org/XML/1998/namespace}id"


@dataclass
class _Inside:
    """The list being read: how it counts, how deep it is, and whether its item has a line yet."""

    style: str
    counts: Counts
    level: int
    begun: bool = False
    numbered: bool = True
    start: int | None = None
    further: int = 0


class Walk:
    """Fills ``lines`` and ``dropped``. One for the document, and one more for every table cell."""

    def __init__(
        self, styles: Styles, progress: Callable[[int], None], above: "Walk | None" = None
    ) -> None:
        self.styles = styles
        self.lines: list[Line] = []
        self.dropped: list[Dropped] = []
        self._progress, self._read = progress, 0
        self._no: int = above._no if above else 1
        self._chains: dict[str, Counts] = above._chains if above else {}
        self._by_style: dict[str, Counts] = above._by_style if above else {}
        self._inside: _Inside | None = None
        self._bullets: Level | None = None
        """How the list just above is set, while nothing else stands below it."""
        self._gap = True

    def whole(self, element: etree._Element) -> None:
        """Everything inside an element."""
        for child in element:
            if isinstance(child.tag, str):
                self._block(child)

    def _block(self, element: etree._Element) -> None:
        kind = local(element)
        if kind in NO_TEXT:
            return
        if kind in _DROPPED or not_shown(element):
            self._drop(element, _DROPPED.get(kind, "hidden text"))
        elif kind in ("p", "h"):
            self._paragraph(element, kind)
        elif kind == "list":
            self._list(element)
        elif kind == "table" and not lays_out(element):
            self._table(element)
        else:
            self.whole(element)

    # Lists ---------------------------------------------------------------------------------------

    def _list(self, element: etree._Element) -> None:
        around = self._inside
        style = element.get(f"{TEXT}style-name") or (around.style if around else "")
        level = min(around.level + 1, LEVELS) if around else 1
        counts = around.counts if around else self._counts(element, style)
        further = 0 if around else self._further(style)
        self._inside = inside = _Inside(style, counts, level, further=further)
        for item in element.iterchildren(f"{TEXT}list-header", f"{TEXT}list-item"):
            start = item.get(f"{TEXT}start-value")
            inside.start = counted(start, 1) if start is not None else None
            inside.begun, inside.numbered = False, local(item) == "list-item"
            self.whole(item)
        self._inside = around
        if around:
            around.begun = True
        elif not further:
            self._bullets = self.styles.lists.get(style, {}).get(1)

    def _further(self, style: str) -> int:
        """4 for bullets further in than those just above, as Word's "List Bullet 2" below "List Bullet"."""
        above, here = self._bullets, self.styles.lists.get(style, {}).get(1)
        nested = above and here and above.bullet and here.bullet and above.left
        return 4 if nested and here and above and here.left > above.left + _FURTHER else 0

    def _counts(self, element: etree._Element, style: str) -> Counts:
        """The numbers of an outermost list: those of the list it carries on, or fresh ones."""
        goes_on = self._chains.get(element.get(f"{TEXT}continue-list") or "")
        if goes_on is None and element.get(f"{TEXT}continue-numbering") == "true":
            goes_on = self._by_style.get(style)
        counts = goes_on or Counts(self.styles.lists.get(style, {}))
        self._by_style[style] = counts
        if name := element.get(_ID):
            self._chains[name] = counts
        return counts

    def _mark(self, element: etree._Element, kind: str) -> tuple[str, int]:
        """What is printed before a paragraph, and how far in it stands."""
        inside = self._inside
        if inside is None:
            return (self._outline(element), 0) if kind == "h" else ("", 0)
        indent = 4 * (inside.level - 1) + inside.further
        if inside.begun or not inside.numbered:
            return "", indent + 2
        inside.begun = True
        return inside.counts.mark(inside.level, inside.start), indent

    def _outline(self, heading: etree._Element) -> str:
        if heading.get(f"{TEXT}is-list-header") == "true" or OUTLINE not in self.styles.lists:
            return ""
        counts = self._by_style.setdefault(OUTLINE, Counts(self.styles.lists[OUTLINE]))
        told = heading.get(f"{TEXT}start-value")
        again = told is not None or heading.get(f"{TEXT}restart-numbering") == "true"
        level = min(LEVELS, max(1, counted(heading.get(f"{TEXT}outline-level"), 1)))
        return counts.mark(level, counted(told, 1) if again else None)

    # Paragraphs ----------------------------------------------------------------------------------

    def _paragraph(self, element: etree._Element, kind: str) -> None:
        style = element.get(f"{TEXT}style-name")
        self._bullets = self._bullets if self._inside else None
        above, below = self.styles.apart(style)
        if (
            self.styles.hidden("paragraph", style)
            or element.find(f".//{TEXT}hidden-paragraph") is not None
        ):
            self._drop(element, "hidden text")
            return
        runs, later = _Runs(self), list[etree._Element]()
        runs.read(element, self.styles.bold("paragraph", style, False), later)
        text = cleaned("".join(text for text, _ in runs.found)).strip(" \n")
        self._gap |= above or kind == "h"
        if text:
            mark, indent = self._mark(element, kind)
            self._lines(text, mark, indent, self._level(element, kind, style), runs.bold)
        self._gap = below or not text
        for box in later:
            self._later(box)

    def _level(self, element: etree._Element, kind: str, style: str | None) -> int:
        if kind == "h":
            return min(6, max(1, counted(element.get(f"{TEXT}outline-level"), 1)))
        return self.styles.heading(style)

    def _lines(self, text: str, mark: str, indent: int, level: int, bold: bool) -> None:
        """One line, or several where the writer broke a plain paragraph."""
        parts = [tabbed(part) for part in text.split("\n")]
        if mark or level or self._inside:
            parts = [" ".join(filter(None, parts))]
        for part in parts:
            whole = len(parts) == 1
            if words(part) or part:
                self._add(Line(self._no, indent, part, self._gap, whole, mark, level, bold))
            self._gap = not part

    def _later(self, element: etree._Element) -> None:
        """A footnote or a text box, once the paragraph it hangs on is read."""
        if local(element) != "note":
            self.whole(element)
            return
        mark = "".join(plain(one) for one in element.iterchildren(f"{TEXT}note-citation"))
        inner = Walk(self.styles, lambda pages: None, self)
        for body in element.iterchildren(f"{TEXT}note-body"):
            inner.whole(body)
        self.dropped += inner.dropped
        if text := folded(" ".join(line.printed for line in inner.lines)):
            self._add(Line(self._no, 0, text, True, True, note=mark or "*"))

    def _add(self, line: Line) -> None:
        self.lines.append(line)
        self._no += 1
        self._gap = False
        self._read += len(line.text)
        self._progress(self._read // PAGE)

    def _drop(self, element: etree._Element, why: str) -> None:
        self.drop(plain(element), why)

    def drop(self, text: str, why: str) -> None:
        if words(text):
            self.dropped.append(Dropped(self._no, text, why))

    # Tables --------------------------------------------------------------------------------------

    def _table(self, table: etree._Element) -> None:
        rows = list(table.iter(f"{TABLE}table-row"))
        cells = [self._cells(row) for row in rows]
        lines = clauses_of([row for row in cells if any(row)])
        for line in lines or ():
            self._add(replace(line, no=self._no))
        named = True
        for row, inside in zip(rows, cells, strict=True) if lines is None else ():
            told = tuple(map(cell_text, inside))
            if text := " ".join(filter(None, told)):
                indent = 4 * (self._inside.level - 1) if self._inside else 0
                self._add(Line(self._no, indent, text, named, True, cells=told))
            # As under a line drawn below them, the rows stand apart from the names of their columns.
            strong = named and all(line.bold for cell in inside for line in cell)
            named = local(row.getparent()) == "table-header-rows" or strong
        self._gap = True

    def _cells(self, row: etree._Element) -> list[list[Line]]:
        """The lines in each cell of a row; the footnotes in them go before the row."""
        found = []
        # A cell may say it stands for a thousand million; what it says is read once.
        for cell in row.iterchildren(f"{TABLE}table-cell"):
            inner = Walk(self.styles, lambda pages: None, self)
            inner.whole(cell)
            self.dropped += inner.dropped
            for line in (line for line in inner.lines if line.note):
                self._add(line)
            found.append([line for line in inner.lines if not line.note])
        return found


class _Runs:
    """The text of one paragraph with its tabs and breaks; notes and boxes are put by for later."""

    def __init__(self, walk: Walk) -> None:
        self.found: list[tuple[str, bool]] = []
        self._walk = walk

    @property
    def bold(self) -> bool:
        said = [strong for text, strong in self.found if text.strip()]
        return bool(said) and all(said)

    def read(self, element: etree._Element, strong: bool, later: list[etree._Element]) -> None:
        self._text(element.text, strong)
        for child in element:
            if isinstance(child.tag, str):
                self._one(child, strong, later)
            self._text(child.tail, strong)

    def _text(self, text: str | None, strong: bool) -> None:
        if text:  # white space between elements is one space; more are said by <text:s>
            space = " " if text[0].isspace() else "", " " if text[-1].isspace() else ""
            self.found.append(
                (f"{space[0]}{folded(text)}{space[1]}" if text.strip() else " ", strong)
            )

    def _one(self, element: etree._Element, strong: bool, later: list[etree._Element]) -> None:
        kind = local(element)
        if kind in NO_TEXT:
            return
        if kind == "s":
            many = max(1, min(_MOST_SPACES, counted(element.get(f"{TEXT}c"), 1)))
            self.found.append((" " * many, strong))
        elif kind in ("tab", "line-break"):
            self.found.append(("\t" if kind == "tab" else "\n", strong))
        elif kind in _DROPPED:
            self._walk.drop(plain(element) or attribute_text(element), _DROPPED[kind])
        elif kind in ("note", "frame", "custom-shape", "text-box", "rect", "g"):
            later.append(element)
        elif kind == "span" and self._walk.styles.hidden("text", style_of(element)):
            self._walk.drop(plain(element), "hidden text")
        else:
            self.read(element, self._walk.styles.bold("text", style_of(element), strong), later)
