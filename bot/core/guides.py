"""Decision guides: what a question leaves open, asked back with buttons, and where each answer leads.

A guide belongs to no policy. Its options sharpen the question; each leaf is a sharpened question that
the asker's own policy answers, or the clauses pinned for it in that policy's front matter. There is no
stored position: the options chosen so far say where we are.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.phrases import Families, PhraseMistake, listed, pattern

Filled = Mapping[str, str]


class GuideMistake(Exception):
    """A guide's file says something that cannot work; the sentence says what and where."""


class _Slip(Exception):
    """One part of a guide cannot be used; ``guide_from`` adds the file's name."""


@dataclass(frozen=True)
class Option:
    id: str
    label: str
    words: re.Pattern[str]
    means: str = ""  # "not sure" counts as this other option, the stricter one


@dataclass(frozen=True)
class Slot:
    """One thing that decides. Asked only where ``when`` (slot -> options) allows, in file order.

    The options' words are tried in file order ("ex pupil" before "pupil"); ``show`` is the order of
    the buttons.
    """

    id: str
    ask: str
    options: tuple[Option, ...]
    when: Mapping[str, tuple[str, ...]]
    show: tuple[str, ...] = ()

    @property
    def buttons(self) -> tuple[Option, ...]:
        known = {option.id: option for option in self.options}
        return tuple(known[id] for id in self.show) or self.options


@dataclass(frozen=True)
class Leaf:
    """Where the options lead. ``ask`` is the sharpened question put to the policy; ``needs`` are
    words of which each must be in a clause (or its lead-in or heading) for it to speak of this leaf."""

    id: str
    ask: str
    when: Mapping[str, tuple[str, ...]]
    needs: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class Guide:
    id: str
    title: str
    starts: re.Pattern[str]
    unless: re.Pattern[str]
    slots: tuple[Slot, ...]
    leaves: tuple[Leaf, ...]


def starting(guides: Sequence[Guide], said: str) -> Guide | None:
    """The first guide whose words are in the plain text and whose exceptions are not."""
    return next((g for g in guides if g.starts.search(said) and not g.unless.search(said)), None)


def filled_from(guide: Guide, said: str) -> dict[str, str]:
    """What the question already says. An option's words count only where its slot is called for."""
    filled: dict[str, str] = {}
    for slot in guide.slots:
        if not _fits(slot.when, filled):
            continue
        for option in slot.options:
            if option.words.search(said):
                filled[slot.id] = option.id
                break
    return filled


def open_slot(guide: Guide, filled: Filled) -> Slot | None:
    """The first slot called for and not filled; None when nothing is left to ask."""
    called = (s for s in guide.slots if s.id not in filled and _fits(s.when, _meant(guide, filled)))
    return next(called, None)


def reachable(guide: Guide, filled: Filled) -> tuple[Leaf, ...]:
    """The leaves that what is filled so far leaves possible, in file order."""
    meant = _meant(guide, filled)
    return tuple(
        leaf
        for leaf in guide.leaves
        if all(slot not in meant or meant[slot] in allowed for slot, allowed in leaf.when.items())
    )


def _meant(guide: Guide, filled: Filled) -> dict[str, str]:
    """``filled`` with every "not sure" read as the stricter option it counts as."""
    means = {(s.id, o.id): o.means for s in guide.slots for o in s.options if o.means}
    return {slot: means.get((slot, chosen), chosen) for slot, chosen in filled.items()}


def is_unsure(guide: Guide, filled: Filled) -> bool:
    return dict(filled) != _meant(guide, filled)


def _fits(when: Mapping[str, tuple[str, ...]], filled: Filled) -> bool:
    return all(filled.get(slot) in allowed for slot, allowed in when.items())


