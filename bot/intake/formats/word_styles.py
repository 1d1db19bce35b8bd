"""Word's styles, worked out: what a paragraph or run looks like after all that it inherits."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace

from bot.intake.formats.numbering import indents
from bot.intake.formats.word_xml import W, child, number, switch, value
from bot.intake.formats.zipped import Element

_DEEPEST = 20  # styles based on styles; a ring of them ends here too
_HEADING = re.compile(r"heading ([1-9])", re.I)
_CONTENTS = re.compile(r"(?:toc|contents) (?:heading|[1-9])|table of figures", re.I)


@dataclass(frozen=True)
class Look:
    """What is said of a paragraph or run; None where nothing is. Lengths in twentieths of a point."""

    num: str | None = None
    depth: int | None = None
    outline: int | None = None
    left: int | None = None
    first: int | None = None
    before: int | None = None
    after: int | None = None
    close: bool | None = None
    """No space between paragraphs of this one style."""
    bold: bool | None = None
    underlined: bool | None = None
    hidden: bool | None = None
    font: str | None = None

    def over(self, base: "Look") -> "Look":
        """This look where it says something, else the one it stands on."""
        said = {f.name: mine for f in fields(self) if (mine := getattr(self, f.name)) is not None}
        return replace(base, **said)


@dataclass(frozen=True)
class Style:
    """A style worked out. ``chain``: its id and those it is based on, nearest first.

    ``depths``: the list level each of these says of itself.
    """

    look: Look = Look()
    names: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()
    depths: tuple[int | None, ...] = ()

    @property
    def level(self) -> int:
        """1 to 6 for a heading style, 1 for a title, else 0."""
        if self.look.outline is not None:
            return min(self.look.outline + 1, 6) if self.look.outline < 9 else 0
        for name in self.names:
            if found := _HEADING.fullmatch(name):
                return min(int(found[1]), 6)
        return int(self.titles)

    @property
    def titles(self) -> bool:
        return any(name.lower() == "title" for name in self.names)

    @property
    def lists_contents(self) -> bool:
        return bool(self.names) and bool(_CONTENTS.fullmatch(self.names[0]))


@dataclass(frozen=True)
class Styles:
    """All styles by id, and the default of paragraphs (``plain``: its id)."""

    by_id: Mapping[str, Style]
    plain: str
    numbered: Mapping[str, str]
    """The num each numbering style stands for."""
    heads: frozenset[str]
    """Table styles that set off their first row."""

    def paragraph(self, id: str | None) -> Style:
        return self.by_id.get(id or self.plain) or self.by_id.get(self.plain) or Style()

    def run(self, id: str | None) -> Look:
        found = self.by_id.get(id or "")
        return found.look if found else Look()


def styles_of(root: Element | None) -> Styles:
    """The styles in styles.xml."""
    if root is None:
        return Styles({}, "", {}, frozenset())
    raw = {str(one.get(W + "styleId")): one for one in root.findall(W + "style")}
    defaults = child(root, "docDefaults")
    ground = look_of(child(defaults, "pPrDefault/pPr"), child(defaults, "rPrDefault/rPr"))
    by_id = {id: _worked_out(id, raw, ground) for id in raw}
    plain = next((id for id, one in raw.items() if _is_plain(one)), "")
    numbered = {
        id: num
        for id, one in raw.items()
        if one.get(W + "type") == "numbering" and (num := value(one, "pPr/numPr/numId"))
    }
    return Styles(by_id, plain, numbered, frozenset(_heads(raw)))


def _is_plain(one: Element) -> bool:
    return one.get(W + "type") == "paragraph" and one.get(W + "default") in ("1", "true", "on")


def _worked_out(id: str, raw: Mapping[str, Element], ground: Look) -> Style:
    chain: list[str] = []
    at: str | None = id
    while at and at in raw and at not in chain and len(chain) < _DEEPEST:
        chain.append(at)
        at = value(raw[at], "basedOn")
    # What documents set for all text counts for paragraphs only: a character style says its own.
    look = ground if raw[id].get(W + "type") == "paragraph" else Look()
    for one in reversed(chain):
        look = look_of(child(raw[one], "pPr"), child(raw[one], "rPr")).over(look)
    names = tuple(name for one in chain if (name := value(raw[one], "name")))
    depths = tuple(number(value(raw[one], "pPr/numPr/ilvl")) for one in chain)
    return Style(look, names, tuple(chain), depths)


def _heads(raw: Mapping[str, Element]) -> Iterator[str]:
    for id, one in raw.items():
        parts = one.findall(W + "tblStylePr")
        first = [part for part in parts if part.get(W + "type") == "firstRow"]
        if any(child(part, "rPr/b") is not None for part in first):
            yield id


def look_of(paragraph: Element | None, run: Element | None) -> Look:
    """What one pPr and one rPr say."""
    left, first = indents(child(paragraph, "ind"))
    return replace(
        _of_run(run),
        num=value(paragraph, "numPr/numId"),
        depth=number(value(paragraph, "numPr/ilvl")),
        outline=number(value(paragraph, "outlineLvl")),
        left=left,
        first=first,
        before=_space(paragraph, "before"),
        after=_space(paragraph, "after"),
        close=switch(paragraph, "contextualSpacing"),
    )


def _space(paragraph: Element | None, side: str) -> int | None:
    """Space above or below. Automatic space, as web pages have it, is a line."""
    if value(paragraph, "spacing", f"{side}Autospacing") in ("1", "true", "on"):
        return 240
    return number(value(paragraph, "spacing", side))


def _of_run(run: Element | None) -> Look:
    if run is None:
        return Look()
    line = value(run, "u")
    return Look(
        bold=switch(run, "b"),
        underlined=None if line is None else line != "none",
        hidden=switch(run, "vanish"),
        font=value(run, "rFonts", "ascii") or value(run, "rFonts", "hAnsi"),
    )


def run_look(run: Element, styles: Styles, paragraph: Look) -> Look:
    """How a run is printed in a paragraph that looks so."""
    rules = child(run, "rPr")
    if rules is None:
        return paragraph
    named = styles.run(value(rules, "rStyle"))
    # A style that underlines words is one for links.
    named = replace(named, underlined=None) if named.underlined else named
    return _of_run(rules).over(named.over(paragraph))
