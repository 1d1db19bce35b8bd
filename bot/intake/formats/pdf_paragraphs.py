"""Printed lines of a PDF -> paragraphs. What parts them: edges, the space between lines, short last lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from bot.intake.formats.pdf_columns import Printed
from bot.intake.formats.pdf_rows import body_size
from bot.intake.markers import Marker, split_marker
from bot.intake.sequence import begins, follows, hangs, names

_LEADER = re.compile(r"(?:\.{3,}|…+|(?:\. ){3,})\s*\d{1,3}$")
_BLANK = re.compile(r"_{4,}|…{3,}")
_MUCH_LARGER = 1.5
_DASHES = "-–—−"


@dataclass
class Paragraph:
    """The printed lines of one paragraph, or the one row of a table. ``gap``: space stands before it."""

    lines: list[Printed]
    gap: bool = True

    @property
    def first(self) -> Printed:
        return self.lines[0]

    @property
    def size(self) -> float:
        return self.first.piece.size

    @property
    def text(self) -> str:
        return " ".join(line.piece.text for line in self.lines)


@dataclass
class Measures:
    """What is usual in a document: its size of print, the step from line to line, its edges."""

    body: float
    steps: dict[float, float] = field(default_factory=dict)

    def step(self, size: float) -> float:
        return self.steps.get(size, 1.32 * size)

    def tight(self, above: Printed, line: Printed) -> bool:
        """No more space than between two lines of a paragraph."""
        size = line.piece.size
        return 0 < above.y - line.y <= self.step(size) + max(1.2, 0.13 * size)


def measured(lines: Sequence[Printed], widths: dict[int, tuple[float, float]]) -> Measures:
    """The measures of a document; lines that run across the page are told their edges.

    ``widths``: the left and right edge of each page's paper.
    """
    texts = [line for line in lines if not line.cells]
    found = Measures(body_size([(line.piece.size, len(line.piece.text)) for line in texts]))
    _lone_columns(texts)
    for paper in set(widths.values()):
        across = [line for line in texts if not line.column and widths[line.page] == paper]
        _edges(across, paper)
    steps: dict[float, list[float]] = {}
    every: dict[float, list[float]] = {}
    for above, line in pairwise(lines):
        size = line.piece.size
        if _together(above, line) and above.piece.size == size and above.y > line.y:
            every.setdefault(size, []).append(above.y - line.y)
            if line.piece.text[0].islower() and above.piece.text[-1] not in ".:;!?":
                steps.setdefault(size, []).append(above.y - line.y)
    for size, seen in every.items():
        sure = steps.get(size, [])
        found.steps[size] = median(sure) if len(sure) > 1 else min(1.75 * size, min(seen))
    return found


def _lone_columns(lines: Sequence[Printed]) -> None:
    """Text that ends a page in one column only keeps to the edges that columns have on other pages."""
    known = {(round(line.left), round(line.right)) for line in lines if line.column}
    for page in {line.page for line in lines} if known else ():
        across = [line for line in lines if line.page == page and not line.column]
        for left, right in known:
            fits = [one.piece.edge > left - 3 and one.piece.x1 < right + 3 for one in across]
            start = len(fits) - fits[::-1].index(False) if False in fits else 0
            inside = across[start:]
            if sum(right - one.piece.x1 < 0.15 * (right - left) for one in inside) > 1:
                for one in inside:
                    one.column, one.left, one.right = -1, left, right
                break


def _edges(lines: Sequence[Printed], paper: tuple[float, float]) -> None:
    if not lines:
        return
    left = min(line.piece.edge for line in lines)
    ends = sorted((line.piece.x1 for line in lines), reverse=True)
    right = ends[min(len(ends) - 1, len(ends) // 60)]
    near = sum(right - one < 0.06 * (right - left) for one in ends)
    if near < 3 or right - left < 0.5 * (paper[1] - paper[0]):
        right = max(right, paper[1] - (left - paper[0]))
    for line in lines:
        line.left, line.right = left, right


def _together(above: Printed, line: Printed) -> bool:
    same = (above.page, above.column) == (line.page, line.column)
    return same and not above.cells and not line.cells


def paragraphs(lines: Sequence[Printed], usual: Measures) -> list[Paragraph]:
    """The lines as paragraphs, in order."""
    found: list[Paragraph] = []
    before: list[Marker] = []
    for place, line in enumerate(lines):
        after = lines[place + 1] if place + 1 < len(lines) else None
        wraps = bool(found) and _wraps(found[-1], line, after, usual, before)
        carries = wraps or (bool(found) and _carries_on(found[-1], line, usual))
        if found and carries and not (_heads(found[-1], line, after) and not wraps):
            found[-1].lines.append(line)
        else:
            if marker := split_marker(f"{line.piece.mark} {line.piece.text}".strip())[0]:
                before = [*before[-40:], marker]
            gap = not found or _gap(found[-1].lines[-1], line, usual)
            found.append(Paragraph([line], gap))
    _gaps_at_tops(found)
    _gaps_under_columns(found)
    return found


def _heads(paragraph: Paragraph, line: Printed, after: Printed | None) -> bool:
    """A few words under a whole sentence, and the next line could have gone on beside them: a heading."""
    ended = paragraph.lines[-1].piece.text[-1] in ".!?:;"
    text = line.piece.text
    bare = not text[0].islower() and text[-1].isalnum() and len(text.split()) < 9
    return ended and bare and after is not None and not after.cells and not _is_full(line, after)


def _wraps(
    paragraph: Paragraph,
    line: Printed,
    after: Printed | None,
    usual: Measures,
    before: Sequence[Marker],
) -> bool:
    """A line in the middle of a sentence that only happens to begin with a number or a dash."""
    above, text = paragraph.lines[-1], line.piece.text
    said = above.piece.text
    marker, rest = split_marker(text)
    if not marker or line.piece.mark or said[-1] in ".!?:;" or not _together(above, line):
        return False
    wide = above.piece.x1 - above.piece.edge > 0.6 * (above.right - above.left)
    same = abs(above.piece.size - line.piece.size) < 0.1 and above.piece.bold == line.piece.bold
    if not (wide and same and usual.tight(above, line) and _lines_up(paragraph, line)):
        return False
    if marker.kind == "bullet":
        own = split_marker(f"{paragraph.first.piece.mark} {paragraph.first.piece.text}".strip())[0]
        listed = own is not None and own.printed == marker.printed
        more = after is not None and split_marker(after.piece.text)[0] == marker
        return marker.printed in _DASHES and rest[:1].islower() and not listed and not more
    return (
        names(said)
        or not follows(marker, before)
        or (begins(marker) and hangs(said))
        or (marker.kind == "decimal" and not marker.style and rest[:1].islower() and hangs(said))
    )


def _gap(above: Printed, line: Printed, usual: Measures) -> bool:
    if above.cells and line.cells and len(above.cells) == len(line.cells):
        return False  # on the next page too: the table goes on
    if (above.page, above.column) != (line.page, line.column):
        return True
    if above.cells or line.cells:
        return not (above.cells and line.cells)
    larger = (
        line.piece.size > _MUCH_LARGER * above.piece.size
    )  # its own size makes room for a blank line
    return larger or not usual.tight(above, line)


def _gaps_at_tops(found: Sequence[Paragraph]) -> None:
    """An item at the top of a page has space before it when the others of its list have."""
    for place, one in enumerate(found[1:], 1):
        above = found[place - 1]
        moved = (above.first.page, above.first.column) != (one.first.page, one.first.column)
        if moved and one.first.piece.mark and above.first.piece.mark:
            one.gap = above.gap


def _gaps_under_columns(found: Sequence[Paragraph]) -> None:
    """A first row all in bold names the columns; a space below it says so."""
    for place in range(len(found) - 1):
        head, row = found[place].first, found[place + 1].first
        first = place == 0 or not found[place - 1].first.cells
        if first and head.cells and row.cells and _is_bold(head) and not _is_bold(row):
            found[place + 1].gap = True


def _is_bold(line: Printed) -> bool:
    return all(piece.bold for cell in line.cells for piece in cell)


def _carries_on(paragraph: Paragraph, line: Printed, usual: Measures) -> bool:
    """Whether a line goes on with the paragraph before it."""
    above = paragraph.lines[-1]
    piece, last = line.piece, above.piece
    if line.cells or above.cells or piece.mark or _LEADER.search(last.text):
        return False
    if abs(last.size - piece.size) > 0.06 * last.size or _weight_changes(paragraph, line):
        return False
    full = _is_full(above, line)
    small = piece.text[0].islower() or (piece.text[0].isdigit() and hangs(last.text))
    ended = last.text[-1] in ".!?:;"
    if split_marker(piece.text)[0] and not _only_a_number(paragraph, line, full and not ended):
        return False
    if not _lines_up(paragraph, line) or (ended and _BLANK.search(piece.text)):
        return False
    torn = last.text[-1] == "-" and (small or piece.text[0].isdigit())
    if _together(above, line):
        wide = last.x1 - last.edge > 0.6 * (above.right - above.left)
        return usual.tight(above, line) and (full or torn or (small and wide and not ended))
    if torn or (small and not ended and last.x1 - last.edge > 0.8 * (above.right - above.left)):
        return True
    return full and (not ended or (small and last.text[-1] in ".;") or _flush(above, paragraph))


def _weight_changes(paragraph: Paragraph, line: Printed) -> bool:
    """A bold line above, and a new sentence in plain print; or the other way round."""
    bold = all(one.piece.bold for one in paragraph.lines)
    return (
        bold != line.piece.bold
        and not line.piece.text[0].islower()
        and (bold or paragraph.lines[-1].piece.text[-1] in ".!?:;")
    )


def _is_full(above: Printed, line: Printed) -> bool:
    """Whether the first word of a line would not have fitted on the line above."""
    words = line.piece.words
    end = words[0].x1
    for before, word in pairwise(words):
        if before.closed or word.x0 - before.x1 > 0.12 * word.size:
            break
        end = word.x1
    size = above.piece.size
    needed = end - words[0].x0 + 0.2 * size
    if _both_centred(above, line):  # a line in the middle may be as long as the column
        wide = above.piece.x1 - above.piece.edge
        return wide + needed > above.right - above.left - 0.5 * size
    return above.piece.x1 + needed > above.right - 0.1 * size


def _centred(line: Printed) -> bool:
    middle = (line.piece.edge + line.piece.x1) / 2
    off = line.piece.edge - line.left > 2 * line.piece.size
    return off and abs(middle - (line.left + line.right) / 2) < 4 and not line.piece.mark


def _both_centred(above: Printed, line: Printed) -> bool:
    level = abs(above.piece.edge - line.piece.edge) < 1
    return not level and _centred(above) and _centred(line)


def is_centred(line: Printed) -> bool:
    """Set in the middle between the column's edges."""
    return not line.cells and _centred(line) and not split_marker(line.piece.text)[0]


