"""What a person reads of a payload, and the small parts tests put one together from."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.conversations import read_conversations
from bot.core.cards import Card, Quote
from bot.platforms.slack.blocks import messages
from bot.platforms.slack.mrkdwn import address
from tests.helpers import CONVERSATIONS
from tests.slack.limits import faults

FIXED = read_conversations(CONVERSATIONS).fixed
PAGES = "https://policies.school.example"


def words(part: Any) -> Iterator[str]:
    """Every text on a payload, first to last as it is read; of a link in small print its words."""
    for key in ("label", "text", "hint", "initial_value", "element", "elements", "blocks"):
        held = part.get(key, ())
        if isinstance(held, str):
            yield _unmarked(held) if part.get("type") == "mrkdwn" else held
        for inner in [held] if isinstance(held, dict) else held if isinstance(held, list) else ():
            yield from words(inner)


def _unmarked(text: str) -> str:
    return html.unescape(re.sub(r"<[^|>]*\|([^>]*)>", r"\1", text))


def read(*payloads: Any) -> str:
    """The same as one text without its white space, which is what parting and joining may change."""
    return squeezed("".join(text for payload in payloads for text in words(payload)))


def squeezed(text: str) -> str:
    return "".join(text.split())


def framed(blocks: Sequence[Any], bold: bool = False) -> str:
    """What stands in the frames of quoted words, or what of it is bold."""
    runs = [
        run
        for block in blocks
        if block["type"] == "rich_text"
        for part in block["elements"]
        if part["type"] == "rich_text_quote"
        for run in part["elements"]
    ]
    return "".join(run["text"] for run in runs if not bold or "style" in run)


def told(card: Card) -> list[str]:
    """The words of a card above its buttons, in the order of ``as_text``."""
    shown = [*card.banner, card.title, *card.paragraphs]
    shown += [line for quote in card.quotes if not quote.aside for line in of(quote)]
    shown += [*card.after, *(word for fact in card.facts for word in fact)]
    return shown + [word for f in card.fields for word in (f.label, f.value, f.error)]


def last(card: Card) -> list[str]:
    """The words below them."""
    return [line for quote in card.quotes if quote.aside for line in of(quote)] + [card.foot]


def labels(card: Card, pages: str = "") -> list[str]:
    return [c.label for c in card.choices if c.action or address(c.link, pages)]


def of(quote: Quote) -> tuple[str, ...]:
    return quote.mark, quote.lead, quote.text, quote.source


def missing(lines: Iterable[str], text: str) -> list[str]:
    """The lines that do not stand in the text (of ``read``) one after the other."""
    at, lost = 0, []
    for line in map(squeezed, lines):
        found = text.find(line, at)
        at = found + len(line) if found >= 0 else at
        lost += [line] if found < 0 else []
    return lost


# A card as its messages, and the small parts they are put together from -----------------------------


def one(card: Card, pages: str = "") -> dict[str, Any]:
    """The card as the one message it is."""
    (message,) = messages(card, FIXED, pages)
    return {"text": message.text, "blocks": message.blocks}


def several(card: Card) -> list[list[Any]]:
    """The blocks of each message, which are faultless."""
    sent: list[Any] = [{"text": m.text, "blocks": m.blocks} for m in messages(card, FIXED)]
    assert [fault for payload in sent for fault in faults("message", payload)] == []
    assert all(payload["blocks"] for payload in sent)
    return [payload["blocks"] for payload in sent]


def kinds(blocks: list[Any]) -> list[str]:
    return [block["type"] for block in blocks]


def of_kind(view: Mapping[str, Any], kind: str) -> list[Any]:
    return [block for block in view["blocks"] if block["type"] == kind]


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words, "emoji": False}


def paragraph(words: str) -> dict[str, Any]:
    part = {"type": "rich_text_section", "elements": [{"type": "text", "text": words}]}
    return {"type": "rich_text", "elements": [part]}


def context(*words: str) -> dict[str, Any]:
    return {"type": "context", "elements": [plain(part) for part in words]}
