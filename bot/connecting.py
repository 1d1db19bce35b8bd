"""Each platform as its settings say, for as long as it is served.

One that is not set up is not loaded: a school on Slack alone has nothing of Teams in memory.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, web

from bot.clock import wall_time
from bot.config import Config, ConfigMistake, SlackSettings, TeamsSettings
from bot.directories import Read
from bot.outbox import Platform
from bot.platforms import People

log = logging.getLogger(__name__)

# hear, people, fixed, sorry and now: what bot.platforms says every platform is handed.
Handed = Mapping[str, Any]


@dataclass(frozen=True)
class Connected:
    """``health`` is what the platform says of itself, without anybody's name in it. ``directory`` tells
    who the staff list's people are there."""

    platform: Platform
    routes: Sequence[web.RouteDef]
    health: Callable[[], object]
    directory: Read | None = None


Connecting = Mapping[str, Callable[[], AbstractAsyncContextManager[Connected]]]


def connecting(config: Config, handed: Handed) -> Connecting:
    """What is set up, by name: "slack", "teams"."""
    slack, teams = config.slack, config.teams
    found: dict[str, Callable[[], AbstractAsyncContextManager[Connected]]] = {}
    if slack:
        found["slack"] = lambda: _slack(slack, handed)
    if teams:
        found["teams"] = lambda: (_teams_local if teams.local else _teams)(teams, handed)
    return found


@asynccontextmanager
async def _slack(settings: SlackSettings, handed: Handed) -> AsyncIterator[Connected]:
    from bot.platforms.slack import Slack

    made = Slack(
        bot_token=settings.bot_token,
        app_token=settings.app_token,
        signing_secret=settings.signing_secret,
        base_url=settings.api,
        **handed,
    )
    async with AsyncExitStack() as open:
        open.push_async_callback(made.close)
        await open.enter_async_context(meanwhile(made.run()))
        yield Connected(made.platform, made.routes(), made.health, made.everyone)


@asynccontextmanager
async def _teams(settings: TeamsSettings, handed: Handed) -> AsyncIterator[Connected]:
    from bot.platforms.teams import Teams
    from bot.platforms.teams.graph import Graph
    from bot.platforms.teams.keys import Keys
    from bot.platforms.teams.token_in import Signed
    from bot.platforms.teams.token_out import AppTokens

    tokens = AppTokens(settings.app_id, settings.tenant, _credential(settings))
    async with AsyncExitStack() as open:
        session = await open.enter_async_context(ClientSession(trust_env=True))
        keys = Keys(session, wall_time)
        open.push_async_callback(keys.close)
        made = Teams(
            app_id=settings.app_id,
            tenant=settings.tenant,
            checker=Signed(settings.app_id, settings.tenant, keys, wall_time),
            tokens=tokens,
            **handed,
        )
        open.push_async_callback(made.close)
        await made.start()
        graph = Graph(session, tokens)
        yield Connected(made.platform, made.routes(), made.health, graph.everyone)


def _credential(settings: TeamsSettings) -> Any:
    """What the app shows Microsoft. A file that holds no such thing stops the start in one sentence."""
    from bot.platforms.teams.token_out import certificate

    if not settings.certificate:
        return settings.secret
    try:
        return certificate(settings.certificate)
    except (OSError, ValueError) as error:
        raise ConfigMistake(f"TEAMS_CERTIFICATE_FILE cannot be used: {error}") from None


@asynccontextmanager
async def _teams_local(settings: TeamsSettings, handed: Handed) -> AsyncIterator[Connected]:
    """For Microsoft's local test client: nothing is checked, and only this machine is heard."""
    from bot.platforms.teams import Teams
    from bot.platforms.teams.token_in import Unchecked
    from bot.platforms.teams.token_out import NoTokens

    handed = {**handed, "people": SpeaksAs(handed["people"], settings.speaks_as)}
    made = Teams(app_id="", tenant="", checker=Unchecked(wall_time), tokens=NoTokens(), **handed)
    async with AsyncExitStack() as open:
        open.push_async_callback(made.close)
        await made.start()
        yield Connected(made.platform, made.routes(), made.health)


@dataclass(frozen=True)
class SpeaksAs:
    """The people of a test client, whom no staff list has: each is this one person of it, as in the
    terminal chat. Whoever is on the list by their address is themselves."""

    people: People
    person: str

    def who(self, id: str) -> str:
        known = self.people.who(id)
        return self.person if self.person and known == id else known

    def only_staff(self, ids: Iterable[str]) -> bool:
        return bool(self.person) or self.people.only_staff(ids)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.people, name)


@asynccontextmanager
async def meanwhile(work: Awaitable[None]) -> AsyncIterator[None]:
    """``work`` goes on beside, and ends with what it goes on beside. One that fails before is told of:
    nobody waits for it."""
    task = asyncio.ensure_future(work)
    task.add_done_callback(_told_if_failed)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _told_if_failed(task: asyncio.Future[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("what should go on until the end has failed: %s", type(error).__name__)
