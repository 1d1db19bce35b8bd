"""One header line of any shape -> its labels and values."""

import re

from bot.intake.dates import date_place
from bot.intake.front import KNOWN

_PAIR = re.compile(r"\s*(?:\||\t|\s{3,}|\.{4,}|…+|_{3,})\s*")
_INNER = re.compile(
    r"(?<=\S)(?<!approved)(?<!adopted)(?<!ratified)(?<!agreed)(?<!reviewed)(?<!issued)\s+(?=on\b[^:]{0,20}:)"
    r"|(?<=\S)\s+(?=(?:date|next review|review date|review due|review|last review(?:ed)?|reviewed"
    r"|author|status|adopted|ratified|agreed|signed off|to be (?:reviewed|looked at again)"
    r"|date of (?:next )?review|version|approved|signed|owner)\b[^:]{0,20}:)",
    re.I,
)
_COLON = re.compile(r"([^:]{2,70}?)\s*(?::\s?[-–]?)\s*(.*)", re.S)
_OPENING = re.compile(
    r"((?:date of (?:the )?(?:last|next)[a-z ]{0,40}|date (?:for|of) [a-z ]{0,40}"
    r"|next review(?: date| due)?|last review(?:ed)?|review(?:ed)?(?: date| due| by)?"
    r"|approved(?: by| on)?|adopted(?: by| on)?|ratified(?: by| on)?|agreed(?: by| on)?"
    r"|version(?: no| number)?|policy owner|owner|date|to be reviewed|issue(?: no)?))\b\s*(.*)",
    re.I | re.S,
)


def pairs(text: str) -> list[tuple[str, str]]:
    """("Approved by", "Governors"), ("Date", "May 2024") from one header line of any shape."""
    chunks = _PAIR.split(text)
    parts = [part for chunk in chunks for part in _parted(chunk) if part.strip(" *_")]
    found: list[tuple[str, str]] = []
    waiting = ""
    for part in (part.strip(" *_") for part in parts):
        colon, opening = _COLON.fullmatch(part), _before_date(part) or _OPENING.fullmatch(part)
        opening = None if KNOWN.fullmatch(part) else opening
        if waiting and not (colon and colon[2]):
            found.append((waiting, part))
            waiting = ""
        elif colon or (opening and opening[2]):
            label, value = (colon or opening).group(1, 2)  # type: ignore[union-attr]
            waiting = "" if value.strip() else label
            found += [(label.strip("* _"), value.strip("* "))] if value.strip() else []
        else:
            waiting = part
    return found


def _parted(chunk: str) -> list[str]:
    """ "Approved by: Governors Date: May 2024" parted before its second label."""
    label, colon, rest = chunk.partition(":")
    first, *others = _INNER.split(rest)
    return [f"{label}{colon}{first}", *others]


def _before_date(part: str) -> re.Match[str] | None:
    """ "Date for next review January 2019" parted where its date begins."""
    place = date_place(part)
    label = part[:place].strip() if place > 0 else ""
    if not (label and len(label) < 70 and _OPENING.match(f"{label} x")):
        return None
    return re.compile(rf"(.{{{place}}})(.*)", re.S).fullmatch(part)
