"""The local web chat keeps the promises of every platform, in trouble too."""

import asyncio
import re
from dataclasses import replace
from html import unescape
from random import Random

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.core.cards import Card
from bot.core.messages import Incoming, Outgoing
from bot.core.people import Person
from bot.core.unsent import Unsent
from bot.platforms.web import Posts
from tests.fakes import Receive, Response, VirtualClock
from tests.platform_contract import PEOPLE, Far, House, PlatformContract
from tests.web import school
from tests.web.test_web import Visitor


class WebFar:
    """People at the page without JavaScript; a form sent again is a second delivery.

    In trouble people press twice, at once or one after the other, and what is posted is refused, lost
    or said with its answer lost.
    """

    def __init__(self, receive: Receive, clock: VirtualClock) -> None:
        self._receive, self._posts, self._clock = receive, Posts(), clock
        self._chance, self._often, self._slow = Random(7), 0.0, 0.0
        self._visitors: dict[str, Visitor] = {}
        self._forms: dict[tuple[str, str], dict[str, str]] = {}
        self._ids: dict[str, str] = {}
        self._current = ""

    async def _hear(self, heard: Incoming) -> tuple[Card, ...]:
        """The web's own key stands for the delivery; the test knows it by its id."""
        self._clock.advance(self._slow)
        return await self._receive(
            replace(heard, key=self._ids.setdefault(heard.key, self._current))
        )

    async def _visitor(self, person: str) -> Visitor:
        if person not in self._visitors:
            known = [Person(name, name) for name in (*PEOPLE, "owner")]
            made = school.school(self._hear, self._posts, people=known)
            client = TestClient(TestServer(made, host="127.0.0.1"))
            await client.start_server()
            self._visitors[person] = await Visitor(client).become(person)
        return self._visitors[person]

    async def _sends(
        self, person: str, id: str, path: str, typed: dict[str, str]
    ) -> list[Response]:
        visitor = await self._visitor(person)
        self._current = id
        await visitor.get()
        form = self._forms.setdefault((person, id), {**visitor.hidden("/say"), **typed})
        if self._chance.random() >= self._often:
            return [await self._sent(visitor, path, form)]
        again = (self._sent(visitor, path, form), self._sent(visitor, path, form))
        if self._chance.random() < 0.5:
            return list(await asyncio.gather(*again))
        return [await one for one in again]

    async def _sent(self, visitor: Visitor, path: str, form: dict[str, str]) -> Response:
        shown = await visitor.post(path, form)
        assert shown.status == 200
        entry_id = shown.history[0].headers["Location"].partition("#")[2]
        entry = re.search(rf'id="{entry_id}".*?<h2>(.*?)</h2>', await shown.text(), re.S)
        assert entry, f"no answer at {entry_id}"
        return (unescape(entry[1]),)

    async def says(self, person: str, text: str, id: str) -> list[Response]:
        return await self._sends(person, id, "/say", {"text": text})

    async def presses(self, person: str, action: str, id: str) -> list[Response]:
        return await self._sends(person, id, "/press", {"action": action, "card": "0"})

    def place(self, person: str) -> str:
        return f"web:{person}"

    def shown(self, person: str) -> list[str]:
        posted = [
            e
            for e in self._posts.of(_name(person)).entries
            if e.card and e.key in self._posted(person)
        ]
        return [entry.card.title for entry in posted if entry.card]

    def _posted(self, person: str) -> set[str]:
        """Keys of what was posted rather than answered: the web's own answers begin with "web-"."""
        return {
            e.key for e in self._posts.of(_name(person)).entries if not e.key.startswith("web-")
        }

    def views(self) -> list[str]:
        return []

    def trouble(self, often: float) -> None:
        self._often = often

    def slow(self, seconds: float) -> None:
        self._slow = seconds

    @property
    def platform(self) -> "WebFar":
        return self

    pause = 0.0

    async def say(self, out: Outgoing, card: Card) -> None:
        fate = self._chance.random() / self._often if self._often else 1.0
        if fate < 0.3:
            raise Unsent("busy", "later", 1.0)
        if fate < 0.6:
            raise Unsent("no_answer", "unclear")
        await self._posts.say(out, card)
        if fate < 1.0:
            raise Unsent("answer_lost", "unclear")

    async def was_said(self, out: Outgoing) -> bool:
        return await self._posts.was_said(out)

    async def open(self, handle: str, card: Card) -> bool:
        return await self._posts.open(handle, card)


def _name(person: str) -> str:
    return person.removeprefix("web:")


@pytest.mark.asyncio
class TestWeb(PlatformContract):
    def far(self, receive: Receive, clock: VirtualClock) -> Far:
        return WebFar(receive, clock)

    async def test_in_trouble_forms_are_sent_twice_and_posts_fail(self, house: House) -> None:
        """The trouble the promises above are kept in is real."""
        house.far.trouble(1.0)
        assert len(await house.far.presses("ann", "agree d1", "e1")) == 2
        with pytest.raises(Unsent):
            await house.far.platform.say(
                Outgoing("ann", "t", place="web:ann", key="k"), Card(title="t")
            )

    async def test_what_takes_long_to_reach_us_arrives_later(self, house: House) -> None:
        house.far.slow(4.0)
        before = house.clock.now()
        await house.far.says("ann", "hello", "e1")
        assert (house.clock.now() - before).total_seconds() == 4
