"""Word's automatic numbers, counted as Word counts them: numbering.xml holds only the rules.

A *list* (w:abstractNum) has nine levels. A paragraph names a *num*, one use of a list; several nums of one
list go on counting together, unless a num says where it starts anew (ECMA-376 part 1, 17.9).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.intake.formats.word_xml import W, child, number, switch, value
from bot.intake.formats.zipped import Element
from bot.intake.markers import to_roman

DEPTH = 9
_HOLLOW = "o◦○\uf06f"  # the bullets Word and others print at the second level


@dataclass(frozen=True)
class Level:
    """How one level counts and prints. ``restart``: 0 never, n after level n, None after any above.

    ``left`` and ``first`` are in twentieths of a point: the text, and its first line beside it.
    """

    format: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None
    legal: bool = False
    style: str = ""
    hidden: bool = False
    left: int | None = None
    first: int | None = None


@dataclass(frozen=True)
class Num:
    """One use of a list: ``levels`` with its own changes, ``starts`` where it begins anew."""

    list: str
    levels: tuple[Level, ...]
    starts: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Numbering:
    """All nums of a document, by their id."""

    nums: Mapping[str, Num]

    def level(self, num: str, depth: int) -> Level | None:
        found = self.nums.get(num)
        return found.levels[depth] if found and 0 <= depth < DEPTH else None

    def depth_of(self, num: str, style: str) -> int | None:
        """The level a paragraph style is linked to, in this num."""
        found = self.nums.get(num)
        levels = enumerate(found.levels if found else ())
        return next((depth for depth, one in levels if style and one.style == style), None)


def numbering_of(root: Element | None, styled: Mapping[str, str]) -> Numbering:
    """The rules in numbering.xml. ``styled``: the num each numbering style stands for."""
    if root is None:
        return Numbering({})
    lists = {one.get(W + "abstractNumId"): one for one in root.findall(W + "abstractNum")}
    used = {one.get(W + "numId"): value(one, "abstractNumId") for one in root.findall(W + "num")}
    nums = {}
    for one in root.findall(W + "num"):
        key = used.get(one.get(W + "numId")) or ""
        for _ in range(3):  # a list may stand for the list of a style
            style = value(lists.get(key), "numStyleLink")
            key = used.get(styled.get(style or "", "")) or key
        nums[str(one.get(W + "numId"))] = _num(one, key, lists.get(key))
    return Numbering(nums)


def _num(num: Element, key: str, rules: Element | None) -> Num:
    levels = [Level() for _ in range(DEPTH)]
    for one in rules.findall(W + "lvl") if rules is not None else ():
        _put(levels, one)
    starts: dict[int, int] = {}
    for one in num.findall(W + "lvlOverride"):
        depth, start = number(one.get(W + "ilvl")), number(value(one, "startOverride"))
        if depth is not None and start is not None:
            starts[depth] = start
        if (changed := child(one, "lvl")) is not None:
            _put(levels, changed)
    return Num(key, tuple(levels), starts)


def _put(levels: list[Level], one: Element) -> None:
    depth = number(one.get(W + "ilvl"))
    if depth is not None and 0 <= depth < DEPTH:
        levels[depth] = _level(one)


def _level(one: Element) -> Level:
    start = number(value(one, "start"))
    found = Level(
        value(one, "numFmt") or "decimal",
        value(one, "lvlText") or "",
        1 if start is None else start,  # the standard says 0, but nobody counts so
        number(value(one, "lvlRestart")),
        bool(switch(one, "isLgl")),
        value(one, "pStyle") or "",
        bool(switch(one, "rPr/vanish")),
        *indents(child(one, "pPr/ind")),
    )
    pictured = found.format == "bullet" and child(one, "lvlPicBulletId") is not None
    return replace(found, text="•") if pictured else found


def indents(ind: Element | None) -> tuple[int | None, int | None]:
    """Where the text stands, and how far beside it its first line begins (hanging is below 0)."""
    if ind is None:
        return None, None
    left = number(ind.get(W + "left") or ind.get(W + "start"))
    hanging = number(ind.get(W + "hanging"))
    first = number(ind.get(W + "firstLine"))
    return left, -hanging if hanging is not None else first


class Count:
    """Where every list of a document stands."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._at: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()

    def next(self, num: str, depth: int) -> str:
        """Count one paragraph, and say what is printed before it: "1.1", "(a)", "•" or nothing."""
        rules = self._numbering.nums.get(num)
        if rules is None or not 0 <= depth < DEPTH:
            return ""
        at = self._at.setdefault(rules.list, [None] * DEPTH)
        level, here = rules.levels[depth], at[depth]
        anew = depth in rules.starts and (num, depth) not in self._begun
        if anew:
            here = rules.starts[depth]
            self._begun.add((num, depth))
        else:
            here = level.start if here is None else here + 1
        at[depth] = here
        self._restart(at, rules.levels, depth)
        return "" if level.hidden else _printed(rules.levels, self._shown(num, rules, at), depth)

    def _shown(self, num: str, rules: Num, at: list[int | None]) -> list[int]:
        """Where every level stands to the reader; one that has not begun shows what it will begin at."""
        shown = []
        for depth, (here, level) in enumerate(zip(at, rules.levels, strict=True)):
            waits = depth in rules.starts and (num, depth) not in self._begun
            begin = rules.starts[depth] if waits else level.start
            shown.append(begin if waits or here is None else here)
        return shown

    @staticmethod
    def _restart(at: list[int | None], levels: tuple[Level, ...], depth: int) -> None:
        for below in range(depth + 1, DEPTH):
            after = levels[below].restart
            if after is None or depth < after:
                at[below] = None


def _printed(levels: tuple[Level, ...], at: list[int], depth: int) -> str:
    level = levels[depth]
    if level.format == "bullet":
        return _bullet(level.text, depth)
    text = level.text
    for upper in range(DEPTH):
        sign = f"%{upper + 1}"
        if sign in text:
            format = levels[upper].format
            legal = level.legal and format not in ("none", "bullet")
            text = text.replace(sign, counted(at[upper], "decimal" if legal else format))
    return " ".join(text.split())


def _bullet(glyph: str, depth: int) -> str:
    glyph = glyph.strip()
    if not glyph:
        return ""
    return "◦" if depth and glyph in _HOLLOW else "•"


def counted(count: int, format: str) -> str:
    """3 as "3", "03", "c", "C", "iii", "III", "3rd"; nothing where the format prints none."""
    if format in ("none", "bullet"):
        return ""
    if format in ("lowerLetter", "upperLetter"):
        letters = chr(97 + (count - 1) % 26) * ((count - 1) // 26 + 1) if 0 < count < 500 else "0"
        return letters.upper() if format == "upperLetter" else letters
    if format in ("lowerRoman", "upperRoman"):
        roman = _roman(count)
        return roman.upper() if format == "upperRoman" else roman
    if format == "decimalZero":
        return f"{count:02d}"
    if format == "ordinal":
        last = "th" if count % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(count % 10)
        return f"{count}{last or 'th'}"
    return str(count)


def _roman(count: int) -> str:
    if not 0 < count < 4000:
        return str(count)
    text = ""
    for worth, sign in ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")):
        text += sign * (count // worth)
        count %= worth
    return text + to_roman(count)
