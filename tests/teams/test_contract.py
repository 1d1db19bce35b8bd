"""Teams keeps the promises of every platform, in trouble too, but for one that nobody could keep there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from random import Random

import pytest

from bot.core.cards import Card
from bot.core.messages import Incoming, Outgoing
from bot.core.unsent import Unsent
from bot.outbox import Platform
from bot.platforms.teams.roster import account
from tests.fakes import Receive, Response, VirtualClock
from tests.platform_contract import PEOPLE, Far, House, PlatformContract, Store
from tests.teams import rig
from tests.teams.sending import Json, Someone, pressed, said
from tests.teams.stub import TENANT
from tests.teams.stub_connector import Mood, read

BAD: tuple[Mood, ...] = (
    "busy",
    "broken",
    "bad gateway",
    "precondition",
    "lost before",
    "lost after",
)


class TeamsFar:
    """People on Teams, behind the Connector. In trouble the Connector breaks in every way there is, and
    sends again what it sent: at once, or after the answer, and a press under another id too."""

    def __init__(self, receive: Receive, clock: VirtualClock) -> None:
        self._receive, self._clock = receive, clock
        self._chance, self._often, self._slow = Random(7), 0.0, 0.0
        self._everybody = {name: Someone(name) for name in (*PEOPLE, "owner")}
        self._open = AsyncExitStack()
        self._rig: rig.Rig

    async def start(self) -> None:
        accounts = rig.List(tuple(self._everybody.values())).accounts()
        known = [account(one.member, TENANT) for one in self._everybody.values()]
        await accounts.learn(*filter(None, known))
        made = rig.rig(self._hear, self._clock.now, accounts)
        self._rig = await self._open.enter_async_context(made)
        self._rig.connector.mood = self._mood

    async def close(self) -> None:
        await self._open.aclose()

    def _mood(self) -> Mood:
        return self._chance.choice(BAD) if self._chance.random() < self._often else "good"

    async def _hear(self, heard: Incoming) -> tuple[Card, ...]:
        """The test knows a delivery by its id, which is how our key ends."""
        self._clock.advance(self._slow)
        return await self._receive(replace(heard, key=heard.key.rpartition(":")[2]))

    async def says(self, person: str, text: str, id: str) -> list[Response]:
        await self._deliver([said(self._everybody[person], text, id=id)] * self._times())
        return [()]

    async def presses(self, person: str, action: str, id: str) -> list[Response]:
        who, more = self._everybody[person], range(self._times() - 1)
        again = [self._chance.choice([id, f"{id}-{number}"]) for number in more]
        told = await self._deliver([pressed(who, action, "t1", id=one) for one in [id, *again]])
        return [(read({"attachments": [{"content": one["value"]}]}),) for one in told]

    async def _deliver(self, told: list[Json]) -> list[Json]:
        if self._chance.random() < 0.5:
            answers = await asyncio.gather(*(self._rig.post(one) for one in told))
        else:
            answers = [await self._rig.post(one) for one in told]
        assert {answer.status for answer in answers} == {200}
        return [
            await one.json() if one.content_type == "application/json" else {} for one in answers
        ]

    def _times(self) -> int:
        return self._chance.choice([2, 3]) if self._chance.random() < self._often else 1

    def place(self, person: str) -> str:
        return self._everybody[person].place

    def shown(self, person: str) -> list[str]:
        """In whichever conversation it came to: their own, or the one that was made for it."""
        who, connector = self._everybody[person], self._rig.connector
        return connector.shown(who.chat) or connector.shown(f"a:own-{who.account[6:]}")

    def views(self) -> list[str]:
        return []

    def trouble(self, often: float) -> None:
        self._often = often

    def slow(self, seconds: float) -> None:
        self._slow = seconds

    @property
    def platform(self) -> Platform:
        return self._rig.teams.platform


class TestTeams(PlatformContract):
    can_be_asked = False

    def far(self, receive: Receive, clock: VirtualClock) -> Far:
        return TeamsFar(receive, clock)

    @pytest.fixture
    async def house(self, store: Store) -> AsyncIterator[House]:
        made = House(store, self.far)
        assert isinstance(made.far, TeamsFar)
        await made.far.start()
        yield made
        await made.far.close()

    async def test_in_trouble_calls_fail_and_presses_come_twice(self, house: House) -> None:
        """The trouble the promises above are kept in is real."""
        house.far.trouble(1.0)
        assert len(await house.far.presses("ann", "agree d1", "e1")) > 1
        out = Outgoing("ann", "t", place=house.far.place("ann"), key="k")
        with pytest.raises(Unsent):
            await house.far.platform.say(out, Card(title="t"))

    async def test_in_trouble_something_is_given_up_and_something_else_arrives(
        self, house: House
    ) -> None:
        """And the promise that only Teams may break is broken as little as can be."""
        house.far.trouble(0.5)
        for person in PEOPLE:
            await house.post(person, 6)
        await house.deliver()
        arrived = [text for person in PEOPLE for text in house.far.shown(person)]
        missing = set(house.given_up()) - set(arrived)
        assert missing
        assert len(arrived) + len(missing) == 6 * len(PEOPLE)
