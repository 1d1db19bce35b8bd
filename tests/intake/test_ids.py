"""Ids last: whatever happens to a document, words that stay keep their id."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intake.ids import minted
from bot.intake.importing import Imported, import_text
from tests.intake.documents import documents, seed_text

_TOPICS = (
    "Staff must keep passwords to themselves at all times",
    "Pupils hand in their phones at the office before registration",
    "Visitors sign the book and wear a red badge",
    "Trips need written consent from a parent or carer",
    "The minibus is checked on the first Monday of the month",
    "Photographs are stored on the school drive only",
    "Concerns about a colleague go to the headteacher",
    "Cash is counted by two people and banked weekly",
    "First aid boxes are refilled each half term",
    "Fire doors are never propped open",
)


def _document(topics: list[str]) -> str:
    body = "\n".join(f"1.{n} {topic}." for n, topic in enumerate(topics, 1))
    return f"Office Policy\n\n1. Rules\n\n{body}\n"


def _ids(imported: Imported) -> dict[str, str]:
    return {clause.text: clause.id for clause in imported.policy.clauses}


@given(
    st.lists(st.sampled_from(_TOPICS), unique=True, min_size=1),
    st.permutations(_TOPICS),
    st.integers(0, 10),
)
@settings(max_examples=80, deadline=None)
def test_words_that_stay_keep_their_id_when_clauses_come_go_and_move(
    before: list[str], after: list[str], keep: int
) -> None:
    first = import_text(_document(before), "office")
    second = import_text(_document(after[:keep] or after), "office", first.policy)
    old, new = _ids(first), _ids(second)
    assert {text: new[text] for text in new if text in old} == {t: old[t] for t in old if t in new}


@given(documents, documents)
@settings(max_examples=120, deadline=None)
def test_no_id_is_ever_given_to_other_words_but_by_rewording(one: str, other: str) -> None:
    first = import_text(one, "p")
    second = import_text(other, "p", first.policy)
    third = import_text(one, "p", second.policy, retired=second.retired)
    for before, after in ((first, second), (second, third)):
        old = before.policy.by_id
        assert set(after.removed) == set(old) - set(after.policy.by_id)
        for clause in after.policy.clauses:
            if clause.id in old and clause.id not in after.reworded:
                assert clause.text == old[clause.id].text
    assert not set(second.retired) & set(third.policy.by_id)
    parts = [*second.added, *second.reworded, *second.kept]
    assert sorted(parts) == sorted(second.policy.by_id)


def test_two_imports_of_one_file_give_the_same_ids() -> None:
    text = _document(list(_TOPICS))
    assert import_text(text, "office") == import_text(text, "office")
    assert _ids(import_text(text, "office")) != _ids(import_text(text, "other"))


def test_a_reworded_clause_keeps_its_id_and_is_listed() -> None:
    first = import_text(_document(list(_TOPICS)), "office")
    topics = ["A wholly new rule about the boiler", *_TOPICS]
    topics[3] = "Visitors sign the screen and wear a green badge"
    second = import_text(_document(topics), "office", first.policy)
    old = _ids(first)[f"{_TOPICS[2]}."]
    assert second.reworded == (old,)
    assert second.policy.by_id[old].label == "1.4"
    assert [second.policy.by_id[one].label for one in second.added] == ["1.1"]
    assert second.removed == ()


def test_a_retired_id_is_not_given_again_even_to_the_same_words() -> None:
    first = import_text(_document(list(_TOPICS[:3])), "office")
    second = import_text(_document(list(_TOPICS[:2])), "office", first.policy)
    third = import_text(
        _document(list(_TOPICS[:3])), "office", second.policy, retired=second.retired
    )
    assert len(second.retired) == 1
    assert second.retired[0] not in third.policy.by_id


def test_the_same_words_under_another_lead_in_are_told_as_moved() -> None:
    before = (
        "Phones\n\n1. Use\n\n1.1 Staff may:\n• film lessons\n1.2 Staff must not:\n• lend phones\n"
    )
    after = (
        "Phones\n\n1. Use\n\n1.1 Staff may:\n• lend phones\n1.2 Staff must not:\n• film lessons\n"
    )
    first = import_text(before, "phones")
    second = import_text(after, "phones", first.policy)
    moved = {second.policy.by_id[one].text for one in second.moved}
    assert moved == {"film lessons", "lend phones"}


def test_a_clash_of_hashes_is_settled_with_the_next_salt() -> None:
    first = minted("p", "words", 0, set())
    assert minted("p", "words", 0, {first}) not in ("", first)


def test_inserting_a_line_anywhere_in_a_seed_leaves_every_other_id_alone() -> None:
    text = seed_text("001")
    first = import_text(text, "001")
    lines = text.split("\n")
    for place in (20, 37, 48, 70):
        changed = "\n".join(
            [*lines[:place], "9.99 The caretaker feeds the goldfish on Fridays.", *lines[place:]]
        )
        second = import_text(changed, "001", first.policy)
        assert (second.removed, second.reworded, len(second.added)) == ((), (), 1)
