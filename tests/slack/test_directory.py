"""Slack's directory as accounts: who is a member, a guest, a bot or gone, and in which group."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.accounts import Account, DirectoryMistake, Wanted
from bot.platforms.slack.directory import Directory, account_of
from tests.slack.stub_directory import TEAM, Workspace, refused, user


@pytest.fixture
async def slack() -> AsyncIterator[Workspace]:
    async with Workspace().serving() as workspace:
        yield workspace


class Waits:
    """Sleeps that take no time, counted."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


async def read(slack: Workspace, wanted: Wanted, waits: Waits | None = None) -> list[Account]:
    client = AsyncWebClient("xoxb-canary", base_url=slack.url, retry_handlers=[], timeout=5)
    return list(await Directory(client, waits or Waits()).everyone(wanted))


ANN = "ann@oak.example"

STANDINGS: dict[str, tuple[dict[str, Any], str]] = {
    "a member": (user("U1", ANN), "member"),
    "somebody gone": (user("U1", ANN, deleted=True), "gone"),
    "a bot": (user("U1", ANN, is_bot=True), "bot"),
    "Slackbot": (user("USLACKBOT", ANN), "bot"),
    "a guest of many channels": (user("U1", ANN, is_restricted=True), "guest"),
    "a guest of one channel": (user("U1", ANN, is_ultra_restricted=True), "guest"),
    "a stranger": (user("U1", ANN, is_stranger=True), "guest"),
    "of another workspace": (user("U1", ANN, team_id="T2"), "guest"),
    "of our organisation": (
        user("U1", ANN, team_id="T2", enterprise_user={"teams": ["T2", TEAM]}),
        "member",
    ),
}


@pytest.mark.parametrize("what", STANDINGS)
def test_what_a_user_is_to_the_workspace(what: str) -> None:
    told, standing = STANDINGS[what]
    account = account_of(told, TEAM)
    assert (account.id, account.standing) == (f"slack:{told['id']}", standing)


def test_an_address_is_in_small_letters_and_one_that_is_not_confirmed_does_not_count() -> None:
    assert account_of(user("U1", "Ann@Oak.example"), TEAM).emails == (ANN,)
    assert account_of(user("U1", ANN, is_email_confirmed=False), TEAM).emails == ()
    assert account_of(user("U1"), TEAM).emails == ()
    assert account_of({"id": "U1"}, TEAM) == Account("slack:U1")


async def test_whoever_is_asked_for_is_found_on_any_page_and_nobody_else(slack: Workspace) -> None:
    slack.users = [user(f"U{n}", f"p{n}@oak.example") for n in range(450)]
    slack.users[449] = user("U449", ANN)
    slack.users[3] = user("B3", is_bot=True)
    found = await read(slack, Wanted(frozenset({ANN, "p7@oak.example"})))
    assert [one.id for one in found] == ["slack:B3", "slack:U7", "slack:U449"]
    assert slack.asked == ["auth.test", *["users.list"] * 3]


async def test_members_of_the_named_groups_are_found_with_their_groups(slack: Workspace) -> None:
    slack.users = [user("U1", ANN), user("U2", "b@x.example"), user("U3"), user("U4")]
    slack.groups = {"staff": ["U2", "U3"], "heads": ["U2"], "others": ["U4"]}
    found = await read(slack, Wanted(groups=("staff", "heads")))
    assert [(one.id, one.groups) for one in found] == [
        ("slack:U2", ("staff", "heads")),
        ("slack:U3", ("staff",)),
    ]
    assert "usergroups.list" not in (await _asked_without_groups(slack))


async def _asked_without_groups(slack: Workspace) -> list[str]:
    slack.asked.clear()
    await read(slack, Wanted(frozenset({ANN})))
    return slack.asked


async def test_a_group_that_is_not_there_is_told_by_its_handle(slack: Workspace) -> None:
    with pytest.raises(DirectoryMistake, match="no user group @staff, which school"):
        await read(slack, Wanted(groups=("staff",)))


async def test_slack_is_given_the_time_it_asks_for_but_not_for_ever(slack: Workspace) -> None:
    slack.users, waits = [user("U1", ANN)], Waits()
    slack.trouble["users.list"] = [refused("ratelimited", 429, after="30") for _ in range(2)]
    assert len(await read(slack, Wanted(frozenset({ANN})), waits)) == 1
    assert waits.seconds == [30.0, 30.0]
    for after, times in (("30", 4), ("3600", 1)):
        slack.trouble["users.list"] = [
            refused("ratelimited", 429, after=after) for _ in range(times)
        ]
        with pytest.raises(DirectoryMistake, match="more patience"):
            await read(slack, Wanted())


TROUBLES: dict[str, tuple[web.Response, str]] = {
    "a scope": (refused("missing_scope", needed="users:read"), "lacks the scope users:read"),
    "a dead token": (refused("token_revoked"), "no longer takes the bot token"),
    "another code": (refused("fatal_error"), "Slack answered fatal_error"),
    "no code": (refused("A canary's words"), "Slack answered with an error"),
    "a broken server": (web.Response(text="canary", status=502), "Slack"),
    "a proxy": (web.Response(text="<html>canary</html>"), "answer could not be understood"),
    "no plan": (refused("plan_upgrade_required"), "this Slack plan has no user groups"),
}


@pytest.mark.parametrize("what", TROUBLES)
async def test_trouble_is_one_plain_sentence_without_anybodys_words(
    what: str, slack: Workspace
) -> None:
    response, says = TROUBLES[what]
    slack.trouble["users.list"] = [response]
    with pytest.raises(DirectoryMistake, match=says) as mistake:
        await read(slack, Wanted())
    assert "canary" not in str(mistake.value)


async def test_a_workspace_that_cannot_be_reached_is_told() -> None:
    nowhere = AsyncWebClient(
        "xoxb-canary", base_url="http://127.0.0.1:9/api/", retry_handlers=[], timeout=5
    )
    with pytest.raises(DirectoryMistake, match="could not be reached"):
        await Directory(nowhere).everyone(Wanted())
