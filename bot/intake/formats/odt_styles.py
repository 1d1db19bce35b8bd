"""What the styles of an OpenDocument text say: bold, hidden, space around, and how lists count."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from bot.intake.formats.counted import counted, printed

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, TEXT = f"{{{_URN}office:1.0}}", f"{{{_URN}text:1.0}}"
STYLE, TABLE = f"{{{_URN}style:1.0}}", f"{{{_URN}table:1.0}}"
_FO = f"{{{_URN}xsl-fo-compatible:1.0}}"
_LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"

_HOW = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_PLACE = re.compile(r"%(\d{1,2})%")
_HEADING = re.compile(r"Title|Heading_20_(\d)")
_LENGTH = re.compile(r"([\d.]{1,12})\s*(in|cm|mm|pt)")
_POINTS = {"in": 72.0, "cm": 28.3, "mm": 2.83, "pt": 1.0}
_APART = 2.0  # points of space above or below that somebody sees
LEVELS = 10
OUTLINE = "\0outline"  # the list that numbers headings; no style can be called so
# Bullets that are read as such; any other sign stands for a plain one.
_BULLETS = "•·‣◦▪■□●○➢➤✓✔☐☑☒❏❑►▶→✗✘-*+–—o"


@dataclass(frozen=True)
class Level:
    """How one level of a list prints: ``bullet``, or a number after ``shape`` ("(%2%)", "%1%.%2%").

    ``left``: how far in its text stands, in points.
    """

    bullet: str = ""
    how: str = ""
    shape: str = ""
    start: int = 1
    left: float = 0.0


@dataclass(frozen=True)
class Look:
    """What one style says itself; None where it says nothing. Lengths in points."""

    parent: str = ""
    bold: bool | None = None
    hidden: bool | None = None
    above: float | None = None
    below: float | None = None


@dataclass
class Styles:
    """Styles by family and name, lists by name."""

    looks: dict[tuple[str, str], Look] = field(default_factory=dict)
    lists: dict[str, dict[int, Level]] = field(default_factory=dict)

    def chain(self, family: str, name: str | None) -> list[tuple[str, Look]]:
        """A style and those it is based on, the nearest first, each once even if they go in a ring."""
        found: dict[str, Look] = {}
        while name is not None and name not in found and (family, name) in self.looks:
            found[name] = self.looks[family, name]
            name = found[name].parent
        return list(found.items())

    def bold(self, family: str, name: str | None, otherwise: bool) -> bool:
        told = (look.bold for _, look in self.chain(family, name))
        return next((one for one in told if one is not None), otherwise)

    def hidden(self, family: str, name: str | None) -> bool:
        told = (look.hidden for _, look in self.chain(family, name))
        return next((one for one in told if one is not None), False)

    def apart(self, name: str | None) -> tuple[bool, bool]:
        """Whether space stands above and below a paragraph of this style."""
        chain = [look for _, look in self.chain("paragraph", name)]
        above = next((one.above for one in chain if one.above is not None), 0.0)
        below = next((one.below for one in chain if one.below is not None), 0.0)
        return above > _APART, below > _APART

    def heading(self, name: str | None) -> int:
        """The level of a paragraph that only looks like a heading by its style; 0 for any other."""
        for one, _ in self.chain("paragraph", name):
            if found := _HEADING.fullmatch(one):
                return min(6, int(found[1] or 1))
        return 0


def styles_of(parts: Iterable[etree._Element]) -> Styles:
    """The styles of all parts; a later part's take the place of an earlier one's."""
    found = Styles()
    for part in parts:
        for one in part.iter(f"{STYLE}style", f"{STYLE}default-style"):
            name = one.get(f"{STYLE}name") or ""
            found.looks[one.get(f"{STYLE}family") or "", name] = _look(one, name)
        for one in part.iter(f"{TEXT}list-style"):
            found.lists[one.get(f"{STYLE}name") or ""] = dict(map(_level, one))
        for one in part.iter(f"{TEXT}outline-style"):
            found.lists[OUTLINE] = dict(map(_level, one))
    return found


def _look(style: etree._Element, name: str) -> Look:
    weight = shown = above = below = None
    for said in style.iterchildren(f"{STYLE}text-properties"):
        weight = said.get(f"{_FO}font-weight")
        shown = said.get(f"{TEXT}display")
    for said in style.iterchildren(f"{STYLE}paragraph-properties"):
        both = said.get(f"{_FO}margin")
        above = said.get(f"{_FO}margin-top", both)
        below = said.get(f"{_FO}margin-bottom", both)
    return Look(
        style.get(f"{STYLE}parent-style-name") or "",
        None if weight is None else weight in ("bold", "600", "700", "800", "900"),
        None if shown is None else shown == "none",
        _points(above),
        _points(below),
    )


def _points(length: str | None) -> float | None:
    found = _LENGTH.fullmatch(length or "")
    return float(found[1]) * _POINTS[found[2]] if found and found[1].count(".") < 2 else None


def _level(one: etree._Element) -> tuple[int, Level]:
    place = counted(one.get(f"{TEXT}level"), 1)
    if one.tag == f"{TEXT}list-level-style-bullet":
        sign = one.get(f"{TEXT}bullet-char") or "•"
        return place, Level(sign if sign in _BULLETS else "•", left=_left(one))
    if one.tag == f"{TEXT}list-level-style-image":
        return place, Level(bullet="•")
    how = one.get(f"{STYLE}num-format") or ""
    start = counted(one.get(f"{TEXT}start-value"), 1)
    return place, Level("", how, _shape(one, place), start) if how else Level()


def _left(one: etree._Element) -> float:
    told = (
        part.get(f"{_FO}margin-left") for part in one.iter(f"{STYLE}list-level-label-alignment")
    )
    return next((found for length in told if (found := _points(length))), 0.0)


def _shape(one: etree._Element, place: int) -> str:
    """ "%1%.%2%." for a level that shows two. LibreOffice writes just that beside the standard's way."""
    if told := one.get(f"{_LOEXT}num-list-format"):
        return str(told)[:80]
    shown = max(1, min(place, counted(one.get(f"{TEXT}display-levels"), 1)))
    numbers = ".".join(f"%{level}%" for level in range(place - shown + 1, place + 1))
    prefix, suffix = one.get(f"{STYLE}num-prefix") or "", one.get(f"{STYLE}num-suffix") or ""
    return f"{prefix[:20]}{numbers}{suffix[:20]}"


class Counts:
    """The numbers of one list so far, level by level."""

    def __init__(self, levels: dict[int, Level]) -> None:
        self._levels = levels
        self._counts: dict[int, int] = {}

    def mark(self, level: int, start: int | None) -> str:
        """The next item of this level: what is printed before it."""
        how = self._levels.get(level, Level())
        first = how.start if start is None else start
        fresh = start is not None or level not in self._counts
        self._counts[level] = first if fresh else self._counts[level] + 1
        self._counts = {at: n for at, n in self._counts.items() if at <= level}
        if not how.shape:
            return how.bullet
        return " ".join(_PLACE.sub(lambda found: self._one(int(found[1])), how.shape).split())

    def _one(self, level: int) -> str:
        how = self._levels.get(level, Level())
        number = self._counts.get(level, how.start)
        return printed(number, _HOW.get(how.how, "decimal")) if how.how else ""
