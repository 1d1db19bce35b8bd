"""What of a web page is the document, and what a school's site puts round it: menus, cookies, footers."""

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from bot.intake.read import words

_ROLES = ("navigation", "search", "dialog", "alertdialog", "complementary", "contentinfo")
_ROUND = re.compile(
    r"\bcookies?[-_]?(?:banner|notice|consent|bar|popup|message)|\bskip[-_]?(?:link|to|nav)|\bbreadcrumbs?\b",
    re.I,
)
_LEAST = 0.3  # of the page's words: a "main" with fewer says nothing of the rest


@dataclass(frozen=True)
class Main:
    """The elements that hold the document (``shown``), and those that those stand in."""

    shown: frozenset[HtmlElement] = frozenset()
    around: frozenset[HtmlElement] = frozenset()

    def beside(self, element: HtmlElement) -> str:
        """Why an element is not part of the document; empty when it is, or when nobody can tell."""
        if element.get("role") in _ROLES:
            return "beside the document"
        if element not in self.shown and any(
            _ROUND.search(element.get(name) or "") for name in ("class", "id")
        ):
            return "beside the document"
        inside = element in self.shown or element in self.around
        return "" if inside or element.getparent() not in self.around else "beside the document"


NO_MAIN = Main()


def main_of(page: HtmlElement) -> Main:
    """The page's one <main>; with the page's <h1> where that stands outside it."""
    found = page.xpath("//main | //*[@role='main']")
    if len(found) != 1 or _count(found[0]) < _LEAST * _count(page):
        return NO_MAIN
    shown = [found[0]]
    if found[0].find(".//h1") is None:
        shown += page.iter("h1")
    around = {outer for one in shown for outer in one.iterancestors()}
    return Main(frozenset(shown), frozenset([*around, *page.iter("head")]))


def _count(element: HtmlElement) -> int:
    return len(words(" ".join(element.xpath(".//text()[not(parent::script or parent::style)]"))))
