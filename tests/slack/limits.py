"""What Slack refuses, or takes and shows wrongly: every limit of Block Kit that our payloads can meet.

Ours because no other checker has them all: slack_sdk's models let 51 blocks, two blocks of one id, an
unknown key and a window without a button to send by through. Lengths are counted in UTF-16 units, which
is never less than what Slack counts.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from tests.slack.checks import (
    Check,
    anything,
    each,
    either,
    flag,
    kinds,
    length,
    number,
    shape,
    string,
)

Surface = Literal["message", "modal", "home"]


def faults(surface: Surface, payload: Mapping[str, Any]) -> list[str]:
    """What Slack would not take: of a message's arguments (as for chat.postMessage), or of a view."""
    found = list(_SURFACES[surface](dict(payload), surface))
    return found or list(_as_a_whole(surface, payload))


def pings(payload: Any) -> list[str]:
    """The mentions in a payload: markup that would call people, or elements that do."""
    return [
        words for words in _mrkdwn(payload) if any(sign in words for sign in ("<!", "<@", "<#"))
    ]


# Text, and what can be pressed or filled in ----------------------------------------------------------


def plain(most: int) -> Check:
    return kinds({"plain_text": _text(most, "emoji")})


def text(most: int) -> Check:
    return kinds({"plain_text": _text(most, "emoji"), "mrkdwn": _text(most, "verbatim")})


def _text(most: int, own: str) -> Check:
    return shape({"type": anything, "text": _shown(most)}, {own: flag})


def _shown(most: int) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        yield from string(most)(value, at)
        if isinstance(value, str) and value and not value.strip():
            yield f"{at}: nothing but white space"

    return check


ID = string(255)
OPTION = shape({"text": plain(75), "value": string(150)}, {"description": plain(75)})
_TICKED = shape({"text": text(75), "value": string(150)}, {"description": text(75)})
_ACTION = {"type": anything, "action_id": ID}
_DISPATCH = shape(
    {"trigger_actions_on": each(2, either("on_enter_pressed", "on_character_entered"))}
)
BUTTON = shape(
    {**_ACTION, "text": plain(75)},
    {
        "value": string(2000),
        "url": string(3000),
        "style": either("primary", "danger"),
        "accessibility_label": string(75),
    },
)
SELECT = shape(
    {**_ACTION, "options": each(100, OPTION)},
    {"placeholder": plain(150), "initial_option": OPTION},
)
CHECKBOXES = shape(
    {**_ACTION, "options": each(10, _TICKED)}, {"initial_options": each(10, _TICKED)}
)
RADIO = shape({**_ACTION, "options": each(10, _TICKED)}, {"initial_option": _TICKED})
OVERFLOW = shape({**_ACTION, "options": each(5, OPTION)})
TYPED = shape(
    _ACTION,
    {
        "initial_value": string(3000),
        "multiline": flag,
        "min_length": number(0, 3000),
        "max_length": number(1, 3000),
        "placeholder": plain(150),
        "focus_on_load": flag,
        "dispatch_action_config": _DISPATCH,
    },
)
_CHOOSE = {"static_select": SELECT, "checkboxes": CHECKBOXES, "radio_buttons": RADIO}
PRESSED = kinds({"button": BUTTON, "overflow": OVERFLOW, **_CHOOSE})
FILLED = kinds({"plain_text_input": TYPED, **_CHOOSE})

# Rich text has no limit of its own in what Slack writes; 3000 is what everything else has.
_STYLE = shape({}, dict.fromkeys(("bold", "italic", "strike", "code"), flag))
_LEAF = kinds(
    {
        "text": shape({"type": anything, "text": string(3000)}, {"style": _STYLE}),
        "link": shape(
            {"type": anything, "url": string(3000)}, {"text": string(3000), "style": _STYLE}
        ),
    }
)
_WORDS = shape({"type": anything, "elements": each(1000, _LEAF)})
RICH = kinds({"rich_text_section": _WORDS, "rich_text_quote": _WORDS})

# Blocks and surfaces ---------------------------------------------------------------------------------

