"""Turns templates in conversations/wording into Cards. Every sentence staff read lives there.

A template is Jinja2 whose result is read line by line: ``title: No.``, ``banner:``, ``text:``,
``after:``, ``quote: 0 | mark`` (the n-th quote handed in, and what it is if not the answer;
``aside:`` the same for one to have to hand), ``fact: name | value``, ``choice: label | action``
(``main:`` the same, standing out), ``link: label | path``, ``field: id | label | value | hint |
error`` (``longfield:`` for long text), ``foot:``, ``urgent:``. Blank lines are nothing. What is put
in can never begin a line of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateSyntaxError

from bot.core.cards import Card, Choice, Field, Quote


class WordingMistake(Exception):
    """A template says something that is no card line."""


def _one_line(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


class Wording:
    def __init__(self, folder: Path) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=False,  # cards hold plain text; each platform escapes for itself
            finalize=_one_line,
            trim_blocks=True,
            lstrip_blocks=True,
        )

        self._read_all()

    def _read_all(self) -> None:
        """Every template is read at the start: a slip in one is told then, not to somebody in need."""
        for name in self._templates.list_templates(extensions=["j2"]):
            try:
                self._templates.get_template(name)
            except TemplateSyntaxError as error:
                raise WordingMistake(f"{name}, line {error.lineno}: {error.message}") from None

    def names(self) -> list[str]:
        """Every template that makes a card; those beginning with "_" are parts of others."""
        found = self._templates.list_templates(extensions=["j2"])
        return [name.removesuffix(".j2") for name in found if not name.startswith("_")]

    def card(self, template: str, view: Mapping[str, Any], quotes: Sequence[Quote] = ()) -> Card:
        """The card of one template. ``view`` holds the template's variables."""
        words = self._templates.get_template(f"{template}.j2").render(view, quotes=quotes)
        card = Card()
        for line in words.splitlines():
            if line.strip():
                kind, _, rest = line.strip().partition(":")
                card = _with_line(card, kind, rest.strip(), quotes, template)
        return card


def _with_line(card: Card, kind: str, rest: str, quotes: Sequence[Quote], template: str) -> Card:
    match kind:
        case "title":
            return replace(card, title=f"{card.title} {rest}".strip())
        case "urgent":
            return replace(card, urgent=True)
        case "banner":
            return replace(card, banner=(*card.banner, rest))
        case "text":
            return replace(card, paragraphs=(*card.paragraphs, rest))
        case "after":
            return replace(card, after=(*card.after, rest))
        case "foot":
            return replace(card, foot=f"{card.foot} {rest}".strip())
        case "quote" | "aside":
            number, mark = _parted(rest)
            quote = replace(quotes[int(number)], mark=mark, aside=kind == "aside")
            return replace(card, quotes=(*card.quotes, quote))
        case "fact" if " | " in rest:
            return replace(card, facts=(*card.facts, _parted(rest)))
        case "choice" | "main" | "link" if " | " in rest:
            return replace(card, choices=(*card.choices, _choice(kind, rest)))
        case "field" | "longfield":
            return replace(card, fields=(*card.fields, _field(kind, rest)))
    raise WordingMistake(f"{template}.j2: {kind!r} is no line of a card, or lacks a part")


def _parted(rest: str) -> tuple[str, str]:
    first, _, second = f"{rest} ".partition(" | ")
    return first.strip(), second.strip()


def _choice(kind: str, rest: str) -> Choice:
    """The last part is ours, an action or a path; a title before it may have any character."""
    label, _, goes = rest.rpartition(" | ")
    if kind == "link":
        return Choice(label.strip(), link=goes.strip())
    return Choice(label.strip(), action=goes.strip(), main=kind == "main")


def _field(kind: str, rest: str) -> Field:
    parts = [part.strip() for part in f"{rest} ".split(" | ", 4)]
    id, label, value, hint, error = (*parts, "", "", "", "")[:5]
    return Field(id, label, value, hint, error, long=kind == "longfield")
