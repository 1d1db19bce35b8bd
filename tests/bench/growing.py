"""Made-up policies in any number, from the words of real ones: to see what size costs.

A made-up policy keeps the shape of a real one (headings, lead-ins, bullets); its sentences are
dealt out anew, and some words are new, as each further policy of a school brings some.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, cycle
from random import Random
from typing import cast

import numpy as np
from numpy.typing import NDArray

from bot.core.policies import Clause, Policy, sentences
from bot.search.encoder import Encoder

NEW_WORDS = 0.04  # with it, 10,000 clauses have about 7,000 different stems, the five 1,500
_WORD = re.compile(r"\b[a-z]{6,}\b")


def grown(policies: Sequence[Policy], clauses: int) -> list[Policy]:
    """So many clauses or a few more, in policies like these. The same at every call."""
    random = Random(f"{clauses} clauses")
    said = [s for policy in policies for clause in policy.clauses for s in _sentences(clause)]
    made: list[Policy] = []
    for number, policy in zip(count(), cycle(policies), strict=False):
        if sum(len(one.clauses) for one in made) >= clauses:
            return made
        made.append(_made(policy, f"made-{number}", said, random))
    return made


def _sentences(clause: Clause) -> list[str]:
    return [clause.text[start:end] for start, end in sentences(clause.text)]


def _made(policy: Policy, name: str, said: Sequence[str], random: Random) -> Policy:
    clauses = tuple(replace(c, text=_dealt(c, said, random)) for c in policy.clauses)
    return replace(policy, id=name, clauses=clauses)


def _dealt(clause: Clause, said: Sequence[str], random: Random) -> str:
    """Other sentences, as many; a clause that is no rule ("Or", a date) stays as it is."""
    if clause.kind != "clause":
        return clause.text
    text = " ".join(random.choice(said) for _ in _sentences(clause))
    return _WORD.sub(lambda word: _new(word[0], said, random), text)


def _new(word: str, said: Sequence[str], random: Random) -> str:
    """Now and then the beginning of this word with the end of another."""
    if random.random() > NEW_WORDS:
        return word
    others = _WORD.findall(random.choice(said)) or [word]
    return word[:4] + str(random.choice(others))[3:]


class Mixing:
    """Embeds a question truly, and many clauses at once as mixtures of a few that were.

    To embed ten thousand clauses takes minutes; what a question costs later is the same either way.
    """

    def __init__(self, encoder: Encoder, policies: Sequence[Policy]) -> None:
        self.name = f"mixtures, {encoder.name}"
        self._encoder = encoder
        texts = [clause.text for policy in policies for clause in policy.clauses]
        self._known = encoder.embed(Random(self.name).sample(texts, min(60, len(texts))))

    def one(self, text: str) -> NDArray[np.float32]:
        return self._encoder.one(text)

    def words(self, words: Sequence[str]) -> NDArray[np.float32]:
        return self._encoder.words(words)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        weights = np.random.default_rng(len(texts)).random((len(texts), len(self._known))) ** 8
        rows = weights.astype(np.float32) @ self._known
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


def mixing(encoder: Encoder | None, policies: Sequence[Policy]) -> Encoder | None:
    """The encoder for made-up policies; None where there is none."""
    return cast(Encoder, Mixing(encoder, policies)) if encoder else None


def sizes() -> Iterator[tuple[str, int]]:
    """The sizes that growth is told at, by the ending of the figure's name."""
    yield from (("1k", 1_000), ("3k", 3_000), ("10k", 10_000))
