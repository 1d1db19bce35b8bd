"""The bot's Slack side, whole and real, between a fake Slack and whatever hears what it hears."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import ClientSession, web

from bot.core.cards import Card
from bot.core.fixed import Fixed, Prompt
from bot.core.messages import Incoming
from bot.core.people import Membership, Person
from bot.platforms import Hear
from bot.platforms.slack import Slack
from bot.platforms.slack.directory import account_of
from bot.platforms.slack.pace import PAUSE, Pace
from bot.store.memory import MemoryStore
from tests.fakes import VirtualClock
from tests.helpers import accounts_of, data
from tests.slack.fake import BOT_TOKEN, SECRET, FakeSlack
from tests.slack.sender import Payload, Sender
from tests.slack.workspace import TEAM

STAFF = ("ann", "ben", "cem", "dee", "owner")
PROMPTS = tuple(Prompt(**one) for one in data("platforms")["prompts"])
FIXED = Fixed(**data("platforms")["words"], prompts=PROMPTS)


def user(person: str) -> str:
    """Somebody's id on Slack."""
    return f"U0{person.upper()}"


def address(person: str) -> str:
    return f"{person}@school.example"


def sorry(reference: str, staff: bool = True) -> Card:
    if not staff:
        return Card(title="This chat is for staff.")
    return Card(title="Something went wrong, and nothing was saved.", foot=f"Reference {reference}")


def staff() -> dict[str, Person]:
    here = (Membership("oak"),)
    return {p: Person(p, p.title(), here, emails=(address(p),)) for p in STAFF}


@dataclass
class Ears:
    """Hears everything; answers with ``cards``, or raises ``fails``."""

    heard: list[Incoming] = field(default_factory=list)
    cards: Sequence[Card] = ()
    fails: Exception | None = None

    async def hear(self, message: Incoming) -> Sequence[Card]:
        if self.fails:
            raise self.fails
        self.heard.append(message)
        return self.cards


class Office:
    """``clock`` is virtual: triggers run out by it, messages are named by it. Staff have accounts."""

    def __init__(self, hear: Hear | None = None, clock: VirtualClock | None = None) -> None:
        self.clock = clock or VirtualClock()
        self.ears = Ears()
        self.store, self.people = MemoryStore(), staff()
        self.accounts = accounts_of(self.store, lambda: self.people)
        self.fake = FakeSlack(self.now)
        for person in STAFF:
            self.fake.workspace.joins(user(person), address(person))
        self._hear = hear or self.ears.hear
        self._runner: web.AppRunner | None = None
        self.slack: Slack
        self.sender: Sender

    def now(self) -> datetime:
        return self.clock.now()

    async def start(self, **settings: Any) -> "Office":
        if not self.fake.root:
            await self.fake.start()
            self._session = ClientSession()
            self.sender = Sender(self._session, self.fake.workspace, self.fake.root)
        secrets = {"bot_token": BOT_TOKEN, "signing_secret": SECRET, "base_url": self.fake.url}
        self.slack = Slack(
            **{**secrets, **settings},
            hear=self._hear,
            people=self.accounts,
            fixed=FIXED,
            sorry=sorry,
            now=self.now,
            pace=Pace(PAUSE, lambda: self.now().timestamp(), self.clock.sleep),
        )
        await self._serve()
        return self

    async def lists_staff(self) -> None:
        """As the staff list does at a start: everybody of the workspace is known."""
        users = self.fake.workspace.users.values()
        await self.accounts.learn(*(account_of(one, TEAM) for one in users))

    async def restart(self) -> None:
        """The process ends and begins again: what it had in memory is gone."""
        await self.restart_with()

    async def restart_with(self, **settings: Any) -> None:
        await self._stop()
        self.accounts = accounts_of(self.store, lambda: self.people)
        await self.start(**settings)

    async def _serve(self) -> None:
        app = web.Application()
        app.add_routes(list(self.slack.routes()))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self.sender.url = f"http://127.0.0.1:{port}/slack/events"

    async def _stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()
        await self.slack.close()

    async def close(self) -> None:
        if self.fake.root:
            await self._stop()
            await self._session.close()
            await self.fake.close()
        self.store.close()
        assert self.fake.problems == []
        assert not self.fake.root or self.sender.problems == []


async def heard(office: Office, payload: Payload) -> Any:
    """The one thing that a payload becomes; None for nothing. It is taken either way."""
    before = len(office.ears.heard)
    answer = await office.sender.send(payload)
    assert answer.status == 200
    found = office.ears.heard[before:]
    assert len(found) <= 1
    return found[0] if found else None


@asynccontextmanager
async def opened(hear: Hear | None = None, **settings: Any) -> AsyncIterator[Office]:
    office = Office(hear)
    try:
        await office.start(**settings)
        yield office
    finally:
        await office.close()
