"""Reads the policies folder into core types, and names what is wrong by file and line.

    policies/<school>/school.toml    who is who
    policies/<school>/<policy>.md    a policy, as import wrote it
A folder that holds policies itself, with no school.toml, works too: they belong to school "". A school's
folder without one is a school called like the folder, with nobody in it; doctor says who is missing.
"""

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from bot.core.guides import Guide
from bot.core.people import Holder, Membership, Person, School
from bot.core.policies import Policy
from bot.intake.canonical import CanonicalMistake, parse, write
from bot.intake.files import EVERY
from bot.intake.frontmatter import toml_mistake

_NATIONS = ("england", "wales", "scotland", "northern-ireland")
_SCHOOL = {"id", "name", "nation", "part_of", "roles", "numbers", "people"}
_HOLDER = {"person", "name", "title", "phone", "hours", "deputies"}
_PERSON = {"id", "name", "job", "roles", "manager", "since", "until"}


class LibraryMistake(Exception):
    """What is wrong in the policies folder: the file, its line where known, and one sentence."""

    def __init__(self, file: Path, line: int, sentence: str) -> None:
        place = f"{file}, line {line}" if line else str(file)
        super().__init__(f"{place}: {sentence}")
        self.file, self.line, self.sentence = file, line, sentence


@dataclass(frozen=True)
class Library:
    """Everything the policies folder says. A policy is known by its school and its id."""

    schools: Mapping[str, School] = field(default_factory=dict)
    policies: Mapping[tuple[str, str], Policy] = field(default_factory=dict)
    files: Mapping[tuple[str, str], Path] = field(default_factory=dict)

    def of(self, school: str) -> tuple[Policy, ...]:
        """The policies of one school."""
        return tuple(policy for (owner, _), policy in self.policies.items() if owner == school)


def read_library(folder: Path) -> Library:
    """The schools and policies in a folder, or LibraryMistake."""
    if not folder.is_dir():
        raise LibraryMistake(folder, 0, "there is no such folder of policies")
    schools: dict[str, School] = {}
    policies: dict[tuple[str, str], Policy] = {}
    files: dict[tuple[str, str], Path] = {}
    for place in [folder, *sorted(one for one in folder.iterdir() if one.is_dir())]:
        school = _school_of(place, place == folder)
        if school and school.id in schools:
            raise LibraryMistake(place / "school.toml", 0, f"school id {school.id!r} stands twice")
        if school:
            schools[school.id] = school
        for policy in _policies_of(place, school.id if school else ""):
            policies[policy.school, policy.id] = policy
            files[policy.school, policy.id] = place / f"{policy.id}.md"
    _check_trusts(folder, schools)
    return Library(schools, policies, files)


def check_pins(library: Library, guides: Iterable[Guide]) -> None:
    """LibraryMistake where a policy pins clauses to a leaf that no guide has."""
    leaves = {guide.id: [leaf.id for leaf in guide.leaves] for guide in guides}
    for key, policy in library.policies.items():
        for pin in policy.pins:
            guide, _, leaf = pin.partition(".")
            if leaf in leaves.get(guide, ()):
                continue
            what, known = ("leaf", leaves[guide]) if guide in leaves else ("guide", list(leaves))
            sentence = f"[pins] has {pin!r}, but there is no such {what}; there are: "
            file = library.files.get(key, Path(f"{policy.id}.md"))
            raise LibraryMistake(file, 0, sentence + ", ".join(known))


def by_id(library: Library) -> dict[str, Policy]:
    """Policies by id; where two schools use the same one, by school and id."""
    times = Counter(policy.id for policy in library.policies.values())
    made = [
        replace(p, id=f"{p.school}.{p.id}") if times[p.id] > 1 else p
        for p in library.policies.values()
    ]
    return {policy.id: policy for policy in made}


def _policies_of(place: Path, school: str) -> Iterable[Policy]:
    files = sorted(place.glob("*.md"))
    for file in (one for one in files if one.name.lower() != "readme.md"):
        yield replace(read_policy(file), school=school)


def read_policy(file: Path) -> Policy:
    """One policy file as a policy, or LibraryMistake."""
    try:
        policy = parse(_text(file))
    except CanonicalMistake as error:
        raise LibraryMistake(file, error.line, error.sentence) from error
    if policy.id != file.stem:
        raise LibraryMistake(
            file, 2, f"its id is {policy.id!r}, but the file is called {file.name}"
        )
    if policy.id == EVERY:
        raise LibraryMistake(file, 2, f"{EVERY!r} means every policy at once: give it another id")
    for name, ids in (*policy.pins.items(), *((k, (v,)) for k, v in policy.said.items())):
        for one in ids:
            if one not in policy.by_id:
                raise LibraryMistake(file, 0, f"{name!r} names clause {one!r}, which is not there")
    return policy


def text_of(policy: Policy) -> str:
    """The sha256 of what the policy says: its clauses, labels and facts, not its file or pins."""
    said = replace(policy, source="", source_sha256="", pins={}, school="")
    return hashlib.sha256(write(said).encode()).hexdigest()


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeError as error:
        raise LibraryMistake(file, 0, "it is not UTF-8 text: save it as UTF-8") from error
    except OSError as error:
        raise LibraryMistake(file, 0, f"it cannot be read ({error.strerror})") from error


