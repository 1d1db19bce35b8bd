"""What stands between the title and the first section: header fields, and the school's own name."""

import re
from collections.abc import Container, Sequence

from bot.intake.dates import is_date
from bot.intake.front import KNOWN, field_name, names_policy, waits
from bot.intake.headings import named
from bot.intake.lines import Item
from bot.intake.runs import shortish

_BODIES = {
    "School": r"school|academy|college|primary|infants?|juniors?|nursery|pre-?school",
    "Trust": r"trust",
    "Federation": r"federation",
    "Council": r"council|borough|county|local authority|diocese",
}
_MOST_LINES = 3  # of no known kind, one after another


def end_of_front(items: Sequence[Item], start: int, tables: Container[int]) -> int:
    """Where the front matter ends: after the last field that only short lines and fields stand before."""
    end = place = start
    loose = 0  # short lines since the last field
    while place < len(items) and loose <= _MOST_LINES:
        item = items[place]
        after = items[place + 1] if place + 1 < len(items) else None
        name = field_name(item, True)
        if waits(item, after, True):
            place += 1
            loose, end = 0, place + 1
        elif named(item.text):
            break
        elif (
            place in tables
            or _sure(item, name)
            or (name and not loose)
            or _heads_alone(items, place, start)
        ):
            loose, end = 0, place + 1
        elif _could_stand_here(item):
            loose += 1
        else:
            break
        place += 1
    return end


def _sure(item: Item, name: str) -> bool:
    """A field wherever it stands: one policies are known to use, or a bare date."""
    return bool(name and KNOWN.fullmatch(name)) or is_date(item.text)


def _could_stand_here(item: Item) -> bool:
    """A short line: the school's name, "Document control"."""
    if item.marker or len(item.cells) > 1 or item.text[-1] in ":?":
        return False
    return bool(organisation(item)) or (not item.hashes and shortish(item.text, 8))


def _heads_alone(items: Sequence[Item], place: int, start: int) -> bool:
    """The school's name right under the title, with a heading, not its own text, after it."""
    if place != start or not organisation(items[place]) or place + 1 >= len(items):
        return False
    after = items[place + 1]
    return after.gap and (bool(after.hashes or after.marker) or shortish(after.text))


def organisation(item: Item) -> str:
    """ "School" for the line "Elm Primary School", "Trust" for "Part of the Elm Trust", else ""."""
    if item.marker or not shortish(item.text, 10) or ": " in item.text:
        return ""
    for body, names in _BODIES.items():
        if re.search(rf"\b(?:{names})(?:\W+\w+)?\W*$|^(?:{names}) of\b", item.text, re.I):
            return body if len(item.text.split()) > 1 else ""
    return ""


def schools_first(lines: Sequence[Item]) -> int:
    """How many of the title's lines are the school's name, parted from the policy's by a blank line."""
    for place, item in enumerate(lines):
        if place and item.gap:
            return place
        if names_policy(item) or not organisation(item):
            return 0
    return 0


def label_here(item: Item) -> str:
    """What a line of the front matter that is no field is called."""
    if is_date(item.text):
        return "Front matter: Date"
    body = organisation(item)
    return f"Front matter: {body}" if body else "Front matter"
