"""DRAFT in letters as wide as the page: what is printed behind the text of a PDF, level with it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.intake.document import Dropped
from bot.intake.formats.pdf_rows import body_size
from bot.intake.formats.pdf_words import Page, Word

_HUGE = 3.0  # times the size of the text
_SAME = 3.0  # points
_SAID = re.compile(r"draft|sample|copy|confidential|superseded|withdrawn|obsolete|template", re.I)


def without_watermarks(pages: Sequence[Page]) -> tuple[list[Page], list[Dropped]]:
    """The pages without their watermarks, which are listed."""
    body = body_size([(word.size, len(word.text)) for page in pages for word in page.words])
    huge = [(page.no, word) for page in pages for word in page.words if word.size > _HUGE * body]
    kept, dropped = [], []
    for page in pages:
        gone = [word for no, word in huge if no == page.no and _is_mark(no, word, huge)]
        if gone:
            dropped.append(
                Dropped(page.no, " ".join(word.text for word in gone), "watermark", page.no)
            )
            page = replace(page, words=[word for word in page.words if word not in gone])
        kept.append(page)
    return kept, dropped


def _is_mark(no: int, word: Word, huge: Sequence[tuple[int, Word]]) -> bool:
    """At the same place on another page, or a word watermarks say."""
    again = (
        one.text == word.text and abs(one.x0 - word.x0) < _SAME and abs(one.y - word.y) < _SAME
        for other, one in huge
        if other != no
    )
    return any(again) or bool(_SAID.fullmatch(word.text.strip(" .-")))
