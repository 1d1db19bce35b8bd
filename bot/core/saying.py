"""One card to the person who spoke. What kind of Outgoing it is follows what their platform wants."""

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from bot.core.book import Kind
from bot.core.messages import Json, Outgoing, Pressed, Said
from bot.core.records import Decision, Write

# What may be said where others of the staff read along: an answer from a policy, and who I am.
FOR_ALL = frozenset((*get_args(Kind), "help", "program", "policies", "empty"))


def say(
    message: Said | Pressed,
    template: str,
    about: Mapping[str, Json] | None = None,
    *writes: Write,
) -> Decision:
    """Opened as a view where there is a handle and no message to replace; over the message pressed on
    where answers are posted; else in the platform's own response."""
    card = message.card if isinstance(message, Pressed) else ""
    kind = "now" if message.handle and not card else message.reply
    over = card if kind == "post" else ""
    to, place, under = message.person, message.place, message.under
    out = Outgoing(to, template, about or {}, kind, place, over=over, under=under)
    return Decision((out,), writes, message.key)


def in_view(message: Pressed, decision: Decision) -> Decision:
    """The same beside the card that was pressed on, where a view can be opened."""
    if not message.handle:
        return decision
    return replace(decision, out=tuple(replace(o, kind="now", over="") for o in decision.out))


def for_all(decision: Decision) -> bool:
    """Whether everybody who reads a place may read this."""
    return all(out.template in FOR_ALL and not out.refs.get("danger") for out in decision.out)
