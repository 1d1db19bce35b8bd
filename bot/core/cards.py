"""What a person sees, in no platform's terms. Platforms turn a Card into their own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Quote:
    """A clause, word for word. ``lead`` is its lead-in's text. ``strong`` is the sentence that decides.

    ``source`` is label, policy, version and date as one line; ``link`` is its permalink path.
    ``mark`` says what it is when it is not the answer: "The nearest clause", "A", "B". ``aside``:
    worth having to hand, not worth the reader's first glance; platforms fold it or put it last.
    """

    text: str
    source: str
    lead: str = ""
    strong: tuple[int, int] = (0, 0)
    link: str = ""
    mark: str = ""
    aside: bool = False


@dataclass(frozen=True)
class Field:
    """Something to type or choose. ``error`` is the sentence shown beside it after a refused try."""

    id: str
    label: str
    value: str = ""
    hint: str = ""
    error: str = ""
    long: bool = False


@dataclass(frozen=True)
class Choice:
    """A button: ``action`` comes back in a Pressed; a ``link`` opens a page instead."""

    label: str
    action: str = ""
    link: str = ""
    main: bool = False


@dataclass(frozen=True)
class Card:
    """The order on the card is the order here; the first line must make sense alone."""

    title: str = ""
    banner: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    after: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    fields: tuple[Field, ...] = ()
    choices: tuple[Choice, ...] = ()
    foot: str = ""
    urgent: bool = False


def as_text(card: Card) -> str:
    """The card as plain lines: for the terminal, ``ask``, tests, and a screen reader's order."""
    lines = [f"! {line}" for line in card.banner]
    lines += [card.title] if card.title else []
    lines += card.paragraphs
    lines += [line for quote in card.quotes if not quote.aside for line in _quoted(quote)]
    lines += card.after
    lines += [f"{name}: {value}" for name, value in card.facts]
    for field in card.fields:
        lines += [f"{field.label}: {field.value}".rstrip()] + ([field.error] if field.error else [])
    if card.choices:
        lines.append(" ".join(f"[{choice.label}]" for choice in card.choices))
    lines += [line for quote in card.quotes if quote.aside for line in _quoted(quote)]
    lines += [card.foot] if card.foot else []
    return "\n".join(lines)


def _quoted(quote: Quote) -> list[str]:
    mark = [quote.mark] if quote.mark else []
    lead = [f"“{quote.lead}”"] if quote.lead else []
    return [*mark, *lead, f"“{quote.text}”", f"  {quote.source}"]
