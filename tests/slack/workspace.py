"""A Slack workspace in memory: people, channels, messages, windows, and what the Web API does to them.

As strict as Slack where the bot could go wrong: scopes, triggers that live 3 s and work once, hashes
of windows, cursors, metadata that is only told when asked for. The shapes of answers are those of
Slack's reference; what the bot does not read of them is left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Args = Mapping[str, Any]
Told = dict[str, Any]

TEAM, ME, BOT, APP = "T0SCHOOL", "U0POLICY", "B0POLICY", "A0POLICY"
TRIGGER_LIVES = timedelta(seconds=3)
# By method, the scopes of which it wants one; every other method wants none.
SCOPES: Mapping[str, tuple[str, ...]] = {
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.open": ("im:write",),
    "conversations.history": ("im:history",),
    "conversations.replies": ("im:history",),
    "conversations.members": ("channels:read", "groups:read", "im:read", "mpim:read"),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
}
ALL = {scope for wanted in SCOPES.values() for scope in wanted} | {"users:read.email", "commands"}


class Refused(Exception):
    """Slack's answer to this is ``{"ok": false, "error": ...}``."""


@dataclass
class Channel:
    id: str
    members: list[str]
    messages: list[Told] = field(default_factory=list)


@dataclass
class View:
    id: str
    user: str
    shown: Told
    hash: str
    above: str = ""


