"""What a card says, piece by piece, and which of it cannot be read in what was rendered."""

import re
from collections.abc import Callable, Iterator

from bot.core.cards import Card

Squeeze = Callable[[str], str]


def letters(text: str) -> str:
    """Letters and digits only: all that is left where a renderer takes * and _ for its own."""
    return re.sub(r"[\W_]+", "", text)


def unspaced(text: str) -> str:
    """Every sign, whatever stands between them."""
    return "".join(text.split())


def pieces(card: Card) -> Iterator[str]:
    """Every text of the card a person is to read. A link to a page is left out of chats on purpose:
    what cannot be reached from there is not offered."""
    yield from (card.title, *card.banner, *card.paragraphs, *card.after, card.foot)
    for quote in card.quotes:
        yield from (quote.mark, quote.lead, quote.text, quote.source)
    for name, value in card.facts:
        yield from (name, value)
    for field in card.fields:
        yield from (field.label, field.value, field.hint, field.error)
    yield from (choice.label for choice in card.choices if choice.action)


def lost(card: Card, visible: str, squeeze: Squeeze) -> list[str]:
    """The pieces that cannot be read."""
    there = squeeze(visible)
    return [piece for piece in pieces(card) if squeeze(piece) not in there]
