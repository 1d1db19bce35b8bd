"""A page of a PDF -> its words with their places, and the rules and dots drawn between them."""

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

_WORD_GAP = 0.13  # of the size: signs further apart than this stand in two words
MOST_SIGNS = 40_000  # on one page; a full page of small print has 8,000
_MOST_SHAPES = 4000
_BULLETS = {
    "\uf0b7": "•",
    "\uf0a7": "▪",
    "\uf0d8": "➢",
    "\uf0fc": "✓",
    "\uf06f": "o",
    "\uf076": "◦",
}
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"}
_PLAIN = {**_BULLETS, **_LIGATURES, "\x02": "-", "\xad": "-", "\u2010": "-", "\u2011": "-"}
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\ufffe"
_BOLD = ("bold", "black", "heavy", "semibold", "demi")


@dataclass(slots=True)
class Word:
    """Points from the left and upwards. ``raised``: a small sign set high, as a note's mark is.

    ``closed``: a space is printed behind it, however narrow.
    """

    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    text: str
    raised: bool = False
    closed: bool = False


@dataclass(frozen=True)
class Bar:
    """A drawn line: ``x0`` to ``x1`` at ``y0`` to ``y1``."""

    x0: float
    x1: float
    y0: float
    y1: float


@dataclass
class Page:
    """What is printed on one page, as it is held to read most of it."""

    no: int
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    top: float = 0.0
    words: list[Word] = field(default_factory=list)
    level: list[Bar] = field(default_factory=list)
    upright: list[Bar] = field(default_factory=list)
    dots: list[tuple[float, float]] = field(default_factory=list)
    turned: str = ""
    signs: int = 0
    unknown: int = 0
    pictures: int = 0


@dataclass(slots=True)
class _Style:
    """How the signs of one text object are set. ``turn`` counts quarters, -1 for aslant."""

    size: float
    bold: bool
    turn: int
    y: float
    unknown: bool


def page_of(page: Any, no: int) -> Page:
    """The words of an open page: none of them when it holds more signs than ``MOST_SIGNS``."""
    text = pdfium.FPDFText_LoadPage(page)
    try:
        if (count := pdfium.FPDFText_CountChars(text)) > MOST_SIGNS:
            return Page(no, signs=count)
        signs = list(_signs(text))
    finally:
        pdfium.FPDFText_ClosePage(text)
    turns = Counter(style.turn for _, _, _, style in signs)
    turn = turns.most_common(1)[0][0] if signs else 0
    turn = 0 if turn == -1 else turn
    found = Page(no)
    found.words = list(_words(signs, turn))
    found.turned = _turned(signs, turn)
    found.signs = len(signs)
    found.unknown = sum(
        style.unknown or (sign > "\x7f" and _unknown(sign)) for sign, _, _, style in signs
    )
    paper = _paper(page, turn)
    found.left, found.right, found.bottom, found.top = paper.x0, paper.x1, paper.y0, paper.y1
    _drawings(page, turn, found)
    return found


def _plainly(function: Any, result: Any, *more: Any) -> Any:
    """A function of pdfium that makes no object for each sign: it is asked three times for every one."""
    found = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.PYFUNCTYPE(result, ctypes.c_void_p, ctypes.c_int, *more)(found or 0)


_UNICODE = _plainly(pdfium.FPDFText_GetUnicode, ctypes.c_uint)
_OBJECT = _plainly(pdfium.FPDFText_GetTextObject, ctypes.c_void_p)
_BOX = _plainly(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p)
_Sign = tuple[str, float, float, _Style]


def _signs(text: Any) -> Iterator[_Sign]:
    """Every sign with its left and right edge along its line.

    A space that pdfium made up counts only where there is room for one.
    """
    box, styles = pdfium.FS_RECTF(), dict[int, _Style]()
    handle, into = ctypes.cast(text, ctypes.c_void_p).value, ctypes.byref(box)
    unicode, object_at, boxed = _UNICODE, _OBJECT, _BOX
    apart, end = False, 0.0
    for place in range(pdfium.FPDFText_CountChars(text)):
        key = object_at(handle, place)
        sign = chr(unicode(handle, place))
        if not key:
            apart = sign.isspace()
            continue
        style = styles.get(key)
        if style is None:
            style = styles[key] = _style(text, place)
        boxed(handle, place, into)
        if style.turn:
            left, right = _along(style.turn, box.left, box.right, box.bottom, box.top)
        else:
            left, right = box.left, box.right
        if apart and left - end > 0.06 * style.size:
            yield " ", end, left, style
        apart, end = False, right
        yield sign if "!" < sign < "\x7f" else _PLAIN.get(sign, sign), left, right, style


