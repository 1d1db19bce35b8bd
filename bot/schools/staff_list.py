"""staff.csv: the people who may chat, as a spreadsheet saves them.

Excel writes a byte order mark or the Windows code page, semicolons in some countries, and dates the
British way round; all of that is read. Lists within a cell are parted by spaces, commas or semicolons.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.core.calendar import DAYS
from bot.core.people import Membership, Person
from bot.schools.addresses import is_address, shared
from bot.schools.mistakes import LibraryMistake
from bot.schools.text import bytes_of_file

STAFF_LIST = "staff.csv"
COLUMNS = ("id", "name", "email", "job", "roles", "manager", "school", "since", "until", "days")
_ID = re.compile(r"[a-z0-9][a-z0-9._-]*")
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_PARTED = re.compile(r"[\s,;|+]+")
_ADDRESSES = re.compile(r"[\s,;|]+")  # an address may hold a plus


def read_staff(file: Path, school: str) -> dict[str, Person]:
    """Everyone on the list by id, in its order, or LibraryMistake."""
    found: dict[str, tuple[int, Person]] = {}
    for row in _rows(file):
        person = row.person(school)
        if person.id in found:
            sentence = f"{person.id!r} stands twice, first in line {found[person.id][0]}"
            raise LibraryMistake(file, row.line, sentence)
        found[person.id] = (row.line, person)
    for line, person in found.values():
        for place in person.memberships:
            if place.manager == person.id:
                raise LibraryMistake(file, line, f"{person.id!r} cannot be their own manager")
    people = {id: person for id, (_, person) in found.items()}
    for _, first, second in shared(people.values()):
        sentence = f"{second!r} has the e-mail address of {first!r}, in line {found[first][0]}"
        raise LibraryMistake(file, found[second][0], sentence)
    return people


def _rows(file: Path) -> Iterator["_Row"]:
    text = _decoded(bytes_of_file(file))
    lines = csv.reader(text.splitlines(keepends=True), delimiter=_parting(text), strict=True)
    before, columns = 0, list[str]()
    try:
        for cells in lines:
            line, before = before + 1, lines.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _columns(file, line, cells)
            else:
                yield _row(file, line, columns, cells)
    except csv.Error as error:
        raise LibraryMistake(file, before + 1, f'a "quote" is not closed ({error})') from None
    if not columns:
        raise LibraryMistake(file, 0, f"it is empty; its first line names {', '.join(COLUMNS)}")


def _decoded(told: bytes) -> str:
    """UTF-8, or the code page of a British Windows. No byte of it is without a meaning there."""
    try:
        return told.decode("utf-8-sig")
    except UnicodeError:
        return told.decode("cp1252", errors="replace")


def _parting(text: str) -> str:
    """What parts the columns: whatever stands most often in the first line that says anything."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


def _columns(file: Path, line: int, cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    for name in names:
        if name not in COLUMNS or names.count(name) > 1:
            why = "stands twice" if names.count(name) > 1 else "is no column"
            raise LibraryMistake(file, line, f"{name!r} {why}; columns are {', '.join(COLUMNS)}")
    if missing := next((name for name in ("id", "name") if name not in names), ""):
        raise LibraryMistake(file, line, f"the column {missing!r} is missing in the first line")
    return names


def _row(file: Path, line: int, columns: list[str], cells: list[str]) -> "_Row":
    if any(cell.strip() for cell in cells[len(columns) :]):
        sentence = f"this row has {len(cells)} cells, but there are {len(columns)} columns"
        raise LibraryMistake(file, line, sentence)
    return _Row(file, line, dict(zip(columns, (cell.strip() for cell in cells), strict=False)))


@dataclass(frozen=True)
class _Row:
    """One row of the list, read cell by cell."""

    file: Path
    line: int
    cells: Mapping[str, str]

    def person(self, school: str) -> Person:
        id, name = self._id("id"), self.cells.get("name", "")
        if not id or not name:
            raise self._wrong("a person needs both an id and a name")
        named = self.cells.get("school", "")
        if named not in ("", school):
            raise self._wrong(f"school is {named!r}, but this is the list of {school!r}")
        since, until = self._day("since"), self._day("until")
        if since and until and until < since:
            raise self._wrong(f"{id!r} leaves ({until}) before they begin ({since})")
        roles = tuple(_PARTED.split(self.cells.get("roles", "").lower().strip(" ,;|+")))
        roles = roles if roles != ("",) else ("staff",)
        place = Membership(school, roles, self._id("manager"), since, until, self._days())
        return Person(id, name, (place,), self.cells.get("job", ""), self._emails())

    def _emails(self) -> tuple[str, ...]:
        told = [one for one in _ADDRESSES.split(self.cells.get("email", "").lower()) if one]
        if wrong := next((one for one in told if not is_address(one)), ""):
            raise self._wrong(f"email is {wrong!r}, but an address is like jo.bell@school.example")
        return tuple(dict.fromkeys(told))

    def _id(self, key: str) -> str:
        told = self.cells.get(key, "")
        if told and not _ID.fullmatch(told):
            raise self._wrong(
                f"{key} is {told!r}, but an id is small letters and digits, like bell"
            )
        return told

    def _day(self, key: str) -> date | None:
        told = self.cells.get(key, "")
        if not told:
            return None
        british = _BRITISH.fullmatch(told)
        try:
            return date(*map(int, british.groups()[::-1])) if british else date.fromisoformat(told)
        except ValueError:
            raise self._wrong(
                f"{key} is {told!r}, but a date is 2026-09-01 or 01/09/2026"
            ) from None

    def _days(self) -> tuple[str, ...]:
        told = {day[:3].lower() for day in _PARTED.split(self.cells.get("days", "")) if day}
        if unknown := next(iter(sorted(told - set(DAYS))), ""):
            raise self._wrong(f"{unknown!r} is no day; days are {', '.join(DAYS)}")
        return tuple(day for day in DAYS if day in told)

    def _wrong(self, sentence: str) -> LibraryMistake:
        return LibraryMistake(self.file, self.line, sentence)
