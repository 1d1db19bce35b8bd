"""The checker of payloads: each limit at its edge and one over, beside what slack_sdk's models see."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.slack.limits import Surface, faults, pings

Payload = dict[str, Any]
Part = dict[str, Any]


def words(count: int, kind: str = "plain_text") -> Part:
    return {"type": kind, "text": "x" * count}


def message(*blocks: Part, text: str = "Hello.") -> Payload:
    return {"text": text, "blocks": list(blocks)}


def modal(*blocks: Part, **more: Any) -> Payload:
    return {"type": "modal", "title": words(5), "blocks": list(blocks) or [section(1)], **more}


def section(count: int = 1, **more: Any) -> Part:
    return {"type": "section", "text": words(count), **more}


def fields(count: int, each: int = 1) -> Part:
    return {"type": "section", "fields": [words(each)] * count}


def actions(*elements: Part) -> Part:
    return {"type": "actions", "elements": list(elements)}


def button(label: int = 1, id: str = "a", **more: Any) -> Part:
    return {"type": "button", "action_id": id, "text": words(label), **more}


def chosen(kind: str, count: int = 1, text: int = 1, value: int = 1) -> Part:
    option = {"text": words(text), "value": "x" * value}
    return {"type": kind, "action_id": "a", "options": [option] * count}


def box(id: str = "a", **more: Any) -> Part:
    element = {"type": "plain_text_input", "action_id": id, **more}
    return {"type": "input", "block_id": id, "label": words(1), "element": element}


def rich(*words: str) -> Part:
    part = {"type": "rich_text_section", "elements": [{"type": "text", "text": w} for w in words]}
    return {"type": "rich_text", "elements": [part]}


def sized(bytes: int) -> Payload:
    """A Home of exactly so many bytes."""
    home: Payload = {"type": "home", "blocks": [rich("é" * 416) for _ in range(95)]}
    left = bytes - len(json.dumps(home))
    return {**home, "blocks": [*home["blocks"][:-1], _grown(home["blocks"][-1], left)]}


def _grown(block: Part, bytes: int) -> Part:
    return rich(block["elements"][0]["elements"][0]["text"] + "x" * bytes)


def buttons(count: int) -> Part:
    return actions(*(button(id=f"a{place}") for place in range(count)))


# The limit, a payload by how much of it there is, and whether slack_sdk's models see one too many.
LIMITS: Mapping[str, tuple[int, bool, Surface, Callable[[int], Payload]]] = {
    "blocks of a message": (50, False, "message", lambda n: message(*[section()] * n)),
    "blocks of a window": (100, True, "modal", lambda n: modal(*[section()] * n)),
    "blocks of the Home": (
        100,
        True,
        "home",
        lambda n: {"type": "home", "blocks": [section()] * n},
    ),
    "text of a message": (40_000, False, "message", lambda n: message(text="x" * n)),
    "text of all blocks of a message": (
        12_000,
        False,
        "message",
        lambda n: message(*[section(3000)] * (n // 3000), *[section(n % 3000)] * (n % 3000 > 0)),
    ),
    "bytes of a view": (250_000, False, "home", sized),
    "section": (3000, True, "message", lambda n: message(section(n))),
    "fields of a section": (10, True, "message", lambda n: message(fields(n))),
    "one field of a section": (2000, False, "message", lambda n: message(fields(1, n))),
    "header": (150, True, "message", lambda n: message({"type": "header", "text": words(n)})),
    "elements of a context": (
        10,
        True,
        "message",
        lambda n: message({"type": "context", "elements": [words(1)] * n}),
    ),
    "one text of a context": (
        3000,
        False,
        "message",
        lambda n: message({"type": "context", "elements": [words(n)]}),
    ),
    "rich text": (3000, False, "message", lambda n: message(rich("x" * 1000, "x" * (n - 1000)))),
    "elements of a row": (25, True, "message", lambda n: message(buttons(n))),
    "label of a button": (75, True, "message", lambda n: message(actions(button(n)))),
    "value of a button": (
        2000,
        True,
        "message",
        lambda n: message(actions(button(value="x" * n))),
    ),
    "address of a button": (
        3000,
        True,
        "message",
        lambda n: message(actions(button(url="https://".ljust(n, "x")))),
    ),
    "options of a select": (
        100,
        True,
        "message",
        lambda n: message(actions(chosen("static_select", n))),
    ),
    "text of an option": (
        75,
        False,
        "message",
        lambda n: message(actions(chosen("static_select", text=n))),
    ),
    "value of an option": (
        150,
        False,
        "message",
        lambda n: message(actions(chosen("static_select", value=n))),
    ),
    "checkboxes": (10, False, "message", lambda n: message(actions(chosen("checkboxes", n)))),
    "radio buttons": (
        10,
        False,
        "message",
        lambda n: message(actions(chosen("radio_buttons", n))),
    ),
    "options of an overflow": (
        5,
        True,
        "message",
        lambda n: message(actions(chosen("overflow", n))),
    ),
    "title of a window": (24, True, "modal", lambda n: {**modal(), "title": words(n)}),
    "submit of a window": (24, True, "modal", lambda n: modal(submit=words(n))),
    "close of a window": (24, True, "modal", lambda n: modal(close=words(n))),
    "private_metadata": (3000, True, "modal", lambda n: modal(private_metadata="x" * n)),
    "callback_id": (255, True, "modal", lambda n: modal(callback_id="x" * n)),
    "action_id": (255, True, "message", lambda n: message(actions(button(id="x" * n)))),
    "block_id": (255, True, "message", lambda n: message(section(block_id="x" * n))),
    "label of an input": (2000, True, "message", lambda n: message({**box(), "label": words(n)})),
    "hint of an input": (2000, True, "message", lambda n: message({**box(), "hint": words(n)})),
    "placeholder of an input": (150, True, "message", lambda n: message(box(placeholder=words(n)))),
    "what an input holds": (3000, False, "message", lambda n: message(box(initial_value="x" * n))),
    "what an input takes": (3000, False, "message", lambda n: message(box(max_length=n))),
    "what an input that takes less holds": (
        10,
        False,
        "message",
        lambda n: message(box(max_length=10, initial_value="x" * n)),
    ),
}


def seen_by_slack_sdk(payload: Payload) -> bool:
    """``to_dict`` looks at every part; ``validate_json`` would look at the outermost object only."""
    try:
        if "type" in payload:
            View(**payload).to_dict()
        for block in Block.parse_all(payload["blocks"]):
            block.to_dict()
    except SlackObjectFormationError:
        return True
    return False


@pytest.mark.parametrize("name", LIMITS)
def test_what_slack_just_takes_is_no_fault(name: str) -> None:
    most, _, surface, payload = LIMITS[name]
    assert faults(surface, payload(most)) == []
    assert not seen_by_slack_sdk(payload(most))


@pytest.mark.parametrize("name", LIMITS)
def test_one_more_is_a_fault(name: str) -> None:
    most, by_slack_sdk, surface, payload = LIMITS[name]
    assert len(faults(surface, payload(most + 1))) == 1
    assert seen_by_slack_sdk(payload(most + 1)) == by_slack_sdk


MRKDWN = words(1, "mrkdwn")
WRONG: Mapping[str, tuple[Surface, Payload]] = {
    "no text to fall back on": ("message", {"blocks": [section()]}),
    "an empty text to fall back on": ("message", message(section(), text="")),
    "a blank text": ("message", message({"type": "section", "text": {**words(1), "text": " "}})),
    "an empty text object": ("message", message(section(0))),
    "a block nobody knows": ("message", message({"type": "marquee"})),
    "a block without a type": ("message", message({"text": words(1)})),
    "an element nobody knows": ("message", message(actions({"type": "lever", "action_id": "a"}))),
    "rich text nobody knows": (
        "message",
        message({"type": "rich_text", "elements": [{"type": "rich_text_song", "elements": []}]}),
    ),
    "a mention in rich text": (
        "message",
        message(
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "broadcast", "range": "here"}],
                    }
                ],
            }
        ),
    ),
    "an unknown key of a block": ("message", message(section(colour="red"))),
    "an unknown key of a button": ("message", message(actions(button(colour="red")))),
    "an unknown key of a message": ("message", {**message(section()), "link_names": True}),
    "an unknown key of a view": ("modal", modal(colour="red")),
    "markup in a header": ("message", message({"type": "header", "text": MRKDWN})),
    "markup on a button": ("message", message(actions({**button(), "text": MRKDWN}))),
    "markup in a label": ("message", message({**box(), "label": MRKDWN})),
    "markup in a hint": ("message", message({**box(), "hint": MRKDWN})),
    "markup in a title": ("modal", {**modal(), "title": MRKDWN}),
    "a style nobody knows": ("message", message(actions(button(style="loud")))),
    "a row of nothing": ("message", message(actions())),
    "a section of nothing": ("message", message({"type": "section"})),
    "a button without an action_id": (
        "message",
        message(actions({"type": "button", "text": words(1)})),
    ),
    "two blocks of one id": (
        "message",
        message(section(block_id="b"), section(block_id="b")),
    ),
    "two buttons of one id": ("message", message(actions(button()), actions(button()))),
    "an input nobody can send": ("modal", modal(box())),
    "an input in a row of buttons": ("message", message(actions(box()["element"]))),
    "a button in an input": ("message", message({**box(), "element": button()})),
    "a window without a title": ("modal", {"type": "modal", "blocks": [section()]}),
    "a window without a block": ("modal", {**modal(), "blocks": []}),
    "a Home with a button to send": (
        "home",
        {"type": "home", "blocks": [section()], "submit": words(1)},
    ),
    "a window as a Home": ("home", {"type": "modal", "blocks": [section()]}),
    "blocks that are no list": ("message", {"text": "x", "blocks": section()}),
    "a block that is no object": ("message", {"text": "x", "blocks": ["section"]}),
    "a text that is no string": ("message", {"text": 5, "blocks": []}),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_slack_refuses_or_shows_wrongly_is_a_fault(name: str) -> None:
    surface, payload = WRONG[name]
    assert len(faults(surface, payload)) == 1


def test_a_window_with_an_input_and_a_button_to_send_is_faultless() -> None:
    assert faults("modal", modal(box(), submit=words(4))) == []
    assert faults("home", {"type": "home", "blocks": [box()]}) == []


def test_an_emoji_counts_as_two() -> None:
    header = {"type": "header", "text": {"type": "plain_text", "text": "🙈" * 76}}
    assert faults("message", message(header)) == [
        "message/blocks/0/text/text: 152 characters, 1 to 150 are taken"
    ]


@pytest.mark.parametrize("sign", ["<!channel>", "<@U012>", "<#C012>", "<!subteam^S012>"])
def test_a_mention_is_found_where_slack_reads_markup_and_nowhere_else(sign: str) -> None:
    marked = {"type": "context", "elements": [{"type": "mrkdwn", "text": f"a {sign}"}]}
    assert pings(message(marked)) == [f"a {sign}"]
    assert pings(message(text=f"a {sign}")) == [f"a {sign}"]
    assert pings(message({"type": "section", "text": {"type": "plain_text", "text": sign}})) == []
    assert pings(message(rich(sign))) == []
    assert pings(WRONG["a mention in rich text"][1]) == ["<!"]
