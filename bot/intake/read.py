"""Text made plain: decoded, with one kind of space and line end. Nothing here understands policies."""

import re

from bot.core.imports import Refused

_WIDE = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
BOM = b"\xef\xbb\xbf"
_SIGN = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_NOTHING = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_JOINERS = re.compile(r"(?<=[\x00-\x7f])[\u200c\u200d]+")
_WORD = re.compile(r"[^\W_]+")


class IntakeMistake(Refused):
    """Why a file was not taken in, as one sentence for the person who tried."""


def decoded(name: str, raw: bytes) -> str:
    """The text of utf-8 (with or without BOM), utf-16 or utf-32 with BOM, or Windows cp1252 bytes."""
    try:
        return raw.decode(wide(raw) or "utf-8-sig")
    except UnicodeDecodeError as error:
        if wide(raw):
            raise _unknown(name) from error
        return _cp1252(name, raw, raw[: error.start].count(b"\n") + 1)


def wide(raw: bytes) -> str:
    return next((codec for bom, codec in _WIDE if raw.startswith(bom)), "")


def _cp1252(name: str, raw: bytes, line: int) -> str:
    """Windows bytes. Where signs of UTF-8 stand too, reading all as Windows would garble those."""
    if raw.startswith(BOM) or _SIGN.search(raw):
        raise IntakeMistake(
            f"{name} is UTF-8 text but for a sign in line {line}: "
            "put that sign right, save it as UTF-8 and try again."
        )
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _unknown(name) from error


def _unknown(name: str) -> IntakeMistake:
    return IntakeMistake(f"{name} is in an unknown encoding: save it as UTF-8 text and try again.")


def cleaned(raw: str) -> str:
    """The same words with one kind of line end, plain spaces and tabs, and nothing invisible."""
    text = _BREAKS.sub("\n", raw)
    text = _JOINERS.sub("", _NOTHING.sub("", text))
    return _SPACES.sub(" ", text)


def words(text: str) -> list[str]:
    """The words of a text: maximal runs of letters and digits."""
    return _WORD.findall(text)


def folded(text: str) -> str:
    """One line, single spaces."""
    return " ".join(text.split())
