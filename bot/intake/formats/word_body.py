"""The body of a Word document -> its lines: paragraphs, list items with their numbers, table rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bot.intake.document import Dropped, Line
from bot.intake.formats.numbered_rows import Row
from bot.intake.formats.numbering import Numbering
from bot.intake.formats.word_lines import Typed, typed_lines
from bot.intake.formats.word_marks import Marks
from bot.intake.formats.word_styles import Look, Style, Styles, look_of
from bot.intake.formats.word_tables import paragraphs_of, row_line
from bot.intake.formats.word_text import Inline, Piece, Text, plain_words
from bot.intake.formats.word_xml import W, child, chosen, local, switch, value
from bot.intake.formats.zipped import Element
from bot.intake.read import folded, words

SPACED = 80  # as much space between paragraphs looks like a blank line
PAGE = 3000  # signs
_HOLDERS = ("sdtContent", "customXml", "ins", "moveTo", "smartTag")
_TITLE_WITHIN = 4  # a title stands among the first lines


@dataclass(frozen=True)
class NoteSign:
    """Where the text points to a note: its kind ("footnote"), id and own mark, and the line."""

    kind: str
    id: str
    own: str
    line: int


class Body:
    """The state of one reading, from the first paragraph to the last note."""

    def __init__(
        self, styles: Styles, numbering: Numbering, progress: Callable[[int], None], balanced: bool
    ) -> None:
        self.lines: list[Line] = []
        self.dropped: list[Dropped] = []
        self.notes: list[NoteSign] = []
        self.commented: dict[str, int] = {}
        self.no = 0
        self.styled: dict[int, str] = {}
        """The heading style of each line that has one, by the line's number."""
        self._styles, self._progress = styles, progress
        self._marks = Marks(numbering)
        self._inline = Inline(styles, balanced)
        self._gap, self._above, self._in_cell, self._contents = True, Look(), 0, 0
        self._above_style = ""
        self._carried: list[Piece] = []
        self._signs = 0

    def story(self, parent: Element) -> None:
        """Read a text from its beginning to its end: the body, a cell, a text box, a note."""
        outside, self._carried, self._gap = self._carried, [], True
        self._blocks(parent)
        self._flush()
        self._carried = outside

    def _flush(self) -> None:
        """A paragraph whose end was deleted, with no paragraph after it to go on in."""
        lines, self._carried = typed_lines(Text(self._carried).lines), []
        if lines:
            self.no += 1
            self._put(lines, Text(), Style(), Line(self.no, 0, "", True, True))

    def _blocks(self, parent: Element) -> None:
        for one in parent:
            name = local(one)
            if name == "p":
                self._paragraph(one)
            elif name == "tbl":
                self._table(one)
            elif name == "sdt":
                self._control(one)
            elif name == "AlternateContent":
                for part in chosen(one):
                    self._blocks(part)
            elif name in _HOLDERS:
                self._blocks(one)
            elif name in ("del", "moveFrom"):
                self._drop(plain_words(one), "deleted text")

    def _control(self, control: Element) -> None:
        """A content control; Word's own list of contents is one."""
        gallery = value(control, "sdtPr/docPartObj/docPartGallery") or ""
        contents = gallery.casefold() in ("table of contents", "table of figures")
        self._contents += contents
        for one in control.findall(W + "sdtContent"):
            self._blocks(one)
        self._contents -= contents

    def _drop(self, text: str, why: str) -> None:
        if words(text):
            self.dropped.append(Dropped(max(1, self.no), folded(text), why))

    # Paragraphs --------------------------------------------------------------------------------------

    def _paragraph(self, one: Element) -> None:
        rules = child(one, "pPr")
        style = self._styles.paragraph(value(rules, "pStyle"))
        look = look_of(rules, None).over(style.look)
        text = self._inline.read(one, look)
        lines = typed_lines(Text([*self._carried, *text.pieces]).lines)
        if self._merges(rules, bool(lines)):
            self._carried += text.pieces
            self._aside(text)
            return
        self._carried = []
        mark, indent = self._marks.next(rules, look, style)
        gap = self._gap or text.turns or bool(switch(rules, "pageBreakBefore"))
        gap = gap or self._spaced(look, style)
        self._gap = not lines or (text.turns and not mark)
        if lines or mark:
            self.no += 1
            like = Line(self.no, indent, "", gap, True, mark)
            self._put(lines, text, replace(style, look=look), like)
            if lines:
                self._above, self._above_style = look, style.chain[0] if style.chain else ""
        self._aside(text)

    def _put(self, lines: list[Typed], text: Text, style: Style, like: Line) -> None:
        """Add the lines of one paragraph, the first with its mark."""
        if self._contents or text.contents or style.lists_contents:
            self._drop(f"{like.mark} {' '.join(line.text for line in lines)}", "contents list")
            self._gap = True
            return
        if not lines and not self._in_cell:
            self._drop(like.mark, "empty list item")
            return
        level = self._level(style)
        for line in lines or [Typed("", False)]:
            indent = like.indent + (0 if like.mark else line.tabs)
            told = replace(like, text=line.text, bold=line.bold, level=level, indent=indent)
            self.lines.append(replace(told, gap=told.gap or line.gap))
            like = replace(like, mark="", gap=False)
            self._signs += len(line.text)
        if level:
            self.styled[self.no] = style.chain[0] if style.chain else ""
        if self.no % 50 == 0:
            self._progress(self._signs // PAGE)

    def _level(self, style: Style) -> int:
        """How deep a heading is. The title on top is none: what stands there says itself what it is."""
        first = self.no <= _TITLE_WITHIN and not self.styled
        return 0 if style.titles and first else style.level

    def _merges(self, rules: Element | None, says: bool) -> bool:
        """The end of this paragraph was deleted or is hidden: it goes on in the next one."""
        ends = ("rPr/del", "rPr/moveFrom")
        hidden = bool(switch(rules, "rPr/vanish")) and not says
        return hidden or any(child(rules, end) is not None for end in ends)

    def _aside(self, text: Text) -> None:
        """What a paragraph holds besides its words."""
        self._drop("".join(text.deleted), "deleted text")
        self._drop("".join(text.hidden), "hidden text")
        self.notes += [NoteSign(*note, max(1, self.no)) for note in text.notes]
        self.commented |= {id: max(1, self.no) for id in text.comments}
        for box in text.boxes:
            self.story(box)
            self._gap = True

    def _spaced(self, look: Look, style: Style) -> bool:
        """Whether enough space stands between this paragraph and the one above."""
        if self._above_style in style.chain[:1] and self._above.close and look.close:
            return False
        return max(look.before or 0, self._above.after or 0) >= SPACED

    # Tables ------------------------------------------------------------------------------------------

    def _table(self, table: Element) -> None:
        self._flush()
        self._gap = True
        trs = list(_within(table, "tr"))
        kept = [tr for tr in trs if child(tr, "trPr/del") is None]
        for tr in trs:
            if tr not in kept:
                self._drop(plain_words(tr), "deleted text")
        rows = [self._row(tr) for tr in kept]
        printed = [(tr, row) for tr, row in zip(kept, rows, strict=True) if any(row)]
        self._rows(table, [tr for tr, _ in printed], [row for _, row in printed])
        self._gap = True
        self._above = Look()

    def _row(self, tr: Element) -> list[list[Line]]:
        return [self._cell(tc) for tc in _within(tr, "tc")]

    def _cell(self, tc: Element) -> list[Line]:
        """The lines in a cell. What is typed below a merged cell's first row is not printed."""
        outside, self.lines = self.lines, []
        self._in_cell += 1
        self.story(tc)
        found, self.lines = self.lines, outside
        self._in_cell -= 1
        merged = child(tc, "tcPr/vMerge")
        if merged is not None and merged.get(W + "val") in (None, "continue"):
            self._drop(" ".join(line.text for line in found), "hidden text")
            return []
        return found

    def _rows(self, table: Element, trs: list[Element], rows: list[list[list[Line]]]) -> None:
        if not rows:
            return
        lines = paragraphs_of(rows)
        if lines is not None:
            self.lines += lines
            return
        headed = self._headed(table, trs, rows)
        after_row = bool(self.lines and self.lines[-1].cells)
        for place, row in enumerate(rows):
            gap = not after_row if place == 0 else headed and place == 1
            for line in filter(None, [row_line(row, gap)]):
                self.lines.append(line)
                self._signs += len(line.text)

    def _headed(self, table: Element, trs: list[Element], rows: list[list[list[Line]]]) -> bool:
        """Whether the first row names the columns: said so, set bold or coloured, unlike the second."""
        if len(rows) < 2 or len([cell for cell in rows[0] if cell]) < 2:
            return False
        style = self._styles.by_id.get(value(table, "tblPr/tblStyle") or "", Style())
        look = child(table, "tblPr/tblLook")
        firsts = look is not None and (
            look.get(W + "firstRow") in ("1", "true", "on")
            or (look.get(W + "val") or "0000")[-2:-1] in "2367abefABEF"  # the bit 0x20
        )
        return (
            bool(switch(trs[0], "trPr/tblHeader"))
            or (firsts and bool(self._styles.heads & {*style.chain}))
            or (_bold(rows[0]) and not _bold(rows[1]))
            or (_shaded(trs[0]) and not _shaded(trs[1]))
        )


def _within(parent: Element, name: str) -> Iterable[Element]:
    """The rows of a table or cells of a row, in content controls too."""
    for one in parent:
        if local(one) == name:
            yield one
        elif local(one) in ("sdt", *_HOLDERS):
            yield from _within(one, name)


def _bold(row: Row) -> bool:
    lines = [line for cell in row for line in cell if line.text]
    return bool(lines) and all(line.bold for line in lines)


def _shaded(tr: Element) -> bool:
    fills = [value(tc, "tcPr/shd", "fill") for tc in _within(tr, "tc")]
    return bool(fills) and all(fill not in (None, "auto", "FFFFFF", "ffffff") for fill in fills)
