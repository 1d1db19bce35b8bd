"""Reads the policies folder into core types, and names what is wrong by file and line.

    policies/<school>/school.toml    who is who
    policies/<school>/staff.csv      who may chat
    policies/<school>/<policy>.md    a policy, as import wrote it
A folder that holds policies itself, with no school.toml, works too: they belong to school "". A school's
folder without one is a school called like the folder, with nobody in it; doctor says who is missing.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.core.guides import Guide
from bot.core.people import School
from bot.core.policies import Policy
from bot.intake.canonical import CanonicalMistake, parse, write
from bot.intake.files import EVERY
from bot.schools.mistakes import LibraryMistake
from bot.schools.school_file import check_addresses, read_school
from bot.schools.staff_list import STAFF_LIST, read_staff
from bot.schools.text import text_of_file

__all__ = ["Library", "LibraryMistake", "read_library", "read_policy", "read_school", "text_of"]


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
    places: dict[Path, School] = {}
    policies: dict[tuple[str, str], Policy] = {}
    files: dict[tuple[str, str], Path] = {}
    for place in [folder, *sorted(one for one in folder.iterdir() if one.is_dir())]:
        school = _school_of(place, place == folder)
        if school and school.id in schools:
            raise LibraryMistake(place / "school.toml", 0, f"school id {school.id!r} stands twice")
        if school:
            schools[school.id] = places[place] = school
        for policy in _policies_of(place, school.id if school else ""):
            policies[policy.school, policy.id] = policy
            files[policy.school, policy.id] = place / f"{policy.id}.md"
    check_addresses(places)
    return Library(_with_trusts(folder, schools), policies, files)


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
        policy = parse(text_of_file(file))
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


def _school_of(place: Path, root: bool) -> School | None:
    file = place / "school.toml"
    if file.exists():
        return read_school(file)
    if not root and any(one.name.lower() != "readme.md" for one in place.glob("*.md")):
        staff = place / STAFF_LIST
        people = read_staff(staff, place.name) if staff.exists() else {}
        return School(place.name, place.name, people=people)
    return None


def _with_trusts(folder: Path, schools: Mapping[str, School]) -> dict[str, School]:
    """The schools; a role or number that a school has not filled is its trust's."""
    return {id: _with_trust(folder, school, schools) for id, school in schools.items()}


def _with_trust(folder: Path, school: School, schools: Mapping[str, School]) -> School:
    if not school.part_of:
        return school
    trust = schools.get(school.part_of)
    if trust is None:
        sentence = f"{school.id!r} is part_of {school.part_of!r}, which has no folder here"
        raise LibraryMistake(folder, 0, sentence)
    return replace(
        school,
        holders={**trust.holders, **school.holders},
        numbers={**trust.numbers, **school.numbers},
        checked={**trust.checked, **school.checked},
        routes={**trust.routes, **school.routes},
        calendar=school.calendar or trust.calendar,
    )
