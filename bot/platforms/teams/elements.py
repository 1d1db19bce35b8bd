"""What an Adaptive Card is made of: words as text runs, clauses in a box of their own, inputs, buttons.

Text runs, because nothing in them is ever read as Markdown, on any client, and a policy's "1." or "*"
must stay what it is. All of it has been in every Teams client since Adaptive Cards 1.2, so that only
Action.Execute needs a fall-back.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal
from urllib.parse import quote as quoted

from bot.core.cards import Choice, Field, Quote
from bot.core.fixed import Fixed
from bot.core.messages import Json
from bot.core.owner_form import MOST_KEPT
from bot.platforms.teams.words import literal, sayable

Element = dict[str, Json]
How = Literal["execute", "submit"]  # in chats; in the windows of a message extension

MOST_BUTTONS = 6  # in one set; Teams shows no more and does not say so
MOST_FACTS = 20  # in one set, so that a long list can be parted
LONGEST = 6000  # characters in one run: even all of them escaped, they fit on a card
BOLD: Element = {"weight": "Bolder"}
SMALL: Element = {"size": "Small", "isSubtle": True}


@dataclass(frozen=True)
class Shape:
    """What every element of one card is made with. ``pages`` is where the staff pages are, with https;
    empty when they cannot be reached from Teams."""

    fixed: Fixed
    token: str
    how: How
    pages: str

    def url(self, link: str) -> str:
        """Where a link leads; empty when it cannot be opened from here."""
        whole = f"{self.pages.rstrip('/')}{link}" if link.startswith("/") else link
        if not whole.startswith("https://"):
            return ""
        safe = quoted(whole, safe=":/?#[]@!$&'()*+,;=%~")
        return safe if re.match(r"https://[\w\[]", safe) else ""


# Words ------------------------------------------------------------------------------------------------


def text(words: str, look: Element | None = None) -> list[Element]:
    """A paragraph; several for words that are longer than one may be."""
    return [_block([_run(piece, look or {})]) for piece in cut(words)] if words else []


def cut(words: str) -> list[str]:
    """Pieces of at most ``LONGEST`` characters, parted after a line, a sentence or a word where there is
    one. Joined they are the words again."""
    pieces = []
    while len(words) > LONGEST:
        at = next(filter(None, (_end(words, mark) for mark in ("\n", ". ", " "))), LONGEST)
        pieces.append(words[:at])
        words = words[at:]
    return [*pieces, words]


def _end(words: str, mark: str) -> int:
    """Behind the last such mark that leaves a good piece; 0 when there is none."""
    at = words.rfind(mark, LONGEST // 2, LONGEST - 1)
    return at + len(mark) if at >= 0 else 0


def heading(words: str, urgent: bool) -> list[Element]:
    """The first line. What is urgent stands on a ground of its own; its words say so without it."""
    line: Element = {"type": "TextBlock", "text": literal(words), "wrap": True, "style": "heading"}
    title: Element = {**line, "size": "Large", "weight": "Bolder"}
    return ([box([title], "attention")] if urgent else [title]) if words else []


def banner(words: str) -> list[Element]:
    return [box(text(f"! {words}", BOLD), "warning")]


def box(items: Iterable[Element], style: str) -> Element:
    return {"type": "Container", "style": style, "bleed": style != "emphasis", "items": [*items]}


def _block(runs: Iterable[Element]) -> Element:
    return {"type": "RichTextBlock", "inlines": [*runs]}


def _run(words: str, look: Element) -> Element:
    return {"type": "TextRun", "text": sayable(words), **look}


# Clauses ----------------------------------------------------------------------------------------------


def clause(quote: Quote, shape: Shape) -> list[Element]:
    """A clause word for word, with what it is before it and where it stands after it."""
    look = SMALL if quote.aside else {}
    lead = text(f"“{quote.lead}”", look) if quote.lead else []
    return [*_mark(quote), *lead, *_words(quote, look), *_source(quote, shape)]


def place(quote: Quote, shape: Shape) -> list[Element]:
    """Where a clause stands, for one whose words do not fit."""
    return [box([*_mark(quote), *_source(quote, shape)], "emphasis")]


def _mark(quote: Quote) -> list[Element]:
    return text(quote.mark, {**BOLD, **(SMALL if quote.aside else {})})


def _words(quote: Quote, look: Element) -> list[Element]:
    """The clause between quotation marks, the sentence that decides in bold."""
    a, b = (at + 1 if quote.strong[0] < quote.strong[1] else 0 for at in quote.strong)
    found, start = [], 0
    for piece in cut(f"“{quote.text}”"):
        edges = {min(max(at - start, 0), len(piece)) for at in (a, b)}
        spans = pairwise(sorted({0, *edges, len(piece)}))
        runs = ((piece[i:j], BOLD if a <= start + i < b else {}) for i, j in spans)
        found.append(_block(_run(words, {**look, **bold}) for words, bold in runs))
        start += len(piece)
    return found


def _source(quote: Quote, shape: Shape) -> list[Element]:
    url = shape.url(quote.link)
    opens: Element = {"selectAction": {"type": "Action.OpenUrl", "url": url}} if url else {}
    return text(quote.source, {**SMALL, **opens})


# Facts, inputs, buttons -------------------------------------------------------------------------------


def fact_sets(facts: tuple[tuple[str, str], ...]) -> Iterator[list[Element]]:
    for start in range(0, len(facts), MOST_FACTS):
        shown = facts[start : start + MOST_FACTS]
        rows: list[Json] = [
            {"title": literal(name), "value": literal(value)} for name, value in shown
        ]
        yield [{"type": "FactSet", "facts": rows}]


def inputs(fields: Iterable[Field], fixed: Fixed) -> list[Element]:
    """Each input with its label, and under it what was wrong with the last try: Teams has no such thing."""
    found: list[Element] = []
    for field in fields:
        found.append(_input(field, fixed))
        found += text(field.error, {**BOLD, "color": "Attention"})
    return found


def _input(field: Field, fixed: Fixed) -> Element:
    return {
        "type": "Input.Text",
        "id": field.id,
        "label": sayable(field.label),
        "isMultiline": field.long,
        "value": sayable(field.value),
        "isRequired": True,  # a card asks only for what it needs
        "errorMessage": sayable(fixed.missing),
        # Twice what is kept: a client cuts silently, and counts a rare character as two.
        "maxLength": 2 * MOST_KEPT,
        **({"placeholder": sayable(field.hint)} if field.hint else {}),
    }


def buttons(choices: Iterable[Choice], shape: Shape, asks: bool) -> list[list[Element]]:
    """Sets of as many as Teams shows, in order. A link that cannot be opened from here is its words.

    ``asks``: the card has inputs. Beside a button that stands out the others need nothing typed.
    """
    chosen = [choice for choice in choices if choice.label]
    main = any(choice.main for choice in chosen)
    made = [
        (choice, _button(choice, shape, asks and main and not choice.main)) for choice in chosen
    ]
    pressed: list[Json] = [action for _, action in made if action]
    sets = [pressed[at : at + MOST_BUTTONS] for at in range(0, len(pressed), MOST_BUTTONS)]
    shown: list[list[Element]] = [[{"type": "ActionSet", "actions": few}] for few in sets]
    return [*(text(choice.label) for choice, action in made if not action), *shown]


def _button(choice: Choice, shape: Shape, alone: bool) -> Element:
    """Empty for what cannot be pressed here. ``alone``: it goes without what was typed."""
    title = sayable(choice.label)
    if not choice.action:
        url = shape.url(choice.link)
        return {"type": "Action.OpenUrl", "title": title, "url": url} if url else {}
    submit: Element = {
        "type": "Action.Submit",
        "title": title,
        "data": {"action": choice.action, "token": shape.token},
        **({"style": "positive"} if choice.main else {}),
        **({"associatedInputs": "none"} if alone else {}),
    }
    if shape.how == "submit":
        return submit
    return {**submit, "type": "Action.Execute", "verb": "press", "fallback": submit}
