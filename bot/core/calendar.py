"""A school's year: terms, half-terms, training days, and the hours in which somebody answers."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SCHOOL_DAYS = DAYS[:5]


@dataclass(frozen=True)
class Term:
    """First and last day, both open; ``half_term`` is the first and last day of the break, or None."""

    name: str
    first: date
    last: date
    half_term: tuple[date, date] | None = None

    def holds(self, day: date) -> bool:
        away = self.half_term is not None and self.half_term[0] <= day <= self.half_term[1]
        return self.first <= day <= self.last and not away


@dataclass(frozen=True)
class Calendar:
    """``inset`` are training days: staff are in, pupils are not. ``closed`` are bank holidays in term."""

    zone: ZoneInfo
    terms: tuple[Term, ...] = ()
    inset: frozenset[date] = frozenset()
    closed: frozenset[date] = frozenset()

    def staff_day(self, day: date) -> bool:
        """Whether staff are at work: a weekday of a term, training days among them."""
        in_term = day.weekday() < 5 and any(term.holds(day) for term in self.terms)
        return (in_term or day in self.inset) and day not in self.closed

    def school_day(self, day: date) -> bool:
        """Whether pupils are in school."""
        return self.staff_day(day) and day not in self.inset

    @property
    def ends(self) -> date | None:
        """The last day that the calendar knows of; None when it has no terms."""
        return max((term.last for term in self.terms), default=None)


@dataclass(frozen=True)
class Cover:
    """Days ("mon", ...) and local hours in which somebody answers. The end itself is not covered."""

    days: tuple[str, ...]
    starts: time
    ends: time

    def holds(self, local: datetime) -> bool:
        """Whether this moment, in the school's own zone, is covered."""
        return DAYS[local.weekday()] in self.days and self.starts <= local.time() < self.ends