class Workspace:
    """``now`` is the time by which triggers run out and messages are named. ``lag`` is how long a
    message is not yet found when looked for."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.scopes, self.lag = set(ALL), timedelta(0)
        self.users: dict[str, Told] = {ME: _user(ME, is_bot=True), "USLACKBOT": _user("USLACKBOT")}
        self.groups: dict[str, Told] = {}
        self.channels: dict[str, Channel] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, Told] = {}
        self.prompts: dict[str, Any] = {}
        self.triggers: dict[str, tuple[datetime, str, str]] = {}
        self.used: set[str] = set()
        self._count = 0

    # what a test arranges ------------------------------------------------------------------------

    def joins(self, id: str, email: str = "", **more: Any) -> str:
        """Somebody of the workspace: ``is_restricted=True`` and the like say who they are not."""
        self.users[id] = _user(id, email, **more)
        return id

    def channel(self, id: str, *members: str) -> str:
        self.channels[id] = Channel(id, [ME, *members])
        return id

    def trigger(self, user: str, view: str = "") -> str:
        """A fresh trigger of somebody's, pressed in a window or elsewhere."""
        self._count += 1
        made = f"{self._count}.{self._count}.{user.lower()}"
        self.triggers[made] = (self._now(), user, view)
        return made

    def dm(self, user: str) -> Channel:
        return self.channels.setdefault(f"D{user[1:]}", Channel(f"D{user[1:]}", [ME, user]))

    def ts(self) -> str:
        self._count += 1
        return f"{int(self._now().timestamp())}.{self._count:06d}"

    # the methods ---------------------------------------------------------------------------------

    def call(self, method: str, args: Args) -> Told:
        """What Slack answers. Raises Refused."""
        wanted = SCOPES.get(method, ())
        if wanted and not self.scopes & set(wanted):
            raise Refused("missing_scope")
        known = getattr(self, f"_{method.replace('.', '_').lower()}", None)
        if known is None:
            raise Refused("unknown_method")
        told: Told = known(args)
        return told

    def _auth_test(self, args: Args) -> Told:
        return {
            "team_id": TEAM,
            "user_id": ME,
            "bot_id": BOT,
            "user": "policybot",
            "team": "School",
        }

    def _users_info(self, args: Args) -> Told:
        return {"user": self._user(args)}

    def _users_list(self, args: Args) -> Told:
        return _page("members", list(self.users.values()), args)

    def _usergroups_list(self, args: Args) -> Told:
        return {"usergroups": [{**g, "users": None} for g in self.groups.values()]}

    def _usergroups_users_list(self, args: Args) -> Told:
        if args.get("usergroup") not in self.groups:
            raise Refused("no_such_subteam")
        return {"users": self.groups[args["usergroup"]]["users"]}

    def _conversations_open(self, args: Args) -> Told:
        user = self._user({"user": args.get("users")})
        if user["is_bot"] or user["deleted"]:
            raise Refused("cannot_dm_bot" if user["is_bot"] else "user_disabled")
        return {"channel": {"id": self.dm(user["id"]).id}}

    def _conversations_members(self, args: Args) -> Told:
        return _page("members", self._channel(args).members, args)

    def _conversations_history(self, args: Args) -> Told:
        roots = [m for m in self._found(args) if m.get("thread_ts", m["ts"]) == m["ts"]]
        return _page("messages", roots[::-1], args)

    def _conversations_replies(self, args: Args) -> Told:
        thread = [m for m in self._found(args) if args.get("ts") in (m["ts"], m.get("thread_ts"))]
        if not thread:
            raise Refused("thread_not_found")
        return _page("messages", thread, args)

    def _chat_postmessage(self, args: Args) -> Told:
        channel = self._channel(args)
        if ME not in channel.members:
            raise Refused("not_in_channel")
        if not args.get("text") and not args.get("blocks"):
            raise Refused("no_text")
        ts = self.ts()
        kept = {n: args[n] for n in ("text", "blocks", "metadata", "thread_ts") if n in args}
        message = {"type": "message", "user": ME, "bot_id": BOT, "ts": ts, **kept}
        channel.messages.append(message | {"_found_from": self._now() + self.lag})
        return {"channel": channel.id, "ts": ts, "message": message}

    def _chat_update(self, args: Args) -> Told:
        for message in self._channel(args).messages:
            if message["ts"] == args.get("ts"):
                if message["user"] != ME:
                    raise Refused("cant_update_message")
                message.update({n: args[n] for n in ("text", "blocks", "metadata") if n in args})
                return {"ts": message["ts"], "text": message["text"]}
        raise Refused("message_not_found")

    def _assistant_threads_setsuggestedprompts(self, args: Args) -> Told:
        # From an agent app Slack answers "ok" to a call with thread_ts, and shows nothing.
        if not args.get("thread_ts"):
            self.prompts[self._channel({"channel": args.get("channel_id")}).id] = args["prompts"]
        return {}

    def _views_open(self, args: Args) -> Told:
        user, _ = self._exchanged(args)
        return self._shown(user, args)

    def _views_push(self, args: Args) -> Told:
        user, under = self._exchanged(args)
        if not under:
            raise Refused("not_in_a_window")
        return self._shown(user, args, under)

    def _views_update(self, args: Args) -> Told:
        view = self.views.get(str(args.get("view_id")))
        if view is None:
            raise Refused("not_found")
        if args.get("hash", view.hash) != view.hash:
            raise Refused("hash_conflict")
        view.shown, view.hash = dict(args["view"]), self.ts()
        return {"view": {"id": view.id, "hash": view.hash}}

    def _views_publish(self, args: Args) -> Told:
        user = self._user({"user": args.get("user_id")})
        before = self.homes.get(user["id"], {})
        if args.get("hash", before.get("hash")) != before.get("hash"):
            raise Refused("hash_conflict")
        self.homes[user["id"]] = {**args["view"], "hash": self.ts()}
        return {"view": {"id": f"VHOME{user['id']}"}}

    # behind them ---------------------------------------------------------------------------------

    def _user(self, args: Args) -> Told:
        if args.get("user") not in self.users:
            raise Refused("user_not_found")
        found = self.users[args["user"]]
        if "users:read.email" in self.scopes:
            return found
        return found | {"profile": {n: v for n, v in found["profile"].items() if n != "email"}}

    def _channel(self, args: Args) -> Channel:
        if args.get("channel") not in self.channels:
            raise Refused("channel_not_found")
        return self.channels[args["channel"]]

    def _found(self, args: Args) -> list[Told]:
        """The messages that a look-up finds by now; their metadata only when it is asked for."""
        left = {"_found_from"} | (set() if args.get("include_all_metadata") else {"metadata"})
        there = [
            m
            for m in self._channel(args).messages
            if m.get("_found_from", self._now()) <= self._now()
        ]
        return [{name: value for name, value in m.items() if name not in left} for m in there]

    def _exchanged(self, args: Args) -> tuple[str, str]:
        trigger = str(args.get("trigger_id"))
        if trigger not in self.triggers:
            raise Refused("invalid_trigger_id")
        if trigger in self.used:
            raise Refused("exchanged_trigger_id")
        at, user, view = self.triggers[trigger]
        if self._now() - at > TRIGGER_LIVES:
            raise Refused("expired_trigger_id")
        self.used.add(trigger)
        return user, view

    def _shown(self, user: str, args: Args, above: str = "") -> Told:
        self._count += 1
        view = View(f"V{self._count:06d}", user, dict(args["view"]), self.ts(), above)
        self.views[view.id] = view
        return {"view": {"id": view.id, "hash": view.hash}}


def _page(name: str, everything: list[Any], args: Args) -> Told:
    start, limit = int(args.get("cursor") or 0), int(args.get("limit") or 100)
    after = str(start + limit) if start + limit < len(everything) else ""
    found = everything[start : start + limit]
    return {name: found, "response_metadata": {"next_cursor": after}}


def _user(id: str, email: str = "", **more: Any) -> Told:
    profile = {"real_name": f"Name of {id}", **({"email": email} if email else {})}
    flags = dict.fromkeys(("deleted", "is_bot", "is_restricted", "is_ultra_restricted"), False)
    return {"id": id, "team_id": TEAM, "name": id.lower(), **flags, "profile": profile, **more}
