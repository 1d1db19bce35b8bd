"""Programs beside a test: started with their output in a file, ended by their own pid."""

import asyncio
import random
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import aiohttp

T = TypeVar("T")
PATIENCE = 60.0  # seconds: far more than anything here takes, even four bots starting at once


class TooLong(Exception):
    """Something that was waited for did not come."""


async def until(ask: Callable[[], Awaitable[T]], what: str, patience: float = PATIENCE) -> T:
    """The first answer that is something."""
    with suppress(TimeoutError):
        async with asyncio.timeout(patience):
            while not (found := await ask()):
                await asyncio.sleep(0.05)
            return found
    raise TooLong(what)


def free_port() -> int:
    """One that nobody listens at, and that no call out of this machine is given: those begin higher."""
    while True:
        port = random.randrange(20_000, 30_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


class Program:
    """One program that may be started again. What it says is added to ``said``."""

    def __init__(
        self, command: Sequence[str | Path], said: Path, folder: Path, env: Mapping[str, str]
    ) -> None:
        self._command, self.said, self._folder, self._env = command, said, folder, env
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, url: str) -> None:
        """Returns when it answers at this address."""
        assert self._process is None, "it is running"
        with self.said.open("ab") as out:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, cwd=self._folder, env=self._env, stdout=out, stderr=out
            )
        try:
            await until(lambda: self._answers(url), f"{self._command[0]} at {url}: {self.said}")
        except TooLong:
            await self.kill()
            raise

    async def _answers(self, url: str) -> bool:
        assert self._process is not None
        if self._process.returncode is not None:
            raise TooLong(f"{self._command[0]} ended: {self.said.read_text(encoding='utf-8')}")
        with suppress(aiohttp.ClientError):
            async with aiohttp.ClientSession() as session, session.get(url) as answer:
                return answer.status < 500
        return False

    async def kill(self) -> None:
        """As a power cut does (SIGKILL)."""
        await self._ended(9)

    async def stop(self) -> None:
        """As the service manager does (SIGTERM)."""
        await self._ended(15)

    async def _ended(self, signal: int) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(signal)
        await process.wait()
