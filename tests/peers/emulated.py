"""emulate as a test needs it: a Slack whose scopes, triggers and messages are strict, and the bot over
signed HTTP beside it. What it has no way to send (presses, windows, mentions) is signed here."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import time
from typing import Any

import aiohttp

from tests.peers.between import Between
from tests.peers.fetching import HERE, PLACE
from tests.peers.looks import NODE
from tests.peers.running import Program, free_port, until
from tests.peers.scene import bot_at
from tests.peers.workspace import BOT, BOT_TOKEN, SECRET, button_of, words_of
from tests.slack.sender import encoded, sign

APP = "A01BOT"
PEOPLE = ("bell", "lyle", "reid")
STAFF = "staffroom"
Told = Mapping[str, Any]
THEIRS = (
    *("chat:write", "im:write", "im:history", "im:read", "users:read"),
    *("channels:read", "channels:history"),
)


def seed(scopes: Collection[str]) -> str:
    """Its people, a channel of all of them, and the bot's token with these scopes and no other."""
    bot = {"app_id": APP, "bot_id": "B01BOT", "bot_user_id": BOT}
    own = {"token": BOT_TOKEN, "type": "bot", "user_id": BOT, "scopes": list(scopes), **bot}
    theirs = [
        {"token": f"xoxp-{id}", "type": "user", "user": id, "scopes": THEIRS} for id in PEOPLE
    ]
    app = {"client_id": "1.2", "client_secret": "unused", "name": "policybot", "redirect_uris": []}
    told = {
        "strict_scopes": True,
        "signing_secret": SECRET,
        "users": [{"name": id, "email": f"{id}@alderbrook.example"} for id in PEOPLE],
        "channels": [{"name": STAFF}],
        "oauth_apps": [{**app, **bot, "bot_name": "policybot", "scopes": list(scopes)}],
        "tokens": [own, *theirs],
    }
    return json.dumps(told)


