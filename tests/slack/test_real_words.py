"""What the house really says on Slack: every template it has, and every clause of real policies."""

import os
from functools import cache
from typing import Any

import pytest

from bot.config import ROOT
from bot.core.cards import Card, Quote
from bot.library import read_library
from bot.platforms.slack.blocks import home, messages, modal
from tests.bench import sets
from tests.slack.limits import faults, pings
from tests.slack.shown import FIXED, PAGES, framed, labels, last, missing, read, squeezed, told
from tests.test_wording import TEMPLATES, cards


@cache
def by_template() -> dict[str, list[Card]]:
    """The different cards of each template, for every shape of what it can be given."""
    found: dict[str, dict[Card, None]] = {}
    for name, card in cards():
        found.setdefault(name, {})[card] = None
    return {name: list(made) for name, made in found.items()}


NAMES = sorted(name.removesuffix(".j2") for name in TEMPLATES if not name.startswith("_"))


@pytest.mark.parametrize("name", NAMES)
def test_every_template_is_faultless_as_messages_as_a_window_and_as_the_home(name: str) -> None:
    for card in by_template()[name]:
        (message,) = messages(card, FIXED, PAGES)
        payload: dict[str, Any] = {"text": message.text, "blocks": message.blocks}
        window: Any = modal(card, FIXED, PAGES)
        page: Any = home(card, FIXED, PAGES)
        found = [*faults("message", payload), *faults("modal", window), *faults("home", page)]
        assert found == [], name
        assert pings([payload, window, page]) == []
        for view in (payload, window, page):
            text = read(view)
            assert missing([*told(card), *last(card)], text) == []
            text += squeezed(view.get("submit", {}).get("text", ""))
            assert all(squeezed(label) in text for label in labels(card, PAGES))


@pytest.mark.parametrize("name", NAMES)
def test_every_template_has_a_heading_and_no_label_is_shortened(name: str) -> None:
    """Titles fit a header and labels their buttons, in the words we ship."""
    for card in by_template()[name]:
        window: Any = modal(card, FIXED)
        kinds = [block["type"] for block in window["blocks"][: len(card.banner) + 2]]
        assert "header" in kinds, card.title
        assert not [choice.label for choice in card.choices if len(choice.label) > 75]
        assert not card.fields or "…" not in window["submit"]["text"]


def comes_back(text: str, lead: str) -> bool:
    """Whether a clause stands on its card as it is: quoted, to have to hand, and bold to the letter."""
    half = len(text) // 2
    quote, aside = Quote(text, "5.3", lead, (0, half)), Quote(text, "5.3", lead, aside=True)
    expected = f"“{lead}”“{text}”" if lead else f"“{text}”"
    shown = [block for m in messages(Card("T.", quotes=(quote,)), FIXED) for block in m.blocks]
    lying: Any = [block for m in messages(Card("T.", quotes=(aside,)), FIXED) for block in m.blocks]
    small = "".join(words for block in lying for words in _texts(block))
    return (framed(shown), framed(shown, bold=True)) == (expected, text[:half]) and (
        f"“{text}”" in small
    )


def _texts(block: Any) -> list[str]:
    parts = block.get("elements", [])
    return [run["text"] for part in parts for run in part.get("elements", [part])]


def test_every_clause_of_the_example_policies_comes_back_word_for_word() -> None:
    for policy in read_library(ROOT / "policies").policies.values():
        texts = {clause.id: clause.text for clause in policy.clauses}
        wrong = [
            clause.label
            for clause in policy.clauses
            if not comes_back(clause.text, texts.get(clause.lead, ""))
        ]
        assert wrong == [], policy.id


def test_every_clause_of_the_five_documents_comes_back_word_for_word() -> None:
    if not sets.shared_is_here():
        assert not os.environ.get("CI"), "CI needs ../shared: the five documents"
        pytest.skip("../shared is not here: the five documents are read from there")
    rows = sets.gold("clauses")
    assert [row["clause"] for row in rows if not comes_back(row["text"], "")] == []
