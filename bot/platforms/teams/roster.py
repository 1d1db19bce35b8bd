"""Who speaks on Teams, who reads along, and where they are reached: asked of Teams, then remembered."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from bot.core.accounts import Account, small
from bot.core.unsent import Unsent
from bot.platforms import Now, People
from bot.platforms.teams.activities import NOBODY, Activity, Told, objects, word
from bot.platforms.teams.connector import Connector

KEPT = timedelta(minutes=5)  # how long a list of members is believed
AT_MOST = 8.0  # seconds for asking who somebody is; then what is remembered has to do
MOST_PAGES = 20  # of 500 members


class Roster:
    """``tenant`` is the school's own; empty for the local test client, where there is only one."""

    def __init__(self, connector: Connector, people: People, tenant: str, now: Now) -> None:
        self._connector, self._people = connector, people
        self._tenant, self._now = tenant, now
        self._members: dict[str, tuple[datetime, Sequence[str]]] = {}

    def is_staff(self, activity: Activity) -> bool:
        """Whether whoever this came from is on the list, as far as is known without asking."""
        return self._people.who(activity.account) != activity.account

    async def person(self, activity: Activity) -> str:
        """Who did this, or their account's id when they are nobody on the staff list."""
        somebody = not activity.account.startswith(NOBODY)
        if somebody and self._people.known(activity.account) is None:
            told = account(await self._asked(activity), self._tenant)
            if told and told.id == activity.account:
                await self._people.learn(told)
        await self._met(activity)
        return self._people.who(activity.account)

    async def left(self, activity: Activity) -> None:
        """The bot was taken away from somebody: nothing reaches them until they come back."""
        if activity.scope == "personal":
            place, url = activity.conversation, activity.url
            await self._people.reached(activity.account, place, url, "uninstalled")

    def changed(self, activity: Activity) -> None:
        """Somebody came or went: its members are asked for again."""
        self._members.pop(activity.roster, None)

    async def only_staff(self, activity: Activity) -> bool:
        """Whether everybody who reads along is on the staff list. False while that cannot be learnt."""
        if activity.outsiders:
            return False
        ids = await self._everybody(activity)
        return activity.account in ids and self._people.only_staff(ids)

    # Asked ------------------------------------------------------------------------------------

    async def _asked(self, activity: Activity) -> Told:
        """What Teams tells of whoever did it; nothing when it does not, or not soon enough."""
        with suppress(Unsent, TimeoutError):
            async with asyncio.timeout(AT_MOST):
                return await self._member(activity)
        return {}

    async def _member(self, activity: Activity) -> Told:
        url, user = activity.url, activity.user
        try:
            return await self._connector.member(url, activity.roster, user)
        except Unsent:
            if not activity.extension:
                raise
        # Used where the bot is no member: whoever uses it can be asked about in their own chat.
        known = self._people.remembered(activity.account)
        own = known.place if known else ""
        own = own or await self._connector.create(url, activity.account.removeprefix("teams:"))
        return await self._connector.member(url, own, user)

    async def _everybody(self, activity: Activity) -> Sequence[str]:
        """The accounts of all who read a conversation; none while they are not known to the last."""
        until, ids = self._members.get(activity.roster, (self._now(), ()))
        if until > self._now():
            return ids
        told = await self._listed(activity)
        people = [one for one in told if not activity.bot or word(one, "id") != activity.bot]
        found = [account(one, self._tenant) for one in people]
        accounts = [one for one in found if one]
        ids = [one.id for one in accounts] if len(accounts) == len(found) else []
        new = [one for one in accounts if self._people.known(one.id) is None]
        await self._people.learn(*new)
        self._keep(activity.roster, ids)
        return ids

    async def _listed(self, activity: Activity) -> Sequence[Told]:
        everybody: list[Told] = []
        after = ""
        with suppress(Unsent):
            for _ in range(MOST_PAGES):
                page = await self._connector.members(activity.url, activity.roster, after)
                everybody += objects(page, "members")
                after = word(page, "continuationToken")
                if not after:
                    return everybody
        return ()

    def _keep(self, roster: str, ids: Sequence[str]) -> None:
        now = self._now()
        young = {name: kept for name, kept in self._members.items() if kept[0] > now}
        self._members = young | ({roster: (now + KEPT, ids)} if ids else {})

    # Remembered -------------------------------------------------------------------------------

    async def _met(self, activity: Activity) -> None:
        """Where they, and where they spoke, are reached from now on."""
        id, url = activity.account, activity.url
        if activity.scope == "personal" and not activity.extension:
            await self._reached(id, activity.conversation, url)
            return
        known = self._people.remembered(id) or Account(id)
        await self._reached(id, known.place, url, known.blocked)
        if not activity.extension:
            await self._place(activity.conversation.partition(";")[0], url)

    async def _place(self, conversation: str, url: str) -> None:
        """A group chat or a channel is kept as an account that is no person's: only where it is."""
        id = f"teams:{conversation}"
        if self._people.remembered(id) is None:
            await self._people.learn(Account(id, standing="bot"))
        await self._reached(id, conversation, url)

    async def _reached(self, id: str, place: str, url: str, blocked: str = "") -> None:
        known = self._people.remembered(id)
        if known is None or (known.place, known.url, known.blocked) != (place, url, blocked):
            await self._people.reached(id, place, url, blocked)


def account(told: Told, tenant: str) -> Account | None:
    """Somebody as the Connector tells of them; None for whom it does not tell who or whose they are.
    Whoever is no full member of the school's own tenant is a guest."""
    id = (word(told, "aadObjectId") or word(told, "objectId")).lower()
    home = word(told, "tenantId").lower()
    if not id or (tenant and not home):
        return None
    upn, email = (small(word(told, name)) for name in ("userPrincipalName", "email"))
    emails = tuple(dict.fromkeys(one for one in (upn, email) if one))
    elsewhere = bool(tenant) and home != tenant.lower()
    guest = elsewhere or "#ext#" in upn or word(told, "userRole") in ("guest", "anonymous")
    return Account(f"teams:{id}", word(told, "name"), emails, "guest" if guest else "member")
