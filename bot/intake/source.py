"""A file on disk -> its document and the hash of its bytes, or one sentence saying why not."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from bot.intake.apart import read_apart
from bot.intake.document import Document
from bot.intake.formats import text
from bot.intake.read import BOM, IntakeMistake

BIGGEST = 25 * 1024 * 1024
# What each ending is read as. Text needs no process of its own: nothing in it can be unpacked.
KINDS = {
    **dict.fromkeys((".txt", ".md", ".markdown"), "text"),
    ".docx": "docx",
    ".pdf": "pdf",
    ".odt": "odt",
    **dict.fromkeys((".html", ".htm"), "html"),
}
NAMES = ".docx, .pdf, .odt, .html, .txt or .md"
_NEVER_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # nor for a pipe's writer
_ZIP = b"PK\x03\x04"
# How files begin that are not what their ending says, what they are, and what helps.
_MAGIC = {
    b"%PDF": ("pdf", "a PDF", "rename it to .pdf"),
    _ZIP: ("zip", "a Word or zip file", "rename it to .docx if it is a Word file"),
    b"\xd0\xcf\x11\xe0": (
        "ole",
        "an old Word file, or one with a password",
        "open it in Word, take any password off, and save it as .docx",
    ),
    b"{\\rtf": ("rtf", "rich text (RTF)", "open it in Word and save it as .docx"),
}
_HEAD = 1024
_ZIPPED = ("docx", "odt")


@dataclass(frozen=True)
class Source:
    """A document as it came: its name, what its reader made of it, and the hash of its bytes."""

    name: str
    document: Document
    sha256: str


def source(path: Path) -> Source:
    """The document at ``path``, or IntakeMistake."""
    _refuse_by_outside(path)
    try:
        raw = _bytes(path)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise IntakeMistake(
            f"{_shown(path.name)} could not be read ({reason}): check the file."
        ) from error
    return source_of(_shown(path.name), raw)


def _bytes(path: Path) -> bytes:
    """No more than a policy may have: a file may have grown, or no longer be a plain one."""
    with open(os.open(path, os.O_RDONLY | _NEVER_WAIT), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise IntakeMistake(f"{_shown(path.name)} is not a file: name one {NAMES} file.")
        raw = file.read(BIGGEST + 1) or b""  # a file that would make us wait gives nothing
    if len(raw) > BIGGEST:
        raise _too_big(path, len(raw))
    return raw


def _too_big(path: Path, size: int) -> IntakeMistake:
    megabytes = size / 1024 / 1024
    return IntakeMistake(
        f"{_shown(path.name)} is {megabytes:.1f} MB and the most is 25 MB: is it a policy?"
    )


def _shown(name: str) -> str:
    """A file's name in one line, and in signs that can be written down."""
    return "".join(sign if sign.isprintable() else "?" for sign in name)


def source_of(name: str, raw: bytes) -> Source:
    """The document in these bytes, for a file that was handed over and does not lie on disk."""
    kind = _kind(name)
    _refuse_by_inside(name, kind, raw)
    document = (
        text.read(name, raw, lambda pages: None) if kind == "text" else read_apart(kind, name, raw)
    )
    return Source(name, document, hashlib.sha256(raw).hexdigest())


def _kind(name: str) -> str:
    found = KINDS.get(Path(name).suffix.lower())
    if found is None:
        raise IntakeMistake(
            f"{name} is none of the kinds that can be read ({NAMES}): "
            "save the document as one of them and import that."
        )
    return found


def _refuse_by_outside(path: Path) -> None:
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise IntakeMistake(f"There is no file {str(path)!r}: check the name.") from error
    if not path.is_file():
        raise IntakeMistake(f"{_shown(path.name) or path} is not a file: name one {NAMES} file.")
    _kind(_shown(path.name))
    if found.st_size > BIGGEST:
        raise _too_big(path, found.st_size)


def _refuse_by_inside(name: str, kind: str, raw: bytes) -> None:
    if not raw.removeprefix(BOM) or raw.isspace():
        raise IntakeMistake(f"{name} is empty: there is nothing to import.")
    head = raw[:_HEAD].removeprefix(BOM).lstrip()
    for magic, (real, what, help) in _MAGIC.items():
        if head.startswith(magic) and not (real == kind or (real == "zip" and kind in _ZIPPED)):
            raise IntakeMistake(f"{name} is really {what}: {help}, and import that.")
    if kind in _ZIPPED and not raw.startswith(_ZIP):
        raise IntakeMistake(
            f"{name} is no .{kind} file inside: save it again from your word processor."
        )
    if kind == "pdf" and b"%PDF-" not in raw[:_HEAD]:
        raise IntakeMistake(f"{name} is no PDF inside: save it again from your word processor.")