def _only_a_number(paragraph: Paragraph, line: Printed, runs_on: bool) -> bool:
    """A line that begins like an item and is none: "see section / 5.2 of", "the age of / 18"."""
    marker, rest = split_marker(line.piece.text)
    if not marker or not runs_on:
        return False
    if marker.kind == "decimal":
        return not marker.style and (rest[:1].islower() or not rest or len(marker.number) == 1)
    own = split_marker(paragraph.first.piece.text)[0]
    listed = paragraph.first.piece.mark in _DASHES or (own and own.printed in _DASHES)
    return marker.printed in _DASHES and rest[:1].islower() and not listed


def _lines_up(paragraph: Paragraph, line: Printed) -> bool:
    """Whether the left edge is that of the paragraph's other lines."""
    first, near = paragraph.first, 0.5 * line.piece.size
    at = line.piece.edge - line.left
    if len(paragraph.lines) > 1 and not _both_centred(paragraph.lines[-1], line):
        second = paragraph.lines[1]
        return abs(second.piece.edge - second.left - at) < near
    begun = first.piece.x0 - first.left
    if first.piece.mark:
        hung = first.piece.mark_x - first.left
        return abs(begun - at) < near or abs(hung - at) < near
    if abs(begun - at) < near or _both_centred(paragraph.lines[-1], line):
        return True
    if split_marker(first.piece.text)[0] and at > begun:
        return at - begun < 5 * line.piece.size
    return 0 < begun - at < 4 * line.piece.size and at < near


def _flush(above: Printed, paragraph: Paragraph) -> bool:
    """Set flush with the right edge among lines that all are: the last of a paragraph seldom is."""
    others = paragraph.lines[:-1]
    return len(others) > 1 and all(
        abs(one.piece.x1 - above.right) < 0.7 for one in (*others, above)
    )
