"""Learns when a question is settled: a logistic regression over bot/search/features.py, in numpy.

Rows: questions a policy answers, questions written beside it that it does not settle, and questions asked of
another policy. The encoder that makes their features has not seen them, nor has what is learnt of unsettled
questions: otherwise every likeness would look too good, and the threshold would be wrong on real ones.
"""

import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.search.abstain import MODEL, Seldom
from bot.search.asking import Asking
from bot.search.encoder import Encoder
from bot.search.index import Index
from bot.search.thesaurus import Thesaurus
from bot.search.training.pairs import FIRST, REST, Lesson, lessons
from bot.search.vectors import content

Array = NDArray[np.float64]
# This share of answerable questions stays above the threshold. The finished encoder knows three times the
# lessons of the one used here and keeps nine points more; words alone gain nothing.
KEPT = {"meaning_and_words": 0.84, "words_only": 0.94}
STRENGTH = 100.0  # of the pull towards zero: best on held-back policies of 10, 30, 100
BESIDE = (0, 1, 3)  # how many other policies are in view: a school has more than one
WEIGHTS = {"answered": 1.0, "near": 1.0, "elsewhere": 1.0, "office": 3.0}
FOLDS = 6
# Our unsettled questions are put more plainly than those with an answer ("he's 15, can I ..."). How they are
# put tells the two apart in this material and nowhere else: it is learnt beside the rest and then dropped.
STYLE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r",",
        r"\d",
        r"^(\S+ ){0,4}\S+$",
        r"^(\S+ ){10}",
        r"\b(can|could|may|am) (i|we)\b|\b(allowed|ok) to\b",
        r"\b(have to|must|need to|should|do (i|we))\b",
        r"\b(who|when|where|why|which)",
        r"\bhow\b",
        r"\bwhat\b|\bwhats\b",
        r"\bif\b|\bwhat happens",
        r"\b(is|are) there\b|\b(do|have) (we|you)\b",
        r"\b(does|do|will|would|is|are)\b",
        r"\b(i|my|me|im|ive)\b",
        r"\b(we|our|us)\b",
        r"\b(he|she|they|them|her|his|shes|hes)\b",
        r"\b(was|were|did|has|had|already|went|gave)\b",
    )
)


@dataclass(frozen=True)
class Row:
    question: str
    kind: str
    of: str
    view: frozenset[str]


def rows(
    unseen: Sequence[Lesson], seen: Sequence[Lesson], office: Sequence[str] = (), seed: int = 2
) -> Iterable[Row]:
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
    titles = [lesson.title for lesson in unseen]
    for question in office:
        for count in BESIDE:
            yield Row(question, "office", question, frozenset(dice.sample(titles, 1 + count)))


def _answered(lesson: Lesson, others: Sequence[str], dice: random.Random) -> Iterable[Row]:
    for question, _ in lesson.asked:
        beside = dice.sample(others, dice.choice(BESIDE))
        yield Row(question, "answered", lesson.title, frozenset([lesson.title, *beside]))


def _near(lesson: Lesson, others: Sequence[str], dice: random.Random) -> Iterable[Row]:
    for question in lesson.unsettled:
        for count in BESIDE:
            view = frozenset([lesson.title, *dice.sample(others, count)])
            yield Row(question, "near", lesson.title, view)


def _elsewhere(lesson: Lesson, others: Sequence[str], dice: random.Random) -> Iterable[Row]:
    strangers = [title for title in others if not _alike(title, lesson.title)]
    for question, _ in dice.sample(lesson.asked, min(20, len(lesson.asked))):
        view = dice.sample(strangers, min(len(strangers), 1 + dice.choice(BESIDE)))
        yield Row(question, "elsewhere", lesson.title, frozenset(view))


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
    """Writes what is seldom settled and both sets of numbers to models/abstain.json."""
    unseen, seen = lessons(REST), lessons(FIRST)
    taught = (*unseen, *seen)
    material = asked_of(taught, asking.background)
    questions = [question for lesson in taught for question in lesson.unsettled]
    direction = [round(float(x), 3) for x in leaning_to(encoder, material)]
    _write({"seldom": {"questions": questions, "direction": direction}})
    examples = list(rows(unseen, seen, asking.background))
    policies = [lesson.policy() for lesson in taught]
    for name, eyes in (("meaning_and_words", encoder), ("words_only", None)):
        index = Index(policies, thesaurus, asking, eyes, cache)
        found = features(index, examples, material, eyes)
        _write({name: fitted(found, examples, KEPT[name])})


