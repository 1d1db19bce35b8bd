"""Asking the index: right clause first, nothing out of view, the same answer after a restart."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.core.found import Found
from bot.core.policies import Clause, Policy
from bot.search.asking import AskingMistake, read_asking
from bot.search.encoder import Encoder
from bot.search.features import Background
from bot.search.index import Index
from bot.search.thesaurus import read_thesaurus
from bot.search.vectors import alike
from tests.search.examples import ASKING, NET, TRIPS, WORDS

ROOT = Path(__file__).parents[2]


def lexical() -> Index:
    return Index([NET, TRIPS], WORDS, ASKING)


def first(found: Found) -> str:
    return found.hits[0].clause


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("can i accept a friend request from a y8", "n3"),
        ("putting pics of kids online, who says yes", "n4"),
        ("who drives the minibuss", "t2"),
        ("when is the review date", "n1"),
        ("need a risk assesment for my trip?", "t1"),
    ],
)
def test_words_alone_find_the_clause(question: str, clause: str) -> None:
    assert first(lexical().find(question)) == clause


def test_the_lead_in_helps_to_find_its_bullet() -> None:
    """ "users" stands in the lead-in only."""
    hits = lexical().find("may users accept requests", {"net"}).hits
    assert hits[0].clause == "n3"


def test_only_policies_in_view_are_found() -> None:
    found = lexical().find("written consent of parents", {"trips"})
    assert {hit.policy for hit in found.hits} == {"trips"}


@pytest.mark.parametrize("view", [{"net"}, {"trips"}, {"net", "trips"}])
def test_another_schools_policies_never_move_a_score(view: set[str]) -> None:
    other = replace(TRIPS, id="other")
    alone = Index([p for p in (NET, TRIPS) if p.id in view], WORDS, ASKING)
    together = Index([NET, other, TRIPS], WORDS, ASKING)
    question = "do parents consent to a pic on a visit"
    assert together.find(question, view) == alone.find(question)


def test_the_word_or_between_alternatives_is_not_found() -> None:
    assert "n5" not in {hit.clause for hit in lexical().find("or").hits}


@pytest.mark.parametrize("question", ["", "   ", "?!", "xqzzy"])
def test_a_question_without_known_words_finds_nothing(question: str) -> None:
    assert lexical().find(question) == Found()


def test_no_policy_in_view_finds_nothing() -> None:
    assert lexical().find("minibus", set()) == Found()
    assert lexical().find("minibus", {"unheard of"}) == Found()
    assert Index([], WORDS, ASKING).find("minibus") == Found()


def test_scores_fall_and_stay_between_0_and_1() -> None:
    hits = lexical().find("written consent of parents for pics of pupils").hits
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_at_most_limit_hits_are_handed_out() -> None:
    assert len(lexical().find("consent of parents before a visit", limit=2).hits) == 2


def test_the_nearest_sentence_is_named() -> None:
    hits = lexical().find("photographs with written consent").hits
    assert (hits[0].clause, hits[0].sentence) == ("n4", 1)


# ---- with vectors


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("someone from my class wants to be mates on fb", "n3"),
        ("am i ok to take the school van out", "t2"),
        ("something is worrying me, who do i go to", "n6"),
    ],
)
def test_meaning_finds_what_words_do_not(encoder: Encoder, question: str, clause: str) -> None:
    assert first(Index([NET, TRIPS], WORDS, ASKING, encoder).find(question)) == clause


def test_vectors_are_kept_and_a_restart_answers_the_same(encoder: Encoder, tmp_path: Path) -> None:
    question = "putting a snap of my class on insta"
    before = Index([NET, TRIPS], WORDS, ASKING, encoder, tmp_path).find(question)
    files = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    after = Index([NET, TRIPS], WORDS, ASKING, encoder, tmp_path).find(question)
    assert after == before
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == files


def test_a_broken_cache_file_is_made_again(encoder: Encoder, tmp_path: Path) -> None:
    good = Index([NET], WORDS, ASKING, encoder, tmp_path).find("private profile")
    for path in tmp_path.iterdir():
        path.write_bytes(b"half a file")
    assert Index([NET], WORDS, ASKING, encoder, tmp_path).find("private profile") == good


def test_the_policies_of_others_do_not_move_vectors_either(encoder: Encoder) -> None:
    alone = Index([NET], WORDS, ASKING, encoder).find("who do i tell")
    together = Index([TRIPS, NET], WORDS, ASKING, encoder).find("who do i tell", {"net"})
    assert together == alone


def test_small_talk_is_less_settled_than_a_question_the_policy_answers(encoder: Encoder) -> None:
    asking = read_asking(ROOT / "conversations" / "asking.toml")
    thesaurus = read_thesaurus(ROOT / "conversations" / "thesaurus.toml")
    index = Index([NET, TRIPS], thesaurus, asking, encoder)
    answered = index.find("can i accept a friend request from a pupil").settled
    idle = index.find("who won the football last night").settled
    assert answered > asking.threshold > idle


def test_a_clause_is_found_among_ten_thousand() -> None:
    """What it costs is told by the bench (cpu), up to ten thousand clauses."""
    bodies = [clause.text for policy in (NET, TRIPS) for clause in policy.clauses]
    many = [Clause(f"c{n}", str(n), f"{bodies[n % len(bodies)]} {n % 97}") for n in range(10_000)]
    many[7_777] = Clause("c7777", "7777", "Umbrellas are kept in the boiler room.")
    index = Index([Policy("big", "Big", tuple(many))], WORDS, ASKING)
    assert index.find("may an umbrella be kept by the boiler").hits[0].clause == "c7777"


# ---- how much of the question a clause meets


def test_met_is_the_share_of_content_words_the_clause_has() -> None:
    """By words: the synonym counts as the word, the umbrella is nowhere."""
    all_met, half = "may pics be published", "may an umbrella be published"
    first_met, first_half = (lexical().find(question).hits[0] for question in (all_met, half))
    assert (first_met.clause, first_half.clause) == ("n4", "n4")
    assert first_met.met > 0.85
    assert 0 < first_half.met < 0.6


def test_met_is_worked_out_for_three_hits() -> None:
    hits = lexical().find("written consent of parents before a visit of pupils").hits
    assert [hit.met > 0 for hit in hits][:3] == [True] * 3
    assert {hit.met for hit in hits[3:]} <= {0.0}


def test_a_word_of_like_meaning_meets_too(encoder: Encoder) -> None:
    near = alike(encoder, "computers and an umbrella", "Keep your laptop at home.")
    assert near["comput"] > 0.5 > near["umbrella"]
    assert alike(encoder, "who?", "Keep your laptop at home.") == {}


def test_background_covered_by_a_clause_or_left_out_counts_nothing() -> None:
    bank = np.eye(3, dtype=np.float32)
    near = np.array([[0.9, 0.1, 0.1]], np.float32)
    background = Background(("a", "b", "c"), bank, near)
    question, view = np.array([0.7, 0.5, 0.3], np.float32), np.ones(1, bool)
    assert background.likeness(question, view) == pytest.approx(0.5)
    assert background.likeness(question, view, count=2) == pytest.approx(0.4)
    assert background.likeness(question, view, leave={"b"}) == pytest.approx(0.3)
    assert Background().likeness(question, view) == 0


# ---- conversations/asking.toml


def test_the_houses_asking_file_reads() -> None:
    asking = read_asking(ROOT / "conversations" / "asking.toml")
    assert asking.cosine + asking.concept == pytest.approx(1)
    assert {check.name for check in asking.asked_for} >= {"role", "date", "period", "money"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[settled]", "", "'settled' is missing"),
        ("saturation = 0.9", "saturaton = 0.9", "saturaton"),
        ("asked = '''\\b(why|", "asked = '''\\b((why|", "'reason' is no pattern"),
        ("cosine = 0.65", "cosine = ", "asking.toml"),
    ],
)
def test_a_mistake_in_asking_says_what(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = (ROOT / "conversations" / "asking.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "asking.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AskingMistake, match=says):
        read_asking(tmp_path / "asking.toml")
