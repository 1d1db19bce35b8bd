"""Staff's words and the words policies use for them, from conversations/thesaurus.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.search.words import STOP_STEMS, one_slip_apart, shape, stem, stems, words

Phrase = tuple[str, ...]  # stems


class ThesaurusMistake(Exception):
    """Something in the file that a person has to put right; its text says what and where."""


def read_thesaurus(path: Path) -> "Thesaurus":
    """All groups of the file as one; a word may stand in several groups, its meanings add up."""
    entries: dict[str, list[str]] = {}
    try:
        groups = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as wrong:
        raise ThesaurusMistake(f"{path.name} cannot be read: {wrong}") from wrong
    except tomllib.TOMLDecodeError as wrong:
        raise ThesaurusMistake(f"{path.name}: {wrong}") from wrong
    for group, lines in groups.items():
        if not isinstance(lines, dict):
            raise ThesaurusMistake(f"{path.name}: {group!r} stands outside a [group]")
        for word, meanings in lines.items():
            if not isinstance(meanings, list) or not all(isinstance(m, str) for m in meanings):
                raise ThesaurusMistake(
                    f'{path.name}: [{group}] {word!r} needs a list ["...", "..."]'
                )
            if not all(map(stems, (word, *meanings))):
                raise ThesaurusMistake(f"{path.name}: [{group}] {word!r} is or has an empty phrase")
            entries.setdefault(word, []).extend(meanings)
    return Thesaurus(entries)


class Thesaurus:
    """``meanings(phrase)`` of a word or phrase as typed; "y#" stands for y1, y2, ..."""

    def __init__(self, entries: Mapping[str, Sequence[str]] | None = None) -> None:
        self._meanings: dict[Phrase, tuple[Phrase, ...]] = {}
        for word, policy_words in (entries or {}).items():
            key = tuple(stems(word))
            found = [*self._meanings.get(key, ()), *(tuple(stems(w)) for w in policy_words)]
            self._meanings[key] = tuple(dict.fromkeys(p for p in found if p and p != key))
        self.longest = max((len(key) for key in self._meanings), default=1)
        self._singles = [key[0] for key in self._meanings if len(key) == 1 and len(key[0]) > 4]

    def meanings(self, phrase: Phrase) -> tuple[Phrase, ...]:
        return self._meanings.get(phrase) or self._meanings.get(tuple(map(shape, phrase)), ())

    def slips(self, word: str) -> tuple[str, ...]:
        """Keys one typing slip away from a word the thesaurus does not know."""
        if len(word) < 5 or (word,) in self._meanings:
            return ()
        return tuple(
            key for key in self._singles if key[0] == word[0] and one_slip_apart(key, word)
        )

    def phrases(self, text: str) -> list[Phrase]:
        """``text`` cut into the longest phrases the thesaurus knows, single words in between."""
        left, found = [stem(word) for word in words(text)], []
        while left:
            sizes = range(min(self.longest, len(left)), 1, -1)
            size = next((n for n in sizes if self.meanings(tuple(left[:n]))), 1)
            found.append(tuple(left[:size]))
            left = left[size:]
        return found


def is_stop(phrase: Phrase) -> bool:
    return all(word in STOP_STEMS for word in phrase)
