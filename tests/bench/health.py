"""How many faults ``check`` finds, and how many it makes up.

``health.seeds_found``: those that REQUIREMENTS 4.1 to 4.5 ask to be flagged in the five documents, each
read alone. ``health.found`` and ``health.false``: defects planted in the example pack. A flag is false
when it stands on another clause than the planted one, or is of another kind; that one rule contradicts
another is no false alarm where one of them was planted, and where words were taken out (a route, a
role) the kinds of flag that lean on them (FOLLOWS) are not counted.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from bot.checking import imported
from bot.config import ROOT
from bot.conversations import read_conversations
from bot.core.health.check import find
from bot.core.health.data import Health
from bot.core.health.flags import Flag
from bot.core.policies import Policy
from bot.library import read_library
from tests.bench import sets
from tests.bench.figures import Figure, count, share
from tests.bench.planting import FOLLOWS, Planted, innocent, planted

TODAY = date(2026, 11, 20)
RULES = ("contradiction", "scope_clash", "two_policies")
SEEDS = Path(__file__).parent / "health_seeds.jsonl"


def health() -> Iterator[Figure]:
    data = read_conversations(ROOT / "conversations").health
    if sets.shared_is_here():
        yield share("health.seeds_found", [hit for _, hit in seeds(data)])
    library = read_library(ROOT / "policies")
    found, false = planting([*library.policies.values()], data)
    yield share("health.found", [not missed for _, missed in found])
    yield count("health.false", [bool(extra) for extra in false])
    _, false = planting([*library.policies.values()], _unguarded(data))
    yield count("health.false_unguarded", [bool(extra) for extra in false])


def _unguarded(data: Health) -> Health:
    """The same data without the words that turn a finding round ("must not", "before any", ...)."""
    never = re.compile(r"(?!)")
    phrases = {**data.phrases, **dict.fromkeys(("negated", "not_silenced", "elsewhere"), never)}
    practices = tuple(replace(one, unless=never) for one in data.practices)
    laws = tuple(replace(one, unless=never) for one in data.laws)
    return replace(data, phrases=phrases, practices=practices, laws=laws)


def seeds(data: Health) -> list[tuple[sets.Row, bool]]:
    """Each row that is asked for, and whether it was found."""
    told = {path.name[:3]: _alone(imported(path), data) for path in sets.five().values()}
    rows = sets.rows(SEEDS)
    return [(row, _found(row, told[row["policy"]])) for row in rows]


def _found(row: sets.Row, told: set[tuple[str, str]]) -> bool:
    """A label in the rows may be cut short with a star."""
    return any(k == row["kind"] and fnmatchcase(label, row["clause"]) for k, label in told)


def _alone(policy: Policy, data: Health) -> set[tuple[str, str]]:
    flags = find([policy], {}, data, TODAY)
    return {(f.kind, policy.by_id[f.clause].label if f.clause else "") for f in flags}


def planting(
    pack: Sequence[Policy], data: Health
) -> tuple[list[tuple[Planted, bool]], list[tuple[Flag, ...]]]:
    """For each planted defect whether it was missed; for each pack the flags nobody planted."""
    base = set(find(pack, {}, data, TODAY))
    found, false = [], []
    for one in planted(pack, data):
        new = [f for f in find(one.pack, {}, data, TODAY) if f not in base]
        hits = [f for f in new if _is_it(f, one)]
        found.append((one, not hits))
        false.append(tuple(f for f in new if not _may(f, one)))
    false += [find(clean, {}, data, TODAY) for clean in innocent(pack)]
    return found, false


def _is_it(flag: Flag, one: Planted) -> bool:
    if flag.kind != one.kind or flag.policy != one.policy:
        return False
    return not one.touches or bool(_clauses(flag) & one.touches)


def _clauses(flag: Flag) -> set[str]:
    return {flag.clause, *(clause for _, clause in flag.others)}


def _may(flag: Flag, one: Planted) -> bool:
    if _is_it(flag, one) or flag.kind in FOLLOWS.get(one.kind, ()):
        return True
    return flag.kind in RULES and bool(_clauses(flag) & one.touches)
