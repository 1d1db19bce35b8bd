"""People who are not on the staff list try everything, with accounts on Slack and on Teams.

``people.outsiders_served`` counts those who are ever shown, or sent, anything but the one fixed card.
The accounts come from what Slack and Graph tell of such people. Unguarded: the same with a desk that
takes everybody for staff.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count as numbers
from typing import Any

from bot import app
from bot.accounts import Accounts
from bot.config import ROOT
from bot.core.accounts import Account, own_place
from bot.core.cards import Card
from bot.core.messages import Incoming, Pressed, Said
from bot.core.people import Membership, Person, School
from bot.core.records import Letter
from bot.platforms.slack.directory import account_of as of_slack
from bot.platforms.teams.graph import account_of as of_graph
from bot.store.memory import MemoryStore
from tests.bench import houses
from tests.bench.figures import Figure, count

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
SCHOOL, TEAM, CHANNEL = "example", "T1", "C1:1700.1"
STAFF = ("shah", "lyle", "bell")
# The example's people who are made leavers, and whose addresses outsiders show.
LEFT, SOON, COPIED = "walsh", "moss", "lyle"

QUESTIONS = (
    "can i accept a friend request from a pupil",
    "who is the designated safeguarding lead",
    "who approved the staff online policy and when is it reviewed",
    "what does section 3 say",
    "which policies apply to me",
    "what is the phone number of the headteacher",
    "a pupil told me that a teacher is hurting her",
    "i am the headteacher and i have lost my login, show me the policy on photos",
    "qwertz",
    "",
)
PRESSES = (
    *("help", "hello", "home", "concern", "danger yes", "danger no", "danger now", "policies"),
    *("pick", "send", "owner", "settle", "policy", "not-this", "", "expired"),
)
OF_A_DRAFT = (
    *(
        "send {draft}",
        "owner {draft}",
        "policy {draft}",
        "not-this {draft}",
        "pick {draft} who pupil",
    ),
    "settle {draft}",
)


@dataclass(frozen=True)
class Outsider:
    """``account`` is what a platform tells of them; None for somebody of whom it tells nothing."""

    what: str
    id: str
    account: Account | None = None


# Who they are -----------------------------------------------------------------------------------------


def slack(id: str, email: str = "", **more: Any) -> Account:
    profile = {"real_name": "Jo Nobody", "email": email}
    return of_slack({"id": id, "team_id": TEAM, "profile": profile, **more}, TEAM)


def teams(number: int, signs_in: str = "", **more: Any) -> Account:
    told = {"displayName": "Jo Nobody", "accountEnabled": True, "userType": "Member"}
    oid = f"00000000-0000-4000-8000-{number:012d}"
    return of_graph({"id": oid, "userPrincipalName": signs_in, **told, **more})


def outsiders(house: app.House) -> Iterator[Outsider]:
    people = house.people
    lyle, left, soon = (people[id].emails[0] for id in (COPIED, LEFT, SOON))
    abroad = {"userPrincipalName": f"{lyle.replace('@', '_')}#EXT#@other.example", "mail": lyle}
    alike: dict[str, Any] = {
        "profile": {"real_name": people[COPIED].name, "email": "lyle@mail.example"}
    }
    told = {
        "not on the list": (slack("U1", "jo@pupils.example"), teams(1, "jo@pupils.example")),
        "a guest": (slack("U2", lyle, is_restricted=True), teams(2, lyle, userType="Guest")),
        "a guest of one channel": (slack("U3", lyle, is_ultra_restricted=True), None),
        "left yesterday": (slack("U4", left), teams(4, left)),
        "not here yet": (slack("U5", soon), teams(5, soon)),
        "switched off": (slack("U6", lyle, deleted=True), teams(6, lyle, accountEnabled=False)),
        "a bot": (slack("U7", lyle, is_bot=True), None),
        "from elsewhere": (slack("U8", lyle, team_id="T2"), teams(8, **abroad)),
        "a stranger in a shared channel": (slack("U9", lyle, is_stranger=True), None),
        "without e-mail": (slack("U10"), teams(10)),
        "with an address not confirmed": (slack("U11", lyle, is_email_confirmed=False), None),
        "called the same": (
            slack("U12", **alike),
            teams(12, "lyle@mail.example", displayName=people[COPIED].name),
        ),
        "in a group nobody named": (
            replace(slack("U13", "x@y.example"), groups=("staff",)),
            replace(teams(13, "x@y.example"), groups=("staff",)),
        ),
    }
    for what, accounts in told.items():
        for account in filter(None, accounts):
            yield Outsider(f"{what}, {account.platform}", account.id, account)
    for platform in ("slack", "teams"):
        yield Outsider(f"never told of, {platform}", f"{platform}:UNKNOWN")


def emptied(house: app.House) -> app.House:
    """The example school, one of whose people left yesterday and another of whom comes tomorrow."""
    school = house.book.schools[SCHOOL]
    places = {
        LEFT: Membership(SCHOOL, until=TODAY - DAY),
        SOON: Membership(SCHOOL, since=TODAY + DAY),
    }
    moved = {id: replace(school.people[id], memberships=(place,)) for id, place in places.items()}
    schools: Mapping[str, School] = {
        SCHOOL: replace(school, people={**school.people, **moved}),
    }
    return replace(house, listed=schools, book=replace(house.book, schools=schools))


class Anybody(Mapping[str, Person]):
    """The staff list as it would be without its guard: whoever is asked for is on it."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self._people = people

    def __getitem__(self, id: str) -> Person:
        one = self._people.get(id) or Person(id, "Somebody")
        return replace(one, memberships=(Membership(SCHOOL),))

    def __iter__(self) -> Iterator[str]:
        return iter(self._people)

    def __len__(self) -> int:
        return len(self._people)


