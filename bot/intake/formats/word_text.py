"""One paragraph of Word -> its printed text, and what it holds besides: notes, text boxes, hidden words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.intake.formats.word_styles import Look, Styles, run_look
from bot.intake.formats.word_xml import W, chosen, local
from bot.intake.formats.zipped import Element
from bot.intake.read import cleaned

# Letters of picture fonts that stand for signs people type in lists and forms.
_SIGNS = {
    **dict.fromkeys((0xB7, 0x6C, 0x9F, 0x6E, 0xA7, 0x71), "•"),
    **dict.fromkeys((0xD8, 0xE0, 0xE8, 0xF0), "→"),
    **dict.fromkeys((0xFC, 0x50, 0x61), "✓"),
    **dict.fromkeys((0xFB, 0x4F, 0x72), "✗"),
    **dict.fromkeys((0xA8, 0x6F, 0x70), "☐"),
    **dict.fromkeys((0xFE, 0x52, 0xFD, 0x54), "☒"),
    0x28: "☎",
    0x2A: "✉",
}
_PICTURED = re.compile(r"wingdings.*|webdings|zapf ?dingbats|marlett", re.I)
_INSIDE = (
    *("hyperlink", "smartTag", "ins", "moveTo", "customXml", "fldSimple", "bdo", "dir"),
    *("sdt", "sdtContent", "oMathPara", "oMath", "f", "num", "den", "e", "sup", "sub"),
    *("sSup", "sSub", "sSubSup", "d", "rad", "deg", "nary", "func", "fName"),  # parts of sums
)
_GONE = ("del", "moveFrom")
_SOLID = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(frozen=True)
class Piece:
    """Some text printed in one way; ``strong``: bold or underlined."""

    text: str
    strong: bool


@dataclass
class Text:
    """What a paragraph says. ``turns``: it begins a new page. ``notes`` are (kind, id, own mark)."""

    pieces: list[Piece] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    turns: bool = False
    contents: bool = False

    @property
    def lines(self) -> list[list[Piece]]:
        """The pieces of each printed line; a line break parts them."""
        found: list[list[Piece]] = [[]]
        for piece in self.pieces:
            first, *rest = cleaned(piece.text).split("\n")
            found[-1].append(Piece(first, piece.strong))
            found += [[Piece(part, piece.strong)] for part in rest]
        return found


@dataclass
class _Field:
    """A field that is open: its order ("TOC \\o"), and whether its result has begun."""

    order: str = ""
    shows: bool = False


class Inline:
    """Reads paragraphs one after another; fields may begin in one and end in another."""

    def __init__(self, styles: Styles, balanced: bool = True) -> None:
        self._styles = styles
        self._fields: list[_Field] = []
        self._balanced = balanced

    def read(self, paragraph: Element, look: Look) -> Text:
        """All that this paragraph says."""
        if not self._balanced:  # a field that never ends must not swallow the rest
            self._fields.clear()
        found = Text()
        self._all(paragraph, look, found, gone=False, linked=False)
        return found

    def _all(self, parent: Element, look: Look, text: Text, gone: bool, linked: bool) -> None:
        for one in parent:
            name = local(one)
            if name == "r":
                self._run(one, look, text, gone, linked)
            elif name in _GONE:
                self._all(one, look, text, True, linked)
                text.deleted.append(" ")
            elif name == "AlternateContent":
                for part in chosen(one):
                    self._all(part, look, text, gone, linked)
            elif name in _INSIDE:
                self._all(one, look, text, gone, linked or name == "hyperlink")

    def _run(self, run: Element, look: Look, text: Text, gone: bool, linked: bool) -> None:
        look = run_look(run, self._styles, look)
        # Links are underlined anyhow.
        linked = linked or any(one.order.split()[:1] == ["HYPERLINK"] for one in self._fields)
        strong = bool(look.bold) or (bool(look.underlined) and not linked)
        unseen = gone or bool(look.hidden)
        for one in _parts(run):
            name = local(one)
            if name == "fldChar":
                self._field(one.get(W + "fldCharType") or "")
            elif name == "instrText" and self._fields:
                self._fields[-1].order += one.text or ""
            elif name == "commentReference":
                text.comments.append(one.get(W + "id") or "")
            elif name in ("drawing", "pict", "object"):
                text.boxes += [] if unseen else _boxes(one)
            elif name in ("footnoteReference", "endnoteReference"):
                if not unseen and self._shown():
                    text.notes.append(_note(run, one))
                if one.get(W + "customMarkFollows") in ("1", "true", "on"):
                    return
            elif said := _said(one, look, text):
                self._say(said, look, text, gone, strong)

    def _say(self, said: str, look: Look, text: Text, gone: bool, strong: bool) -> None:
        if gone:
            text.deleted.append(said)
        elif look.hidden:
            text.hidden.append(said)
        elif self._shown():
            text.pieces.append(Piece(said, strong))
            text.contents = text.contents or self._in_contents()

    def _in_contents(self) -> bool:
        return any(one.order.split()[:1] == ["TOC"] for one in self._fields)

    def _shown(self) -> bool:
        """Not the order of a field, only its result."""
        return all(one.shows for one in self._fields)

    def _field(self, what: str) -> None:
        if what == "begin":
            self._fields.append(_Field())
        elif what == "separate" and self._fields:
            self._fields[-1].shows = True
        elif what == "end" and self._fields:
            self._fields.pop()


def _parts(run: Element) -> Iterator[Element]:
    """What stands in a run, each thing once. Of words with a reading beside them, the words."""
    for one in run:
        if local(one) == "AlternateContent":
            for part in chosen(one):
                yield from part
        elif local(one) == "ruby":
            for base in one.iter(W + "rubyBase"):
                yield from base.iter(W + "t")
        else:
            yield one


def _said(one: Element, look: Look, text: Text) -> str:
    """The words of one part of a run."""
    name = local(one)
    if name in ("t", "delText"):
        plain = re.sub(r"[\r\n]+", " ", one.text or "")
        return _signs(plain) if _PICTURED.match(look.font or "") else _symbol(plain, look)
    if name == "br":
        turns = one.get(W + "type") in ("page", "column")
        text.turns = text.turns or turns
        return " " if turns else "\n"
    return _sign(one) if name == "sym" else _SOLID.get(name, "")


def _note(run: Element, one: Element) -> tuple[str, str, str]:
    """A note's kind, id, and the mark it has of its own (such as "*")."""
    own = ""
    if one.get(W + "customMarkFollows") in ("1", "true", "on"):
        own = "".join(part.text or "" for part in run.findall(W + "t")).strip()
    return local(one).removesuffix("Reference"), one.get(W + "id") or "", own


