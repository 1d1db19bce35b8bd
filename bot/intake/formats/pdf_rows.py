"""Words -> rows: what stands on one line across the page, in pieces where wide gaps part it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from bot.intake.formats.pdf_words import Page, Word

_WIDE = 1.0  # of the size: a gap that may be more than the space between two words
_SHOW = 0.22  # of the size: single letters no further apart make one word
_REACH = 5.0  # of the size: how far a number may stand from its text
_MARK = re.compile(
    r"[•·‣◦▪■□●○➢➤✓✔☐☑☒❏❑►▶→✗✘o*–—-]|\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}[a-z]?|[A-Za-z]|[ivxl]{2,6}|([a-z])\1)[.):]{1,2}"
    r"|\d{1,2}|\d{1,3}(?:\.\d{1,3}){1,4}"
)
BULLET = re.compile(r"[•·‣◦▪■□●○➢➤✓✔☐☑☒❏❑►▶→✗✘o*–—-]")


@dataclass
class Piece:
    """Words close together on one line. ``mark``: the number or bullet hanging before them, at ``mark_x``."""

    words: list[Word]
    mark: str = ""
    mark_x: float = 0.0

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return self.words[-1].x1

    @property
    def edge(self) -> float:
        """Where the piece begins, its mark too."""
        return self.mark_x if self.mark else self.x0

    @property
    def y(self) -> float:
        return self.words[0].y

    @cached_property
    def size(self) -> float:
        """The size most of its signs have."""
        if len(self.words) == 1:
            return self.words[0].size
        sizes: dict[float, int] = {}
        for word in self.words:
            sizes[word.size] = sizes.get(word.size, 0) + len(word.text)
        return max(sizes, key=lambda one: (sizes[one], one))

    @cached_property
    def bold(self) -> bool:
        return all(word.bold or not any(map(str.isalnum, word.text)) for word in self.words)

    @cached_property
    def text(self) -> str:
        return text_of(self.words)


@dataclass
class Row:
    """All that is printed on one line of a page."""

    page: int
    y: float
    pieces: list[Piece]

    @property
    def words(self) -> list[Word]:
        return [word for piece in self.pieces for word in piece.words]

    @cached_property
    def text(self) -> str:
        return " ".join(f"{one.mark} {one.text}".strip() for one in self.pieces)

    @cached_property
    def size(self) -> float:
        return max(piece.size for piece in self.pieces)


def body_size(sizes: Sequence[tuple[float, int]]) -> float:
    """The size most signs have, of (size, number of signs)."""
    counts: Counter[float] = Counter()
    for size, signs in sizes:
        counts[size] += signs
    return counts.most_common(1)[0][0] if counts else 10.0


def text_of(words: Sequence[Word]) -> str:
    """Words of one line; parts of a word set apart by their look are one word again."""
    text, last = "", None
    for word in words:
        if last and (last.closed or word.x0 - last.x1 > 0.12 * min(word.size, last.size)):
            text += " "
        text += word.text
        last = word
    return text


def rows_of(page: Page) -> list[Row]:
    """The rows of a page from top to bottom."""
    rows: list[Row] = []
    held: list[Word] = []
    for word in sorted(page.words, key=lambda one: (-one.y, one.x0)):
        if held and held[0].y - word.y > 0.3 * min(held[0].size, word.size):
            rows.append(_row(page, held))
            held = []
        held.append(word)
    if held:
        rows.append(_row(page, held))
    _dotted(rows, page.dots)
    return rows


def _row(page: Page, words: list[Word]) -> Row:
    words = _drawn_together(_once(sorted(words, key=lambda one: one.x0)))
    y = max(words, key=lambda one: one.size).y
    upright = [one.x0 for one in page.upright if one.y0 - 2 <= y + words[0].size / 3 <= one.y1 + 2]
    pieces = [Piece([words[0]])]
    for last, word in pairwise(words):
        ruled = any(last.x1 - 1 <= x <= word.x0 + 1 for x in upright)
        if ruled or word.x0 - last.x1 > _WIDE * max(last.size, word.size):
            pieces.append(Piece([word]))
        else:
            pieces[-1].words.append(word)
    return Row(page.no, y, _marked(pieces, upright))


def _once(words: Iterable[Word]) -> list[Word]:
    """The words without those printed a second time at the same place."""
    kept: list[Word] = []
    for word in words:
        again = any(
            one.text == word.text and abs(one.x0 - word.x0) < 0.2 * word.size for one in kept[-3:]
        )
        if not again:
            kept.append(word)
    return kept


def _drawn_together(words: list[Word]) -> list[Word]:
    """Letters set apart for show ("S T A F F") are words again: they stand closer than words ever do."""
    found: list[list[Word]] = []
    for word in words:
        last = found[-1][-1] if found else None
        near = last is not None and word.x0 - last.x1 < _SHOW * word.size == _SHOW * last.size
        if last and near and len(word.text) == len(last.text) == 1:
            found[-1].append(word)
        else:
            found.append([word])
    return [one for run in found for one in ([_one_word(run)] if len(run) > 3 else run)]


def _one_word(run: Sequence[Word]) -> Word:
    text = "".join(word.text for word in run)
    return replace(run[0], text=text, x1=run[-1].x1, closed=run[-1].closed)


def _marked(pieces: list[Piece], upright: Sequence[float]) -> list[Piece]:
    """A piece that is only a number or bullet is the mark of the next one."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if last and not last.mark and _hangs(last, piece, upright):
            found[-1] = Piece(piece.words, last.text, last.x0)
        else:
            found.append(piece)
    return found


def _hangs(last: Piece, piece: Piece, upright: Sequence[float]) -> bool:
    near = piece.x0 - last.x0 < _REACH * max(last.size, piece.size)
    ruled = any(last.x1 - 1 <= x <= piece.x0 + 1 for x in upright)
    return near and not ruled and len(last.text) < 12 and bool(_MARK.fullmatch(last.text))


def _dotted(rows: Sequence[Row], dots: Sequence[tuple[float, float]]) -> None:
    """A round or square dot drawn before a line is its bullet."""
    for x, y in dots:
        for row in rows:
            if not row.y - 0.2 * row.size < y < row.y + 0.8 * row.size:
                continue
            after = [one for one in row.pieces if 0 < one.x0 - x < 2.6 * one.size]
            over = any(one.edge - 1 < x < one.x1 + 1 for one in row.pieces)
            if after and not over and not after[0].mark:
                after[0].mark, after[0].mark_x = "•", x
