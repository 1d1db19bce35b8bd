"""Learns when a question is settled: a logistic regression over bot/search/features.py, in numpy.

Rows: questions a policy answers, questions written beside it that it does not settle (they count double), and
Rows: questions a policy answers, questions written beside it that it does not settle (counting double), and
otherwise every similarity would look too good, and the threshold would be wrong on real ones.
"""

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.search.abstain import MODEL
from bot.search.asking import Asking
from bot.search.encoder import Encoder
from bot.search.index import Index
from bot.search.thesaurus import Thesaurus
from bot.search.training.pairs import FIRST, REST, Lesson, lessons

Array = NDArray[np.float64]
# This share of answerable questions stays above the threshold. The finished encoder knows three times the
# lessons of the one used here and keeps more; words alone gain nothing, so theirs is the share wanted.
KEPT = {"meaning_and_words": 0.90, "words_only": 0.94}
STRENGTH = 100.0  # of the pull towards zero: best on held-back policies of 10, 30, 100
BESIDE = (0, 1, 3)  # how many other policies are in view: a school has more than one
WEIGHTS = {"answered": 1.0, "near": 2.0, "elsewhere": 1.0}


@dataclass(frozen=True)
class Row:
    question: str
    kind: str
    view: frozenset[str]


def rows(unseen: Sequence[Lesson], seen: Sequence[Lesson], seed: int = 2) -> Iterable[Row]:
    """Of the ``seen`` lessons only the unsettled questions: the encoder never learns from those."""
    dice = random.Random(seed)
    for lesson in unseen:
        others = [one.title for one in unseen if one.title != lesson.title]
        yield from _answered(lesson, others, dice)
        yield from _elsewhere(lesson, others, dice)
    for group in (unseen, seen):
        for lesson in group:
            others = [one.title for one in group if one.title != lesson.title]
            yield from _near(lesson, others, dice)


def _answered(lesson: Lesson, others: Sequence[str], dice: random.Random) -> Iterable[Row]:
    for question, _ in lesson.asked:
        beside = dice.sample(others, dice.choice(BESIDE))
        yield Row(question, "answered", frozenset([lesson.title, *beside]))


def _near(lesson: Lesson, others: Sequence[str], dice: random.Random) -> Iterable[Row]:
    for question in lesson.unsettled:
        for count in BESIDE:
            yield Row(question, "near", frozenset([lesson.title, *dice.sample(others, count)]))


def _elsewhere(lesson: Lesson, others: Sequence[str], dice: random.Random) -> Iterable[Row]:
    strangers = [title for title in others if not _alike(title, lesson.title)]
    for question, _ in dice.sample(lesson.asked, min(20, len(lesson.asked))):
        view = dice.sample(strangers, min(len(strangers), 1 + dice.choice(BESIDE)))
        yield Row(question, "elsewhere", frozenset(view))


def _alike(one: str, other: str) -> bool:
    """Two policies on one subject may settle each other's questions."""
    small = {
        "and",
        "of",
        "the",
        "policy",
        "staff",
        "school",
        "for",
        "procedure",
        "primary",
        "academy",
    }
    cut = [set(title.lower().replace(",", " ").split()) - small for title in (one, other)]
    return bool(cut[0] & cut[1])


def learn(thesaurus: Thesaurus, asking: Asking, encoder: Encoder, cache: Path) -> None:
    """Writes both sets of numbers to models/abstain.json."""
    unseen, seen = lessons(REST), lessons(FIRST)
    policies = [lesson.policy() for lesson in (*unseen, *seen)]
    model = {}
    for name, eyes in (("meaning_and_words", encoder), ("words_only", None)):
        index = Index(policies, thesaurus, asking, eyes, cache)
        model[name] = fitted(index, list(rows(unseen, seen)), KEPT[name])
    MODEL.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")


def fitted(index: Index, examples: Sequence[Row], kept: float) -> dict[str, object]:
    found = [index.features(row.question, row.view) for row in examples]
    names = sorted(found[0])
    table = np.array([[features[name] for name in names] for features in found])
    answered = np.array([row.kind == "answered" for row in examples])
    weight = np.array([WEIGHTS[row.kind] / (3 if row.kind == "near" else 1) for row in examples])
    mean, deviation = table.mean(0), table.std(0) + 1e-6
    scaled = (table - mean) / deviation
    coefficients = logistic(scaled, answered, weight, STRENGTH)
    shift = float(np.quantile((scaled @ coefficients)[answered], 1 - kept))
    numbers = zip(names, mean, deviation, coefficients, strict=True)
    terms = {name: [round(float(x), 4) for x in triple] for name, *triple in numbers}
    report(scaled @ coefficients - shift, [row.kind for row in examples])
    return {"terms": terms, "shift": round(shift, 4)}


def logistic(table: Array, answered: NDArray[np.bool_], weight: Array, strength: float) -> Array:
    """Newton's method; the constant (last column) is free and then dropped: the shift takes its place."""
    full = np.hstack([table, np.ones((len(table), 1))])
    pull = np.full(full.shape[1], strength)
    pull[-1] = 1e-6
    beta = np.zeros(full.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-full @ beta))
        slope = full.T @ (weight * (answered - chance)) - pull * beta
        curve = (full * (weight * chance * (1 - chance))[:, None]).T @ full + np.diag(pull)
        beta = beta + np.linalg.solve(curve, slope)
    result: Array = beta[:-1]
    return result


def report(logit: Array, kinds: Sequence[str]) -> None:
    for kind in WEIGHTS:
        own = logit[np.array([k == kind for k in kinds])]
        print(f"  {kind:10s} {len(own):5d} rows, {np.mean(own >= 0):.3f} answered", flush=True)
