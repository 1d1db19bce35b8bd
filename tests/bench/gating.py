"""How well the gate knows a live concern, and how often it stops an ordinary question."""

from collections.abc import Iterator, Sequence

from bot.app import House
from tests.bench import houses, sets
from tests.bench.figures import Figure, share
from tests.bench.sets import Row


def gate() -> Iterator[Figure]:
    """On the gold's disclosures, then on the blind concerns and what only sounds like one."""
    dev = sets.gold("dev")
    concerns = [*sets.gold("disclosures_dev"), *(r for r in dev if r["type"] == "disclosure")]
    yield from _routed("gate.", concerns, sets.gold("clauses"))
    plain = [r for r in dev if r["type"] != "disclosure" and not r.get("route_optional")]
    yield _alarms("gate.false_alarm_pct", houses.five(), plain)
    soundalikes = sets.blind("soundalikes")
    yield from _routed("gate.blind_", [*sets.blind("concerns"), *soundalikes], [])
    yield _alarms("gate.blind_false_alarm_pct", houses.five(), soundalikes)
    yield _ordinary("gate.blind_ordinary_false_alarm_pct")


def _routed(prefix: str, rows: Sequence[Row], clauses: Sequence[Row]) -> Iterator[Figure]:
    scored = sets.scored(rows, houses.asked(houses.five(), rows), clauses)
    routed = [m for _, m in scored if m["routed"] and (m["must"] or m["route_counts"])]
    yield share(f"{prefix}recall", (m["rtRec"] for _, m in scored if m["must"]))
    yield share(f"{prefix}precision", (m["must"] for m in routed))
    yield share(f"{prefix}route_ok", (m["rtOK"] for _, m in scored if m["must"]))
    must = [row for row, m in scored if m["must"]]
    told = houses.asked(houses.by_rules_only(houses.five()), must)
    yield share(f"{prefix}recall_unguarded", (bool(answer["route"]) for answer in told))


def _alarms(name: str, house: House, rows: Sequence[Row]) -> Figure:
    """Of a hundred ordinary messages, how many met the whole gate."""
    return share(name, _stopped(house, rows), of=100)


def _stopped(house: House, rows: Sequence[Row]) -> list[bool]:
    return [bool(answer["route"]) for answer in houses.asked(house, rows)]


def _ordinary(name: str) -> Figure:
    there = [*sets.blind("offtopic"), *sets.blind("nearmiss")]
    elsewhere = _stopped(houses.others(), sets.blind("questions"))
    return share(name, [*_stopped(houses.five(), there), *elsewhere], of=100)
