"""Who somebody on Slack or Teams is: their account there, joined to the staff list by e-mail address.

A guest, a bot, somebody who has gone and somebody from elsewhere are nobody's account, whatever
address they show: only full members of the school's own workspace or tenant are joined.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.core.people import Person

Standing = Literal["member", "guest", "bot", "gone"]


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


def own_place(account: str) -> str:
    """The place of somebody's own conversation with the bot: "slack:@U012" for "slack:U012"."""
    platform, _, id = account.partition(":")
    return f"{platform}:@{id}"


def account_at(place: str) -> str:
    """The account whose own conversation a place is; empty for any other place."""
    platform, _, rest = place.partition(":")
    return f"{platform}:{rest[1:]}" if rest.startswith("@") else ""


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
