"""[calendar] of school.toml: zone, terms, half-terms, training days."""

from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.core.calendar import Calendar, Term
from bot.schools.tables import Said, Tables

_CALENDAR = {"zone", "terms", "inset", "closed"}
_TERM = {"name", "from", "until", "half_term"}


def calendar_of(tables: Tables, said: Said) -> Calendar | None:
    """The school's year; None where the file has no [calendar]."""
    if "calendar" not in said:
        return None
    table = tables.table(said, "calendar")
    tables.only(table, _CALENDAR, "a calendar")
    terms = [_term(tables, one) for one in tables.tables(table, "terms", "[[calendar.terms]]")]
    for before, after in pairwise(terms):
        if after.first <= before.last:
            raise tables.wrong(f"{after.name} begins before {before.name} ends", after.name)
    inset, closed = tables.dates(table, "inset"), tables.dates(table, "closed")
    for day in sorted(inset):
        if day.weekday() > 4:
            raise tables.wrong(f"the training day {day} is at a weekend", str(day))
    return Calendar(_zone(tables, table), tuple(terms), inset, closed)


def _zone(tables: Tables, said: Said) -> ZoneInfo:
    name = tables.words(said, "zone") or "Europe/London"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise tables.wrong(
            f"zone {name!r} is not known; for the UK it is Europe/London", name
        ) from None


def _term(tables: Tables, said: Said) -> Term:
    tables.only(said, _TERM, "a term")
    name = tables.words(said, "name", needed=True)
    first = tables.day(said, "from", name, needed=True)
    last = tables.day(said, "until", name, needed=True)
    if first is None or last is None or last < first:
        raise tables.wrong(f"{name} ends before it begins", name)
    return Term(name, first, last, _half_term(tables, said, name, first, last))


def _half_term(
    tables: Tables, said: Said, name: str, first: date, last: date
) -> tuple[date, date] | None:
    told = said.get("half_term")
    if told is None:
        return None
    fits = isinstance(told, list) and len(told) == 2 and all(type(day) is date for day in told)
    if not fits or not first <= told[0] <= told[1] <= last:
        sentence = f"half_term of {name} is its first and last day, within the term"
        raise tables.wrong(sentence, name)
    return told[0], told[1]
