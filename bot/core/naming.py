"""Staff named by name: the gate reads them as the roles they hold, and nobody named is sent the worry."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core.people import School
from bot.core.phrases import plain

_TITLES = ("mr", "mrs", "ms", "miss", "mx", "dr", "sir", "rev")
# What the gate's rules call somebody who holds one of these roles, the weightiest first.
_CALLED = (
    ("headteacher", "the headteacher"),
    ("dsl", "the dsl"),
    ("deputy_dsl", "the deputy dsl"),
    ("chair_of_governors", "the chair of governors"),
    ("governor", "a governor"),
    ("volunteer", "a volunteer"),
)
_TOLD = (
    "(?:told|tell|telling|asked|ask|spoke to|speak to|spoken to|emailed|rang|ring|reported to"
    "|report to|reported it to|let)"
)


@dataclass(frozen=True)
class Named:
    """The text with names read as roles, and the ids of those it names as more than the one told."""

    text: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Names:
    """How the people of some schools may be named. Made once: compiling them costs more than looking."""

    people: tuple[tuple[str, re.Pattern[str], str], ...]
    surnames: frozenset[str]

    @staticmethod
    def of(schools: Iterable[School]) -> "Names":
        """Names count with a title ("Mrs Lyle") or in full ("Jo Bell"); a surname alone may be a word."""
        told = [one for school in schools for one in _forms(school).items()]
        people = [(id, re.compile(rf" (?:{'|'.join(f)})(?= )"), called) for id, (f, called) in told]
        last = {form.split()[-1] for _, (forms, _) in told for form in forms}
        return Names(tuple(people), frozenset(last))

    def read(self, text: str) -> Named:
        """The text as the gate is to read it."""
        said, named = plain(text), []
        if self.surnames.isdisjoint(map(re.escape, said.split())):
            return Named(text)
        found = False
        for person, name, called in self.people:
            if not name.search(said):
                continue
            found = True
            said = re.sub(rf"( {_TOLD}){name.pattern}", r"\1 somebody", said)
            if name.search(said):
                named.append(person)
            said = name.sub(f" {called}", said)
        return Named(said.strip() if found else text, tuple(named))


def _forms(school: School) -> Mapping[str, tuple[list[str], str]]:
    """For each person how the name may be written, in plain words, and what the gate calls them."""
    held: dict[str, set[str]] = {}
    for role, holders in school.holders.items():
        for holder in holders:
            held.setdefault(holder.person, set()).add(role)
    forms = {}
    for person in school.people.values():
        roles = held.get(person.id, set()) | {r for m in person.memberships for r in m.roles}
        called = next((name for role, name in _CALLED if role in roles), "a member of staff")
        if written := _written(plain(person.name).split()):
            forms[person.id] = (written, called)
    return forms


def _written(words: list[str]) -> list[str]:
    if words and words[0] in _TITLES:
        words = words[1:]
        return [f"(?:{'|'.join(_TITLES)}) {re.escape(words[-1])}"] if words else []
    if len(words) < 2:
        return []
    titled = f"(?:{'|'.join(_TITLES)}) {re.escape(words[-1])}"
    return [re.escape(" ".join(words)), titled]
