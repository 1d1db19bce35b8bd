"""Whether a number that begins a line counts on, or the sentence above only wrapped just before it."""

import re
from collections.abc import Iterable

from bot.intake.markers import Marker, alphabetic, roman

_SKIPS = 3  # numbers that a list may leave out, as it does where clauses were struck
_NAMES = re.compile(
    r"\b(?:sections?|clauses?|paragraphs?|rules?|parts?|chapters?|appendix|appendices|annexe?|schedules?"
    r"|(?:key )?stages?|years?|articles?|tables?|figures?|forms?|steps?|levels?|tiers?|pages?)$",
    re.I,
)
_HANGS = re.compile(
    r"\b(?:under|over|than|of|to|at|in|by|from|with|for|and|or|the|an?|is|are|about|after|before"
    r"|between|until|within|on|see|least|most|age|aged)$"
)


def names(text: str) -> bool:
    """It ends in what a number follows: "see section", "Key Stage"."""
    return bool(_NAMES.search(text))


def hangs(text: str) -> bool:
    """No sentence and no heading of a list ends so: "who is under", "the Headteacher and"."""
    return names(text) or bool(_HANGS.search(text))


def follows(marker: Marker, before: Iterable[Marker]) -> bool:
    """Whether a number counts on from those before it, or begins anew."""
    if marker.kind == "bullet" or _begins(marker):
        return True
    last = {(one.kind, one.style, len(one.number)): one for one in before}
    return any(_counts_on(one, marker) for one in last.values() if one.kind == marker.kind)


def begins(marker: Marker) -> bool:
    """The first of a list: 1, (a), i, A."""
    return marker.kind != "bullet" and _begins(marker)


def _begins(marker: Marker) -> bool:
    if marker.kind == "decimal":
        return marker.number in ((1,), (1, 1))
    return marker.letter.lower() in ("a", "i", "aa")


def _counts_on(last: Marker, marker: Marker) -> bool:
    if marker.kind == "letter":
        return any(0 < of(marker.letter) - of(last.letter) <= _SKIPS for of in (alphabetic, roman))
    if marker.number == last.number:
        return bool(marker.tail)
    for place, (old, new) in enumerate(zip(last.number, marker.number, strict=False)):
        if old != new:
            return 0 < new - old <= _SKIPS and all(n < 2 for n in marker.number[place + 1 :])
    return len(marker.number) > len(last.number) and marker.number[len(last.number)] <= _SKIPS
