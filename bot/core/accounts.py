"""Who somebody on Slack or Teams is: their account there, joined to the staff list by e-mail address.

A guest, a bot, somebody who has gone and somebody from elsewhere are nobody's account, whatever
address they show: only full members of the school's own workspace or tenant are joined.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.core.people import Person, School

Standing = Literal["member", "guest", "bot", "gone"]


class DirectoryMistake(Exception):
    """A platform's list of people could not be read. One plain sentence, and nobody's name in it."""


@dataclass(frozen=True)
class Account:
    """Somebody as one platform knows them. ``id`` begins with its name: "slack:U012", "teams:<oid>".

    ``emails`` are small letters, the surest first. ``groups`` are those of the platform's groups that a
    school named as its staff. ``manager`` is another account's id. ``place`` is their own conversation
    with the bot as the platform calls it, and ``url`` where to reach it; empty until known. ``blocked``
    is why nothing can be sent there, in the platform's word.
    """

    id: str
    name: str = ""
    emails: tuple[str, ...] = ()
    standing: Standing = "member"
    groups: tuple[str, ...] = ()
    manager: str = ""
    place: str = ""
    url: str = ""
    blocked: str = ""

    @property
    def platform(self) -> str:
        return self.id.partition(":")[0]


@dataclass(frozen=True)
class Wanted:
    """What a platform's directory is asked for, and no more.

    ``emails`` are the staff list's addresses, ``managed`` those of them whose line manager the list
    tells; ``groups`` are those that schools named as their staff.
    """

    emails: frozenset[str] = frozenset()
    managed: frozenset[str] = frozenset()
    groups: tuple[str, ...] = ()


def wanted(schools: Mapping[str, School], platform: str, today: date) -> Wanted:
    """What is asked of this platform today. Nothing is asked about whoever has left."""
    emails, managed = set[str](), set[str]()
    for school in schools.values():
        for person in school.people.values():
            places = [m for m in person.memberships if m.until is None or today <= m.until]
            emails |= set(person.emails) if places else set()
            managed |= set(person.emails) if any(m.manager for m in places) else set()
    groups = (group for school in schools.values() for group in school.groups.get(platform, ()))
    return Wanted(frozenset(emails), frozenset(managed), tuple(dict.fromkeys(groups)))


def own_place(account: str) -> str:
    """The place of somebody's own conversation with the bot: "slack:@U012" for "slack:U012"."""
    platform, _, id = account.partition(":")
    return f"{platform}:@{id}"


def account_at(place: str) -> str:
    """The account whose own conversation a place is; empty for any other place."""
    platform, _, rest = place.partition(":")
    return f"{platform}:{rest[1:]}" if rest.startswith("@") else ""


def small(address: str) -> str:
    """An address in small letters; empty where that makes it somebody else's: there are signs whose small
    letter is a plain k."""
    made = address.lower()
    return made if made.isascii() == address.isascii() else ""


def by_email(people: Iterable[Person]) -> Mapping[str, str]:
    """Person ids by e-mail address. An address that two people share is nobody's."""
    found: dict[str, str] = {}
    for person in people:
        for email in person.emails:
            found[email] = "" if found.get(email, person.id) != person.id else person.id
    return {email: id for email, id in found.items() if id}


def owner(account: Account, emails: Mapping[str, str]) -> str:
    """The person whose account this is; empty for nobody's."""
    if account.standing != "member":
        return ""
    return next((emails[email] for email in account.emails if email in emails), "")
