"""A web page -> its paragraphs. Also what Word and Google Docs write when they save as a web page."""

import re
from codecs import lookup
from collections.abc import Callable

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from bot.intake.document import Document
from bot.intake.formats.html_main import main_of
from bot.intake.formats.html_styles import styles_of
from bot.intake.formats.html_walk import Walk
from bot.intake.formats.sentences import without_false_headings
from bot.intake.read import BOM, IntakeMistake, wide, words

BIGGEST = 8 * 1024 * 1024
MOST_TAGS = 300_000  # Word's own pages have some 500 for each printed page
_HEAD = 4096  # browsers look no further for the page's own word on its encoding
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.I)
_DECLARED = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_TAG = re.compile(r"<[^>]*>")
_HEADING = re.compile(r"<(/?)h([1-6])(?=[\s>/])", re.I)
_CLOSED = re.compile(r"</(?:p|div|li|[uod]l|d[dt]|t[dhr]|table|section|article)\s*>", re.I)
# Browsers read these as Windows' bytes, whatever the page says.
_WINDOWS = ("iso8859-1", "ascii")


def read(name: str, raw: bytes, progress: Callable[[int], None]) -> Document:
    """The paragraphs of a web page; what is not shown on it is listed."""
    if len(raw) > BIGGEST:
        size = len(raw) / 1024 / 1024
        raise IntakeMistake(
            f"{name} is {size:.1f} MB and the most for a web page is 8 MB: save it without its pictures."
        )
    if raw.count(b"<") > MOST_TAGS:
        raise IntakeMistake(
            f"{name} holds more tags than any page people write: copy its text into your word "
            "processor, save it there and import that."
        )
    page = _page(name, _text(raw))
    walk = Walk(styles_of(page), progress, main=main_of(page))
    walk.whole(page)
    if not any(words(line.printed) for line in walk.lines):
        raise IntakeMistake(f"{name} holds no words: there is nothing to import.")
    return Document(without_false_headings(walk.lines), walk.dropped, "paragraph")


def _text(raw: bytes) -> str:
    """The page's text: by its byte order mark, by what it says of itself, as UTF-8, or as Windows'."""
    if codec := wide(raw):
        return raw.decode(codec, "replace")
    for codec in ("utf-8" if raw.startswith(BOM) else _said(raw[:_HEAD]), "utf-8"):
        try:
            return raw.removeprefix(BOM).decode(codec)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp1252", "replace")


def _said(head: bytes) -> str:
    found = _CHARSET.search(head)
    try:
        codec = lookup(found[1].decode()).name if found else "utf-8"
    except LookupError:
        return "utf-8"
    if codec in _WINDOWS:
        return "cp1252"
    # A page whose bytes can be searched for "<meta" is not in UTF-16, even if it says so.
    return "utf-8" if codec.startswith("utf-") else codec


def _closed(text: str) -> str:
    """The page with "<h4>a</h2>" closed as browsers do, and space after every other block that ends."""
    opened = ""

    def close(found: re.Match[str]) -> str:
        nonlocal opened
        ends, level = found.groups()
        level, opened = (opened or level, "") if ends else (level, level)
        return f"<{ends}h{level}"

    return _CLOSED.sub(r"\g<0> ", _HEADING.sub(close, text))


def _page(name: str, text: str) -> HtmlElement:
    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True)
    try:
        page = document_fromstring(
            _closed(_DECLARED.sub("", text, 1)).encode(errors="replace"), parser
        )
    except (etree.LxmlError, ValueError) as error:
        if words(_TAG.sub(" ", text[:_HEAD])) or len(text) > _HEAD:
            raise IntakeMistake(
                f"{name} is no page that can be read: copy its text into your word processor, save it "
                "there and import that."
            ) from error
        raise IntakeMistake(f"{name} holds no words: there is nothing to import.") from error
    if any("xcessive depth" in told.message or "huge" in told.message for told in parser.error_log):
        raise IntakeMistake(
            f"{name} is nested deeper than any page people write: copy its text into your word "
            "processor, save it there and import that."
        )
    return page
