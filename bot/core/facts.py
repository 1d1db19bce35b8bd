"""Facts of record: what a policy's front matter or school.toml says, and which of the two says it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.people import School
from bot.core.phrases import Families, listed, pattern
from bot.core.policies import Policy


@dataclass(frozen=True)
class Record:
    id: str
    asks: re.Pattern[str]
    unless: re.Pattern[str]


@dataclass(frozen=True)
class Records:
    kinds: tuple[Record, ...]
    roles: Mapping[str, re.Pattern[str]]
    beside_number: frozenset[str] = frozenset()


def records_from(data: Mapping[str, Any], families: Families) -> Records:
    """Compile records.toml. Its roles are the family "role" of its own phrases."""
    roles: dict[str, tuple[str, ...]] = {r: listed(ps) for r, ps in data["roles"].items()}
    known = {**families, "role": tuple(p for phrases in roles.values() for p in phrases)}
    kinds = tuple(_record(row, known) for row in data["record"])
    named = {role: pattern(phrases, known) for role, phrases in roles.items()}
    return Records(kinds, named, frozenset(listed(data["numbered"]["words"])))


def _record(row: Mapping[str, Any], known: Families) -> Record:
    unless = pattern(listed(row.get("unless", ())), known)
    return Record(row["id"], pattern(listed(row["asks"]), known), unless)


@dataclass(frozen=True)
class Asked:
    """A question of record: which kind, and for "holder" which role."""

    kind: str
    role: str = ""


def asked_of(records: Records, said: str) -> Asked | None:
    """What fact of record the plain text asks for, or None when it asks for none."""
    for kind in records.kinds:
        if kind.asks.search(said) and not kind.unless.search(said):
            return Asked(kind.id, role_named(records, said) if kind.id == "holder" else "")
    return None


def role_named(records: Records, said: str) -> str:
    """The role with the longest name in the plain text, or "": "deputy dsl" rather than "dsl"."""
    found = [
        (m.end() - m.start(), role) for role, p in records.roles.items() if (m := p.search(said))
    ]
    return max(found)[1] if found else ""


@dataclass(frozen=True)
class Fact:
    """What a policy says of itself: the value, and the id of the clause that says it if one does."""

    policy: str
    value: str
    clause: str = ""


def policy_fact(policy: Policy, kind: str) -> Fact | None:
    """One front-matter value as a Fact, or None when the policy does not say."""
    value = {
        "review_due": policy.review_due,
        "approver": policy.approver,
        "approved": policy.approved,
        "version": policy.version,
        "owner": policy.owner,
        "current": policy.replaced_on or policy.replaced_by or policy.review_due,
    }.get(kind, "")
    if not value:
        return None
    fields = {"current": ("replaced_on", "replaced_by", "review_due")}.get(kind, (kind,))
    said = next((policy.said[name] for name in fields if name in policy.said), "")
    return Fact(policy.id, value, said)


def holders(schools: Sequence[School], role: str) -> bool:
    """Whether any school names somebody for the role."""
    return any(school.holder(role) or school.numbers.get(role) for school in schools)
