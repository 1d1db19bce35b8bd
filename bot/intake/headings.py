"""Which items are headings. Most of it is deciding what "3." is: a section, or the third of a list."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.intake.dates import is_date
from bot.intake.front import CLOSERS, colon_field
from bot.intake.lines import Item, says_or
from bot.intake.markers import Marker
from bot.intake.runs import Run, runs_of, shortish

_SMALL = {"and", "the", "for", "with", "from", "into", "on", "of", "to", "in", "a", "an", "by"}
_SMALL |= {"or", "at", "is"}
_NAMED = re.compile(
    r"(section|article|part|appendix|annex|annexe|schedule|chapter|rule)\s+"
    r"(\d{1,3}(?:\.\d{1,3})*|[A-Z]|[IVX]{1,5})(?![\w'’])\s*([:.)–—-]*)\s*(.*)",
    re.I,
)
_ASKS = re.compile(r"(?:what|who|when|where|why|how)\b", re.I)


@dataclass(frozen=True)
class Heading:
    """A heading: its level (1 outermost), its printed number if any, and its words."""

    level: int
    number: str
    title: str
    boxed: bool = False


def capitals(text: str) -> bool:
    """ALL CAPS, and more than one lone abbreviation's worth of it."""
    return len(text) < 150 and text.isupper() and sum(char.isalpha() for char in text) > 3


def title_case(text: str) -> bool:
    """Every longer word begins with a capital: "Security and Data Protection"."""
    long = list(re.findall(r"[^\W\d_]{2,}", text.replace("'", "").replace("’", "")))
    long = [word for word in long if word.lower() not in _SMALL]
    return bool(long) and text[:1].isupper() and all(word[0].isupper() for word in long)


def named(text: str) -> tuple[str, str, str] | None:
    """("Appendix", "A", "Consent form") for "Appendix A: Consent form"."""
    found = _NAMED.fullmatch(text) if len(text) < 130 else None
    if not found or not (found[4] == "" or (shortish(found[4]) and not found[4][0].islower())):
        return None
    return found[1].capitalize(), found[2].upper(), found[4]


def headings(items: Sequence[Item], start: int) -> dict[int, Heading]:
    """The items from ``start`` on that are headings, by place."""
    found = _numbered(items, start)
    plain = _unnumbered(items, start, found)
    under_numbers = bool(found)
    mixed = bool(plain) and capitals(items[plain[0]].text) and not found
    for place in plain:
        found[place] = _levelled(items[place], under_numbers, mixed)
    return dict(sorted(found.items()))


def _levelled(item: Item, under_numbers: bool, mixed: bool) -> Heading:
    if it := named(item.text):
        word, number, title = it
        number = number if word in ("Section", "Rule", "Chapter") else f"{word} {number}"
        return Heading(1, number, title, boxed=word not in ("Section", "Rule", "Chapter"))
    if item.hashes:
        return Heading(max(1, item.hashes), "", item.text)
    lower = under_numbers or (mixed and not capitals(item.text))
    return Heading(3 if lower else 2, "", item.text)


def _numbered(items: Sequence[Item], start: int) -> dict[int, Heading]:
    found: dict[int, Heading] = {}
    runs = runs_of(items, start)
    told = any(run.style[2] for run in runs)
    for run in runs:
        if not _are_headings(items, run, told):
            continue
        for place in run.places:
            marker = items[place].marker
            if marker and shortish(items[place].text, 16):
                level = items[place].hashes or 2
                found[place] = Heading(level, marker.name, items[place].text)
    for place, item in enumerate(items):
        marker = item.marker
        deep = marker is not None and marker.kind == "decimal" and len(marker.number) > 1
        if place >= start and marker and deep and _sub_heading(items, place, marker):
            level = item.hashes or len(marker.number) + 1
            found[place] = Heading(level, marker.name, item.text)
    return found


def _are_headings(items: Sequence[Item], run: Run, told: bool) -> bool:
    """Sub-numbers below them, or short lines each with something under it.

    ``told``: the source says which numbers are headings, so that others must look it.
    """
    if any(_has_child(items, place) for place in run.places):
        return True
    short = sum(shortish(items[place].text, 16) for place in run.places) / len(run.places)
    tight = sum(place + 1 in run.places for place in run.places[:-1])
    ends = run.places[-1] + 1 < len(items)
    if len(run.places) == 1:
        lone = short == 1 and ends and _is_content(items, run.places[0] + 1)
        return lone and (not told or run.style[2] or items[run.places[0]].bold)
    marked = all(items[place].hashes or items[place].bold for place in run.places)
    if told and not marked:
        return False
    return marked or (short >= 0.6 and tight < 0.5 * (len(run.places) - 1) and ends)


