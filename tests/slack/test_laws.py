"""A card as Block Kit: every card is faultless, none loses a word, and nobody is pinged by one."""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.cards import Card, Quote
from bot.platforms.slack.blocks import Message, TooLong, home, messages, modal
from tests.slack.hostile import CARDS
from tests.slack.limits import faults, pings
from tests.slack.shown import (
    FIXED,
    PAGES,
    framed,
    labels,
    last,
    missing,
    read,
    squeezed,
    told,
)

ANY = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
BASES = st.sampled_from(("", PAGES))


def sent(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": message.blocks}


@ANY
@given(CARDS, BASES)
def test_any_card_is_faultless_messages_that_lose_no_word_and_ping_nobody(
    card: Card, pages: str
) -> None:
    payloads = [sent(message) for message in messages(card, FIXED, pages)]
    text = read(*({"blocks": payload["blocks"]} for payload in payloads))
    for payload in payloads:
        assert faults("message", payload) == []
        assert pings(payload) == []
        assert_slack_sdk_agrees(payload["blocks"])
    for line in (*told(card), *labels(card, pages), *last(card)):
        assert squeezed(line) in text
    if len(payloads) == 1:
        assert missing([*told(card), *last(card)], text) == []


@ANY
@given(CARDS, BASES)
def test_any_card_is_a_faultless_window_or_too_long_for_one(card: Card, pages: str) -> None:
    try:
        view: Any = modal(card, FIXED, pages)
    except TooLong:
        assert_is_long(card)
        return
    assert faults("modal", view) == []
    assert pings(view) == []
    View(**view).to_dict()
    text = read(view)
    assert missing([*told(card), *last(card)], text) == []
    text += squeezed(view.get("submit", {}).get("text", ""))
    assert [label for label in labels(card, pages) if squeezed(label) not in text] == []


@ANY
@given(CARDS, BASES)
def test_any_card_is_a_faultless_home_or_too_long_for_one(card: Card, pages: str) -> None:
    try:
        view: Any = home(card, FIXED, pages)
    except TooLong:
        assert_is_long(card)
        return
    assert faults("home", view) == []
    assert pings(view) == []
    View(**view).to_dict()
    assert missing([FIXED.ask_label, *told(card), *last(card)], read(view)) == []
    assert [label for label in labels(card, pages) if squeezed(label) not in read(view)] == []


@ANY
@given(CARDS)
def test_any_clause_is_word_for_word_and_bold_where_it_decides(card: Card) -> None:
    shown = [block for message in messages(card, FIXED) for block in message.blocks]
    quotes = [quote for quote in card.quotes if not quote.aside]
    leads = [f"“{quote.lead}”" if quote.lead.strip() else "" for quote in quotes]
    expected = (f"{lead}“{quote.text}”" for lead, quote in zip(leads, quotes, strict=True))
    assert framed(shown) == "".join(expected)
    assert framed(shown, bold=True) == "".join(map(decides, quotes))


def decides(quote: Quote) -> str:
    begin, end = (max(place, 0) for place in quote.strong)
    return quote.text[begin:end]


def assert_slack_sdk_agrees(shown: Sequence[Any]) -> None:
    parsed = Block.parse_all(shown)
    assert None not in parsed
    assert [block.to_dict()["type"] for block in parsed] == [block["type"] for block in shown]


def assert_is_long(card: Card) -> None:
    """Longer than any card we make: a window takes about forty pages."""
    assert len(json.dumps([*told(card), *last(card)])) > 60_000
