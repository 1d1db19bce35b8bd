"""What Teams sends, as small types. Nothing in it is trusted to be there, or to be of its kind.

Of a message that somebody reports only the command's name is read: its text is never looked at.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape
from typing import Any, Literal

from bot.platforms.teams.bodies import words

Scope = Literal["personal", "group", "channel"]
Told = Mapping[str, Any]

NOBODY = "teams:nobody:"  # how the account of somebody without an object id begins
# Kinds of channels that the team's own members read, and no others; it is not always told.
OF_ONE_TEAM = ("", "standard", "private")
# What a button's data holds of ours; all else in it was typed or chosen.
OURS = ("action", "token", "msteams")
# Where that lies, in each kind of press.
CARRIES = {
    "adaptiveCard/action": ("value", "action", "data"),
    "composeExtension/submitAction": ("value", "data"),
    "message": ("value",),
}


@dataclass(frozen=True)
class Button:
    """What was pressed: our action, the token of the card it stood on, and what was typed there."""

    action: str
    token: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Activity:
    """``account`` is ours for whoever did it: "teams:<object id>". Somebody without an object id is
    nobody's: their account is named by Teams' own id, which joins no staff list. ``user`` is that id.

    ``bot`` is this bot's id there. ``conversation`` is where it happened, with the thread in a channel;
    ``roster`` is whose members read it. ``name`` is an invoke's, ``change`` what happened to the
    installation, ``command`` the message extension's. ``added``: this bot has just been put there.
    ``replaced`` is the message that the button stood on.
    """

    kind: str
    id: str
    account: str
    user: str
    bot: str
    conversation: str
    roster: str
    scope: Scope
    url: str
    name: str = ""
    change: str = ""
    command: str = ""
    text: str = ""
    mentioned: bool = False
    added: bool = False
    outsiders: bool = False  # a channel that other schools share, or of a kind that is not known
    by_bot: bool = False
    button: Button | None = None
    replaced: str = ""

    @property
    def extension(self) -> bool:
        """Whether it comes from a menu under a message, in a conversation that need not have the bot."""
        return self.name.startswith("composeExtension/")


def activity(told: Told) -> Activity:
    """What Teams sent. What is missing is empty."""
    bot, kind, name = word(told, "recipient", "id"), word(told, "type"), word(told, "name")
    conversation = word(told, "conversation", "id")
    user = word(told, "from", "id")
    said = said_to(bot, told)
    return Activity(
        kind=kind,
        id=word(told, "id") or _trace(told),
        account=_account(told, user),
        user=user,
        bot=bot,
        conversation=conversation,
        roster=word(told, "channelData", "team", "id") or conversation.partition(";")[0],
        scope=_scope(told),
        url=word(told, "serviceUrl").rstrip("/"),
        name=name,
        change=word(told, "action"),
        command=word(told, "value", "commandId"),
        text=said[0],
        mentioned=said[1],
        added=bool(bot) and bot in {word(one, "id") for one in objects(told, "membersAdded")},
        outsiders=word(told, "channelData", "channel", "type").lower() not in OF_ONE_TEAM,
        by_bot=word(told, "from", "role") == "bot" or user.startswith("28:"),
        button=_button(kind, name, told),
        replaced=word(told, "replyToId"),
    )


def _trace(told: Told) -> str:
    """What something without an id is known by: the next one is no second delivery of it."""
    written = json.dumps(told, sort_keys=True, default=str)
    return sha256(written.encode()).hexdigest()[:16]


def said_to(bot: str, told: Told) -> tuple[str, bool]:
    """The words alone, and whether they are to this bot. Other people's mentions stay as words."""
    text = word(told, "text")
    mine = [one for one in objects(told, "entities") if _mentions(bot, one)]
    for mention in mine:
        text = text.replace(word(mention, "text") or "\0", " ", 1)
    plain = unescape(re.sub(r"</?at\b[^>]*>", "", text)).replace("\xa0", " ")
    return plain.strip(), bool(mine)


def _mentions(bot: str, entity: Told) -> bool:
    whom = word(entity, "mentioned", "id")
    return word(entity, "type") == "mention" and bool(whom) and whom == bot


def _account(told: Told, user: str) -> str:
    known = word(told, "from", "aadObjectId").lower()
    return f"teams:{known}" if known else f"{NOBODY}{user}"


def _scope(told: Told) -> Scope:
    """Somebody's own conversation only where Teams says so: all else may have others in it."""
    says = word(told, "conversation", "conversationType").lower()
    if says == "channel" or word(told, "channelData", "channel", "id"):
        return "channel"
    return "personal" if says == "personal" else "group"


def _button(kind: str, name: str, told: Told) -> Button | None:
    """The press, wherever each kind of button puts what it carries; None where there is none."""
    path = CARRIES.get(name if kind == "invoke" else kind)
    carried = at(told, *path) if path else None
    if not isinstance(carried, dict):
        return Button("", "") if path and kind == "invoke" else None
    typed = {key: str(one) for key, one in carried.items() if isinstance(one, str | int | float)}
    fields = {key: clean(one) for key, one in typed.items() if key not in OURS}
    return Button(word(carried, "action"), word(carried, "token"), fields)


# Reading what may not be there ----------------------------------------------------------------------


def at(told: Any, *path: str) -> Any:
    """What lies there, or None."""
    for name in path:
        if not isinstance(told, dict):
            return None
        told = told.get(name)
    return told


def word(told: Told, *path: str) -> str:
    """The text that lies there, or an empty one."""
    return clean(words(told, *path)).strip()


def objects(told: Told, *path: str) -> Iterator[Told]:
    """The objects of the list that lies there, if one does."""
    found = at(told, *path)
    return (one for one in found if isinstance(one, dict)) if isinstance(found, list) else iter(())


def clean(text: str) -> str:
    """Half a character, which JSON may hold and no file can, becomes a question mark."""
    return text.encode("utf-8", "replace").decode()
