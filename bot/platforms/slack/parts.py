"""What a card says, as blocks: its title, paragraphs, quotes and facts. Their order is ``blocks.py``'s."""

from collections.abc import Iterable, Sequence

from bot.core.cards import Card, Quote
from bot.core.messages import Json
from bot.platforms.slack.mrkdwn import address, link
from bot.platforms.slack.rich import line, listed, quoted, rich
from bot.platforms.slack.texts import MOST, has_marks, parted, plain, size

Blocks = list[Json]
HEADER = 150
WARNING = "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}"
_DIVIDER: Json = {"type": "divider"}


def said(card: Card, pages: str, close: bool = False) -> Blocks:
    """Everything above the fields and buttons. ``close``: paragraphs share blocks, to need fewer."""
    return [
        *paragraphs(
            [f"{WARNING} {words}" for words in card.banner if words.strip()], close, bold=True
        ),
        *title(card),
        *paragraphs(card.paragraphs, close),
        *(block for quote in card.quotes if not quote.aside for block in clause(quote, pages)),
        *paragraphs(card.after, close),
        *rich(listed(card.facts)),
    ]


def title(card: Card) -> Blocks:
    """A heading where Slack can show it as one, else bold. An urgent one stands between rules."""
    if not card.title.strip():
        return []
    as_heading = size(card.title) <= HEADER and not has_marks(card.title)
    heading: Json = {"type": "header", "text": plain(card.title)}
    shown = [heading] if as_heading else rich(line(card.title, bold=True))
    return [_DIVIDER, *shown, _DIVIDER] if card.urgent else shown


def paragraphs(lines: Sequence[str], close: bool = False, bold: bool = False) -> Blocks:
    together = ["\n\n".join(lines)] if close else lines
    return [block for words in together for block in rich(line(words, bold))]


def clause(quote: Quote, pages: str) -> Blocks:
    """What it is when it is not the answer, the clause in a frame of its own, where it stands."""
    mark = (line(quote.mark),) if quote.mark else ()
    return [*rich(*mark, *quoted(quote)), *source(quote, pages)]


def asides(quotes: Iterable[Quote], pages: str) -> Blocks:
    """Clauses to have to hand, in small print: nothing in them is bold."""
    shown: Blocks = []
    for quote in (quote for quote in quotes if quote.aside):
        lead = f"“{quote.lead}”" if quote.lead.strip() else ""
        lines = filter(None, (quote.mark, lead, f"“{quote.text}”"))
        shown += [*small("\n".join(lines)), *source(quote, pages)]
    return shown


def source(quote: Quote, pages: str) -> Blocks:
    """Label, policy, version and date in small print; the label opens the page where there is one."""
    label, dot, rest = quote.source.partition(" · ")
    opens = address(quote.link, pages)
    words = link(opens, label)
    fits = size(words) <= MOST and size(rest) < MOST - len(dot)
    if not (opens and label.strip() and fits) or has_marks(quote.source):
        return small(quote.source)
    more = [plain(f"{dot}{rest}".strip())] if rest.strip() else []
    return [{"type": "context", "elements": [{"type": "mrkdwn", "text": words}, *more]}]


def small(words: str) -> Blocks:
    """Small print. Words with signs of markup in them are shown at full size, where they are safe."""
    if has_marks(words):
        return rich(line(words))
    pieces = [piece for piece in parted(words) if piece.strip()]
    return [{"type": "context", "elements": [plain(piece)]} for piece in pieces]
