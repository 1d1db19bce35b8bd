"""A Card as Slack's Block Kit."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.cards import Card, as_text
from bot.core.fixed import Fixed
from bot.core.messages import Json

Blocks = list[Json]
# Every button's action_id begins so, and its value is what the button carries.
ACTION = "do"


@dataclass(frozen=True)
class Message:
    """``text`` is what a notification shows and a screen reader reads first."""

    text: str
    blocks: Blocks


def messages(card: Card, fixed: Fixed) -> Sequence[Message]:
    """One message, or several where one would be longer than Slack takes. The last has the buttons."""
    text = fixed.preview if card.urgent else card.title
    return [Message(text, _blocks(card))]


def modal(card: Card, fixed: Fixed) -> dict[str, Json]:
    """A window. Its fields are inputs; the main choice is what sends them, in ``private_metadata``."""
    main = next((choice for choice in card.choices if choice.main), None)
    title: Json = {"type": "plain_text", "text": fixed.title}
    view: dict[str, Json] = {"type": "modal", "title": title, "blocks": _blocks(card)}
    if card.fields and main:
        label: Json = {"type": "plain_text", "text": main.label}
        view |= {"submit": label, "private_metadata": main.action, "callback_id": ACTION}
    return view


def home(card: Card, fixed: Fixed) -> dict[str, Json]:
    """The App Home, with the box to ask in above the card."""
    return {"type": "home", "blocks": _blocks(card)}


def _blocks(card: Card) -> Blocks:
    buttons: Blocks = [
        {
            "type": "button",
            "action_id": f"{ACTION} {number}",
            "text": {"type": "plain_text", "text": choice.label},
            "value": choice.action,
        }
        for number, choice in enumerate(card.choices)
        if choice.action
    ]
    words: Json = {"type": "section", "text": {"type": "plain_text", "text": as_text(card)}}
    return [words, {"type": "actions", "elements": buttons}] if buttons else [words]
