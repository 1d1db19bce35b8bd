"""Flags of date and record: overdue, replaced, nobody's approval, and periods that do not agree."""

import re
from collections.abc import Iterator
from datetime import date

from bot.core.health.data import Health
from bot.core.health.flags import Flag
from bot.core.health.reads import Line, Read
from bot.core.phrases import plain
from bot.core.policies import Clause, last_day

# A fact of the header, and the flag where it is missing.
RECORD = (
    ("approver", "no_approver"),
    ("approved", "no_date"),
    ("version", "no_version"),
    ("review_due", "no_review_date"),
)
_NUMBERS = dict(zip(("one", "two", "three", "four", "five", "six"), range(1, 7), strict=True))
_COUNT = "|".join((*_NUMBERS, r"\d{1,2}"))
# Several ways to say how often, each as months.
_PERIODS = (
    (re.compile(r" (?:annual|annually|yearly|once a year|every year|each year|per year) "), 12),
    (re.compile(r" (?:biennial|biennially|every other year) "), 24),
    (re.compile(r" (?:termly|every term|each term) "), 4),
    (re.compile(r" (?:six monthly|every six months|twice a year) "), 6),
)
_EVERY = re.compile(rf" (?:every|each)?(?: \w+)? ?({_COUNT}) (year|month)s? ")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPOKEN_DAY = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ((?:{'|'.join(_MONTHS)})[a-z]*),? (\d{{4}})\b", re.I
)
_FIGURES = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b")
_SAME = re.compile(r" it ")
_ROUGHLY = 1.5  # a due date a few months off the period is nobody's mistake


def stale(read: Read, health: Health, today: date) -> Iterator[Flag]:
    """Past its review date, past the day it was to be replaced, or marked as replaced with no day."""
    policy = read.policy
    gone, due = last_day(policy.replaced_on), last_day(policy.review_due)
    if gone and gone <= today:
        facts = {"when": policy.replaced_on, "by": policy.replaced_by}
        yield read.flag("superseded", _said(read, "replaced_on"), **facts)
    elif not policy.replaced_on and (marked := _marked(read, health)):
        yield read.flag("superseded", marked)
    if due and due < today:
        yield read.flag("overdue", _said(read, "review_due"), when=policy.review_due)


def _marked(read: Read, health: Health) -> Clause | None:
    """A note that this document no longer holds: in the header, in front of it, or at its end."""
    lines = (*read.fields, *read.lines)
    found = (x.clause for x in lines if health.phrases["no_longer_holds"].search(x.said))
    return next(found, None)


def _said(read: Read, name: str) -> Clause | None:
    return read.policy.by_id.get(read.policy.said.get(name, ""))


def unrecorded(read: Read, health: Health) -> Iterator[Flag]:
    """Who approved it, when, which version, when it is looked at again: what nobody wrote down."""
    for name, kind in RECORD:
        if getattr(read.policy, name) or _told_otherwise(name, read, health):
            continue
        if name == "review_due" and (bad := next(_no_such_day(read, health), None)):
            yield bad
        else:
            yield read.flag(kind)


def _no_such_day(read: Read, health: Health) -> Iterator[Flag]:
    """A line on the review with a day that no calendar has: 31 September, the 20th month."""
    for line in (*read.fields, *read.lines):
        about = health.phrases["review_subject"].search(plain(f"{line.clause.label} {line.text}"))
        days = (*_SPOKEN_DAY.finditer(line.text), *_FIGURES.finditer(line.text)) if about else ()
        for day in days:
            if not _is_day(day):
                yield read.flag("bad_date", line.clause, name=day[0])


def _is_day(found: re.Match[str]) -> bool:
    """Read as day, month, year, as is usual here; a year of two figures is of this century."""
    day, month, year = found.groups()
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    try:
        date(int(year) + (2000 if len(year) == 2 else 0), number, int(day))
    except ValueError:
        return False
    return True


def _told_otherwise(name: str, read: Read, health: Health) -> bool:
    if name == "approver":
        return any(
            health.phrases["approved_by"].search(x.said) for x in (*read.lines, *read.fields)
        )
    return False


def review_clash(read: Read, health: Health) -> Iterator[Flag]:
    """Two periods of review that cannot both hold. It stands on the later of the two."""
    lines = (*read.lines, *read.fields)
    told = [found for line in lines if (found := _period(line, read, health))]
    told.sort(key=lambda one: read.policy.clauses.index(one[0]))
    clashing = [one for one in told[1:] if one[1] != told[0][1]]
    if clashing:
        first, last = told[0][0], clashing[0][0]
        others = ((read.policy.id, first.id),) if first.id != last.id else ()
        yield Flag("review_clash", read.policy.id, last.id, {}, others)
    elif told and (gap := _gap(read)) and _apart(gap, told[0][1]):
        due = read.policy.said.get("review_due", "")
        others = ((read.policy.id, due),) if due and due != told[0][0].id else ()
        yield Flag("review_clash", read.policy.id, told[0][0].id, {}, others)


def _period(line: Line, read: Read, health: Health) -> tuple[Clause, int] | None:
    """How often this sentence says the policy is reviewed, in months."""
    if not health.phrases["review_subject"].search(line.said) and not _back(line, read, health):
        return None
    months = {count for found, count in _PERIODS if found.search(line.said)}
    months |= {_months(*every) for every in _EVERY.findall(line.said)}
    return (line.clause, months.pop()) if len(months) == 1 else None


def _back(line: Line, read: Read, health: Health) -> bool:
    """ "It is reviewed", where what stands before it begins with "This policy"."""
    if not health.phrases["it_reviewed"].search(line.said):
        return False
    at = read.lines.index(line) if line in read.lines else 0
    before = (
        next((x for x in read.lines[at - 1 :: -1] if not _SAME.match(x.said)), None) if at else None
    )
    return before is not None and bool(health.phrases["this_policy"].search(before.said))


def _months(count: str, unit: str) -> int:
    number = _NUMBERS.get(count) or int(count)
    return number * (12 if unit == "year" else 1)


def _gap(read: Read) -> int:
    """Months from approval to the next review; 0 when either is not known."""
    start, end = last_day(read.policy.approved), last_day(read.policy.review_due)
    if not start or not end or end <= start:
        return 0
    return round((end - start).days / 30.44)


def _apart(one: int, other: int) -> bool:
    return bool(one and other) and max(one, other) / min(one, other) > _ROUGHLY
