"""The bot on Microsoft Teams: hears activities, says cards as Adaptive Cards."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from aiohttp import ClientSession, DummyCookieJar, web

from bot.core.fixed import Fixed
from bot.platforms import Hear, Now, People, Sorry
from bot.platforms.proxies import proxy_for
from bot.platforms.teams.activities import Told, activity
from bot.platforms.teams.answers import Look
from bot.platforms.teams.bodies import Unreadable, read_mapping
from bot.platforms.teams.connector import Connector, Proxy, Reach
from bot.platforms.teams.hear import Hearing, reference_of
from bot.platforms.teams.hosts import PUBLIC, Hosts
from bot.platforms.teams.roster import Roster
from bot.platforms.teams.say import Saying
from bot.platforms.teams.token_in import Checker, Refused, is_here
from bot.platforms.teams.token_out import Tokens

log = logging.getLogger(__name__)

PATH = "/api/messages"
# What a browser says of a page that sends something, and a proxy of whom it speaks for.
PASSED_ON = ("Origin", "Sec-Fetch-Site", "X-Forwarded-For", "Forwarded")


def peer_of(request: web.Request) -> str:
    """The address a request comes from; none where a program of this machine only passes it on: a page
    in a browser, by whatever name it calls us, or a tunnel."""
    peer = request.remote or ""
    if is_here(peer) and (
        not _names_here(request.host) or any(name in request.headers for name in PASSED_ON)
    ):
        return ""
    return peer


def _names_here(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or is_here(name)


@dataclass(frozen=True)
class Health:
    """When an activity was last taken, and how many were turned away, by reason."""

    heard: datetime | None = None
    refused: Mapping[str, int] = field(default_factory=dict)


def session_for() -> ClientSession:
    """For the Connector. No cookie of one call goes with another; nothing of the environment is read, for
    aiohttp would read ~/.netrc and the proxies anew for each call."""
    return ClientSession(cookie_jar=DummyCookieJar())


def way(local: bool) -> Proxy:
    """Through the school's proxy where it has one; what is on this machine is not behind it."""
    return _straight if local else lru_cache(proxy_for)


def _straight(url: str) -> None:
    return None


class Teams:
    """``app_id`` and ``tenant`` are empty for the local test client, whose checker and tokens are too.
    ``pages`` is where the staff pages are, with https; empty when they cannot be reached from Teams."""

    def __init__(
        self,
        *,
        app_id: str,
        tenant: str,
        checker: Checker,
        tokens: Tokens,
        hear: Hear,
        people: People,
        fixed: Fixed,
        sorry: Sorry,
        now: Now,
        pages: str = "",
        hosts: Hosts = PUBLIC,
        session: Callable[[], ClientSession] | None = None,
    ) -> None:
        self._checker, self._now = checker, now
        scope, anywhere = hosts.connector_scope, f"https://{hosts.services[0]}/teams"
        reach = Reach(checker.trusts, way(local=not app_id), session or session_for)
        self._connector = Connector(f"28:{app_id}", tenant, tokens, scope, reach)
        look = Look(fixed, pages)
        roster = Roster(self._connector, people, tenant, now)
        self._hearing = Hearing(hear, roster, self._connector, look, sorry, now)
        self.platform = Saying(self._connector, people, look, anywhere)
        self._unreadable: Counter[str] = Counter()
        self._heard: datetime | None = None

    def routes(self) -> Sequence[web.RouteDef]:
        return [web.post(PATH, self._posted)]

    async def start(self) -> None:
        await self._connector.start()

    async def close(self) -> None:
        await self._connector.close()

    def health(self) -> Health:
        return Health(self._heard, dict(self._checker.refused + self._unreadable))

    async def _posted(self, request: web.Request) -> web.Response:
        """One activity. What is not Microsoft's, or not for us, is told a status and nothing else."""
        try:
            told = await read_mapping(request.content)
            authorization = request.headers.getall("Authorization", [])
            await self._checker.check(authorization, told, peer_of(request))
        except (Unreadable, Refused) as error:
            if isinstance(error, Unreadable):
                self._unreadable[error.reason] += 1
            return web.Response(status=error.status)
        self._heard = self._now()
        return await self._taken(told)

    async def _taken(self, told: Told) -> web.Response:
        """The answer to what was let in. Teams sends again what is answered with a 500."""
        took = activity(told)
        try:
            answer = await self._hearing.hears(took)
        except Exception as error:  # only its kind: the message may hold what somebody typed
            log.error("not saved, reference %s: %s", reference_of(took), type(error).__name__)
            return web.Response(status=500)
        if answer.body is None:
            return web.Response(status=answer.status)
        return web.json_response(answer.body, status=answer.status)
