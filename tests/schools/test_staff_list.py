"""staff.csv as a spreadsheet saves it, and each mistake by file and line in one sentence."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.people import Membership, Person
from bot.schools.mistakes import LibraryMistake
from bot.schools.staff_list import read_staff

LIST = "id,name,job,roles,manager,school,since,until,days\n"


def read(folder: Path, told: str | bytes) -> dict[str, Person]:
    file = folder / "staff.csv"
    file.write_bytes(told.encode() if isinstance(told, str) else told)
    return read_staff(file, "oak")


def test_a_row_is_a_person_with_a_place_at_the_school(tmp_path: Path) -> None:
    row = "bell,Jo Bell,assistant,staff dsl,reid,oak,2026-09-01,2027-07-21,mon fri\n"
    place = Membership(
        "oak", ("staff", "dsl"), "reid", date(2026, 9, 1), date(2027, 7, 21), ("mon", "fri")
    )
    assert read(tmp_path, LIST + row) == {"bell": Person("bell", "Jo Bell", (place,), "assistant")}


def test_only_id_and_name_are_needed(tmp_path: Path) -> None:
    assert read(tmp_path, "name,id\nJo Bell,bell\n") == {
        "bell": Person("bell", "Jo Bell", (Membership("oak"),))
    }


SAVED = {
    "with a byte order mark": "\ufeffid,name\nzoe,Zoë Brown\n".encode(),
    "in the Windows code page": "id,name\r\nzoe,Zoë Brown\r\n".encode("cp1252"),
    "with semicolons": "id;name;job\nzoe;Zoë Brown;\n".encode(),
    "with tabs": "id\tname\nzoe\tZoë Brown\n".encode(),
    "with quotes": '"id","name"\n"zoe","Zoë Brown"\n'.encode(),
    "with empty rows and columns": "id,name,,\n,,,\nzoe,Zoë Brown,,\n\n".encode(),
    "with capitals and spaces": " ID , Name \n zoe , Zoë Brown \n".encode(),
    "with old Macintosh line ends": "id,name\rzoe,Zoë Brown\r".encode(),
}


@pytest.mark.parametrize("told", SAVED.values(), ids=SAVED)
def test_what_a_spreadsheet_saves_is_read(told: bytes, tmp_path: Path) -> None:
    assert {id: person.name for id, person in read(tmp_path, told).items()} == {"zoe": "Zoë Brown"}


def test_dates_the_british_way_and_days_in_full_are_read(tmp_path: Path) -> None:
    told = 'id,name,since,days,roles\nann,Ann,1/9/2026,"Friday, Monday","Staff; Manager"\n'
    (place,) = read(tmp_path, told)["ann"].memberships
    assert (place.since, place.days) == (date(2026, 9, 1), ("mon", "fri"))
    assert place.roles == ("staff", "manager")


def test_addresses_are_in_small_letters_and_may_be_several(tmp_path: Path) -> None:
    told = (
        'id,name,email\nann,Ann,"Ann.Ash@Oak.example; a+b@oak.example\u00a0ann.ash@oak.example"\n'
    )
    told += "bob,Bob,\n"
    people = read(tmp_path, told)
    assert people["ann"].emails == ("ann.ash@oak.example", "a+b@oak.example")
    assert people["bob"].emails == ()


@pytest.mark.parametrize(
    ("told", "line", "says"),
    [
        ("", 0, "it is empty"),
        ("id,job\nann,cook\n", 1, "column 'name' is missing"),
        ("id,name,wage\nann,Ann,1\n", 1, "'wage' is no column"),
        ("id,name,id\nann,Ann,x\n", 1, "'id' stands twice"),
        ("id,name\nann,Ann\nann,Ann Ash\n", 3, "stands twice, first in line 2"),
        ("id,name\n,Ann\n", 2, "both an id and a name"),
        ("id,name\nann,\n", 2, "both an id and a name"),
        ("id,name\nAnn Ash,Ann\n", 2, "an id is small letters"),
        ("id,name\nann,Ash, Ann\n", 2, "3 cells, but there are 2 columns"),
        ("id,name,since\nann,Ann,31/02/2026\n", 2, "a date is 2026-09-01 or 01/09/2026"),
        ("id,name,since\nann,Ann,09/2026\n", 2, "a date is"),
        ("id,name,since,until\nann,Ann,2026-09-02,2026-09-01\n", 2, "before they begin"),
        ("id,name,days\nann,Ann,mon foo\n", 2, "'foo' is no day"),
        ("id,name,school\nann,Ann,elm\n", 2, "this is the list of 'oak'"),
        ("id,name,manager\nann,Ann,ann\n", 2, "their own manager"),
        ("id,name,email\nann,Ann,ann at oak\n", 2, "email is 'ann', but an address is like"),
        ("id,name,email\nann,Ann,ann@oak\n", 2, "email is 'ann@oak'"),
        ("id,name,email\nann,Ann,A@b.c\n\nbob,Bob,x@y.z a@B.c\n", 4, "of 'ann', in line 2"),
        ('id,name\nann,"Ann\nbob,Bob\n', 2, "is not closed"),
    ],
)
def test_a_bad_row_is_one_sentence_with_its_line(
    told: str, line: int, says: str, tmp_path: Path
) -> None:
    with pytest.raises(LibraryMistake, match=says) as mistake:
        read(tmp_path, told)
    assert (mistake.value.file.name, mistake.value.line) == ("staff.csv", line)


WORD = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
PEOPLE = st.dictionaries(st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True), WORD, min_size=1)


@given(people=PEOPLE, parted=st.sampled_from(",;\t"), mark=st.booleans())
def test_whoever_is_written_is_read_in_order(
    people: dict[str, str], parted: str, mark: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    told = io.StringIO()
    csv.writer(told, delimiter=parted).writerows([("id", "name"), *people.items()])
    text = ("\ufeff" if mark else "") + told.getvalue()
    found = read(tmp_path_factory.getbasetemp(), text)
    assert [(p.id, p.name) for p in found.values()] == list(people.items())
