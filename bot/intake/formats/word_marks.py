"""What stands before a paragraph of Word, and in which column: its own number or bullet, and its indents."""

from bot.intake.formats.numbering import Count, Level, Numbering, indents
from bot.intake.formats.word_styles import Look, Style
from bot.intake.formats.word_xml import child, number, value
from bot.intake.formats.zipped import Element

COLUMN = 120  # twentieths of a point that one sign of plain text is wide
_DEEPER = 4  # columns


class Marks:
    """Counts the paragraphs of a document; asked once for each, in order."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._count = Count(numbering)
        self._stands: dict[tuple[str, int], int] = {}

    def next(self, rules: Element | None, look: Look, style: Style) -> tuple[str, int]:
        """The mark of a paragraph ("1.1", "•" or nothing), and the column it begins in."""
        num, depth = look.num or "0", self._depth(rules, look, style)
        level = self._numbering.level(num, depth) if num != "0" else None
        if level is None:
            self._stands.clear()
        mark = self._count.next(num, depth) if level else ""
        own = value(rules, "numPr/numId") is not None
        column = _column(mark, level, indents(child(rules, "ind")), style.look, own)
        if level and level.format == "bullet":
            column = self._beside(self._numbering.nums[num].list, depth, column)
        return mark, column

    def _depth(self, rules: Element | None, look: Look, style: Style) -> int:
        """The list level: said here, or linked to the style, or said by it."""
        direct = number(value(rules, "numPr/ilvl"))
        if direct is not None or value(rules, "numPr/numId") is not None:
            return direct or 0
        for id, own in zip(style.chain, style.depths, strict=True):
            linked = self._numbering.depth_of(look.num or "", id)
            if linked is not None or own is not None:
                return linked if linked is not None else own or 0
        return 0

    def _beside(self, list: str, depth: int, column: int) -> int:
        """Bullets of one level stand in one column, and deeper ones further in, dragged or not."""
        above = [self._stands[list, up] for up in range(depth) if (list, up) in self._stands]
        column = max([column, *(one + _DEEPER for one in above)])
        column = self._stands.setdefault((list, depth), column)
        for key in [key for key in self._stands if key[0] == list and key[1] > depth]:
            del self._stands[key]
        return column


def _column(
    mark: str,
    level: Level | None,
    direct: tuple[int | None, int | None],
    style: Look,
    own: bool,
) -> int:
    """Where a paragraph begins, in columns: its number, or its text where it has none.

    A list's indents go before those of the style, unless the style brought the list.
    """
    lists = (level.left, level.first) if level else (None, None)
    inherited = [lists, (style.left, style.first)]
    places = [direct, *(inherited if own else reversed(inherited))]
    left = next((place[0] for place in places if place[0] is not None), 0)
    first = next((place[1] for place in places if place[1] is not None), 0)
    return max(0, round((left + (first if mark else min(first, 0))) / COLUMN))
