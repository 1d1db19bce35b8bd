"""Cards in Slack's own response: to the one who asked alone, or in the place of the window they sent."""

from collections.abc import Collection, Sequence
from typing import Any

from bot.core.cards import Card
from bot.core.fixed import Fixed
from bot.platforms.slack.blocks import messages, modal


def to_them(cards: Sequence[Card], fixed: Fixed) -> list[dict[str, Any]]:
    """Messages that only the one who asked sees, beside what is there."""
    only = {"response_type": "ephemeral", "replace_original": False}
    parts = [part for card in cards for part in messages(card, fixed)]
    return [{**only, "text": part.text or fixed.preview, "blocks": part.blocks} for part in parts]


def outcome(cards: Sequence[Card], fixed: Fixed, boxes: Collection[str]) -> dict[str, Any] | str:
    """What becomes of a window: mistakes beside its ``boxes``, else another one, else it closes."""
    mistakes = {field.id: field.error for card in cards for field in card.fields if field.error}
    if mistakes and mistakes.keys() <= set(boxes):
        return refused(mistakes)
    if not cards:
        return ""
    return {"response_action": "update", "view": modal(cards[0], fixed)}


def refused(mistakes: dict[str, str]) -> dict[str, Any]:
    """The window stays open, and keeps what was typed."""
    return {"response_action": "errors", "errors": mistakes}
