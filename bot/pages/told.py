"""What is wrong with policies, put where it is shown: gravest first, at its policy and its clause."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.health.flags import Told
from bot.core.policies import Clause, Policy

GRAVEST = ("stop", "mend", "look")


@dataclass(frozen=True)
class Seen:
    """One flag on one policy's page. ``clause`` is None when it is about the whole policy.

    ``others`` are the clauses on the other side of a contradiction.
    """

    told: Told
    clause: Clause | None = None
    others: tuple[tuple[Policy, Clause], ...] = ()


def seen_of(policy: Policy, flags: Iterable[Told], known: Mapping[str, Policy]) -> list[Seen]:
    """Everything wrong with one policy, gravest first and then in the policy's order.

    A contradiction is shown on both of its sides, though only one carries its flag.
    """
    flags = list(flags)
    own = [t for t in flags if t.flag.policy == policy.id]
    carried = {(t.flag.kind, t.flag.clause) for t in own}
    found = [Seen(t, policy.by_id.get(t.flag.clause), _others(t, known)) for t in own]
    for told in flags:
        for other, clause in told.flag.others if told.flag.policy != policy.id else ():
            if other == policy.id and (told.flag.kind, clause) not in carried:
                found.append(Seen(told, policy.by_id.get(clause), _far_side(told, known)))
    order = {clause.id: place for place, clause in enumerate(policy.clauses)}
    return sorted(found, key=lambda seen: (_grave(seen.told), _place(seen, order)))


def at_clauses(seen: Iterable[Seen]) -> dict[str, list[Seen]]:
    """By clause id, what is wrong there."""
    found: dict[str, list[Seen]] = {}
    for one in seen:
        if one.clause:
            found.setdefault(one.clause.id, []).append(one)
    return found


def counted(seen: Iterable[Seen]) -> list[tuple[str, int]]:
    """How many of each severity, gravest first, none that is nought."""
    found = Counter(one.told.severity for one in seen)
    return [(severity, found[severity]) for severity in GRAVEST if found[severity]]


def _grave(told: Told) -> int:
    return GRAVEST.index(told.severity) if told.severity in GRAVEST else len(GRAVEST)


def _place(seen: Seen, order: Mapping[str, int]) -> int:
    return order.get(seen.clause.id, -1) if seen.clause else -1


def _others(told: Told, known: Mapping[str, Policy]) -> tuple[tuple[Policy, Clause], ...]:
    return _clauses(told.flag.others, known)


def _far_side(told: Told, known: Mapping[str, Policy]) -> tuple[tuple[Policy, Clause], ...]:
    return _clauses([(told.flag.policy, told.flag.clause)], known)


def _clauses(
    pairs: Sequence[tuple[str, str]], known: Mapping[str, Policy]
) -> tuple[tuple[Policy, Clause], ...]:
    return tuple(
        (known[policy], known[policy].by_id[clause])
        for policy, clause in pairs
        if policy in known and clause in known[policy].by_id
    )
