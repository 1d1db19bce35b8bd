"""A document handed over at a page: beside each clause the lines it was made of, and no line missing."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.imports import Corrections, Preview
from bot.intake.handed import preview, read_handed, save_handed, suggested_id
from bot.intake.importing import Reading
from bot.intake.read import IntakeMistake, words
from tests.intake.documents import NUMBERS, documents, seed_text
from tests.intake.pdfs import Sheets

NONE = Corrections()
TEXT = """Dog Policy

1. Barking

1.1 Dogs bark at cats
and at people.
1.2 Cats do not bark. They
mew.

Page 1 of 2

2. Walks

2.1 Dogs are walked.
"""


def handed(text: str) -> Reading:
    return read_handed("dogs.txt", text.encode())


def shown(reading: Reading, at: Path, corrections: Corrections = NONE) -> Preview:
    return preview(reading, "dogs", "", at, corrections)


def beside(found: Preview) -> dict[str, list[str]]:
    return {row.pieces[0].clause.label: [line.text for line in row.source] for row in found.rows}


def test_lines_stand_beside_their_clause_and_headings_beside_what_they_head(tmp_path: Path) -> None:
    lines = beside(shown(handed(TEXT), tmp_path))
    assert lines["Title"] == ["Dog Policy"]
    assert lines["1.1"] == ["1. Barking", "1.1 Dogs bark at cats", "and at people."]
    assert lines["1.2"] == ["1.2 Cats do not bark. They", "mew.", "Page 1 of 2"]
    assert lines["2.1"] == ["2. Walks", "2.1 Dogs are walked."]


def test_a_line_that_was_left_out_says_why(tmp_path: Path) -> None:
    found = shown(handed(TEXT), tmp_path)
    gone = [line for row in found.rows for line in row.source if line.why]
    assert [(line.text, line.why) for line in gone] == [("Page 1 of 2", "page number")]
    assert found.left_out == (("line 10", "Page 1 of 2", "page number"),)


def test_each_clause_of_a_pdf_stands_beside_its_own_line(tmp_path: Path) -> None:
    made = Sheets("Elm Hill School", "Page #")
    made.para("Dog Policy")
    made.para("1.1 Dogs bark at cats.")
    made.para("1.2 Cats do not bark.")
    made.add_page()
    made.para("2.1 Dogs are walked.")
    made.para("2.2 Cats are not.")
    found = shown(read_handed("dogs.pdf", made.raw()), tmp_path)
    lines = beside(found)
    assert lines["1.1"] == ["1.1 Dogs bark at cats."]
    assert lines["1.2"] == ["1.2 Cats do not bark.", "Page 1", "Elm Hill School"]
    assert lines["2.1"] == ["2.1 Dogs are walked."]
    assert lines["2.2"] == ["2.2 Cats are not.", "Page 2"]
    assert found.left_out[-1] == ("page 2", "Page 2", "page number")


def test_the_parts_of_a_split_clause_share_its_lines(tmp_path: Path) -> None:
    reading = handed(TEXT)
    at = next(one for one in shown(reading, tmp_path).pieces if one.clause.label == "1.2")
    cut = at.start + len("1.2Catsdonotbark.")
    found = shown(reading, tmp_path, Corrections(cuts=frozenset([cut])))
    row = next(row for row in found.rows if row.pieces[0].clause.label == "1.2")
    assert [piece.clause.text for piece in row.pieces] == ["Cats do not bark.", "They mew."]
    assert len(row.source) == 3


@given(documents, st.sets(st.integers(0, 2000), max_size=20), st.sets(st.integers(0, 60)))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_corrected_every_line_is_shown_once_and_every_word_is_kept(
    tmp_path: Path, text: str, cuts: set[int], numbers: set[int]
) -> None:
    try:
        reading = handed(text)
        plain = shown(reading, tmp_path)
    except IntakeMistake:
        return
    starts = [piece.start for piece in plain.pieces]
    joins = frozenset(starts[n] for n in numbers if n < len(starts))
    found = shown(reading, tmp_path, Corrections(frozenset(cuts), joins))
    assert told(found) == told(plain)
    printed = [line.text for row in plain.rows for line in row.source]
    assert sorted(set(printed)) == sorted({line.printed for line in reading.document.lines})


def told(found: Preview) -> list[str]:
    return words(" ".join(f"{c.marker} {c.text}" for c in found.policy.clauses))


@pytest.mark.parametrize("number", NUMBERS)
def test_every_line_of_a_real_policy_stands_beside_words_of_its_own(
    tmp_path: Path, number: str
) -> None:
    found = shown(read_handed("real.txt", seed_text(number).encode()), tmp_path)
    for row in found.rows:
        here = [piece.clause for piece in row.pieces]
        own = "".join("".join((*c.headings, c.marker, c.text)) for c in here)
        letters = set(words("".join(own.split()).casefold()))
        for line in row.source:
            told = words("".join(line.text.split()).casefold())
            assert line.why or all(any(part in whole for whole in letters) for part in told)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Dog Policy", "dog-policy"),
        ("Ffôn & Governors’ Use Policy", "ffon-governors-use-policy"),
        ("The " + "very " * 14 + "long policy", "the" + "-very" * 11),
    ],
)
def test_the_short_name_is_made_from_the_title(tmp_path: Path, title: str, name: str) -> None:
    assert suggested_id(handed(TEXT.replace("Dog Policy", title)), "", tmp_path) == name


def test_a_document_without_a_title_is_called_as_its_file_is(tmp_path: Path) -> None:
    reading = read_handed("Dogs & Cats (2026).txt", b"Dogs must be kept on a lead.\n")
    assert suggested_id(reading, "", tmp_path) == "dogs-cats-2026"


def test_what_was_not_looked_at_is_not_saved(tmp_path: Path) -> None:
    reading = handed(TEXT)
    found = shown(reading, tmp_path)
    (tmp_path / "dogs.md").write_text(found.text.replace("bark", "purr"), "utf-8")
    with pytest.raises(IntakeMistake, match="has changed since you looked"):
        save_handed(reading, "dogs", "", tmp_path, NONE, stamp=found.stamp, replace=False)
    assert "purr" in (tmp_path / "dogs.md").read_text("utf-8")
