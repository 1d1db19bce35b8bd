"""Where a document offers two ways and nobody chose one: "- or -" on a line, "Option 1" and "Option 2"."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from bot.intake.lines import OR_SIGNS, Item, says_or

ORDERS = re.compile(r"\b(?:must|should|may|can|cannot|never|not|do|don['’]t)\b", re.I)
_NUMBERS = {"a": 1, "b": 2, "c": 3, "d": 4, "one": 1, "two": 2, "three": 3, "four": 4}
_OPTION = re.compile(
    r"(?:option|alternative)\s+([a-d1-4]|one|two|three|four)\b(\s*[:.)\]–-]+\s*(?=\S))?", re.I
)
_CHOOSE = re.compile(r"\b(?:choose|select|delete|adopt|pick)\b", re.I)
_FAR = 15  # items between one option and the next


@dataclass
class Ways:
    """``of``: by place, which way an item belongs to. ``lines``: places that only say "Option 1"."""

    of: dict[int, int] = field(default_factory=dict)
    lines: set[int] = field(default_factory=set)


def set_apart(items: Iterable[Item]) -> list[Item]:
    """ "- or -" is no bullet, and "OR" set as a heading is none."""
    return [_plain(item) for item in items]


def _plain(item: Item) -> Item:
    dashed = item.marker is not None and item.marker.printed in "-–—" and item.text[-1:] in "-–—"
    if not says_or(item.text) or not (dashed or (item.hashes and not item.marker)):
        return item
    text = f"{item.marker.printed} {item.text}" if item.marker else item.text
    return replace(item, marker=None, text=text, hashes=0, bold=False)


def ways(items: Sequence[Item]) -> Ways:
    """The options of a document, where each of them rules. A list of options for staff is no choice."""
    found = Ways()
    for run in _runs({n: sign for n, item in enumerate(items) if (sign := _sign(item))}):
        if not _offered(items, run[0][0]):
            _put(found, items, run)
    return found


Sign = tuple[int, bool]  # which option, and whether the line says no more


def _sign(item: Item) -> Sign | None:
    text = item.text.strip(OR_SIGNS)
    said = _OPTION.match(text) if len(item.cells) < 2 else None
    if not said or (said.end() < len(text) and not said[2]):
        return None
    number = _NUMBERS.get(said[1].lower()) or int(said[1])
    return number, said.end() == len(text)


def _runs(signs: dict[int, Sign]) -> list[list[tuple[int, Sign]]]:
    """Options that count on: 1, 2. A lone "Option 2" on its line parts what stands around it."""
    runs: list[list[tuple[int, Sign]]] = []
    for place, (number, alone) in signs.items():
        last = runs[-1][-1] if runs else None
        if last and last[1] == (number - 1, alone) and place - last[0] <= _FAR:
            runs[-1].append((place, (number, alone)))
        else:
            runs.append([(place, (number, alone))])
    return [run for run in runs if len(run) > 1 or run[0][1] == (2, True)]


def _offered(items: Sequence[Item], place: int) -> bool:
    """ "Staff may pay in one of these ways:" leads to options that all hold."""
    before = items[place - 1].text if place else ""
    return before.endswith(":") and not _CHOOSE.search(before)


def _put(found: Ways, items: Sequence[Item], run: list[tuple[int, Sign]]) -> None:
    places = [place for place, _ in run]
    alone = run[0][1][1]
    bodies = _bodies(places, len(items)) if alone else [range(place, place + 1) for place in places]
    if not all(any(ORDERS.search(items[n].text) for n in body) for body in bodies):
        return
    found.lines.update(places if alone else ())
    for number, body in enumerate(bodies, 1):
        found.of.update(dict.fromkeys(body, number))


def _bodies(places: Sequence[int], end: int) -> list[range]:
    """What stands under each "Option 1" line; the last has as many items as the first."""
    first, *others = places
    if not others:
        return [range(max(0, first - 1), first), range(first + 1, min(end, first + 2))]
    bodies = [range(a + 1, b) for a, b in zip(places, others, strict=False)]
    return [*bodies, range(places[-1] + 1, min(end, places[-1] + 1 + len(bodies[0])))]
