"""The gate as data: conversations/gate.toml, read once at the start and checked as it is read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from bot.core.gate_rules import (
    Family,
    GateMistake,
    Index,
    Route,
    Rule,
    families_of,
    index_of,
    known_about,
    mask_of,
    no_twins,
    rule_of,
)


@dataclass(frozen=True)
class Tell:
    """Roles to tell, first one first, and roles whose holders are never told."""

    roles: tuple[str, ...]
    never: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subject:
    """Somebody a message mentions; the classifier's route gives way to one that leaves them out."""

    family: int
    route: Route
    about: str
    instead_of: tuple[str, ...]


@dataclass(frozen=True)
class Gate:
    """conversations/gate.toml, checked. ``Gate.of`` builds one from the parsed file."""

    families: tuple[Family, ...]
    rules: tuple[Rule, ...]
    imagery: tuple[Rule, ...]
    lean_told: float
    lean_told_line: float
    lean_asked: float
    lean_question: int
    lean_about: Mapping[str, str]
    lean_subjects: tuple[Subject, ...]
    lean_line: float
    lean_emergency: float
    lean_vague: float
    tell: Mapping[str, Tell]
    never_about: Mapping[str, tuple[str, ...]]
    first_call: tuple[str, ...]
    vocabulary: frozenset[str] = frozenset()
    same: Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = field(
        default_factory=dict
    )
    symbols: Mapping[str, str] = field(default_factory=dict)
    lookalikes: Mapping[int, str] = field(default_factory=dict)
    nearly: Mapping[str, str] = field(default_factory=dict)
    no_typos: frozenset[str] = frozenset()
    index: Index = field(default_factory=dict)
    rules_of: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    earlier: int = 0  # the family of whoever asks what has been reported

    @staticmethod
    def of(data: Mapping[str, Any]) -> "Gate":
        """The gate of a parsed gate.toml, or a GateMistake that names the place and says what is wrong."""
        try:
            return _built(data)
        except KeyError as missing:
            raise GateMistake(f"gate.toml: {missing.args[0]!r} is missing") from missing
        except (TypeError, AttributeError, ValueError, IndexError) as wrong:
            raise GateMistake(f"gate.toml: something has the wrong shape: {wrong}") from wrong


def _built(data: Mapping[str, Any]) -> Gate:
    families = families_of(_table(data, "families"))
    bits = {family.name: family.bit for family in families}
    rules = tuple(rule_of(row, bits) for row in _rows(data, "rules"))
    no_twins(rules)
    lean = _table(data, "lean")
    folding = _table(data, "folding")
    vocabulary = frozenset(
        word
        for family in families
        for words in (family.words, *(s for p in family.phrases for s in p.words))
        for word in words
    )
    return Gate(
        families=families,
        index=index_of(families),
        rules=rules,
        rules_of=_rules_of(families, rules),
        earlier=bits.get("earlier", 0),
        imagery=tuple(
            rule_of({"tier": "plain", **row}, bits, "imagery") for row in _rows(data, "imagery")
        ),
        lean_told=_share("lean", lean, "told"),
        lean_told_line=_share("lean", lean, "told_line"),
        lean_asked=_share("lean", lean, "asked"),
        lean_question=mask_of("[lean]", " ".join(lean["question"]), bits),
        lean_about=_lean_about(lean),
        lean_subjects=tuple(_subject(row, bits) for row in lean["subjects"]),
        lean_line=_share("lean", lean, "line"),
        lean_emergency=_share("lean", lean, "emergency"),
        lean_vague=_share("lean", lean, "vague"),
        tell=_tell(_table(data, "tell")),
        never_about={
            about: _roles(f"about.{about}", row["never"])
            for about, row in _table(data, "about").items()
            if known_about(about)
        },
        first_call=_roles("first_call", _table(data, "first_call")["roles"]),
        vocabulary=vocabulary,
        same=_same(folding["same"]),
        symbols=folding["symbols"],
        lookalikes={ord(char): to for char, to in folding["lookalikes"].items()},
        nearly=_nearly(vocabulary, folding["typo_length"]),
        no_typos=frozenset(folding["not_typos"].split()),
    )