def guide_from(data: Mapping[str, Any], families: Families, file: str) -> Guide:
    """A guide from its parsed file. Raises GuideMistake naming the file and what is wrong."""
    try:
        guide = Guide(
            _id(data),
            _text(data, "title"),
            _phrases(data["starts"], families),
            _phrases(data.get("unless", ()), families),
            tuple(_slot(slot, families) for slot in _tables(data.get("slot", []), "slot")),
            tuple(_leaf(leaf, families) for leaf in _tables(data["leaf"], "leaf")),
        )
    except KeyError as missing:
        raise GuideMistake(f"{file}: {missing.args[0]!r} is missing") from None
    except (PhraseMistake, _Slip) as mistake:
        raise GuideMistake(f"{file}: {mistake}") from None
    except (TypeError, AttributeError) as wrong:
        raise GuideMistake(f"{file}: something there has the wrong shape: {wrong}") from None
    for sentence in _mistakes(guide):
        raise GuideMistake(f"{file}: {sentence}")
    return guide


def _phrases(given: object, families: Families) -> re.Pattern[str]:
    return pattern(listed(given), families)


def _text(data: Mapping[str, Any], name: str) -> str:
    text = data[name]
    if not isinstance(text, str) or not text.strip():
        raise _Slip(f"{name} of {data.get('id')!r} is {text!r}, where words should stand")
    return text


def _id(data: Mapping[str, Any]) -> str:
    """An id stands in a button's action, so it is one word."""
    id = _text(data, "id")
    if len(id.split()) > 1:
        raise _Slip(f"the id {id!r} is more than one word")
    return id


def _tables(rows: object, name: str) -> list[Mapping[str, Any]]:
    if not isinstance(rows, list) or not all(isinstance(r, Mapping) for r in rows):
        raise _Slip(f"[[{name}]] is missing or written in another way")
    return rows


def _slot(data: Mapping[str, Any], families: Families) -> Slot:
    options = tuple(
        Option(
            _id(o), _text(o, "label"), _phrases(o.get("words", ()), families), o.get("means", "")
        )
        for o in _tables(data["option"], "slot.option")
    )
    return Slot(_id(data), _text(data, "ask"), options, _when(data), tuple(data.get("show", ())))


def _leaf(data: Mapping[str, Any], families: Families) -> Leaf:
    needs = tuple(_phrases(group, families) for group in data.get("needs", ()))
    return Leaf(_id(data), _text(data, "ask"), _when(data), needs)


def _when(data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        slot: (allowed,) if isinstance(allowed, str) else tuple(allowed)
        for slot, allowed in data.get("when", {}).items()
    }


def _mistakes(guide: Guide) -> list[str]:
    found, seen = [], dict[str, set[str]]()
    if not guide.leaves:
        found.append("there is no [[leaf]], so it leads nowhere")
    if len({leaf.id for leaf in guide.leaves}) < len(guide.leaves):
        found.append("two leaves have the same id")
    for slot in guide.slots:
        if not slot.options:
            found.append(f"slot {slot.id!r} has no [[slot.option]] to choose")
        found += _when_mistakes(f"slot {slot.id!r}", slot.when, seen)
        ids = [option.id for option in slot.options]
        if len(set(ids)) < len(ids) or slot.id in seen:
            found.append(f"slot {slot.id!r} or one of its options is there twice")
        if slot.show and sorted(slot.show) != sorted(ids):
            found.append(f"show of slot {slot.id!r} must name each of its options once")
        found += [
            f"option {o.id!r} of {slot.id!r} means {o.means!r}, which is no option of it"
            for o in slot.options
            if o.means and o.means not in ids
        ]
        seen[slot.id] = set(ids)
    for leaf in guide.leaves:
        found += _when_mistakes(f"leaf {leaf.id!r}", leaf.when, seen)
    return found


def _when_mistakes(
    where: str, when: Mapping[str, tuple[str, ...]], seen: Mapping[str, set[str]]
) -> list[str]:
    return [
        f"{where} waits for {slot!r} = {', '.join(allowed)}, which is not asked before it"
        for slot, allowed in when.items()
        if slot not in seen or not set(allowed) <= seen[slot]
    ]
