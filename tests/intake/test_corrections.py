"""Corrections by hand: no word lost, ids stay with their text, and the next import keeps them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.imports import Corrections
from bot.core.labels import looks
from bot.core.policies import Policy
from bot.intake.canonical import CanonicalMistake, Written, parse_whole
from bot.intake.furniture import plain_document
from bot.intake.imported import Imported
from bot.intake.importing import Reading, as_file, corrected, import_file
from bot.intake.scopes import Names

TEXT = """Phone Policy

Owner: Headteacher
Review due: September 2027

1. Use

1.1 Staff must not film pupils. They must ask first. A note is kept.
1.2 Staff must not:
• lend phones
• share numbers; and keep them private
1.3 Phones stay in bags.

2. Breaks

2.1 Staff may use phones in breaks.
"""


def read(text: str = TEXT) -> Reading:
    return Reading(plain_document(text), "phones.txt", "0" * 64)


def place(policy_or_import: Imported, words: str) -> int:
    """The place of some words in the printed clauses."""
    whole = "".join("".join(f"{c.marker}{c.text}".split()) for c in policy_or_import.policy.clauses)
    return whole.index("".join(words.split()))


def printed(policy: Policy) -> list[str]:
    return " ".join(f"{c.marker} {c.text}" for c in policy.clauses).split()


def labels(policy: Policy) -> dict[str, str]:
    return {clause.label: clause.text for clause in policy.clauses}


def again(made: Imported, text: str = TEXT) -> Imported:
    """The same or another document imported over what was written."""
    return corrected(read(text), "phones", parse_whole(as_file(made)))


PLAIN = corrected(read(), "phones")
CUT = place(PLAIN, "They must ask")
SPLIT = Corrections(cuts=frozenset([CUT]))


def test_a_clause_is_split_where_somebody_says() -> None:
    made = corrected(read(), "phones", corrections=SPLIT)
    assert labels(made.policy)["1.1"] == "Staff must not film pupils."
    assert labels(made.policy)["1.1 (second)"] == "They must ask first. A note is kept."


def test_two_clauses_are_joined_and_no_word_is_lost() -> None:
    start = place(PLAIN, "• share numbers")
    made = corrected(read(), "phones", corrections=Corrections(joins=frozenset([start])))
    joined = labels(made.policy)["1.2 (bullet 1)"]
    assert joined == "lend phones • share numbers; and keep them private"
    assert printed(made.policy) == printed(PLAIN.policy)


def test_clauses_under_two_headings_are_never_joined() -> None:
    start = place(PLAIN, "2.1Staff may use")
    made = corrected(read(), "phones", corrections=Corrections(joins=frozenset([start])))
    assert made.policy == PLAIN.policy


@given(st.sets(st.integers(0, 400)), st.sets(st.integers(0, 400)))
def test_however_it_is_cut_every_word_stays_and_labels_and_ids_are_each_their_own(
    cuts: set[int], joins: set[int]
) -> None:
    wished = Corrections(cuts=frozenset(cuts), joins=frozenset(joins))
    made = corrected(read(), "phones", corrections=wished)
    clauses = made.policy.clauses
    assert printed(made.policy) == printed(PLAIN.policy)
    assert (
        len({c.label.casefold() for c in clauses}) == len({c.id for c in clauses}) == len(clauses)
    )
    before = {c.id: n for n, c in enumerate(clauses)}
    assert all(before[c.lead] < before[c.id] for c in clauses if c.lead)
    written = parse_whole(as_file(made))
    assert (written.policy, written.by_hand) == (made.policy, made.by_hand)
    assert as_file(again(made)) == as_file(made)


def test_every_kind_of_correction_outlasts_the_next_import() -> None:
    start, lead = place(PLAIN, "2.1Staff may use"), place(PLAIN, "1.3Phones")
    wished = Corrections(
        cuts=frozenset([CUT]),
        labels={start: "2.1 Breaks", CUT: "1.1 (ask)"},
        leads={start: lead},
        facts={"owner": "Mrs Khan", "review_due": "2028-01", "approver": "Governors"},
    )
    made = corrected(read(), "phones", corrections=wished)
    kept = again(made)
    assert kept.policy == made.policy
    assert (kept.policy.owner, kept.policy.review_due) == ("Mrs Khan", "2028-01")
    assert "owner" not in kept.policy.said
    assert {"2.1 Breaks", "1.1 (ask)"} <= set(labels(kept.policy))
    assert kept.policy.lead_of(kept.policy.clauses[-1]) is not None
    assert (kept.forgotten, kept.reworded, kept.added, kept.removed) == ((), (), (), ())


def test_a_correction_holds_while_the_document_says_the_same_and_no_longer() -> None:
    wished = Corrections(cuts=frozenset([CUT]), facts={"owner": "Mrs Khan"})
    made = corrected(read(), "phones", corrections=wished)
    elsewhere = again(made, TEXT.replace("1.3 Phones", "1.3 Tablets and phones"))
    assert labels(elsewhere.policy)["1.1"] == "Staff must not film pupils."
    assert elsewhere.policy.owner == "Mrs Khan"
    here = TEXT.replace("ask first", "ask the office first").replace("Headteacher", "Deputy")
    changed = again(made, here)
    assert "1.1 (second)" not in labels(changed.policy)
    assert changed.policy.owner == "Deputy"
    assert changed.forgotten == ("1.1",)


def test_a_fact_put_right_goes_with_what_the_document_said() -> None:
    wished = Corrections(facts={"review_due": "2028", "approver": "Governors"})
    made = corrected(read(), "phones", corrections=wished)
    silent = again(made, TEXT.replace("Review due: September 2027\n", ""))
    assert (silent.policy.review_due, silent.policy.approver) == ("", "Governors")


def test_a_label_put_right_gives_way_when_the_document_numbers_anew() -> None:
    start = place(PLAIN, "1.3Phones")
    made = corrected(read(), "phones", corrections=Corrections(labels={start: "1.3 Bags"}))
    moved = TEXT.replace("1.3 Phones", "1.3 Lockers are locked.\n1.4 Phones")
    kept = again(made, moved)
    assert labels(kept.policy)["1.4"] == "Phones stay in bags."
    assert kept.forgotten == ("1.3 Bags",)


def test_ids_stay_with_their_text_through_a_split_and_its_undoing() -> None:
    first = corrected(read(), "phones")
    split = corrected(read(), "phones", Written(first.policy, first.retired), SPLIT)
    ids = {clause.text: clause.id for clause in first.policy.clauses}
    same = [c for c in split.policy.clauses if c.text in ids]
    assert all(ids[clause.text] == clause.id for clause in same)
    assert len(same) == len(first.policy.clauses) - 1
    back = parse_whole(as_file(split))
    undone = corrected(read(), "phones", back, Corrections(joins=frozenset([CUT])))
    assert {c.id for c in undone.policy.clauses} <= {c.id for c in split.policy.clauses}
    assert [c.text for c in undone.policy.clauses] == [c.text for c in first.policy.clauses]


def test_the_command_keeps_what_the_page_corrected(tmp_path: Path) -> None:
    document = tmp_path / "phones.txt"
    document.write_text(TEXT, "utf-8")
    target = import_file(document, "phones", "", tmp_path).path
    before = parse_whole(target.read_text("utf-8"))
    wished = corrected(read(), "phones", before, SPLIT)
    target.write_text(as_file(wished), "utf-8")
    report = import_file(document, "phones", "", tmp_path)
    assert report.imported.policy.clauses == wished.policy.clauses
    assert "[recut]" in target.read_text("utf-8")


@pytest.mark.parametrize("table", ["recut", "relabelled", "rehung", "restated"])
def test_a_spoilt_table_of_corrections_is_named(table: str) -> None:
    text = as_file(PLAIN).replace("+++\n\n<!--", f"\n[{table}]\nx = 3\n+++\n\n<!--", 1)
    with pytest.raises(CanonicalMistake, match=table):
        parse_whole(text)


def test_a_label_is_kept_without_signs_nobody_sees() -> None:
    reading = Reading(plain_document(TEXT))
    start = reading.raw[-1].start
    made = corrected(
        reading, "p", corrections=Corrections(labels={start: "2.\u200b9 Cafe\u0301\u2060"})
    )
    assert made.policy.clauses[-1].label == "2.9 Caf\u00e9"


def test_labels_that_look_the_same_are_counted_on() -> None:
    names = Names()
    told = [names.unique(one) for one in ("Caf\u00e9", "Cafe\u0301", "CAF\u00c9\u200b")]
    assert len({looks(one) for one in told}) == 3
