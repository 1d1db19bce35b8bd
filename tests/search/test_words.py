"""Words, near spelling and the thesaurus."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.thesaurus import Thesaurus, ThesaurusMistake, read_thesaurus
from bot.search.words import one_slip_apart, shape, stems, words

ROOT = Path(__file__).parents[2]


def test_words_fold_case_quotes_and_apostrophes() -> None:
    assert words("Don’t post PUPILS' photos!") == ["dont", "post", "pupils", "photos"]


def test_forms_of_a_word_share_a_stem() -> None:
    assert stems("photographs photograph") == ["photograph", "photograph"]


@pytest.mark.parametrize(
    ("typed", "meant", "near"),
    [
        ("safegaurd", "safeguard", True),
        ("facebok", "facebook", True),
        ("pupill", "pupil", True),
        ("grape", "gripe", True),
        ("pupil", "parent", False),
        ("abcd", "badc", False),
    ],
)
def test_one_slip_is_near(typed: str, meant: str, near: bool) -> None:
    assert one_slip_apart(typed, meant) is near


letters = st.text("abc", min_size=1, max_size=6)


@given(letters, letters)
def test_nearness_goes_both_ways(a: str, b: str) -> None:
    assert one_slip_apart(a, b) == one_slip_apart(b, a)


@given(letters, st.integers(0, 5), st.sampled_from("abc"))
def test_a_dropped_and_a_changed_letter_are_near(word: str, at: int, letter: str) -> None:
    at = min(at, len(word) - 1)
    assert one_slip_apart(word, word[:at] + word[at + 1 :])
    assert one_slip_apart(word, word[:at] + letter + word[at + 1 :])


def test_every_year_group_is_one_line_of_the_thesaurus() -> None:
    thesaurus = Thesaurus({"y#": ["pupil"], "year #": ["pupil"]})
    assert shape("y11") == "y#"
    assert thesaurus.meanings(("y11",)) == (("pupil",),)
    assert thesaurus.phrases("a year 6 class") == [("a",), ("year", "6"), ("class",)]


def test_the_longest_known_phrase_wins() -> None:
    thesaurus = Thesaurus({"sick": ["absence"], "call in sick": ["report absence"]})
    assert ("call", "in", "sick") in thesaurus.phrases("can i call in sick")


def test_the_houses_thesaurus_reads_and_knows_school_slang() -> None:
    thesaurus = read_thesaurus(ROOT / "conversations" / "thesaurus.toml")
    assert ("headteach",) in thesaurus.meanings(("head",))
    assert thesaurus.meanings(("y8",))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('kid = ["pupil"]', "outside a [group]"),
        ('[people]\nkid = "pupil"', "needs a list"),
        ("[people\n", "thesaurus.toml"),
    ],
)
def test_a_mistake_in_the_thesaurus_says_where(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "thesaurus.toml").write_text(text)
    with pytest.raises(ThesaurusMistake, match=says.replace("[", r"\[").replace("]", r"\]")):
        read_thesaurus(tmp_path / "thesaurus.toml")
