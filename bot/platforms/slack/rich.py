"""Words as Slack's rich text, which has no markup: every sign in a clause is shown as it stands.

In mrkdwn nothing but ``& < >`` can be escaped, so "_____" or "*" in a policy would be lost or change
the words round it. In rich text bold is a property beside the words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.core.cards import Quote
from bot.core.messages import Json
from bot.platforms.slack.texts import MOST, parted, size

# Words, and whether they are bold.
Run = tuple[str, bool]


@dataclass(frozen=True)
class Part:
    """A paragraph, or something quoted."""

    kind: Literal["rich_text_section", "rich_text_quote"]
    runs: tuple[Run, ...]


def line(words: str, bold: bool = False) -> Part:
    return Part("rich_text_section", ((words, bold),))


def listed(facts: Sequence[tuple[str, str]]) -> Part:
    """One fact to a line, its name in bold."""
    runs: list[Run] = []
    for name, value in facts:
        runs += [("\n" if runs else "", False), (f"{name}:", True), (f" {value}", False)]
    return Part("rich_text_section", tuple(runs))


def quoted(quote: Quote) -> tuple[Part, ...]:
    """The lead-in and the clause, the sentence that decides in bold."""
    text = quote.text
    begin, end = (min(max(place, 0), len(text)) for place in quote.strong)
    strong = text[begin:end]
    rest = text[begin + len(strong) :]
    runs = (("“", False), (text[:begin], False), (strong, True), (rest, False), ("”", False))
    lead = (Part("rich_text_quote", ((f"“{quote.lead}”", False),)),) if quote.lead.strip() else ()
    return (*lead, Part("rich_text_quote", runs))


def rich(*parts: Part) -> list[Json]:
    """These parts as one block, or as many as their length needs."""
    blocks: list[list[Json]] = []
    room = 0
    for kind, runs in ((part.kind, piece) for part in parts for piece in _pieces(part.runs)):
        length = sum(size(words) for words, _ in runs)
        if length > room:
            blocks.append([])
            room = MOST
        room -= length
        blocks[-1].append({"type": kind, "elements": [_element(run) for run in runs]})
    return [{"type": "rich_text", "elements": elements} for elements in blocks]


def _element(run: Run) -> Json:
    words, bold = run
    style: dict[str, Json] = {"style": {"bold": True}} if bold else {}
    return {"type": "text", "text": words, **style}


def _pieces(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """The runs of each block: as they are, or parted where they are too long for one."""
    left = list(runs)
    whole = "".join(words for words, _ in runs)
    for piece in parted(whole) if whole.strip() else ():
        taken, left = _split(left, len(piece))
        yield [run for run in taken if run[0]]


def _split(runs: Sequence[Run], at: int) -> tuple[list[Run], list[Run]]:
    """The runs before and after a character."""
    before: list[Run] = []
    after: list[Run] = []
    for words, bold in runs:
        before.append((words[: max(at, 0)], bold))
        after.append((words[max(at, 0) :], bold))
        at -= len(words)
    return before, after
