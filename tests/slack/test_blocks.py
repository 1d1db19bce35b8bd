"""What a card looks like on Slack: the order of its blocks, its long texts, fields, buttons, links."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import pytest

from bot.core.cards import Card, Choice, Field, Quote
from bot.platforms.slack.blocks import ACTION, TooLong, home, modal
from tests.slack.limits import faults
from tests.slack.shown import (
    FIXED,
    context,
    framed,
    kinds,
    of_kind,
    one,
    paragraph,
    plain,
    read,
    several,
    squeezed,
)

# What a card looks like ------------------------------------------------------------------------------


CLAUSE = "Staff should tell the head. They should not accept 'friend' requests from pupils."
SETTLED = Card(
    title="No.",
    banner=("This policy's review date has passed.",),
    paragraphs=("The policy says:",),
    quotes=(
        Quote(
            CLAUSE, "5.3 · Social Media · version 3", "Pupils:", (28, len(CLAUSE)), "/policies/p"
        ),
        Quote("Tell somebody.", "6.1 · Social Media", mark="Also close:", aside=True),
    ),
    after=("Next: speak to Ms Shah.",),
    facts=(("Helpline", "116 123"), ("Police", "101")),
    choices=(Choice("Report a concern", "concern"), Choice("See it", link="/policies/p")),
    foot="Nobody reads this chat.",
)


def test_a_card_has_the_order_of_its_words() -> None:
    assert one(SETTLED)["blocks"] == [
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {
                            "type": "text",
                            "text": "⚠️ This policy's review date has passed.",
                            "style": {"bold": True},
                        }
                    ],
                }
            ],
        },
        {"type": "header", "text": plain("No.")},
        paragraph("The policy says:"),
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_quote",
                    "elements": [{"type": "text", "text": "“Pupils:”"}],
                },
                {
                    "type": "rich_text_quote",
                    "elements": [
                        {"type": "text", "text": "“"},
                        {"type": "text", "text": "Staff should tell the head. "},
                        {
                            "type": "text",
                            "text": "They should not accept 'friend' requests from pupils.",
                            "style": {"bold": True},
                        },
                        {"type": "text", "text": "”"},
                    ],
                },
            ],
        },
        context("5.3 · Social Media · version 3"),
        paragraph("Next: speak to Ms Shah."),
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "text", "text": "Helpline:", "style": {"bold": True}},
                        {"type": "text", "text": " 116 123"},
                        {"type": "text", "text": "\n"},
                        {"type": "text", "text": "Police:", "style": {"bold": True}},
                        {"type": "text", "text": " 101"},
                    ],
                }
            ],
        },
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "action_id": f"{ACTION} 0",
                    "text": plain("Report a concern"),
                    "value": "concern",
                }
            ],
        },
        context("Also close:\n“Tell somebody.”"),
        context("6.1 · Social Media"),
        context("Nobody reads this chat."),
    ]


def test_a_notification_shows_the_title_with_nothing_in_it_read_as_markup() -> None:
    assert one(Card("Is <!channel> & <@U1> a *ping*?"))["text"] == (
        "Is &lt;!channel&gt; &amp; &lt;@U1&gt; a *ping*?"
    )


def test_a_card_without_a_title_is_told_by_its_first_words() -> None:
    assert one(Card(paragraphs=(" ", "Hello.")))["text"] == "Hello."
    assert one(Card())["text"] == FIXED.title


def test_an_urgent_card_stands_out_and_is_not_shown_on_a_locked_phone() -> None:
    message = one(Card("Ring 999.", choices=(Choice("Yes", "danger yes", main=True),), urgent=True))
    assert message["text"] == FIXED.preview
    assert kinds(message["blocks"]) == [*("divider", "header", "divider", "actions")]
    assert message["blocks"][-1]["elements"][0]["style"] == "danger"


def test_the_main_choice_of_another_card_is_a_primary_button() -> None:
    card = Card("T.", choices=(Choice("A", "a"), Choice("B", "b", main=True)))
    (row,) = of_kind(one(card), "actions")
    assert [button.get("style") for button in row["elements"]] == [None, "primary"]


@pytest.mark.parametrize("title", ["word " * 31, "Is _____ filled in?"])
def test_a_title_no_header_can_show_is_bold(title: str) -> None:
    (shown,) = one(Card(title))["blocks"]
    run = {"type": "text", "text": title, "style": {"bold": True}}
    assert shown["elements"] == [{"type": "rich_text_section", "elements": [run]}]


@pytest.mark.parametrize(("length", "kind"), [(150, "header"), (151, "rich_text")])
def test_a_header_has_150_characters_at_most(length: int, kind: str) -> None:
    assert kinds(one(Card("x" * length))["blocks"]) == [kind]


def test_blank_words_are_no_block() -> None:
    blank = Card("T.", (" ",), ("", "\n"), (Quote("Q.", "5", " "),), (" ",), foot=" ")
    assert kinds(one(blank)["blocks"]) == ["header", "rich_text", "context"]
    assert framed(one(blank)["blocks"]) == "“Q.”"


@pytest.mark.parametrize(
    "words",
    [
        *("*a*", "_____", "~a", "`a`", "<a", "a>", "\\", ":smile:", "&amp;", "https://a.example"),
        *("- a", "1. a", "a\n2) a", "# a", "• a"),
    ],
)
def test_what_could_be_read_as_markup_is_rich_text_wherever_it_stands(words: str) -> None:
    (shown,) = one(Card(foot=words))["blocks"]
    assert shown == paragraph(words)


@pytest.mark.parametrize("words", ["5.2 (bullet 3) · A & B", "9:30 to 10", "Ms O'Hara, 101 - yes"])
def test_ordinary_words_are_small_print(words: str) -> None:
    assert one(Card(foot=words))["blocks"] == [context(words)]


SIGNS = "Fill in _____ *now* ~today~ `here` <!channel> <@U1> & &amp; :smile: https://a.example"


def test_signs_of_markup_in_a_clause_are_words() -> None:
    card = Card("T.", quotes=(Quote(SIGNS, SIGNS), Quote(SIGNS, SIGNS, aside=True)), foot=SIGNS)
    message = one(card)
    assert f"“{SIGNS}”" == framed(message["blocks"])
    assert kinds(message["blocks"]) == ["header", *["rich_text"] * 5]
    assert read(message).count(squeezed(SIGNS)) == 5


# What is too long ------------------------------------------------------------------------------------


def test_a_long_clause_is_parted_after_a_sentence_and_never_cut() -> None:
    text = "This is one sentence of a long clause. " * 200
    card = Card("T.", quotes=(Quote(text, "5.3", strong=(3900, 7800)),))
    (blocks,) = several(card)
    assert framed(blocks) == f"“{text}”"
    assert framed(blocks, bold=True) == text[3900:]
    parts = [framed([block]) for block in blocks if block["type"] == "rich_text"]
    assert len(parts) == 3
    assert all(part.endswith("clause. ") for part in parts[:-1])


@pytest.mark.parametrize("text", ["🙈" * 5000, "word " * 2000, "x" * 7000])
def test_a_text_without_sentences_is_parted_all_the_same(text: str) -> None:
    blocks = [block for part in several(Card("T.", quotes=(Quote(text, "5.3"),))) for block in part]
    assert framed(blocks) == f"“{text}”"


CHOSEN = (Choice("Go", "go", main=True),)


def test_a_card_of_many_blocks_is_several_messages_the_last_with_the_buttons() -> None:
    lines = tuple(f"Paragraph {number}." for number in range(120))
    card = Card("T.", paragraphs=lines, fields=(Field("a", "A"),), choices=CHOSEN, foot="Foot.")
    first, second, third = several(card)
    assert [len(first), len(second), len(third)] == [50, 50, 24]
    assert kinds(third)[-3:] == ["input", "actions", "context"]
    assert read(*(block for part in (first, second, third) for block in part)) == squeezed(
        "".join(("T.", *lines, "AGo", "Foot."))
    )


def test_a_card_of_many_words_is_several_messages() -> None:
    quotes = tuple(Quote("A sentence of a clause. " * 100, f"5.{n}") for n in range(10))
    parts = several(Card("T.", quotes=quotes, choices=CHOSEN))
    assert len(parts) == 3
    assert [kinds(part).count("actions") for part in parts] == [0, 0, 1]


def test_no_message_is_empty_before_a_block_that_fills_one() -> None:
    several(Card(paragraphs=("\x01" * 3000, "Hello.")))
    several(Card(fields=tuple(Field(f"f{n}", "A", "word " * 500) for n in range(9)), foot="F."))


def test_in_several_messages_what_lies_to_hand_stands_before_the_buttons() -> None:
    aside = Quote("A sentence of a clause. " * 600, "6.1", aside=True)
    parts = several(Card("T.", quotes=(aside,), choices=CHOSEN))
    assert kinds(parts[-1])[-1] == "actions"


def test_a_window_takes_more_paragraphs_than_blocks() -> None:
    lines = tuple(f"Paragraph {number}." for number in range(300))
    view = modal(Card("T.", paragraphs=lines), FIXED)
    assert faults("modal", view) == []
    assert read(view) == squeezed("T." + "".join(lines))


def test_the_longest_window_is_one_that_slack_just_takes() -> None:
    *_, longest = windows("x" * 2900, 80)
    assert faults("modal", longest) == []
    assert len(json.dumps(longest)) > 245_000


def windows(words: str, count: int) -> Iterator[Mapping[str, Any]]:
    """Of so many paragraphs and ever more, until there is one too many."""
    with suppress(TooLong):
        for number in range(count, 100):
            yield modal(Card(paragraphs=(words,) * number), FIXED)


def test_what_no_window_holds_is_refused_and_posted_instead() -> None:
    card = Card("T.", paragraphs=("word " * 60_000,))
    for view in (modal, home):
        with pytest.raises(TooLong) as refused:
            view(card, FIXED)
        assert (refused.value.reason, refused.value.kind) == ("too_long_for_a_view", "never")
    assert len(several(card)) > 20
