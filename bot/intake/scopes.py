"""What a citation prints: labels counted inside a scope (a section, a sub-heading, a numbered clause)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.core.labels import looks, visible
from bot.core.policies import Kind

Role = Literal["para", "bullet", "row", "or", "option", "fixed"]
_KEEP = {
    "ICT",
    "DSL",
    "DDSL",
    "SEND",
    "SEN",
    "PTA",
    "LADO",
    "GDPR",
    "CCTV",
    "AI",
    "HR",
    "KCSIE",
    "PE",
}
_KEEP |= {
    "EYFS",
    "SENCO",
    "RSE",
    "RSHE",
    "DBS",
    "UK",
    "LAC",
    "PSHE",
    "MAT",
    "DPO",
    "FOI",
    "COSHH",
}
_LITTLE = {
    "a",
    "an",
    "and",
    "as",
    "at",
    "by",
    "for",
    "from",
    "in",
    "of",
    "on",
    "or",
    "the",
    "to",
    "with",
}
_ORDINALS = (
    "",
    "",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
)


@dataclass
class Scope:
    """Where paragraphs and bullets are counted. ``short`` is its number alone; ``base`` adds its title."""

    base: str
    short: str = ""
    kind: Literal["preamble", "section", "sub", "clause"] = "section"
    paras: int = 0
    bullets: int = 0
    rows: int = 0
    others: int = 0
    numbers: bool = False

    @property
    def name(self) -> str:
        """What bullets, lettered items and alternatives are counted under."""
        return self.short if self.numbers and self.short else self.base

    @property
    def unled(self) -> bool:
        """A list here has no lead-in, so that a sentence after it is no lone paragraph."""
        return self.kind in ("section", "sub") and not self.paras


@dataclass
class Draft:
    """A clause before its label and id are known. ``lead`` is a place in the list of drafts.

    ``cells``: the parts of a header field that stands in a table row.
    """

    text: str
    marker: str
    scope: Scope
    role: Role
    count: int = 0
    kind: Kind = "clause"
    headings: tuple[str, ...] = ()
    lead: int | None = None
    option: int = 0
    fixed: str = ""
    line: int = 0
    cells: tuple[str, ...] = ()


def label_of(draft: Draft) -> str:
    """The label before it is made unique."""
    scope = draft.scope
    if draft.role == "fixed":
        return draft.fixed
    if draft.option and draft.role == "para":
        return f"{scope.short or scope.base} (option {draft.option})"
    if draft.role == "or":
        return f"{scope.short or scope.base} (Or)".strip()
    if draft.role == "para":
        return _para(scope, draft.count)
    return _joined(scope.name, f"({draft.role} {draft.count})")


def _para(scope: Scope, count: int) -> str:
    bare = scope.kind == "clause" or (scope.numbers and scope.short)
    if bare and count == 1:
        return scope.name
    lonely = scope.paras == 1 and not scope.others
    if scope.kind == "section" and scope.short:
        lonely = lonely and not scope.bullets and not scope.rows
    if lonely and scope.base and not scope.numbers:
        return scope.short if scope.kind == "section" and scope.short else scope.base
    return _joined(scope.name, f"(para {count})")


def _joined(name: str, part: str) -> str:
    """ "Scope (para 3)"; "Para 3" in a document without headings."""
    return f"{name} {part}" if name else part.strip("()").capitalize()


def title_label(text: str) -> str:
    """A heading as a label prints it: no closing colon, CAPITALS made Title Case."""
    text = re.sub(r"[*_`|]+", "", text).strip(" :;–—-\t")
    text = " ".join(text.split())
    if not (text.isupper() and sum(c.isalpha() for c in text) > 3):
        return text
    words = [_word(word, place) for place, word in enumerate(text.split())]
    return " ".join(words)


def _word(word: str, place: int) -> str:
    bare = word.strip("()&,.'’:;/-").removesuffix("S")
    if bare in _KEEP or word.strip("()") in _KEEP:
        return word
    if place and word.lower() in _LITTLE:
        return word.lower()
    return re.sub(r"[^\W\d_][^\W\d_'’]*", lambda m: m[0].capitalize(), word)


def ordinal(number: int) -> str:
    return _ORDINALS[number] if number < len(_ORDINALS) else f"{number}th"


class Names:
    """Gives each name once: "3.2", then "3.2 (second)". Capitals make no difference."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._times: dict[str, int] = {}

    def unique(self, name: str, *others: str) -> str:
        """The first free one of ``name``, ``others``, "name (second)", "name (third)", ..."""
        for choice in (name, *others):
            if choice and looks(choice) not in self._taken:
                self._taken.add(looks(choice))
                return choice
        times = self._times.get(looks(name), 1) + 1
        while looks(f"{name} ({ordinal(times)})") in self._taken:
            times += 1
        self._times[looks(name)] = times
        return self.unique(f"{name} ({ordinal(times)})")


def labels(drafts: Sequence[Draft]) -> list[str]:
    """A label for each draft, no two the same."""
    names = Names()
    return [names.unique(safe(label_of(draft)) or "Clause") for draft in drafts]


def safe(label: str) -> str:
    """Short enough to print in one line, and without signs nobody sees."""
    folded = visible(label)
    return folded if len(folded) <= 160 else folded[:157].rstrip() + "..."


def repeated(drafts: Iterable[Draft]) -> tuple[str, ...]:
    """The labels the document prints more than once."""
    seen: dict[str, int] = {}
    for draft in drafts:
        label = safe(label_of(draft))
        seen[label] = seen.get(label, 0) + 1
    return tuple(label for label, times in seen.items() if times > 1)
