"""Slack keeps the promises of every platform, in trouble too."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from bot.core.cards import Card
from bot.core.messages import Incoming, Outgoing
from bot.core.unsent import Unsent
from bot.platforms.slack.say import Say
from tests.fakes import Receive, Response, VirtualClock
from tests.platform_contract import Far, HandlesContract, House, Store
from tests.slack.fake import Fault
from tests.slack.office import Office, user
from tests.slack.sender import Answer, Payload, encoded, sign


class SlackFar:
    """People in a workspace. They write in their own conversation, by the command, and in the box of the
    App Home when they want something opened; what they press is a window's button that sends it.

    In trouble Slack's answers are lost or refused, its look-up lags, and it delivers again: at once, or
    when the first is done.
    """

    def __init__(self, receive: Receive, clock: VirtualClock) -> None:
        self._receive = receive
        self.office = Office(self._hear, clock)
        self._clock, self._chance, self._often, self._slow = clock, Random(7), 0.0, 0.0
        self._sent: dict[str, Payload] = {}

    async def _hear(self, heard: Incoming) -> Sequence[Card]:
        """The test knows a delivery by its id alone, not by the platform it came from."""
        return await self._receive(replace(heard, key=heard.key.removeprefix("slack:")))

    @property
    def platform(self) -> Say:
        return self.office.slack.platform

    async def says(self, person: str, text: str, id: str) -> list[Response]:
        return await self._deliver(self._sent.setdefault(id, self._said(user(person), text, id)))

    def _said(self, who: str, text: str, id: str) -> Payload:
        sender = self.office.sender
        if text == "open":
            return sender.asks(who, text) | {"trigger_id": self._trigger(who, id)}
        if int(id[1:]) % 2:
            return sender.command(who, text) | {"trigger_id": self._trigger(who, id)}
        return sender.message(who, text, id)

    def _trigger(self, who: str, id: str) -> str:
        """A trigger that is called so, as the echo tells what it heard by its name."""
        triggers = self.office.fake.workspace.triggers
        triggers[id] = triggers.pop(self.office.fake.workspace.trigger(who))
        return id

    async def presses(self, person: str, action: str, id: str) -> list[Response]:
        form = self.office.sender.form(user(person), action, f"V{id}", words="as typed")
        return await self._deliver(form)

    async def _deliver(self, payload: Payload) -> list[Response]:
        self._clock.advance(self._slow)
        if self._chance.random() >= self._often:
            return [await self._once(payload)]
        if self._chance.random() < 0.5:
            return list(await asyncio.gather(self._once(payload), self._once(payload, 1)))
        return [await self._once(payload, retry) for retry in range(3)]

    async def _once(self, payload: Payload, retry: int = 0) -> Response:
        answer = await self.office.sender.send(payload, retry=retry)
        assert answer.status == 200
        return _read(answer)

    def place(self, person: str) -> str:
        return f"slack:@{user(person)}"

    def shown(self, person: str) -> list[str]:
        """What the bot said in their conversation, to them alone included; oldest first."""
        messages = self.office.fake.workspace.dm(user(person)).messages
        return [message["text"] for message in messages if "bot_id" in message]

    def views(self) -> list[str]:
        return [_first(view.shown) for view in self.office.fake.workspace.views.values()]

    def trouble(self, often: float) -> None:
        self._often = often
        self.office.fake.in_trouble(often)

    def slow(self, seconds: float) -> None:
        self._slow = seconds


def _read(answer: Answer) -> Response:
    """What a response shows: a message to the asker alone, or a window in the place of the one sent."""
    if "view" in answer.told:
        return (_first(answer.told["view"]),)
    return (answer.told["text"],) if "text" in answer.told else ()


def _first(view: Any) -> str:
    """The first words of a window."""
    return next(_texts(view["blocks"])).strip("*")


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _texts(inner)


class TestSlack(HandlesContract):
    def far(self, receive: Receive, clock: VirtualClock) -> Far:
        return SlackFar(receive, clock)

    @pytest.fixture
    async def house(self, store: Store) -> AsyncIterator[House]:
        made = House(store, self.far)
        assert isinstance(made.far, SlackFar)
        await made.far.office.start()
        await made.far.office.lists_staff()
        try:
            yield made
        finally:
            await made.far.office.close()

    async def test_in_trouble_slack_delivers_twice_and_calls_fail(self, house: House) -> None:
        """The trouble the promises above are kept in is real."""
        house.far.trouble(1.0)
        assert len(await house.far.presses("ann", "agree d1", "e1")) > 1
        out = Outgoing("ann", "t", place=house.far.place("ann"), key="k")
        with pytest.raises(Unsent):
            await house.far.platform.say(out, Card(title="t"))

    async def test_what_takes_long_to_reach_us_arrives_later(self, house: House) -> None:
        house.far.slow(4.0)
        before = house.clock.now()
        await house.far.says("ann", "hello", "e2")
        assert (house.clock.now() - before).total_seconds() == 4

    async def test_twenty_deliveries_of_a_message_have_one_effect(self, house: House) -> None:
        far = house.far
        assert isinstance(far, SlackFar)
        payload = far.office.sender.message(user("ann"), "hats?", id="e2")
        for retry in range(20):
            assert (await far.office.sender.send(payload, retry=retry)).status == 200
        await house.deliver()
        assert far.shown("ann") == ["about e2."]

    async def test_a_request_that_is_sent_again_by_somebody_else_has_no_effect(
        self, house: House
    ) -> None:
        """What was signed for one request is good for five minutes, and for that request alone."""
        far = house.far
        assert isinstance(far, SlackFar)
        form = far.office.sender.form(user("ann"), "agree d1", "Ve1", words="as typed")
        kind, body = encoded(form)
        signed = sign(body, int(time.time()))
        taken = [await far.office.sender.send_raw(kind, body, signed) for _ in range(3)]
        await house.deliver()
        assert taken[0] == taken[1] == taken[2]
        assert far.shown("owner") == ["told press ann agree d1."]

    async def test_a_restart_in_the_middle_loses_nothing_and_says_nothing_twice(
        self, house: House
    ) -> None:
        """The process ends while Slack's answers are lost; what it had in memory goes with it."""
        far = house.far
        assert isinstance(far, SlackFar)
        for number in range(4):
            await house.post("ann", 4)
            await far.says("ann", "hello", f"e{2 * number}")
        far.office.fake.faults = [
            Fault("answer_lost", "chat.postMessage", after=n) for n in (0, 2, 1)
        ]
        await house.outbox.deliver(house.clock.now())
        await far.office.restart()
        far.office.fake.faults = [Fault("lost", "conversations.history")]
        await house.deliver()
        expected = [f"about ann{number}." for number in range(4)]
        assert [text for text in far.shown("ann") if "ann" in text] == expected
        assert sorted(far.shown("ann")) == sorted(
            [*expected, *(f"about e{2 * n}." for n in range(4))]
        )
