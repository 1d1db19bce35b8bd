"""Which paragraphs of a PDF are set as headings, and how deep: the larger the print, the further out."""

from collections.abc import Sequence

from bot.intake.formats.pdf_paragraphs import Measures, Paragraph

_LARGER = 1.09
_MOST_WORDS = 16
_SAME = 1.04
_DEEPEST = 6


def levels(told: Sequence[Paragraph], usual: Measures) -> list[int]:
    """The level of each paragraph as a heading, 1 for the title, or 0."""
    large = [_stands_out(one, usual) for one in told]
    start = next((n for n, one in enumerate(large) if not one), len(told))
    sizes = _steps([one.size for n, one in enumerate(told) if large[n] and n >= start])
    found = []
    for place, one in enumerate(told):
        depth = next((n for n, size in enumerate(sizes) if one.size >= size / _SAME), 0)
        if not large[place] or (place < start and not _like(one.size, sizes)):
            found.append(0)
        else:
            found.append(min(2 + depth, _DEEPEST))
    return found


def _stands_out(one: Paragraph, usual: Measures) -> bool:
    text = one.text
    few = len(text.split()) <= _MOST_WORDS and len(text) <= 120
    if one.first.cells or one.size < _LARGER * usual.body or not few:
        return False
    return text[-1] not in ".;," and ": " not in text and any(map(str.isalpha, text))


def _steps(sizes: Sequence[float]) -> list[float]:
    """The sizes from the largest down, those taken as one that can hardly be told apart."""
    found: list[float] = []
    for size in sorted(set(sizes), reverse=True):
        if not found or found[-1] > size * _SAME:
            found.append(size)
    return found


def _like(size: float, sizes: Sequence[float]) -> bool:
    return any(1 / _SAME <= size / one <= _SAME for one in sizes)
