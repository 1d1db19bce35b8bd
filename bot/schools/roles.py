"""[roles], [numbers] and [[routes]] of school.toml: who is told, on which number, in which order."""

from collections.abc import Mapping
from datetime import date, time

from bot.core.calendar import SCHOOL_DAYS, Cover
from bot.core.people import Holder, Person, Route, Rung
from bot.schools.addresses import is_address
from bot.schools.tables import Said, Tables

_HOLDER = {"person", "email", "name", "title", "phone", "hours", "cover", "deputies"}
_NUMBER = {"number", "checked"}
_ROUTE = {"about", "ladder", "minutes", "never", "outside"}
_COVER = {"days", "from", "until"}
# Whom a concern can be about, and the roles nobody of whom may be on its ladder (the matrix of who is
# told, by whom it is about, follows Keeping children safe in education, Part four).
ABOUT: Mapping[str, tuple[str, ...]] = {
    "pupil": (),
    "adult": (),
    "head": ("headteacher",),
    "dsl": ("dsl", "deputy_dsl"),
    "chair": ("chair_of_governors",),
    "governor": ("governor", "chair_of_governors", "vice_chair", "nominated_governor"),
    "agency": (),
    "self": (),
    "low_level": (),
    "low_level_head": ("headteacher",),
    "staff_abused": (),
    "own_safety": (),
    "wrongdoing": (),
    "data": (),
}
MINUTES = 15


def holders_of(
    tables: Tables, said: Said, people: Mapping[str, Person]
) -> dict[str, tuple[Holder, ...]]:
    """Each role's holders: [roles.dsl] with its deputies, or several [[roles.dsl]], first one first."""
    roles = tables.table(said, "roles")
    return {role: _Role(tables, role, people).holders(entry) for role, entry in roles.items()}


class _Role:
    """Reads the entries of one role."""

    def __init__(self, tables: Tables, role: str, people: Mapping[str, Person]) -> None:
        self._tables, self._role, self._people = tables, role, people

    def holders(self, entry: object) -> tuple[Holder, ...]:
        found: list[Holder] = []
        for one in entry if isinstance(entry, list) else [entry]:
            if not isinstance(one, dict):
                sentence = f"role {self._role!r} should be a table [roles.{self._role}]"
                raise self._tables.wrong(sentence, self._role)
            self._tables.only(one, _HOLDER, f"role {self._role!r}")
            found.append(self._holder(one))
            found += map(self._deputy, self._deputies(one))
        return tuple(found)

    def _deputies(self, said: Said) -> list[Said]:
        deputies = said.get("deputies", [])
        if not isinstance(deputies, list) or not all(isinstance(one, dict) for one in deputies):
            sentence = f"deputies of {self._role!r} are written [[roles.{self._role}.deputies]]"
            raise self._tables.wrong(sentence, self._role)
        return deputies

    def _deputy(self, said: Said) -> Holder:
        self._tables.only(said, _HOLDER - {"deputies"}, f"a deputy of {self._role!r}")
        return self._holder(said)

    def _holder(self, said: Said) -> Holder:
        """Name and title may be left to the staff list, or to the directory that knows the address."""
        email = self._email(said)
        person = self._person(said, email)
        listed = self._people.get(person)
        name = self._tables.words(said, "name", needed=not (person or email))
        if person and not name and listed is None:
            sentence = (
                f"{self._role!r} is held by {person!r}, who is not on the staff list: add a name"
            )
            raise self._tables.wrong(sentence, f'"{person}"')
        title = self._tables.words(said, "title") or (listed.job if listed else "")
        if email and not listed:
            title = title or self._role.replace("_", " ")
            name = name or title
        phone, hours = self._tables.words(said, "phone"), self._tables.words(said, "hours")
        return Holder(
            self._role, person, name or (listed.name if listed else ""), title, phone, hours,
            cover_of(self._tables, said, self._role), "" if listed else email,
        )  # fmt: skip

    def _email(self, said: Said) -> str:
        email = self._tables.words(said, "email").lower()
        if email and not is_address(email):
            raise self._tables.wrong(f"the email of {self._role!r} is no e-mail address", "email")
        if email and "person" in said:
            raise self._tables.wrong(f"{self._role!r} has both person and email: one is enough", "")
        return email

    def _person(self, said: Said, email: str) -> str:
        """The id it names, or that of whoever on the staff list has the address."""
        has = (id for id, person in self._people.items() if email in person.emails)
        return next(has, "") if email else self._tables.words(said, "person")


