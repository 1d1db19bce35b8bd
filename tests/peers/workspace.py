"""local-slack as a story needs it: a workspace with people who write, press and look.

It has no flag for loopback: only within a network of its own (apart.py).
"""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from tests.peers.fetching import PLACE
from tests.peers.running import Program, until

BINARY = PLACE / "node_modules" / "local-slack-linux-x64" / "bin" / "local-slack"
BOT, TEAM = "U0BOT", "T01OAK"
BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-peers", "xapp-peers", "peers-signing-secret"
Message = Mapping[str, Any]


def dm(user: str) -> str:
    """Somebody's own conversation with the bot: the same after a restart."""
    return f"D{user[1:]}"


def described(
    people: Mapping[str, str], channels: Mapping[str, list[str]], events_at: str
) -> dict[str, Any]:
    """The workspace's file. ``people``: e-mail address by user id. ``events_at``: where signed events
    go; empty for Socket Mode."""
    app = {"appId": "A01BOT", "botUserId": BOT, "botName": "policybot", "botToken": BOT_TOKEN}
    mode = {"mode": "events", "requestUrl": events_at} if events_at else {"mode": "socket"}
    members = {**{dm(user): [user] for user in people}, **channels}
    return {
        "workspace": {"name": "Oak", "domain": "oak", "teamId": TEAM},
        "app": {**app, **mode, "appToken": APP_TOKEN, "signingSecret": SECRET},
        "users": [{"id": id, "name": id.lower(), "email": mail} for id, mail in people.items()],
        "channels": [
            {"id": id, "name": id.lower(), "is_im": id[0] == "D", "members": [*some, BOT]}
            for id, some in members.items()
        ],
    }


@dataclass
class Workspace:
    """``windows`` are the open modals, ``wrong`` the last mistakes shown beside a modal's fields,
    ``homes`` what is on each person's App Home."""

    told: Mapping[str, Any]
    folder: Path
    port: int
    windows: list[Message] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    homes: dict[str, Message] = field(default_factory=dict)

    def __post_init__(self) -> None:
        file = self.folder / "workspace.json"
        file.write_text(json.dumps(self.told), encoding="utf-8")
        here = ("--config", file, "--port", str(self.port), "--base-host", "127.0.0.1")
        said = self.folder / "workspace.log"
        self._program = Program([BINARY, *map(str, here)], said, self.folder, {})
        self.url = f"http://127.0.0.1:{self.port}"
        self._eyes: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._program.start(f"{self.url}/_control/state")
        self._session = aiohttp.ClientSession()
        self._screen = await self._session.ws_connect(f"{self.url}/ui", max_msg_size=0)
        self._eyes = asyncio.create_task(self._watch())

    async def kill(self) -> None:
        """Gone from one moment to the next, and everything it remembered."""
        await self._program.kill()
        if self._eyes:
            self._eyes.cancel()
            with suppress(asyncio.CancelledError):
                await self._eyes
            self._eyes = None
            await self._screen.close()
            await self._session.close()

    async def says(self, user: str, text: str, channel: str = "", thread: str = "") -> None:
        told = {"user": user, "channel": channel or dm(user), "text": text}
        await self._control("message", **told, **({"thread_ts": thread} if thread else {}))

    async def commands(self, user: str, command: str, text: str, channel: str) -> None:
        await self._control("command", user=user, command=command, text=text, channel=channel)

    async def presses(self, user: str, label: str, message: Message) -> None:
        """A button by its label, on a message."""
        button = button_of(message, label)
        there = {"channel": message["channel"], "messageTs": message["ts"]}
        await self._control("interact", user=user, action=button, **there)

    async def opens_home(self, user: str) -> None:
        await self._control("open-home", user=user)

    async def presses_at_home(self, user: str, action: Mapping[str, Any]) -> None:
        """The emulator names neither channel nor message then, and no view either."""
        told = {"t": "block_action", "channel": "", "messageTs": "", "user": user, "action": action}
        await self._screen.send_json(told)

    async def submits(self, user: str, typed: Mapping[str, str]) -> None:
        """Sends the window that is open, with what was typed into its inputs by block id."""
        values = {}
        for block in self.windows[-1]["blocks"]:
            if block["type"] == "input":
                element = block["element"]
                value = {"type": element["type"], "value": typed[block["block_id"]]}
                values[block["block_id"]] = {element["action_id"]: value}
        await self._screen.send_json({"t": "view_submit", "user": user, "values": values})

    async def messages(self, channel: str) -> list[Message]:
        async with self._session.get(f"{self.url}/_control/messages/{channel}") as answer:
            told: list[Message] = (await answer.json())["messages"]
        return told

    async def answers(self, channel: str) -> list[Message]:
        """What the bot said there, first to last."""
        return [one for one in await self.messages(channel) if one["user"] == BOT]

    async def connected(self) -> None:
        """Until the bot's socket stands."""
        await until(self._has_socket, "a socket of the bot")

    async def _has_socket(self) -> bool:
        return bool(await self.log("socket"))

    async def log(self, kind: str) -> list[Message]:
        async with self._session.get(f"{self.url}/_control/log") as answer:
            return [entry for entry in (await answer.json())["log"] if entry["kind"] == kind]

    async def _control(self, what: str, **told: Any) -> None:
        async with self._session.post(f"{self.url}/_control/{what}", json=told) as answer:
            assert answer.status == 200, (what, await answer.text())

    async def _watch(self) -> None:
        async for frame in self._screen:
            match frame.json():
                case {"t": "view", "stack": stack}:
                    self.windows, self.wrong = stack, {}
                case {"t": "view_errors", "errors": errors}:
                    self.wrong = errors
                case {"t": "home", "user": user, "view": view}:
                    self.homes[user] = view


def buttons_of(shown: Message) -> Iterator[dict[str, Any]]:
    """Every button of a message or a view, as the emulator sends it when it is pressed."""
    for block in shown.get("blocks", ()):
        for element in block.get("elements", ()):
            if element.get("type") == "button":
                yield {"block_id": block.get("block_id"), **element}


def button_of(shown: Message, label: str) -> dict[str, Any]:
    found = {button["text"]["text"]: button for button in buttons_of(shown)}
    assert label in found, f"no button {label!r}, only {list(found)}"
    return found[label]


def words_of(shown: Any) -> str:
    """Every text in a message or a view, in its order."""
    if isinstance(shown, list):
        return "\n".join(filter(None, map(words_of, shown)))
    if not isinstance(shown, Mapping):
        return ""
    own = shown.get("text")
    rest = [value for name, value in shown.items() if name not in ("text", "value")]
    return "\n".join(filter(None, [own if isinstance(own, str) else words_of(own), words_of(rest)]))
