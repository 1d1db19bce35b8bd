"""An OpenDocument text (.odt, as LibreOffice writes it) -> its paragraphs with their numbers."""

from collections.abc import Callable

from lxml import etree

from bot.intake.document import Document, Dropped
from bot.intake.formats.odt_styles import OFFICE, STYLE, TEXT, Styles, styles_of
from bot.intake.formats.odt_text import plain
from bot.intake.formats.odt_walk import Walk
from bot.intake.formats.sentences import without_false_headings
from bot.intake.formats.zipped import Zipped
from bot.intake.read import IntakeMistake, words

_TEXT = b"application/vnd.oasis.opendocument.text"
_MACROS = ("Basic/", "Scripts/")
_RUNNING = {"header": "page header", "footer": "page footer"}


def read(name: str, raw: bytes, progress: Callable[[int], None]) -> Document:
    """The paragraphs of an OpenDocument text; page headers, deleted and hidden text are listed."""
    zipped = Zipped(name, raw)
    _refuse(name, zipped)
    content = zipped.xml("content.xml")
    body = content.find(f"{OFFICE}body/{OFFICE}text") if content is not None else None
    if content is None or body is None:
        raise IntakeMistake(
            f"{name} holds no text document: save it as .odt or .docx from your word processor."
        )
    kept = zipped.xml("styles.xml")
    walk = Walk(styles_of([one for one in (kept, content) if one is not None]), progress)
    walk.whole(body)
    if not any(words(line.printed) for line in walk.lines):
        raise IntakeMistake(f"{name} holds no words: there is nothing to import.")
    running = _running(kept, walk.styles) if kept is not None else []
    lines = without_false_headings(walk.lines)
    return Document(lines, [*running, *walk.dropped], "paragraph")


def _refuse(name: str, zipped: Zipped) -> None:
    if "word/document.xml" in zipped.paths:
        raise IntakeMistake(f"{name} is really a Word file: rename it to .docx, and import that.")
    if b"encryption-data" in zipped.bytes("META-INF/manifest.xml"):
        raise IntakeMistake(
            f"{name} has a password: open it, take the password off, save it and import that."
        )
    if any(one.startswith(_MACROS) and not one.endswith("/") for one in zipped.paths):
        raise IntakeMistake(
            f"{name} holds macros: save it without them, as .docx or .odt, and import that."
        )
    kind = zipped.bytes("mimetype")
    if kind and not kind.startswith(_TEXT):
        raise IntakeMistake(
            f"{name} is no text document inside: save it from your word processor and import that."
        )


def _running(kept: etree._Element, styles: Styles) -> list[Dropped]:
    """What stands at the head and foot of every page, each text once."""
    found: dict[str, str] = {}
    for page in kept.iter(f"{STYLE}master-page"):
        for part in page:
            kind = etree.QName(part).localname.partition("-")[0]
            if kind in _RUNNING and part.get(f"{STYLE}display") != "false":
                for paragraph in part.iter(f"{TEXT}p", f"{TEXT}h"):
                    found.setdefault(plain(paragraph), _RUNNING[kind])
    return [Dropped(1, text, why) for text, why in found.items() if words(text)]
