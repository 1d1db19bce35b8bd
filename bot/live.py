"""The bot on Slack and Microsoft Teams, with the installation's own records, until it is stopped."""

import asyncio
import errno
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import asdict, replace
from time import perf_counter
from typing import Any

from aiohttp import web as http

from bot import app
from bot.accounts import Accounts
from bot.clock import Heartbeat, WallClock, wall_time
from bot.config import Config, ConfigMistake, TeamsSettings
from bot.connecting import Connected, connecting, meanwhile
from bot.core.messages import Outgoing
from bot.core.people import Person, local_day
from bot.directories import EVERY, Synced, sync
from bot.library import read_library
from bot.outbox import Outbox, Platform
from bot.platforms import web
from bot.process import beating, until_stopped
from bot.running import Running

TEAMS_LOCAL = 3978  # where Microsoft's local test client looks for a bot
LATE = 90.0  # seconds without a tick that are too many
NOTHING = (
    "Neither Slack nor Teams is set up: set SLACK_BOT_TOKEN or TEAMS_APP_ID (deploy/README.md says how),"
    " or try the bot with make demo"
)
UNCHECKED = (
    "TEAMS_AUTH is off: anybody on this machine can speak as anybody. Only for trying it out, never for"
    " staff."
)
SPEAKS_AS = (
    "Whoever the test client says they are speaks as {name}, unless their e-mail address stands in"
    " staff.csv. With --as you choose somebody else; with --as nobody they are not on the staff list."
)
# What nobody is waiting for: said twice it would be a second message about one thing.
UNASKED = frozenset({"owner_question"})


def local(config: Config, speaks_as: str) -> Config:
    """For Microsoft's local test client alone: on loopback, and nothing is checked."""
    teams = TeamsSettings(local=True, speaks_as=speaks_as)
    return replace(config, host="127.0.0.1", port=TEAMS_LOCAL, slack=None, teams=teams)


async def serve(config: Config, tell: Callable[[str], None]) -> None:
    """Slack and Teams as far as they are set up, on one server with its health."""
    if not (config.slack or config.teams):
        raise ConfigMistake(NOTHING)
    started = perf_counter()
    if config.teams and config.teams.local:
        config = replace(config, host="127.0.0.1")
        tell(UNCHECKED)
    house = app.build(config, read_library(config.policies))
    if config.teams and config.teams.local:
        config = spoken(config, config.teams, house, tell)
    store = app.records(config)
    try:
        with until_stopped():
            live = Live(config, house, store)
            await live.serve(lambda: tell(_ready(config, perf_counter() - started)))
    finally:
        store.close()


def spoken(
    config: Config, teams: TeamsSettings, house: app.House, tell: Callable[[str], None]
) -> Config:
    """With whom the test client's people speak as: whoever was asked for, else somebody of plain staff."""
    if teams.speaks_as == "nobody":
        return replace(config, teams=replace(teams, speaks_as=""))
    plain = (id for id, one in house.people.items() if {*_roles(one)} == {"staff"})
    who = teams.speaks_as or next(plain, "")
    if who not in house.people:
        raise ConfigMistake(f"--as takes an id of staff.csv, or nobody; {who!r} is not there")
    tell(SPEAKS_AS.format(name=f"{house.people[who].name} ({who})"))
    return replace(config, teams=replace(teams, speaks_as=who))


def _roles(person: Person) -> Iterator[str]:
    return (role for place in person.at(local_day(wall_time())) for role in place.roles)


def _ready(config: Config, took: float) -> str:
    parts = {"Slack": config.slack, "Teams": config.teams}
    names = " and ".join(name for name, settings in parts.items() if settings)
    return f"Ready in {took:.1f} s for {names}: http://{config.host}:{config.port}/readyz says how it is"


