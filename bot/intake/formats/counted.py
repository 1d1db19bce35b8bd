"""Automatic numbers as they are printed: 3 is "3", "c", "C", "iii" or "III"."""

from typing import Literal

How = Literal["decimal", "lower-alpha", "upper-alpha", "lower-roman", "upper-roman"]

MOST = 999_999  # a count beyond this is a slip or made to do harm
_SIGNS = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def counted(text: str | None, otherwise: int) -> int:
    """The whole number somebody wrote into an attribute, kept between -MOST and MOST."""
    told = (text or "").strip()[:12]
    try:
        return max(-MOST, min(MOST, int(told)))
    except ValueError:
        return otherwise


def printed(number: int, how: str) -> str:
    """A number as a list prints it; in digits where letters or numerals have no sign for it."""
    if how.endswith("roman") and 0 < number < 4000:
        told = _roman(number)
    elif how.endswith("alpha") and 0 < number <= MOST:
        told = _letters(number)
    else:
        return str(number)
    return told.upper() if how.startswith("upper") else told


def _roman(number: int) -> str:
    text = ""
    for value, sign in _SIGNS:
        text += sign * (number // value)
        number %= value
    return text


def _letters(number: int) -> str:
    """a to z, then aa, ab: as browsers and word processors' web pages count."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(97 + rest) + text
    return text
