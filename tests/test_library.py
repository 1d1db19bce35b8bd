"""The policies folder as core types, and its mistakes by file and line."""

from pathlib import Path

import pytest

from bot import app
from bot.core.people import Holder, Membership, Person, School
from bot.library import LibraryMistake, check_pins, read_library, text_of
from tests.helpers import real_guides, settings

SCHOOL = """id = "oak"
name = "Oak School"
nation = "wales"

[roles.dsl]
person = "ann"
name = "Ms Shah"
title = "safeguarding lead"
phone = "01632 960001"

[[roles.dsl.deputies]]
person = "bob"
name = "Mr Lee"
title = "deputy safeguarding lead"

[[roles.head]]
name = "Mrs Lyle"
title = "headteacher"

[numbers]
lado = "01632 960002"

[[people]]
id = "ann"
name = "Ann Shah"
roles = ["staff", "dsl"]

[[people]]
id = "bob"
name = "Bob Lee"
manager = "ann"
since = 2026-09-01
"""
POLICY = (
    '+++\nid = "phones"\ntitle = "Phones"\n\n[pins]\n"a.b" = ["k7m2qp"]\n+++\n\n'
    "<!-- k7m2qp | 1 -->\n1. No phones.\n"
)


def _folder(tmp_path: Path, school: str = SCHOOL, policy: str = POLICY) -> Path:
    (tmp_path / "oak").mkdir()
    (tmp_path / "README.md").write_text("help")
    (tmp_path / "oak" / "school.toml").write_text(school)
    (tmp_path / "oak" / "phones.md").write_text(policy)
    return tmp_path


def test_a_folder_is_read_into_schools_people_and_policies(tmp_path: Path) -> None:
    library = read_library(_folder(tmp_path))
    oak = library.schools["oak"]
    assert (oak.name, oak.nation, oak.numbers) == ("Oak School", "wales", {"lado": "01632 960002"})
    assert oak.holders["dsl"] == (
        Holder("dsl", "ann", "Ms Shah", "safeguarding lead", "01632 960001"),
        Holder("dsl", "bob", "Mr Lee", "deputy safeguarding lead"),
    )
    assert oak.holder("head") == Holder("head", "", "Mrs Lyle", "headteacher")
    assert oak.people["ann"] == Person("ann", "Ann Shah", (Membership("oak", ("staff", "dsl")),))
    assert oak.people["bob"].memberships[0].manager == "ann"
    (policy,) = library.of("oak")
    assert (policy.school, policy.pins) == ("oak", {"a.b": ("k7m2qp",)})


def test_a_folder_of_policies_alone_works_without_a_school(tmp_path: Path) -> None:
    (tmp_path / "phones.md").write_text(POLICY)
    library = read_library(tmp_path)
    assert list(library.policies) == [("", "phones")]
    assert library.schools == {}


@pytest.mark.parametrize(
    ("old", "new", "file", "line", "says"),
    [
        ('nation = "wales"', 'nation = "france"', "school.toml", 3, "nation is one of"),
        ('nation = "wales"', "nation = wales", "school.toml", 3, "TOML"),
        ('nation = "wales"', 'county = "Kent"', "school.toml", 3, "'county'"),
        ('name = "Oak School"', "", "school.toml", 0, "missing"),
        ('manager = "ann"', 'manager = "zoe"', "school.toml", 31, "who is not here"),
        ('id = "bob"', 'id = "ann"', "school.toml", 0, "stands twice"),
        ('nation = "wales"', 'part_of = "trust"', "", 0, "no folder here"),
        ("k7m2qp | 1 -->", "k7m2qq | 1 -->", "phones.md", 0, "which is not there"),
        ('id = "phones"', 'id = "other"', "phones.md", 2, "the file is called"),
        ("1. No phones.", "<!-- oops", "phones.md", 10, "should read"),
    ],
)
def test_a_mistake_names_its_file_and_line(
    tmp_path: Path, old: str, new: str, file: str, line: int, says: str
) -> None:
    folder = _folder(tmp_path, SCHOOL.replace(old, new, 1), POLICY.replace(old, new, 1))
    with pytest.raises(LibraryMistake, match=says) as mistake:
        read_library(folder)
    assert file in str(mistake.value)
    assert mistake.value.line == line or not line


@pytest.mark.parametrize(
    ("pin", "says"),
    [
        ("friend-request.pupil", ""),
        ("friend-request.pupils", "no such leaf; there are: pupil"),
        ("friends.pupil", "no such guide; there are: .*friend-request"),
        ("friend-request", "no such leaf"),
    ],
)
def test_a_pin_to_no_leaf_of_any_guide_is_told_with_its_file(
    tmp_path: Path, pin: str, says: str
) -> None:
    library = read_library(_folder(tmp_path, SCHOOL, POLICY.replace("a.b", pin)))
    if not says:
        check_pins(library, real_guides())
        return
    with pytest.raises(LibraryMistake, match=rf"oak/phones\.md: .*{pin}.*{says}"):
        app.build(settings(), library)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(LibraryMistake, match="no such folder"):
        read_library(tmp_path / "nowhere")


def test_a_folder_without_a_school_file_is_a_school_with_nobody_in_it(tmp_path: Path) -> None:
    (_folder(tmp_path) / "elm").mkdir()
    (tmp_path / "elm" / "phones.md").write_text(POLICY)
    (tmp_path / "empty").mkdir()
    library = read_library(tmp_path)
    assert list(library.schools) == ["elm", "oak"]
    assert library.schools["elm"] == School("elm", "elm")
    assert list(library.policies) == [("elm", "phones"), ("oak", "phones")]


def test_the_hash_of_a_policy_changes_with_its_words_and_not_with_its_pins(tmp_path: Path) -> None:
    (before,) = read_library(_folder(tmp_path)).of("oak")
    (tmp_path / "oak" / "phones.md").write_text(POLICY.replace('"a.b"', '"a.c"'))
    (pinned,) = read_library(tmp_path).of("oak")
    (tmp_path / "oak" / "phones.md").write_text(POLICY.replace("No phones", "Phones"))
    (reworded,) = read_library(tmp_path).of("oak")
    assert text_of(before) == text_of(pinned) != text_of(reworded)
