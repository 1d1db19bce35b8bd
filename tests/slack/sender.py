"""What Slack sends: payloads of the shapes in bolt-python's scenario tests, signed as Slack signs them."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from time import time
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession

from tests.slack.fake import SECRET, check
from tests.slack.workspace import APP, BOT, ME, TEAM, Told, Workspace

Payload = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What we answered: ``told`` is the JSON of it."""

    status: int
    told: Told


def sign(body: bytes, at: int, secret: str = SECRET) -> dict[str, str]:
    told = b"v0:%d:" % at + body
    digest = hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={digest}"}


def encoded(payload: Payload) -> tuple[str, bytes]:
    """The content type and the body: events are JSON, commands a form, the rest a form of one field."""
    if payload.get("type") == "event_callback":
        return "application/json", json.dumps(payload).encode()
    form = payload if "command" in payload else {"payload": json.dumps(payload)}
    return "application/x-www-form-urlencoded", urlencode(form).encode()


class Sender:
    """``url`` is where the bot listens. Every payload has an id of its own unless one is given."""

    def __init__(self, session: ClientSession, workspace: Workspace, hooks: str) -> None:
        self._session, self.workspace, self._hooks = session, workspace, hooks
        self.url, self.problems = "", list[str]()
        self._ids = count(1)

    async def send(
        self, payload: Payload, *, retry: int = 0, secret: str = SECRET, age: int = 0
    ) -> Answer:
        kind, body = encoded(payload)
        return await self.send_raw(kind, body, sign(body, int(time()) - age, secret), retry)

    async def send_raw(
        self, kind: str, body: bytes, signed: Mapping[str, str], retry: int = 0
    ) -> Answer:
        headers = {"Content-Type": kind, **signed}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        async with self._session.post(self.url, data=body, headers=headers) as response:
            text = await response.text()
            told = json.loads(text) if text.startswith("{") else {}
        self.problems += check("response_url", told) if "response_type" in told else []
        self.problems += check("views.update", told) if "view" in told else []
        return Answer(response.status, told)

    # events --------------------------------------------------------------------------------------

    def event(self, event: Payload, id: str = "", **more: Any) -> Payload:
        return {
            "token": "unused",
            "team_id": TEAM,
            "api_app_id": APP,
            "type": "event_callback",
            "event_id": id or f"Ev{next(self._ids):08d}",
            "event_time": int(time()),
            "event": event,
            "is_ext_shared_channel": False,
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM,
                    "user_id": ME,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            **more,
        }

    def message(self, user: str, text: str, id: str = "", **more: Any) -> Payload:
        """What somebody writes in their own conversation; it stands there, too."""
        channel = self.workspace.dm(user)
        ts = self.workspace.ts()
        told = {"type": "message", "user": user, "text": text, "ts": ts, "team": TEAM} | more
        channel.messages.append({n: v for n, v in told.items() if n != "channel_type"})
        event = told | {"channel": channel.id, "event_ts": ts, "channel_type": "im"}
        return self.event(event | more, id)

    def mention(self, user: str, text: str, channel: str, id: str = "", **more: Any) -> Payload:
        ts = self.workspace.ts()
        event = {"type": "app_mention", "user": user, "text": f"<@{ME}> {text}", "ts": ts}
        where = {"team": TEAM, "channel": channel, "event_ts": ts}
        outside = {n: more.pop(n) for n in ("is_ext_shared_channel",) if n in more}
        return self.event(event | where | more, id, **outside)

    def opened(self, user: str, tab: str, id: str = "") -> Payload:
        channel = self.workspace.dm(user).id
        event = {"type": "app_home_opened", "user": user, "channel": channel, "tab": tab}
        return self.event(event | {"event_ts": self.workspace.ts()}, id)

    def changed(self, user: str) -> Payload:
        event = {"type": "user_change", "user": self.workspace.users[user]}
        return self.event(event | {"cache_ts": int(time()), "event_ts": self.workspace.ts()})

    # what a person does --------------------------------------------------------------------------

    def command(self, user: str, text: str, channel: str = "C0STAFF") -> Payload:
        return {
            "token": "unused",
            "team_id": TEAM,
            "team_domain": "school",
            "channel_id": channel,
            "channel_name": "staff",
            "user_id": user,
            "user_name": user.lower(),
            "command": "/policy",
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": self._hook(),
            "trigger_id": self.workspace.trigger(user),
        }

    def press(
        self,
        user: str,
        carried: str,
        *,
        channel: str = "",
        ts: str = "",
        ephemeral: bool = False,
        **more: Any,
    ) -> Payload:
        """A button in a message: in the person's own conversation, or in another channel."""
        channel = channel or self.workspace.dm(user).id
        button = {"type": "button", "action_id": "do 0", "block_id": "b", "value": carried}
        around = {"type": "message", "message_ts": ts, "channel_id": channel}
        return {
            **self._acts("block_actions", user),
            "container": around | {"is_ephemeral": ephemeral},
            "channel": {"id": channel, "name": "directmessage"},
            "message": {"type": "message", "ts": ts, "text": "x", "user": ME, "bot_id": BOT},
            "state": {"values": {}},
            "response_url": self._hook(),
            "actions": [button | {"action_ts": self.workspace.ts()}],
            **more,
        }

    def press_in_view(self, user: str, carried: str, view: Payload, **action: Any) -> Payload:
        """A button in a window or in the App Home."""
        button = {"type": "button", "action_id": "do 0", "block_id": "b", "value": carried}
        inside = str(view["id"]) if view["type"] == "modal" else ""
        return {
            **self._acts("block_actions", user, inside),
            "container": {"type": "view", "view_id": view["id"]},
            "view": view,
            "actions": [button | action | {"action_ts": self.workspace.ts()}],
        }

    def asks(self, user: str, words: str | None) -> Payload:
        """Enter in the box of the App Home."""
        box = {"type": "plain_text_input", "action_id": "ask", "block_id": "ask box"}
        view = self.view("home", f"VHOME{user}")
        return self.press_in_view(user, "", view, **box, value=words)

    def view(self, type: str, id: str, action: str = "", **typed: str) -> Payload:
        """A view as Slack sends it back, with what stands in its boxes."""
        values = {
            name: {name: {"type": "plain_text_input", "value": v}} for name, v in typed.items()
        }
        boxes = [{"type": "input", "block_id": name} for name in typed]
        return {
            "id": id,
            "team_id": TEAM,
            "type": type,
            "blocks": boxes,
            "private_metadata": action,
            "callback_id": "do",
            "hash": "1596530361.3wRYuk3R",
            "state": {"values": values},
            "title": {"type": "plain_text", "text": "x"},
            "previous_view_id": None,
            "root_view_id": id,
            "app_id": APP,
            "app_installed_team_id": TEAM,
            "bot_id": BOT,
        }

    def form(self, user: str, action: str, id: str = "V111", **typed: str) -> Payload:
        view = self.view("modal", id, action, **typed)
        return {**self._acts("view_submission", user, id), "view": view, "response_urls": []}

    def shortcut(self, user: str, callback: str, text: str = "") -> Payload:
        """A message shortcut where there is a text, else a global one."""
        kind = "message_action" if text else "shortcut"
        told = {**self._acts(kind, user), "callback_id": callback, "action_ts": "1583637157.2"}
        if not text:
            return told
        message = {"type": "message", "text": text, "user": "U0OTHER", "ts": "1583636382.000300"}
        where = {"channel": {"id": "C0STAFF", "name": "staff"}, "message_ts": message["ts"]}
        return {**told, **where, "message": message, "response_url": self._hook()}

    def _acts(self, type: str, user: str, view: str = "") -> Payload:
        return {
            "type": type,
            "token": "unused",
            "api_app_id": APP,
            "team": {"id": TEAM, "domain": "school"},
            "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": TEAM},
            "trigger_id": self.workspace.trigger(user, view),
            "is_enterprise_install": False,
            "enterprise": None,
        }

    def _hook(self) -> str:
        return f"{self._hooks}/hooks/{next(self._ids)}"
