"""What the finders look for, from conversations/health.toml, law.toml and topics.toml."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.core.health.kinds import Kind
from bot.core.health.topics import Topics

Pattern = re.Pattern[str]


@dataclass(frozen=True)
class Practice:
    """A way of doing things that puts somebody at risk; ``unless`` are words that turn it round."""

    kind: str
    words: Pattern
    unless: Pattern


@dataclass(frozen=True)
class Linked:
    """Another policy as texts call it, and the words of a title that show it is loaded."""

    name: str
    words: Pattern
    titles: Pattern


@dataclass(frozen=True)
class Law:
    """A law or guidance that has been replaced since a day. ``in_part``: other parts of it still hold."""

    name: str
    words: Pattern
    unless: Pattern
    by: str
    since: date
    why: str
    in_part: bool = False


@dataclass(frozen=True)
class Yearly:
    """Guidance that comes out anew: a year before its latest edition is out of date. ``anew`` is the
    month and day from which a new edition usually holds, None where there is no such day."""

    name: str
    words: Pattern
    editions: tuple[tuple[int, date], ...]
    anew: tuple[int, int] | None = None


@dataclass(frozen=True)
class Platform:
    """A platform that has closed. ``common``: its name is a word too, so it needs company."""

    name: str
    found: Pattern
    common: bool
    since: date
    why: str


@dataclass(frozen=True)
class Health:
    """Everything the finders look for, and how each kind is told."""

    kinds: Mapping[str, Kind]
    phrases: Mapping[str, Pattern]
    placeholders: Pattern
    either: tuple[frozenset[str], ...]
    practices: tuple[Practice, ...]
    linked: tuple[Linked, ...]
    subjects: Mapping[str, Pattern]
    laws: tuple[Law, ...]
    yearly: tuple[Yearly, ...]
    platforms: tuple[Platform, ...]
    live: Pattern
    hosts: tuple[str, ...]
    topics: Topics
    law_checked: date
