"""How exactly import takes in a document: against the labels and texts a person wrote down."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.app import House
from bot.core.policies import Policy
from tests.bench import houses, sets
from tests.bench.figures import Figure, share
from tests.bench.sets import Row


def intake() -> Iterator[Figure]:
    """Each of the five by its document's number, all five, then the two of other kinds."""
    yield from _all("intake.", houses.five(), sets.five(), sets.gold("clauses"))
    yield from _all("intake.blind_", houses.others(), sets.OTHERS, sets.blind_clauses())


def _all(
    prefix: str, house: House, documents: Mapping[str, Path], clauses: Sequence[Row]
) -> Iterator[Figure]:
    told = {policy: _read(house.book.policies[policy], clauses) for policy in documents}
    for kind in ("labels_ok", "texts_ok"):
        for policy, found in told.items():
            yield share(f"{prefix}{kind}_{documents[policy].stem.partition('_')[0]}", found[kind])
        yield share(f"{prefix}{kind}", [one for found in told.values() for one in found[kind]])


def _read(policy: Policy, clauses: Sequence[Row]) -> dict[str, list[bool]]:
    """For each clause a person found: is its text a clause here, and is that one called so?"""
    known = sets.resolver(clauses)
    labels: dict[str, set[object]] = {}
    for clause in policy.clauses:
        labels.setdefault(_plain(clause.text), set()).add(known(policy.id, clause.label))
    wanted = [row for row in clauses if row["policy"] == policy.id]
    return {
        "labels_ok": [row["clause"] in labels.get(_plain(row["text"]), ()) for row in wanted],
        "texts_ok": [_plain(row["text"]) in labels for row in wanted],
    }


def _plain(text: str) -> str:
    """Tags gone, quotes straight: what the gold leaves to each reader."""
    straight = re.sub(r"</?[a-z]+>", " ", text).replace("’", "'").replace("‘", "'")
    return sets.folded(straight.replace("“", '"').replace("”", '"'))