def _rules_of(families: Iterable[Family], rules: Iterable[Rule]) -> Mapping[int, tuple[int, ...]]:
    """For a family's bit, the places of the rules that begin with it: most are never looked at."""
    firsts = [(place, rule.every[0]) for place, rule in enumerate(rules)]
    found = {one.bit: tuple(p for p, mask in firsts if mask & one.bit) for one in families}
    return {bit: places for bit, places in found.items() if places}


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name)
    if not isinstance(found, Mapping):
        raise GateMistake(f"gate.toml: the table [{name}] is missing")
    return found


def _rows(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = data.get(name)
    if not isinstance(found, list) or not found:
        raise GateMistake(f"gate.toml: there is no [[{name}]]")
    return found


def _share(where: str, data: Mapping[str, Any], name: str) -> float:
    value = data.get(name)
    if not isinstance(value, int | float) or not 0 < value <= 1:
        raise GateMistake(f"gate.toml, [{where}]: {name} is no number above 0 and up to 1")
    return float(value)


def _lean_about(lean: Mapping[str, Any]) -> Mapping[str, str]:
    found: Mapping[str, str] = lean["about"]
    for route, about in found.items():
        if route not in get_args(Route):
            raise GateMistake(f"gate.toml, [lean.about]: {route!r} is no route")
        known_about(about)
    if missing := set(get_args(Route)) - set(found):
        raise GateMistake(f"gate.toml, [lean.about]: says nothing of {', '.join(sorted(missing))}")
    return found


def _subject(row: Mapping[str, Any], bits: Mapping[str, int]) -> Subject:
    where = "[[lean.subjects]]"
    for route in (row["route"], *row["instead_of"]):
        if route not in get_args(Route):
            raise GateMistake(f"gate.toml, {where}: {route!r} is no route")
    return Subject(
        family=mask_of(where, row["family"], bits),
        route=row["route"],
        about=known_about(row["about"]),
        instead_of=tuple(row["instead_of"]),
    )


def _tell(tables: Mapping[str, Any]) -> Mapping[str, Tell]:
    for route in get_args(Route):
        if route not in tables:
            raise GateMistake(
                f"gate.toml: nobody is named to tell for {route}, write [tell.{route}]"
            )
    if unknown := set(tables) - set(get_args(Route)):
        raise GateMistake(f"gate.toml, [tell.{min(unknown)}]: there is no such route")
    return {
        r: Tell(_roles(f"tell.{r}", t["roles"]), _roles(f"tell.{r}", t.get("never", [])))
        for r, t in tables.items()
    }


def _roles(where: str, given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(r, str) and r.strip() for r in given):
        raise GateMistake(f"gate.toml, [{where}]: {given!r} stands where a list of roles should be")
    return tuple(given)


def _same(
    table: Mapping[str, str],
) -> Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]:
    found = defaultdict(list)
    for words, meant in table.items():
        spoken = tuple(words.split())
        found[spoken[0]].append((spoken, tuple(meant.split())))
    return {
        first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in found.items()
    }


def _nearly(vocabulary: Iterable[str], shortest: int) -> Mapping[str, str]:
    """Each long word with one letter left out or two neighbours swapped: what a slip makes of it."""
    long = [word for word in sorted(vocabulary) if len(word) >= shortest]
    return {slip: word for word in long for slip in (*_one_less(word), *_swapped(word))}


def _one_less(word: str) -> set[str]:
    return {
        word[:i] + word[i + 1 :] for i in range(1, len(word))
    }  # the first letter is seldom wrong


def _swapped(word: str) -> set[str]:
    return {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 1)}
