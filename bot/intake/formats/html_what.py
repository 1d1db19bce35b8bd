"""What single elements of a web page are: left out, a heading, a note's mark, a table only for its looks."""

import re

from lxml.html import HtmlElement

from bot.intake.formats.counted import counted
from bot.intake.formats.html_styles import hidden

HEADINGS = {f"h{level}": level for level in range(1, 7)}
_UNSHOWN = {
    **dict.fromkeys(
        ("script", "noscript", "template", "object", "iframe"), "not shown on the page"
    ),
    **dict.fromkeys(("audio", "video", "canvas", "applet"), "not shown on the page"),
    **dict.fromkeys(("select", "datalist"), "choices of a form"),
    "style": "style sheet",
    "title": "title of the window",
    "nav": "links for finding one's way",
    "button": "button",
    "del": "deleted text",
}
_CONTENTS = re.compile(r"\bMsoToc\d\b|\bMsoTocHeading\b", re.I)
# Where the text of a footnote points back to: Word, Google Docs, LibreOffice, and markdown's writers.
BACK = re.compile(r"#_?(?:ftnt?_?ref|sdfootnote|sdendnote|fnref|edn_?ref|ednref)[\w:.-]*", re.I)
# Where the text points to a footnote.
_TO = re.compile(r"#_?(?:user-content-)?(?:ftnt?|fn|edn)[:-]?\d+", re.I)
# What Word and LibreOffice put beside the text when they save a web page.
_BESIDE = {
    **dict.fromkeys(("comment-list", "comment"), "comment"),
    "header": "page header",
    "footer": "page footer",
}


def left_out(element: HtmlElement, tag: str, said: dict[str, str]) -> str:
    """Why an element is no part of the document; empty when it is."""
    if tag in _UNSHOWN:
        return _UNSHOWN[tag]
    if element.get("hidden") is not None or hidden(said):
        return "hidden text"
    beside = said.get("mso-element", "") or (element.get("title") or "" if tag == "div" else "")
    if beside.lower() in _BESIDE:
        return _BESIDE[beside.lower()]
    return "contents list" if _CONTENTS.search(element.get("class") or "") else ""


def calls(link: HtmlElement) -> bool:
    """A note's mark in the text, such as "[1]"."""
    to, mark = link.get("href") or "", "".join(link.itertext()).strip()
    return bool(_TO.fullmatch(to) or BACK.fullmatch(to)) and len(mark) < 6


def level_of(element: HtmlElement, tag: str) -> int:
    if tag in HEADINGS:
        return HEADINGS[tag]
    if element.get("role") == "heading":
        return min(6, max(1, counted(element.get("aria-level"), 2)))
    return 1 if "MsoTitle" in (element.get("class") or "").split() else 0


def lays_out(table: HtmlElement) -> bool:
    """A table that only puts things in their places: one column, other tables inside, or said so."""
    if table.get("role") == "presentation" or table.find(".//table") is not None:
        return True
    return all(sum(c.tag in ("td", "th") for c in row) < 2 for row in table.iter("tr"))


def symbol(mark: str) -> str:
    """Word's bullets are signs of its own typefaces."""
    return {"·": "•", "\uf0b7": "•", "\uf0a7": "▪", "": "•"}.get(mark, mark)