def _style(text: Any, place: int) -> _Style:
    matrix, name = pdfium.FS_MATRIX(), ctypes.create_string_buffer(80)
    pdfium.FPDFText_GetMatrix(text, place, matrix)
    pdfium.FPDFText_GetFontInfo(text, place, name, 80, ctypes.c_int())
    size = pdfium.FPDFText_GetFontSize(text, place) * math.hypot(matrix.c, matrix.d)
    slant = math.degrees(math.atan2(matrix.b, matrix.a))
    turn = round(slant / 90) % 4
    if abs(slant - 90 * round(slant / 90)) > 3:
        turn = -1
    y = (matrix.f, -matrix.e, -matrix.f, matrix.e, matrix.f)[turn]
    fonts = name.value.decode("latin-1").lower()
    item = pdfium.FPDFText_GetTextObject(text, place)
    outlined = pdfium.FPDFTextObj_GetTextRenderMode(item) == 2
    bold = outlined or any(one in fonts for one in _BOLD)
    unknown = pdfium.FPDFText_HasUnicodeMapError(text, place) == 1
    return _Style(round(max(size, 0.1), 1), bold, turn, y, unknown)


def _along(turn: int, left: float, right: float, bottom: float, top: float) -> tuple[float, float]:
    if turn == 1:
        return bottom, top
    if turn == 2:
        return -right, -left
    return (-top, -bottom) if turn == 3 else (left, right)


def _unknown(sign: str) -> bool:
    return sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff"


def _words(signs: list[_Sign], turn: int) -> Iterator[Word]:
    """Signs that touch, in the order they are drawn; what is drawn twice to look bold is read once."""
    word: Word | None = None
    before: Word | None = None  # a space: a note's mark may stand behind one
    last, last_x, drawn = "", 0.0, None
    for sign, left, right, style in signs:
        if style.turn != turn or sign in _UNSEEN:
            continue
        if sign.isspace() or sign < " ":
            if word:
                word.closed = True
                yield word
            word, before = None, word or before
            continue
        again = word and (sign, style.y) == (last, word.y) and style is not drawn
        if again and abs(left - last_x) < 0.15 * style.size:
            continue
        if word and not _touches(word, left, style):
            following = Word(left, right, style.y, style.size, style.bold, sign)
            _set_high(word, following)
            yield word
            word = following
        elif word:
            word.text += sign
            word.x1 = max(word.x1, right)
        else:
            word = Word(left, right, style.y, style.size, style.bold, sign)
            if before:
                _set_high(before, word)
                before = None
        last, last_x, drawn = sign, left, style
    if word:
        yield word


def _touches(word: Word, left: float, style: _Style) -> bool:
    near = -0.5 * style.size < left - word.x1 < _WORD_GAP * style.size
    same = style.size == word.size and style.bold == word.bold
    return near and same and abs(style.y - word.y) < 0.1 * style.size


def _set_high(word: Word, after: Word) -> None:
    """A smaller word beside a larger one, above or below its line, stands on that line."""
    if word.size * 0.85 >= after.size and _beside(word, after, 0.5):
        after.raised = after.y > word.y
        after.y = word.y
    elif after.size * 0.85 >= word.size and not word.raised and _beside(word, after, 1.5):
        word.raised = word.y > after.y + 0.1 * after.size
        word.y = after.y


def _beside(word: Word, after: Word, far: float) -> bool:
    size = max(word.size, after.size)
    off = abs(word.y - after.y)
    return 0.08 * size < off < 0.75 * size and -0.3 * size < after.x0 - word.x1 < far * size


def _turned(signs: list[_Sign], turn: int) -> str:
    """What is printed across the others, such as DRAFT from corner to corner."""
    text, last = "", 0.0
    for sign, left, right, style in signs:
        if style.turn != turn:
            apart = text and style.turn != -1 and not -1 < left - last < _WORD_GAP * style.size
            text += f" {sign}" if apart else sign
            last = right
    return " ".join(text.split())


def _paper(page: Any, turn: int) -> Bar:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPage_GetCropBox(page, left, bottom, right, top) and not (
        pdfium.FPDFPage_GetMediaBox(page, left, bottom, right, top)
    ):
        right.value, top.value = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    return _flat(turn, left.value, right.value, bottom.value, top.value)


def _flat(turn: int, left: float, right: float, bottom: float, top: float) -> Bar:
    """A box as it lies when the page is turned so that its text is level."""
    along = _along(turn, left, right, bottom, top)
    up = ((bottom, top), (-right, -left), (-top, -bottom), (left, right))[turn]
    return Bar(*along, *up)


def _drawings(page: Any, turn: int, found: Page) -> None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for place in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_SHAPES)):
        item = pdfium.FPDFPage_GetObject(page, place)
        kind = pdfium.FPDFPageObj_GetType(item)
        found.pictures += kind == pdfium.FPDF_PAGEOBJ_IMAGE
        if kind != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
        box = _flat(turn, left.value, right.value, bottom.value, top.value)
        wide, high = box.x1 - box.x0, box.y1 - box.y0
        if high < 3 and wide > 9:
            found.level.append(box)
        elif wide < 3 and high > 6:
            found.upright.append(box)
        elif 1.5 < wide < 8 and 0.7 < wide / max(high, 0.1) < 1.4:
            found.dots.append(((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))
        elif wide > 9 and high > 6:
            _edges(box, found)


def _edges(box: Bar, found: Page) -> None:
    """A frame or a shaded cell is bounded by four lines."""
    found.level += [Bar(box.x0, box.x1, y, y) for y in (box.y0, box.y1)]
    found.upright += [Bar(x, x, box.y0, box.y1) for x in (box.x0, box.x1)]
