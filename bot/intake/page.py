"""A page being filled: the clauses read so far, and where the reading stands."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.core.policies import BETWEEN_CELLS
from bot.intake.choices import ORDERS
from bot.intake.document import Dropped
from bot.intake.headings import Heading
from bot.intake.levels import Levels
from bot.intake.lines import Item
from bot.intake.read import words
from bot.intake.scopes import Draft, Scope
from bot.intake.sections import Path
from bot.intake.tables import names_columns

# In capitals, or with a sign after it: "Or staff may ask" only goes on with the thought.
_OTHER_WAY = re.compile(r"[*_]{0,3}(?:OR\b[*_]{0,3}[\s:–-]|Or[*_]{0,3}\s?[:–]\s?)\s*\w")


class Page:
    """Takes what needs no look around: headings, fields, signatures, table rows, "Or"."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.drafts: list[Draft] = []
        self.dropped: list[Dropped] = []
        self.path = Path()
        self.levels = Levels()
        self.preamble = Scope("Preamble", kind="preamble")
        self.front_rows = Scope("Front matter", kind="preamble")
        self.sub: Scope | None = None
        self.lead: int | None = None
        self.option = 0

    def fixed(self, text: str, label: str, line: int) -> None:
        self.put(Draft(text, "", Scope(""), "fixed", fixed=label, line=line))

    def heading(self, item: Item, heading: Heading) -> None:
        level = self.path.level(heading, item)
        while self.path.ends(level):
            self.flush()
            self.path.leave()
        self.path.enter(heading, item, level)
        self.levels = Levels()
        self.sub = self.lead = None
        self.option = 0

    def flush(self) -> None:
        """A heading with nothing under it becomes a clause itself, so that no word is lost."""
        if gone := self.path.empty():
            self.put(gone)

    def scope(self) -> Scope:
        return self.path.scope or self.preamble

    def add(self, draft: Draft) -> int:
        draft.headings = self.path.printed
        return self.put(draft)

    def put(self, draft: Draft) -> int:
        self.dropped += self.path.show(draft.headings)
        self.drafts.append(draft)
        return len(self.drafts) - 1

    def wordless(self, item: Item) -> None:
        """A blank to fill in, or a stray sign: it stays with the clause before it."""
        text = _with_marker(item)
        if words(text):  # the bullet "o" is a word too
            self.join(replace(item, text=text))
        elif self.drafts:
            self.drafts[-1].text += f" {text}".rstrip()

    def field(self, item: Item, name: str, front: str = "Front matter: ") -> None:
        label = name if self.path else f"{front}{name}"
        text = _with_marker(item)
        self.scope().others += bool(self.path)
        draft = Draft(text, "", Scope(""), "fixed", kind="field", fixed=label, line=item.no)
        draft.cells = item.cells if item.piped else ()
        self.add(draft)

    def sign(self, item: Item, who: str) -> None:
        scope = self.scope()
        label = who or "Sign-off"
        last = self.drafts[-1] if self.after_sign() else None
        if who and scope.short:
            label = f"{scope.base} ({who})"
        if last and (not who or last.fixed == label):
            last.text += f" {item.text}"
            return
        scope.others += 1
        self.add(Draft(item.text, "", Scope(""), "fixed", kind="sign", fixed=label, line=item.no))

    def after_sign(self) -> bool:
        return bool(self.drafts) and self.drafts[-1].kind == "sign" and not self.path.waiting

    def row(self, item: Item, after: Item | None, scope: Scope | None = None) -> None:
        scope = scope or self.scope()
        piped = item.piped and after is not None and after.piped and after.gap
        head = piped or names_columns(item)
        last = self.drafts[-1] if self.drafts else None
        bullet = item.marker.printed if item.marker and item.marker.kind == "bullet" else ""
        cells = [cell for cell in item.cells if cell]
        item = replace(item, text=BETWEEN_CELLS.join(cells)) if len(cells) > 1 else item
        text = item.text if bullet else _with_marker(item)
        draft = Draft(text, bullet, scope, "row", line=item.no)
        if head:
            draft.role, draft.fixed = "fixed", f"{scope.name} (table heading)".strip()
            scope.others += 1
        else:
            scope.rows += 1
            draft.count = scope.rows
            if last and (last.role == "row" or last.fixed.endswith("(table heading)")):
                draft.lead = last.lead if last.role == "row" else len(self.drafts) - 1
        self.add(draft)

    def or_(self, item: Item, after: Item | None) -> None:
        """A line that says only "Or": two alternatives nobody chose, unless it joins list items."""
        last = self.drafts[-1] if self.drafts else None
        in_list = (
            self.path.waiting
            or (last is not None and last.role == "bullet")
            or (after is not None and (after.marker is not None and after.marker.kind != "decimal"))
        )
        in_list = in_list and not (last and after and _rivals(last, item, after))
        if last is None or last.role not in ("para", "bullet") or in_list or after is None:
            self.join(replace(item, text=_with_marker(item)))
            return
        last.option = last.option or 1
        self.option = last.option + 1
        self.only_or(item)

    def only_or(self, item: Item) -> None:
        """The line between two ways, or the line that names one: it rules nothing itself."""
        self.scope().others += 1
        self.add(Draft(_with_marker(item), "", self.scope(), "or", kind="or", line=item.no))

    def other_way(self, item: Item) -> int:
        """2 for "OR the pupil hands it in": a clause that opens as the other way to the one before."""
        last = self.drafts[-1] if self.drafts and not self.path.waiting else None
        if last is None or last.role != "para" or not _OTHER_WAY.match(item.text):
            return 0
        last.option = last.option or 1
        return last.option + 1

    def join(self, item: Item) -> None:
        if self.drafts and not self.path.waiting:
            self.drafts[-1].text += f" {item.text}"
        else:
            self.alone(item)

    def alone(self, item: Item) -> None:
        """A paragraph that nothing is known about but its place."""
        scope = self.scope()
        scope.paras += 1
        self.lead = self.add(Draft(item.text, "", scope, "para", scope.paras, line=item.no))


def _rivals(last: Draft, item: Item, after: Item) -> bool:
    """A capital OR between two list items each of which rules by itself."""
    rules = ORDERS.search(last.text) and ORDERS.search(after.text)
    return "OR" in item.text and bool(rules)


def _with_marker(item: Item) -> str:
    """All that is printed; before cells or a field name a number is no marker but a word like others."""
    return f"{item.marker.printed} {item.text}" if item.marker else item.text
