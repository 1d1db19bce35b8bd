"""Which clauses hold a word, and how strongly: sorted arrays; ten thousand clauses take few megabytes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.search.words import one_slip_apart, stems

Array = NDArray[np.float32]
Ids = NDArray[np.int32]


@dataclass(frozen=True)
class Field:
    """What of a clause is searched by word. ``policy`` groups clauses that share an average length."""

    text: str
    heading: str = ""
    lead: str = ""
    policy: str = ""


@dataclass(frozen=True)
class Weights:
    """[concepts] of conversations/asking.toml, where each number has its reason."""

    saturation: float = 0.9
    length: float = 0.5
    heading: float = 0.6
    lead: float = 0.5
    synonym: float = 0.9
    slip: float = 0.8
    stop: float = 0.15
    pair: float = 0.3


class Postings:
    def __init__(self, fields: Sequence[Field], weights: Weights) -> None:
        self.size = len(fields)
        self._number: dict[str, int] = {}
        rows: list[tuple[int, int, float]] = []
        pairs: list[tuple[int, int, int]] = []
        texts = [stems(field.text) for field in fields]
        usual = _usual_length(fields, texts)
        for at, (field, text) in enumerate(zip(fields, texts, strict=True)):
            length = 1 - weights.length + weights.length * len(text) / usual[field.policy]
            for word, count in _counts(field, text, weights).items():
                strength = count * (weights.saturation + 1) / (count + weights.saturation * length)
                rows.append((self._id(word), at, strength))
            ids = [self._id(word) for word in text]
            pairs += [(a, b, at) for a, b in set(pairwise(ids))]
        self._words = _Sorted([row[0] for row in rows], [row[1] for row in rows])
        self._strength = np.array([row[2] for row in rows], np.float32)[self._words.order]
        codes = [a * len(self._number) + b for a, b, _ in pairs]
        self._pairs = _Sorted(codes, [pair[2] for pair in pairs])
        self._by_shape = _by_shape(self._number)

    def _id(self, word: str) -> int:
        return self._number.setdefault(word, len(self._number))

    def __contains__(self, word: str) -> bool:
        return word in self._number

    @property
    def vocabulary(self) -> list[str]:
        return list(self._number)

    def word(self, word: str) -> tuple[Ids, Array]:
        """The clauses holding ``word`` and how strongly each does."""
        span = self._words.span(self._number.get(word, -1))
        return self._words.clauses[span], self._strength[span]

    def pair(self, first: str, second: str) -> Ids:
        """The clauses where ``second`` follows ``first``."""
        a, b = self._number.get(first, -1), self._number.get(second, -1)
        code = a * len(self._number) + b if min(a, b) >= 0 else -1
        return self._pairs.clauses[self._pairs.span(code)]

    def phrase(self, phrase: Sequence[str]) -> tuple[Ids, Array]:
        """The clauses holding all words of ``phrase`` in this order, as strong as the weakest word."""
        clauses, strength = self.word(phrase[0])
        for first, second in pairwise(phrase):
            both = np.isin(clauses, self.pair(first, second), assume_unique=True)
            clauses, strength = clauses[both], strength[both]
            others, other_strength = self.word(second)
            found = np.searchsorted(others, clauses)
            strength = np.minimum(strength, other_strength[found])
        return clauses, strength

    def slips(self, word: str) -> list[str]:
        """Words of the policies one typing slip away; short words have too many neighbours."""
        if len(word) < 5:
            return []
        near = (
            w for size in (-1, 0, 1) for w in self._by_shape.get((word[0], len(word) + size), ())
        )
        return [other for other in near if one_slip_apart(other, word)]


class _Sorted:
    """Clause numbers sorted by a key, found again by binary search."""

    def __init__(self, keys: Sequence[int], clauses: Sequence[int]) -> None:
        unsorted = np.array(keys, np.int64)
        self.order = np.argsort(unsorted, kind="stable")
        self._keys = unsorted[self.order]
        self.clauses = np.array(clauses, np.int32)[self.order]

    def span(self, key: int) -> slice:
        start = np.searchsorted(self._keys, key, "left")
        return slice(int(start), int(np.searchsorted(self._keys, key, "right")))


def _counts(field: Field, text: Sequence[str], weights: Weights) -> dict[str, float]:
    counts: dict[str, float] = dict(Counter(text))
    for part, weight in ((field.heading, weights.heading), (field.lead, weights.lead)):
        for word in stems(part):
            counts[word] = counts.get(word, 0.0) + weight
    return counts


def _usual_length(fields: Sequence[Field], texts: Sequence[Sequence[str]]) -> dict[str, float]:
    """Per policy, so that no school's answers move when another school adds a policy."""
    lengths: dict[str, list[int]] = {}
    for field, text in zip(fields, texts, strict=True):
        lengths.setdefault(field.policy, []).append(len(text))
    return {policy: max(1.0, sum(all_) / len(all_)) for policy, all_ in lengths.items()}


def _by_shape(vocabulary: Sequence[str] | dict[str, int]) -> dict[tuple[str, int], list[str]]:
    shelves: dict[tuple[str, int], list[str]] = {}
    for word in vocabulary:
        shelves.setdefault((word[0], len(word)), []).append(word)
    return shelves
