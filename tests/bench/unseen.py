"""``check`` on policies written before anybody looked at its code or its words.

``tests/bench/blind_health`` holds thirteen policies of nine invented schools, as schools write them, and
in ``expected.jsonl`` what a careful reader would flag: six policies with faults planted in them, seven
clean. ``allowed`` rows may be flagged or not. They were blind once; since then the words of
health.toml have been mended with them in sight, so the figures here guard what was learnt and are no
measure of policies nobody has seen. The first run, blind: 54 of 94 found (two of those
rows were wrong to ask and are allowed now), 12 false flags, three of them "stop".
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


class Compared(NamedTuple):
    """Each row that is asked for and whether it was found; the flags that no row speaks of."""

    rows: list[tuple[sets.Row, bool]]
    false: list[tuple[Flag, str]]


def unseen() -> Iterator[Figure]:
    data = read_conversations(ROOT / "conversations").health
    told = compare(data)
    yield share("health.blind_found", [hit for _, hit in told.rows])
    yield count("health.blind_false", [True for _ in told.false])


def compare(data: Health) -> Compared:
    expected = sets.rows(UNSEEN / "expected.jsonl")
    rows: list[tuple[sets.Row, bool]] = []
    false: list[tuple[Flag, str]] = []
    for school in sorted(one for one in UNSEEN.iterdir() if one.is_dir()):
        mine = [row for row in expected if row["policy"].startswith(f"{school.name}/")]
        policies = _taken_in(school)
        flags = find([*policies.values()], {}, data, TODAY)
        asked = [row for row in mine if not row.get("allowed")]
        rows += [(row, any(_is_it(flag, row, policies) for flag in flags)) for row in asked]
        extra = (f for f in flags if not any(_is_it(f, row, policies) for row in mine))
        false += [(flag, _where(flag, policies)) for flag in extra]
    return Compared(rows, false)


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


def _where(flag: Flag, policies: dict[str, Policy]) -> str:
    policy = policies[flag.policy]
    return policy.by_id[flag.clause].label if flag.clause else ""
