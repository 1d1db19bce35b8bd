"""Lines joined into items: a paragraph, a bullet, a numbered clause, a heading, a table row."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.intake.document import Line
from bot.intake.markers import Marker, split_marker
from bot.intake.read import folded, words
from bot.intake.sequence import begins, follows, hangs, names

OR_SIGNS = "*_ :.()<>[]{}–—-~=/|\t"  # what sets off a line that says only "Or"
_OR = re.compile(r"(?:(?:and|either)\s?/\s?)?o ?r(?: else|,? alternatively)?|alternatively", re.I)
_DELETE = re.compile(
    r"[\s*_]*[(\[][\s*_]*(?:please )?(?:delete|choose|select|strike)\b[\w ]{0,40}[)\]]?$", re.I
)
_VERSION = re.compile(r"v(?:ersion)?\.?\s?\d")


@dataclass(frozen=True)
class Item:
    """One paragraph, bullet, number or heading, its wrapped lines joined by single spaces.

    ``cells`` are its parts where the source parts them by tabs or pipes.
    """

    no: int
    indent: int
    marker: Marker | None
    text: str
    gap: bool
    cells: tuple[str, ...] = ()
    hashes: int = 0
    bold: bool = False
    piped: bool = False


def says_or(text: str) -> bool:
    """A line that says no more than "Or", however it is set off."""
    if len(text) > 80:
        return False
    return bool(_OR.fullmatch(_DELETE.sub("", text.strip(OR_SIGNS)).strip(OR_SIGNS)))


def items_of(lines: Sequence[Line]) -> list[Item]:
    """Lines joined where the source only wrapped them."""
    width = _width(lines)
    items: list[Item] = []
    parts: list[str] = []
    previous: Line | None = None
    for line in lines:
        if items and previous and _continues(line, previous, items, width):
            parts.append(line.text)
        else:
            _close(items, parts)
            items.append(_item(line))
            parts = [items[-1].text]
        previous = line
    _close(items, parts)
    return items


def _close(items: list[Item], parts: list[str]) -> None:
    if items and len(parts) > 1:
        text = parts[0]
        for part in parts[1:]:
            text += (
                part
                if text[-1:] == "-" and text[-2:-1].isalpha() and part[0].islower()
                else f" {part}"
            )
        items[-1] = replace(items[-1], text=folded(text), cells=(), bold=False)


def _item(line: Line) -> Item:
    return _told(line) if line.whole else _guessed(line)


def _told(line: Line) -> Item:
    """A paragraph whose format says what it is. Only a number somebody typed is still read off it."""
    if line.cells:
        marker, rest = None, line.text
    elif line.mark:
        marker, rest = _marked(line)
    else:
        marker, rest = split_marker(line.text)
    cells = line.cells or _tabbed(rest)
    return Item(
        line.no,
        line.indent,
        marker,
        folded(rest),
        line.gap,
        cells,
        line.level,
        line.bold,
        bool(line.cells),
    )


def _guessed(line: Line) -> Item:
    text = line.text.removeprefix("> ")
    hashes = len(text) - len(text.lstrip("#"))
    if 0 < hashes < 7 and text[hashes : hashes + 1] in (" ", "\t"):
        text = text[hashes:].strip().rstrip("#").strip() or text
        return Item(line.no, line.indent, *_bare(text), line.gap, (), hashes)
    if text.startswith("|") and text.count("|") > 1:
        cells = tuple(folded(cell) for cell in text.strip("|").split("|"))
        return Item(
            line.no, line.indent, None, folded(text.strip("| ")), line.gap, cells, piped=True
        )
    bold = re.fullmatch(r"(\*\*|__)(?!\s)(.{1,150}?)\1(:?)", text) if len(text) < 170 else None
    if bold and bold[1] not in bold[2]:
        return Item(line.no, line.indent, *_bare(bold[2] + bold[3]), line.gap, (), 0, True)
    marker, rest = split_marker(text)
    return Item(line.no, line.indent, marker, folded(rest), line.gap, _tabbed(rest))


def _marked(line: Line) -> tuple[Marker | None, str]:
    """The marker a format printed, and the text. "5.2" and a typed "(a)" are one marker."""
    marker, rest = split_marker(f"{line.mark}\t{line.text}")
    if marker and words(marker.printed) + words(rest) == words(line.printed):
        return marker, rest
    marker, rest = split_marker(f"{line.mark}\tText")  # whatever follows, "3. May" is no date here
    if marker and rest == "Text":
        return marker, line.text
    return None, line.printed  # "Step 1", "Article II": words like others


def _tabbed(text: str) -> tuple[str, ...]:
    return tuple(folded(cell) for cell in re.split(r"\t+", text)) if "\t" in text else ()


def _bare(text: str) -> tuple[Marker | None, str]:
    marker, rest = split_marker(text.strip("* "))
    return (marker, folded(rest)) if rest else (None, folded(text))


def _width(lines: Sequence[Line]) -> int:
    """The column a hard-wrapped document wraps at, or 0 when its paragraphs are single lines."""
    wrapped = [
        a.indent + len(a.text)
        for a, b in pairwise(lines)
        if not (b.gap or a.whole or b.whole)
        and b.text[0].islower()
        and 45 <= len(a.text) <= 140
        and split_marker(b.text)[0] is None
    ]
    return max(wrapped) if len(wrapped) > 1 else 0


def _continues(line: Line, previous: Line, items: Sequence[Item], width: int) -> bool:
    """Whether a line only carries on the one before it."""
    item = items[-1]
    if line.whole or previous.whole:
        return False
    if line.gap or item.hashes or item.piped or says_or(line.text):
        return False
    if line.text[0] in "#|>" or ("\t" in line.text and "\t" in previous.text):
        return False
    ended = previous.text[-1] in ".!?:"
    marker, rest = split_marker(line.text)
    full = previous.indent + len(previous.text) + 1 + len(line.text.split(None, 1)[0]) > width - 1
    if marker:
        count = marker.kind == "decimal" and not marker.style and len(marker.number) > 1
        counts = bool(width) and full and count and rest[:1].islower()
        before = (one.marker for one in items[-40:] if one.marker)
        return (
            not ended
            and previous.text[-1] != ";"
            and (counts or _wraps(marker, rest, previous.text, bool(width) and full, before))
        )
    if line.text[0].isdigit() and hangs(previous.text) and item.marker:
        return True  # "who is under / 18 may not"
    if line.text[0].islower() and not ended and not _VERSION.match(line.text):
        return True
    if item.marker and line.indent > item.indent and line.indent > 1 and not item.bold:
        return True
    return bool(width) and full and previous.text[-1] != ":" and len(previous.text) > 30


def _wraps(marker: Marker, rest: str, above: str, full: bool, before: Iterable[Marker]) -> bool:
    """In the middle of a sentence, a line that only happens to begin with a number."""
    if marker.kind == "bullet":
        return False
    long = full or len(above) > 50
    if names(above) or (hangs(above) and begins(marker)):
        return long or not rest or rest[:1].islower()
    return (full or hangs(above)) and not follows(marker, before)
