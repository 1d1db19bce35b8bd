"""How much text Slack takes in one place, and where a longer one is parted. No word is ever cut off."""

import re
from collections.abc import Iterator
from itertools import accumulate

from bot.core.messages import Json

# What a text object takes. Slack names no limit for rich text; we keep to this one there too.
MOST = 3000
_SENTENCE = re.compile(r"[.!?;:]['\"”’)\]]*\s+|\n+")
_SPACE = re.compile(r"\s+")
_WIDE = re.compile("[\U00010000-\U0010ffff]")
# Slack's own apps show plain_text as it is; others read these signs in it as markup.
_MARKS = re.compile(r"[*_~`<>\\]|&\w+;|:[\w+-]+:|://|^\s*([-•#]|\d+[.)])\s", re.M)


def size(text: str) -> int:
    """The length in UTF-16 units. Whether Slack counts an emoji as one or two is not written anywhere."""
    return len(text) + len(_WIDE.findall(text))


def parted(text: str, limit: int = MOST) -> Iterator[str]:
    """Pieces no longer than the limit, which joined are the text: after a sentence, else after a word."""
    while text:
        end = _end(text, _fitting(text, limit))
        yield text[:end]
        text = text[end:]


def _fitting(text: str, limit: int) -> int:
    """How many of its first characters fit."""
    sizes = accumulate(2 if char > "\uffff" else 1 for char in text[:limit])
    return sum(total <= limit for total in sizes)


def _end(text: str, room: int) -> int:
    if room == len(text):
        return room
    sentence = _last(_SENTENCE, text, room)
    # A piece of a few words before a sentence that fills the rest looks like a mistake.
    return sentence if 2 * sentence >= room else _last(_SPACE, text, room) or room


def _last(ends: re.Pattern[str], text: str, room: int) -> int:
    """Where the last of these ends within the room; 0 for none. The space after it may be outside."""
    return max((min(found.end(), room) for found in ends.finditer(text, 0, room + 1)), default=0)


def shortened(text: str, limit: int) -> str:
    """On one line: the whole, or its first words and "…" (also for nothing, which Slack refuses)."""
    words = " ".join(text.split())
    if words and size(words) <= limit:
        return words
    return next(parted(words, limit - 1), "").rstrip() + "…"


def has_marks(text: str) -> bool:
    """Whether something in it could be read as markup where it is not shown as rich text."""
    return _MARKS.search(text) is not None


def plain(text: str) -> Json:
    """A text object that is shown as it is: no markup, no mentions, ":smile:" stays a word."""
    return {"type": "plain_text", "text": text, "emoji": False}