@dataclass(frozen=True)
class Asked:
    """A question, whether a policy settles it, and whose it is: a policy's title or itself."""

    question: str
    settled: bool
    of: str


def asked_of(taught: Sequence[Lesson], office: Sequence[str]) -> list[Asked]:
    settled = [Asked(question, True, one.title) for one in taught for question, _ in one.asked]
    unsettled = [Asked(question, False, one.title) for one in taught for question in one.unsettled]
    return [*settled, *unsettled, *(Asked(question, False, question) for question in office)]


def _write(part: dict[str, object]) -> None:
    model = json.loads(MODEL.read_text(encoding="utf-8")) | part
    MODEL.write_text(json.dumps(model, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def features(
    index: Index, examples: Sequence[Row], material: Sequence[Asked], encoder: Encoder | None
) -> list[Mapping[str, float]]:
    """As the index makes them, but what is seldom settled comes from policies other than the row's own."""
    own: dict[str, set[str]] = {}
    for one in material:
        if not one.settled:
            own.setdefault(one.of, set()).add(one.question)
    found = [index.features(row.question, row.view, own.get(row.of, ())) for row in examples]
    if encoder is None:
        return found
    folds = [
        Seldom((), leaning_to(encoder, [one for one in material if fold_of(one.of) != fold]))
        for fold in range(FOLDS)
    ]
    return [
        {**one, "leaning": folds[fold_of(row.of)].leaning(content(encoder, row.question))}
        for one, row in zip(found, examples, strict=True)
    ]


def fold_of(owner: str) -> int:
    return crc32(owner.encode()) % FOLDS


def leaning_to(encoder: Encoder, material: Sequence[Asked]) -> NDArray[np.float32]:
    """The direction in which the content words of settled questions lie from those of unsettled ones."""
    asked = [one.question for one in material]
    settled = np.array([one.settled for one in material])
    table = np.stack([content(encoder, question) for question in asked]) * 10.0
    weight = np.where(settled, 1.0, 4.0)
    coefficients = logistic(np.hstack([table, style(asked)]), settled, weight, 40.0)
    return (coefficients[: table.shape[1]] * 10).astype(np.float32)


def style(questions: Sequence[str]) -> Array:
    put = np.array([[bool(one.search(q)) for one in STYLE] for q in questions], float)
    return np.asarray((put - put.mean(0)) / (put.std(0) + 1e-6))


def fitted(
    found: Sequence[Mapping[str, float]], examples: Sequence[Row], kept: float
) -> dict[str, object]:
    names = sorted(found[0])
    table = np.array([[one[name] for name in names] for one in found])
    mean, deviation = table.mean(0), table.std(0) + 1e-6
    scaled = (table - mean) / deviation
    coefficients = _weighed(scaled, examples, np.ones(len(examples), bool))
    logit = scaled @ coefficients
    shift = float(np.quantile(logit[[row.kind == "answered" for row in examples]], 1 - kept))
    numbers = zip(names, mean, deviation, coefficients, strict=True)
    terms = {name: [round(float(x), 4) for x in triple] for name, *triple in numbers}
    report(crossed(scaled, examples), examples)
    return {"terms": terms, "shift": round(shift, 4)}


def _weighed(scaled: Array, examples: Sequence[Row], learnt: NDArray[np.bool_]) -> Array:
    """The weights of the features, learnt beside those of style, which are dropped."""
    answered = np.array([row.kind == "answered" for row in examples])
    weight = np.array([WEIGHTS[row.kind] for row in examples])
    full = np.hstack([scaled, style([row.question for row in examples])])
    coefficients = logistic(full[learnt], answered[learnt], weight[learnt], STRENGTH)
    return coefficients[: scaled.shape[1]]


def crossed(scaled: Array, examples: Sequence[Row]) -> Array:
    """For each row the logit by weights learnt from other policies."""
    fold = np.array([fold_of(row.of) for row in examples])
    logit = np.zeros(len(examples))
    for held in range(FOLDS):
        logit[fold == held] = scaled[fold == held] @ _weighed(scaled, examples, fold != held)
    return logit


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


def report(logit: Array, examples: Sequence[Row]) -> None:
    """On policies left out: AUC, and the share refused where 92 of 100 answerable ones are kept."""
    kinds = np.array([row.kind for row in examples])
    answered = logit[kinds == "answered"]
    threshold = np.quantile(answered, 0.08)
    for kind in ("near", "elsewhere", "office"):
        own = logit[kinds == kind]
        above = (answered[:, None] > own[None]).mean()
        print(f"  {kind:10s} AUC {above:.3f}, refused {np.mean(own < threshold):.3f}", flush=True)
