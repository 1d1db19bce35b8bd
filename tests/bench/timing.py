"""What it costs: reading the policies in, and one answer, up to ten thousand clauses."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from unittest.mock import patch

from bot.app import House
from bot.asking import Asker, Clock
from bot.config import ROOT
from bot.core.policies import Policy
from bot.search.asking import read_asking
from bot.search.encoder import Encoder
from bot.search.index import Index
from bot.search.thesaurus import Thesaurus, read_thesaurus
from bot.search.words import stem
from tests.bench import growing, houses, sets
from tests.bench.figures import Figure, measured, percentile
from tests.bench.sets import Row

WARM_UP = 20


# Reading in --------------------------------------------------------------------------------------


def index() -> Iterator[Figure]:
    """Seconds by the clock: import and first start with the five, then a start from kept vectors."""
    with TemporaryDirectory(prefix="policybot-bench-") as folder:
        policies, data = Path(folder, "policies"), Path(folder, "data")
        imported = _seconds(lambda: houses.taken_in(sets.five(), policies))
        first = _seconds(lambda: houses.opened(policies, data))
        yield measured("index.five_s", imported + first)
        yield measured("index.five_cached_s", _seconds(lambda: houses.opened(policies, data)))


def _seconds(work: Callable[[], object]) -> float:
    stem.cache_clear()  # a start finds nothing remembered
    started = perf_counter()
    work()
    return perf_counter() - started


def indexed(
    policies: Sequence[Policy],
    encoder: Encoder | None,
    cache: Path | None,
    thesaurus: Thesaurus | None = None,
) -> Index:
    """The index as app.py makes it, with the installation's thesaurus unless another is given."""
    said = ROOT / "conversations"
    known = read_thesaurus(said / "thesaurus.toml") if thesaurus is None else thesaurus
    return Index(policies, known, read_asking(said / "asking.toml"), encoder, cache)


# Answering ---------------------------------------------------------------------------------------


def cpu() -> Iterator[Figure]:
    """Milliseconds of CPU for the whole answer, with every policy in force for the asker."""
    rows = [{**row, "policy": "cross"} for row in sets.gold("dev") if row["policy"] != "cross"]
    usual = spent(houses.five(), rows)
    yield from _costs("", usual)
    for ending, size in growing.sizes():
        found = spent(of_size(houses.five(), size), rows)
        yield from _costs(f"_{ending}", found)
        growth = percentile(found, 50) / percentile(usual, 50)
        yield measured(f"ask.cpu_growth_{ending}", growth, len(found))


def _costs(ending: str, spent: Sequence[float]) -> Iterator[Figure]:
    yield measured(f"ask.cpu_p50_ms{ending}", percentile(spent, 50), len(spent))
    yield measured(f"ask.cpu_p99_ms{ending}", percentile(spent, 99), len(spent))


def spent(house: House, rows: Sequence[Row]) -> list[float]:
    """CPU milliseconds of each answer, once some have been answered before."""
    asker = Asker(house, Clock(houses.TODAY))

    async def each() -> list[float]:
        return [await _one(asker, row) for row in (*rows[:WARM_UP], *rows)]

    return asyncio.run(each())[WARM_UP:]


async def _one(asker: Asker, row: Row) -> float:
    started = process_time()
    await asker.row(row)
    return (process_time() - started) * 1000


def of_size(house: House, clauses: int) -> House:
    """The same house with made-up policies, so many clauses in all."""
    real = list(house.book.policies.values())
    made = growing.grown(real, clauses)
    vectors = growing.mixing(house.encoder, real)
    index = indexed(made, vectors, None)
    if vectors is not None and house.encoder is not None:
        leaves = [leaf.ask for guide in house.book.guides for leaf in guide.leaves]
        with patch.object(vectors, "embed", house.encoder.embed):
            index.know(leaves, None)
    book = replace(house.book, policies={policy.id: policy for policy in made})
    return replace(house, book=book, index=index)
