"""Families of words and rules over them: what they are, and how a row of conversations/gate.toml becomes one.

A mistake in the file is a GateMistake that names the place and says what is wrong.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

Tier = Literal["full", "line", "plain"]
Route = Literal[
    "dsl",
    "emergency_999",
    "lado_via_head",
    "headteacher",
    "chair_of_governors",
    "senior_manager",
    "police_with_consent",
    "own_safety",
]
TIERS: tuple[Tier, ...] = ("full", "line", "plain")  # the gravest first
ABOUT = (
    *("", "pupil", "adult", "head", "dsl", "chair", "governor"),
    *("staff", "staff_online", "self"),  # staff_online: done to staff where others can see it
)

GAP = ".."  # in a phrase: up to four words of the same sentence
NUMBER = "<n>"  # in a phrase: a number of one or two digits
START = "<start>"  # in a phrase: the beginning of a sentence; takes no word itself
ENDINGS = {"<ing>": "ing", "<ed>": "ed"}  # in a phrase: any longer word that ends so


class GateMistake(Exception):
    """conversations/gate.toml says something that cannot be used."""


@dataclass(frozen=True)
class Phrase:
    """Elements to be met one after the other: a set of words, a family's name, a number, a gap."""

    parts: tuple[frozenset[str] | str, ...]
    words: tuple[
        frozenset[str], ...
    ]  # the word sets alone: all must occur for a match to be possible


@dataclass(frozen=True)
class Family:
    name: str
    bit: int
    words: frozenset[str]
    phrases: tuple[Phrase, ...]
    not_in: str = ""  # a family above: what begins inside one of its spans is not counted


# For a word, the families it may be met in, by their place in the file, each with the phrases to look at.
Index = Mapping[str, Mapping[int, tuple[Phrase, ...]]]


def index_of(families: Sequence[Family]) -> Index:
    """Under "" what is looked at whatever is said. A phrase stands under the words of the one set of its
    own that has fewest, so that most are never looked at."""
    found: dict[str, dict[int, tuple[Phrase, ...]]] = {}
    for place, family in enumerate(families):
        for word in family.words:
            found.setdefault(word, {}).setdefault(place, ())
        for phrase in family.phrases:
            for word in min(phrase.words, key=len, default=("",)):
                before = found.setdefault(word, {}).get(place, ())
                found[word][place] = (*before, phrase)
    return found


@dataclass(frozen=True)
class Rule:
    """``every``: of each mask at least one family occurs; ``none``: no family of it does.

    ``vague`` rules know that something is wrong, not what: the classifier may name their route.
    """

    id: str
    every: tuple[int, ...]
    none: int
    tier: Tier = "plain"
    route: Route | None = None
    about: str = ""
    vague: bool = False

    def fits(self, seen: int) -> bool:
        return not seen & self.none and all(seen & mask for mask in self.every)


# --- families, from the file ---------------------------------------------------------------------


def families_of(tables: Mapping[str, Any]) -> tuple[Family, ...]:
    known: list[Family] = []
    for number, (name, table) in enumerate(tables.items()):
        names = {family.name for family in known}
        lines = [line for line in table.get("phrases", "").splitlines() if line.strip()]
        words = [form for word in table.get("words", "").split() for form in _forms(word)]
        if not lines and not words:
            raise GateMistake(f"gate.toml, [families.{name}]: has neither words nor phrases")
        for word in words:
            _check_word(name, word)
        phrases = tuple(_phrase(name, line, names) for line in lines)
        if (not_in := table.get("not_in", "")) and not_in not in names:
            raise GateMistake(f"gate.toml, [families.{name}]: not_in {not_in!r} is not above it")
        known.append(Family(name, 1 << number, frozenset(words), phrases, not_in))
    return tuple(known)


def _phrase(family: str, line: str, known: set[str]) -> Phrase:
    parts = tuple(_part(family, part, line, known) for part in line.split())
    if GAP in (parts[0], parts[-1]):
        raise GateMistake(f"gate.toml, [families.{family}]: {line!r} begins or ends with a gap")
    return Phrase(parts, tuple(part for part in parts if isinstance(part, frozenset)))


def _part(family: str, part: str, line: str, known: set[str]) -> frozenset[str] | str:
    if part in (GAP, NUMBER, START, *ENDINGS):
        return part
    if part.startswith("{") and part.endswith("}"):
        if part[1:-1] not in known:
            raise GateMistake(
                f"gate.toml, [families.{family}]: {line!r} names {part}, which is not described above it"
            )
        return part[1:-1]
    forms = [form for word in part.split("/") for form in _forms(word)]
    for form in forms:
        _check_word(family, form)
    return frozenset(forms)


def _check_word(family: str, word: str) -> None:
    if not re.fullmatch(r"[a-z]+|\d+|\?", word):
        raise GateMistake(
            f"gate.toml, [families.{family}]: {word!r} can never be met; write small letters only, "
            "no apostrophe or hyphen, and a longer phrase under phrases"
        )


def _forms(word: str) -> Iterator[str]:
    """``grab~`` stands for grab, grabs, grabbed, grabbing; forms that are no English do no harm."""
    stem = word.removesuffix("~")
    yield stem
    if stem == word:
        return
    yield stem + "s"
    short = stem.removesuffix("e")
    if stem.endswith("y"):
        yield from (stem[:-1] + "ies", stem[:-1] + "ied")
    elif stem.endswith(("s", "x", "ch", "sh")):
        yield stem + "es"
    elif short == stem and stem[-1] not in "aeiouwy":
        yield from (stem + stem[-1] + "ed", stem + stem[-1] + "ing")
    yield from (short + "ed", short + "ing", short + "in")


# --- rules, from the file ------------------------------------------------------------------------

_RULE_KEYS = {"id", "all", "none", "tier", "route", "about", "vague", "why"}


def rule_of(row: Mapping[str, Any], bits: Mapping[str, int], kind: str = "rules") -> Rule:
    name = row.get("id") or "without id"
    where = f"[[{kind}]] {name}"
    tier, route = row.get("tier"), row.get("route")
    if unknown := set(row) - _RULE_KEYS:
        raise GateMistake(f"gate.toml, {where}: {min(unknown)!r} means nothing here")
    if tier not in TIERS:
        raise GateMistake(f"gate.toml, {where}: tier {tier!r} is not full, line or plain")
    if (tier == "full") != (route in get_args(Route)):
        raise GateMistake(f"gate.toml, {where}: route {route!r} does not go with tier {tier!r}")
    if not row.get("why") or "id" not in row:
        raise GateMistake(f"gate.toml, {where}: needs an id and a why")
    if not row.get("all"):
        raise GateMistake(f"gate.toml, {where}: needs at least one family in all")
    return Rule(
        id=name,
        every=tuple(mask_of(where, names, bits) for names in row["all"]),
        none=mask_of(where, " ".join(row["none"]), bits) if row.get("none") else 0,
        tier=TIERS[TIERS.index(tier)],
        route=route,
        about=known_about(row.get("about", "")),
        vague=row.get("vague", False),
    )


def mask_of(where: str, names: str, bits: Mapping[str, int]) -> int:
    mask = 0
    for name in names.split():
        if name not in bits:
            raise GateMistake(f"gate.toml, {where}: there is no family {name!r}")
        mask |= bits[name]
    return mask


def no_twins(rules: Iterable[Rule]) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise GateMistake(f"gate.toml, [[rules]] {rule.id}: is there twice")
        seen.add(rule.id)


def known_about(about: str) -> str:
    if about not in ABOUT:
        raise GateMistake(f"gate.toml: about {about!r} is not one of {', '.join(ABOUT[1:])}")
    return about
