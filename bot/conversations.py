"""conversations/ read into core types; every mistake there is one sentence that names the file."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from math import isfinite
from pathlib import Path
from typing import Any, get_args

from bot.core import facts, reading, verdicts
from bot.core.book import Limits
from bot.core.decide import Command
from bot.core.fixed import Fixed, Prompt
from bot.core.gate import Gate
from bot.core.guides import Guide, guide_from
from bot.core.health.compiled import health_from
from bot.core.health.data import Health
from bot.core.health.kinds import HealthMistake
from bot.core.phrases import Families, PhraseMistake, listed, plain


class ConversationMistake(Exception):
    """A file in conversations/ cannot be used; the sentence says which and why."""


@dataclass(frozen=True)
class Conversations:
    """What the data of conversations/ says, without its wording and what search needs of it."""

    words: reading.Words
    limits: Limits
    records: facts.Records
    guides: tuple[Guide, ...]
    gate: Gate
    commands: Mapping[Command, frozenset[str]]
    health: Health
    fixed: Fixed


def read_conversations(folder: Path) -> Conversations:
    """Raises ConversationMistake, GuideMistake or GateMistake, each one sentence."""
    families, words, limits = _words(folder)
    with _reading("records.toml"):
        records = facts.records_from(_toml(folder / "records.toml"), families)
    return Conversations(
        words,
        limits,
        records,
        _guides(folder / "guides", families),
        Gate.of(_toml(folder / "gate.toml")),
        _commands(_toml(folder / "commands.toml")),
        _health(folder, families, words),
        _fixed(_toml(folder / "platforms.toml")),
    )


def _toml(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConversationMistake(f"{path.name} cannot be read: {error}") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConversationMistake(f"{path.name} is not TOML: {error}") from None


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Turn what a wrong shape raises into a sentence that names the file."""
    try:
        yield
    except KeyError as missing:
        raise ConversationMistake(f"{name}: {missing.args[0]!r} is missing") from None
    except (TypeError, AttributeError, PhraseMistake) as error:
        raise ConversationMistake(f"{name}: something there has the wrong shape: {error}") from None


def _words(said: Path) -> tuple[Families, reading.Words, Limits]:
    with _reading("words.toml"):
        told = _toml(said / "words.toml")
        families = reading.phrases_of({name: listed(phrases) for name, phrases in told.items()})
        for name in _FAMILIES:
            families[name]
    with _reading("verdict.toml"):
        verdict = _toml(said / "verdict.toml")
        _check_verdict(verdict)
        return families, reading.words_from(verdict, families), Limits(**verdict["limits"])


# What the core looks up by name: families in words.toml, kinds of clause in verdict.toml.
_FAMILIES = {
    *(*verdicts.WHO, *verdicts.AUDIENCE, "approval", "tell"),
    *(name for kind in (*verdicts.KINDS, *verdicts.LIMITING) for name in kind),
}
_TABLES = ("forms", "clause", "links", "limits")
_CLAUSE = ("forbid", "unless", "permit", "require", "exempt", "cover", "happen")


def _check_verdict(verdict: Mapping[str, Any]) -> None:
    """What would fail, or be passed over, only when somebody asks."""
    forms, clause, links, limits = (verdict[table] for table in _TABLES)
    alone = (told for name, told in verdict.items() if name not in _TABLES)
    for phrases in (*alone, *forms.values(), *clause.values(), *links.values()):
        listed(phrases)
    for name in _CLAUSE:
        clause[name]
    if odd := {name for name in forms if name.partition("_")[0] not in get_args(reading.Form)}:
        raise ConversationMistake(f"verdict.toml, [forms]: {min(odd)!r} is no form of a question")
    for name, number in limits.items():
        if type(number) not in (int, float) or not isfinite(number):
            raise ConversationMistake(f"verdict.toml, [limits]: {name} is {number!r}, no number")


def _commands(data: Mapping[str, Any]) -> dict[Command, frozenset[str]]:
    known: tuple[Command, ...] = (
        *("help", "secret", "program", "policies"),
        *("concern", "yes", "no"),
    )
    with _reading("commands.toml"):
        return {
            name: frozenset(plain(words).strip() for words in listed(data[name])) for name in known
        }


# What Slack allows: 24 characters in a window's title and button, 75 on a button, 150 in a box, four
# prompts. Teams: 80 in its list of apps.
_SHORT = {
    **dict.fromkeys(("title", "close", "ask", "report_message", "report_concern"), 24),
    **{"about": 80, "ask_hint": 150, "about_long": 4000},
}
_PROMPT = {"title": 75}
_LONG, _PROMPTS = 500, 4


def _fixed(data: Mapping[str, Any]) -> Fixed:
    with _reading("platforms.toml"):
        words, asked = {**data["words"]}, [{**prompt} for prompt in data.get("prompts", ())]
        known = [one.name for one in fields(Fixed) if one.name != "prompts"]
        _check_names(data, ("words", "prompts"), ("words",))
        _check_names(words, known, known)
        _check_words("", words, _SHORT)
        for prompt in asked:
            _check_names(prompt, ("title", "message"), ("title", "message"))
            _check_words("a prompt's ", prompt, _PROMPT)
    fixed = Fixed(**words, prompts=tuple(Prompt(**prompt) for prompt in asked))
    if len(asked) > _PROMPTS:
        raise ConversationMistake("platforms.toml: there can be four [[prompts]] at most")
    return fixed


def _check_names(told: Mapping[str, Any], may: Sequence[str], must: Sequence[str]) -> None:
    for name in must:
        told[name]
    if odd := [name for name in told if name not in may]:
        raise ConversationMistake(f"platforms.toml: nothing is called {odd[0]!r} there")


def _check_words(whose: str, words: Mapping[str, object], short: Mapping[str, int]) -> None:
    for name, told in words.items():
        most = short.get(name, _LONG)
        if not isinstance(told, str) or not 0 < len(told.strip()) <= len(told) <= most:
            raise ConversationMistake(f"platforms.toml: {whose}{name!r} has 1 to {most} characters")
        if len(told.splitlines()) > 1:
            raise ConversationMistake(f"platforms.toml: {whose}{name!r} is one line")


def _health(folder: Path, families: Families, words: reading.Words) -> Health:
    health, law, topics = (_toml(folder / f"{name}.toml") for name in ("health", "law", "topics"))
    try:
        with _reading("health.toml, law.toml or topics.toml"):
            return health_from(health, law, topics, families, words)
    except HealthMistake as mistake:
        line = _line(folder / mistake.file, mistake.word)
        place = f"{mistake.file}, line {line}" if line else mistake.file
        raise ConversationMistake(f"{place}: {mistake.sentence}") from None


def _line(path: Path, word: str) -> int:
    """The first line that has the word; 0 where there is none."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((n for n, line in enumerate(lines, 1) if word and word in line), 0)


def _guides(folder: Path, families: Mapping[str, tuple[str, ...]]) -> tuple[Guide, ...]:
    found: dict[str, Guide] = {}
    for path in sorted(folder.glob("*.toml")):
        guide = guide_from(_toml(path), families, path.name)
        if guide.id in found:
            raise ConversationMistake(f"{path.name}: another guide is called {guide.id!r} too")
        found[guide.id] = guide
    return tuple(found.values())
