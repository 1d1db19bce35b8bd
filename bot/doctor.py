"""``doctor``: is everything there that staff need to be answered? One line each."""

import sqlite3
import sys
from collections.abc import Iterator

from bot import app
from bot.config import Config
from bot.core.people import School
from bot.library import Library, read_library

# Roles whose absence stops somebody from being told whom to turn to.
NEEDED = ("dsl", "headteacher")
WISHED = ("deputy_dsl", "chair_of_governors", "senior_manager", "policy_owner", "dpo")
NUMBERS = ("lado", "council", "council_night")

Line = tuple[bool, str]


def examine(config: Config) -> tuple[list[str], bool]:
    """The lines to print, and whether staff would be answered."""
    lines = list(_lines(config))
    return [f"{'ok' if well else 'NOT OK'}  {said}" for well, said in lines], all(
        w for w, _ in lines
    )


def _lines(config: Config) -> Iterator[Line]:
    yield sys.version_info >= (3, 11), f"Python {sys.version.split()[0]}"
    yield _sqlite()
    try:
        library = read_library(config.policies)
        house = app.build(config, library)
    except Exception as mistake:  # every mistake in the data carries its own sentence
        yield False, f"{type(mistake).__name__}: {mistake}"
        return
    yield True, _weights(house)
    yield from _policies(library)
    yield True, f"{len(house.book.guides)} decision guides, {len(house.wording.names())} wordings"
    if not library.schools:
        yield False, f"No school.toml under {config.policies}: nobody can be named or may chat"
    for school in library.schools.values():
        yield from _school(school)


def _sqlite() -> Line:
    with sqlite3.connect(":memory:") as conn:
        options = {row[0] for row in conn.execute("pragma compile_options")}
    conn.close()
    fts = "ENABLE_FTS5" in options
    return fts, f"SQLite {sqlite3.sqlite_version}, FTS5 {'there' if fts else 'missing'}"


def _weights(house: app.House) -> str:
    if house.encoder is None:
        return (
            "Sentence vectors missing: answers are found by words alone. Run make setup when online"
        )
    return "Sentence vectors loaded"


def _policies(library: Library) -> Iterator[Line]:
    if not library.policies:
        yield False, "No policy is loaded: add one with python -m bot import"
    for policy in library.policies.values():
        clauses = sum(clause.kind == "clause" for clause in policy.clauses)
        yield clauses > 0, f"Policy {policy.id}: {policy.title}, {clauses} clauses"


def _school(school: School) -> Iterator[Line]:
    for role in (*NEEDED, *WISHED):
        held = school.holder(role)
        told = (
            f"{held.name}{', ' + held.phone if held.phone else ', no phone'}" if held else "nobody"
        )
        unwell = role in NEEDED and (held is None or (role == "dsl" and not held.phone))
        yield not unwell, f"{school.name}: {role} is {told}"
    missing = [name for name in NUMBERS if name not in school.numbers]
    told = f"no number for {', '.join(missing)}" if missing else "outside numbers are there"
    yield True, f"{school.name}: {told}"
    yield bool(school.people), f"{school.name}: {len(school.people)} people may chat"
