"""What ``doctor --online`` asks of Slack: tokens, scopes, the clock, a card, who is there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.accounts import DirectoryMistake, Wanted
from bot.platforms import Now
from bot.platforms.checkups import Line, People, clock, found
from bot.platforms.slack.blocks import Blocks
from bot.platforms.slack.directory import Directory, told_by, why
from bot.platforms.slack.scopes import NEEDED, WISHED, beyond, missing

AWAY = (
    "Slack: it cannot be reached from here, so nothing more was looked at: is this machine online?"
)
_NO_ANSWER = (
    *(SlackClientError, aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError),
)


async def checked(
    client: AsyncWebClient,
    app_token: str,
    blocks: Blocks,
    wanted: Wanted,
    people: People,
    now: Now,
) -> Sequence[Line]:
    """``client`` has the bot token; ``blocks`` are those of a card. Offline, one line that says so."""
    try:
        who = await client.auth_test()
        at = now()
        lines = [*_token(who), *_scopes(who.headers), clock("Slack", _date(who.headers), at)]
        lines.append(await _card(client, blocks))
        lines.append(await _socket(client, app_token))
    except SlackApiError as error:
        return [("NOT OK", f"Slack: {_said(error)}")]
    except _NO_ANSWER:
        return [("NOT OK", AWAY)]
    return [*lines, await _directory(client, wanted, people)]


def _token(who: AsyncSlackResponse) -> Iterator[Line]:
    if not who.get("bot_id"):
        yield (
            "NOT OK",
            "Slack: SLACK_BOT_TOKEN is no bot's token: take the one that begins with xoxb-",
        )
    elif who.get("is_enterprise_install"):
        yield (
            "LOOK",
            "Slack: the app is installed for an organisation: only one workspace is served",
        )
    else:
        yield "ok", "Slack: the bot token works"


def _scopes(headers: Mapping[str, str]) -> Iterator[Line]:
    told = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes")
    if told is None:
        yield "LOOK", "Slack: it did not tell what the bot may do (x-oauth-scopes)"
        return
    given = [scope.strip() for scope in told.split(",") if scope.strip()]
    for scope in missing(given):
        mark, what = ("NOT OK", NEEDED) if scope in NEEDED else ("LOOK", WISHED)
        told = f"the bot cannot {what[scope]}: add the scope {scope} and install the app again"
        yield mark, f"Slack: {told}"
    if more := beyond(given):
        yield "LOOK", f"Slack: the bot may do more than it needs: take away {', '.join(more)}"
    if not missing(given) and not more:
        yield "ok", f"Slack: all {len(given)} scopes are there, and none too many"


def _date(headers: Mapping[str, str]) -> str | None:
    return {name.lower(): value for name, value in headers.items()}.get("date")


async def _card(client: AsyncWebClient, blocks: Blocks) -> Line:
    """Whether Slack would show a card: it checks one for whoever asks."""
    try:
        await client.blocks_validate(blocks=blocks)  # type: ignore[arg-type]
    except SlackApiError as error:
        told = told_by(error)
        if told.get("error") != "invalid_blocks":
            return "LOOK", f"Slack: whether it shows a card could not be asked: {_said(error)}"
        return "NOT OK", f"Slack: it would not show a card{_place(told)}: please report this"
    return "ok", "Slack: it would show a card"


def _place(told: Mapping[str, Any]) -> str:
    """Where in a card the first fault is; no word of it."""
    faults: list[Any] = told.get("errors") or [{}]
    where = str(faults[0].get("pointer") or "") if isinstance(faults[0], dict) else ""
    return f" (at {where[:60]})" if where else ""


async def _socket(client: AsyncWebClient, app_token: str) -> Line:
    if not app_token:
        return (
            "LOOK",
            "Slack: it comes over HTTP: whether it finds this machine, and whether the signing secret is"
            " right, shows only when it does",
        )
    try:
        await client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        return "NOT OK", (
            f"Slack: no socket opens: {_said(error)}; SLACK_APP_TOKEN needs the scope connections:write,"
            " and the app Socket Mode"
        )
    return "ok", "Slack: a socket opens with the app token"


async def _directory(client: AsyncWebClient, wanted: Wanted, people: People) -> Line:
    try:
        everyone = await Directory(client).everyone(wanted)
    except DirectoryMistake as mistake:
        return "LOOK", f"Slack: the directory cannot be read: {mistake}"
    return found("Slack", everyone, people)


def _said(error: SlackApiError) -> str:
    told = told_by(error)
    return why(str(told.get("error") or ""), str(told.get("needed") or ""))
