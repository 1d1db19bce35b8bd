"""What somebody sees of an Adaptive Card, and the laws that every one has to keep."""

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.conversations import read_conversations
from bot.core.cards import Card
from tests.helpers import CONVERSATIONS
from tests.teams.schemas import card_faults
from tests.teams.test_words import read

FIXED = read_conversations(CONVERSATIONS).fixed
TOKEN = "01K0ABCDEFGHJKMNPQRSTVWXYZ"
PAGES = "https://bot.oak.example"
MOST = 28_000  # bytes of UTF-16


def found(content: Any, *types: str) -> list[Any]:
    """Everything of these types on a card, in order; a fall-back is not shown beside the real thing."""
    if isinstance(content, list):
        return [each for part in content for each in found(part, *types)]
    if not isinstance(content, dict):
        return []
    mine = [content] if content.get("type") in types else []
    inner = (part for key, part in content.items() if key != "fallback")
    return mine + [each for part in inner for each in found(part, *types)]


ACTIONS = ("Action.Execute", "Action.Submit", "Action.OpenUrl")
SEEN = ("TextBlock", "TextRun", "FactSet", "Input.Text", "ActionSet")


def seen(content: Any) -> Iterator[str]:
    for element in found(content, *SEEN):
        match element["type"]:
            case "TextBlock":
                yield read(element["text"]) or ""
            case "TextRun":
                yield element["text"]
            case "FactSet":
                for fact in element["facts"]:
                    yield from (read(fact["title"]) or "", read(fact["value"]) or "")
            case "Input.Text":
                yield from (element["label"], element["value"])
            case "ActionSet":
                yield from (action["title"] for action in element["actions"])


def letters(told: str) -> str:
    """Nothing but what words are made of, so that only words are compared."""
    return "".join(re.findall(r"\w", told))


def size(content: object) -> int:
    return len(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le"))


def mistakes(content: dict[str, Any], card: Card) -> list[str]:
    """Against every law that one card has to keep."""
    inputs, sets = found(content, "Input.Text"), found(content, "ActionSet")
    actions = [action for few in sets for action in few["actions"]]
    pressed = [action for action in actions if action["type"] != "Action.OpenUrl"]
    ours = {choice.action for choice in card.choices}
    told = [*card_faults(content)]
    told += [] if size(content) <= MOST else [f"{size(content)} bytes"]
    told += [] if content["version"] == "1.5" else ["version"]
    told += [] if len({i["id"] for i in inputs}) == len(inputs) else ["ids"]
    told += ["no label" for i in inputs if not (i["label"] and i["errorMessage"])]
    told += ["no title" for action in actions if not action["title"]]
    told += ["too many" for few in sets if len(few["actions"]) > 6]
    told += ["no wrap" for block in found(content, "TextBlock") if not block["wrap"]]
    for action in pressed:
        back = action["fallback"]
        data = action["data"]
        told += [] if set(data) == {"action", "token"} and data["action"] in ours else ["data"]
        told += [] if data["token"] == TOKEN and action["verb"] else ["token, verb"]
        told += [] if (back["type"], back["data"]) == ("Action.Submit", data) else ["fallback"]
    return told
