"""How search weighs and when it keeps silent: conversations/asking.toml, read and checked."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
    except (tomllib.TOMLDecodeError, AskingMistake) as wrong:
        raise AskingMistake(f"{path.name}: {wrong}") from wrong
    except KeyError as missing:
        raise AskingMistake(f"{path.name}: {missing} is missing") from missing
    except TypeError as wrong:
        raise AskingMistake(f"{path.name}: [concepts] {wrong}") from wrong


def _asking(file: Mapping[str, Any]) -> Asking:
    score, settled = file["score"], file["settled"]
    return Asking(
        cosine=score["cosine"],
        concept=score["concept"],
        field_share=score["field"],
        weights=Weights(**file["concepts"]),
        threshold=settled["threshold"],
        background_share=settled["background"],
        covered=settled["covered"],
        asked_for=tuple(_asked_for(row) for row in file["asked_for"]),
        slots={
            family: {name: _pattern(name, text) for name, text in members.items()}
            for family, members in file["slots"].items()
        },
        background=tuple(file["background"]["questions"]),
    )


def _asked_for(row: Mapping[str, str]) -> AskedFor:
    name = row["name"]
    return AskedFor(name, _pattern(name, row["asked"]), _pattern(name, row["needs"]))


def _pattern(name: str, text: str) -> Pattern:
    """Upper and lower case are one; a pattern that cares writes (?-i:...)."""
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as wrong:
        raise AskingMistake(f"{name!r} is no pattern: {wrong}") from wrong
