"""Cards in Slack's own response: to the one who asked alone, or in the place of the window they sent."""

from collections.abc import Collection, Sequence
from typing import Any

from bot.core.cards import Card
from bot.platforms.slack.blocks import TooLong
from bot.platforms.slack.look import Look


def to_them(cards: Sequence[Card], look: Look) -> list[dict[str, Any]]:
    """Messages that only the one who asked sees, beside what is there."""
    only = {"response_type": "ephemeral", "replace_original": False}
    parts = [part for card in cards for part in look.messages(card)]
    return [{**only, "text": part.text, "blocks": part.blocks} for part in parts]


def outcome(cards: Sequence[Card], look: Look, boxes: Collection[str]) -> dict[str, Any] | str:
    """What becomes of a window: mistakes beside its ``boxes``, else another one, else it closes."""
    mistakes = {field.id: field.error for card in cards for field in card.fields if field.error}
    if mistakes and mistakes.keys() <= set(boxes):
        return refused(mistakes)
    if not cards:
        return ""
    try:
        view = look.modal(cards[0])
    except TooLong:  # a form's outcome is a few lines; one that is not must not look like a failure
        view = look.modal(Card(cards[0].title, choices=cards[0].choices))
    return {"response_action": "update", "view": view}


def refused(mistakes: dict[str, str]) -> dict[str, Any]:
    """The window stays open, and keeps what was typed."""
    return {"response_action": "errors", "errors": mistakes}
