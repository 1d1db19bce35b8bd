"""A Card as Slack's Block Kit: as messages, as a window, as the App Home.

The order is the card's own (``core.cards.as_text``). What Slack has a limit for is parted, never cut: a
long text over several blocks, a long card over several messages.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.core.cards import Card, Choice, as_text
from bot.core.fixed import Fixed
from bot.core.messages import Json
from bot.core.unsent import Unsent
from bot.platforms.slack.asked import ACTION, as_facts, buttons, inputs
from bot.platforms.slack.mrkdwn import escaped
from bot.platforms.slack.parts import Blocks, asides, paragraphs, said, small
from bot.platforms.slack.texts import MOST, plain, shortened, size

__all__ = ["ACTION", "ASK", "Blocks", "Message", "TooLong", "home", "messages", "modal"]

# The box of the App Home: what is typed there comes with this action_id, by Enter or by its button.
ASK = "ask"
_IN_A_MESSAGE, _IN_A_VIEW = 50, 100
_FOOT_OF_A_WINDOW = 24
# Slack refuses a message (msg_blocks_too_long) whose blocks come to about 13,000 characters, its own
# braces counted in some way it does not tell; a view may have 250 kB.
_CHARACTERS, _BYTES = 11_000, 250_000


class TooLong(Unsent):
    """The card is longer than one view can be. It can still be posted, as messages."""

    def __init__(self) -> None:
        super().__init__("too_long_for_a_view", "never")


@dataclass(frozen=True)
class Message:
    """``text`` is what a notification shows and a screen reader reads first."""

    text: str
    blocks: Blocks


def messages(card: Card, fixed: Fixed, pages: str = "") -> Sequence[Message]:
    """One message, or several where one would be longer than Slack takes. The last has the buttons.

    ``pages`` is where the staff pages are reached from outside; without it links to them are left out.
    """
    words = fixed.preview if card.urgent else _first_line(card, fixed)
    text = escaped(shortened(words, MOST))
    return [Message(text, blocks or paragraphs([words])) for blocks in _parted(card, pages)]


def modal(card: Card, fixed: Fixed, pages: str = "") -> dict[str, Json]:
    """A window. Its fields are inputs; the main choice is what sends them, in ``private_metadata``.

    Raises TooLong.
    """
    view: dict[str, Json] = {"type": "modal", "title": plain(fixed.title)}
    view["close"] = plain(fixed.close)
    send = _sender(card)
    if not send:
        told = replace(card, fields=(), facts=(*card.facts, *as_facts(card.fields)))
        return _view(view, told, fixed, pages)
    others = tuple(choice for choice in card.choices if choice is not send)
    view |= {"submit": plain(shortened(send.label, _FOOT_OF_A_WINDOW))}
    view |= {"private_metadata": send.action, "callback_id": ACTION}
    whole = [send.label] if size(send.label) > _FOOT_OF_A_WINDOW else []
    return _view(view, replace(card, choices=others), fixed, pages, below=paragraphs(whole))


def home(card: Card, fixed: Fixed, pages: str = "") -> dict[str, Json]:
    """The App Home, with the box to ask in above the card. Raises TooLong."""
    return _view({"type": "home"}, card, fixed, pages, above=_ask_box(fixed))


def _first_line(card: Card, fixed: Fixed) -> str:
    lines = (card.title, *as_text(card).splitlines(), fixed.title)
    return next(line for line in lines if line.strip())


def _sender(card: Card) -> Choice | None:
    """The choice that sends what was typed: the main one, else the first."""
    sending = [choice for choice in card.choices if choice.action] if card.fields else []
    return min(sending, key=lambda choice: not choice.main, default=None)


def _ask_box(fixed: Fixed) -> Blocks:
    box: dict[str, Json] = {
        "type": "plain_text_input",
        "action_id": ASK,
        "placeholder": plain(shortened(fixed.ask_hint, 150)),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    label = plain(fixed.ask_label)
    # The button is for phones, whose keyboards may have no Enter that sends.
    button: Json = {"type": "button", "action_id": f"{ASK} now", "text": plain(fixed.ask)}
    return [
        {
            "type": "input",
            "block_id": f"{ASK} box",
            "dispatch_action": True,
            "label": label,
            "element": box,
        },
        {"type": "actions", "elements": [button]},
    ]


# Views -----------------------------------------------------------------------------------------------


def _view(
    view: dict[str, Json],
    card: Card,
    fixed: Fixed,
    pages: str,
    above: Iterable[Json] = (),
    below: Iterable[Json] = (),
) -> dict[str, Json]:
    """The view with the card in it. ``below`` stands by the buttons."""
    asked = [*inputs(card.fields), *below, *buttons(card, pages), *_last(card, pages)]
    for close in (False, True):
        blocks = [*above, *said(card, pages, close), *asked] or paragraphs([fixed.title])
        whole = {**view, "blocks": blocks}
        if len(blocks) <= _IN_A_VIEW and len(json.dumps(whole)) <= _BYTES:
            return whole
    raise TooLong


def _last(card: Card, pages: str) -> Blocks:
    return [*asides(card.quotes, pages), *small(card.foot)]


# Messages --------------------------------------------------------------------------------------------


def _parted(card: Card, pages: str) -> Sequence[Blocks]:
    """The blocks of each message. In several, what is pressed comes last, after what lies to hand."""
    asked = [*inputs(card.fields), *buttons(card, pages)]
    whole = [*said(card, pages), *asked, *_last(card, pages)]
    if _fits(whole):
        return [whole]
    above = _packed([*said(card, pages), *asides(card.quotes, pages)])
    below = [*asked, *small(card.foot)]
    if above and _fits([*above[-1], *below]):
        return [*above[:-1], [*above[-1], *below]]
    return [*above, *_packed(below)]


def _packed(blocks: Blocks) -> list[Blocks]:
    """As many to a message as fit. One that would be too much by itself is sent by itself."""
    packed: list[Blocks] = []
    for block in blocks:
        if packed and _fits([*packed[-1], block]):
            packed[-1].append(block)
        else:
            packed.append([block])
    return packed


def _fits(blocks: Blocks) -> bool:
    return len(blocks) <= _IN_A_MESSAGE and sum(map(_weight, blocks)) <= _CHARACTERS


def _weight(block: Json) -> int:
    return size(json.dumps(block, ensure_ascii=False))
