"""A server in a process of its own: started, asked what it costs, ended."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError

from bot.config import ROOT

PATIENCE_S = 180
_OURS = ("POLICIES_DIR", "CONVERSATIONS_DIR", "KEK_FILE", "OPENBLAS_NUM_THREADS")
_TICKS = os.sysconf("SC_CLK_TCK")
WEIGHTS = ROOT / "var" / "encoder.npz"


@dataclass(frozen=True)
class Server:
    """``data`` is the folder with its records."""

    port: int
    pid: int
    data: Path


@asynccontextmanager
async def serving(words: Sequence[str], **env: str) -> AsyncIterator[Server]:
    """A module of the bench with these words and a port, with records of its own; with vectors where
    there are any."""
    port = free_port()
    with TemporaryDirectory(prefix="policybot-bench-") as data:
        if WEIGHTS.exists():
            os.symlink(WEIGHTS, Path(data, "encoder.npz"))
        starting = running(["-m", *words, str(port)], port, {"DATA_DIR": data, **env})
        process = await asyncio.to_thread(starting.__enter__)
        try:
            yield Server(port, process.pid, Path(data))
        finally:
            await asyncio.to_thread(starting.__exit__, None, None, None)


@contextmanager
def running(
    command: list[str], port: int, env: Mapping[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    """``python`` with this command while it listens on this port, with these settings and no others."""
    kept = {name: value for name, value in os.environ.items() if name not in _OURS}
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env={**kept, **env}, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(process, port)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise URLError("the server did not start")


def resident_mb(pid: int) -> float:
    told = Path(f"/proc/{pid}/status")
    if told.exists():
        line = next(n for n in told.read_text().splitlines() if n.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024
    asked = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=True)
    return int(asked.stdout) / 1024


def cpu_s(pid: int) -> float:
    """Seconds of CPU a process has used, in it and in the kernel for it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