def _boxes(drawn: Element) -> list[Element]:
    """The text boxes in a drawing; one inside another comes with the outer."""
    found: list[Element] = []
    for alternate in list(drawn.iter("{*}AlternateContent")):
        kept = list(chosen(alternate))
        for one in [one for one in alternate if one not in kept]:
            alternate.remove(one)
    for box in drawn.iter(W + "txbxContent"):
        if not any(outer in found for outer in box.iterancestors(W + "txbxContent")):
            found.append(box)
    return found


def _symbol(text: str, look: Look) -> str:
    """A dot of the Symbol font is a bullet; its letters are Greek and stay."""
    return text.replace("·", "•").replace("\uf0b7", "•") if look.font == "Symbol" else text


def _signs(text: str) -> str:
    return "".join(sign if sign.isspace() else _SIGNS.get(ord(sign) & 0xFF, "•") for sign in text)


def _sign(one: Element) -> str:
    """The sign a <w:sym> stands for."""
    try:
        code = int(one.get(W + "char") or "", 16)
    except ValueError:
        return ""
    font = one.get(W + "font") or ""
    if _PICTURED.match(font) or code >= 0xF000:
        return _SIGNS.get(code & 0xFF, "•")
    return chr(code) if 0x20 <= code < 0xD800 else ""


def plain_words(part: Element) -> str:
    """All words under an element, whatever they belong to, in one line: for lists of what was left out."""
    found: list[str] = []
    for one in part.iter():
        name = local(one)
        if name in ("t", "delText"):
            found.append(one.text or "")
        elif name in ("p", "br", "tab", "cr", "tc"):
            found.append(" ")
    return " ".join(cleaned("".join(found)).split())
