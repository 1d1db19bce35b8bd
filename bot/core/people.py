"""Who is who: schools, the people in them, and who holds which role."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

# The zone of every school so far; a school elsewhere gets its own in school.toml when there is one.
LONDON = ZoneInfo("Europe/London")


def local_day(at: datetime) -> date:
    """The school's date at this moment."""
    return at.astimezone(LONDON).date()


@dataclass(frozen=True)
class Membership:
    """One person's place in one school. ``roles``: staff, manager, governor, volunteer, dsl, ..."""

    school: str
    roles: tuple[str, ...] = ("staff",)
    manager: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    memberships: tuple[Membership, ...] = ()
    job: str = ""

    def at(self, today: date) -> tuple[Membership, ...]:
        """The memberships that hold on this day."""
        return tuple(
            m
            for m in self.memberships
            if (m.since is None or m.since <= today) and (m.until is None or today <= m.until)
        )


@dataclass(frozen=True)
class Holder:
    """Who holds a role, as staff are told it: "Ms Shah (safeguarding lead) on 01632 960001"."""

    role: str
    person: str
    name: str
    title: str
    phone: str = ""
    hours: str = ""


@dataclass(frozen=True)
class School:
    """One school or trust. ``holders`` lists each role's people, the first one first to be told.

    ``numbers`` are outside numbers by name: lado, council, council_night, childline, union, ...
    """

    id: str
    name: str
    nation: str = "england"
    part_of: str = ""
    holders: Mapping[str, tuple[Holder, ...]] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)

    def holder(self, role: str) -> Holder | None:
        """The first person who holds the role, or None when nobody is named."""
        named = self.holders.get(role, ())
        return named[0] if named else None
