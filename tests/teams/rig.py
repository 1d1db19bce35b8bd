"""The real Teams code between two stand-ins: Microsoft on a loopback port, and a desk that writes down
what it hears."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot import app
from bot.accounts import Accounts
from bot.core.cards import Card, Choice
from bot.core.messages import Incoming, Outgoing, Pressed, Said
from bot.core.people import Membership, Person, School
from bot.platforms import Hear, Now
from bot.platforms.teams import PATH, Teams
from bot.platforms.teams.keys import Keys
from bot.platforms.teams.token_in import Signed, Unchecked
from bot.platforms.teams.token_out import NoTokens
from bot.store.memory import MemoryStore
from tests.helpers import house
from tests.teams.sending import GROUP, TEAM, Someone
from tests.teams.stub import APP, TENANT, Stub
from tests.teams.stub_connector import ConnectorStub
from tests.teams.stub_signer import Signer

Json = dict[str, Any]
NOON = datetime.fromisoformat("2026-11-20T12:00:00+00:00")
ANN, BEN = Someone("ann"), Someone("ben")
PUPIL, GUEST = Someone("pupil"), Someone("guest", role="guest")
FOREIGN = Someone("foreign", tenant="99999999-0000-4000-8000-00000000000c")
STAFF = (ANN, BEN, GUEST, FOREIGN)  # whose addresses are on the staff list


def fixed() -> Any:
    return house().fixed


def sorry(reference: str, staff: bool = True) -> Card:
    return Card(title="This was not saved.", paragraphs=(f"Quote {reference}.",))


@dataclass
class List:
    """The staff list of the one school there is, as it is at that moment."""

    everybody: tuple[Someone, ...]

    def __post_init__(self) -> None:
        self.holds(*self.everybody)

    def holds(self, *people: Someone) -> None:
        listed = {one.name: _person(one) for one in people}
        self.schools = {"oak": School("oak", "Oak", people=listed)}

    def accounts(self) -> Accounts:
        return Accounts(MemoryStore(), lambda: self.schools, lambda: NOON.date())


def _person(one: Someone) -> Person:
    return Person(one.name, one.name.title(), (Membership("oak"),), emails=(one.email,))


@dataclass
class Desk:
    """Answers a press with the next of ``cards``, or raises ``fails``."""

    heard: list[Incoming] = field(default_factory=list)
    cards: Sequence[Card] = (Card(title="Done.", choices=(Choice("Next", "next d1"),)),)
    fails: Exception | None = None

    async def hear(self, message: Incoming) -> Sequence[Card]:
        if self.fails:
            raise self.fails
        self.heard.append(message)
        return self.cards if isinstance(message, Pressed) and message.reply == "answer" else ()


@dataclass
class Tokens:
    """Gives "token-1" until told to forget it."""

    number: int = 1
    fails: Exception | None = None

    async def token(self, scope: str) -> str:
        assert scope == "https://api.botframework.com/.default"
        if self.fails:
            raise self.fails
        return f"token-{self.number}"

    def forget(self) -> None:
        self.number += 1


@dataclass
class Rig:
    """``post`` sends an activity as the Connector does; ``teams`` is what it comes to."""

    teams: Teams
    connector: ConnectorStub
    signer: Signer
    client: TestClient[web.Request, web.Application]
    accounts: Accounts
    tokens: Tokens
    stub: Stub

    async def post(self, told: Json, headers: Json | None = None) -> ClientResponse:
        signed = {"Authorization": self.signer.bearer()[0]} if headers is None else headers
        return await self.client.post(PATH, json=told, headers=signed)

    async def posted(self, told: Json) -> Json:
        """The body of the answer to an invoke."""
        answer = await self.post(told)
        assert answer.status == 200, answer.status
        body: Json = await answer.json()
        return body

    async def says(self, place: str, card: Card, key: str = "k1", over: str = "") -> None:
        out = Outgoing("ann", "t", kind="post", place=place, key=key, over=over)
        await self.teams.platform.say(out, card)

    def meets(self, *people: Someone) -> None:
        """They are members of their own chats, as Teams tells of them."""
        for one in people:
            made = f"a:own-{one.object_id.lower()}"
            self.connector.members |= {place: [one.member] for place in (one.chat, made)}

    def gather(self, *people: Someone) -> None:
        """They are the members of the group chat and of the team."""
        for place in (GROUP, TEAM):
            self.connector.members[place] = [one.member for one in people]


async def heard(teams: Rig, desk: Desk, told: Json) -> Said | Pressed:
    """What the desk heard of one activity, and nothing else."""
    answer = await teams.post(told)
    assert (answer.status, len(desk.heard)) == (200, 1)
    return desk.heard[0]


@asynccontextmanager
async def rig(
    hear: Hear,
    now: Now = lambda: NOON,
    people: Accounts | None = None,
    connector: ConnectorStub | None = None,
    local: bool = False,
) -> AsyncIterator[Rig]:
    """``people`` are the accounts; with none, those of the staff above in records of their own.
    ``local``: nothing is signed, as with Microsoft's local test client."""
    stub, signer = Stub(), Signer(now)
    connector, tokens = connector or ConnectorStub(), Tokens()
    signer.add_to(stub.app)
    connector.add_to(stub.app)
    known = people or List(STAFF).accounts()
    async with stub.serving(), stub.session() as session:
        keys = Keys(session, now)
        teams = Teams(
            app_id="" if local else APP,
            tenant="" if local else TENANT,
            checker=Unchecked(now) if local else Signed(APP, TENANT, keys, now),
            tokens=NoTokens() if local else tokens,
            hear=hear,
            people=known,
            fixed=fixed(),
            sorry=sorry,
            now=now,
            session=stub.session,
        )
        await teams.start()
        served = web.Application()
        served.add_routes(teams.routes())
        try:
            async with TestClient(TestServer(served, host="127.0.0.1")) as client:
                made = Rig(teams, connector, signer, client, known, tokens, stub)
                made.meets(*STAFF, PUPIL)
                yield made
        finally:
            await teams.close()
            await keys.close()


@dataclass
class Whole:
    """The example school's house behind Teams."""

    teams: Rig
    door: app.Door
    store: Any

    async def hears(self, told: Json) -> Json | None:
        """One activity, and whatever is posted because of it."""
        answer = await self.teams.post(told)
        assert answer.status == 200, answer.status
        await self.delivers()
        return await answer.json() if answer.content_type == "application/json" else None

    async def delivers(self) -> None:
        assert self.door.outbox
        await self.door.outbox.deliver(NOON)

    def last(self) -> Json:
        """The card that was posted last, as it stands."""
        return self.teams.connector.posts[-1].activity


@asynccontextmanager
async def whole(
    store: Any, *people: Someone, connector: ConnectorStub | None = None, local: bool = False
) -> AsyncIterator[Whole]:
    """``people`` are named as in the example school; they are on its staff list."""
    schools = List(people).schools
    accounts = Accounts(store, lambda: schools, lambda: NOON.date())

    async def hear(message: Incoming) -> Sequence[Card]:
        return await opened.hear(message)

    async with rig(hear, people=accounts, connector=connector, local=local) as made:
        made.meets(*people)
        platform = made.teams.platform
        opened = app.door(house(), store, lambda: NOON, platform, accounts.address)
        yield Whole(made, opened, store)
