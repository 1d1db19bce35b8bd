"""school.toml as a School, with the people of the staff.csv beside it."""

import re
from collections.abc import Mapping
from pathlib import Path

from bot.core.people import Membership, Person, School
from bot.schools.addresses import is_address, shared
from bot.schools.directory import groups_of
from bot.schools.mistakes import LibraryMistake
from bot.schools.roles import holders_of, numbers_of, routes_of
from bot.schools.staff_list import STAFF_LIST, read_staff
from bot.schools.tables import Said, Tables, parsed
from bot.schools.year import calendar_of

NATIONS = ("england", "wales", "scotland", "northern-ireland")
GOVERNANCE = (
    *("maintained", "voluntary-aided", "voluntary-controlled", "foundation"),
    *("academy", "trust", "independent"),
)
_SCHOOL = {
    *("id", "name", "nation", "governance", "part_of", "roles", "numbers", "people", "routes"),
    *("calendar", "directory"),
}
_PERSON = {"id", "name", "email", "job", "roles", "manager", "since", "until", "days"}


def read_school(file: Path) -> School:
    """One school.toml as a School, or LibraryMistake."""
    tables, said = parsed(file)
    tables.only(said, _SCHOOL, "a school")
    id, name = tables.words(said, "id", needed=True), tables.words(said, "name", needed=True)
    nation = tables.one_of(tables.words(said, "nation") or "england", NATIONS, "nation")
    governance = tables.words(said, "governance")
    if governance:
        tables.one_of(governance, GOVERNANCE, "governance")
    people = _everyone(tables, said, id)
    numbers, checked = numbers_of(tables, said)
    return School(
        id,
        name,
        nation,
        tables.words(said, "part_of"),
        holders_of(tables, said, people),
        numbers,
        people,
        governance,
        checked,
        routes_of(tables, said),
        calendar_of(tables, said),
        groups_of(tables, said),
    )


def check_addresses(schools: Mapping[Path, School]) -> None:
    """LibraryMistake where two people of different schools, by their folders, have one e-mail address."""
    people = [person for school in schools.values() for person in school.people.values()]
    for email, first, second in shared(people):
        folders = [place for place, school in schools.items() if second in school.people]
        file, line = _found_in(folders[-1], email)
        raise LibraryMistake(file, line, f"{second!r} has the e-mail address of {first!r}")


def _found_in(folder: Path, email: str) -> tuple[Path, int]:
    """The file of a school's folder that names an address, and the line of it."""
    address = re.compile(rf"(?<![\w.+-]){re.escape(email)}(?![\w.-])", re.I)
    for file in (folder / STAFF_LIST, folder / "school.toml"):
        text = file.read_text("utf-8", errors="replace") if file.exists() else ""
        for line, words in enumerate(text.splitlines(), 1):
            if address.search(words):
                return file, line
    return folder, 0


def _everyone(tables: Tables, said: Said, school: str) -> dict[str, Person]:
    """The staff list's people, then those of [[people]]; each once, each manager among them."""
    staff = tables.file.parent / STAFF_LIST
    listed = read_staff(staff, school) if staff.exists() else {}
    found = dict(listed)
    for one in tables.tables(said, "people", "[[people]]"):
        person = _person(tables, one, school)
        if person.id in listed:
            raise tables.wrong(f"person {person.id!r} is in {STAFF_LIST} as well", f'"{person.id}"')
        if person.id in found:
            raise tables.wrong(f"person {person.id!r} stands twice", person.id)
        found[person.id] = person
    for _, first, second in shared(found.values()):
        raise tables.wrong(f"{second!r} has the e-mail address of {first!r}", f'"{second}"')
    _check_managers(tables, staff, listed, found)
    return found


def _person(tables: Tables, said: Said, school: str) -> Person:
    tables.only(said, _PERSON, "a person")
    id, name = tables.words(said, "id", needed=True), tables.words(said, "name", needed=True)
    roles = said.get("roles", ["staff"])
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise tables.wrong(f'roles of {id!r} should be a list like ["staff"]', id)
    since, until = (tables.day(said, key, repr(id)) for key in ("since", "until"))
    manager = tables.words(said, "manager")
    place = Membership(school, tuple(roles), manager, since, until, tables.days(said))
    return Person(id, name, (place,), tables.words(said, "job"), _emails(tables, said))


def _emails(tables: Tables, said: Said) -> tuple[str, ...]:
    """email = "..." or a list of them."""
    one = isinstance(said.get("email"), str)
    told = [tables.words(said, "email")] if one else tables.listed(said, "email", '["a@b.example"]')
    for email in told:
        if not is_address(email.lower()):
            raise tables.wrong(f"email is {email!r}, but that is no e-mail address", email)
    return tuple(dict.fromkeys(email.lower() for email in told))


def _check_managers(
    tables: Tables, staff: Path, listed: Mapping[str, Person], people: Mapping[str, Person]
) -> None:
    for person in people.values():
        for place in person.memberships:
            if place.manager and place.manager not in people:
                sentence = f"the manager of {person.id!r} is {place.manager!r}, who is not here"
                if person.id in listed:
                    raise LibraryMistake(staff, 0, sentence)
                raise tables.wrong(sentence, place.manager)
