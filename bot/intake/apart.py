"""Readers of foreign formats in a process of their own, with little memory and little time.

A document comes from anywhere, and its reader is a large library: whatever goes wrong in there, this
process stays well and says one sentence. The child is told the format and the name, reads the bytes from
stdin and prints one line of JSON.

Time is counted in the child's own CPU seconds, so that a busy machine refuses nothing a quiet one reads:
START seconds, and one more for every PER_SECOND pages it says it has read.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from bot.intake.document import MOST_PAGES, Document, Dropped, Line
from bot.intake.read import IntakeMistake

# A reader is ready after 0.1 s and reads a policy of ten pages in 0.3 s; with the command around it a
# file that keeps its reader busy is refused in under 2 s by the clock.
START = 1.2
# Readers manage 60 pages a second and more. A third of that leaves room for slow machines.
PER_SECOND = 20
MOST_LINES = 12_000  # as for plain text: each costs the rest of the import some time
MEMORY = 400 * 1024 * 1024  # of addresses, libraries too
# What is read and made of it; with the libraries' own 40 MB it stays below 200 MB.
DATA = 150 * 1024 * 1024
WALL = 60.0  # a child that sleeps uses no CPU
_ROOT = Path(__file__).parent.parent.parent
_TOO_MUCH = (signal.SIGPROF, signal.SIGXCPU, signal.SIGKILL)


def read_apart(kind: str, name: str, raw: bytes) -> Document:
    """The document in ``raw``, read by formats/<kind>.py in a child; IntakeMistake when that fails."""
    with tempfile.TemporaryFile() as handed:
        handed.write(raw)
        handed.seek(0)
        try:
            child = subprocess.run(
                [sys.executable, "-m", "bot.intake.apart", kind, name],
                stdin=handed,
                capture_output=True,
                cwd=_ROOT,
                env={"PATH": os.defpath, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"},
                timeout=WALL,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise _unreadable(name, "takes too long to read") from error
    if -child.returncode in _TOO_MUCH:
        raise _unreadable(name, "takes too long to read")
    try:
        said = json.loads(child.stdout)
        if "mistake" in said:
            raise IntakeMistake(said["mistake"])
        return _document(said)
    except (ValueError, TypeError, KeyError) as error:
        raise _unreadable(name, "is damaged or was made to do harm") from error


def _unreadable(name: str, what: str) -> IntakeMistake:
    return IntakeMistake(
        f"{name} {what}: open it in your word processor, save it again under a new name and import that."
    )


def _document(said: dict[str, list[dict[str, object]]]) -> Document:
    lines = [Line(**{**one, "cells": tuple(one["cells"])}) for one in said["lines"]]  # type: ignore[arg-type]
    dropped = [Dropped(**one) for one in said["dropped"]]  # type: ignore[arg-type]
    return Document(lines, dropped, said["unit"])  # type: ignore[arg-type]


# In the child ---------------------------------------------------------------------------------------


def _limited(name: str) -> Callable[[int], None]:
    """Set the limits; the function a reader calls with the number of pages it has read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_DATA, (DATA, DATA))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes nothing but its answer
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_PROF, START)

    def progress(pages: int) -> None:
        if pages > MOST_PAGES:
            raise IntakeMistake(f"{name} has more than {MOST_PAGES} pages: is it a policy?")
        used = resource.getrusage(resource.RUSAGE_SELF)
        left = START + pages / PER_SECOND - used.ru_utime - used.ru_stime
        signal.setitimer(signal.ITIMER_PROF, max(left, 0.001))

    return progress


def _answer(kind: str, name: str, raw: bytes) -> dict[str, object]:
    progress = _limited(name)
    try:
        document = import_module(f"bot.intake.formats.{kind}").read(name, raw, progress)
    except IntakeMistake as mistake:
        return {"mistake": str(mistake)}
    except MemoryError:
        return {"mistake": str(_unreadable(name, "needs more memory than a policy should"))}
    except Exception:
        return {"mistake": str(_unreadable(name, "is damaged"))}
    if len(document.lines) > MOST_LINES:
        return {"mistake": f"{name} has more than {MOST_LINES:,} lines: is it a policy?"}
    return {
        "lines": [vars(line) for line in document.lines],
        "dropped": [vars(one) for one in document.dropped],
        "unit": document.unit,
    }


if __name__ == "__main__":
    _said = json.dumps(
        _answer(sys.argv[1], sys.argv[2], sys.stdin.buffer.read()), ensure_ascii=False
    )
    sys.stdout.buffer.write(_said.encode("utf-8", "replace"))
