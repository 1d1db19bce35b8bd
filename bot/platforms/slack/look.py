"""What every card on Slack is made with: the few words round it, and where the staff pages are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.cards import Card
from bot.core.fixed import Fixed
from bot.platforms.slack import blocks


@dataclass(frozen=True)
class Look:
    """``pages`` is where the staff pages are, with https; empty when they cannot be reached from Slack."""

    fixed: Fixed
    pages: str = ""

    def messages(self, card: Card) -> Sequence[blocks.Message]:
        """Each with words for a notification."""
        return blocks.messages(card, self.fixed, self.pages)

    def modal(self, card: Card) -> dict[str, Any]:
        return dict(blocks.modal(card, self.fixed, self.pages))

    def home(self, card: Card) -> dict[str, Any]:
        return dict(blocks.home(card, self.fixed, self.pages))
