"""Turns templates in conversations/wording into Cards. Every sentence staff read lives there.

A template is Jinja2 whose result is read line by line: ``title: No.``, ``banner:``, ``text:``,
``after:``, ``quote: 0 | mark`` (the n-th quote handed in, and what it is if not the answer;
``aside:`` the same for one to have to hand), ``fact: name | value``, ``choice: label | action``
(``main:`` the same, standing out), ``link: label | path`` or ``link: label | path | action`` (the
action is for where there are no pages), ``field: id | label | hint | error | value`` (``longfield:``
for long text), ``foot:``, ``urgent:``. Blank lines are nothing. What is put in can never begin a line
of its own. A field that is called as something in the view is filled with that, line breaks and all.

All of it is read at the start, so that a slip is told then and not to somebody in need: a template that
is missing, broken, or speaks of what it is not given (``CARDS``), and a line that is no card line. What
only shows with people and answers in it (``dsl.nmae``, the ninth quote) is left to the tests.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    meta,
    nodes,
)

from bot.core.book import Kind
from bot.core.cards import Card, Choice, Field, Quote

LINES = (
    *("title", "urgent", "banner", "text", "after", "foot", "quote", "aside", "fact"),
    *("choice", "main", "link", "field", "longfield"),
)
_GATE = {"concern", "tell", "numbers", "dsl", "policy_action", "left_out", "asks_head"}
US = {"name", "policies", "dsl", "numbers"}
_ANSWER = {
    *(
        "answer",
        "marks",
        "draft",
        "words",
        "danger",
        "dsl",
        "council",
        "next",
        "manager",
        "banners",
    ),
    *("options", "ask", "titles", "title", "stricter", "silent", "facts", "holders", "many"),
    *("section", "read", "heading", "inner", "about", "whole", "places"),
}
# The templates that must be there, and the names that views.py (app.py for "sorry") gives each.
CARDS: Mapping[str, AbstractSet[str]] = {
    **dict.fromkeys(("gate", "danger_yes", "danger_no"), _GATE),
    **dict.fromkeys(("help", "secret", "program", "policies", "empty"), US),
    **dict.fromkeys(("expired", "stranger", "reports", "welcome", "home", "not_sent"), US),
    **dict.fromkeys((*get_args(Kind), "not_this"), _ANSWER),
    "concern": {"tell", "numbers", "asks_head"},
    "owner_confirm": {"words", "draft", "error"},
    "owner_question": {"words", "policy", "question"},
    "owner_sent": {"policy", "manager"},
    "owner_missing": {"manager"},
    "policy": {"title", "banners", "facts", "sections"},
    "question_done": {"policy"},
    "question_gone": set(),
    "sorry": {"dsl", "reference"},
}


class WordingMistake(Exception):
    """A template cannot be used; the sentence says which and why."""


def _one_line(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


class Wording:
    def __init__(self, folder: Path, cards: Mapping[str, AbstractSet[str]] | None = None) -> None:
        """``cards`` are the templates that must be there, and the names each is given."""
        self._templates = Environment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=False,  # cards hold plain text; each platform escapes for itself
            finalize=_one_line,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,  # read at the start and checked then: nothing unchecked is said later
        )
        for name in self._templates.list_templates(extensions=["j2"]):
            self._check_filters(self._whole(name)[name], name)
            _check_lines(name, self._source(name))
        for card, given in (cards or {}).items():
            self._check_names(f"{card}.j2", given)

    def _whole(self, name: str) -> dict[str, nodes.Template]:
        """A template and every part it includes."""
        found: dict[str, nodes.Template] = {}
        left = [name]
        while left:
            if (part := left.pop()) not in found:
                found[part] = self._parsed(part, name)
                left += filter(None, meta.find_referenced_templates(found[part]))
        return found

    def _parsed(self, part: str, name: str) -> nodes.Template:
        try:
            self._templates.get_template(part)  # compiles it, which parsing does not
            return self._templates.parse(self._source(part))
        except TemplateNotFound:
            why = "is missing" if part == name else f"includes {part}, which is missing"
            raise WordingMistake(f"{name} {why}") from None
        except TemplateSyntaxError as error:
            raise WordingMistake(f"{part}, line {error.lineno}: {error.message}") from None
        except (OSError, UnicodeDecodeError) as error:
            raise WordingMistake(f"{part} cannot be read: {error}") from None

    def _source(self, name: str) -> str:
        assert self._templates.loader is not None
        return self._templates.loader.get_source(self._templates, name)[0]

    def _check_filters(self, parsed: nodes.Template, name: str) -> None:
        """Inside an "if", Jinja looks for a filter only when it gets there."""
        for used in parsed.find_all(nodes.Filter):
            if used.name not in self._templates.filters:
                raise WordingMistake(f"{name}: no filter is called {used.name!r}")

    def _check_names(self, name: str, given: AbstractSet[str]) -> None:
        parts = self._whole(name)
        known = {*given, "quotes", *self._templates.globals}
        known |= {n.name for p in parts.values() for n in p.find_all(nodes.Name) if n.ctx != "load"}
        for part, parsed in parts.items():
            if unknown := meta.find_undeclared_variables(parsed) - known:
                where = part if part == name else f"{part} in {name}"
                raise WordingMistake(f"{where}: nothing is called {min(unknown)!r} here")

    def names(self) -> list[str]:
        """Every template that makes a card; those beginning with "_" are parts of others."""
        found = self._templates.list_templates(extensions=["j2"])
        return [name.removesuffix(".j2") for name in found if not name.startswith("_")]

    def line(self, part: str, view: Mapping[str, str]) -> str:
        """The words of a part ("_top") that is no card line of its own."""
        return " ".join(self._templates.get_template(f"{part}.j2").render(view).split())

    def card(self, template: str, view: Mapping[str, Any], quotes: Sequence[Quote] = ()) -> Card:
        """The card of one template. ``view`` holds the template's variables."""
        words = self._templates.get_template(f"{template}.j2").render(view, quotes=quotes)
        told: dict[str, list[Any]] = {}
        for line in words.splitlines():
            if line.strip():
                kind, _, rest = line.strip().partition(":")
                name, one = _line(kind, rest.strip(), quotes, template)
                told.setdefault(name, []).append(one)
        return _filled(_card(told), view)


