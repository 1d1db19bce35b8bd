"""Who is in the school's tenant, and in the groups that schools named, from Microsoft Graph, as accounts.

Of the users, who may be pupils, all but those with an address of the staff list are let go page by page:
asking for these addresses alone would take a request for every seven of them, where 3 pages hold a whole
tenant of 2,000. Managers are asked for one by one, and only of those whose manager the list does not tell.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import aiohttp

from bot.core.accounts import Account, DirectoryMistake, Standing, Wanted, small
from bot.platforms.teams.hosts import PUBLIC
from bot.platforms.teams.token_out import NoToken, Tokens

FIELDS = "id,displayName,mail,userPrincipalName,accountEnabled,userType"
MOST = 500  # pages: more than any tenant has, and an end to links that go in circles
TRIES = 4  # of one request that Graph asks patience for
LONGEST = 120.0  # seconds of patience; a directory that needs more is read the next time
AT_ONCE = 4
PATIENCE = aiohttp.ClientTimeout(total=30)
_ID = re.compile(r"[0-9a-f-]{36}")

Told = Mapping[str, Any]


# One of Graph's users ---------------------------------------------------------------------------------


def account_of(user: Told, groups: Sequence[str] = ()) -> Account:
    """A user as Graph tells of them. Their name for signing in is surer than the mail that is written
    beside it: its domain is always the tenant's own. Raises DirectoryMistake."""
    signs_in, mail = (small(str(user.get(key) or "")) for key in ("userPrincipalName", "mail"))
    emails = tuple(dict.fromkeys(one for one in (signs_in, mail) if "@" in one))
    name = str(user.get("displayName") or "")
    standing = _standing(user, signs_in)
    return Account(f"teams:{str(user['id']).lower()}", name, emails, standing, tuple(groups))


def _standing(user: Told, signs_in: str) -> Standing:
    """Who comes from another tenant is a guest, also where they have been made a member."""
    enabled = user.get("accountEnabled")
    if enabled is None:
        raise DirectoryMistake(
            "Microsoft Graph does not tell whose account is switched off: the app needs User.Read.All"
        )
    if not enabled:
        return "gone"
    return "guest" if user.get("userType") == "Guest" or "#ext#" in signs_in else "member"


