"""Who may see more than a policy's own words: questions to its owner, and what is wrong or missing.

A role is held by the name in school.toml's roles or by the person's own place in that school. Nobody
who has left holds anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.core.book import Book, in_force
from bot.core.owners import owning_role
from bot.core.people import Person, School
from bot.core.policies import Policy
from bot.core.records import Question

OWNS = ("policy_owner", "headteacher")
OVERSEES = (*OWNS, "admin")


@dataclass(frozen=True)
class Sees:
    """``questions``: whether any policy's questions are this person's to read. ``oversees``: ids of
    the schools whose health and settings they may look into; the empty id stands for no school."""

    questions: bool = False
    oversees: frozenset[str] = frozenset()


def sees(person: Person, book: Book, today: date) -> Sees:
    """What somebody may open, on this day. Who owns one policy oversees its school's policies too."""
    held = any(_holds(person, school, OWNS, today) for school in book.schools.values())
    owned = {p.school for p in book.policies.values() if _owns(person, p, book, today)}
    mine = overseen(person, book.schools, today) | owned
    return Sees(held or bool(owned), mine | {""} if mine else mine)


def reads(person: Person, policy: Policy, book: Book, today: date) -> bool:
    """Whether a policy is for this person: it holds for them, or they look after its school."""
    return policy.id in in_force(book, person, today) or (
        policy.school in sees(person, book, today).oversees
    )


def may_import(person: Person, book: Book, today: date) -> tuple[School, ...]:
    """The schools whose policies this person may put in: those they oversee, and whose policy they own."""
    mine = sees(person, book, today).oversees
    return tuple(school for id, school in book.schools.items() if id in mine)


def overseen(person: Person, schools: Mapping[str, School], today: date) -> frozenset[str]:
    """The schools somebody oversees by their role; who oversees a trust oversees its schools."""
    mine = {id for id, school in schools.items() if _holds(person, school, OVERSEES, today)}
    return frozenset(mine | {id for id, school in schools.items() if school.part_of in mine})


def questions_for(
    person: Person, waiting: Iterable[Question], book: Book, today: date
) -> tuple[Question, ...]:
    """The waiting questions that are this person's to read and to settle."""
    return tuple(q for q in waiting if _may_settle(person, q, book, today))


def _may_settle(person: Person, question: Question, book: Book, today: date) -> bool:
    school = book.schools.get(question.school)
    if school is None:
        return False
    policy = book.policies.get(question.policy)
    return _holds(person, school, OWNS, today) or (
        policy is not None and _owns(person, policy, book, today)
    )


def _owns(person: Person, policy: Policy, book: Book, today: date) -> bool:
    """Whether the role the policy names as its owner is theirs: only by name, in school.toml. A
    policy owned by "Staff" must not be everybody's."""
    school, role = book.schools.get(policy.school), owning_role(policy, book)
    return bool(school and role and person.at(today) and _is_named(person, school, (role,)))


def _holds(person: Person, school: School, roles: tuple[str, ...], today: date) -> bool:
    places = person.at(today)
    own = {role for place in places if place.school == school.id for role in place.roles}
    return bool(places) and (bool(own & set(roles)) or _is_named(person, school, roles))


def _is_named(person: Person, school: School, roles: tuple[str, ...]) -> bool:
    return any(h.person == person.id for role in roles for h in school.holders.get(role, ()))