def cover_of(tables: Tables, said: Said, role: str) -> tuple[Cover, ...]:
    """cover = [{ days = ["mon"], from = "08:00", until = "17:00" }]."""
    found = []
    for one in tables.tables(said, "cover", "{ days, from, until }"):
        tables.only(one, _COVER, f"the cover of {role!r}")
        starts, ends = _hour(tables, one, "from"), _hour(tables, one, "until")
        if ends <= starts:
            raise tables.wrong(f"the cover of {role!r} ends before it begins", str(one["until"]))
        found.append(Cover(tables.days(one, SCHOOL_DAYS), starts, ends))
    return tuple(found)


def _hour(tables: Tables, said: Said, key: str) -> time:
    told = tables.words(said, key, needed=True)
    try:
        return time.fromisoformat(told)
    except ValueError:
        sentence = f'{key} is {told!r}, but an hour is written like "08:00"'
        raise tables.wrong(sentence, told) from None


def numbers_of(tables: Tables, said: Said) -> tuple[dict[str, str], dict[str, date]]:
    """The numbers by name, and when each was checked: lado = { number = "...", checked = 2026-09-01 }."""
    numbers, checked = dict[str, str](), dict[str, date]()
    table = tables.table(said, "numbers")
    for key, entry in table.items():
        if not isinstance(entry, dict):
            numbers[key] = tables.words(table, key)
            continue
        tables.only(entry, _NUMBER, f"the number {key!r}")
        numbers[key] = tables.words(entry, "number", needed=True)
        if day := tables.day(entry, "checked", f"{key!r}"):
            checked[key] = day
    return numbers, checked


def routes_of(tables: Tables, said: Said) -> dict[str, Route]:
    """[[routes]] by whom a concern is about. Nobody a concern is about may be on its ladder."""
    found: dict[str, Route] = {}
    for one in tables.tables(said, "routes", "[[routes]]"):
        tables.only(one, _ROUTE, "a route")
        about = tables.one_of(tables.words(one, "about", needed=True), tuple(ABOUT), "about")
        if about in found:
            raise tables.wrong(f"there are two routes about {about!r}", f'"{about}"')
        never = tuple(dict.fromkeys((*ABOUT[about], *tables.listed(one, "never", '["dsl"]'))))
        outside = tuple(tables.listed(one, "outside", '["lado"]'))
        found[about] = Route(about, _ladder(tables, one, about, never), never, outside)
    return found


def _ladder(tables: Tables, said: Said, about: str, never: tuple[str, ...]) -> tuple[Rung, ...]:
    roles = tables.listed(said, "ladder", '["dsl", "deputy_dsl"]')
    if barred := next((role for role in roles if role in never), ""):
        raise tables.wrong(f"a concern about {about!r} must not go to {barred!r}", f'"{about}"')
    told = said.get("minutes", MINUTES)
    minutes = told if isinstance(told, list) else [told] * len(roles)
    fits = len(minutes) == len(roles) and all(type(m) is int and m > 0 for m in minutes)
    if not fits:
        sentence = (
            f"minutes of the route about {about!r} are one number above 0, or one for each rung"
        )
        raise tables.wrong(sentence, f'"{about}"')
    return tuple(Rung(role, m) for role, m in zip(roles, minutes, strict=True))
