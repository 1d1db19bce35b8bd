"""Text -> printed lines, without html, page numbers, running heads and contents: those are listed."""

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, starmap

from bot.intake.document import Document, Dropped, Line
from bot.intake.markers import split_marker
from bot.intake.read import words

_BLOCK = (
    "p|br|hr|div|table|thead|tbody|tr|td|th|ul|ol|li|a|h[1-6]|font|su[bp]|img|blockquote|center|o:p"
)
_HTML = re.compile(
    rf"<!--(?:(?!<!--).){{0,2000}}?-->|</?(?:(?P<inline>b|i|u|em|strong|span)|{_BLOCK})(?:\s[^<>]{{0,300}})?\s?/?>"
    r"|&(?:[a-z]{2,8}|#\d{2,6}|#x[0-9a-f]{2,5});",
    re.I,
)
_H = re.compile(r"<h([1-6])[^<>]{0,200}>", re.I)
_PAGE = re.compile(
    r"(?:.{0,90}\W)?page\s*\|?\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W{0,3}"
    r"|\d{1,4}\s*\|\s*page.{0,60}|[-–]\s?\d{1,4}\s?[-–]|\d{1,3}\s+of\s+\d{1,3}",
    re.I,
)
_LEADER = re.compile(r"(?:\.{3,}|…+|(?:\. ){3,}|\t|\s{3,})[ .\t]*\d{1,3}$")
_CONTENTS = re.compile(r"(?:table of )?contents(?: page)?:?|index:?", re.I)
_RULE = re.compile(r"[-=*_~#|+:.\s–—]+")
_WRAPS = 110  # signs; lines broken by hand or by an editor are no longer
_NUMBERED = re.compile(r"(?:\d{1,3}\.?)+\s*(?=[^\W\d])")
_LAST_NUMBER = re.compile(r"[\s.…\t]*\b\d{1,3}$")


def plain_document(text: str) -> Document:
    """The printed lines of plain text that are not blank, html taken off and listed."""
    found: list[Line] = []
    dropped: list[Dropped] = []
    gap = True
    for no, raw in enumerate(text.split("\n"), 1):
        plain = _without_html(no, raw, dropped)
        body = plain.strip()
        if body:
            lead = plain[: len(plain) - len(plain.lstrip())]
            found.append(Line(no, len(lead.expandtabs(4)), body, gap))
        gap = not body
    return Document(_apart_if_whole(found), dropped)


def _apart_if_whole(lines: list[Line]) -> list[Line]:
    """A word processor saves text with one line for each paragraph and no blank one between any."""
    blank = sum(line.gap for line in lines[1:])
    long = any(len(line.text) > _WRAPS for line in lines)
    if blank > 0.02 * len(lines) or not long or any(starmap(_wraps, pairwise(lines))):
        return lines
    return [replace(line, gap=line.gap or not split_marker(line.text)[0]) for line in lines]


def _wraps(line: Line, after: Line) -> bool:
    """A line broken in the middle of a sentence."""
    return len(line.text) > 44 and line.text[-1] not in ".:;!?" and after.text[0].islower()


def _without_html(no: int, raw: str, dropped: list[Dropped]) -> str:
    if "<" not in raw and "&" not in raw:
        return raw
    gone: list[str] = []
    plain = _HTML.sub(lambda found: _plain(raw, found, gone), raw)
    if gone:
        dropped.append(Dropped(no, " ".join(gone), "html"))
    heading = _H.match(raw.lstrip()[:300])
    if heading:
        return "#" * int(heading[1]) + " " + plain.strip()
    return "- " + plain.strip() if raw.lstrip()[:4].lower() == "<li>" else plain


def _plain(raw: str, found: re.Match[str], gone: list[str]) -> str:
    """What stands for a tag or entity: the sign it means, nothing, or a space between words."""
    tag = found[0]
    if tag[0] == "&":
        sign = html.unescape(tag)
        if words(sign):
            return tag
        gone.append(tag)
        return " ".join(sign.split()) or " "
    gone.append(tag)
    before, after = raw[found.start() - 1 : found.start()], raw[found.end() : found.end() + 1]
    return "" if found["inline"] and not (before.isalnum() and after.isalnum()) else " "