def _has_child(items: Sequence[Item], place: int) -> bool:
    """A clause "3.1" stands below "3." before the next whole number."""
    top = items[place].marker
    for item in items[place + 1 : place + 40]:
        marker = item.marker
        if item.hashes and not items[place].hashes and marker and len(marker.number) == 1:
            return False
        if marker and marker.kind == "decimal" and top and top.kind == "decimal":
            if marker.number[0] == top.number[0] and len(marker.number) > 1:
                return True
            if len(marker.number) == 1 and marker.number[0] == top.number[0] + 1:
                return False
    return False


def _sub_heading(items: Sequence[Item], place: int, marker: Marker) -> bool:
    """ "3.2 Staff" with a paragraph or deeper numbers below it, not the clause 3.2 itself."""
    item = items[place]
    if item.hashes or (item.bold and shortish(item.text)):
        return True
    if not shortish(item.text, 9) or item.text[-1] in ":;" or not item.text[0].isupper():
        return False
    after = items[place + 1] if place + 1 < len(items) else None
    if after is None or (after.marker and after.marker.kind == "letter"):
        return False
    if after.marker and after.marker.kind == "decimal":
        return (
            len(after.marker.number) > len(marker.number)
            and after.marker.number[:-1] == marker.number
        )
    return bool(after.marker) or not shortish(after.text) or after.text[-1] in ":?!"


def _unnumbered(items: Sequence[Item], start: int, numbered: dict[int, Heading]) -> list[int]:
    """Places of unnumbered headings, found from the end: a heading needs something under it."""
    found: set[int] = set()
    for place in range(len(items) - 1, start - 1, -1):
        item = items[place]
        if place in numbered or item.marker or not item.text:
            continue
        under = place + 1 < len(items)
        if (
            item.hashes
            or (named(item.text) and (under or capitals(item.text)))
            or (
                under
                and _looks(items, place)
                and (
                    (
                        place + 1 in found
                        and (_strong(item) or (item.gap and _ASKS.match(item.text)))
                    )
                    or place + 1 in numbered
                    or _is_content(items, place + 1)
                    or item.text[-1] == ":"
                    or CLOSERS.fullmatch(item.text)
                )
            )
        ):
            found.add(place)
    return sorted(found)


def _strong(item: Item) -> bool:
    return bool(item.hashes) or item.bold or capitals(item.text) or title_case(item.text)


def _looks(items: Sequence[Item], place: int) -> bool:
    """A line set as a heading: capitals, bold, Title Case, or a short line standing alone."""
    item, after = items[place], items[place + 1]
    if (
        not shortish(item.text)
        or len(item.cells) > 1
        or is_date(item.text)
        or colon_field(item)
        or says_or(item.text)
    ):
        return False
    if item.text[-1] == ":":
        listed = after.marker is not None
        named_well = title_case(item.text) and (len(item.text.split()) > 1 or not listed)
        alone = not listed and item.gap and len(item.text.split()) < 6 and item.text[0].isupper()
        asked = item.gap and bool(_ASKS.match(item.text)) and len(item.text.split()) < 10
        return item.bold or capitals(item.text) or named_well or alone or asked
    if item.bold or capitals(item.text) or (item.gap and CLOSERS.fullmatch(item.text)):
        return True
    if ": " in item.text:
        return False
    if title_case(item.text):
        return True
    if item.text[-1] == "?" and item.gap:
        return True
    return (
        item.gap
        and item.text[0].isupper()
        and len(item.text.split()) < 12
        and _stands_off(items, place)
    )


def _stands_off(items: Sequence[Item], place: int) -> bool:
    """Set off from what follows: a gap, a list, a long line, or a whole sentence under a few words."""
    after = items[place + 1]
    few = len(items[place].text.split()) < 8 and items[place].text[-1].isalnum()
    return (
        after.gap
        or len(after.text) > 60
        or after.marker is not None
        or (few and (after.text[-1] == ":" or (after.text[-1] == "." and " " in after.text)))
    )


def _is_content(items: Sequence[Item], place: int) -> bool:
    """A sentence, a list, a row: what can stand under a heading."""
    item = items[place]
    return (
        bool(item.marker or item.hashes)
        or len(item.cells) > 1
        or not shortish(item.text)
        or item.text[-1] in ":?!"
        or ": " in item.text
    )


def crossing(items: Sequence[Item], start: int, found: dict[int, Heading]) -> set[int]:
    """Places of numbers that count on through several unnumbered headings: 1, 2, heading, 3, 4."""
    if any(heading.number and not heading.boxed for heading in found.values()):
        return set()
    crossed: set[int] = set()
    for run in runs_of(items, start):
        inside = range(run.places[0], run.places[-1])
        decimal = run.style[0] == "decimal"
        if decimal and (any(p in inside for p in found) or run.places[0] < min(found, default=0)):
            crossed.update(run.places)
    return crossed
