"""Printed lines -> one text: words broken at a line's end are whole again, real hyphens stay."""

import re
from collections.abc import Iterable, Sequence

_FIRST = re.compile(r"[^\W_]+")
_LAST = re.compile(r"([^\W_]+)-$")
# What stands before or behind a hyphen that is more than a broken word.
_BEFORE = frozenset(
    """self non e ex co pre post re well follow full part long short low high one two three all cross multi
    anti mid semi vice up on off in out by day year decision fixed third first second face peer risk hands
    hard user child staff parent pupil school trust work evidence age half ill good best whistle counter pro
    inter so to over under ever cyber live real right sub""".split()  # noqa: SIM905
)
_BEHIND = frozenset(
    """up off out in on to by based related making taking maker time date term wide free led level year old
    home line person face site specific friendly aged being bullying sharing hand day and or the of class
    sex conscious round going depth house harm esteem report review evaluation assessment mail
    statutory""".split()  # noqa: SIM905
)


class Joins:
    """Knows the words of the document, to decide whether a hyphen at a line's end is a real one."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._whole: set[str] = set()
        self._parts: set[str] = set()
        for text in texts:
            for token in text.casefold().split():
                bare = token.strip(".,;:!?()[]'\"“”‘’")
                if "-" in bare.strip("-") or "/" in bare.strip("/"):
                    self._whole.add(bare)
                elif bare[-1:] != "-":
                    self._parts.add(bare)

    def text(self, lines: Sequence[str]) -> str:
        """The lines as one, single spaces between words."""
        found = ""
        for line in lines:
            if not line:
                continue
            found = self._two(found, line) if found else line
        return " ".join(found.split())

    def _two(self, before: str, after: str) -> str:
        broken, first = _LAST.search(before), _FIRST.match(after)
        if broken and first:
            soft = after[0].islower() and not self._real(broken[1], first[0])
            return (before[:-1] if soft else before) + after
        token = before.rsplit(None, 1)[-1]
        if len(token) > 1 and token[-1] == "/" and after[0].isalnum():
            return before + after
        web = "://" in token or token.startswith("www.")
        if web and (token[-1] in "-_.?=&%/#" or re.match(r"[\w-]*[/=%_]", after)):
            return before + after
        return f"{before} {after}"

    def _real(self, left: str, right: str) -> bool:
        """Whether "left-right" keeps its hyphen."""
        left, right = left.casefold(), right.casefold()
        if f"{left}-{right}" in self._whole:
            return True
        if left + right in self._parts:
            return False
        return left in _BEFORE or right in _BEHIND or left.isdigit()
