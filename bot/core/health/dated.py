"""Flags of what time has overtaken: laws, guidance, platforms, figures. Dated data, no network."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.core.health.data import Health, Law, Yearly
from bot.core.health.flags import Flag
from bot.core.health.reads import Line, Read
from bot.core.phrases import plain
from bot.core.policies import sentences

_YEAR = re.compile(r"\b(20[0-3]\d)\b")
_YEARLY = timedelta(days=366)
_FAR = 40  # letters between the name of guidance and its year


def aged(health: Health, today: date) -> bool:
    """Whether nobody has looked through law.toml for more than a year."""
    return today - health.law_checked > _YEARLY


def laws(read: Read, health: Health, today: date) -> Iterator[Flag]:
    """Each law or guidance that was replaced before this day, on every clause that names it."""
    for line in (*read.lines, *read.fields):
        for law in health.laws:
            current = law.unless.search(line.said) or health.phrases["replaced_since"].search(
                line.said
            )
            if law.since <= today and law.words.search(line.said) and not current:
                yield _law(read, line, law)
        yield from _old_editions(read, line, health, today)


def _law(read: Read, line: Line, law: Law) -> Flag:
    if law.in_part:
        return read.flag("law_to_check", line.clause, name=law.name, why=law.why)
    facts = {"name": law.name, "by": law.by, "since": law.since.isoformat()}
    return read.flag("outdated_law", line.clause, **facts, why=law.why)


def _old_editions(read: Read, line: Line, health: Health, today: date) -> Iterator[Flag]:
    for guidance in health.yearly:
        latest = _latest(guidance, today)
        named = guidance.words.search(line.said)
        if not named or not latest:
            continue
        year = _YEAR.search(line.said[named.end() : named.end() + _FAR])
        if year and int(year[1]) < latest[0]:
            facts = {"name": f"{guidance.name} {year[1]}", "by": f"{guidance.name} {latest[0]}"}
            since = latest[1].isoformat()
            yield read.flag("outdated_law", line.clause, **facts, since=since)
        elif year and (newer := _may_be_newer(guidance, int(year[1]), latest[1], today)):
            name = f"{guidance.name} {year[1]}"
            yield read.flag("law_to_check", line.clause, name=name, since=newer.isoformat())


def _may_be_newer(guidance: Yearly, named: int, latest: date, today: date) -> date | None:
    """The day since which the edition named may have been followed by one that law.toml lacks."""
    if not guidance.anew:
        return None
    month, day = guidance.anew
    usual = date(today.year, month, day)
    last = usual if usual <= today else usual.replace(year=today.year - 1)
    return last if latest < last and named < last.year else None


def _latest(guidance: Yearly, today: date) -> tuple[int, date] | None:
    begun = [edition for edition in guidance.editions if edition[1] <= today]
    return max(begun) if begun else None


def platforms(read: Read, health: Health, today: date) -> Iterator[Flag]:
    """A platform that has closed. A name that is also a word needs another platform beside it."""
    for clause in (one for one in read.policy.clauses if one.kind in ("clause", "field")):
        text = _still_used(clause.text, health)
        closed = [one for one in health.platforms if one.since <= today and one.found.search(text)]
        known = len(closed) > 1 or any(not one.common for one in closed)
        sure = known or health.live.search(text)
        if closed and sure:
            first = next((one for one in closed if not one.common), closed[0])
            names = ", ".join(one.name for one in closed)
            yield read.flag("stale_platform", clause, name=names, since=first.since.isoformat())


def _still_used(text: str, health: Health) -> str:
    """The text without sentences that say of a platform that it has gone."""
    parts = (text[start:end] for start, end in sentences(text))
    return " ".join(part for part in parts if not health.phrases["closed"].search(plain(part)))


def figures(read: Read, health: Health) -> Iterator[Flag]:
    """A number of people with no year: nobody can tell how old it is."""
    for line in read.lines:
        percent = plain(re.sub(r"%", " percent ", line.text))
        if health.phrases["figure"].search(percent) and not _YEAR.search(line.text):
            yield read.flag("old_figure", line.clause)
