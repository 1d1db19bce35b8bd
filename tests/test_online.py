"""``doctor --online`` against what answers like Slack and Microsoft: every line, and what it never prints."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from click.testing import CliRunner

from bot import online
from bot.__main__ import cli
from bot.config import Config
from bot.platforms.checkups import Line, clock
from bot.platforms.slack.scopes import ALL
from bot.platforms.teams import checkup
from bot.platforms.teams.token_out import AppTokens
from tests.helpers import settings
from tests.slack.stub_directory import Workspace, refused, user
from tests.teams import stub_graph
from tests.teams.stub import APP, SECRET, TENANT, Stub
from tests.teams.stub_authority import Authority
from tests.teams.stub_graph import StubGraph, oid

GROUP = oid(900)
OAK = f"""id = "oak"
name = "Oak"
[directory]
slack_groups = ["staff"]
teams_groups = ["{GROUP}"]
"""
STAFF = (
    "id,name,email,until\nann,Canary Ann,u1@oak.example,\nbob,Canary Bob,u2@oak.example b@x.example,\n"
    "lee,Lee,lee@oak.example,2020-01-01\ncy,Cy,,\n"
)


def school(folder: Path) -> dict[str, str]:
    (folder / "oak").mkdir()
    (folder / "oak" / "school.toml").write_text(OAK, "utf-8")
    (folder / "oak" / "staff.csv").write_text(STAFF, "utf-8")
    return {"POLICIES_DIR": str(folder)}


def bad(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line[0] != "ok"]


# The clock ----------------------------------------------------------------------------------------------

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("off", "mark"), [(59, "ok"), (-61, "LOOK"), (299, "LOOK"), (301, "NOT OK")]
)
def test_a_clock_that_is_off_is_told_before_it_matters(off: int, mark: str) -> None:
    told = clock("Slack", "Fri, 20 Nov 2026 12:00:00 GMT", NOON + timedelta(seconds=off))
    assert told[0] == mark
    assert (f"{abs(off)} s off" in told[1]) == (mark != "ok")


@pytest.mark.parametrize("told", [None, "", "yesterday"])
def test_a_time_that_was_not_told_is_no_wrong_clock(told: str | None) -> None:
    assert clock("Slack", told, NOON)[0] == "LOOK"


# Slack --------------------------------------------------------------------------------------------------


@pytest.fixture
async def slack() -> AsyncIterator[Workspace]:
    async with Workspace().serving() as workspace:
        workspace.headers = {"x-oauth-scopes": ",".join(ALL)}
        workspace.users = [user("U1", "u1@oak.example"), user("U2", "b@x.example")]
        workspace.groups = {"staff": ["U2"]}
        yield workspace


def slack_set_up(slack: Workspace, folder: Path, **env: str) -> Config:
    tokens = {"SLACK_BOT_TOKEN": "xoxb-canary", "SLACK_APP_TOKEN": "xapp-canary"}
    return settings(**{**school(folder), **tokens, "SLACK_API_URL": slack.url, **env})


async def test_a_workspace_that_is_set_up_well_is_ok_in_every_line(
    slack: Workspace, tmp_path: Path
) -> None:
    assert await online.looked_at(slack_set_up(slack, tmp_path)) == [
        ("ok", "Slack: the bot token works"),
        ("ok", f"Slack: all {len(ALL)} scopes are there, and none too many"),
        ("ok", "Slack: the clock of this machine is right"),
        ("ok", "Slack: it would show a card"),
        ("ok", "Slack: a socket opens with the app token"),
        ("ok", "Slack: 2 of the 2 people with an e-mail address are there"),
    ]
    assert slack.tokens[slack.asked.index("apps.connections.open")] == "Bearer xapp-canary"


SPOILT: dict[str, tuple[dict[str, Any], str, str]] = {
    "no token": ({"auth.test": refused("invalid_auth")}, "NOT OK", "no longer takes the bot token"),
    "no card": (
        {"blocks.validate": refused("invalid_blocks", errors=[{"pointer": "/0/text"}])},
        "NOT OK",
        "would not show a card (at /0/text)",
    ),
    "no validation": (
        {"blocks.validate": refused("unknown_method")},
        "LOOK",
        "whether it shows a card could not be asked: Slack answered unknown_method",
    ),
    "no socket": (
        {"apps.connections.open": refused("not_allowed_token_type")},
        "NOT OK",
        "SLACK_APP_TOKEN needs the scope connections:write",
    ),
    "no list": (
        {"users.list": refused("missing_scope", needed="users:read")},
        "LOOK",
        "the directory cannot be read: the bot token lacks the scope users:read",
    ),
}


@pytest.mark.parametrize("what", SPOILT)
async def test_what_is_wrong_on_slack_is_one_sentence_that_says_what_to_do(
    what: str, slack: Workspace, tmp_path: Path
) -> None:
    trouble, mark, says = SPOILT[what]
    slack.trouble = {method: [answer] for method, answer in trouble.items()}
    (line,) = bad(await online.looked_at(slack_set_up(slack, tmp_path)))
    assert line[0] == mark
    assert says in line[1]


async def test_scopes_that_lack_and_scopes_too_many_are_told_apart(
    slack: Workspace, tmp_path: Path
) -> None:
    given = [scope for scope in ALL if scope not in ("im:write", "channels:read")]
    slack.headers = {"X-OAuth-Scopes": ", ".join([*given, "files:read"])}
    lines = bad(await online.looked_at(slack_set_up(slack, tmp_path)))
    assert lines == [
        (
            "LOOK",
            "Slack: the bot cannot see who reads along in a channel: add the scope channels:read and"
            " install the app again",
        ),
        (
            "NOT OK",
            "Slack: the bot cannot write to somebody first: add the scope im:write and install the app"
            " again",
        ),
        ("LOOK", "Slack: the bot may do more than it needs: take away files:read"),
    ]


async def test_people_whom_slack_does_not_know_are_counted_and_not_named(
    slack: Workspace, tmp_path: Path
) -> None:
    slack.users[0]["is_restricted"] = True
    (line,) = bad(await online.looked_at(slack_set_up(slack, tmp_path)))
    assert line == (
        "LOOK",
        "Slack: 1 of the 2 people with an e-mail address are there: the others have another address"
        " there, or no account",
    )


async def test_over_http_it_says_what_only_slack_can_show(slack: Workspace, tmp_path: Path) -> None:
    config = slack_set_up(slack, tmp_path, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="canary")
    (line,) = bad(await online.looked_at(config))
    assert "whether the signing secret is right, shows only when it does" in line[1]
    assert "apps.connections.open" not in slack.asked


async def test_offline_there_is_one_line(tmp_path: Path) -> None:
    nowhere = Workspace()
    nowhere.url = "http://127.0.0.1:9/api/"
    (line,) = await online.looked_at(slack_set_up(nowhere, tmp_path))
    assert line[0] == "NOT OK"
    assert "cannot be reached from here, so nothing more was looked at" in line[1]


# Teams --------------------------------------------------------------------------------------------------


@dataclass
class Microsoft:
    """A tenant, Graph and the keys, as the stub of all Microsoft's hosts has them."""

    stub: Stub
    authority: Authority
    graph: StubGraph
    config: Config
    keys: int = 200

    async def looked_at(self, secret: str = SECRET, now: datetime | None = None) -> list[Line]:
        tokens = AppTokens(APP, TENANT, secret, http=self.stub.http())
        at = now or datetime.now(UTC)
        async with self.stub.session() as session:
            return [*await online.asked_of_teams(self.config, APP, session, tokens, lambda: at)]


