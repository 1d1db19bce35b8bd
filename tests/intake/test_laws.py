"""The laws of intake, on generated documents and on the seed policies."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.policies import Clause, Policy
from bot.intake.canonical import parse, parse_whole, write
from bot.intake.ids import ID
from bot.intake.importing import import_text
from tests.intake.documents import NUMBERS, anything, documents, no_word_is_lost, seed_text


@given(st.one_of(documents, anything))
@settings(max_examples=250, deadline=None)
def test_every_word_ends_in_one_clause_or_is_listed_as_dropped(text: str) -> None:
    no_word_is_lost(text, import_text(text, "p"))


@pytest.mark.parametrize("number", NUMBERS)
def test_no_word_of_a_seed_policy_is_lost(number: str) -> None:
    text = seed_text(number)
    no_word_is_lost(text, import_text(text, number))


@given(st.one_of(documents, anything))
@settings(max_examples=200, deadline=None)
def test_labels_and_ids_are_unique_and_the_file_reads_back_the_same(text: str) -> None:
    policy = import_text(text, "p").policy
    assert len({clause.id for clause in policy.clauses}) == len(policy.clauses)
    assert len({clause.label.casefold() for clause in policy.clauses}) == len(policy.clauses)
    assert all(ID.fullmatch(clause.id) and clause.label for clause in policy.clauses)
    assert parse(write(policy)) == policy


@pytest.mark.parametrize("number", NUMBERS)
def test_a_seed_policys_file_reads_back_the_same(number: str) -> None:
    policy = import_text(seed_text(number), number).policy
    assert parse(write(policy)) == policy


_fold = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C"]), max_size=30).map(
    lambda text: " ".join(text.split())
)
_clauses = st.lists(
    st.builds(
        Clause,
        st.just(""),
        st.text(alphabet=st.characters(codec="utf-8"), max_size=20),
        _fold,
        st.sampled_from(["", "•", "5.2", "(a)", "-", "12.", "iv)", "odd mark"]),
        st.sampled_from(["clause", "field", "or", "sign"]),
        st.lists(st.one_of(_fold, st.just("# A -->")).filter(bool), max_size=3).map(tuple),
        option=st.integers(0, 3),
    ),
    max_size=6,
).map(lambda found: tuple(_numbered(n, clause) for n, clause in enumerate(found)))


def _numbered(place: int, clause: Clause) -> Clause:
    lead = f"id{place - 1}" if place % 2 else ""
    return Clause(
        f"id{place}",
        clause.label,
        clause.text,
        clause.marker,
        clause.kind,
        clause.headings,
        lead,
        clause.option,
    )


@given(
    _clauses,
    st.text(alphabet=st.characters(codec="utf-8"), max_size=40),
    st.dictionaries(
        st.text(alphabet=st.characters(codec="utf-8"), max_size=9), st.just(("id0",)), max_size=3
    ),
)
@settings(max_examples=200, deadline=None)
def test_any_policy_is_written_and_read_back_the_same(
    clauses: tuple[Clause, ...], odd: str, pins: dict[str, tuple[str, ...]]
) -> None:
    policy = Policy(
        "p", odd, clauses, owner=odd, audience=(odd, "b"), said={"owner": "id0"}, pins=pins
    )
    found = parse_whole(write(policy, ("gone22", "gone33")))
    assert (found.policy, found.retired) == (policy, ("gone22", "gone33"))
