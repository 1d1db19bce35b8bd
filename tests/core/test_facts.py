"""Facts of record: which questions ask for one, and what the front matter or the school says."""

import pytest

from bot.core.facts import Asked, Fact, asked_of, holders, policy_fact
from bot.core.phrases import plain
from tests.helpers import OAK, policy, records


def of(question: str) -> Asked | None:
    return asked_of(records(), plain(question))


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Which policies are overdue?", "overdue_ones"),
        ("which of our policies are past their review date", "overdue_ones"),
        ("Is this policy still current?", "current"),
        ("has it been superseded", "current"),
        ("When is it due for review?", "review_due"),
        ("how often is the policy reviewed", "review_due"),
        ("Who approved this policy?", "approver"),
        ("when was the policy approved", "approved"),
        ("What version is this?", "version"),
        ("who owns this policy", "owner"),
    ],
)
def test_questions_about_the_policy_itself(question: str, kind: str) -> None:
    assert of(question) == Asked(kind)


@pytest.mark.parametrize(
    ("question", "role"),
    [
        ("Who is the DSL?", "dsl"),
        ("who's our safeguarding lead", "dsl"),
        ("who is the deputy DSL", "deputy_dsl"),
        ("who is the deputy safeguarding lead", "deputy_dsl"),
        ("what is the name of our data protection officer", "dpo"),
        ("phone number of the chair of governors", "chair_of_governors"),
        ("how do i contact the headteacher", "headteacher"),
    ],
)
def test_who_holds_a_role_takes_the_longest_name_in_the_question(question: str, role: str) -> None:
    assert of(question) == Asked("holder", role)


@pytest.mark.parametrize(
    "question",
    [
        "can i accept a friend request",
        "who is responsible for reviewing the filters",
        "must i tell the headteacher",
        "is my phone up for grabs",
        "can i post about the review of the school play",
        "whose job is it to review the risk assessment",
        "",
    ],
)
def test_other_questions_ask_for_no_record(question: str) -> None:
    assert of(question) is None


def test_a_fact_names_the_clause_that_says_it() -> None:
    told = policy("Version 3", version="3", said={"version": "p1"})
    assert policy_fact(told, "version") == Fact("p", "3", "p1")


def test_a_fact_that_only_the_front_matter_knows_has_no_clause() -> None:
    assert policy_fact(policy("Be kind.", owner="Ms Oakes"), "owner") == Fact("p", "Ms Oakes")


def test_a_policy_that_does_not_say_gives_no_fact() -> None:
    assert policy_fact(policy("Be kind."), "review_due") is None
    assert policy_fact(policy("Be kind.", version="3"), "nothing of the kind") is None


def test_being_replaced_comes_before_a_review_date() -> None:
    told = policy(
        *("Replaced 2025.", "Review 2027."),
        replaced_on="2025",
        review_due="2027",
        said={"replaced_on": "p1", "review_due": "p2"},
    )
    assert policy_fact(told, "current") == Fact("p", "2025", "p1")


def test_whether_any_school_names_somebody() -> None:
    assert holders([OAK], "dsl")
    assert not holders([OAK], "first_aid")
    assert not holders([], "dsl")
