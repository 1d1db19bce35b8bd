"""``doctor --online``: would Slack and Microsoft let the bot speak, and know its people? One line each.

It only asks: nobody is written to, and no record is made. No token and nobody's name is printed.
"""

import asyncio
from collections.abc import Sequence

from aiohttp import ClientSession, DummyCookieJar

from bot.clock import wall_time
from bot.config import Config, SlackSettings, TeamsSettings
from bot.conversations import read_conversations
from bot.core.accounts import Wanted, wanted
from bot.core.people import everyone, local_day
from bot.library import LibraryMistake, read_library
from bot.platforms import Now
from bot.platforms.checkups import Line, People
from bot.platforms.slack import checkup as on_slack
from bot.platforms.slack.blocks import Blocks, messages
from bot.platforms.slack.client import Api
from bot.platforms.teams import checkup as on_teams
from bot.platforms.teams.hosts import PUBLIC, Hosts
from bot.platforms.teams.token_out import AppTokens, Tokens, certificate
from bot.wording import CARDS, Wording

NOTHING = "Neither Slack nor Teams is set up, so there is nothing to ask online (deploy/README.md)"


def examine(config: Config) -> tuple[list[str], bool]:
    """The lines to print, and whether staff would be answered on Slack and Teams."""
    lines = asyncio.run(looked_at(config))
    return [f"{mark:6}  {said}" for mark, said in lines], all(mark != "NOT OK" for mark, _ in lines)


async def looked_at(config: Config) -> list[Line]:
    """Of what is set up. Offline there is one line for each."""
    if not (config.slack or config.teams):
        return [("LOOK", NOTHING)]
    lines: list[Line] = []
    if config.slack:
        lines += await _slack(config, config.slack)
    if config.teams:
        lines += await _teams(config, config.teams)
    return lines


async def _slack(config: Config, settings: SlackSettings) -> Sequence[Line]:
    api = Api(settings.bot_token, settings.api)
    asked, people = _asked(config, "slack")
    try:
        return await on_slack.checked(
            api.web, settings.app_token, _card(config), asked, people, wall_time
        )
    finally:
        await api.close()


async def _teams(config: Config, settings: TeamsSettings) -> Sequence[Line]:
    if settings.local:
        return [("LOOK", on_teams.LOCAL)]
    try:
        credential = certificate(settings.certificate) if settings.certificate else settings.secret
    except (OSError, ValueError) as error:
        return [("NOT OK", f"Teams: {error}")]
    tokens = AppTokens(settings.app_id, settings.tenant, credential)
    async with ClientSession(cookie_jar=DummyCookieJar(), trust_env=True) as session:
        return await asked_of_teams(config, settings.app_id, session, tokens, wall_time)


async def asked_of_teams(
    config: Config,
    app_id: str,
    session: ClientSession,
    tokens: Tokens,
    now: Now,
    hosts: Hosts = PUBLIC,
) -> Sequence[Line]:
    asked, people = _asked(config, "teams")
    return await on_teams.checked(session, tokens, app_id, asked, people, now, hosts)


def _asked(config: Config, platform: str) -> tuple[Wanted, People]:
    """What a directory is asked for, and the addresses of each person who may chat today."""
    try:
        schools = read_library(config.policies).schools
    except LibraryMistake:  # told by doctor itself
        return Wanted(), ()
    today = local_day(wall_time())
    here = (person for person in everyone(schools.values()).values() if person.at(today))
    people = [frozenset(person.emails) for person in here if person.emails]
    return wanted(schools, platform, today), people


def _card(config: Config) -> Blocks:
    """A card that names nobody: what somebody is greeted with."""
    greeting = Wording(config.conversations / "wording", CARDS).card(
        "welcome", {"name": "", "policies": [], "dsl": None, "numbers": {}}
    )
    fixed = read_conversations(config.conversations).fixed
    return messages(greeting, fixed)[0].blocks
