"""``doctor``: is everything there that staff need to be answered? One line each."""

import os
import sqlite3
import sys
from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet

from bot import app
from bot.config import Config
from bot.core.people import Holder, School
from bot.core.policies import Policy
from bot.library import read_library
from bot.store.crypto import Sealer, load_or_make_key
from bot.store.mistakes import StoreMistake
from bot.store.sqlite import examined

# Roles whose absence stops somebody from being told whom to turn to.
NEEDED = ("dsl", "headteacher")
WISHED = ("deputy_dsl", "chair_of_governors", "senior_manager", "policy_owner", "dpo")
NUMBERS = ("lado", "council", "council_night")

# "ok"; "LOOK", which staff can be answered without; "NOT OK", which they cannot.
Line = tuple[str, str]


def examine(config: Config) -> tuple[list[str], bool]:
    """The lines to print, and whether staff would be answered."""
    lines = list(_lines(config))
    return [f"{mark:6}  {said}" for mark, said in lines], all(mark != "NOT OK" for mark, _ in lines)


def _lines(config: Config) -> Iterator[Line]:
    yield _needed(sys.version_info >= (3, 11)), f"Python {sys.version.split()[0]}"
    yield _sqlite()
    yield _records(config)
    try:
        library = read_library(config.policies)
        house = app.build(config, library)
    except Exception as mistake:  # every mistake in the data carries its own sentence
        yield "NOT OK", _sentence(mistake)
        return
    yield from _house(config, house)
    if not library.schools:
        yield "NOT OK", f"No school.toml under {config.policies}: nobody can be named or may chat"
    for school in library.schools.values():
        yield from _school(school)


def standing(config: Config, house: app.House, schools: AbstractSet[str]) -> list[Line]:
    """The same of a house that is up, for its page: of these schools, and of what all share."""
    lines = [_sqlite(), *_house(config, house)]
    for school in house.book.schools.values():
        lines += _school(school) if school.id in schools else ()
    return lines


def _house(config: Config, house: app.House) -> Iterator[Line]:
    yield _vectors(config, house)
    yield from _policies(house.book.policies.values())
    yield "ok", f"{len(house.book.guides)} decision guides, {len(house.wording.names())} wordings"


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


def _school(school: School) -> Iterator[Line]:
    for role in (*NEEDED, *WISHED):
        mark, told = _held(role, school.holder(role))
        yield mark, f"{school.name}: {told}"
    missing = [name for name in NUMBERS if name not in school.numbers]
    told = f"no number for {', '.join(missing)}" if missing else "outside numbers are there"
    yield _wished(not missing), f"{school.name}: {told}"
    people = len(school.people)
    yield _needed(people > 0), f"{school.name}: {people} people may chat"


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
