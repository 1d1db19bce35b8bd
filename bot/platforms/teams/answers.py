"""What an invoke is answered with, in the shapes Teams wants."""

from dataclasses import dataclass, replace

from bot.core.cards import Card, as_text
from bot.core.fixed import Fixed
from bot.platforms.teams.activities import Told
from bot.platforms.teams.cards import adaptive

CARD = "application/vnd.microsoft.card.adaptive"
NOTE = "application/vnd.microsoft.activity.message"


@dataclass(frozen=True)
class Look:
    """What every card is made with. ``pages`` is where the staff pages are, with https; empty when they
    cannot be reached from Teams."""

    fixed: Fixed
    pages: str = ""


@dataclass(frozen=True)
class Answer:
    """What goes back on the request itself."""

    status: int = 200
    body: Told | None = None


TAKEN = Answer()
NOT_OURS = Answer(501)  # what Microsoft's own libraries answer an invoke they do not know


def instead(card: Card, look: Look, token: str) -> Answer:
    """A card in the place of the one that was pressed."""
    value = adaptive(card, look.fixed, token, "execute", look.pages)
    return Answer(body={"statusCode": 200, "type": CARD, "value": value})


def note(text: str) -> Answer:
    """A short line for whoever pressed; the card stays as it is."""
    return Answer(body={"statusCode": 200, "type": NOTE, "value": text})


def window(card: Card, look: Look, token: str) -> Answer:
    """A card in a window of its own, whose buttons come back as the window is sent."""
    shown = adaptive(card, look.fixed, token, "submit", look.pages)
    content = {"contentType": CARD, "content": shown}
    value = {"title": look.fixed.title, "height": "medium", "width": "medium", "card": content}
    return Answer(body={"task": {"type": "continue", "value": value}})


def words(text: str) -> Answer:
    """Plain words in a window that can only be closed."""
    return Answer(body={"task": {"type": "message", "value": text}})


def plain(card: Card) -> str:
    """A card's words where no button of it can be pressed."""
    return as_text(replace(card, choices=()))
