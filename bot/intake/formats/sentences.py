"""Headings that are none: people style whole numbered clauses as "Heading 2" to get the number."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.intake.document import Line

_LONGEST = 110  # signs; a longer line is no heading


def without_false_headings(
    lines: Sequence[Line], style: Callable[[Line], str] = lambda line: str(line.level)
) -> list[Line]:
    """Whole sentences are no headings, nor is anything of a style that is mostly used for those."""
    said: dict[str, list[bool]] = {}
    for line in lines:
        if line.level:
            said.setdefault(style(line), []).append(_is_sentence(line))
    false = {name for name, told in said.items() if 2 * sum(told) > len(told) and len(told) > 1}
    return [
        replace(line, level=0, bold=False)
        if line.level and (_is_sentence(line) or style(line) in false)
        else line
        for line in lines
    ]


def _is_sentence(line: Line) -> bool:
    return len(line.text) > _LONGEST or line.text[-1:] in ".;,"
