"""Items -> clauses with labels: walks the document once, keeping where it stands."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.intake import front
from bot.intake.choices import ORDERS, Ways, set_apart, ways
from bot.intake.codes import coded
from bot.intake.document import Document, Dropped, Line
from bot.intake.furniture import without_furniture
from bot.intake.headings import Heading, crossing, headings
from bot.intake.levels import NOT_YET, Level
from bot.intake.lines import Item, items_of, says_or
from bot.intake.markers import Marker
from bot.intake.page import Page
from bot.intake.preface import end_of_front, label_here, schools_first
from bot.intake.read import words
from bot.intake.scopes import Draft, Scope, title_label
from bot.intake.tables import named_columns, rows_whole

_LEADS = re.compile(r"\b(?:following|below|includ(?:e|es|ing)|as follows)\b[^.]*\.?$", re.I)


@dataclass(frozen=True)
class Read:
    """A document read: its clauses in order, and the words that went into none."""

    drafts: tuple[Draft, ...]
    dropped: tuple[Dropped, ...]


def read_clauses(document: Document) -> Read:
    """The clauses of a document."""
    printed = [line for line in document.lines if not line.note]
    lines, furniture = without_furniture(printed, document.dropped)
    items = coded(rows_whole(_filled(set_apart(items_of(lines)))))
    walk = _Walk(items)
    walk.run()
    walk.notes(line for line in document.lines if line.note)
    pages = {line.no: line.page for line in document.lines}
    gone = [
        replace(one, page=one.page or pages.get(one.line, 0))
        for one in (*document.dropped, *furniture, *walk.dropped)
    ]
    dropped = sorted(gone, key=lambda one: one.line)
    return Read(tuple(walk.drafts), tuple(dropped))


def _filled(items: Sequence[Item]) -> list[Item]:
    """A number alone on its line is joined with the text that follows it."""
    found: list[Item] = []
    for item in items:
        last = found[-1] if found else None
        bare = last is not None and last.marker is not None and not last.text
        if last and bare and not item.marker and not item.piped and words(item.text):
            found[-1] = replace(
                item, no=last.no, marker=last.marker, gap=last.gap, indent=last.indent
            )
        else:
            found.append(item)
    return found


class _Walk(Page):
    """The state of one reading. Each method takes one kind of item."""

    def run(self) -> None:
        """Read every item, from the title to the closing lines."""
        start = self._title(self._fields_first())
        end = front.sign_off(self.items, start)
        self.tables = named_columns(self.items)
        self.front = end_of_front(self.items[:end], start, self.tables)
        self.heads = self._real(headings(self.items[:end], self.front))
        self.ways = self._ways()
        self.crossing = crossing(self.items[:end], self.front, self.heads)
        if not self.heads:
            self.preamble.base = ""
        place = start
        while place < end:
            place += self._one(place, end)
        self.flush()
        self._closing(self.items[end:])

    def _real(self, heads: dict[int, Heading]) -> dict[int, Heading]:
        """Header fields ("Linked Policies: ...") before the first section are no headings."""
        for place in list(heads):
            item = self.items[place]
            if heads[place].number or item.hashes or not front.field_name(item, True):
                break
            del heads[place]
        return heads

    def _ways(self) -> Ways:
        """Options nobody chose between; the lines that name them are no headings."""
        found = ways(self.items)
        for place in {*found.of, *found.lines}:
            self.heads.pop(place, None)
        return found

    def _fields_first(self) -> int:
        """Header fields that stand even above the title."""
        place = 0
        while place < len(self.items) - 1 and (name := front.colon_field(self.items[place])):
            self.field(self.items[place], name)
            place += 1
        return place

    def _title(self, first: int) -> int:
        count = front.title_lines(self.items[first:])
        lines = self.items[first : first + count]
        schools = schools_first(lines)
        for item in lines[:schools]:
            self.field(item, label_here(item), "")
        if lines := lines[schools:]:
            text = " ".join(item.text for item in lines)
            self.fixed(text, "Title", lines[0].no)
            self.drafts[-1].kind = "field"
        return first + count

    def notes(self, lines: Iterable[Line]) -> None:
        """Footnotes stand behind everything else, each citable by its mark."""
        for line in lines:
            self.fixed(line.text, f"Footnote {line.note}", line.no)

    def _closing(self, items: Sequence[Item]) -> None:
        if items:
            self.fixed(" ".join(item.text for item in items), "Sign-off", items[0].no)
            self.drafts[-1].kind = "sign"

    def _one(self, place: int, end: int) -> int:
        """Read the item at ``place``; how many items that took."""
        item = self.items[place]
        after = self.items[place + 1] if place + 1 < end else None
        heading = self.heads.get(place)
        header = not self.path
        if not words(item.text) and not (item.marker and item.marker.kind != "bullet"):
            self.wordless(item)
        elif place in self.tables:
            self.row(item, after, self.front_rows if place < self.front else None)
        elif front.waits(item, after, header) and after:
            self.field(replace(item, text=f"{item.text} {after.text}"), item.text.rstrip(" :"))
            return 2
        elif heading:
            self.heading(item, heading)
        elif name := front.field_name(item, header):
            self.field(item, name)
        elif place < self.front:
            self.field(item, label_here(item), "")
        elif (who := front.party(item, self._signing(place))) is not None:
            self.sign(item, who)
        else:
            self._text(place, item, after)
        return 1

    def _signing(self, place: int) -> bool:
        """Whether people sign just here: this, the place before, or one of the next two."""
        return self.after_sign() or any(map(front.signs, self.items[place : place + 3]))

    def _text(self, place: int, item: Item, after: Item | None) -> None:
        if place in self.ways.lines:
            self.only_or(item)
        elif says_or(item.text) and not (item.marker and item.marker.kind != "decimal"):
            self.or_(item, after)
        else:
            way, first = self.ways.of.get(place, 0) or self.option, len(self.drafts)
            self._said(place, item, after)
            if way and len(self.drafts) > first:
                self.drafts[first].option, self.option = way, 0

    def _said(self, place: int, item: Item, after: Item | None) -> None:
        if (item.piped and item.cells) or (len(item.cells) > 1 and self._tabled(place)):
            self.row(item, after)
        elif item.marker and item.marker.kind == "bullet":
            self._bullet(item)
        elif item.marker:
            self._numbered(place, item, item.marker)
        else:
            self._para(item, after)

    def _tabled(self, place: int) -> bool:
        near = [*self.items[max(0, place - 1) : place], *self.items[place + 1 : place + 2]]
        return any(len(one.cells) == len(self.items[place].cells) for one in near)

    def _bullet(self, item: Item) -> None:
        marker = item.marker.printed if item.marker else ""
        self.levels.drop_beyond(item.indent, self._leads(self.lead))
        level = self.levels.bullet(item.indent, marker)
        if level:
            scope, lead, level.count = level.scope, level.draft, level.count + 1
            fixed = f"{level.name}.{level.count})"
            draft = Draft(item.text, marker, scope, "fixed", fixed=fixed, lead=lead, line=item.no)
            self.add(draft)
            return
        scope = self.levels.scope or self.sub or self.scope()
        scope.others += scope.unled
        scope.bullets += 1
        draft = Draft(item.text, marker, scope, "bullet", scope.bullets, line=item.no)
        draft.lead = self.lead if self._leads(self.lead) else None
        self.levels.opened(item.indent, marker, scope, self.add(draft))

    def _leads(self, place: int | None) -> bool:
        """Whether a clause reads on into a list: "Users must NOT:"."""
        if place is None:
            return False
        text = self.drafts[place].text.rstrip(" *_")
        return text[-1:] in ":;–—-," or text[-1:].isalnum() or bool(_LEADS.search(text[-200:]))

    def _numbered(self, place: int, item: Item, marker: Marker) -> None:
        if (
            (marker.kind == "decimal" and (len(marker.number) > 1 or marker.tail))
            or place in self.crossing
            or (not self.path and marker.kind == "decimal")
        ):
            self._clause(item, marker, marker.name)
        else:
            self._listed(item, marker)

    def _clause(self, item: Item, marker: Marker, name: str) -> None:
        """A clause with its own number: 5.2, or 7 in a document numbered throughout."""
        base = self.path.unique(name)
        self.path.numbered()
        scope = Scope(base, base, "clause", paras=1)
        lead = self.levels.above(marker.number)
        if lead is None and (not self.levels.clauses or self.levels.clauses[0].outer is not None):
            lead = self.levels.clauses[0].outer if self.levels.clauses else self.lead
        lead = lead if self._leads(lead) else None
        draft = Draft(item.text, marker.printed, scope, "para", 1, lead=lead, line=item.no)
        draft.option = self.other_way(item)
        self.sub = None
        self.lead = self.add(draft)
        self.levels.clause(marker.number, scope, self.lead, lead, item.indent)

    def _listed(self, item: Item, marker: Marker) -> None:
        """An item of a list: (a), ii., or 3 under an unnumbered heading."""
        outer = self.levels.scope_of_lists or self.sub or self.scope()
        numeric = marker.kind == "decimal"
        level, parent = self.levels.listed(marker, item.indent)
        name = parent.name if parent else outer.name
        tight = parent is not None or outer.kind == "clause" or bool(outer.short and outer.name)
        tight = tight and not (numeric and " " in outer.short)
        outer.others += not parent and outer.unled
        if not parent and outer.kind == "section" and outer.short:
            name = outer.short
        inner = marker.name if numeric and not tight else f"({marker.name})"
        if numeric and not tight and name[-1:].isdigit():
            inner = f"({inner})"
        base = f"{name}{inner}" if tight else f"{name} {inner}".strip()
        scope = Scope(base, base, "clause", paras=1)
        if not parent and self.levels.list_lead == NOT_YET:
            self.levels.list_lead = self.lead if self._leads(self.lead) else None
        lead = parent.draft if parent else self.levels.list_lead
        draft = Draft(item.text, marker.printed, scope, "para", 1, lead=lead, line=item.no)
        self.lead = self.add(draft)
        self.levels.push(Level(level, marker, base, scope, self.lead, item.indent))

    def _para(self, item: Item, after: Item | None) -> None:
        if front.says_replaced(item.text) and (after is None or not self.path):
            self.flush()
            self.fixed(item.text, "Replacement note", item.no)
            return
        scope = self.levels.between(after) or self.levels.after_list(item.indent) or self.scope()
        self.levels.close_lists(item.indent, after)
        scope.paras += 1
        draft = Draft(item.text, "", scope, "para", scope.paras, line=item.no)
        draft.option = self.other_way(item)
        self.sub = self._short_lead(item, after, scope)
        if self.sub:
            draft.role, draft.fixed = "fixed", self.sub.base
        self.lead = self.add(draft)

    def _short_lead(self, item: Item, after: Item | None, scope: Scope) -> Scope | None:
        """ "Users must NOT:" in a numbered section gives its bullets their name."""
        listed = after is not None and after.marker is not None and len(after.marker.number) < 2
        few = item.text[-1] == ":" and len(item.text.split()) < 6 and scope.kind == "section"
        few = few and bool(ORDERS.search(item.text))
        if not (listed and few and scope.short and not scope.numbers):
            return None
        return Scope(f"{scope.short} {title_label(item.text)}", kind="sub", paras=1)
