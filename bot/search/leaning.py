"""Which way a message leans: a concern (and for whom), or a policy question. A witness for the safety gate.

Three logistic regressions over the message's sentence vector and its words and word pairs, hashed to 4,096
places: is it a concern at all; of which kind, learnt from concerns alone; and, if it is none, did a pupil get
in touch. Learnt apart, each can be judged apart: the gate asks the first where to stop and the second whom to
tell. Of a writer it has not learnt from it catches seven concerns in ten, at 3 % of the policy lines written
to mislead it. Character pieces, gaps between words, the gate's families, a wider table, a network and
a support vector machine came within a hundredth or two of that, and the highest of the parts of a long
message was ten hundredths worse than the whole (2026-11-20). Its numbers are in models/leaning.npz.
"""

import zlib
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.search.words import stems

Array = NDArray[np.float32]
MODEL = Path(__file__).parent / "models" / "leaning.npz"
POLICY, CONTACT = "policy", "pupil_contact"
PLACES = 4096


class Embeds(Protocol):
    def one(self, text: str, /) -> Array: ...


class Leaning:
    def __init__(self, encoder: Embeds, path: Path = MODEL) -> None:
        self._encoder = encoder
        with np.load(path) as file:
            self.kinds = tuple(bytes(file["kinds"]).decode().split("\n"))
            self._weights = file["weights"].astype(np.float32)
            self._bias = file["bias"].astype(np.float32)
        self.labels = (*self.kinds, CONTACT, POLICY)

    def of(self, text: str) -> dict[str, float]:
        """How likely each label is; together they make 1. An empty text leans to policy."""
        if not text.strip():
            return {label: float(label == POLICY) for label in self.labels}
        return dict(zip(self.labels, self._chances(text), strict=True))

    def concern(self, text: str) -> float:
        """How likely the message tells of a concern, of whatever kind."""
        told = self.of(text)
        return sum(told[kind] for kind in self.kinds)

    def _chances(self, text: str) -> list[float]:
        """The columns of the weights: concern, pupil in touch, and one for each kind of concern."""
        said, size = _places(text)
        vector = self._encoder.one(text)
        # Of the 4,096 only the few rows that are said: the same sum, in a third of the time.
        words = self._weights[len(vector) + np.array(said, np.intp)].sum(0) / size
        logits = vector @ self._weights[: len(vector)] + words + self._bias
        concern, contact = (1 / (1 + np.exp(-logits[:2]))).tolist()
        odds = np.exp(logits[2:] - logits[2:].max())
        kinds = (concern * odds / odds.sum()).tolist()
        rest = 1 - concern
        return [*kinds, rest * contact, rest * (1 - contact)]


def hashed(text: str) -> Array:
    """The words and pairs of neighbours of ``text``, each at its place; length one, as the vector is."""
    said, size = _places(text)
    places = np.zeros(PLACES, np.float32)
    for place in said:
        places[place] += 1
    return places / size


def _places(text: str) -> tuple[list[int], np.float32]:
    """Where the words and pairs of neighbours belong, and by what to divide their sum."""
    said = stems(text)
    terms = {*said, *(f"{a} {b}" for a, b in pairwise(said))}
    places = [zlib.crc32(term.encode()) % PLACES for term in terms]
    return places, np.float32(max(1, len(terms)) ** 0.5)
