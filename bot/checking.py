"""``check``: what is wrong with policies, who can settle it, and what to do. One way in for any folder."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from bot.clock import wall_time
from bot.config import Config
from bot.conversations import read_conversations
from bot.core.health import dated
from bot.core.health.check import find
from bot.core.health.data import Health
from bot.core.health.flags import Flag, Told
from bot.core.health.told import all_told
from bot.core.joining import ADDED
from bot.core.people import School, local_day
from bot.core.policies import Policy
from bot.intake.importing import IntakeMistake, corrected, read_source
from bot.intake.source import KINDS, source
from bot.library import (
    Library,
    LibraryMistake,
    by_id,
    read_library,
    read_policy,
    read_school,
)

QUOTED = 90  # letters of a clause: enough to find it by
LAW_AGED = (
    "conversations/law.toml was last looked through on {day}: newer law and guidance may be missed"
    " until somebody holds it against gov.uk and changes its day."
)
MARKS = {"stop": "STOP", "mend": "MEND", "look": "LOOK"}


class CheckMistake(Exception):
    """Nothing could be checked; the sentence says why and what helps."""


@dataclass(frozen=True)
class Checked:
    """Policies by id and what is wrong with them, the gravest first; why documents could not be read."""

    policies: Mapping[str, Policy]
    told: tuple[Told, ...]
    refused: tuple[str, ...] = ()
    law_aged: date | None = (
        None  # the day law.toml was last looked through, where that is a year ago
    )
    unknown: Mapping[str, int] = field(default_factory=dict)  # people without address, by school

    @property
    def stops(self) -> bool:
        return bool(self.refused) or any(one.severity == "stop" for one in self.told)


def check(config: Config, where: Path | None, today: str) -> Checked:
    """A folder of policies, a policy file, or documents nobody has imported yet: one or a folder."""
    health = read_conversations(config.conversations).health
    day = _day(today)
    policies, schools, refused = _read(where or config.policies)
    if not policies and not refused:
        raise CheckMistake(f"There is no policy in {where or config.policies}: name its folder.")
    found = replace(checked(policies, schools, health, day), refused=refused)
    if not (config.slack or config.teams):
        return found
    counts = {school.name: unaddressed(school, day) for school in schools.values()}
    return replace(found, unknown={name: count for name, count in counts.items() if count})


def unaddressed(school: School, today: date) -> int:
    """How many of those who may chat the staff list names without an e-mail address."""
    listed = (one for id, one in school.people.items() if not id.startswith(ADDED))
    return sum(bool(one.at(today)) and not one.emails for one in listed)


def no_address(count: int) -> str:
    people = "1 person has" if count == 1 else f"{count} people have"
    return f"{people} no e-mail address in staff.csv: Slack and Teams know nobody by name alone"


def checked(
    policies: Mapping[str, Policy], schools: Mapping[str, School], health: Health, today: date
) -> Checked:
    flags = find(list(policies.values()), schools, health, today)
    aged = health.law_checked if dated.aged(health, today) else None
    return Checked(policies, all_told(flags, health, policies), law_aged=aged)


def _day(today: str) -> date:
    try:
        return date.fromisoformat(today) if today else local_day(wall_time())
    except ValueError:
        said = f"--today is {today!r}, but a day is written like 2026-11-20"
        raise CheckMistake(said) from None


Readings = tuple[Mapping[str, Policy], Mapping[str, School], tuple[str, ...]]


def _read(where: Path) -> Readings:
    if where.is_file() and where.suffix == ".md" and _is_policy(where):
        policy = read_policy(where)
        return {policy.id: policy}, {}, ()
    if where.is_file():
        policy = imported(where)
        return {policy.id: policy}, {}, ()
    library = _library(where) if _has_policies(where) else Library()
    if library.policies:
        return by_id(library), library.schools, ()
    documents = (
        sorted(one for one in where.iterdir() if _is_document(one)) if where.is_dir() else []
    )
    if not where.is_dir():
        raise CheckMistake(f"There is no file or folder {str(where)!r}: check the name.")
    return _documents(documents)


def _documents(documents: Sequence[Path]) -> Readings:
    """Each document taken in; one that cannot be read keeps nobody from reading the others."""
    found: dict[str, Policy] = {}
    refused = []
    for one in documents:
        name = _name(one, documents)
        try:
            found[name] = imported(one, name)
        except IntakeMistake as mistake:
            refused.append(str(mistake))
    return found, {}, tuple(refused)


def _library(where: Path) -> Library:
    """The policies in a folder; one school's of a trust are read beside its trust's, in the folder above."""
    try:
        return read_library(where)
    except LibraryMistake:
        if not (where / "school.toml").is_file():
            raise
        both = read_library(where.parent)
        school = both.schools[read_school(where / "school.toml").id]
        mine = (school.id, school.part_of)
        return replace(both, policies={k: p for k, p in both.policies.items() if p.school in mine})


def _has_policies(where: Path) -> bool:
    """Whether any file here, or one folder down, is a policy that was imported."""
    files = (*where.glob("*.md"), *where.glob("*/*.md")) if where.is_dir() else ()
    return any(map(_is_policy, files))


def _is_policy(file: Path) -> bool:
    """A policy as import writes it begins with its facts; a document in Markdown does not."""
    with file.open(encoding="utf-8-sig", errors="replace") as text:
        return text.readline().strip() == "+++"


def _is_document(file: Path) -> bool:
    known = file.suffix.lower() in KINDS and file.stem.lower() != "readme"
    return known and file.is_file() and not file.name.startswith((".", "~"))


def _name(file: Path, beside: Sequence[Path]) -> str:
    """What a document is called: its file's name, with the ending where another has the same."""
    alike = sum(one.stem == file.stem for one in beside)
    return file.stem if alike == 1 else file.name


