"""``doctor``: is everything there that staff need to be answered? One line each."""

import os
import sqlite3
import sys
from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from datetime import date, timedelta

from bot import app
from bot.checking import LAW_AGED, no_address, unaddressed
from bot.clock import wall_time
from bot.config import Config
from bot.core.health import dated
from bot.core.health.data import Health
from bot.core.people import Holder, School, local_day
from bot.core.policies import Policy
from bot.library import read_library
from bot.store.crypto import Sealer, load_or_make_key
from bot.store.mistakes import StoreMistake
from bot.store.sqlite import examined

# Roles whose absence stops somebody from being told whom to turn to.
NEEDED = ("dsl", "headteacher")
WISHED = ("deputy_dsl", "chair_of_governors", "senior_manager", "policy_owner", "dpo")
# Roles the policies of most schools send somebody to; told on one line.
OTHERS = (
    *("deputy_head", "senior_leader", "vice_chair", "nominated_governor", "clerk", "hr", "it"),
    *("legal", "whistleblowing", "occupational_health", "account_holder"),
)
TRUST = ("chief_executive", "trust_safeguarding", "chair_of_trustees", "policy_owner", "dpo")
NUMBERS = ("lado", "council", "council_night")
ROUTES = ("pupil", "adult", "head", "dsl", "chair", "governor", "low_level")
CHECKED = timedelta(days=365)  # how long a number that somebody made sure of is relied on

# "ok"; "LOOK", which staff can be answered without; "NOT OK", which they cannot.
Line = tuple[str, str]


def examine(config: Config, today: date | None = None) -> tuple[list[str], bool]:
    """The lines to print, and whether staff would be answered today."""
    lines = list(_lines(config, today or local_day(wall_time())))
    return [f"{mark:6}  {said}" for mark, said in lines], all(mark != "NOT OK" for mark, _ in lines)


def _lines(config: Config, today: date) -> Iterator[Line]:
    yield _needed(sys.version_info >= (3, 11)), f"Python {sys.version.split()[0]}"
    yield _sqlite()
    yield _records(config)
    yield from _platforms(config)
    try:
        library = read_library(config.policies)
        house = app.build(config, library)
    except Exception as mistake:  # every mistake in the data carries its own sentence
        yield "NOT OK", _sentence(mistake)
        return
    yield from _house(config, house)
    yield _law(house.book.health, today)
    if not library.schools:
        yield "NOT OK", f"No school.toml under {config.policies}: nobody can be named or may chat"
    for school in library.schools.values():
        yield from _school(school, today, bool(config.slack or config.teams))


def standing(config: Config, house: app.House, schools: AbstractSet[str]) -> list[Line]:
    """The same of a house that is up, for its page: of these schools, and of what all share."""
    today = local_day(wall_time())
    lines = [_sqlite(), *_platforms(config), *_house(config, house), _law(house.book.health, today)]
    for school in house.book.schools.values():
        reached = bool(config.slack or config.teams)
        lines += _school(school, today, reached) if school.id in schools else ()
    return lines


def _house(config: Config, house: app.House) -> Iterator[Line]:
    yield _vectors(config, house)
    yield from _policies(house.book.policies.values())
    yield "ok", f"{len(house.book.guides)} decision guides, {len(house.wording.names())} wordings"


def _law(health: Health, today: date) -> Line:
    """Whether the list of replaced laws and guidance was looked through within a year."""
    if dated.aged(health, today):
        return "LOOK", LAW_AGED.format(day=health.law_checked)
    return "ok", f"Laws and guidance looked through on {health.law_checked}"


def _needed(there: bool) -> str:
    return "ok" if there else "NOT OK"


def _wished(there: bool) -> str:
    return "ok" if there else "LOOK"


def _sentence(mistake: Exception) -> str:
    """A mistake's own sentence; what is no mistake of ours is named by its kind."""
    kind = type(mistake).__name__
    return str(mistake) if kind.endswith("Mistake") else f"{kind}: {mistake}"


def _sqlite() -> Line:
    with sqlite3.connect(":memory:") as conn:
        options = {row[0] for row in conn.execute("pragma compile_options")}
    conn.close()
    fts = "ENABLE_FTS5" in options
    return _needed(fts), f"SQLite {sqlite3.sqlite_version}, FTS5 {'there' if fts else 'missing'}"


