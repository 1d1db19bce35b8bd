"""What a card asks for on Slack: fields as inputs, choices as buttons and links, the box of the Home."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.cards import Card, Choice, Field, Quote
from bot.platforms.slack.blocks import ACTION, ASK, home, modal
from tests.slack.limits import faults
from tests.slack.shown import (
    FIXED,
    PAGES,
    context,
    kinds,
    of_kind,
    one,
    paragraph,
    plain,
    read,
    squeezed,
)

CHOSEN = (Choice("Go", "go", main=True),)

# Fields ----------------------------------------------------------------------------------------------

FORM = Card(
    "Send this?",
    fields=(
        Field("words", "Your question", "may i wear a hat", "You can change it.", long=True),
        Field("more", "More", error="Please write something here."),
    ),
    choices=(Choice("Don't send", "help"), Choice("Send these words", "send d1", main=True)),
)


def box(id: str, multiline: bool, **more: Any) -> dict[str, Any]:
    own = {"action_id": id, "max_length": 3000, "multiline": multiline}
    return {"type": "plain_text_input", **own, **more}


INPUTS = [
    {
        "type": "input",
        "block_id": "words",
        "label": plain("Your question"),
        "hint": plain("You can change it."),
        "element": box("words", True, initial_value="may i wear a hat"),
    },
    {"type": "input", "block_id": "more", "label": plain("More"), "element": box("more", False)},
    context("Please write something here."),
]


def pressed(number: int, label: str, action: str) -> dict[str, Any]:
    button = {"type": "button", "action_id": f"{ACTION} {number}", "text": plain(label)}
    return {**button, "value": action}


def test_a_form_in_a_message_has_its_inputs_and_its_buttons_there() -> None:
    first, second = pressed(0, "Don't send", "help"), pressed(1, "Send these words", "send d1")
    row = {"type": "actions", "elements": [first, {**second, "style": "primary"}]}
    assert one(FORM)["blocks"] == [
        {"type": "header", "text": plain("Send this?")},
        *INPUTS,
        row,
    ]


def test_a_form_in_a_window_is_sent_by_its_main_choice() -> None:
    assert modal(FORM, FIXED) == {
        "type": "modal",
        "title": plain(FIXED.title),
        "close": plain(FIXED.close),
        "submit": plain("Send these words"),
        "private_metadata": "send d1",
        "callback_id": ACTION,
        "blocks": [
            {"type": "header", "text": plain("Send this?")},
            *INPUTS,
            {"type": "actions", "elements": [pressed(0, "Don't send", "help")]},
        ],
    }


def test_without_a_main_choice_the_first_one_sends() -> None:
    view = modal(Card("T.", fields=(Field("a", "A"),), choices=(Choice("Go", "go"),)), FIXED)
    assert (view["submit"], view["private_metadata"]) == (plain("Go"), "go")


def test_fields_nothing_can_send_are_shown_to_read() -> None:
    view = modal(Card("T.", fields=(Field("a", "A", "typed", "hint", "wrong"),)), FIXED)
    assert faults("modal", view) == []
    assert read(view) == "T.A:typedhintwrong"


def test_a_long_name_of_the_main_choice_stands_whole_above() -> None:
    long = Choice("Send these words to the owner of the policy", "send d1", main=True)
    view = modal(replace(FORM, choices=(long,)), FIXED)
    assert view["submit"] == plain("Send these words to the…")
    assert of_kind(view, "rich_text") == [paragraph(long.label)]


def test_words_too_long_for_a_box_stand_below_it_as_far_as_they_are() -> None:
    typed = "A sentence somebody typed. " * 200
    (block, *over) = one(Card(fields=(Field("a", "A", typed),), choices=CHOSEN))["blocks"][:-1]
    assert len(block["element"]["initial_value"]) <= 3000
    assert (
        block["element"]["initial_value"]
        + "".join(part["elements"][0]["elements"][0]["text"] for part in over)
        == typed
    )


def test_what_was_wrong_stands_right_under_its_box() -> None:
    typed = "A sentence somebody typed. " * 200
    field = Field("a", "A", typed, " ", "That is too long.")
    blocks = one(Card(fields=(field,), choices=CHOSEN))["blocks"]
    assert kinds(blocks) == ["input", "context", "rich_text", "actions"]
    assert "hint" not in blocks[0]


# Buttons and links -----------------------------------------------------------------------------------


def test_five_buttons_stand_in_a_row() -> None:
    choices = tuple(Choice(f"Choice {number}", f"go {number}") for number in range(12))
    rows = of_kind(one(Card("T.", choices=choices)), "actions")
    assert [len(row["elements"]) for row in rows] == [5, 5, 2]
    assert [b["value"] for row in rows for b in row["elements"]] == [c.action for c in choices]


def test_more_buttons_than_that_have_room_too() -> None:
    choices = tuple(Choice(f"Choice {number}", f"go {number}") for number in range(600))
    view = modal(Card("T.", choices=choices), FIXED)
    assert faults("modal", view) == []
    assert sum(len(row["elements"]) for row in of_kind(view, "actions")) == 600


def test_a_long_label_stands_whole_above_its_button() -> None:
    label = "A label of very many words " * 4
    blocks = one(Card(choices=(Choice(label, "go"),)))["blocks"]
    assert blocks[0] == paragraph(label)
    short = blocks[1]["elements"][0]["text"]["text"]
    assert label.startswith(short.removesuffix("…"))
    assert short == "A label of very many words A label of very many words A label of very many…"


def test_a_link_of_the_staff_pages_is_left_out_until_they_can_be_reached() -> None:
    card = Card("T.", choices=(Choice("See", link="/policies/p#p1"),))
    assert kinds(one(card)["blocks"]) == ["header"]
    (row,) = of_kind(one(card, PAGES + "/"), "actions")
    assert row["elements"] == [
        {
            "type": "button",
            "action_id": f"{ACTION} 0",
            "text": plain("See"),
            "url": f"{PAGES}/policies/p#p1",
        }
    ]


@pytest.mark.parametrize(
    "link", ["http://a.example", "javascript:alert(1)", "https://", "a.example", "//a.example"]
)
def test_only_https_is_opened(link: str) -> None:
    assert kinds(one(Card("T.", choices=(Choice("See", link=link),)))["blocks"]) == ["header"]


def test_a_choice_with_an_action_is_a_button_whatever_it_links_to() -> None:
    (row,) = of_kind(one(Card("T.", choices=(Choice("Go", "go", "https://a.example"),))), "actions")
    assert row["elements"] == [pressed(0, "Go", "go")]


def test_the_label_of_a_clause_opens_its_page() -> None:
    card = Card("T.", quotes=(Quote("Be kind.", "5.3 · A & B · version 3", link="/policies/p|q>"),))
    (shown,) = of_kind(one(card, PAGES), "context")
    words = f"<{PAGES}/policies/p%7Cq%3E|5.3>"
    label = {"type": "mrkdwn", "text": words}
    assert shown["elements"] == [label, plain("· A & B · version 3")]


@pytest.mark.parametrize(
    "source", ["_5.3_ · Policy", "5.3 · *Policy*", " · Policy", "5.3 · " + "word " * 700]
)
def test_a_source_that_would_not_read_as_it_is_opens_nothing(source: str) -> None:
    blocks = one(Card(quotes=(Quote("Be kind.", source, link="/p"),)), PAGES)["blocks"]
    assert "mrkdwn" not in str(blocks)
    assert squeezed(source) in read(*blocks)


# The App Home ----------------------------------------------------------------------------------------


def test_the_home_has_a_box_to_ask_in_above_the_card() -> None:
    view = home(Card("Ask.", choices=(Choice("Help", "help"),)), FIXED)
    element = {
        "type": "plain_text_input",
        "action_id": ASK,
        "placeholder": plain(FIXED.ask_hint),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    assert view == {
        "type": "home",
        "blocks": [
            {
                "type": "input",
                "block_id": "ask box",
                "dispatch_action": True,
                "label": plain(FIXED.ask_label),
                "element": element,
            },
            {
                "type": "actions",
                "elements": [{"type": "button", "action_id": "ask now", "text": plain(FIXED.ask)}],
            },
            {"type": "header", "text": plain("Ask.")},
            {"type": "actions", "elements": [pressed(0, "Help", "help")]},
        ],
    }
    assert faults("home", view) == []
