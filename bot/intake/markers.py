"""What stands before a clause: "5.2", "(a)", "iv.", "•". Reads one line, knows nothing of its place."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.intake.read import folded

Kind = Literal["bullet", "decimal", "letter"]


@dataclass(frozen=True)
class Marker:
    """``printed`` as it stands; ``number`` (5, 2) for "5.2"; ``letter`` "a", "iv" or "B2".

    ``style`` is ".", ")" or "()"; ``tail`` is what follows a number at once: the "(a)" of "5.2(a)".
    """

    kind: Kind
    printed: str
    number: tuple[int, ...] = ()
    letter: str = ""
    style: str = ""
    tail: str = ""

    @property
    def name(self) -> str:
        """The marker as a citation prints it: "5.2", "5.2(a)", "a", "B2"."""
        return self.letter or ".".join(map(str, self.number)) + self.tail


_LOOSE = "•·‣◦▪■□●○➢➤✓✔☐☑☒❏❑►▶→✗✘\uf0b7\uf0a7\uf0d8"
_BULLET = re.compile(rf"([{_LOOSE}])\s*(?=[^\s{_LOOSE}])|([-*+–—−§o])[ \t]+(?=\S)")
_DECIMAL = re.compile(
    r"(\()?(\d{1,3}(?:\.\d{1,3}){0,4})([a-z]?(?:\s?\([a-z]{1,4}\))?)(?(1)\)|([.):]?))(?=[\s\t]|$)\s*"
)
_TIGHT = re.compile(r"()(\d{1,3}(?:\.\d{1,3}){0,4})()([.)])(?=[A-Z][a-z])")  # groups as above
_LETTER = re.compile(
    r"(\()?([a-z]|[A-Z]|[ivxl]{2,6}|[IVXL]{2,6}|([a-z])\3)(?(1)\)|([.)]))(?=\s|$)\s*"
)
_MONTH = re.compile(
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b",
    re.I,
)
_HEAD = 200


def split_marker(line: str) -> tuple[Marker | None, str]:
    """The marker a line begins with, and the rest of the line."""
    head = line[:_HEAD]
    bullet = _BULLET.match(head)
    if not bullet:
        return _number(line) or _letter(line) or (None, line)
    rest = line[bullet.end() :]
    inner = _number(rest) if bullet[2] != "o" else None  # an "o" left out would be a word lost
    if (inner and inner[0].style != "") or (
        inner and len(inner[0].number) > 1 and inner[1][:1].isupper()
    ):
        return inner
    return Marker("bullet", bullet[1] or bullet[2]), rest


def _number(line: str) -> tuple[Marker, str] | None:
    found = _DECIMAL.match(line[:_HEAD]) or _TIGHT.match(line[:_HEAD])
    if not found:
        return None
    style = "()" if found[1] == "(" else (found[4] or "")
    number = tuple(int(part) for part in found[2].split("."))
    rest = line[found.end() :]
    if not _is_number(number, style, found[3], rest, found[0]):
        return None
    tail = "".join(found[3].split())
    if number[1:] == (0,) and not tail:  # "2.0 Charges" counts as 2
        number, tail = number[:1], ".0"
    return Marker("decimal", folded(found[0]), number, style=style, tail=tail), rest


def _is_number(number: tuple[int, ...], style: str, tail: str, rest: str, printed: str) -> bool:
    """Not a date, a sum or a count: "12 March", "12.03.24", "2 copies", "3 (b) and"."""
    if _MONTH.match(rest[:12]) and style in ("", ".") and len(number) == 1:
        return False
    if not rest and (style in ("", ":") or len(number) > 2) and len(number) != 1:
        return len(number) == 2 and number[0] < 40 and "." in printed and number[1] < 40
    if tail.isalpha() and style == "" and not rest[:1].isupper():
        return False
    if len(number) == 1 and style == "":
        wide = printed != printed.strip() and ("\t" in printed or printed.endswith("   "))
        return not tail and number[0] < 100 and (not rest or wide or rest[:1].isupper())
    return True


def _letter(line: str) -> tuple[Marker, str] | None:
    found = _LETTER.match(line[:_HEAD])
    if not found:
        return None
    style = "()" if found[1] else found[4]
    return Marker("letter", found[0].strip(), letter=found[2], style=style), line[found.end() :]


_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


def roman(letter: str) -> int:
    """The number a small roman numeral means, or 0."""
    values = [_ROMAN.get(char, 0) for char in letter.lower()]
    if not values or 0 in values:
        return 0
    total = sum(
        -value if value < max(values[place:], default=0) else value
        for place, value in enumerate(values)
    )
    return total if total > 0 and to_roman(total) == letter.lower() else 0


def to_roman(number: int) -> str:
    """12 -> "xii"."""
    signs = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    text = ""
    for value, sign in signs:
        text += sign * (number // value)
        number %= value
    return text


def alphabetic(letter: str) -> int:
    """a -> 1, b -> 2, ..., aa -> 27, bb -> 28; 0 for anything else."""
    if not letter or len(letter) > 2 or letter != letter[0] * len(letter):
        return 0
    return ord(letter[0].lower()) - 96 + 26 * (len(letter) - 1)
