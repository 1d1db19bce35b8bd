"""E-mail addresses of the staff list: what Slack and Teams know people by."""

import re
from collections.abc import Iterable, Iterator

from bot.core.people import Person

_ADDRESS = re.compile(r"[^@\s,;<>()\"]+@[\w-]+(\.[\w-]+)+")


def is_address(text: str) -> bool:
    """Whether this looks like an e-mail address, in small letters."""
    return _ADDRESS.fullmatch(text) is not None


def shared(people: Iterable[Person]) -> Iterator[tuple[str, str, str]]:
    """Each address that two people have, with the ids of the first and of the next of them."""
    holds: dict[str, str] = {}
    for person in people:
        for email in person.emails:
            first = holds.setdefault(email, person.id)
            if first != person.id:
                yield email, first, person.id
