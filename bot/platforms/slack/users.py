"""Who speaks to the bot on Slack, and who the bot itself is there."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.core.accounts import own_place
from bot.core.unsent import Unsent
from bot.platforms import People
from bot.platforms.slack.client import IN_TIME, Answer, Api
from bot.platforms.slack.directory import account_of

log = logging.getLogger(__name__)

User = Mapping[str, Any]


def id_of(user: str) -> str:
    return f"slack:{user}"


def is_staff(person: str) -> bool:
    return not person.startswith("slack:")


@dataclass(frozen=True)
class Me:
    """Who the bot itself is in this workspace."""

    user: str
    bot: str
    team: str


class Asked:
    """Who the bot is, asked once: it does not change while a token holds."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.known: Me | None = None

    async def me(self) -> Me:
        """Raises Unsent while Slack cannot be asked."""
        if self.known is None:
            told = await self._api.set("auth.test")  # GET is not for it
            names = ("user_id", "bot_id", "team_id")
            self.known = Me(*(str(told.get(name) or "") for name in names))
        return self.known


class Speakers:
    """Whoever speaks to the bot: who they are on the staff list, and the place of their own."""

    def __init__(self, api: Api, people: People, asked: Asked) -> None:
        self._api, self._people, self._asked = api, people, asked

    async def who(self, user: str) -> tuple[str, str]:
        """The person, and their own place. Slack is asked about an account that nobody knows."""
        id = id_of(user)
        if self._people.known(id) is None:
            await self._look_up(user)
        return self._people.who(id), own_place(id)

    async def _look_up(self, user: str) -> None:
        try:
            async with asyncio.timeout(IN_TIME):
                told = await self._told(user)
            found = account_of(told["user"], (await self._asked.me()).team)
        except (
            Unsent,
            KeyError,
            TimeoutError,
        ) as error:  # what is remembered holds, or they are nobody
            log.warning("an account could not be looked up: %s %s", type(error).__name__, error)
            return
        await self._people.learn(found)

    async def _told(self, user: str) -> Answer:
        """Asked twice, for whoever is not known is turned away."""
        try:
            return await self._api.ask("users.info", user=user)
        except Unsent as unsent:
            if unsent.kind == "never":
                raise
            return await self._api.ask("users.info", user=user)

    async def changed(self, user: User) -> None:
        """Slack tells of a change: learnt at once of whoever is known, so that a leaver is nobody now."""
        before = self._people.remembered(id_of(user["id"]))
        if before is None:
            return
        after = account_of(user, (await self._asked.me()).team)
        if "email" not in (
            user.get("profile") or {}
        ):  # left out, which is not the same as taken away
            after = replace(after, emails=before.emails)
        await self._people.learn(after)

    async def is_at(self, user: str, channel: str) -> None:
        """The channel of somebody's own conversation, seen when they write in it."""
        before = self._people.remembered(id_of(user))
        if before is None or before.place != channel or before.blocked:
            await self._people.reached(id_of(user), channel)
