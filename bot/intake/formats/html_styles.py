"""What a page's style sheet says of lists, hidden things and bold type, as far as intake needs it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from bot.intake.formats.counted import counted, printed

_RULE = re.compile(r"([^{}@]{1,400})\{([^{}]{0,2000})\}")
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.S)
_SIMPLE = re.compile(r"([a-z][a-z0-9]*)?(?:\.([\w-]+))?", re.I)
# Google Docs numbers its lists by style sheet: .lst-kix_abc-1 > li:before{content:counter(...) ". "}
_BEFORE = re.compile(r"\.(lst-kix_\w+-\d)\s*>\s*li:before", re.I)
_RESET = re.compile(r"\.(lst-kix_\w+-\d)\.start", re.I)
_TOKEN = re.compile(
    r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'|counter\(\s*([\w-]+)\s*(?:,\s*([\w-]+)\s*)?\)"
)
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?", re.I)
_MOST = 400_000  # signs of style sheets that are looked at

Said = Mapping[str, str]


@dataclass
class Styles:
    """Declarations by "tag", ".class" or "tag.class"; and the numbers of Google's lists so far."""

    rules: dict[str, dict[str, str]] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    resets: dict[str, int] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)

    def of(self, element: HtmlElement) -> dict[str, str]:
        """What is said of an element by its name, its classes and its own style."""
        tag, found = str(element.tag), dict(self.rules.get(str(element.tag), ()))
        for name in (element.get("class") or "").split()[:20]:
            found |= self.rules.get(f".{name}", {})
            found |= self.rules.get(f"{tag}.{name}", {})
        return found | declared(element.get("style") or "")

    def google(self, inside: HtmlElement) -> str | None:
        """The name of the Google Docs list this is, or None."""
        names = (inside.get("class") or "").split()[:20]
        return next((name for name in names if name in self.before), None)

    def begin(self, inside: HtmlElement, name: str) -> None:
        """A Google Docs list begins here, or goes on."""
        if "start" in (inside.get("class") or "").split():
            self._counts[_counter(name)] = self.resets.get(name, 0)

    def mark(self, name: str) -> str:
        """What the next item of a Google Docs list prints before its text."""
        own = _counter(name)
        self._counts[own] = self._counts.get(own, 0) + 1
        told = ""
        for one, other, counter, how in _TOKEN.findall(self.before[name]):
            if counter:
                told += printed(self._counts.get(counter, 1), _how(how))
            else:
                told += _ESCAPE.sub(lambda found: chr(min(int(found[1], 16), 0xD7FF)), one or other)
        return " ".join(told.split())


def _how(name: str) -> str:
    return name.replace("latin", "alpha") or "decimal"


def _counter(name: str) -> str:
    return name.replace("lst-kix", "lst-ctn-kix", 1)


def styles_of(page: HtmlElement) -> Styles:
    """The style sheets of a page."""
    found = Styles()
    text = "\n".join(one.text or "" for one in page.iter("style"))[:_MOST]
    for selectors, body in _RULE.findall(_COMMENT.sub(" ", text)):
        for selector in selectors.split(","):
            _take(found, selector.strip(), body)
    return found


def _take(styles: Styles, selector: str, body: str) -> None:
    said = declared(body)
    if (simple := _SIMPLE.fullmatch(selector)) and selector:
        kept = {name: value for name, value in said.items() if name in _KEPT}
        key = (simple[1] or "").lower() + (f".{simple[2]}" if simple[2] else "")
        styles.rules.setdefault(key, {}).update(kept)
    elif (google := _BEFORE.search(selector)) and "content" in said:
        styles.before[google[1]] = said["content"]
    elif (google := _RESET.search(selector)) and "counter-reset" in said:
        styles.resets[google[1]] = counted(said["counter-reset"].split()[-1], 0)


_KEPT = ("display", "visibility", "list-style", "list-style-type", "font-weight")


def declared(text: str) -> dict[str, str]:
    """ "display: none; color: red" -> {"display": "none", ...}."""
    return dict(_pairs(text))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for part in text[:4000].split(";"):
        name, colon, value = part.partition(":")
        if colon:
            yield name.strip().lower(), value.replace("!important", "").strip()


def hidden(said: Said) -> bool:
    """Not shown to anybody."""
    return (
        said.get("display", "").lower() == "none"
        or said.get("visibility", "").lower() == "hidden"
        or said.get("mso-hide", "").lower() == "all"
    )


def bold(said: Said, otherwise: bool) -> bool:
    weight = said.get("font-weight", "").lower()
    if not weight or weight == "inherit":
        return otherwise
    return weight in ("bold", "bolder") or (weight.isdigit() and int(weight[:4]) >= 600)


def list_style(said: Said) -> str:
    """ "decimal", "none", "disc"; empty when nothing is said."""
    told = said.get("list-style-type") or said.get("list-style", "")
    kinds = [word for word in told.lower().split() if word not in ("inside", "outside")]
    return _how(kinds[0]) if kinds else ""
