"""Whom a card names: who holds a role for somebody, whom to tell of a concern, and never whom it is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.core.book import Book
from bot.core.gate import Concern, Gate, who_to_tell
from bot.core.people import Holder, Membership, Person, School

# Who could carry a concern when everybody it would go to is left out, and whom it may be about.
LAST = ("headteacher", "chair_of_governors", "dsl", "deputy_dsl")
SUBJECT = {"head": "headteacher", "dsl": "dsl", "chair": "chair_of_governors"}


@dataclass(frozen=True)
class Whom:
    """``person`` is everywhere the id of whoever reads the card."""

    book: Book
    gate: Gate
    people: Mapping[str, Person]
    today: Callable[[], date]

    def schools(self, person: str) -> list[School]:
        """Where they belong today; for somebody who is on no list, the first school."""
        known = self.people.get(person)
        mine = [m.school for m in self.now_at(known)] if known else list(self.book.schools)
        found = [self.book.schools[s] for s in mine if s in self.book.schools]
        return found or list(self.book.schools.values())[:1]

    def school(self, person: str) -> School:
        return next(iter(self.schools(person)), School("", ""))

    def now_at(self, known: Person) -> tuple[Membership, ...]:
        return known.at(self.today())

    def turn_to(self, role: str, person: str) -> Holder | None:
        """Who holds the role, else the head; the head's own line manager is the chair."""
        last = ("chair_of_governors",) if role == "manager" and self.is_head(person) else ()
        roles = (role, "headteacher", *last) if role else ()
        return next((held for one in roles if (held := self._holder(one, person))), None)

    def _holder(self, role: str, person: str) -> Holder | None:
        """The role's holder for this person; never the person, who cannot turn to herself."""
        for school in self.schools(person):
            held = self._manager(person, school) if role == "manager" else school.holder(role)
            if held and held.person != person:
                return held
        return None

    def _manager(self, person: str, school: School) -> Holder | None:
        known = self.people.get(person)
        for membership in self.now_at(known) if known else ():
            boss = self.people.get(membership.manager)
            if boss and membership.school == school.id:
                return Holder("manager", boss.id, boss.name, "your line manager")
        return None

    def is_head(self, person: str) -> bool:
        """Whether this is the head of one of their schools; a deputy is not."""
        heads = (school.holder("headteacher") for school in self.schools(person))
        return any(head is not None and head.person == person for head in heads)

    def holders(self, role: str, person: str) -> list[Holder]:
        """Who holds the role; an outside body has a number and no name."""
        found: list[Holder] = []
        for school in self.schools(person):
            number = school.numbers.get(role, "")
            outside = [Holder(role, "", role.upper(), role.upper(), number)] if number else []
            found += school.holders.get(role, ()) or outside
        return found

    def to_tell(self, concern: Concern, person: str) -> list[Holder]:
        """Whom to tell: never the asker, never anybody the words name. Nothing known: as about a child.
        Where that leaves nobody, whoever else could carry it. The head turns to nobody who stands in
        for the head."""
        school = self.school(person)
        meant = concern if concern.route else replace(concern, route="dsl")
        never = {person, *concern.named}
        ask = [h for h in who_to_tell(self.gate, meant, school) if not self._below(h, person)]
        told = [h for h in ask if h.person not in never]
        if told or concern.route == "own_safety":
            return told
        barred = {person} | self.barred(concern, person)
        others = (h for role in LAST for h in school.holders.get(role, ()))
        return [h for h in others if h.person not in barred and not self._below(h, person)][:2]

    def _below(self, held: Holder, person: str) -> bool:
        """Whether this is a deputy of the very person who asks as the head."""
        return held.role in ("headteacher", "deputy_head") and self.is_head(person)

    def barred(self, concern: Concern, person: str) -> set[str]:
        """Whom the concern is about, as far as its words say."""
        held = self.school(person).holders.get(SUBJECT.get(concern.about, ""), ())
        return {*concern.named, *(h.person for h in held)}
