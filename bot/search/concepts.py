"""Scores clauses by words. Each word of a question is one concept: itself, its synonyms, a near spelling.

A concept counts once for a clause, by its best member. The sum is divided by what this question could have
reached, so that scores lie in 0..1 and one threshold serves all questions. Counts are taken over the clauses
in view only: what another school has written never moves an answer.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.search.postings import Array, Field, Ids, Postings, Weights
from bot.search.thesaurus import Phrase, Thesaurus, is_stop

InView = NDArray[np.bool_]
REACH = 1.6  # a word met once in a short clause scores about 1.6 times its rarity


@dataclass(frozen=True)
class Concept:
    """``weight`` is small for stop words. ``members`` are phrases to look for, the typed one first."""

    phrase: Phrase
    weight: float
    members: tuple[tuple[Phrase, float], ...]


@dataclass(frozen=True)
class Met:
    """Where one concept is met: ``strength`` 0..1 by how near the member is, ``rarity`` of the concept."""

    concept: Concept
    rarity: float
    clauses: Ids
    strength: Array


class Concepts:
    def __init__(self, fields: Sequence[Field], thesaurus: Thesaurus, weights: Weights) -> None:
        self._postings = Postings(fields, weights)
        self._thesaurus = thesaurus
        self._weights = weights

    def of(self, question: str) -> list[Concept]:
        """The concepts of a question, each once."""
        found: dict[Phrase, Concept] = {}
        for phrase in self._thesaurus.phrases(question):
            weight = self._weights.stop if is_stop(phrase) else 1.0
            found.setdefault(phrase, Concept(phrase, weight, tuple(self._members(phrase))))
        return list(found.values())

    def _members(self, phrase: Phrase) -> Iterator[tuple[Phrase, float]]:
        synonym, slip = self._weights.synonym, self._weights.slip
        yield phrase, 1.0
        meanings = self._thesaurus.meanings(phrase)
        yield from ((meaning, synonym) for meaning in meanings)
        if len(phrase) > 1 or meanings or phrase[0] in self._postings:
            return
        for near in self._postings.slips(phrase[0]):
            yield (near,), slip
        for near in {*self._postings.slips(phrase[0]), *self._thesaurus.slips(phrase[0])}:
            yield from ((meaning, synonym * slip) for meaning in self._thesaurus.meanings((near,)))

    def score(self, concepts: Sequence[Concept], question: Sequence[str], view: InView) -> Array:
        """A score for every clause, 0..1; 0 for those out of view."""
        total = np.zeros(self._postings.size, np.float32)
        count, reach = int(view.sum()), 0.0
        for concept in concepts:
            best, rarity = self._best(concept, view, count)
            total += concept.weight * best
            unmet = math.log(1 + count) if concept.weight == 1 else 0.0
            reach += concept.weight * rarity * REACH if rarity else unmet
        total += self._neighbours(question, view, count)
        total /= reach or 1.0
        return np.minimum(total, 1.0, out=total)

    def _best(self, concept: Concept, view: InView, count: int) -> tuple[Array, float]:
        """For each clause its best member's score; and the rarity of the rarest member."""
        best = np.zeros(self._postings.size, np.float32)
        rarity = 0.0
        for phrase, weight in concept.members:
            clauses, strength = self._in_view(phrase, view)
            if len(clauses):
                own = rarity_of(len(clauses), count)
                rarity = max(rarity, own if weight == 1 else own * 0.9)
                best[clauses] = np.maximum(best[clauses], weight * own * strength)
        return best, rarity

    def _in_view(self, phrase: Phrase, view: InView) -> tuple[Ids, Array]:
        clauses, strength = self._postings.phrase(phrase)
        seen = view[clauses]
        return clauses[seen], strength[seen]

    def _neighbours(self, words: Sequence[str], view: InView, count: int) -> Array:
        """A little more for two words of the question that stand side by side in the clause."""
        bonus = np.zeros(self._postings.size, np.float32)
        for first, second in pairwise(words):
            if is_stop((first, second)):
                continue
            clauses = self._postings.pair(first, second)
            clauses = clauses[view[clauses]]
            if len(clauses):
                bonus[clauses] += self._weights.pair * math.log(1 + count / len(clauses))
        return bonus

    def met(self, concepts: Sequence[Concept], view: InView) -> list[Met]:
        """Where each content word is met at all: what the settled estimate calls covered."""
        count = int(view.sum())
        found = []
        for concept in concepts:
            if concept.weight < 1 or concept.phrase[0].isdigit():
                continue
            strength = np.zeros(self._postings.size, np.float32)
            rarity = 0.0
            for phrase, weight in concept.members:
                clauses, _ = self._in_view(phrase, view)
                if len(clauses):
                    rarity = max(rarity, rarity_of(len(clauses), count))
                    strength[clauses] = np.maximum(strength[clauses], weight)
            at = np.flatnonzero(strength).astype(np.int32)
            found.append(Met(concept, rarity or math.log(1 + count), at, strength[at]))
        return found


def rarity_of(holding: int, count: int) -> float:
    """Inverse document frequency as BM25 has it."""
    return math.log(1 + (count - holding + 0.5) / (holding + 0.5))
