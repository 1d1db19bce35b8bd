"""Where in nested lists and numbered clauses the reading stands."""

from dataclasses import dataclass, field

from bot.intake.lines import Item
from bot.intake.markers import Marker, alphabetic, roman
from bot.intake.scopes import Scope

NOT_YET = -1  # no list begun, so no lead-in looked for


@dataclass
class Level:
    """One open list: how it counts ("roman", "alpha", "decimal"), its last item's marker and name."""

    how: str
    marker: Marker
    name: str
    scope: Scope
    draft: int
    indent: int


@dataclass
class Numbered:
    """An open clause with its own number; ``outer`` is the lead-in it hangs under."""

    number: tuple[int, ...]
    scope: Scope
    draft: int
    outer: int | None
    indent: int


@dataclass
class Bullets:
    """The bullet a nested bullet hangs under."""

    indent: int
    marker: str
    scope: Scope
    draft: int
    name: str
    count: int = 0


@dataclass
class Levels:
    """Lists inside lists, and clauses inside clauses, outermost first."""

    clauses: list[Numbered] = field(default_factory=list)
    lists: list[Level] = field(default_factory=list)
    first: Bullets | None = None
    list_lead: int | None = NOT_YET

    @property
    def scope(self) -> Scope | None:
        """What a bullet is counted in: the list item or numbered clause it follows."""
        if self.lists:
            return self.lists[-1].scope
        return self.clauses[-1].scope if self.clauses else None

    @property
    def scope_of_lists(self) -> Scope | None:
        """What a lettered list is named under."""
        return self.clauses[-1].scope if self.clauses else None

    def above(self, number: tuple[int, ...]) -> int | None:
        """The open clause 4.6 that 4.6.1 stands under."""
        for clause in reversed(self.clauses):
            if len(clause.number) < len(number) and number[: len(clause.number)] == clause.number:
                return clause.draft
        return None

    def clause(
        self, number: tuple[int, ...], scope: Scope, draft: int, outer: int | None, indent: int
    ) -> None:
        """Open a numbered clause and close those it does not stand under."""
        while self.clauses and number[: len(self.clauses[-1].number)] != self.clauses[-1].number:
            self.clauses.pop()
        if self.clauses and len(self.clauses[-1].number) >= len(number):
            self.clauses.pop()
        self.clauses.append(Numbered(number, scope, draft, outer, indent))
        self._empty()

    def _empty(self) -> None:
        self.lists, self.first, self.list_lead = [], None, NOT_YET

    def listed(self, marker: Marker, indent: int) -> tuple[str, Level | None]:
        """How this item counts, and the item it is nested under; deeper lists are closed."""
        self.first = None
        for depth in range(len(self.lists) - 1, -1, -1):
            level = self.lists[depth]
            if level.marker.style == marker.style and _next(level, marker):
                del self.lists[depth:]
                return level.how, self.lists[-1] if self.lists else None
        how = _how(marker)
        for depth, level in enumerate(self.lists):
            if (
                level.how == how and level.marker.style == marker.style
            ) or indent < level.indent - 1:
                del self.lists[depth:]
                break
        return how, self.lists[-1] if self.lists else None

    def push(self, level: Level) -> None:
        self.lists.append(level)

    def drop_beyond(self, indent: int, leading: bool) -> None:
        """A bullet further left than a list item that does not lead into it closes that list."""
        while self.lists and indent < self.lists[-1].indent - 1 and not leading:
            self.lists.pop()

    def bullet(self, indent: int, marker: str) -> Bullets | None:
        """The bullet this one is nested under, or None for one of the first level."""
        first = self.first
        if first is None:
            return None
        deeper = indent >= first.indent + 2
        lesser = marker != first.marker and marker in "o◦▪" and first.marker not in "o◦▪"
        return first if deeper or (lesser and indent >= first.indent) else None

    def opened(self, indent: int, marker: str, scope: Scope, draft: int) -> None:
        """A bullet of the first level was read."""
        name = f"{scope.name} (bullet {scope.bullets}".strip()
        self.first = Bullets(indent, marker, scope, draft, name)

    def after_list(self, indent: int) -> Scope | None:
        """Whose paragraph an unnumbered one is: the item's when indented, else the clause around it."""
        if self.lists and indent > self.lists[-1].indent + 1:
            return self.lists[-1].scope
        while (
            self.clauses
            and self.clauses[-1].outer is not None
            and indent <= self.clauses[-1].indent + 1
        ):
            self.clauses.pop()
        return self.clauses[-1].scope if self.clauses else None

    def between(self, after: Item | None) -> Scope | None:
        """Whose paragraph it is when the list's next item comes right after it: the item's before."""
        marker = after.marker if after else None
        for level in self.lists:
            if marker and marker.style == level.marker.style and _next(level, marker):
                return level.scope
        return None

    def close_lists(self, indent: int, after: Item | None) -> None:
        """An unindented paragraph ends the lists before it, unless they go on after it."""
        if not self.between(after) and not (self.lists and indent > self.lists[-1].indent + 1):
            self._empty()
        self.first = None


def _next(level: Level, marker: Marker) -> bool:
    """(c) after (b), (iv) after (iii), 3 after 2, one number left out allowed."""
    if level.how == "decimal" or marker.kind == "decimal":
        both = level.how == "decimal" and marker.kind == "decimal"
        return both and 0 < marker.number[0] - level.marker.number[0] <= 2
    if level.marker.letter.isupper() != marker.letter.isupper():
        return False
    count = roman if level.how == "roman" else alphabetic
    return 0 < count(marker.letter) - count(level.marker.letter) <= 1 + (level.how == "roman")


def _how(marker: Marker) -> str:
    if marker.kind == "decimal":
        return "decimal"
    return "roman" if roman(marker.letter) and marker.letter.lower() not in "cdlmx" else "alpha"
