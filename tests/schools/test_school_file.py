"""school.toml: roles from the staff list, cover, routes, the year; each mistake by file and line."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.core.calendar import Cover
from bot.core.people import LONDON, Holder, Route, Rung, School, everyone
from bot.library import read_library
from bot.schools.mistakes import LibraryMistake
from bot.schools.school_file import read_school

STAFF = "id,name,job,manager\nann,Ann Ash,headteacher,\nbob,Bob Birch,deputy head,ann\n"
FILE = """id = "oak"
name = "Oak School"
governance = "academy"

[[roles.headteacher]]
person = "ann"

[[roles.dsl]]
person = "bob"
title = "safeguarding lead"
phone = "1"
cover = [{ days = ["mon", "tue"], from = "08:00", until = "17:00" }]

[numbers]
lado = { number = "2", checked = 2026-09-01 }
council = "3"

[[routes]]
about = "pupil"
ladder = ["dsl", "headteacher"]
minutes = [10, 20]
outside = ["council"]

[[routes]]
about = "head"
ladder = ["chair_of_governors"]
minutes = 30

[calendar]
inset = [2026-09-01]
closed = [2027-05-03]

[[calendar.terms]]
name = "Autumn 2026"
from = 2026-09-01
until = 2026-12-18
half_term = [2026-10-26, 2026-10-30]

