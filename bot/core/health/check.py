"""Every flag of some policies on a day: all finders run, the gravest first."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import get_args

from bot.core.health import (
    clashes,
    dated,
    dates,
    linked,
    opposed,
    pointers,
    practice,
    routes,
    unfinished,
)
from bot.core.health.data import Health
from bot.core.health.flags import Flag
from bot.core.health.kinds import Severity
from bot.core.health.reads import Read
from bot.core.people import School
from bot.core.policies import Policy

_ALONE = (
    *(dates.unrecorded, dates.review_clash),
    *(unfinished.alternatives, unfinished.open_choices, unfinished.blanks, unfinished.slashes),
    *(unfinished.template, unfinished.unsigned, unfinished.garbled),
    *(pointers.links, pointers.dangling, pointers.wrong_sections),
    *(dated.figures, practice.practices, practice.silencing),
    *(routes.unrouted, routes.to_nobody, routes.audience),
)
_ON_A_DAY = (dated.laws, dated.platforms)


def find(
    policies: Sequence[Policy], schools: Mapping[str, School], health: Health, today: date
) -> tuple[Flag, ...]:
    """What is wrong with these policies. Those of one school, of its trust and of no school are read
    beside each other. The order of ``policies`` makes no difference."""
    reads = sorted((Read(policy) for policy in policies), key=lambda one: one.policy.id)
    found = list(dict.fromkeys(_all(reads, schools, health, today)))
    places = {(one.policy.id, c.id): n for one in reads for n, c in enumerate(one.policy.clauses)}
    grave = {name: rank for rank, name in enumerate(get_args(Severity))}

    def order(flag: Flag) -> tuple[int, str, int, str]:
        place = places.get((flag.policy, flag.clause), -1)
        return grave[health.kinds[flag.kind].severity], flag.policy, place, flag.kind

    return tuple(sorted(found, key=order))


def _all(
    reads: Sequence[Read], schools: Mapping[str, School], health: Health, today: date
) -> Iterator[Flag]:
    stands = clashes.all_stands(reads, health.topics)
    for read in reads:
        beside = [one for one in reads if one is not read and _together(one, read, schools)]
        yield from dates.stale(read, health, today)
        for finder in _ALONE:
            yield from finder(read, health)
        for dated_finder in _ON_A_DAY:
            yield from dated_finder(read, health, today)
        yield from _contradictions(read, health, stands)
        yield from linked.not_loaded(read, [one.policy for one in beside], health)
        yield from routes.above_the_head(read, beside, health)
    for one, other in combinations(reads, 2):
        if _together(one, other, schools):
            pair = (one.policy.id, other.policy.id)
            yield from clashes.between(*pair, health.topics, stands)


def _contradictions(read: Read, health: Health, stands: clashes.Stands) -> Iterator[Flag]:
    """By topic, then of the same words; a pair is told once."""
    told = list(clashes.inside(read.policy.id, health.topics, stands))
    yield from told
    known = [{one.clause, *(clause for _, clause in one.others)} for one in told]
    for flag in opposed.opposed(read, health):
        if not any({flag.clause, flag.others[0][1]} <= pair for pair in known):
            yield flag


def _together(one: Read, other: Read, schools: Mapping[str, School]) -> bool:
    """Whether somebody at one school is bound by both."""
    a, b = one.policy.school, other.policy.school
    if a == b or "" in (a, b):
        return True
    trusts = {schools[s].part_of for s in (a, b) if s in schools}
    return bool(trusts & {a, b})


def touching(
    flags: Sequence[Flag], cited: Sequence[tuple[str, str]], policies: Sequence[str], health: Health
) -> tuple[Flag, ...]:
    """The flags with a banner that an answer shows: those of its policies, and those on its clauses or
    with one of these on their other side."""
    shown = set(cited)

    def touches(flag: Flag) -> bool:
        kind = health.kinds[flag.kind]
        if kind.everywhere:
            return flag.policy in policies
        return (flag.policy, flag.clause) in shown or any(one in shown for one in flag.others)

    return tuple(one for one in flags if health.kinds[one.kind].banner and touches(one))
