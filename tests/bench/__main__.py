"""`python -m tests.bench [PART ...]`: figures on stdout. PARTS below names them all."""

import sys
from collections.abc import Callable, Iterator
from time import perf_counter

from tests.bench import (
    alike,
    enduring,
    gating,
    health,
    houses,
    longest,
    looking,
    outsiders,
    quality,
    reading,
    serving,
    sets,
    slacking,
    taking_in,
    teaming,
    timing,
    unseen,
)
from tests.bench.figures import Figure

PARTS: dict[str, Callable[[], Iterator[Figure]]] = {
    "index": timing.index,
    "intake": taking_in.intake,
    "alike": alike.alike,
    "hostile": enduring.hostile,
    "ask": quality.ask,
    "blind": quality.blind,
    "reading": reading.reading,
    "gate": gating.gate,
    "people": outsiders.people,
    "health": health.health,
    "unseen": unseen.unseen,
    "cpu": timing.cpu,
    "rss": serving.rss,
    "pages": looking.pages,
    "long": longest.long,
    "slack": slacking.slack,
    "teams": teaming.teams,
}
# What needs nothing beside the repository.
ALONE = (
    "alike",
    "hostile",
    "blind",
    "health",
    "unseen",
    "reading",
    "people",
    "rss",
    "pages",
    "long",
)


def main(names: list[str]) -> None:
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        sys.exit(f"{unknown[0]!r} is no part of the bench; there are: {', '.join(PARTS)}")
    for line in _missing():
        _tell(line)
    for name in names or PARTS:
        _run(name)


def _missing() -> Iterator[str]:
    if not sets.shared_is_here():
        yield f"{sets.SHARED} is not there, and all but {' and '.join(ALONE)} needs it."
        yield "Without its scorer a hit goes by label, alias or text, which is a little kinder."
    if not (houses.VAR / "encoder.npz").exists():
        yield "No sentence vectors (run make setup when online): figures by words alone."


def _run(name: str) -> None:
    if name not in ALONE and not sets.shared_is_here():
        return
    started = perf_counter()
    _tell(f"{name} ...")
    for figure in PARTS[name]():
        print(figure.as_json(), flush=True)
    _tell(f"{name}: {perf_counter() - started:.0f} s")


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