class Live:
    """Everything that serves, round one set of records."""

    def __init__(self, config: Config, house: app.House, store: Any) -> None:
        self._config, self._store, self._encoder = config, store, house.encoder
        self._parts: Mapping[str, Connected] = {}
        self._synced: Mapping[str, Synced] = {}
        self.accounts = Accounts(
            store,
            lambda: self.running.house.listed,
            lambda: local_day(wall_time()),
            lambda: self.running.again(),
        )
        self.outbox = Outbox(
            store,
            self._card,
            self._platform,
            WallClock(),
            where=self.accounts.address,
            repeat=asked_for,
        )
        self.running = Running(house, self._opened, self._built, config.policies)

    async def serve(self, ready: Callable[[], None]) -> None:
        """Until cancelled. What was begun is finished or, after a crash, looked up at the next start."""
        async with AsyncExitStack() as open:
            opened = {
                name: await open.enter_async_context(connected())
                for name, connected in connecting(self._config, self._handed()).items()
            }
            self._parts = opened
            beat = await open.enter_async_context(beating(self._store, self.outbox))
            served = web.runner(self._app(beat))
            await served.setup()
            open.push_async_callback(served.cleanup)
            await self._listen(served)
            await open.enter_async_context(meanwhile(self._reading_directories()))
            ready()
            await asyncio.Event().wait()

    def _app(self, beat: Heartbeat) -> http.Application:
        made = http.Application()
        for part in self._parts.values():
            made.add_routes(part.routes)
        made.add_routes([http.get("/healthz", _alive), http.get("/readyz", self._readiness(beat))])
        made.cleanup_ctx.append(self.running.watched)
        return made

    async def _reading_directories(self) -> None:
        """Who everybody is, again and again. Until the first has been read people are asked about alone."""
        directories = {name: p.directory for name, p in self._parts.items() if p.directory}
        while directories:
            self._synced = await sync(self.accounts, directories, wall_time, self._synced)
            await asyncio.sleep(EVERY.total_seconds())

    async def _listen(self, served: http.AppRunner) -> None:
        host, port = self._config.host, self._config.port
        try:
            await http.TCPSite(served, host, port).start()
        except OSError as error:
            why = "is taken" if error.errno == errno.EADDRINUSE else "may not be used"
            raise ConfigMistake(f"{host}:{port} {why} here: set HOST or PORT to another") from None

    # What the parts are handed ----------------------------------------------------------------------

    def _handed(self) -> Mapping[str, Any]:
        return {
            "hear": self.running.hear,
            "people": self.accounts,
            "fixed": self.running.house.fixed,
            "sorry": lambda reference, staff=True: app.sorry(self.running.house)(reference, staff),
            "now": wall_time,
        }

    def _opened(self, house: app.House) -> app.Door:
        joined = app.house_with(house, self.accounts)
        opened = app.door(joined, self._store, wall_time)
        return replace(opened, outbox=self.outbox)

    def _built(self) -> app.House:
        return app.build(self._config, read_library(self._config.policies), self._encoder)

    def _card(self, out: Outgoing) -> Any:
        return self.running.door.views.card(out)

    def _platform(self, out: Outgoing) -> Platform:
        return self._parts[out.place.partition(":")[0]].platform

    # How it is --------------------------------------------------------------------------------------

    def _readiness(self, beat: Heartbeat) -> Callable[[http.Request], Any]:
        async def readyz(request: http.Request) -> http.Response:
            told = {name: asdict(part.health()) for name, part in self._parts.items()}  # type: ignore[call-overload]
            people = {name: asdict(one) for name, one in self._synced.items()}
            waiting, given_up = await asyncio.to_thread(self._letters)
            well = beat.silent_for < LATE and all(
                one.get("connected", True) for one in told.values()
            )
            how = {"ready": well, "tick_s": round(beat.silent_for), "waiting": waiting}
            shown = {**how, "given_up": given_up, **told, "directories": people}
            return http.json_response(shown, status=200 if well else 503, dumps=_plainly)

        return readyz

    def _letters(self) -> tuple[int, int]:
        waiting = self._store.letters("pending", "sending", "unclear")
        return len(waiting), len(self._store.letters("given_up"))


async def _alive(request: http.Request) -> http.Response:
    return http.json_response({"alive": True})


def asked_for(out: Outgoing) -> bool:
    """Whether somebody is waiting for this: twice is better than never."""
    return out.template not in UNASKED


def _plainly(told: object) -> str:
    return json.dumps(told, default=str)