[[calendar.terms]]
name = "Spring 2027"
from = 2027-01-04
until = 2027-03-25
"""


def read(folder: Path, told: str = FILE, staff: str = STAFF) -> School:
    (folder / "staff.csv").write_text(staff, "utf-8")
    (folder / "school.toml").write_text(told, "utf-8")
    return read_school(folder / "school.toml")


def test_names_and_titles_of_role_holders_come_from_the_staff_list(tmp_path: Path) -> None:
    school = read(tmp_path)
    assert school.holder("headteacher") == Holder("headteacher", "ann", "Ann Ash", "headteacher")
    assert school.holder("dsl") == Holder(
        "dsl", "bob", "Bob Birch", "safeguarding lead", "1",
        cover=(Cover(("mon", "tue"), time(8), time(17)),),
    )  # fmt: skip
    assert list(school.people) == ["ann", "bob"]


def test_numbers_may_say_when_they_were_checked(tmp_path: Path) -> None:
    school = read(tmp_path)
    assert school.numbers == {"lado": "2", "council": "3"}
    assert school.checked == {"lado": date(2026, 9, 1)}


def test_a_route_has_its_ladder_and_never_the_one_it_is_about(tmp_path: Path) -> None:
    routes = read(tmp_path).routes
    assert routes["pupil"] == Route(
        "pupil", (Rung("dsl", 10), Rung("headteacher", 20)), (), ("council",)
    )
    assert routes["head"].never == ("headteacher",)


def test_the_year_knows_school_days_from_staff_days(tmp_path: Path) -> None:
    year = read(tmp_path).calendar
    assert year is not None
    training, half_term, saturday = date(2026, 9, 1), date(2026, 10, 28), date(2026, 9, 5)
    assert (year.staff_day(training), year.school_day(training)) == (True, False)
    assert year.school_day(date(2026, 9, 2))
    assert not any(year.staff_day(day) for day in (half_term, saturday, date(2026, 12, 25)))
    assert (year.zone, year.ends) == (LONDON, date(2027, 3, 25))


def test_cover_is_by_the_schools_own_clock(tmp_path: Path) -> None:
    (cover,) = read(tmp_path).holders["dsl"][0].cover
    summer = datetime(2026, 9, 7, 7, 30, tzinfo=UTC)  # half past eight in a British summer
    assert cover.holds(summer.astimezone(LONDON))
    assert not cover.holds(summer)
    assert not cover.holds(datetime(2026, 9, 7, 17, tzinfo=LONDON))
    assert not cover.holds(datetime(2026, 9, 9, 9, tzinfo=LONDON))


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('"academy"', '"club"', 3, "governance is one of"),
        ('"academy"\n', '"academy"\nage = 3\n', 4, "'age' is nothing a school has"),
        ('person = "ann"', 'person = "zoe"', 6, "not on the staff list: add a name"),
        ('person = "ann"', 'phone = "9"', 0, "name = "),
        ('from = "08:00"', 'from = "eight"', 12, 'an hour is written like "08:00"'),
        ('until = "17:00"', 'until = "07:00"', 12, "ends before it begins"),
        ('days = ["mon", "tue"]', 'days = ["moon"]', 12, "'moon' is no day"),
        ("checked = 2026-09-01", 'checked = "soon"', 15, "should be a date"),
        ("checked = 2026-09-01", "by = 1", 15, "'by' is nothing the number 'lado' has"),
        ('about = "pupil"', 'about = "pupal"', 19, "about is one of"),
        ('about = "head"', 'about = "pupil"', 19, "two routes about 'pupil'"),
        ('["chair_of_governors"]', '["headteacher"]', 25, "must not go to 'headteacher'"),
        ("minutes = [10, 20]", "minutes = [10]", 19, "one for each rung"),
        ("minutes = 30", "minutes = 0", 25, "above 0"),
        ("inset = [2026-09-01]", "inset = [2026-09-05]", 30, "at a weekend"),
        ("inset = [2026-09-01]", 'inset = ["soon"]', 30, "a list of dates"),
        ("[calendar]\n", '[calendar]\nzone = "Mars"\n', 30, "zone 'Mars' is not known"),
        ("until = 2026-12-18", "until = 2026-08-18", 34, "ends before it begins"),
        ("from = 2027-01-04", "from = 2026-12-01", 40, "begins before Autumn 2026 ends"),
        ("[2026-10-26, 2026-10-30]", "[2026-10-26]", 34, "its first and last day"),
        ("[2026-10-26, 2026-10-30]", "[2025-10-26, 2026-10-30]", 34, "within the term"),
    ],
)
def test_a_mistake_names_its_line(old: str, new: str, line: int, says: str, tmp_path: Path) -> None:
    with pytest.raises(LibraryMistake, match=says) as mistake:
        read(tmp_path, FILE.replace(old, new, 1))
    assert mistake.value.file.name == "school.toml"
    assert mistake.value.line == line


def test_nobody_is_in_both_lists(tmp_path: Path) -> None:
    with pytest.raises(LibraryMistake, match=r"'ann' is in staff\.csv as well"):
        read(tmp_path, FILE + '\n[[people]]\nid = "ann"\nname = "Ann"\n')


def test_a_manager_on_the_staff_list_must_be_on_it(tmp_path: Path) -> None:
    with pytest.raises(LibraryMistake, match="the manager of 'bob' is 'zoe', who is not here") as m:
        read(tmp_path, staff=STAFF.replace(",ann\n", ",zoe\n"))
    assert m.value.file.name == "staff.csv"


def test_a_school_says_less_where_its_trust_says_it(tmp_path: Path) -> None:
    trust, oak = tmp_path / "trust", tmp_path / "oak"
    for place in (trust, oak):
        place.mkdir()
    (trust / "school.toml").write_text(
        'id = "trust"\nname = "Trust"\ngovernance = "trust"\n[roles.dpo]\nname = "Di"\n'
        '[roles.hr]\nname = "Hal"\n[numbers]\nlado = "9"\n'
    )
    (oak / "school.toml").write_text(
        'id = "oak"\nname = "Oak"\npart_of = "trust"\n[roles.hr]\nname = "Ola"\n'
    )
    schools = read_library(tmp_path).schools
    assert [h.name for h in map(schools["oak"].holder, ("dpo", "hr")) if h] == ["Di", "Ola"]
    assert schools["oak"].numbers == {"lado": "9"}
    assert schools["trust"].is_trust
    assert not schools["oak"].is_trust


# Addresses and directories ----------------------------------------------------------------------------

MAILED = "id,name,email,job\nann,Ann Ash,ann@oak.example,headteacher\nbob,Bob Birch,,deputy head\n"


def test_people_of_the_school_file_have_addresses_too(tmp_path: Path) -> None:
    people = '\n[[people]]\nid = "cy"\nname = "Cy"\nemail = "Cy@Oak.example"\n'
    people += '\n[[people]]\nid = "di"\nname = "Di"\nemail = ["di@oak.example", "d@oak.example"]\n'
    found = read(tmp_path, FILE + people, MAILED).people
    assert found["cy"].emails == ("cy@oak.example",)
    assert found["di"].emails == ("di@oak.example", "d@oak.example")


@pytest.mark.parametrize(
    ("email", "says"),
    [
        ('"cy"', "email is 'cy', but that is no e-mail address"),
        ("3", "email should be a list"),
        ('"ann@oak.example"', "'cy' has the e-mail address of 'ann'"),
    ],
)
def test_a_wrong_address_in_the_school_file_names_its_line(
    email: str, says: str, tmp_path: Path
) -> None:
    people = f'\n[[people]]\nid = "cy"\nname = "Cy"\nemail = {email}\n'
    with pytest.raises(LibraryMistake, match=says) as mistake:
        read(tmp_path, FILE + people, MAILED)
    assert mistake.value.line > FILE.count("\n")


def _two_schools(folder: Path, second: str) -> Path:
    for school, staff in (("elm", "id,name,email\nann,Ann,ann@x.example\n"), ("oak", second)):
        (folder / school).mkdir()
        (folder / school / "school.toml").write_text(f'id = "{school}"\nname = "S"\n')
        (folder / school / "staff.csv").write_text(staff)
    return folder


def test_two_people_of_a_trust_cannot_have_one_address(tmp_path: Path) -> None:
    two = "id,name,email\nbob,Bob,\ncy,Cy,Ann@x.example\n"
    with pytest.raises(LibraryMistake, match="'cy' has the e-mail address of 'ann'") as mistake:
        read_library(_two_schools(tmp_path, two))
    assert (mistake.value.file, mistake.value.line) == (tmp_path / "oak" / "staff.csv", 3)


def test_one_person_of_two_schools_has_the_addresses_of_both(tmp_path: Path) -> None:
    schools = read_library(
        _two_schools(tmp_path, "id,name,email\nann,Ann,ann@x.example a@oak.example\n")
    ).schools
    ann = everyone(schools.values())["ann"]
    assert ann.emails == ("ann@x.example", "a@oak.example")
    assert [place.school for place in ann.memberships] == ["elm", "oak"]


GUID = "0D8F1C52-3f5e-4b8a-9a57-6f1f0c2b7e11"


def test_a_school_names_the_groups_whose_members_are_its_staff(tmp_path: Path) -> None:
    told = f'\n[directory]\nslack_groups = ["@Staff", "ta"]\nteams_groups = ["{GUID}"]\n'
    assert read(tmp_path, FILE + told).groups == {
        "slack": ("staff", "ta"),
        "teams": (GUID.lower(),),
    }
    assert read(tmp_path).groups == {}


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ('slack_groups = ["all staff"]', "which is not a group's handle"),
        ('teams_groups = ["All staff"]', "which is not a group's object id"),
        ('slack_groups = "staff"', "slack_groups should be a list"),
        ('groups = ["staff"]', "'groups' is nothing a directory has"),
    ],
)
def test_a_group_that_cannot_be_one_names_its_line(told: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(LibraryMistake, match=says) as mistake:
        read(tmp_path, f"{FILE}\n[directory]\n{told}\n")
    assert mistake.value.line == FILE.count("\n") + 3


def test_a_role_may_name_its_holder_by_address(tmp_path: Path) -> None:
    listed = FILE.replace('person = "ann"', 'email = "Ann@oak.example"')
    assert read(tmp_path, listed, MAILED).holder("headteacher") == Holder(
        "headteacher", "ann", "Ann Ash", "headteacher"
    )
    unlisted = FILE.replace('person = "ann"', 'email = "dee@oak.example"\nphone = "1"')
    assert read(tmp_path, unlisted, MAILED).holder("headteacher") == Holder(
        "headteacher", "", "headteacher", "headteacher", "1", email="dee@oak.example"
    )


@pytest.mark.parametrize(
    ("held", "says"),
    [
        ('email = "dee"', "the email of 'headteacher' is no e-mail address"),
        ('email = "ann@oak.example"\nperson = "ann"', "both person and email"),
    ],
)
def test_a_holder_with_a_wrong_address_is_a_mistake(held: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(LibraryMistake, match=says):
        read(tmp_path, FILE.replace('person = "ann"', held), MAILED)