@pytest.fixture
async def microsoft(tmp_path: Path) -> AsyncIterator[Microsoft]:
    graph = StubGraph(token="graph.microsoft.com/.default", next_host="https://graph.microsoft.com")
    graph.users = [stub_graph.user(1), stub_graph.user(2), stub_graph.user(3)]
    graph.groups = {GROUP: [2]}
    made = Microsoft(Stub(), Authority(), graph, settings(**school(tmp_path)))
    made.authority.add_to(made.stub.app)
    graph.add_to(made.stub.app)

    async def keys(request: web.Request) -> web.Response:
        return web.json_response({}, status=made.keys)

    made.stub.app.router.add_get("/v1/.well-known/openidconfiguration", keys)
    async with made.stub.serving():
        yield made


OFFERED = ("LOOK", checkup._OFFERED)
WELL = [
    ("ok", "Teams: Microsoft gives the app a token to answer with"),
    ("ok", "Teams: the clock of this machine is right"),
    ("ok", "Teams: 2 of the 2 people with an e-mail address are there"),
]


async def test_a_tenant_that_is_set_up_well_leaves_only_what_nobody_can_ask(
    microsoft: Microsoft,
) -> None:
    microsoft.graph.trouble["/v1.0/appCatalogs"] = [(403, {})]
    assert await microsoft.looked_at() == [*WELL, OFFERED]