def imported(file: Path, policy_id: str = "") -> Policy:
    """A document taken in, in memory."""
    return corrected(read_source(source(file)), policy_id or file.stem).policy


# For machines ----------------------------------------------------------------------------------------


def as_json(found: Checked) -> str:
    rows = [_row(one, found) for one in found.told]
    rows += [_unread(sentence) for sentence in found.refused]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _unread(sentence: str) -> dict[str, str]:
    """A document nobody could read: a fault of its own, with the same names as the others."""
    names = ("policy", "clause", "clause_id", "why", "do", "who")
    return {**dict.fromkeys(names, ""), "kind": "unread", "severity": "stop", "says": sentence}


def _row(one: Told, found: Checked) -> dict[str, str]:
    flag = one.flag
    return {
        "policy": flag.policy,
        "clause": _label(flag, found),
        "clause_id": flag.clause,
        "kind": flag.kind,
        "severity": one.severity,
        "says": one.says,
        "why": one.why,
        "do": one.do,
        "who": one.who,
    }


def _label(flag: Flag, found: Checked) -> str:
    return found.policies[flag.policy].by_id[flag.clause].label if flag.clause else ""


# For people ------------------------------------------------------------------------------------------


def as_text(found: Checked) -> str:
    """Policy by policy, the gravest first; the same fault in several clauses is told once."""
    lines = [line for policy in found.policies.values() for line in _policy(policy, found)]
    lines += [f"NOT READ  {sentence}" for sentence in found.refused]
    if found.law_aged:
        lines.append(f"LOOK  {LAW_AGED.format(day=found.law_aged)}")
    for school, count in found.unknown.items():
        lines.append(f"LOOK  {school}: {no_address(count)}")
    return "\n".join([*lines, _summary(found)])


def _policy(policy: Policy, found: Checked) -> Iterator[str]:
    mine = [one for one in found.told if one.flag.policy == policy.id]
    yield f"{policy.title} ({policy.id})"
    if not mine:
        yield "  Nothing found."
    for group in _groups(mine):
        first = group[0]
        yield f"  {MARKS[first.severity]}  {first.says}"
        yield from (f"        {_place(one.flag, policy)}" for one in group if one.flag.clause)
        yield f"        Why: {first.why}"
        yield f"        Do: {first.do}"
        yield f"        Who: {first.who}"
    yield ""


def _groups(told: Sequence[Told]) -> list[list[Told]]:
    """Those that say the same, together, in the order of the first of each."""
    groups: dict[tuple[str, str], list[Told]] = {}
    for one in told:
        groups.setdefault((one.flag.kind, one.says), []).append(one)
    return list(groups.values())


def _place(flag: Flag, policy: Policy) -> str:
    clause = policy.by_id[flag.clause]
    short = clause.text if len(clause.text) <= QUOTED else clause.text[:QUOTED].rstrip() + "…"
    return f"{clause.label}: “{short}”"


def _summary(found: Checked) -> str:
    count = {name: sum(one.severity == name for one in found.told) for name in MARKS}
    policies = f"{len(found.policies)} {'policy' if len(found.policies) == 1 else 'policies'}"
    if not found.told:
        return f"{policies} checked: nothing found."
    told = ", ".join(f"{count[name]} to {name}" for name in MARKS if count[name])
    told = told.replace("to stop", "that stop").replace("to look", "to look at")
    return f"{policies} checked: {told}."
