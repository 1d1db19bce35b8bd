"""Everyone's accounts on Slack and Teams: who somebody there is, and where a person is reached.

Held in memory and kept in the records, so that a start without network knows them all. Who is on the
staff list is asked anew every time: whoever is taken off it is nobody from the next message on.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from bot.core.accounts import Account, by_email, own_place, owner
from bot.core.people import Person
from bot.core.records import Decision, KnowAccount, Reads

T = TypeVar("T")
REACHED = ("place", "url", "blocked")


class Store(Protocol):
    async def carry_out_async(self, decide: Callable[[Reads], Decision], key: str = "") -> Any: ...
    def look(self, read: Callable[[Reads], T]) -> T: ...


@dataclass
class Accounts:
    """``people`` is the staff list as it is at that moment."""

    store: Store
    people: Callable[[], Mapping[str, Person]]
    _known: dict[str, Account] = field(default_factory=dict)
    _fresh: set[str] = field(default_factory=set)
    _last: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._known = {one.id: one for one in self.store.look(lambda reads: reads.accounts())}

    def known(self, id: str) -> Account | None:
        """What a platform has told of an account; None when nothing, or when it should be asked again."""
        return self._known.get(id) if id in self._fresh else None

    def remembered(self, id: str) -> Account | None:
        """The same, however long ago it was told: for where to send, and while nobody can be asked."""
        return self._known.get(id)

    def who(self, id: str) -> str:
        """The person whose account this is; the account's own id for somebody not on the staff list."""
        account = self._known.get(id)
        person = owner(account, self._emails()) if account else ""
        if person:
            self._last[person] = id
        return person or id

    def address(self, person: str) -> str:
        """The place of a person's own conversation, where they last were; empty when there is none."""
        emails = self._emails()
        mine = [one for one in self._known.values() if owner(one, emails) == person]
        reached = [one for one in mine if not one.blocked] or mine
        reached.sort(key=lambda one: (one.id == self._last.get(person), bool(one.place)))
        return own_place(reached[-1].id) if reached else ""

    def only_staff(self, ids: Iterable[str]) -> bool:
        """Whether every one of these accounts is a person's on the staff list. Bots do not read."""
        emails = self._emails()
        known = [self._known.get(id) for id in ids]
        return all(a is not None and (a.standing == "bot" or owner(a, emails)) for a in known)

    async def learn(self, *told: Account) -> None:
        """Who somebody is, as a platform tells it of them alone: their groups and manager, and where
        they are reached, stay as they were known."""
        await self._keep([self._with(one, "groups", "manager", *REACHED) for one in told])

    async def listed(self, platform: str, everyone: Iterable[Account]) -> None:
        """A platform's whole list, groups and all: an account it no longer names has gone."""
        told = {one.id: one for one in everyone}
        mine = (one for one in self._known.values() if one.platform == platform)
        gone = [replace(one, standing="gone") for one in mine if one.id not in told]
        await self._keep([*(self._with(one, *REACHED) for one in told.values()), *gone])

    async def reached(self, id: str, place: str, url: str = "", blocked: str = "") -> None:
        """Where somebody is reached, or why they are not."""
        before = self._known.get(id) or Account(id)
        fresh = id in self._fresh
        await self._keep([replace(before, place=place, url=url or before.url, blocked=blocked)])
        if not fresh:
            self._fresh.discard(id)

    def forget_fresh(self) -> None:
        """From now on every platform is asked again about whoever speaks."""
        self._fresh.clear()

    async def _keep(self, told: Sequence[Account]) -> None:
        changed = [one for one in told if one != self._known.get(one.id)]
        self._known |= {one.id: one for one in changed}
        self._fresh |= {one.id for one in told}
        if changed:
            writes = tuple(KnowAccount(one) for one in changed)
            await self.store.carry_out_async(lambda reads: Decision(writes=writes))

    def _with(self, told: Account, *names: str) -> Account:
        """What was told, with these things as they were known."""
        before = self._known.get(told.id, told)
        kept: dict[str, Any] = {name: getattr(before, name) for name in names}
        return replace(told, **kept)

    def _emails(self) -> Mapping[str, str]:
        return by_email(self.people().values())
