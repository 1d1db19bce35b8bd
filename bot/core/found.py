"""What search hands to the answer: clauses in order, and how far the question seems settled."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Hit:
    """One clause that may answer. ``score`` is 0..1, comparable between questions.

    ``sentence`` says which of the clause's sentences is nearest to the question, counted from 0.
    ``met`` is the share (0..1) of the question's content words that this clause meets: by word, synonym,
    near spelling or a word of like meaning. It is worked out for the first
    three hits and 1 for the others.
    """

    policy: str
    clause: str
    score: float
    sentence: int = 0
    met: float = 1.0


@dataclass(frozen=True)
class Found:
    """``hits`` best first, at most ten. ``settled`` is the estimated chance (0..1) that the policy
    settles the question at all; below the threshold in conversations/asking.toml nothing is answered."""

    hits: tuple[Hit, ...] = ()
    settled: float = 0.0