# What they try ----------------------------------------------------------------------------------------


@dataclass
class Walk:
    """A house with both platforms' accounts, the staff's drafts in it, and everything that is tried."""

    house: app.House
    guarded: bool = True
    store: MemoryStore = field(default_factory=MemoryStore)
    drafts: list[str] = field(default_factory=list)
    _keys: Iterator[int] = field(default_factory=numbers)

    def __post_init__(self) -> None:
        self.accounts = Accounts(self.store, lambda: self.house.listed, lambda: TODAY)
        self.door = app.door(app.house_with(self.house, self.accounts), self.store, lambda: NOW)
        if not self.guarded:
            desk, views = self.door.desk, self.door.views
            people = Anybody(desk.people)
            self.door = replace(
                self.door, desk=replace(desk, people=people), views=replace(views, people=people)
            )

    async def begun(self) -> "Walk":
        """Staff are known on both platforms and are in the middle of something."""
        for number, id in enumerate(STAFF):
            email = self.house.people[id].emails[0]
            await self.accounts.learn(slack(f"S{id}", email), teams(100 + number, email))
        for one in outsiders(self.house):
            if one.account:
                await self.accounts.learn(one.account)
        teacher = f"slack:S{STAFF[-1]}"
        for text in (*QUESTIONS, "a pupil told me that a teacher is hurting her"):
            await self.hears(Said("", text, NOW, "", own_place(teacher)), teacher)
        self.drafts = [*self.store._records.drafts]
        return self

    async def hears(self, message: Incoming, account: str) -> list[Card]:
        """What the account's holder is shown at once, said or pressed under a key of its own."""
        who = self.accounts.who(account)
        return [*await self.door.hear(replace(message, person=who, key=f"k{next(self._keys)}"))]

    async def tries(self, account: str) -> AsyncIterator[tuple[Incoming, list[Card]]]:
        """Each thing somebody tries, and what it shows."""
        for message in self._messages(own_place(account)):
            shown = await self.hears(message, account)
            yield message, [*shown, *map(self._posted, self._letters(account))]

    def _messages(self, own: str) -> Iterator[Incoming]:
        words = [word for some in self.house.commands.values() for word in sorted(some)[:3]]
        for text in (*QUESTIONS, *words):
            yield Said("", text, NOW, "", own)
        for text in QUESTIONS[:3]:
            yield Said("", text, NOW, "", f"{own.partition(':')[0]}:{CHANNEL}", "post", "", own)
            yield Said("", text, NOW, "", own_place(f"slack:S{STAFF[0]}"), "post")
        of_drafts = [told.format(draft=id) for id in self.drafts for told in OF_A_DRAFT]
        for action in (*PRESSES, *of_drafts):
            yield Pressed("", action, NOW, "", own, {"words": "may we?"} if " " in action else {})
            yield Pressed("", action, NOW, "", own, {}, "post")

    def _letters(self, account: str) -> list[Letter]:
        """What is on its way to somebody; it is taken out, as if it had been sent."""
        mine = {account, self.accounts.who(account)}
        letters = self.store._records.letters
        found = [letter for letter in letters.values() if letter.out.to in mine]
        for letter in found:
            del letters[letter.out.key]
        return found

    def _posted(self, letter: Letter) -> Card:
        return self.door.views.card(letter.out)

    def stranger(self, account: str) -> Card:
        """The one card that everybody gets who is not on the list."""
        return self.house.wording.card(
            "stranger", {"name": "", "policies": [], "dsl": None, "numbers": self._numbers()}
        )

    def _numbers(self) -> Mapping[str, str]:
        return self.house.book.schools[SCHOOL].numbers


async def served(walk: Walk, outsider: Outsider) -> bool:
    """Whether they are ever shown anything else."""
    async for _, shown in walk.tries(outsider.id):
        if any(card != walk.stranger(outsider.id) for card in shown):
            return True
    return False


async def _count(name: str, house: app.House, guarded: bool) -> Figure:
    walk = await Walk(emptied(house), guarded).begun()
    return count(name, [await served(walk, one) for one in outsiders(walk.house)])


def people() -> Iterator[Figure]:
    """With the staff list's guard, and without it."""
    house = houses.opened(ROOT / "policies", houses.VAR / "bench")
    yield asyncio.run(_count("people.outsiders_served", house, True))
    yield asyncio.run(_count("people.outsiders_served_unguarded", house, False))
