"""What Slack's payloads say, in few words: who wrote or pressed what, and where. Nothing is asked here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from bot.platforms.slack.blocks import ASK
from bot.platforms.slack.words import plain, unescaped, without

Body = Mapping[str, Any]

# What a person writes. Every other subtype is somebody joining, an edit, a bot.
_WRITTEN = {"", "file_share", "me_message", "thread_broadcast"}


@dataclass(frozen=True)
class Post:
    """What somebody wrote, with the message it stands under: its own, when it begins a thread."""

    user: str
    text: str
    channel: str
    thread: str


@dataclass(frozen=True)
class Press:
    """A button or a choice, with what it carries and what was typed beside it; or the box to ask in
    (``asks``), with what was typed in it. ``card`` stands in a place of the person's own and may be
    replaced. ``handle`` opens a window: none is left where the button stands in one, which shows by
    itself what follows, so that what is typed there is not covered up."""

    user: str
    carried: str
    asks: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    handle: str = ""
    card: str = ""
    under: str = ""


def is_direct(channel: str, kind: str = "") -> bool:
    """Somebody's own conversation. Not every sender names the kind."""
    return kind == "im" or (not kind and channel.startswith("D"))


def direct(event: Body) -> Post | None:
    """A person's message in their own conversation; None for everything else."""
    if not is_direct(str(event.get("channel", "")), str(event.get("channel_type") or "")):
        return None
    return _post(event, plain(str(event.get("text") or "")))


def mention(event: Body, me: str) -> Post | None:
    """A question put to us (``me``) in a channel. In the own conversation it is a message as any other."""
    if is_direct(str(event.get("channel", "")), str(event.get("channel_type") or "")):
        return None
    return _post(event, plain(without(str(event.get("text") or ""), me)))


def _post(event: Body, text: str) -> Post | None:
    user, kind = str(event.get("user") or ""), str(event.get("subtype") or "")
    if not user or user == "USLACKBOT" or event.get("bot_id") or kind not in _WRITTEN:
        return None
    thread = str(event.get("thread_ts") or event.get("ts") or "")
    return Post(user, text, str(event.get("channel")), thread)


def by(body: Body) -> str:
    """Who pressed, sent a form or gave the command; empty where it is not told."""
    return str((body.get("user") or {}).get("id") or body.get("user_id") or "")


def press(body: Body) -> Press:
    """What was pressed, and where. Whatever else is in the payload is left alone."""
    action, user = body["actions"][0], str(body["user"]["id"])
    if str(action.get("action_id")).partition(" ")[0] != ASK:
        return replace(_stands(body), user=user, carried=_value(action))
    # Its button carries nothing: the words are in the box beside it.
    words = action.get("value") or "".join(typed(body.get("view") or {}).values())
    return replace(_stands(body), user=user, carried=unescaped(words), asks=True)


def _stands(body: Body) -> Press:
    """Where a press stands: in a window, in a message of the person's own, or where others read too."""
    view, handle = body.get("view") or {}, str(body.get("trigger_id") or "")
    if view.get("type") == "modal":
        return Press("", "", fields=typed(view), card=str(view["id"]))
    around, message = body.get("container") or {}, body.get("message") or {}
    channel = (body.get("channel") or {}).get("id") or around.get("channel_id") or ""
    if view or not is_direct(str(channel)) or around.get("is_ephemeral"):
        return Press("", "", fields=typed(body), handle=handle)
    card = str(around.get("message_ts") or message.get("ts") or "")
    thread = str(message.get("thread_ts") or around.get("thread_ts") or "")
    return Press("", "", fields=typed(body), handle=handle, card=card, under=thread)


def typed(around: Body) -> dict[str, str]:
    """What was typed or chosen in a window or a message, by the block it was typed in."""
    blocks = (around.get("state") or {}).get("values") or {}
    boxes = [(block, state) for block, states in blocks.items() for state in states.values()]
    return {block: unescaped(_value(state)) for block, state in boxes}


def _value(state: Body) -> str:
    return str(state.get("value") or (state.get("selected_option") or {}).get("value") or "")


def key(body: Body) -> str:
    """The name of this delivery: the same when it comes again. A window is sent once for each of its
    steps, whose action it carries."""
    if view := body.get("view") if body.get("type") == "view_submission" else None:
        step = sha256(str(view.get("private_metadata") or "").encode()).hexdigest()[:12]
        return f"slack:{view['id']}:{step}"
    event = body.get("event") or {}
    named = body.get("event_id") or body.get("trigger_id")
    if not named and event.get("event_ts"):
        named = f"{event.get('channel')}:{event['event_ts']}"
    return f"slack:{named or _digest(body)}"


def _digest(body: Body) -> str:
    """A name for what came without one: what somebody else did must not be taken for it."""
    return sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()[:32]
