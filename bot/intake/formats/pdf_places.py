"""Lines of a PDF counted from its first to its last page, those that were left out among them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from bot.intake.document import Dropped, Line

_ABOVE = ("header", "turned text", "watermark", "heading printed twice")


def counted(lines: Sequence[Line], dropped: Sequence[Dropped]) -> tuple[list[Line], list[Dropped]]:
    """Every line with a number of its own, in the order they are read; footnotes stand last.

    What was left out is above or below the other lines of its page.
    """
    above, below = defaultdict[int, list[Dropped]](list), defaultdict[int, list[Dropped]](list)
    for one in dropped:
        (above if one.why in _ABOVE else below)[one.page].append(one)
    numbers, kept, gone = count(1), [], list[Dropped]()
    texts = [line for line in lines if not line.note]
    pages = sorted({*above, *below, *(line.page for line in texts)})
    for page in pages:
        gone += [replace(one, line=next(numbers)) for one in above[page]]
        kept += [replace(line, no=next(numbers)) for line in texts if line.page == page]
        gone += [replace(one, line=next(numbers)) for one in below[page]]
    kept += [replace(line, no=next(numbers)) for line in lines if line.note]
    return kept, gone