# Everybody --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Graph:
    """``sleep`` waits where Graph asks for it: nobody waits for an answer here."""

    session: aiohttp.ClientSession
    tokens: Tokens
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    host: str = PUBLIC.graph

    async def everyone(self, wanted: Wanted) -> Sequence[Account]:
        """Whoever has an address that is asked for or is in a group, with their managers; or
        DirectoryMistake."""
        found = {one.id: one for one in await self._listed(wanted)} if wanted.emails else {}
        for group in wanted.groups:
            async for user in self._members(group):
                account = account_of(user)
                before = found.get(account.id, account)
                found[account.id] = replace(account, groups=(*before.groups, group))
        return await self._managed(list(found.values()), wanted)

    async def _listed(self, wanted: Wanted) -> Sequence[Account]:
        users = f"/v1.0/users?$select={FIELDS}&$top=999"
        everybody = self._all(users, "users", "User.Read.All")
        return [
            one async for user in everybody if wanted.emails & {*(one := account_of(user)).emails}
        ]

    async def may_read(self, path: str, what: str, needs: str) -> None:
        """DirectoryMistake where the app may not read this, or it is not there."""
        if await self._get(f"{self.host}{path}", what, needs) is None:
            raise DirectoryMistake(f"Microsoft Graph has no such {what}")

    async def looked_up(self, path: str) -> Told | None:
        """What is there; None where the app may not see it, which is no trouble."""
        try:
            return await self._get(f"{self.host}{path}", "this", "")
        except DirectoryMistake:
            return None

    def _members(self, group: str) -> AsyncIterator[Told]:
        """Also those of groups within it. A cast to users needs $count and the header beside it."""
        kind = "transitiveMembers/microsoft.graph.user"
        path = f"/v1.0/groups/{group}/{kind}?$select={FIELDS}&$count=true&$top=999"
        what = f"group {group}, which school.toml names"
        return self._all(path, what, "GroupMember.Read.All and User.Read.All")

    async def _managed(self, accounts: Sequence[Account], wanted: Wanted) -> Sequence[Account]:
        asked = [one for one in accounts if one.standing == "member"]
        asked = [one for one in asked if not wanted.managed & {*one.emails}]
        managers: dict[str, str] = {}
        for start in range(0, len(asked), AT_ONCE):
            some = asked[start : start + AT_ONCE]
            told = await asyncio.gather(*map(self._manager, some), return_exceptions=True)
            for one, manager in zip(some, told, strict=True):
                if isinstance(manager, BaseException):
                    raise manager
                managers[one.id] = manager
        return [replace(one, manager=managers.get(one.id, "")) for one in accounts]

    async def _manager(self, account: Account) -> str:
        """Their manager's account; empty for none."""
        id = account.id.removeprefix("teams:")
        path = f"/v1.0/users/{id}/manager?$select=id"
        told = await self._get(f"{self.host}{path}", "users", "User.Read.All")
        return f"teams:{str(told.get('id')).lower()}" if told and told.get("id") else ""

    # Requests -----------------------------------------------------------------------------------------

    async def _all(self, path: str, what: str, needs: str) -> AsyncIterator[Told]:
        """Every entry, page after page."""
        url = f"{self.host}{path}"
        for _ in range(MOST):
            page = await self._get(url, what, needs)
            if page is None:
                raise DirectoryMistake(f"Microsoft Graph has no such {what}")
            for one in page.get("value") or ():
                if _ID.fullmatch(str(one.get("id")).lower()):
                    yield one
            url = str(page.get("@odata.nextLink") or "")
            if not url:
                return
            if not url.startswith(f"{self.host}/"):
                raise DirectoryMistake("Microsoft Graph sent us on to another host: not followed")
        raise DirectoryMistake("Microsoft Graph's list has no end")

    async def _get(self, url: str, what: str, needs: str) -> Told | None:
        """What is there; None for nothing. Waits where Graph asks for patience."""
        for _ in range(TRIES):
            status, told, after = await self._once(url)
            if status == 200:
                return told
            if status == 404:
                return None
            if status != 429 or after > LONGEST:
                raise DirectoryMistake(self._why(status, what, needs))
            await self.sleep(after)
        raise DirectoryMistake(self._why(429, what, needs))

    async def _once(self, url: str) -> tuple[int, Told, float]:
        """The status, the answer, and the seconds it asks for. No redirect is followed: the token would
        go with it."""
        token = await self._token()
        headers = {"ConsistencyLevel": "eventual"}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        try:
            async with self.session.get(
                url, headers=headers, timeout=PATIENCE, allow_redirects=False
            ) as response:
                after = response.headers.get("Retry-After", "")
                told = await response.json(content_type=None) if response.status == 200 else {}
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise DirectoryMistake("Microsoft Graph could not be reached") from error
        except ValueError as error:
            raise DirectoryMistake("Microsoft Graph's answer could not be understood") from error
        seconds = float(after) if after.isdigit() else 1.0
        return response.status, told if isinstance(told, dict) else {}, seconds

    async def _token(self) -> str:
        try:
            return await self.tokens.token(f"{self.host}/.default")
        except NoToken as error:
            raise DirectoryMistake(f"Microsoft gave the app no token ({error.code})") from error

    def _why(self, status: int, what: str, needs: str) -> str:
        match status:
            case 401:
                self.tokens.forget()
                return "Microsoft Graph did not take the app's token"
            case 403:
                return f"the app may not read {what}: in Entra an administrator has to consent to {needs}"
            case 429:
                return "Microsoft Graph asks for more patience than a reading has"
        return f"Microsoft Graph answered {status}"
