"""``check`` on policies written before anybody looked at its code or its words.

``tests/bench/blind_health`` holds nineteen policies of fifteen invented schools, as schools write them,
and in ``expected.jsonl`` what a careful reader would flag. ``allowed`` rows may be flagged or not. They
were blind once. The first thirteen, by somebody who had read neither the code nor the words: 54 of 94
faults found, 12 false flags, three of them "stop" (two of the rows were wrong to ask, and are allowed now).
Three more, written once the words had been mended and run once as they were: 20 of 29 found, 7 false;
then two more: 12 of 27, 2 false, none of them on the clean one. Since then the words have been mended with
all of them in sight: the figures here guard what was learnt, and are no measure of a policy that nobody has
seen.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from bot.checking import imported
from bot.config import ROOT
from bot.conversations import read_conversations
from bot.core.health.check import find
from bot.core.health.data import Health
from bot.core.health.flags import Flag
from bot.core.policies import Policy
from tests.bench import sets
from tests.bench.figures import Figure, count, share

TODAY = date(2026, 11, 20)
UNSEEN = Path(__file__).parent / "blind_health"


class Seen(NamedTuple):
    """A flag, the label it stands on, and whether no row speaks of it."""

    flag: Flag
    label: str
    false: bool


class Compared(NamedTuple):
    """Each row that is asked for and whether it was found; every flag."""

    rows: list[tuple[sets.Row, bool]]
    flags: list[Seen]


def unseen() -> Iterator[Figure]:
    data = read_conversations(ROOT / "conversations").health
    told = compare(data)
    yield share("health.blind_found", [hit for _, hit in told.rows])
    yield count("health.blind_false", [one.false for one in told.flags])


def compare(data: Health) -> Compared:
    """What ``check`` finds in each school's policies, held against the rows."""
    expected = sets.rows(UNSEEN / "expected.jsonl")
    rows: list[tuple[sets.Row, bool]] = []
    seen: list[Seen] = []
    for school in sorted(one for one in UNSEEN.iterdir() if one.is_dir()):
        mine = [row for row in expected if row["policy"].startswith(f"{school.name}/")]
        policies = _taken_in(school)
        flags = find([*policies.values()], {}, data, TODAY)
        asked = [row for row in mine if not row.get("allowed")]
        rows += [(row, any(_is_it(flag, row, policies) for flag in flags)) for row in asked]
        for flag in flags:
            told = any(_is_it(flag, row, policies) for row in mine)
            seen.append(Seen(flag, _label(flag, policies), not told))
    return Compared(rows, seen)


def _taken_in(school: Path) -> dict[str, Policy]:
    return {path.stem: imported(path) for path in sorted(school.glob("*.txt"))}


def _is_it(flag: Flag, row: sets.Row, policies: dict[str, Policy]) -> bool:
    """Of the kind asked for, and on the clause with these words or with it on the other side."""
    if flag.kind not in row["kinds"]:
        return False
    name = row["policy"].partition("/")[2]
    sides = ((flag.policy, flag.clause), *flag.others)
    return any(
        policy == name and row["words"] in _text(policies[policy], id) for policy, id in sides
    )


def _text(policy: Policy, clause: str) -> str:
    return policy.by_id[clause].text if clause else ""


def _label(flag: Flag, policies: dict[str, Policy]) -> str:
    policy = policies[flag.policy]
    return policy.by_id[flag.clause].label if flag.clause else ""
