"""The local web chat keeps the promises of every platform, in trouble too."""

import re
from dataclasses import replace
from html import unescape

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.core.cards import Card
from bot.core.messages import Incoming
from bot.core.people import Person
from bot.platforms.web import Posts
from tests.fakes import Receive, Response, VirtualClock
from tests.platform_contract import PEOPLE, Far, PlatformContract
from tests.web import school
from tests.web.test_web import Visitor


class WebFar:
    """People at the page without JavaScript; a form sent again is a second delivery."""

    def __init__(self, receive: Receive, clock: VirtualClock) -> None:
        self._receive, self.platform = receive, Posts()
        self._visitors: dict[str, Visitor] = {}
        self._forms: dict[tuple[str, str], dict[str, str]] = {}
        self._ids: dict[str, str] = {}
        self._current = ""

    async def _hear(self, heard: Incoming) -> tuple[Card, ...]:
        """The web's own key stands for the delivery; the test knows it by its id."""
        return await self._receive(
            replace(heard, key=self._ids.setdefault(heard.key, self._current))
        )

    async def _visitor(self, person: str) -> Visitor:
        if person not in self._visitors:
            known = [Person(name, name) for name in (*PEOPLE, "owner")]
            made = school.school(self._hear, self.platform, people=known)
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
        shown = await visitor.post(path, form)
        assert shown.status == 200
        entry_id = shown.history[0].headers["Location"].partition("#")[2]
        entry = re.search(rf'id="{entry_id}".*?<h2>(.*?)</h2>', visitor.page, re.S)
        assert entry, f"no answer at {entry_id}"
        return [(unescape(entry[1]),)]

    async def says(self, person: str, text: str, id: str) -> list[Response]:
        return await self._sends(person, id, "/say", {"text": text})

    async def presses(self, person: str, action: str, id: str) -> list[Response]:
        return await self._sends(person, id, "/press", {"action": action, "card": "0"})

    def place(self, person: str) -> str:
        return f"web:{person}"

    def shown(self, person: str) -> list[str]:
        posted = [
            e
            for e in self.platform.of(_name(person)).entries
            if e.card and e.key in self._posted(person)
        ]
        return [entry.card.title for entry in posted if entry.card]

    def _posted(self, person: str) -> set[str]:
        """Keys of what was posted rather than answered: the web's own answers begin with "web-"."""
        return {
            e.key for e in self.platform.of(_name(person)).entries if not e.key.startswith("web-")
        }

    def views(self) -> list[str]:
        return []

    def trouble(self, often: float) -> None:
        """A page on this machine loses nothing on the way."""

    def slow(self, seconds: float) -> None:
        """Nor does anything take long."""


def _name(person: str) -> str:
    return person.removeprefix("web:")


@pytest.mark.asyncio
class TestWeb(PlatformContract):
    def far(self, receive: Receive, clock: VirtualClock) -> Far:
        return WebFar(receive, clock)
