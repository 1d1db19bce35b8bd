"""One person across the staff list and every platform: pure.

What the staff list says of somebody holds: name, job, roles, dates. A group that a school named as its
staff adds those members whom the list does not have, as plain staff, and makes somebody of another
school's list staff here too, for as long as that list has them: whoever has left it has left.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from bot.core.accounts import Account, by_email, owner
from bot.core.people import Holder, Membership, Person, School, everyone

ADDED = "dir-"  # how the ids of those begin whom no list has
FEW = 5  # of so few members more than half may leave together


@dataclass(frozen=True)
class Joined:
    """``schools`` have the people of their groups among the others, and the holders that were named by
    address. ``people`` is everyone by id, ``emails`` their ids by address. ``owners`` is each account's
    person; an account that is not in it is nobody's."""

    schools: Mapping[str, School]
    people: Mapping[str, Person]
    emails: Mapping[str, str]
    owners: Mapping[str, str]

    def with_one(self, before: Account | None, told: Account) -> "Joined | None":
        """The same with one account told anew; None where that touches more than whose account it is."""
        who = owner(told, self.emails)
        tells = [one for one in (before, told) if one and (one.groups or one.manager)]
        if tells or any(self._is_added(one) for one in (who, self.owners.get(told.id, ""))):
            return None
        others = {id: person for id, person in self.owners.items() if id != told.id}
        return replace(self, owners={**others, told.id: who} if who else others)

    def _is_added(self, who: str) -> bool:
        return who.startswith(ADDED)


def join(schools: Mapping[str, School], accounts: Iterable[Account]) -> Joined:
    """``schools`` are as their files say. They are themselves where no directory adds anything."""
    listed = everyone(schools.values())
    emails = by_email(listed.values())
    members = [account for account in accounts if account.standing == "member"]
    owners = {one.id: who for one in members if (who := owner(one, emails))}
    added = _unlisted([one for one in members if one.id not in owners], schools)
    owners |= {one.id: person.id for person, mine in added for one in mine}
    told = _Told(schools, {**listed, **{person.id: person for person, _ in added}}, owners)
    for account in sorted(members, key=lambda one: one.id):
        told.hear(account)
    made = {id: told.school(school) for id, school in schools.items()}
    if all(made[id] is school for id, school in schools.items()):
        return Joined(schools, listed, emails, owners)
    return Joined(made, everyone(made.values()), told.emails, owners)


# Those whom no list has -------------------------------------------------------------------------------


def _unlisted(
    accounts: Sequence[Account], schools: Mapping[str, School]
) -> list[tuple[Person, list[Account]]]:
    """Each person some of whose accounts are in a school's group, with all their accounts."""
    named = {
        (name, g) for s in schools.values() for name, groups in s.groups.items() for g in groups
    }
    found = []
    for mine in _same(accounts):
        if any((one.platform, group) in named for one in mine for group in one.groups):
            found.append((_person(mine), mine))
    return found


def _same(accounts: Sequence[Account]) -> list[list[Account]]:
    """Accounts put together with those that share an address with them, in the order of their ids."""
    of: dict[str, list[Account]] = {}
    for account in sorted(accounts, key=lambda one: one.id):
        keys = (*account.emails, account.id)
        known = {id(of[key]): of[key] for key in keys if key in of}.values()
        together = [*(one for some in known for one in some), account]
        for one in together:
            of |= dict.fromkeys((*one.emails, one.id), together)
    return list({id(some): some for some in of.values()}.values())


def _person(mine: Sequence[Account]) -> Person:
    """Called by a short hash, which is no address and the same at every start."""
    surest = [one.emails[0] for one in mine if one.emails] or [one.id for one in mine]
    name = next((one.name for one in mine if one.name), "")
    emails = dict.fromkeys(email for one in mine for email in one.emails)
    return Person(
        f"{ADDED}{sha256(min(surest).encode()).hexdigest()[:12]}", name, emails=tuple(emails)
    )


# What directories add to a school ---------------------------------------------------------------------


class _Told:
    """What the accounts of everyone tell: the schools whose groups they are in, and their managers."""

    def __init__(
        self,
        schools: Mapping[str, School],
        people: Mapping[str, Person],
        owners: Mapping[str, str],
    ) -> None:
        self._schools, self._people, self._owners = schools, people, owners
        self._staff: dict[str, dict[str, None]] = {id: {} for id in schools}
        self._managers: dict[str, str] = {}
        self.emails = by_email(people.values())

    def hear(self, account: Account) -> None:
        who = self._owners.get(account.id, "")
        boss = self._owners.get(account.manager, "")
        if who and boss and boss != who:
            self._managers.setdefault(who, boss)
        for school in self._schools.values() if who else ():
            if set(account.groups) & set(school.groups.get(account.platform, ())):
                self._staff[school.id][who] = None

    def school(self, school: School) -> School:
        """The school with what was told of it; itself where nothing was."""
        new = [who for who in self._staff[school.id] if who not in school.people]
        there = {*school.people, *new}
        people = {id: self._managed(person, there) for id, person in school.people.items()}
        people |= {who: self._managed(self._at(school.id, who), there) for who in sorted(new)}
        holders = {role: self._held(some) for role, some in school.holders.items()}
        same = all(person is school.people.get(id) for id, person in people.items())
        if same and all(some is school.holders[role] for role, some in holders.items()):
            return school
        return replace(school, people=people, holders=holders)

    def _at(self, school: str, who: str) -> Person:
        """Somebody as staff of a school whose list does not have them, no longer than the lists that do."""
        person = self._people[who]
        since = [place.since for place in person.memberships]
        until = [place.until for place in person.memberships]
        first = None if None in since else min((day for day in since if day), default=None)
        last = None if None in until else max((day for day in until if day), default=None)
        return replace(person, memberships=(Membership(school, since=first, until=last),))

    def _managed(self, person: Person, there: set[str]) -> Person:
        """With the line manager the directory tells, where the list names none and it is one of ours."""
        boss = self._managers.get(person.id, "")
        if boss not in there or all(place.manager for place in person.memberships):
            return person
        places = (m if m.manager else replace(m, manager=boss) for m in person.memberships)
        return replace(person, memberships=tuple(places))

    def _held(self, holders: tuple[Holder, ...]) -> tuple[Holder, ...]:
        """With whoever has the addresses that holders are named by."""
        if not any(held.email in self.emails for held in holders):
            return holders
        return tuple(map(self._holder, holders))

    def _holder(self, held: Holder) -> Holder:
        who = self.emails.get(held.email, "")
        if not who:
            return held
        name = self._people[who].name if held.name == held.title else held.name
        return replace(held, person=who, name=name or held.name)


# Whether a list is believed ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Doubt:
    """Why a directory's list is not believed: it names ``found`` of ours where there were ``before``. Of a
    ``group``, where one is named."""

    before: int
    found: int
    group: str = ""


def doubt(
    before: Sequence[Account], found: Sequence[Account], groups: Iterable[str]
) -> Doubt | None:
    """Nobody at all, or less than half of ours, is rather a directory gone wrong than half a staff that
    left at once; the same of a group, unless it is a small one."""
    if not found or 2 * len(found) < len(before):
        return Doubt(len(before), len(found))
    for group in groups:
        was, now = (sum(group in one.groups for one in some) for some in (before, found))
        if was >= FEW and 2 * now < was:
            return Doubt(was, now, group)
    return None
