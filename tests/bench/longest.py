"""What one message of 20,000 characters costs at most: the gate's reading, and every phrase pattern."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from time import perf_counter
from typing import Any

from bot.core.gate import read
from bot.core.phrases import plain
from tests.bench.figures import Figure, measured
from tests.helpers import house, real_guides, records, words

MOST = 20_000
LONG = {
    "one long word": "a" * MOST,
    "one word": "pupil " * 3_300,
    "stops": "." * MOST,
    "half a disclosure": "told me she said i im he has " * 700,
    "small words": "my a the one some of our " * 800,
    "a rule": "staff should set privacy controls on any private account. " * 340,
    "unknown words": " ".join(
        f"w{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}qzx{chr(97 + n // 676)}jk" for n in range(2000)
    ),
    "other alphabets": "é🔪 рirил " * 2_000,
    "a pattern": "aaaaaaab" * 2_500,
    "words of phrases": "do use my photo of pupil on app to parent from friend with " * 340,
    "the same opening": "friend " * 2_858,
    "digits": "y9 " * 6_667,
    "spaces": " " * MOST,
    "combining": "e\u0301" * 10_000,
}


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern made of phrases that a school may edit, by name."""
    yield from _parts("words", words())
    for kind in records().kinds:
        yield from ((f"{kind.id}.asks", kind.asks), (f"{kind.id}.unless", kind.unless))
    yield from ((f"roles.{role}", found) for role, found in records().roles.items())
    for guide in real_guides():
        yield from ((f"{guide.id}.starts", guide.starts), (f"{guide.id}.unless", guide.unless))
        for leaf in guide.leaves:
            yield from ((f"{guide.id}.{leaf.id}", need) for need in leaf.needs)


def _parts(name: str, value: Any) -> Iterator[tuple[str, re.Pattern[str]]]:
    """The patterns in a dataclass, however deep they lie, so that a new one is not forgotten."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _parts(f"{name}.{key}", part)
    elif isinstance(value, tuple | list):
        for place, part in enumerate(value):
            yield from _parts(f"{name}.{place}", part)
    elif hasattr(value, "__dataclass_fields__"):
        for one in fields(value):
            yield from _parts(f"{name}.{one.name}", getattr(value, one.name))


def long() -> Iterator[Figure]:
    """Milliseconds by the clock, of the slowest text; for patterns of the slowest pattern too."""
    gate = house().gate
    texts = [text[:MOST] for text in LONG.values()]
    yield measured("long.gate_ms", max(_ms(lambda t=t: read(gate, t, {})) for t in texts))
    said = [plain(text) for text in texts]
    slowest = max(_ms(lambda t=t, p=p: p.search(t)) for t in said for _, p in patterns())
    yield measured("long.phrase_ms", slowest)


def _ms(work: Any) -> float:
    started = perf_counter()
    work()
    return (perf_counter() - started) * 1000