_BLOCK = {"type": anything}
_ID = {"block_id": ID}
BLOCK = kinds(
    {
        "section": shape(
            _BLOCK,
            {
                **_ID,
                "text": text(3000),
                "fields": each(10, text(2000)),
                "accessory": PRESSED,
                "expand": flag,
            },
        ),
        "header": shape({**_BLOCK, "text": plain(150)}, _ID),
        "divider": shape(_BLOCK, _ID),
        "context": shape({**_BLOCK, "elements": each(10, text(3000))}, _ID),
        "actions": shape({**_BLOCK, "elements": each(25, PRESSED)}, _ID),
        "rich_text": shape({**_BLOCK, "elements": each(1000, RICH)}, _ID),
        "input": shape(
            {**_BLOCK, "label": plain(2000), "element": FILLED},
            {**_ID, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
        ),
    }
)
_VIEW = {"private_metadata": string(3000, 0), "callback_id": string(255), "external_id": ID}
_SENT = ("channel", "ts", "user", "thread_ts", "metadata", "unfurl_links", "unfurl_media")
_ANSWERED = ("response_type", "replace_original", "delete_original", "token", "mrkdwn")
_SURFACES: Mapping[Surface, Check] = {
    "message": shape(
        {"text": _shown(40_000)},
        {"blocks": each(50, BLOCK, 0), **dict.fromkeys((*_SENT, *_ANSWERED), anything)},
    ),
    "modal": shape(
        {"type": either("modal"), "title": plain(24), "blocks": each(100, BLOCK)},
        {
            **_VIEW,
            **dict.fromkeys(("submit", "close"), plain(24)),
            **dict.fromkeys(("clear_on_close", "notify_on_close"), flag),
        },
    ),
    "home": shape({"type": either("home"), "blocks": each(100, BLOCK)}, _VIEW),
}


# What only the whole shows ---------------------------------------------------------------------------


def _as_a_whole(surface: Surface, payload: Mapping[str, Any]) -> Iterator[str]:
    blocks = payload.get("blocks", [])
    yield from _twice([b["block_id"] for b in blocks if "block_id" in b], "block_id")
    yield from _twice([e["action_id"] for b in blocks for e in _elements(b)], "action_id")
    for place, block in enumerate(blocks):
        yield from _alone(block, f"{surface}/blocks/{place}")
    asks = any(block["type"] == "input" for block in blocks)
    if surface == "modal" and asks and "submit" not in payload:
        yield "modal: an input, and no submit"
    if surface == "message" and (total := sum(map(length, _said(blocks)))) > 12_000:
        yield f"message: its blocks have {total} characters, about 12000 are taken"
    if surface != "message" and (size := len(json.dumps(payload).encode())) > 250_000:
        yield f"{surface}: {size} bytes, 250 kB are taken"


def _alone(block: Mapping[str, Any], at: str) -> Iterator[str]:
    """The rules that join two keys of one block."""
    if block["type"] == "section" and not block.keys() & {"text", "fields"}:
        yield f"{at}: neither text nor fields"
    if block["type"] == "rich_text" and (total := sum(map(length, _said(block)))) > 3000:
        yield f"{at}: {total} characters, at most 3000 are safe"
    element = block.get("element", {})
    if length(element.get("initial_value", "")) > element.get("max_length", 3000):
        yield f"{at}: initial_value is longer than max_length"
    for pressed in _elements(block):
        if pressed["type"] == "button" and "value" in pressed and "url" in pressed:
            yield f"{at}: a button with a value and a url, of which ours have one"


def _twice(ids: list[str], what: str) -> Iterator[str]:
    yield from (f"{what} {id!r} stands twice" for id, count in Counter(ids).items() if count > 1)


def _elements(block: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What has an action_id in a block."""
    found = [*block.get("elements", []), block.get("element", {}), block.get("accessory", {})]
    return [element for element in found if "action_id" in element]


def _said(part: Any) -> Iterator[str]:
    """Every word that is shown."""
    for key, held in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(held, dict | list):
            yield from _said(held)
        elif key in ("text", "initial_value"):
            yield held


def _mrkdwn(part: Any) -> Iterator[str]:
    """Every text that Slack reads as markup: text objects of that kind, and a message's own text."""
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn" or (
            "type" not in part and isinstance(part.get("text"), str)
        ):
            yield part["text"]
        if part.get("type") in ("user", "usergroup", "broadcast", "channel"):
            yield "<!"
    for held in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _mrkdwn(held)