async def test_what_the_app_may_see_of_who_uses_it_is_told(microsoft: Microsoft) -> None:
    microsoft.graph.principal = {"appRoleAssignmentRequired": False}
    assert (await microsoft.looked_at())[3:] == [
        ("LOOK", "Teams: in Entra the app needs no assignment: set Assignment required to Yes"),
        ("LOOK", "Teams: the app is not yet in the school's own app catalogue"),
        OFFERED,
    ]
    microsoft.graph.principal = {"appRoleAssignmentRequired": True}
    microsoft.graph.apps = [{"id": "x"}]
    assert (await microsoft.looked_at())[3:] == [
        ("ok", "Teams: in Entra only those may use the app to whom it is assigned"),
        ("ok", "Teams: the app is in the school's own app catalogue"),
        OFFERED,
    ]


async def test_a_wrong_secret_is_told_with_what_helps(microsoft: Microsoft) -> None:
    (line,) = await microsoft.looked_at("canary")
    assert line[0] == "NOT OK"
    assert "no token (invalid_client): make a new secret or certificate" in line[1]


async def test_without_consent_the_directory_is_not_read_and_the_list_has_to_do(
    microsoft: Microsoft,
) -> None:
    microsoft.graph.trouble["/v1.0/users"] = [(403, {})]
    line = (await microsoft.looked_at())[2]
    assert line[0] == "LOOK"
    assert "an administrator has to consent to User.Read.All; until then people are" in line[1]


@pytest.mark.parametrize(
    ("status", "says"), [(403, "GroupMember.Read.All"), (404, "no such group")]
)
async def test_a_group_that_cannot_be_read_keeps_its_members_out(
    status: int, says: str, microsoft: Microsoft
) -> None:
    microsoft.graph.trouble["/v1.0/groups"] = [(status, {})]
    line = (await microsoft.looked_at())[2]
    assert line[0] == "NOT OK"
    assert says in line[1]


async def test_keys_and_clock_are_looked_at(microsoft: Microsoft) -> None:
    late = datetime.now(UTC) + timedelta(minutes=6)
    assert (await microsoft.looked_at(now=late))[1][0] == "NOT OK"
    microsoft.keys = 503
    assert (await microsoft.looked_at())[1] == (
        "NOT OK",
        "Teams: Microsoft's keys cannot be fetched (503): nothing can be heard",
    )


async def test_microsoft_out_of_reach_is_one_line(microsoft: Microsoft) -> None:
    microsoft.authority.mood = "lost"
    (line,) = await microsoft.looked_at()
    assert line == ("NOT OK", checkup.AWAY)


# The command ---------------------------------------------------------------------------------------------


async def test_no_line_holds_a_token_a_name_or_an_address(
    slack: Workspace, microsoft: Microsoft
) -> None:
    tokens = {"SLACK_BOT_TOKEN": "xoxb-canary", "SLACK_APP_TOKEN": "xapp-canary"}
    env = {"POLICIES_DIR": str(microsoft.config.policies), "SLACK_API_URL": slack.url}
    slack.trouble = {"blocks.validate": [refused("Canary words of somebody's")]}
    lines = [*await online.looked_at(settings(**tokens, **env)), *await microsoft.looked_at()]
    told = "\n".join(said for _, said in lines)
    for secret in ("anary", "@", "Name of", SECRET, "token 1", "wss"):
        assert secret not in told


async def test_the_local_test_client_and_nothing_set_up_have_nothing_to_ask() -> None:
    assert await online.looked_at(settings()) == [("LOOK", online.NOTHING)]
    assert await online.looked_at(settings(TEAMS_AUTH="off")) == [("LOOK", checkup.LOCAL)]


def test_the_command_prints_both_and_fails_for_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(settings().data))
    plain = CliRunner().invoke(cli, ["doctor"])
    asked = CliRunner().invoke(cli, ["doctor", "--online"])
    assert asked.output == plain.output + f"LOOK    {online.NOTHING}\n"
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-canary")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-canary")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    assert CliRunner().invoke(cli, ["doctor", "--online"]).exit_code == 1
