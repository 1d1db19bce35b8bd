"""Plain phrases that a school can edit, matched against what people type and what policies say.

A phrase is words parted by spaces. ``add*`` begins a word, ``#`` is a number ("y#" is y9),
``..`` is a gap of up to five words, ``...`` of up to twelve, ``@pupil`` stands for every
phrase of the family "pupil", ``^who`` must begin the text.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

GAPS = {"..": r"(?:\w+ ){0,5}?", "...": r"(?:\w+ ){0,12}?"}
Families = Mapping[str, tuple[str, ...]]
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_PARTS = re.compile(r"[a-z0-9*#]+")
_NOT_WORD = re.compile(r"[^a-z0-9]+")


class PhraseMistake(Exception):
    """A phrase, or what stands in its place, cannot be read."""


def plain(text: str) -> str:
    """Lower-case words with single spaces, one before and one after: " someones added me ".

    Apostrophes vanish, accents fold, everything else that is no letter or digit parts words.
    """
    return f" {_NOT_WORD.sub(' ', _folded(text)).strip()} "


def _folded(text: str) -> str:
    if text.isascii():  # nothing to fold: five times as fast, and most texts are
        return text.lower().replace("'", "")
    folded = unicodedata.normalize("NFKD", _HIDDEN.sub("", text)).lower()
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    return folded.replace("'", "").replace("’", "").replace("‘", "")


def listed(phrases: object) -> tuple[str, ...]:
    """The phrases of a list, each with at least one word, number or family in it."""
    if isinstance(phrases, str | Mapping) or not isinstance(phrases, Iterable):
        raise PhraseMistake(f"{phrases!r} stands where a list of phrases should be")
    found = tuple(phrases)
    for phrase in found:
        if not isinstance(phrase, str) or not any(map(_is_solid, phrase.split())):
            raise PhraseMistake(f"{phrase!r} stands where a phrase with a word in it should be")
    return found


def _is_solid(word: str) -> bool:
    return word.startswith("@") or any(part.strip("*") for part in _PARTS.findall(_folded(word)))


def pattern(phrases: Iterable[str], families: Families | None = None) -> re.Pattern[str]:
    """One pattern for all the phrases, to be searched in ``plain`` text."""
    if isinstance(phrases, str):
        raise PhraseMistake(f"{phrases!r} stands where a list of phrases should be")
    first: list[str] = []
    anywhere: list[str] = []
    for phrase in dict.fromkeys(phrases):
        place = first if phrase.startswith("^") else anywhere
        place.append(_regex(phrase.removeprefix("^"), families or {}, ()))
    either = [
        f"{start} (?:{_any(parts)})(?= )"
        for start, parts in (("^", first), ("", anywhere))
        if parts
    ]
    return re.compile("|".join(either) or r"(?!)")


def _any(parts: Iterable[str]) -> str:
    return "|".join(sorted(parts, key=len, reverse=True))


def _regex(phrase: str, families: Families, inside: tuple[str, ...]) -> str:
    pieces = []
    for word in phrase.split():
        if word in GAPS:
            pieces.append(GAPS[word])
        elif word.startswith("@"):
            pieces.append(_family(word[1:], families, inside) + " ")
        else:
            pieces += [_word(part) + " " for part in _PARTS.findall(_folded(word))]
    return "".join(pieces).rstrip(" ")


def _family(name: str, families: Families, inside: tuple[str, ...]) -> str:
    if name not in families or name in inside:
        raise PhraseMistake(f"no family of words is called {name!r} here, or it contains itself")
    members = (_regex(p, families, (*inside, name)) for p in families[name])
    return f"(?:{_any(members) or '(?!)'})"


def _word(word: str) -> str:
    return re.escape(word).replace(r"\*", r"\w*").replace(r"\#", r"\d+")
