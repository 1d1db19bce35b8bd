"""How search weighs and when it keeps silent: conversations/asking.toml, read and checked."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any, cast

from bot.search.postings import Weights

Pattern = re.Pattern[str]


class AskingMistake(Exception):
    """Something in the file that a person has to put right; its text says what."""


@dataclass(frozen=True)
class AskedFor:
    """A kind of fact: ``asked`` is how questions ask for it, ``needs`` is how clauses give it."""

    name: str
    asked: Pattern
    needs: Pattern


@dataclass(frozen=True)
class Asking:
    cosine: float = 0.65
    concept: float = 0.35
    field_share: float = 1.0
    weights: Weights = field(default_factory=Weights)
    threshold: float = 0.5
    background_share: float = 0.5
    covered: float = 0.6
    asked_for: tuple[AskedFor, ...] = ()
    slots: Mapping[str, Mapping[str, Pattern]] = field(default_factory=dict)
    background: tuple[str, ...] = ()


def read_asking(path: Path) -> Asking:
    try:
        return _asking(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as wrong:
        raise AskingMistake(f"{path.name} cannot be read: {wrong}") from wrong
    except (tomllib.TOMLDecodeError, AskingMistake) as wrong:
        raise AskingMistake(f"{path.name}: {wrong}") from wrong
    except KeyError as missing:
        raise AskingMistake(f"{path.name}: {missing} is missing") from missing
    except (TypeError, AttributeError) as wrong:
        raise AskingMistake(f"{path.name}: something has the wrong shape: {wrong}") from wrong


def _asking(file: Mapping[str, Any]) -> Asking:
    score, settled = _numbers(file, "score"), _numbers(file, "settled")
    return Asking(
        cosine=score["cosine"],
        concept=score["concept"],
        field_share=score["field"],
        weights=Weights(**_numbers(file, "concepts")),
        threshold=settled["threshold"],
        background_share=settled["background"],
        covered=settled["covered"],
        asked_for=tuple(_asked_for(row) for row in file["asked_for"]),
        slots={
            family: {name: _pattern(name, text) for name, text in members.items()}
            for family, members in file["slots"].items()
        },
        background=_texts("[background] questions", file["background"]["questions"]),
    )


def _numbers(file: Mapping[str, Any], table: str) -> Mapping[str, float]:
    for name, value in file[table].items():
        if type(value) not in (int, float) or not isfinite(value):
            raise AskingMistake(f"[{table}] {name} is {value!r}, which is no number")
    return cast(Mapping[str, float], file[table])


def _texts(where: str, given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(t, str) and t.strip() for t in given):
        raise AskingMistake(f'{where} needs a list ["...", "..."]')
    return tuple(given)


def _asked_for(row: Mapping[str, str]) -> AskedFor:
    name = row["name"]
    return AskedFor(name, _pattern(name, row["asked"]), _pattern(name, row["needs"]))


def _pattern(name: str, text: str) -> Pattern:
    """Upper and lower case are one; a pattern that cares writes (?-i:...)."""
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as wrong:
        raise AskingMistake(f"{name!r} is no pattern: {wrong}") from wrong
