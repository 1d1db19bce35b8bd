"""A Card as an Adaptive Card 1.5."""

from typing import Literal

from bot.core.cards import Card, as_text
from bot.core.fixed import Fixed
from bot.core.messages import Json

# What every button's data holds: {"action": ours, "token": names this card, so that a press counts once}.
How = Literal["execute", "submit"]  # in chats; in the windows of a message extension


def adaptive(card: Card, fixed: Fixed, token: str, how: How = "execute") -> dict[str, Json]:
    """The content of an attachment of type application/vnd.microsoft.card.adaptive."""
    buttons: list[Json] = [
        {
            "type": "Action.Execute" if how == "execute" else "Action.Submit",
            "title": choice.label,
            "data": {"action": choice.action, "token": token},
        }
        for choice in card.choices
        if choice.action
    ]
    body: Json = [{"type": "TextBlock", "text": as_text(card), "wrap": True}]
    return {"type": "AdaptiveCard", "version": "1.5", "body": body, "actions": buttons}


def summary(card: Card, fixed: Fixed) -> str:
    """What a notification shows."""
    return fixed.preview if card.urgent else card.title
