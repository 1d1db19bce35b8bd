"""How far a question seems settled: a logistic regression over the features (models/abstain.json)."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
MODEL = Path(__file__).parent / "models" / "abstain.json"


@dataclass(frozen=True)
class Term:
    """One feature: where it usually lies, how far it spreads, and what it counts."""

    mean: float
    deviation: float
    weight: float


@dataclass(frozen=True)
class Settled:
    """``shift`` moves the result so that 0.5 keeps the wanted share of answerable questions."""

    terms: Mapping[str, Term]
    shift: float = 0.0

    @classmethod
    def read(cls, with_vectors: bool, path: Path = MODEL) -> "Settled":
        """There are two sets of numbers: with vectors, and by words only."""
        model = json.loads(path.read_text(encoding="utf-8"))
        part = model["meaning_and_words" if with_vectors else "words_only"]
        return cls({name: Term(*numbers) for name, numbers in part["terms"].items()}, part["shift"])

    def of(self, features: Mapping[str, float]) -> float:
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.logit(features) - self.shift))))

    def logit(self, features: Mapping[str, float]) -> float:
        """A feature the model does not know, or one that is not there, counts nothing."""
        return sum(
            term.weight * (features[name] - term.mean) / term.deviation
            for name, term in self.terms.items()
            if name in features
        )


@dataclass(frozen=True)
class Seldom:
    """What policies seldom settle: such questions, and the direction their content words lean to."""

    questions: tuple[str, ...] = ()
    direction: Array | None = None

    @classmethod
    def read(cls, path: Path = MODEL) -> "Seldom":
        part = json.loads(path.read_text(encoding="utf-8")).get("seldom")
        if not part:
            return cls()
        return cls(tuple(part["questions"]), np.array(part["direction"], np.float32))

    def leaning(self, content: Array) -> float:
        """How far the content words of a question (one vector) lean to what is usually settled."""
        return 0.0 if self.direction is None else float(content @ self.direction)
