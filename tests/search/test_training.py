"""The training material: read rightly, and no question of it is one we are measured by."""

import json
import os
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from bot.core.gate import Route
from bot.search import vectors
from bot.search.abstain import Seldom, Settled
from bot.search.encoder import Encoder
from bot.search.leaning import Leaning
from bot.search.training.lean import WRITERS, messages
from bot.search.training.pairs import HELD_BACK, lessons
from bot.search.training.settle import Asked, leaning_to, logistic, style
from bot.search.words import STOP_STEMS, stems

ROOT = Path(__file__).parents[2]
GOLD = Path(os.environ.get("GOLD", ROOT.parent / "shared" / "gold" / "dev.jsonl"))


def gold_questions() -> list[str]:
    if not GOLD.exists():
        assert not os.environ.get("CI"), f"no gold questions at {GOLD}"
        pytest.skip(f"no gold questions at {GOLD}: set GOLD to where dev.jsonl lies")
    rows = map(json.loads, GOLD.read_text(encoding="utf-8").splitlines())
    return [row["question"] for row in rows if "question" in row]


def content(question: str) -> frozenset[str]:
    return frozenset(stems(question)) - STOP_STEMS


def test_no_training_question_is_nearly_a_gold_question() -> None:
    gold = {content(question): question for question in gold_questions()}
    taught = {question for lesson in lessons() for question, _ in lesson.asked}
    near = [
        (question, gold[other])
        for question in taught
        for other in gold
        if len((own := content(question)) | other) > 1
        and len(own & other) >= 0.75 * len(own | other)
    ]
    assert near == []


def test_every_question_belongs_to_a_clause_of_its_policy() -> None:
    for lesson in lessons():
        assert lesson.clauses, lesson.title
        assert all(0 <= at < len(lesson.clauses) for _, at in lesson.asked)
    titles = [lesson.title for lesson in lessons()]
    assert len(titles) == len(set(titles))
    assert set(HELD_BACK) <= set(titles)


def test_a_lesson_is_a_policy_with_its_lead_ins() -> None:
    led = [clause for lesson in lessons() for clause in lesson.policy().clauses if clause.lead]
    assert led
    assert all(clause.text[:1].islower() for clause in led)


@pytest.mark.parametrize("writer", WRITERS, ids=lambda path: path.stem)
def test_messages_carry_the_labels_the_gate_knows(writer: Path) -> None:
    labels = {label for _, label in messages(writer)}
    assert labels == {*get_args(Route), "policy", "pupil_contact"}


def test_the_messages_of_all_writers_are_learnt_from() -> None:
    assert len(messages()) == sum(len(messages(writer)) for writer in WRITERS) > 2800


def test_logistic_finds_the_feature_that_tells() -> None:
    dice = np.random.default_rng(1)
    table = dice.normal(size=(400, 3))
    weights = logistic(table, table[:, 1] > 0.2, np.ones(400), 1.0)
    assert weights[1] > 5 * max(abs(weights[0]), abs(weights[2]))


def test_how_a_question_is_put_is_told_apart_from_what_it_asks() -> None:
    plain, told = style(["can i bring a dog", "he's 15, i already asked his mum, may he"])
    assert (plain != told).any()


def test_words_lean_to_what_was_settled(encoder: Encoder) -> None:
    settled = ["who drives the minibus", "can the minibus go abroad", "minibus seat belts"]
    unsettled = ["am i paid for it", "do i get paid", "how much am i paid"]
    material = [Asked(question, True, "") for question in settled]
    material += [Asked(question, False, "") for question in unsettled]
    seldom = Seldom((), leaning_to(encoder, material))
    minibus, pay = (seldom.leaning(vectors.content(encoder, q)) for q in ("the minibus?", "paid?"))
    assert minibus > pay


def test_every_unsettled_question_of_the_lessons_is_known_to_the_model() -> None:
    written = {question for lesson in lessons() for question in lesson.unsettled}
    assert set(Seldom.read().questions) == written


@pytest.mark.parametrize("with_vectors", [True, False])
def test_settled_is_a_share_and_grows_with_the_best_score(with_vectors: bool) -> None:
    settled = Settled.read(with_vectors)
    assert settled.terms
    assert all(term.deviation > 0 for term in settled.terms.values())
    assert 0 < settled.of({}) < 1


def test_leaning_tells_a_concern_from_a_question(current: Encoder) -> None:
    leaning = Leaning(current)
    told = leaning.of("a girl in my class told me her dad hits her")
    assert sum(told.values()) == pytest.approx(1, abs=1e-4)
    assert leaning.concern("a girl in my class told me her dad hits her") > 0.5
    assert leaning.concern("how many days notice for leave to move house") < 0.3
    assert leaning.of(" ")["policy"] == 1
