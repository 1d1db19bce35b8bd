"""One TOML file as typed values; a wrong one is a mistake that names its line."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.core.calendar import DAYS
from bot.intake.frontmatter import toml_mistake
from bot.schools.mistakes import LibraryMistake
from bot.schools.text import text_of_file

Said = Mapping[str, Any]


@dataclass(frozen=True)
class Tables:
    """Takes values out of a parsed file; knows its text so that a mistake can name its line."""

    file: Path
    text: str

    def words(self, said: Said, key: str, needed: bool = False) -> str:
        found = said.get(key, "")
        if not isinstance(found, str):
            raise self.wrong(f'{key} should be text in "quotes"', key)
        if needed and not found.strip():
            raise self.wrong(f'a line {key} = "..." is missing', "")
        return found

    def listed(self, said: Said, key: str, like: str, default: Sequence[str] = ()) -> list[str]:
        """A list of texts; ``like`` is an example for the sentence."""
        found = said.get(key, list(default))
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise self.wrong(f"{key} should be a list like {like}", key)
        return found

    def table(self, said: Said, key: str) -> Said:
        found = said.get(key, {})
        if not isinstance(found, dict):
            raise self.wrong(f"{key} should be a table [{key}]", key)
        return found

    def tables(self, said: Said, key: str, written: str) -> list[Said]:
        found = said.get(key, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise self.wrong(f"{key} are written as {written} entries", key)
        return found

    def day(self, said: Said, key: str, of: str, needed: bool = False) -> date | None:
        found = said.get(key)
        if type(found) is not date and (needed or found is not None):
            raise self.wrong(f"{key} of {of} should be a date like 2026-09-01", of.strip("'"))
        return found

    def dates(self, said: Said, key: str) -> frozenset[date]:
        found = said.get(key, [])
        if not isinstance(found, list) or not all(type(one) is date for one in found):
            raise self.wrong(f"{key} should be a list of dates like [2026-09-01]", key)
        return frozenset(found)

    def days(self, said: Said, default: Sequence[str] = ()) -> tuple[str, ...]:
        """Days of the week, in their own order."""
        found = self.listed(said, "days", '["mon", "tue"]', default)
        for one in found:
            if one not in DAYS:
                raise self.wrong(f"{one!r} is no day; days are {', '.join(DAYS)}", one)
        return tuple(day for day in DAYS if day in found)

    def only(self, said: Said, known: Collection[str], what: str) -> None:
        for key in said:
            if key not in known:
                names = ", ".join(sorted(known))
                raise self.wrong(f"{key!r} is nothing {what} has; known are {names}", key)

    def one_of(self, found: str, known: Sequence[str], key: str) -> str:
        if found not in known:
            raise self.wrong(f"{key} is one of {', '.join(known)}", found or key)
        return found

    def wrong(self, sentence: str, word: str) -> LibraryMistake:
        lines = self.text.splitlines()
        line = next((n for n, one in enumerate(lines, 1) if word and word in one), 0)
        return LibraryMistake(self.file, line, sentence)


def parsed(file: Path) -> tuple[Tables, Said]:
    """The file and what it says, or LibraryMistake where it is no TOML."""
    text = text_of_file(file)
    try:
        return Tables(file, text), tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        sentence, line = toml_mistake(error)
        raise LibraryMistake(file, line, sentence) from error
