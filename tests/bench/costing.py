"""What an event costs on one of our platforms beside a bare server that sends the same reply.

The two servers take turns, so that what else the machine does falls on both.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeVar

from tests.bench.arrivals import Arrivals
from tests.bench.figures import Figure, measured
from tests.bench.servers import Server, cpu_s

T = TypeVar("T")


@dataclass(frozen=True)
class Spent:
    """``cpu_ms`` for one event, answer and all; ``p99``: milliseconds until one was taken."""

    cpu_ms: float
    p99: float


# Ours and the bare one in the same round.
Pair = tuple[Spent, Spent]


async def spent(
    server: Server, came: Arrivals[Any], events: int, load: Callable[[], Awaitable[float]]
) -> Spent:
    """Until every reply has come: the outbox's work is counted too. ``load`` returns its p99."""
    before, cpu = len(came), cpu_s(server.pid)
    p99 = await load()
    replies = await came.until(before + events) - before
    if replies != events:
        raise AssertionError(f"{replies} replies came to {events} events")
    await asyncio.sleep(0.2)  # marked as sent
    return Spent((cpu_s(server.pid) - cpu) * 1000 / events, p99)


def costs(name: str, pairs: Sequence[Pair], events: int) -> Iterator[Figure]:
    """The ratio of each round, and milliseconds of both: medians, the lowest and the highest."""
    n = len(pairs) * events
    yield from _spread(f"{name}.cpu_ratio", [one.cpu_ms / other.cpu_ms for one, other in pairs], n)
    yield from _spread(f"{name}.cpu_ms", [one.cpu_ms for one, _ in pairs], n)
    yield from _spread(f"{name}.cpu_ms_bare", [other.cpu_ms for _, other in pairs], n)


def _spread(name: str, values: Sequence[float], n: int) -> Iterator[Figure]:
    yield measured(name, median(values), n)
    yield measured(f"{name}_lowest", min(values), n)
    yield measured(f"{name}_highest", max(values), n)
