"""What every format's reader hands on: the printed lines of a document, and what was left out of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

# Longer than any policy; it also bounds the time a reader may take, which grows with its pages.
MOST_PAGES = 400

Unit = Literal["line", "paragraph"]


@dataclass(frozen=True)
class Dropped:
    """Words of the source that are in no clause, and why. ``line`` counts in the document's unit.

    ``page``: where the format has pages. ``line`` then counts the lines of all of them.
    """

    line: int
    text: str
    why: str
    page: int = 0

    def place(self, unit: Unit) -> str:
        """ "page 3" where there are pages, else "line 12" or what else the document counts in."""
        return f"page {self.page}" if self.page else f"{unit} {self.line}"


@dataclass(frozen=True)
class Line:
    """One printed line, or a whole paragraph where the format knows its paragraphs.

    ``gap``: space stands before it. ``whole``: never joined with a neighbour, because the format says
    where the paragraph ends. ``mark`` is the number or bullet the format itself prints before the text
    ("1.1", "(a)", "•"); a number somebody typed stays in ``text``. ``level`` is 1 to 6 where the format
    says that this is a heading. ``bold``: all of it is printed bold. ``cells``: the cells of a table row,
    whose text is all of them with spaces between. ``note``: the mark of the footnote this is the text of.
    ``page``: where the format has pages.
    """

    no: int
    indent: int
    text: str
    gap: bool
    whole: bool = False
    mark: str = ""
    level: int = 0
    bold: bool = False
    cells: tuple[str, ...] = ()
    note: str = ""
    page: int = 0

    @property
    def printed(self) -> str:
        """The line as somebody reads it, its number or bullet too."""
        return f"{self.mark} {self.text}".strip() if self.mark else self.text


@dataclass(frozen=True)
class Document:
    """A document read by its format's reader, and not yet understood as a policy."""

    lines: Sequence[Line]
    dropped: Sequence[Dropped] = ()
    unit: Unit = "line"
