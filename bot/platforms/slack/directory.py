"""Who is in a Slack workspace, and in the user groups that schools named, as accounts.

The workspace may hold pupils: of everybody whom nobody asked for, what Slack tells is let go page by page.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.accounts import Account, DirectoryMistake, Standing, Wanted, small

PAGE = 200
MOST = 1000  # pages: more than any workspace has, and an end to a cursor that goes in circles
TRIES = 4  # of one call that Slack asks patience for
LONGEST = 120.0  # seconds of patience; a list that needs more is read the next time
_CODE = re.compile(r"[a-z_]{1,60}")

_REFUSED = "Slack no longer takes the bot token: install the app again and set SLACK_BOT_TOKEN"
_WHY: Mapping[str, str] = {
    **dict.fromkeys(("invalid_auth", "not_authed", "token_revoked", "token_expired"), _REFUSED),
    **dict.fromkeys(("account_inactive", "team_access_not_granted"), _REFUSED),
    "plan_upgrade_required": (
        "this Slack plan has no user groups: take slack_groups out of school.toml"
    ),
    "ratelimited": "Slack asks for more patience than a reading has: it is tried again later",
}


# One of Slack's users ---------------------------------------------------------------------------------


def account_of(user: Mapping[str, Any], team: str, groups: Sequence[str] = ()) -> Account:
    """A user as users.list, users.info and user_change tell of them, to the workspace ``team``.

    An address that its holder has not confirmed is nobody's.
    """
    profile = user.get("profile") or {}
    email = (
        "" if user.get("is_email_confirmed") is False else small(str(profile.get("email") or ""))
    )
    name = str(profile.get("real_name") or user.get("real_name") or "")
    emails = (email,) if email else ()
    return Account(f"slack:{user['id']}", name, emails, standing_of(user, team), tuple(groups))


def standing_of(user: Mapping[str, Any], team: str) -> Standing:
    """What a user is to the workspace. Whoever is at home in another one is a guest here."""
    if user.get("deleted"):
        return "gone"
    if user.get("is_bot") or user.get("is_workflow_bot") or user["id"] == "USLACKBOT":
        return "bot"
    kinds = ("is_restricted", "is_ultra_restricted", "is_stranger")
    if any(user.get(kind) for kind in kinds) or not _is_at_home(user, team):
        return "guest"
    return "member"


def _is_at_home(user: Mapping[str, Any], team: str) -> bool:
    """A workspace of an organisation has people whose first workspace is another one of it."""
    workspaces = (user.get("enterprise_user") or {}).get("teams") or ()
    return user.get("team_id", team) == team or team in workspaces


# Everybody --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Directory:
    """``client`` holds the bot token and tries nothing twice. ``sleep`` waits where Slack asks for it:
    nobody waits for an answer here."""

    client: AsyncWebClient
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def everyone(self, wanted: Wanted) -> Sequence[Account]:
        """Whoever has an address that is asked for or is in a group, and the bots; or DirectoryMistake."""
        team = str((await self._ask(self.client.auth_test)).get("team_id") or "")
        groups = await self._groups(wanted.groups) if wanted.groups else {}
        found: list[Account] = []
        cursor = ""
        for _ in range(MOST):
            page = await self._ask(self.client.users_list, limit=PAGE, cursor=cursor)
            found += _asked_for(page.get("members") or (), team, groups, wanted)
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return found
        raise DirectoryMistake("Slack's list of people has no end")

    async def _groups(self, handles: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """The groups of each user who is in one of these."""
        listed = (await self._ask(self.client.usergroups_list)).get("usergroups") or ()
        ids = {str(group.get("handle") or "").lower(): str(group["id"]) for group in listed}
        found: dict[str, list[str]] = {}
        for handle in handles:
            if handle not in ids:
                sentence = f"Slack has no user group @{handle}, which school.toml names"
                raise DirectoryMistake(sentence)
            told = await self._ask(self.client.usergroups_users_list, usergroup=ids[handle])
            for user in told.get("users") or ():
                found.setdefault(str(user), []).append(handle)
        return found

    async def _ask(
        self, call: Callable[..., Awaitable[AsyncSlackResponse]], **options: Any
    ) -> Mapping[str, Any]:
        for _ in range(TRIES):
            try:
                data = (await call(**options)).data
                return data if isinstance(data, dict) else {}
            except SlackApiError as error:
                await self.sleep(_patience(error))
            except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
                raise DirectoryMistake("Slack could not be reached") from error
            except (AttributeError, ValueError) as error:  # slack_sdk trips over an answer in words
                raise DirectoryMistake("Slack's answer could not be understood") from error
        raise DirectoryMistake(_WHY["ratelimited"])


def _asked_for(
    users: Sequence[Mapping[str, Any]],
    team: str,
    groups: Mapping[str, Sequence[str]],
    wanted: Wanted,
) -> Iterator[Account]:
    for user in users:
        account = account_of(user, team, groups.get(str(user["id"]), ()))
        if account.groups or account.standing == "bot" or wanted.emails & {*account.emails}:
            yield account


def _patience(error: SlackApiError) -> float:
    """Seconds to wait before the same call again. Raises DirectoryMistake where it would not help."""
    told = told_by(error)
    code = str(told.get("error") or "")
    if getattr(error.response, "status_code", 0) == 429 or code == "ratelimited":
        asked = _seconds(getattr(error.response, "headers", {}).get("Retry-After"))
        if asked <= LONGEST:
            return asked
        code = "ratelimited"
    raise DirectoryMistake(why(code, str(told.get("needed") or ""))) from None


def told_by(error: SlackApiError) -> Mapping[str, Any]:
    """What Slack said; nothing where it was no JSON, of which slack_sdk makes text."""
    data = getattr(error.response, "data", error.response)
    return data if isinstance(data, dict) else {}


def _seconds(told: str | None) -> float:
    return float(told) if told and told.isdigit() else 1.0


def why(code: str, needed: str) -> str:
    """Slack's code as a plain sentence; of anything that is none of its codes no word is repeated."""
    if code == "missing_scope" and re.fullmatch(r"[a-z:._,]{1,80}", needed):
        return f"the bot token lacks the scope {needed}: add it to the app and install it again"
    if code in _WHY:
        return _WHY[code]
    return f"Slack answered {code}" if _CODE.fullmatch(code) else "Slack answered with an error"
