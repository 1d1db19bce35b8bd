"""Where, on what, for whom: what follows a small word ("in the library") in a question or a sentence.

A sentence about lockers in the sports hall settles nothing about lockers in the library.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

STEM = 5  # letters by which two words count as the same
MOST = 4  # words of a complement that count


@dataclass(frozen=True)
class Complement:
    """``words`` are what follows ``link``, cut to their first letters."""

    link: str
    words: frozenset[str]
    text: str


@dataclass(frozen=True)
class Links:
    """The words of [links] in verdict.toml. Of a link of two words ("available to") the last counts."""

    begin: frozenset[str]
    skip: frozenset[str]
    stop: frozenset[str]


def links_from(data: Mapping[str, Any]) -> Links:
    return Links(frozenset(data["begin"]), frozenset(data["skip"]), frozenset(data["stop"]))


def stems(words: list[str]) -> frozenset[str]:
    return frozenset(word[:STEM] for word in words)


def complements(said: str, links: Links) -> Iterator[Complement]:
    """Every complement in a text, which comes as ``plain`` gives it."""
    words = said.split()
    for at, link in enumerate(words):
        if link in links.begin or " ".join(words[max(at - 1, 0) : at + 1]) in links.begin:
            rest = _complement(words[at + 1 :], links)
            if rest:
                yield Complement(link, stems(rest), f" {' '.join(rest)} ")


def _complement(words: list[str], links: Links) -> list[str]:
    begin = next((n for n, word in enumerate(words) if word not in links.skip), len(words))
    rest = words[begin : begin + MOST]
    return rest[: next((n for n, word in enumerate(rest) if word in links.stop), len(rest))]
