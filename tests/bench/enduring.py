"""How import stands hostile files: the real command on each, with its time, memory and what it wrote."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.config import ROOT
from tests.bench.figures import Figure, count, measured
from tests.intake.hostile import HOSTILE, made

MOST_S = 2.0
MOST_MB = 200.0
PATIENCE_S = 20.0  # then it hangs, and is stopped
GUARDED = ("bot", "import")
UNGUARDED = ("tests.bench.unguarded",)


@dataclass(frozen=True)
class Ran:
    """One import: seconds by the clock, megabytes at the most in any of its processes, what it did."""

    seconds: float
    megabytes: float
    code: int
    said: str
    wrote: tuple[str, ...]

    def failings(self) -> list[str]:
        """What is wrong with how it went; a file that is merely odd may be taken in."""
        found = ["hangs"] * (self.seconds > MOST_S) + ["swells"] * (self.megabytes > MOST_MB)
        if (
            self.code < 0
            or "Traceback" in self.said
            or len(self.said.splitlines()) != bool(self.code)
        ):
            found.append("crashes")
        return found + ["writes"] * (self.wrote != (("into/x.md",) if not self.code else ()))


def hostile() -> Iterator[Figure]:
    """Files that do harm: through the command, then with neither limits nor looks from outside."""
    for ending, command in (("", GUARDED), ("_unguarded", UNGUARDED)):
        runs = {name: _runs(name, command) for name in HOSTILE}
        ran = {name: min(ones, key=lambda one: one.seconds) for name, ones in runs.items()}
        slowest = max(one.seconds for ones in runs.values() for one in ones)
        for name, one in ran.items():
            if not ending and one.failings():
                print(f"{name} {' and '.join(one.failings())}: {one}", file=sys.stderr)
        yield count(f"intake.hostile_passed{ending}", [bool(r.failings()) for r in ran.values()])
        yield measured(f"intake.hostile_s{ending}", max(r.seconds for r in ran.values()), len(ran))
        yield measured(f"intake.hostile_slowest_s{ending}", slowest, sum(map(len, runs.values())))
        yield measured(
            f"intake.hostile_mb{ending}", max(r.megabytes for r in ran.values()), len(ran)
        )


def _runs(name: str, command: Sequence[str]) -> list[Ran]:
    """Up to three where the guarded command is slow: others may use this machine just now."""
    ran = [run(name, command)]
    most = 3 if command is GUARDED else 1
    while len(ran) < most and min(one.seconds for one in ran) > MOST_S:
        ran.append(run(name, command))
    return ran


def run(name: str, command: Sequence[str]) -> Ran:
    """One hostile file through a command, in a folder of its own."""
    with TemporaryDirectory(prefix="policybot-bench-") as folder:
        file = Path(folder, HOSTILE[name].file)
        file.write_bytes(made(name))
        words = [sys.executable, "-m", *command, str(file), "--id", "x", "--into", f"{folder}/into"]
        told = subprocess.run(
            [sys.executable, "-m", "tests.bench.watched", str(PATIENCE_S), *words],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": folder},
            stdout=subprocess.PIPE,
            check=True,
        )
        there = (
            one.relative_to(folder).as_posix() for one in Path(folder).rglob("*") if one.is_file()
        )
        wrote = tuple(sorted(one for one in there if one != file.name))
        return Ran(**json.loads(told.stdout), wrote=wrote)
