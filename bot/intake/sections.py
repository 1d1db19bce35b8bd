"""The headings the reading stands under, outermost first, and the names they give to clauses."""

from dataclasses import dataclass

from bot.intake.document import Dropped
from bot.intake.headings import Heading, capitals
from bot.intake.lines import Item
from bot.intake.scopes import Draft, Names, Scope, title_label


@dataclass
class Open:
    """A heading whose text is still being read. ``used``: a clause stands under it."""

    level: int
    printed: str
    number: str
    scope: Scope
    boxed: bool
    line: int
    used: bool = False


class Path:
    """From the document down to the heading read last."""

    def __init__(self) -> None:
        self._open: list[Open] = []
        self._shown: tuple[str, ...] = ()
        self._names = Names()

    def __bool__(self) -> bool:
        return bool(self._open)

    @property
    def scope(self) -> Scope | None:
        """Where paragraphs are counted just now."""
        return self._open[-1].scope if self._open else None

    @property
    def waiting(self) -> bool:
        """A heading was read that nothing stands under yet."""
        return any(not one.used for one in self._open)

    def level(self, heading: Heading, item: Item) -> int:
        """An unnumbered heading stands below the numbered one it follows, unless set in capitals."""
        if heading.number or item.hashes:
            return heading.level
        numbered = [one for one in self._open if one.scope.short]
        if not numbered:
            return heading.level
        if capitals(item.text) and not capitals(numbered[-1].printed):
            return numbered[0].level
        return max(heading.level, numbered[-1].level + 1)

    def ends(self, level: int) -> bool:
        """Whether the innermost heading is over when one of this level begins."""
        return bool(self._open) and self._open[-1].level >= level

    def leave(self) -> None:
        self._open.pop()

    def enter(self, heading: Heading, item: Item, level: int) -> None:
        """Go in under a heading."""
        printed = f"{item.marker.printed} {item.text}" if item.marker else item.text
        scope = self._section(heading)
        if self._open:  # the section around it is no longer one lone paragraph
            self._open[-1].scope.others += 1
            self._open[-1].scope.numbers |= "." in heading.number
        number = scope.short or self._number()
        self._open.append(Open(level, printed, number, scope, heading.boxed, item.no))

    def _section(self, heading: Heading) -> Scope:
        title = title_label(heading.title)
        if heading.number:
            short = self.unique(heading.number)
            return Scope(short if heading.boxed else f"{short} {title}".strip(), short)
        number = self._number()
        return Scope(f"{number} {title}".strip(), kind="sub" if number else "section")

    def _number(self) -> str:
        return next((one.number for one in reversed(self._open) if one.number), "")

    def unique(self, name: str) -> str:
        """A number once; in an appendix that counts anew "Appendix A 1.1"; else "1.1 (second)"."""
        box = next((one.number for one in self._open if one.boxed), "")
        return self._names.unique(name, f"{box} {name}" if box else "")

    def numbered(self) -> None:
        """A clause with its own number stands here: the sections around it go by number alone."""
        for one in self._open:
            one.scope.numbers = one.scope.numbers or bool(one.scope.short)

    def empty(self) -> Draft | None:
        """The innermost heading as a clause when nothing stands under it, so that no word is lost."""
        if not self._open or self._open[-1].used:
            return None
        gone = self._open[-1]
        path = tuple(one.printed for one in self._open[:-1])
        base = gone.scope.base
        return Draft(gone.printed, "", Scope(base), "fixed", fixed=base, headings=path)

    def show(self, path: tuple[str, ...]) -> list[Dropped]:
        """A clause stands under ``path`` now; the new headings that this path does not show."""
        unseen = []
        for depth, one in enumerate(self._open[: len(path)]):
            if not one.used and self._shown[: depth + 1] == path[: depth + 1]:
                unseen.append(Dropped(one.line, one.printed, "heading printed twice"))
        for one in self._open:
            one.used = True
        self._shown = path
        return unseen

    @property
    def printed(self) -> tuple[str, ...]:
        return tuple(one.printed for one in self._open)
