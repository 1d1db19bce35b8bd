"""Houses to ask: policies imported from documents, and the very call ``ask --batch`` makes."""

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from bot import app
from bot.asking import Asker, Clock
from bot.config import ROOT, Config
from bot.core import reading, settled, verdicts
from bot.intake.importing import import_file
from bot.library import read_library
from tests.bench import sets
from tests.bench.sets import Row

VAR = ROOT / "var"
TODAY = date(2026, 11, 20)


@cache
def five() -> app.House:
    """The five policies of the gold."""
    return house(sets.five(), VAR / "bench")


@cache
def others() -> app.House:
    """Two policies of other kinds, written for the blind questions."""
    return house(sets.OTHERS, VAR / "bench")


def house(documents: Mapping[str, Path], data: Path) -> app.House:
    """Documents imported afresh; ``data`` keeps the vectors of what was embedded before."""
    with TemporaryDirectory(prefix="policybot-bench-") as folder:
        taken_in(documents, Path(folder))
        return opened(Path(folder), data)


def taken_in(documents: Mapping[str, Path], into: Path) -> None:
    for policy, path in documents.items():
        import_file(path, policy, "", into)


def opened(policies: Path, data: Path) -> app.House:
    """A house over imported policies, with the installation's encoder where there is one."""
    data.mkdir(parents=True, exist_ok=True)
    own, encoder = data / "encoder.npz", VAR / "encoder.npz"
    if encoder.exists() and not own.exists():
        own.unlink(missing_ok=True)  # it may point to where the repository once was
        os.symlink(encoder, own)
    config = Config(policies, ROOT / "conversations", data, 8080, False, None)
    return app.build(config, read_library(policies))


def asked(house: app.House, rows: Sequence[Row]) -> list[Row]:
    """The rows answered, in their order."""
    asker = Asker(house, Clock(TODAY))

    async def told() -> list[Row]:
        return [await asker.row(row) for row in rows]

    return asyncio.run(told())


def by_rules_only(house: app.House) -> app.House:
    """The same house with nothing in the gate but its rules."""
    return replace(house, leaning=None)


@contextmanager
def guards_off() -> Iterator[None]:
    """Yes wherever the sentence has a word that allows, includes, happens or requires.

    What that costs in wrong Yeses shows whether the guards (bans heard first, conditions, times, whom
    it names, how near it is, what stands close by) do anything.
    """
    with (
        patch.object(settled, "guarded", lambda verdict, *_, **__: verdict),
        patch.object(verdicts, "verdict", _at_its_word),
    ):
        yield


def _at_its_word(asked: reading.Asked, rule: reading.Rule) -> verdicts.Verdict | None:
    """A verdict without any guard."""
    if asked.form in ("act", "who", "when", "what"):
        return "info"
    if rule.permits or rule.covers or rule.happens or rule.requires:
        return "yes"
    return "no" if rule.forbids else None