def _records(config: Config) -> Line:
    """Whether the chat could open its records and their key. None are made."""
    database, key = app.where(config)
    folder = next(one for one in database.resolve().parents if one.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return "NOT OK", f"{database} cannot be kept: nothing can be written into {folder}"
    if not database.exists() and not key.exists():
        return "ok", f"No records in {config.data} yet: the first chat makes them and their key"
    try:
        sealer = Sealer(load_or_make_key(key, database))  # one of the two is there: none is made
        if not database.exists():
            return "ok", "The key is there; the first chat makes the records"
        examined(database, sealer)
    except StoreMistake as mistake:
        return "NOT OK", str(mistake)
    return "ok", "The records open with their key"


def _platforms(config: Config) -> Iterator[Line]:
    """Which of them the settings name; nobody is asked."""
    slack, teams = config.slack, config.teams
    through = "Socket Mode" if slack and slack.app_token else "HTTP"
    yield "ok", f"Slack: set up ({through})" if slack else "Slack: not set up"
    if teams and teams.local:
        yield "LOOK", "Teams: TEAMS_AUTH is off, for the local test client only: nobody is checked"
    else:
        yield "ok", "Teams: set up (HTTP)" if teams else "Teams: not set up"


def _vectors(config: Config, house: app.House) -> Line:
    if house.encoder is None:
        return "LOOK", f"{app.without_vectors(config)}. Answers are found by words alone"
    return "ok", "Sentence vectors loaded"


def _policies(policies: Collection[Policy]) -> Iterator[Line]:
    if not policies:
        yield "NOT OK", "No policy is loaded: add one with python -m bot import"
    for policy in policies:
        clauses = sum(clause.kind == "clause" for clause in policy.clauses)
        yield _needed(clauses > 0), f"Policy {policy.id}: {policy.title}, {clauses} clauses"


def _school(school: School, today: date, reached: bool) -> Iterator[Line]:
    """``reached``: by Slack or Teams, which know people by their addresses."""
    for role in TRUST if school.is_trust else (*NEEDED, *WISHED):
        mark, told = _held(role, school.holder(role))
        yield mark, f"{school.name}: {told}"
    addresses = _addresses(school, today) if reached else ()
    for mark, told in (*_numbers(school, today), *_people(school, today), *addresses):
        yield mark, f"{school.name}: {told}"
    if not school.is_trust:
        yield from ((mark, f"{school.name}: {told}") for mark, told in _small(school, today))


def _numbers(school: School, today: date) -> Iterator[Line]:
    missing = [name for name in NUMBERS if name not in school.numbers]
    yield (
        _wished(not missing),
        f"no number for {', '.join(missing)}" if missing else "outside numbers are there",
    )
    old = [n for n in school.numbers if today - school.checked.get(n, date.min) > CHECKED]
    if old:
        told = f"not checked within a year: {', '.join(old)}"
        yield "LOOK", f"{told} (ring them, then put checked = {today} beside each)"


def _people(school: School, today: date) -> Iterator[Line]:
    people = len([one for one in school.people.values() if one.at(today)])
    yield _needed(people > 0), f"{people} people may chat"
    for role, holders in school.holders.items():
        for holder in holders:
            listed = school.people.get(holder.person)
            if listed and not listed.at(today):
                told = f"{role} is {holder.name}, who has left or not begun by the staff list"
                yield ("NOT OK" if role in NEEDED else "LOOK"), told


def _addresses(school: School, today: date) -> Iterator[Line]:
    """Whom Slack and Teams cannot know, and roles whose holder nobody knows yet."""
    count = unaddressed(school, today)
    nobody = count == len([one for one in school.people.values() if one.at(today)])
    mark = "NOT OK" if nobody and not school.groups else _wished(not count)
    yield mark, no_address(count) if count else "all have an address"
    for role, holders in school.holders.items():
        if any(held.email and not held.person for held in holders):
            told = "whom neither staff.csv nor a directory read so far knows"
            yield "LOOK", f"{role} is named by an e-mail address, {told}"


def _small(school: School, today: date) -> Iterator[Line]:
    """What is not there that later parts use: one short line each."""
    if others := [role for role in OTHERS if not school.holder(role)]:
        yield "LOOK", f"nobody is {', '.join(others)}"
    if not school.governance:
        yield "LOOK", 'no governance: add a line such as governance = "maintained"'
    if missing := [about for about in ROUTES if about not in school.routes]:
        yield "LOOK", f"no route for a concern about {', '.join(missing)}: add [[routes]]"
    for about, route in school.routes.items():
        if empty := [rung.role for rung in route.ladder if not school.holder(rung.role)]:
            yield "LOOK", f"the route about {about} names {', '.join(empty)}, which nobody holds"
    lead = school.holder("dsl")
    if lead and not lead.cover:
        yield "LOOK", "no hours of cover for dsl: add cover = [...] to [roles.dsl]"
    ends = school.calendar.ends if school.calendar else None
    if ends is None or ends < today:
        yield "LOOK", "no terms from today on: add [[calendar.terms]]"


def _held(role: str, held: Holder | None) -> Line:
    """Who holds a role. Only the safeguarding lead has to have a phone."""
    mark = _needed if role in NEEDED else _wished
    if held is None:
        return mark(False), f"nobody is {role}: add [[roles.{role}]] to school.toml"
    if held.phone:
        return "ok", f"{role} is {held.name}, {held.phone}"
    if role == "dsl":
        return "NOT OK", f"{role} is {held.name}, but no phone is given in school.toml"
    return "ok", f"{role} is {held.name} (no phone given; none is needed)"
