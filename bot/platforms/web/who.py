"""The list of people somebody can be, in groups once it is long."""

from collections.abc import Sequence
from datetime import date

from bot.core.people import Person

FEW = 12  # up to so many people stand in one list
Listed = tuple[Person, list[str]]
# The first group that has one of somebody's roles is theirs; whoever is in none is staff.
GROUPS = (
    ("leading", {"headteacher", "dsl", "manager"}),
    ("governors", {"governor"}),
    ("volunteers", {"volunteer", "pta"}),
    ("visiting", {"agency", "contractor", "consultant"}),
)
ORDER = ("leading", "staff", "governors", "volunteers", "visiting")


def grouped(people: Sequence[Person], today: date) -> list[tuple[str, list[Listed]]]:
    """Groups by name with their people and roles; one group without a name for a short list."""
    listed = [(p, sorted({role for m in p.at(today) for role in m.roles})) for p in people]
    if len(listed) <= FEW:
        return [("", listed)]
    groups = {name: [one for one in listed if _group(one) == name] for name in ORDER}
    return [(name, members) for name, members in groups.items() if members]


def _group(one: Listed) -> str:
    return next((name for name, roles in GROUPS if roles & set(one[1])), "staff")
