"""Documents that intake crashes on, loses words of, or takes for something they are not."""

from collections import Counter
from pathlib import Path

import pytest

from bot.intake.canonical import parse, write
from bot.intake.importing import IntakeMistake, import_file, import_text
from bot.intake.read import words
from bot.library import read_library


@pytest.mark.parametrize(
    "text",
    ["# P\n\n1.Phones must be off.\n\n2.Records are kept.", "3.Reporting: tell the DSL.", "1)Pay"],
)
def test_a_number_close_to_its_words_is_read(text: str) -> None:
    made = import_text(text, "p").policy
    assert parse(write(made)) == made


@pytest.mark.parametrize(
    "text",
    [
        "A. Staff\t12 days\nB. Heads\t13 days\n",
        "Leave\n\nAll staff get leave as follows.\n\n1. Staff\t12 days\n2. Heads\t13 days\n",
        "£5\tsmall\n6\tlarge\tvery large\n",
    ],
)
def test_a_number_before_table_cells_is_not_lost(text: str) -> None:
    """The number becomes the row's marker, which nobody keeps: it is in no clause and not dropped."""
    made = import_text(text, "p")
    told = [w for c in made.policy.clauses for w in words(f"{c.marker} {c.text}")]
    told += [w for d in made.dropped for w in words(d.text)]
    told += [w for c in made.policy.clauses for h in c.headings for w in words(h)]
    assert not Counter(words(text)) - Counter(told)


def test_a_marker_with_a_tab_in_it_survives_the_file() -> None:
    made = import_text("# T\n\n1.1\t(a)\tStaff must lock doors.\n", "p").policy
    assert parse(write(made)) == made


def _import(folder: Path, name: str, raw: bytes) -> list[str]:
    (folder / name).write_bytes(raw)
    made = import_file(folder / name, "x", "", folder / "out").imported.policy
    return [clause.text for clause in made.clauses]


def test_utf32_is_read(tmp_path: Path) -> None:
    """Its BOM begins like that of UTF-16: every letter becomes a word of its own."""
    told = _import(tmp_path, "u.txt", "Staff must lock doors.".encode("utf-32"))
    assert told == ["Staff must lock doors."]


def test_one_wrong_byte_does_not_garble_every_apostrophe(tmp_path: Path) -> None:
    """UTF-8 with one cp1252 byte was read as cp1252 from end to end, and "don’t" quoted garbled."""
    with pytest.raises(IntakeMistake, match="line 3"):
        _import(tmp_path, "m.txt", "Staff don’t lock doors.\n\nIt".encode() + b"\x92s so.")


def test_rich_text_called_txt_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IntakeMistake):
        _import(tmp_path, "r.txt", rb"{\rtf1\ansi\deff0 Staff must lock \b doors\b0.\par}")


def test_open_comments_cost_no_more_than_their_length() -> None:
    """A cost that grew with the square took five seconds at 0.8 MB: at this length, ten minutes."""
    made = import_text("<!--" * 1_000_000 + " staff must lock doors", "p")
    assert "staff must lock doors" in " ".join(clause.text for clause in made.policy.clauses)


def test_a_policy_called_cross_can_be_asked_alone(tmp_path: Path) -> None:
    """``ask --policy cross`` means every policy, so the id must not be taken."""
    (tmp_path / "a.md").write_text("# P\n\n1.1 Staff must lock doors.\n", "utf-8")
    with pytest.raises(IntakeMistake):
        import_file(tmp_path / "a.md", "cross", "", tmp_path / "out")


def test_importing_for_a_new_school_does_not_stop_every_other_school(tmp_path: Path) -> None:
    """Import said it was done; from then on the whole folder was refused: no school.toml beside it."""
    (tmp_path / "a.md").write_text("# P\n\n1.1 Staff must lock doors.\n", "utf-8")
    into = tmp_path / "policies"
    import_file(tmp_path / "a.md", "doors", "", into)
    import_file(tmp_path / "a.md", "doors", "new-school", into)
    assert set(read_library(into).policies) == {("", "doors"), ("new-school", "doors")}