def without_furniture(
    lines: Sequence[Line], already: Sequence[Dropped] = ()
) -> tuple[list[Line], list[Dropped]]:
    """The lines without page numbers, running heads and contents lists; what went is listed.

    ``already`` is what the format's reader left out: with a contents list its heading goes too.
    """
    gone: dict[int, str] = _contents(lines) | _headless(lines, already)
    repeats = Counter(re.sub(r"\d+", "#", line.text) for line in lines if len(line.text) < 100)
    for place, line in enumerate(lines):
        if len(line.text) < 160 and _PAGE.fullmatch(line.text):
            gone[place] = "page number"
            for near in (place - 1, place + 1):
                if 0 <= near < len(lines) and _runs(lines[near], repeats):
                    gone.setdefault(near, "running head")
        elif line.printed.isdigit() and len(line.text) < 4 and _alone(lines, place):
            gone[place] = "page number"
        elif _RULE.fullmatch(line.text[:400]) and "___" not in line.text and "..." not in line.text:
            gone[place] = "rule"
    kept, gap = [], False
    for place, line in enumerate(lines):
        gap = gap or line.gap or gone.get(place) == "rule"
        if place not in gone:
            kept.append(replace(line, gap=gap))
            gap = False
    dropped = [Dropped(lines[n].no, lines[n].printed, why) for n, why in sorted(gone.items())]
    return _apart(lines, kept), [one for one in dropped if words(one.text)]


def _apart(lines: Sequence[Line], kept: list[Line]) -> list[Line]:
    """Between two --- lines at the very top each line is a fact of its own."""
    if not lines or lines[0].text != "---":
        return kept
    end = next((line.no for line in lines[1:] if line.text == "---"), 0)
    return [replace(line, gap=True) if line.no < end else line for line in kept]


def _runs(line: Line, repeats: Counter[str]) -> bool:
    return len(line.text) < 100 and repeats[re.sub(r"\d+", "#", line.text)] > 2


def _alone(lines: Sequence[Line], place: int) -> bool:
    return lines[place].gap and (place + 1 == len(lines) or lines[place + 1].gap)


def _contents(lines: Sequence[Line]) -> dict[int, str]:
    """The lines of a contents list: under "Contents", or running dots to a page number."""
    entries = [_entry(line.text) if len(line.text) < 160 else "" for line in lines]
    times = Counter(entries)
    gone: dict[int, str] = {}
    inside = False
    for place, line in enumerate(lines):
        if _names_contents(line):
            inside, gone[place] = True, "contents list"
            continue
        leads = (
            len(line.text) < 160
            and bool(_LEADER.search(line.text))
            and bool(words(line.text[:3]) or inside)
        )
        again = bool(entries[place]) and times[entries[place]] > 1
        if (leads and (inside or again or _leads_on(lines, place))) or (inside and again):
            gone[place] = "contents list"
            times[entries[place]] -= 1
        else:
            inside = False
    return gone if len(gone) > 2 else {}


def _names_contents(line: Line) -> bool:
    return len(line.text) < 30 and bool(_CONTENTS.fullmatch(line.text.strip("#* ")))


def _headless(lines: Sequence[Line], already: Sequence[Dropped]) -> dict[int, str]:
    """The word "Contents" above a contents list that the reader knew for one and left out."""
    lists = [one.line for one in already if one.why == "contents list"]
    after = [line.no for line in lines[1:]] + [max(lists, default=0)]
    return {
        place: "contents list"
        for place, line in enumerate(lines)
        if _names_contents(line) and any(line.no < at <= after[place] for at in lists)
    }


def _leads_on(lines: Sequence[Line], place: int) -> bool:
    """One of three running-dot lines, not a lone table row."""
    near = [line.text for line in lines[max(0, place - 1) : place + 2]]
    return sum("..." in text and bool(_LEADER.search(text[-160:])) for text in near) > 1


def _entry(text: str) -> str:
    bare = _LAST_NUMBER.sub("", _NUMBERED.sub("", text[:160].strip("#*- "), count=1))
    return " ".join(words(bare)).casefold()
