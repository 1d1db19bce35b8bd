"""Figures, one JSON line each; a share comes with its Wilson interval (95 %)."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

_Z = 1.96


@dataclass(frozen=True)
class Figure:
    """``value`` is None where nothing was there to measure. Only shares have ``low``, ``high``."""

    figure: str
    value: float | None
    n: int
    low: float | None = None
    high: float | None = None

    def as_json(self) -> str:
        return json.dumps(asdict(self))


def share(name: str, hits: Iterable[float | bool], of: float = 1.0) -> Figure:
    """How many of them hold, as a share; as a percentage where ``of`` is 100."""
    found = [float(hit) for hit in hits]
    if not found:
        return Figure(name, None, 0)
    value = sum(found) / len(found)
    low, high = (round(of * end, 4) for end in wilson(value, len(found)))
    return Figure(name, round(of * value, 4), len(found), low, high)


def wilson(share: float, n: int) -> tuple[float, float]:
    """Where the true share lies, so far as ``n`` rows can say."""
    square = _Z * _Z
    middle = share + square / (2 * n)
    half = _Z * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return (middle - half) / (1 + square / n), (middle + half) / (1 + square / n)


def mean(name: str, values: Iterable[float]) -> Figure:
    found = list(values)
    return Figure(name, round(sum(found) / len(found), 4) if found else None, len(found))


def count(name: str, hits: Iterable[bool]) -> Figure:
    """How many hold, of ``n``."""
    found = list(hits)
    return Figure(name, sum(found), len(found))


def measured(name: str, value: float, n: int = 1) -> Figure:
    return Figure(name, round(value, 3), n)


def percentile(values: Sequence[float], of_100: float) -> float:
    """The value that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * of_100 / 100) - 1)]
