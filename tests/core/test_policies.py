"""A policy as values: its sentences and its dates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.policies import last_day, sentences
from tests.helpers import clause, policy


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Staff may. They must not.", ["Staff may.", "They must not."]),
        ("One only", ["One only"]),
        ("Use apps, e.g. Facebook. Ask Mr. Reid.", ["Use apps, e.g. Facebook.", "Ask Mr. Reid."]),
        ("See para. 4 and No. 5; Then ask.", ["See para. 4 and No. 5;", "Then ask."]),
        ("May I? No! Never.", ["May I?", "No!", "Never."]),
        ("it is 3.5 days. then rest", ["it is 3.5 days. then rest"]),
        ("", []),
    ],
)
def test_sentences(text: str, told: list[str]) -> None:
    assert parts(text) == told


@given(st.text("aB.!? \n", max_size=60))
def test_sentences_follow_each_other_and_leave_out_only_spaces(text: str) -> None:
    at = 0
    for start, end in sentences(text):
        assert at <= start < end
        assert not text[at:start].strip()
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ("2018-10-31", date(2018, 10, 31)),
        ("2018-10", date(2018, 10, 31)),
        ("2018-12", date(2018, 12, 31)),
        ("2020-02", date(2020, 2, 29)),
        ("2018", date(2018, 12, 31)),
        (" 2018 ", date(2018, 12, 31)),
        ("2018-13", None),
        ("2018-02-30", None),
        ("every two years", None),
        ("", None),
    ],
)
def test_the_last_day_a_date_can_mean(when: str, day: date | None) -> None:
    assert last_day(when) == day


@given(st.text(max_size=12))
def test_no_text_is_too_odd_for_a_date(when: str) -> None:
    last_day(when)


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("Contact: ______", True),
        ("Signed ..........", True),
        ("Name …………", True),
        ("And so on... or not", False),
        ("a snake_case name", False),
    ],
)
def test_a_blank_nobody_filled_in(text: str, blank: bool) -> None:
    assert clause(text).has_blank is blank


def test_a_bullet_knows_its_lead_in() -> None:
    told = policy(clause("Users must NOT:", "p1"), clause("post", "p2", lead="p1"))
    bullet = told.by_id["p2"]
    assert told.lead_of(bullet) == told.by_id["p1"]
    assert told.lead_of(told.by_id["p1"]) is None
