"""The printed lines of one Word paragraph: mostly one, but people type several with Shift+Enter."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.intake.formats.word_text import Piece
from bot.intake.markers import split_marker
from bot.intake.read import folded

_FIELD = re.compile(r"[A-Z][\w ()/'’-]{1,40}:\s*\S.{0,80}")
_SHORT = 90


@dataclass(frozen=True)
class Typed:
    """One line as typed: its tabs kept, ``bold`` throughout, ``gap``: a blank line before it."""

    text: str
    bold: bool
    gap: bool = False
    tabs: int = 0
    """Tabs and spaces it begins with, in columns."""


def typed_lines(lines: Sequence[Sequence[Piece]]) -> list[Typed]:
    """The lines of a paragraph, those joined that were only broken to look well."""
    found: list[Typed] = []
    blank, listed = False, _is_list(["".join(one.text for one in line).strip() for line in lines])
    for pieces in lines:
        line = _typed(pieces, blank)
        if not line.text:
            blank = bool(found)
            continue
        if found and not blank and not listed and not _begins(found[-1], line):
            last = found[-1]
            found[-1] = Typed(
                f"{last.text} {line.text}", last.bold and line.bold, last.gap, last.tabs
            )
        else:
            found.append(line)
        blank = False
    return found


def _is_list(lines: Sequence[str]) -> bool:
    """ "Pupils bring:" and below it, each on a line of its own, the things they bring."""
    first, *others = [line for line in lines if line] or [""]
    short = all(len(one) < _SHORT and one[0].isupper() for one in others)
    return first[-1:] == ":" and len(others) > 1 and short


def _typed(pieces: Sequence[Piece], gap: bool) -> Typed:
    whole = "".join(piece.text for piece in pieces)
    lead = whole[: len(whole) - len(whole.lstrip())]
    said = [piece for piece in pieces if piece.text.strip()]
    text = whole.strip()
    bold = bool(said) and all(piece.strong for piece in said)
    return Typed(text, bold, gap, len(lead.expandtabs(4)) if "\t" in lead else 0)


def _begins(last: Typed, line: Typed) -> bool:
    """Whether a line stands for itself: numbered, a bullet, a heading above it, one of several fields."""
    if _marked(line.text) or (_marked(last.text) and last.bold != line.bold):
        return True
    if last.bold and not line.bold and len(last.text) < _SHORT and last.text[-1] not in ",;-–":
        return True
    if line.bold and not last.bold and len(line.text) < _SHORT and last.text[-1] in ".:;?!":
        return True
    return all(_FIELD.fullmatch(folded(one.text)) for one in (last, line))


def _marked(text: str) -> bool:
    marker = split_marker(text)[0]
    return marker is not None and (marker.style != "" or len(marker.number) != 1)
