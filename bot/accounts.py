"""Everyone's accounts on Slack and Teams: who somebody there is, and where a person is reached.

Held in memory and kept in the records, so that a start without network knows them all. Who is on the
staff list is looked up in the list that holds at that moment: whoever is taken off it is nobody from the
next message on. Of those who are not ours only ids are kept: pupils share a school's tenant.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol, TypeVar

from bot.core.accounts import Account, Wanted, own_place, wanted
from bot.core.joining import Doubt, Joined, doubt, join
from bot.core.people import School
from bot.core.records import Decision, KnowAccount, Reads

T = TypeVar("T")
REACHED = ("place", "url", "blocked")
# Asked about one person alone, these do not say whose account is switched off: only the directory does.
BLIND = ("teams",)


class Store(Protocol):
    async def carry_out_async(self, decide: Callable[[Reads], Decision], key: str = "") -> Any: ...
    def look(self, read: Callable[[Reads], T]) -> T: ...


@dataclass
class Accounts:
    """``schools`` are those that hold at that moment as their files say: the very same mapping until
    they are read anew. ``today`` is the schools' date. ``changed`` is called whenever directories add
    other people than before, or none: the house needs them (``app.house_with``)."""

    store: Store
    schools: Callable[[], Mapping[str, School]]
    today: Callable[[], date]
    changed: Callable[[], None] = lambda: None
    _known: dict[str, Account] = field(default_factory=dict)
    _kept: dict[str, Account] = field(default_factory=dict)
    _fresh: set[str] = field(default_factory=set)
    _last: dict[str, str] = field(default_factory=dict)
    _join: tuple[Mapping[str, School], Joined] | None = None
    _heard: dict[str, int] = field(default_factory=dict)
    _moment: int = 0

    def __post_init__(self) -> None:
        self._kept = {one.id: one for one in self.store.look(lambda reads: reads.accounts())}
        self._known = dict(self._kept)

    # Who somebody is --------------------------------------------------------------------------------

    def known(self, id: str) -> Account | None:
        """What a platform has told of an account; None when nothing, or when it should be asked again."""
        return self._known.get(id) if id in self._fresh else None

    def remembered(self, id: str) -> Account | None:
        """The same, however long ago it was told: for where to send, and while nobody can be asked."""
        return self._known.get(id)

    def joined(self, schools: Mapping[str, School] | None = None) -> Joined:
        """These schools (else those that hold now) with the people of all directories. The very same
        value until the schools are read anew or somebody's account changes."""
        schools = self.schools() if schools is None else schools
        if self._join is None or self._join[0] is not schools:
            self._join = (schools, join(schools, self._known.values()))
        return self._join[1]

    def who(self, id: str) -> str:
        """The person whose account this is; the account's own id for somebody not on the staff list."""
        person = self.joined().owners.get(id, "")
        if person:
            self._last[person] = id
        return person or id

    def address(self, person: str) -> str:
        """The place of a person's own conversation, where they last were; empty when there is none."""
        mine = [self._known[id] for id, who in self.joined().owners.items() if who == person]
        reached = [one for one in mine if not one.blocked] or mine
        reached.sort(key=lambda one: (one.id == self._last.get(person), bool(one.place)))
        return own_place(reached[-1].id) if reached else ""

    def only_staff(self, ids: Iterable[str]) -> bool:
        """Whether every one of these accounts is a person's who may chat today. Bots do not read."""
        return all(self._is_bot(id) or self._may_chat(id, self.joined()) for id in ids)

    def _is_bot(self, id: str) -> bool:
        return id in self._known and self._known[id].standing == "bot"

    def _may_chat(self, id: str, joined: Joined) -> bool:
        person = joined.people.get(joined.owners.get(id, ""))
        return person is not None and bool(person.at(self.today()))

    # What platforms tell ----------------------------------------------------------------------------

    async def learn(self, *told: Account) -> None:
        """Who somebody is, as a platform tells it of them alone: their groups and manager, and where
        they are reached, stay as they were known."""
        self._moment += 1
        self._heard |= {one.id: self._moment for one in told}
        await self._keep([self._told_alone(one) for one in told])

    def wanted(self, platform: str) -> Wanted:
        """What this platform's directory is asked for."""
        return wanted(self.schools(), platform, self.today())

    @property
    def moment(self) -> int:
        """How often something was learnt: taken before a list is read, it tells what is newer than it."""
        return self._moment

    async def listed(
        self, platform: str, everyone: Iterable[Account], moment: int | None = None
    ) -> Doubt | None:
        """A platform's whole list, groups and all: somebody of the staff list whom it no longer names has
        gone, and nobody whom it does not name is in a group. Of somebody learnt of after ``moment`` the
        list tells nothing new but these. Where it is not believed nothing changes, and why is returned."""
        since = self._moment if moment is None else moment
        told = {one.id: self._told_of_all(one, since) for one in everyone}
        mine = {id: one for id, one in self._known.items() if one.platform == platform}
        others = [one for id, one in self._known.items() if id not in mine]
        now, after = self.joined(), join(self.schools(), [*others, *told.values()])
        before = [one for one in mine.values() if self._may_chat(one.id, now)]
        found = [one for one in told.values() if self._may_chat(one.id, after)]
        asked = self.wanted(platform)
        if why := doubt(before, found, asked.groups):
            return why
        ours = {id: one for id, one in told.items() if id in after.owners or _was_asked(one, asked)}
        gone = {id for id in now.owners if self._heard.get(id, 0) <= since}
        absent = [_unnamed(mine[id], id in gone) for id in mine if id not in told]
        self._fresh = {id for id in self._fresh if id not in mine}
        await self._keep([*ours.values(), *(told[id] for id in mine if id in told), *absent])
        self._fresh -= {one.id for one in absent}
        return None

    async def reached(self, id: str, place: str, url: str = "", blocked: str = "") -> None:
        """Where somebody is reached, or why they are not."""
        before = self._known.get(id) or Account(id)
        fresh = id in self._fresh
        await self._keep([replace(before, place=place, url=url or before.url, blocked=blocked)])
        if not fresh:
            self._fresh.discard(id)

    def forget_fresh(self, platform: str = "") -> None:
        """From now on a platform is asked again about whoever speaks; every platform without a name."""
        self._fresh = {id for id in self._fresh if platform and id.partition(":")[0] != platform}

    # Keeping ----------------------------------------------------------------------------------------

    async def _keep(self, told: Sequence[Account]) -> None:
        news = [one for one in told if _is_news(self._known.get(one.id), one)]
        one_more = self._one_more(*news) if len(news) == 1 else None
        self._known |= {one.id: one for one in told}
        self._fresh |= {one.id for one in told}
        if one_more:
            self._join = one_more
        elif news:
            self._joins_anew()
        kept = [self._in_records(one) for one in told]
        writes = tuple(KnowAccount(one) for one in kept if one != self._kept.get(one.id))
        if writes:
            self._kept |= {write.account.id: write.account for write in writes}
            await self._write(writes)

    async def _write(self, writes: tuple[KnowAccount, ...]) -> None:
        """Noted as kept beforehand, so that two tellings end in their order; what was not kept after all
        is written when it is told again."""
        try:
            await self.store.carry_out_async(lambda reads: Decision(writes=writes))
        except BaseException:
            for write in writes:
                self._kept.pop(write.account.id, None)
            raise

    def _one_more(self, told: Account) -> tuple[Mapping[str, School], Joined] | None:
        """The join with one account told anew, where that touches nobody else: a stranger's first word
        must not cost a whole staff."""
        joined = self.joined().with_one(self._known.get(told.id), told)
        return (self.schools(), joined) if joined else None

    def _joins_anew(self) -> None:
        before = self._join
        self._join = None
        after = self.joined()
        if before is None or before[0] is not self.schools():
            return
        if after.schools != before[1].schools:
            self.changed()
        else:  # the house that stands has these very schools
            same = replace(after, schools=before[1].schools, people=before[1].people)
            self._join = (before[0], same)

    def _in_records(self, one: Account) -> Account:
        """What is written down: of somebody who is not ours no name and no address."""
        ours = one.id in self.joined().owners or one.standing == "bot"
        return one if ours else replace(one, name="", emails=(), manager="")

    def _told_alone(self, told: Account) -> Account:
        before = self._known.get(told.id)
        off = told.platform in BLIND and before is not None and before.standing in ("gone", "guest")
        kept = ("groups", "manager", *REACHED)
        return self._with(told, *kept, *(("standing",) if off else ()))

    def _told_of_all(self, told: Account, since: int) -> Account:
        before = self._known.get(told.id)
        if before is not None and self._heard.get(told.id, 0) > since:
            return replace(before, groups=told.groups, manager=told.manager)
        return self._with(told, *REACHED)

    def _with(self, told: Account, *names: str) -> Account:
        """What was told, with these things as they were known."""
        before = self._known.get(told.id, told)
        kept: dict[str, Any] = {name: getattr(before, name) for name in names}
        return replace(told, **kept)


def _is_news(before: Account | None, told: Account) -> bool:
    """Whether more has changed than where somebody is reached."""
    if before is None:
        return True
    nowhere: dict[str, Any] = dict.fromkeys(REACHED, "")
    return replace(before, **nowhere) != replace(told, **nowhere)


def _was_asked(one: Account, asked: Wanted) -> bool:
    """Whether somebody would be ours if they were a member; then it matters that they are none."""
    return one.standing == "bot" or bool(asked.emails & {*one.emails} or {*one.groups})


def _unnamed(one: Account, gone: bool) -> Account:
    """Somebody whom a whole list does not name."""
    return replace(one, groups=(), standing="gone" if gone else one.standing)