def _school_of(place: Path, root: bool) -> School | None:
    file = place / "school.toml"
    if file.exists():
        return read_school(file)
    if not root and any(one.name.lower() != "readme.md" for one in place.glob("*.md")):
        return School(place.name, place.name)
    return None


def read_school(file: Path) -> School:
    """One school.toml as a School, or LibraryMistake."""
    text = _text(file)
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        sentence, line = toml_mistake(error)
        raise LibraryMistake(file, line, sentence) from error
    return _Reader(file, text).school(said)


@dataclass(frozen=True)
class _Reader:
    """Reads one school.toml; knows its text so that a mistake can name its line."""

    file: Path
    text: str

    def school(self, said: Mapping[str, Any]) -> School:
        self._only(said, _SCHOOL, "a school")
        id, name = self._text(said, "id", needed=True), self._text(said, "name", needed=True)
        nation = self._text(said, "nation") or "england"
        if nation not in _NATIONS:
            raise self._wrong(f"nation is one of {', '.join(_NATIONS)}", "nation")
        roles = self._table(said, "roles")
        holders = {role: self._holders(role, entry) for role, entry in roles.items()}
        table = self._table(said, "numbers")
        numbers = {key: self._text(table, key) for key in table}
        people = self._people(said.get("people", []), id)
        self._check_managers(people)
        return School(id, name, nation, self._text(said, "part_of"), holders, numbers, people)

    def _holders(self, role: str, entry: object) -> tuple[Holder, ...]:
        """[roles.dsl] with its deputies, or several [[roles.dsl]], the first one first to be told."""
        entries = entry if isinstance(entry, list) else [entry]
        found: list[Holder] = []
        for one in entries:
            if not isinstance(one, dict):
                raise self._wrong(f"role {role!r} should be a table [roles.{role}]", role)
            self._only(one, _HOLDER, f"role {role!r}")
            found.append(self._holder(role, one))
            deputies = one.get("deputies", [])
            if not isinstance(deputies, list) or not all(isinstance(d, dict) for d in deputies):
                raise self._wrong(
                    f"deputies of {role!r} are written [[roles.{role}.deputies]]", role
                )
            for deputy in deputies:
                self._only(deputy, _HOLDER - {"deputies"}, f"a deputy of {role!r}")
                found.append(self._holder(role, deputy))
        return tuple(found)

    def _holder(self, role: str, said: Mapping[str, Any]) -> Holder:
        texts = {key: self._text(said, key) for key in ("title", "phone", "hours")}
        person = self._text(said, "person")
        return Holder(role, person, self._text(said, "name", needed=True), **texts)

    def _people(self, said: object, school: str) -> dict[str, Person]:
        if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
            raise self._wrong("people are written as [[people]] entries", "people")
        found: dict[str, Person] = {}
        for one in said:
            person = self._person(one, school)
            if person.id in found:
                raise self._wrong(f"person {person.id!r} stands twice", person.id)
            found[person.id] = person
        return found

    def _person(self, said: Mapping[str, Any], school: str) -> Person:
        self._only(said, _PERSON, "a person")
        id, name = self._text(said, "id", needed=True), self._text(said, "name", needed=True)
        roles = said.get("roles", ["staff"])
        if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
            raise self._wrong(f'roles of {id!r} should be a list like ["staff"]', id)
        days = {key: self._day(said, key, id) for key in ("since", "until")}
        place = Membership(school, tuple(roles), self._text(said, "manager"), **days)
        return Person(id, name, (place,), self._text(said, "job"))

    def _day(self, said: Mapping[str, Any], key: str, who: str) -> date | None:
        day = said.get(key)
        if day is not None and type(day) is not date:
            raise self._wrong(f"{key} of {who!r} should be a date like 2026-09-01", who)
        return day

    def _check_managers(self, people: Mapping[str, Person]) -> None:
        for person in people.values():
            for place in person.memberships:
                if place.manager and place.manager not in people:
                    sentence = f"the manager of {person.id!r} is {place.manager!r}, who is not here"
                    raise self._wrong(sentence, place.manager)

    def _text(self, said: Mapping[str, Any], key: str, needed: bool = False) -> str:
        found = said.get(key, "")
        if not isinstance(found, str):
            raise self._wrong(f'{key} should be text in "quotes"', key)
        if needed and not found.strip():
            raise self._wrong(f'a line {key} = "..." is missing', "")
        return found

    def _table(self, said: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        found = said.get(key, {})
        if not isinstance(found, dict):
            raise self._wrong(f"{key} should be a table [{key}]", key)
        return found

    def _only(self, said: Mapping[str, Any], known: set[str], what: str) -> None:
        for key in said:
            if key not in known:
                names = ", ".join(sorted(known))
                raise self._wrong(f"{key!r} is nothing {what} has; known are {names}", key)

    def _wrong(self, sentence: str, word: str) -> LibraryMistake:
        lines = self.text.splitlines()
        line = next((n for n, one in enumerate(lines, 1) if word and word in one), 0)
        return LibraryMistake(self.file, line, sentence)


def _check_trusts(folder: Path, schools: Mapping[str, School]) -> None:
    for school in schools.values():
        if school.part_of and school.part_of not in schools:
            sentence = f"{school.id!r} is part_of {school.part_of!r}, which has no folder here"
            raise LibraryMistake(folder, 0, sentence)
