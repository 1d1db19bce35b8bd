"""The bot as its own process, a workspace beside it, and what stands between them."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.config import ROOT
from tests.peers.between import Between
from tests.peers.running import Program, free_port, until
from tests.peers.workspace import (
    APP_TOKEN,
    BOT_TOKEN,
    SECRET,
    Message,
    Workspace,
    described,
    dm,
    words_of,
)

BELL, LYLE, REID, PUPIL = "U01BELL", "U01LYLE", "U01REID", "U01PUPIL"
STAFF, MIXED = "C01STAFF", "C01MIXED"
PEOPLE = {
    **{f"U01{id.upper()}": f"{id}@alderbrook.example" for id in ("bell", "lyle", "reid")},
    PUPIL: "pupil@alderbrook.example",
}
CHANNELS = {STAFF: [BELL, LYLE], MIXED: [BELL, LYLE, PUPIL]}
QUIET = (
    3.0  # seconds in which nothing more came, at the end: longer than the pause between two posts
)


def settings(folder: Path, port: int, api: str, socket: bool) -> dict[str, str]:
    """The bot's environment: the example school, records of its own, words alone."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    mode = {"SLACK_APP_TOKEN": APP_TOKEN} if socket else {"SLACK_SIGNING_SECRET": SECRET}
    slack = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": api, **mode}
    house = {"DATA_DIR": str(folder / "data"), "PORT": str(port), "NO_BROWSER": "1"}
    return {**kept, **house, **slack}


def bot_at(folder: Path, port: int, api: str, socket: bool) -> Program:
    env = settings(folder, port, api, socket)
    command = (sys.executable, "-m", "bot", "serve")
    return Program(command, folder / "bot.log", ROOT, env)


@dataclass
class Scene:
    """``seen`` are the bot's messages that a chapter has read, by conversation."""

    workspace: Workspace
    between: Between
    bot: Program
    health: str
    socket: bool
    seen: dict[str, list[str]] = field(default_factory=dict)

    async def next(self, channel: str) -> Message:
        """The one message of the bot's that is new there."""
        (told,) = await until(lambda: self._unseen(channel), f"an answer in {channel}")
        self.seen.setdefault(channel, []).append(told["ts"])
        return told

    async def replaced(self, before: Message) -> Message:
        """The same message once it says something else."""

        async def changed() -> Message | None:
            told = await self.workspace.messages(before["channel"])
            (now,) = [one for one in told if one["ts"] == before["ts"]]
            return now if words_of(now) != words_of(before) else None

        return (
            await until(changed, "another card in the place of the one that was pressed on") or {}
        )

    async def nothing_more(self) -> None:
        """Nobody has been told anything that no chapter has read."""
        left = {place: await self._unseen(place) for place in [*map(dm, PEOPLE), *CHANNELS]}
        told = {place: [words_of(one) for one in some] for place, some in left.items() if some}
        assert told == {}, told

    async def _unseen(self, channel: str) -> list[Message]:
        answers = await self.workspace.answers(channel)
        return [one for one in answers if one["ts"] not in self.seen.get(channel, [])]

    async def restart_bot(self) -> None:
        await self.bot.start(self.health)


@asynccontextmanager
async def set_up(folder: Path, socket: bool) -> AsyncIterator[Scene]:
    """Everything running; ended at the end, whatever happened."""
    port, there = free_port(), free_port()
    events = "" if socket else f"http://127.0.0.1:{port}/slack/events"
    workspace = Workspace(described(PEOPLE, CHANNELS, events), folder, there)
    between = Between(f"{workspace.url}/api/")
    serving = await between.serve()
    bot = bot_at(folder, port, between.here, socket)
    scene = Scene(workspace, between, bot, f"http://127.0.0.1:{port}/healthz", socket)
    try:
        await workspace.start()
        await scene.restart_bot()
        if socket:
            await workspace.connected()
        await until(lambda: _listed(between), "the bot to read who is in the workspace")
        yield scene
    finally:
        await bot.kill()
        await workspace.kill()
        await serving.cleanup()


async def _listed(between: Between) -> bool:
    return bool(between.named("users.list"))
