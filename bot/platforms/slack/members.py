"""Who reads along in a channel: only where everybody is on the staff list is an answer shown there."""

import asyncio
import logging
from datetime import datetime, timedelta

from bot.core.unsent import Unsent
from bot.platforms import Now, People
from bot.platforms.slack.client import IN_TIME, Answer, Api, next_page
from bot.platforms.slack.users import Asked, id_of

log = logging.getLogger(__name__)

KEPT = timedelta(minutes=5)
MOST_PAGES = 10  # of 200: no staff room is larger


class Members:
    """The members of channels, remembered for some minutes. Who is on the list is asked every time."""

    def __init__(self, api: Api, people: People, asked: Asked, now: Now) -> None:
        self._api, self._people, self._asked, self._now = api, people, asked, now
        self._kept: dict[str, tuple[datetime, tuple[str, ...]]] = {}

    async def only_staff(self, channel: str) -> bool:
        """Whether everybody there is on the staff list. False, too, when Slack does not tell."""
        since, ids = self._kept.get(channel, (None, ()))
        # A clock that was set back makes nothing last longer.
        if since is None or not since <= self._now() < since + KEPT:
            return await self.only_staff_now(channel)
        return self._are_staff(ids)

    async def only_staff_now(self, channel: str) -> bool:
        """The same, asked of Slack now: for the moment that something is shown there."""
        ids, now = await self._told(channel), self._now()
        young = {name: kept for name, kept in self._kept.items() if now < kept[0] + KEPT}
        self._kept = young | ({channel: (now, ids)} if ids else {})
        return self._are_staff(ids)

    def _are_staff(self, ids: tuple[str, ...]) -> bool:
        return bool(ids) and self._people.only_staff(ids)

    async def _told(self, channel: str) -> tuple[str, ...]:
        """The accounts there without our own; none when they cannot be learnt."""
        try:
            return await asyncio.wait_for(self._listed(channel), IN_TIME)
        except (Unsent, TimeoutError) as error:
            log.warning("who is in a channel cannot be learnt: %s", error or "too slow")
            return ()

    async def _listed(self, channel: str) -> tuple[str, ...]:
        me = await self._asked.me()
        found: list[str] = []
        page: Answer = {}
        pages = self._api.pages("conversations.members", MOST_PAGES, channel=channel, limit=200)
        async for page in pages:
            found += [id_of(user) for user in page.get("members", ()) if user != me.user]
        if next_page(page):
            raise Unsent("too_many_members", "never")
        return tuple(found)
