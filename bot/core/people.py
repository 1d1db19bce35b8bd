"""Who is who: schools, the people in them, and who holds which role."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.core.calendar import Calendar, Cover

# The zone of every school so far; a school elsewhere gets its own in school.toml when there is one.
LONDON = ZoneInfo("Europe/London")


def local_day(at: datetime) -> date:
    """The school's date at this moment."""
    return at.astimezone(LONDON).date()


@dataclass(frozen=True)
class Membership:
    """One person's place in one school. ``roles``: staff, manager, governor, volunteer, dsl, ...

    ``days`` are the days they work ("mon", ...); empty means every school day.
    """

    school: str
    roles: tuple[str, ...] = ("staff",)
    manager: str = ""
    since: date | None = None
    until: date | None = None
    days: tuple[str, ...] = ()


@dataclass(frozen=True)
class Person:
    """``emails`` in small letters: the addresses their accounts on Slack and Teams go by."""

    id: str
    name: str
    memberships: tuple[Membership, ...] = ()
    job: str = ""
    emails: tuple[str, ...] = ()

    def at(self, today: date) -> tuple[Membership, ...]:
        """The memberships that hold on this day."""
        return tuple(
            m
            for m in self.memberships
            if (m.since is None or m.since <= today) and (m.until is None or today <= m.until)
        )


@dataclass(frozen=True)
class Holder:
    """Who holds a role, as staff are told it: "Ms Shah (safeguarding lead) on 01632 960001".

    ``hours`` is what staff read; ``cover`` is the same for the clock. ``email`` names somebody whom the
    staff list does not have: until a directory tells who it is, they are called by their title.
    """

    role: str
    person: str
    name: str
    title: str
    phone: str = ""
    hours: str = ""
    cover: tuple[Cover, ...] = ()
    email: str = ""


@dataclass(frozen=True)
class Rung:
    """One step of a ladder: a role, and how many minutes it has before the next one is tried."""

    role: str
    minutes: int


@dataclass(frozen=True)
class Route:
    """Who is told when a concern is about somebody. ``never`` are roles that must not see it.

    ``outside`` are names of numbers to show beside it, and when nobody of the ladder answers.
    """

    about: str
    ladder: tuple[Rung, ...]
    never: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


@dataclass(frozen=True)
class School:
    """One school or trust. ``holders`` lists each role's people, the first one first to be told.

    ``numbers`` are outside numbers by name: lado, council, council_night, childline, union, ...;
    ``checked`` is the day on which somebody last rang or looked up each of them. ``governance`` is
    maintained, academy, trust, ... ``routes`` are the ladders by whom a concern is about. ``groups``
    are those of each platform whose members are staff here: {"slack": ("staff",)}.
    """

    id: str
    name: str
    nation: str = "england"
    part_of: str = ""
    holders: Mapping[str, tuple[Holder, ...]] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    governance: str = ""
    checked: Mapping[str, date] = field(default_factory=dict)
    routes: Mapping[str, Route] = field(default_factory=dict)
    calendar: Calendar | None = None
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_trust(self) -> bool:
        """A trust: it runs schools and teaches nobody itself."""
        return self.governance == "trust"

    def holder(self, role: str) -> Holder | None:
        """The first person who holds the role, or None when nobody is named."""
        named = self.holders.get(role, ())
        return named[0] if named else None


def everyone(schools: Iterable[School]) -> dict[str, Person]:
    """Everyone by id; somebody whom two schools list belongs to both."""
    known: dict[str, Person] = {}
    for school in schools:
        for id, person in school.people.items():
            known[id] = _both(known[id], person) if id in known else person
    return known


def _both(one: Person, other: Person) -> Person:
    emails = tuple(dict.fromkeys((*one.emails, *other.emails)))
    return replace(other, memberships=(*one.memberships, *other.memberships), emails=emails)
