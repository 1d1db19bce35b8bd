"""A file on disk -> its text, or one sentence saying why not. Nothing here understands policies."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

BIGGEST = 5 * 1024 * 1024
MOST_LINES = 12_000
TYPES = (".txt", ".md", ".markdown")
_WIDE = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_BOM = b"\xef\xbb\xbf"
_SIGN = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a Word or zip file",
    b"\xd0\xcf\x11\xe0": "an old Word file",
    b"{\\rtf": "rich text (RTF)",
}

_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_NOTHING = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_JOINERS = re.compile(r"(?<=[\x00-\x7f])[\u200c\u200d]+")
_WORD = re.compile(r"[^\W_]+")


class IntakeMistake(Exception):
    """Why a file was not taken in, as one sentence for the person who tried."""


@dataclass(frozen=True)
class Source:
    """A document as it came: its name, its text made plain, and the hash of its bytes."""

    name: str
    text: str
    sha256: str


def source(path: Path) -> Source:
    """The document at ``path``, or IntakeMistake."""
    _refuse_by_outside(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise IntakeMistake(f"{path.name} could not be read ({reason}): check the file.") from error
    _refuse_by_inside(path.name, raw)
    text = cleaned(decoded(path.name, raw))
    _refuse_by_text(path.name, text)
    return Source(path.name, text, hashlib.sha256(raw).hexdigest())


def _refuse_by_outside(path: Path) -> None:
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise IntakeMistake(f"There is no file {str(path)!r}: check the name.") from error
    if not path.is_file():
        raise IntakeMistake(f"{path.name or path} is not a file: name one .txt or .md file.")
    if path.suffix.lower() not in TYPES:
        raise IntakeMistake(
            f"{path.name} is not a .txt or .md file: txt and md only so far, "
            "so save the document as plain text and import that."
        )
    if found.st_size > BIGGEST:
        size = found.st_size / 1024 / 1024
        raise IntakeMistake(f"{path.name} is {size:.1f} MB and the most is 5 MB: is it a policy?")


def _refuse_by_inside(name: str, raw: bytes) -> None:
    if not raw.strip():
        raise IntakeMistake(f"{name} is empty: there is nothing to import.")
    head = raw.removeprefix(_BOM).lstrip()
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise IntakeMistake(f"{name} is really {what}: save it as plain text and import that.")
    if b"\0" in raw and not _wide(raw):
        raise IntakeMistake(f"{name} is a binary file, not text: save it as plain text first.")


def decoded(name: str, raw: bytes) -> str:
    """The text of utf-8 (with or without BOM), utf-16 or utf-32 with BOM, or Windows cp1252 bytes."""
    try:
        return raw.decode(_wide(raw) or "utf-8-sig")
    except UnicodeDecodeError as error:
        if _wide(raw):
            raise _unknown(name) from error
        return _cp1252(name, raw, raw[: error.start].count(b"\n") + 1)


def _wide(raw: bytes) -> str:
    return next((codec for bom, codec in _WIDE if raw.startswith(bom)), "")


def _cp1252(name: str, raw: bytes, line: int) -> str:
    """Windows bytes. Where signs of UTF-8 stand too, reading all as Windows would garble those."""
    if raw.startswith(_BOM) or _SIGN.search(raw):
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


def _refuse_by_text(name: str, text: str) -> None:
    if not _WORD.search(text):
        raise IntakeMistake(f"{name} holds no words: there is nothing to import.")
    if "\ufffd" in text and text.count("\ufffd") * 100 > len(text):
        raise IntakeMistake(f"{name} is not readable text: save it as UTF-8 text and try again.")
    if text.count("\n") > MOST_LINES:
        raise IntakeMistake(f"{name} has more than {MOST_LINES:,} lines: is it a policy?")


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