_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
_COMMENT = re.compile(r"\{#.*?#\}\n?", re.S)
_APART = re.compile(  # a macro, or words kept for later: no lines of the card
    r"\{%-?\s*(?:macro\b|set\s+\w+\s*-?%\}).*?\{%-?\s*end(?:macro|set)\b.*?%\}", re.S
)


def _check_lines(name: str, source: str) -> None:
    for line in _own_lines(_APART.sub("", _COMMENT.sub("", source))):
        kind, colon, _ = line.partition(":")
        part_of_a_line = name.startswith("_") and not colon
        if kind.strip() not in LINES and "{{" not in kind and not part_of_a_line:
            raise WordingMistake(f"{name}: {kind!r} is no line of a card")


def _own_lines(source: str) -> Iterator[str]:
    """The lines that begin with the template's own words. A tag at a line's end swallows the break."""
    goes_on = False
    for line in _TAG.sub(lambda tag: " ".join(tag[0].split()), source).splitlines():
        own = re.sub(r"^(\s*\{%.*?%\})+", "", line).strip()
        if own and not goes_on and not own.startswith("{{") and not line.strip().startswith("{%-"):
            yield own
        goes_on = line.rstrip().endswith(("%}", "-}}")) and (goes_on or bool(own))


def _line(kind: str, rest: str, quotes: Sequence[Quote], template: str) -> tuple[str, Any]:
    """The part of a card that a line is of, and what it adds there."""
    match kind:
        case "title" | "urgent" | "banner" | "after" | "foot":
            return kind, rest
        case "text":
            return "paragraphs", rest
        case "quote" | "aside":
            number, mark = _parted(rest)
            return "quotes", replace(quotes[int(number)], mark=mark, aside=kind == "aside")
        case "fact" if " | " in rest:
            return "facts", _parted(rest)
        case "choice" | "main" | "link" if " | " in rest:
            return "choices", _choice(kind, rest)
        case "field" | "longfield":
            return "fields", _field(kind, rest)
    raise WordingMistake(f"{template}.j2: {kind!r} is no line of a card, or lacks a part")


def _card(told: dict[str, list[Any]]) -> Card:
    title, foot = (" ".join(filter(None, told.pop(name, ()))) for name in ("title", "foot"))
    urgent = told.pop("urgent", None) is not None
    many = {name: tuple(some) for name, some in told.items()}
    return Card(title=title, foot=foot, urgent=urgent, **many)


def _parted(rest: str) -> tuple[str, str]:
    first, _, second = f"{rest} ".partition(" | ")
    return first.strip(), second.strip()


def _choice(kind: str, rest: str) -> Choice:
    """The last parts are ours, an action or a path; a title before them may have any character."""
    label, _, goes = rest.rpartition(" | ")
    if kind != "link":
        return Choice(label.strip(), action=goes.strip(), main=kind == "main")
    if goes.startswith(_PATHS):
        return Choice(label.strip(), link=goes.strip())
    label, _, path = label.rpartition(" | ")
    return Choice(label.strip(), goes.strip(), path.strip())


_PATHS = ("/", "https://")  # how a path begins, and no action does


def _field(kind: str, rest: str) -> Field:
    parts = [part.strip() for part in f"{rest} ".split(" | ", 4)]
    id, label, hint, error, value = (*parts, "", "", "", "")[:5]
    return Field(id, label, value, hint, error, long=kind == "longfield")


def _filled(card: Card, view: Mapping[str, Any]) -> Card:
    """What was typed is put into its field as it is, past the lines of the template."""
    if not card.fields:
        return card
    typed = {name: words for name, words in view.items() if isinstance(words, str)}
    fields = tuple(replace(f, value=typed.get(f.id, f.value)) for f in card.fields)
    return replace(card, fields=fields)
