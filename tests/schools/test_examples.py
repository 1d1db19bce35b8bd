"""The two examples that ship: one school, and a trust of two schools that is only there when asked for."""

from datetime import date, timedelta

import pytest

from bot import app
from bot.config import ROOT
from bot.core.book import in_force
from bot.core.people import School
from bot.doctor import examine
from bot.library import Library, read_library
from tests.helpers import TODAY, Talk, settings

ONE = ROOT / "policies"
TRUST = ONE / "trust-example"
LIBRARIES = {"the school": read_library(ONE), "the trust": read_library(TRUST)}
SCHOOLS = [school for library in LIBRARIES.values() for school in library.schools.values()]
TAUGHT = [school for school in SCHOOLS if not school.is_trust]


def test_the_school_is_alone_unless_the_trust_is_asked_for() -> None:
    assert list(LIBRARIES["the school"].schools) == ["example"]
    assert sorted(LIBRARIES["the trust"].schools) == ["cliff-top", "harbour", "sea-lane"]


@pytest.mark.parametrize("folder", [ONE, TRUST], ids=LIBRARIES)
def test_doctor_finds_nothing_to_look_at(folder: object) -> None:
    lines, well = examine(settings(POLICIES_DIR=str(folder)), TODAY)
    assert well
    assert [line for line in lines if not line.startswith("ok ") and "vectors" not in line] == []


def test_doctor_says_when_numbers_and_terms_are_old() -> None:
    lines, well = examine(settings(), TODAY + timedelta(days=365))
    told = "\n".join(line for line in lines if line.startswith("LOOK"))
    assert well
    assert "not checked within a year: lado, council, council_night" in told
    assert "no terms from today on" in told


@pytest.mark.parametrize("school", SCHOOLS, ids=lambda school: school.id)
def test_every_role_of_a_route_is_held_and_every_number_is_there(school: School) -> None:
    for route in school.routes.values():
        held = [rung.role for rung in route.ladder if school.holder(rung.role)]
        if not school.is_trust:
            assert held == [rung.role for rung in route.ladder], route.about
        assert set(route.outside) <= set(school.numbers), route.about
    assert set(school.checked) == set(school.numbers)


@pytest.mark.parametrize("school", SCHOOLS, ids=lambda school: school.id)
def test_role_holders_with_an_id_are_on_a_staff_list(school: School) -> None:
    listed = {id for one in SCHOOLS for id in one.people}
    for holders in school.holders.values():
        assert all(not h.person or h.person in listed for h in holders)
        assert all(h.name and h.title for h in holders)


@pytest.mark.parametrize("school", SCHOOLS, ids=lambda school: school.id)
def test_everyone_has_an_address_of_their_own(school: School) -> None:
    assert all(person.emails for person in school.people.values())
    assert all(one.endswith(".example") for p in school.people.values() for one in p.emails)


@pytest.mark.parametrize("school", TAUGHT, ids=lambda school: school.id)
def test_a_year_has_the_days_of_an_english_school(school: School) -> None:
    year = school.calendar
    assert year is not None
    days = [date(2026, 9, 1) + timedelta(days=n) for n in range(330)]
    assert sum(map(year.school_day, days)) == 190
    assert sum(map(year.staff_day, days)) == 195
    assert len(year.inset) == 5


def test_the_school_shows_every_class_of_people() -> None:
    people = LIBRARIES["the school"].schools["example"].people.values()
    roles = {role for person in people for place in person.memberships for role in place.roles}
    assert 25 <= len(people) <= 35
    assert roles >= {"staff", "manager", "headteacher", "dsl", "governor", "volunteer", "agency"}
    assert roles >= {"contractor", "pta"}
    assert any(place.days for person in people for place in person.memberships)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("finch", {"trust-online", "cliff-top-phones"}),
        ("nash", {"trust-online", "sea-lane-phones"}),
        ("osei", {"trust-online", "cliff-top-phones", "sea-lane-phones"}),
        ("stone", {"trust-online"}),
    ],
)
def test_people_of_a_trust_have_its_policies_and_their_own_schools(
    who: str, sees: set[str]
) -> None:
    house = app.build(settings(), LIBRARIES["the trust"])
    assert set(in_force(house.book, house.people[who], TODAY)) == sees


async def test_somebody_at_two_schools_hears_the_stricter_rule() -> None:
    library: Library = LIBRARIES["the trust"]
    talk = Talk(app.build(settings(), library), "osei")
    told = await talk.says("can i bring my own phone into a classroom")
    assert talk.card.title == "No.", told
    assert "Phones at Sea Lane Policy" in told
