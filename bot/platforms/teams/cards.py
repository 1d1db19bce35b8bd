"""A Card as an Adaptive Card 1.5, or as several where the words are too many for one.

The order is that of ``core.cards.as_text``. No clause is ever cut short. A message may go on in a second
card (``parts``). Where there can be only one (``adaptive``: the answer to a press), a clause that does
not fit is left out whole, its place with its link stays, and the card says so.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.cards import Card, Quote
from bot.core.fixed import Fixed
from bot.core.messages import Json
from bot.platforms.teams.elements import (
    SMALL,
    Element,
    Shape,
    banner,
    box,
    buttons,
    clause,
    fact_sets,
    heading,
    inputs,
    place,
    text,
)
from bot.platforms.teams.elements import How as How
from bot.platforms.teams.words import sayable

# What Teams takes is told differently in different places; 28 KB is the least (facts: teams 4, 2026-11).
MOST_UNITS = 28_000 // 2  # of UTF-16
_MOST_IN_A_BOX = MOST_UNITS - 1_400  # beside it stand the frame and the line that it goes on
_MOST_IN_A_FALLBACK = 300
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def adaptive(
    card: Card, fixed: Fixed, token: str, how: How = "execute", pages: str = ""
) -> dict[str, Json]:
    """The content of one attachment of type application/vnd.microsoft.card.adaptive, 28 KB at most.

    Every button's data is {"action": ours, "token": names this card, so that a press counts once}, to
    which Teams adds what was typed. ``pages``: the https address that the links' paths stand behind.
    """
    blocks = _blocks(card, Shape(fixed, token, how, pages))
    whole = [element for block in blocks for element in block.whole]
    if _units(whole) > _room(card):
        whole = _fitting(blocks, _room(card), text(fixed.left_out))
    return _content(card, whole)


def parts(
    card: Card, fixed: Fixed, token: str, how: How = "execute", pages: str = ""
) -> list[dict[str, Json]]:
    """The whole card as attachments' contents, to be shown in this order; nearly always it is one.

    What is typed and its buttons are never parted, and buttons stand on the last, or before what is
    only to hand.
    """
    blocks = _blocks(card, Shape(fixed, token, how, pages))
    pieces = [piece for block in blocks for piece in block.pieces]
    whole = _content(card, [element for piece in pieces for element in piece])
    if _units([whole]) <= MOST_UNITS:
        return [whole]
    onward = text(fixed.goes_on, SMALL)
    bodies = _filled(pieces, _room(card))
    if len(bodies) > 1:
        bodies = _filled(pieces, _room(card) - _units(onward))
    gone_on = [_content(card, [*body, *onward]) for body in bodies[:-1]]
    return [*gone_on, _content(card, bodies[-1])]


def summary(card: Card, fixed: Fixed) -> str:
    """What a notification shows."""
    return fixed.preview if card.urgent else card.title or fixed.preview


# What stands on a card --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Block:
    """What stands together: ``pieces`` may go on in the next card, or all be left out for ``instead``.
    ``turn`` 0 is given its room first."""

    pieces: Sequence[list[Element]]
    turn: int
    instead: Sequence[Element] = ()

    @property
    def whole(self) -> list[Element]:
        return [element for piece in self.pieces for element in piece]


def _blocks(card: Card, shape: Shape) -> list[_Block]:
    """In the card's order. Room is given to what is pressed first, then to our own words, then clauses."""
    asked = inputs(card.fields, shape.fixed)
    sets = buttons(card.choices, shape, bool(asked))
    acts = [[*asked, *(each for few in sets for each in few)]] if asked else sets
    return [
        *(_Block([banner(line)], 0) for line in card.banner),
        _Block([heading(card.title, card.urgent)], 0),
        *(_words(line, 1) for line in card.paragraphs),
        *(_quoted(quote, shape, 2) for quote in card.quotes if not quote.aside),
        *(_words(line, 1) for line in card.after),
        *(_Block([facts], 1) for facts in fact_sets(card.facts)),
        *(_Block([act], 0) for act in acts),
        *(_quoted(quote, shape, 3) for quote in card.quotes if quote.aside),
        *(_words(line, 1, SMALL) for line in [card.foot]),
    ]


def _words(words: str, turn: int, look: Element | None = None) -> _Block:
    return _Block([[each] for each in text(words, look)], turn)


def _quoted(quote: Quote, shape: Shape, turn: int) -> _Block:
    """In one box; a clause too long for a card in a box for each of its parts."""
    elements = clause(quote, shape)
    whole = [box(elements, "emphasis")]
    fits = _units(whole) <= _MOST_IN_A_BOX
    return _Block(
        [whole] if fits else [[box([each], "emphasis")] for each in elements],
        turn,
        place(quote, shape),
    )


# How much fits ----------------------------------------------------------------------------------------


def _filled(pieces: Iterable[list[Element]], room: int) -> list[list[Element]]:
    """The pieces in order, on as few cards as that takes."""
    bodies: list[list[Element]] = [[]]
    left = room
    for piece in pieces:
        needs = _units(piece)
        if bodies[-1] and needs > left:
            bodies.append([])
            left = room
        bodies[-1] += piece
        left -= needs
    return bodies


def _fitting(blocks: Sequence[_Block], room: int, notice: Sequence[Element]) -> list[Element]:
    """As many whole blocks as there is room for; the notice stands where the first is missing. Places
    come in the turn of our own words, so that no clause takes the room of another's place."""
    room -= _units(notice)
    wishes = [(block.turn, at, block.whole) for at, block in enumerate(blocks)]
    wishes += [(1, at, [*block.instead]) for at, block in enumerate(blocks) if block.instead]
    kept: dict[int, list[Element]] = {}
    for _, at, wish in sorted(wishes, key=lambda wish: wish[0]):
        needs = _units(wish) - _units(kept.get(at, ()))
        if needs <= room:
            kept[at] = wish
            room -= needs
    shown: list[Element] = []
    for at, block in enumerate(blocks):
        shown += kept.get(at, ())
        if kept.get(at) != block.whole:
            shown += notice
            notice = ()
    return shown


def _room(card: Card) -> int:
    return MOST_UNITS - _units([_content(card, [])])


def _units(elements: Iterable[Element]) -> int:
    """What they take up in UTF-16, written compactly, with the commas between them."""
    return sum(
        len(_compact(each).encode("utf-16-le", "surrogatepass")) // 2 + 1 for each in elements
    )


def _content(card: Card, body: Sequence[Element]) -> dict[str, Json]:
    return {
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": sayable(card.title[:_MOST_IN_A_FALLBACK]),
        "body": [*body],
    }