@dataclass
class Emulated:
    """One Slack with the bot beside it. ``ids`` are its people's, ``rooms`` their conversations with
    the bot."""

    url: str
    bot: Program
    bot_url: str
    between: Between
    session: aiohttp.ClientSession
    ids: Mapping[str, str]
    rooms: Mapping[str, str]
    _keys = count(1)

    async def call(self, method: str, token: str = BOT_TOKEN, **told: Any) -> Told:
        """The Web API itself, past what stands between."""
        headers = {"Authorization": f"Bearer {token}"}
        at = f"{self.url}/api/{method}"
        async with self.session.post(at, json=told, headers=headers) as answer:
            found: Told = await answer.json()
        return found

    async def says(self, who: str, text: str) -> None:
        room = self.rooms[who]
        told = await self.call("chat.postMessage", f"xoxp-{who}", channel=room, text=text)
        assert told["ok"], told

    async def asks(self, who: str, text: str) -> Told:
        """Writes to the bot; its answer."""
        before = len(await self.answers(who))
        await self.says(who, text)
        return await self.answered(who, before)

    async def answers(self, who: str) -> list[Told]:
        """What the bot said to somebody, first to last, in threads too."""
        room, token = self.rooms[who], f"xoxp-{who}"
        begun = await self.call("conversations.history", token, channel=room)
        found = {str(one["ts"]): one for one in begun["messages"]}
        for ts in list(found):
            under = await self.call("conversations.replies", token, channel=room, ts=ts)
            found |= {str(one["ts"]): one for one in under["messages"]}
        return [found[ts] for ts in sorted(found) if found[ts]["user"] == BOT]

    async def answered(self, who: str, before: int) -> Told:
        """The bot's next message to somebody who had so many."""

        async def there() -> list[Told]:
            return (await self.answers(who))[before:]

        return (await until(there, f"an answer to {who}"))[0]

    async def replaced(self, who: str, before: Told) -> Told:
        """The same message once it says something else."""

        async def changed() -> Told | None:
            (now,) = [one for one in await self.answers(who) if one["ts"] == before["ts"]]
            return now if words_of(now) != words_of(before) else None

        return (
            await until(changed, "another card in the place of the one that was pressed on") or {}
        )

    async def trigger(self, who: str) -> str:
        told = await self.call("views.generateTriggerId", user_id=self.ids[who])
        return str(told["trigger_id"])

    async def presses(self, who: str, label: str, message: Told, trigger: str) -> None:
        """A button of a message, pressed with this trigger."""
        there = {"message_ts": message["ts"], "channel_id": self.rooms[who]}
        press = {
            "type": "block_actions",
            "container": {"type": "message", "is_ephemeral": False, **there},
            "channel": {"id": self.rooms[who], "name": "directmessage"},
            "message": message,
            "actions": [button_of(message, label)],
            "trigger_id": trigger,
        }
        await self._send(who, press)

    async def submits(self, who: str, view: Told, words: str) -> None:
        """A window is sent, with these words in its first box."""
        (box,) = [block for block in view["blocks"] if block["type"] == "input"]
        typed = {"type": box["element"]["type"], "value": words}
        values = {box["block_id"]: {box["element"]["action_id"]: typed}}
        await self._send(
            who, {"type": "view_submission", "view": {**view, "state": {"values": values}}}
        )

    async def mentions(self, who: str, text: str, channel: str) -> None:
        ts = f"{time():.6f}"
        told = {"type": "app_mention", "text": f"<@{BOT}> {text}", "ts": ts, "event_ts": ts}
        await self._event({**told, "user": self.ids[who], "channel": channel})

    async def opens_home(self, who: str) -> None:
        told = {"type": "app_home_opened", "tab": "home", "event_ts": f"{time():.6f}"}
        await self._event({**told, "user": self.ids[who], "channel": self.rooms[who]})

    async def starts(self) -> None:
        await self.bot.start(f"{self.bot_url}/healthz")

    async def waiting(self) -> Told:
        """What the bot itself says of what it has not sent."""
        async with self.session.get(f"{self.bot_url}/readyz") as answer:
            told: Told = await answer.json()
        return told

    async def _event(self, event: Told) -> None:
        number = next(self._keys)
        await self._send("", {"type": "event_callback", "event_id": f"Ev{number}", "event": event})

    async def _send(self, who: str, payload: dict[str, Any]) -> None:
        user = {"user": {"id": self.ids[who]}} if who else {}
        kind, body = encoded({"team": {"id": "T000000001"}, "api_app_id": APP, **user, **payload})
        headers = {"Content-Type": kind, **sign(body, int(time()), SECRET)}
        at = f"{self.bot_url}/slack/events"
        async with self.session.post(at, data=body, headers=headers) as answer:
            assert answer.status == 200, (answer.status, payload["type"])


@asynccontextmanager
async def emulated(folder: Path, scopes: Collection[str]) -> AsyncIterator[Emulated]:
    """The emulator and the bot, running; ended at the end, whatever happened."""
    port, there = free_port(), free_port()
    url, bot_url = f"http://127.0.0.1:{there}", f"http://127.0.0.1:{port}"
    command = (NODE, HERE / "emulate.mjs", str(there), f"{bot_url}/slack/events", seed(scopes))
    peer = Program(command, folder / "emulate.log", PLACE, {})
    between = Between(f"{url}/api/", only_posts=True)
    serving = await between.serve()
    bot = bot_at(folder, port, between.here, socket=False)
    try:
        await peer.start(url)
        async with aiohttp.ClientSession() as session:
            made = Emulated(url, bot, bot_url, between, session, {}, {})
            made.ids = {one["name"]: one["id"] for one in (await _users(made))}
            made.rooms = {id: await _room(made, id) for id in PEOPLE}
            await made.starts()
            yield made
    finally:
        await asyncio.gather(bot.kill(), peer.kill())
        await serving.cleanup()


async def _users(made: Emulated) -> list[Told]:
    found: list[Told] = (await made.call("users.list", "xoxp-bell"))["members"]
    return found


async def _room(made: Emulated, who: str) -> str:
    opened = await made.call("conversations.open", f"xoxp-{who}", users=BOT)
    return str(opened["channel"]["id"])
