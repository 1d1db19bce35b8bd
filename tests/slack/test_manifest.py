"""The manifests that a technician gives Slack: as its schema wants them, and as the code needs them."""

import ast
import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import ROOT
from bot.platforms.slack import PATH
from bot.platforms.slack.hear import Hearing
from bot.platforms.slack.scopes import ALL, NEEDED, WISHED
from tests.bench.sets import SHARED
from tests.slack.shown import FIXED
from tests.slack.workspace import SCOPES

SOCKET, HTTP = ROOT / "deploy" / "slack-manifest.yaml", ROOT / "deploy" / "slack-manifest-http.yaml"
SCHEMA = SHARED / "schemas" / "slack-manifest-2.0.0.json"
BOT = ROOT / "bot" / "platforms" / "slack"

METHODS = {name for name in vars(AsyncWebClient) if not name.startswith("_")}
# Methods of the Web API for which a bot needs no scope; what the others need is in SCOPES.
FREE = {"auth.test", "views.open", "views.push", "views.update", "views.publish", "blocks.validate"}
FREE |= {"apps.connections.open"}  # called with the app token, whose one scope is connections:write
# By event, the scopes without which it does not come.
EVENTS: Mapping[str, set[str]] = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "message.im": {"im:history"},
    "user_change": {"users:read"},
}
# What answers and events hold only with a scope of its own, and what the menus need.
MORE = {"users:read.email", "commands"}


@cache
def manifest(path: Path) -> Any:
    """JSON with lines of comment, which is YAML too: nothing here reads YAML, and Slack does."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return json.loads("\n".join(line for line in lines if not line.strip().startswith("#")))


@pytest.mark.parametrize("path", [SOCKET, HTTP], ids=lambda path: path.name)
def test_slacks_own_schema_takes_it(path: Path) -> None:
    if not SCHEMA.exists():
        assert not os.environ.get("CI"), "CI needs ../shared: the schema of Slack's manifests"
        pytest.skip("../shared is not here: the schema of Slack's manifests is read from there")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    errors = jsonschema.Draft7Validator(schema).iter_errors(manifest(path))
    assert [error.message for error in errors] == []


def test_over_http_only_the_addresses_are_other() -> None:
    expected = json.loads(json.dumps(manifest(SOCKET)))
    address = f"https://policybot.school.example{PATH}"
    expected["features"]["slash_commands"][0]["url"] = address
    expected["settings"]["event_subscriptions"]["request_url"] = address
    expected["settings"]["interactivity"]["request_url"] = address
    expected["settings"]["socket_mode_enabled"] = False
    assert manifest(HTTP) == expected


# Against the data -------------------------------------------------------------------------------------


def test_its_names_and_prompts_are_those_of_the_conversations() -> None:
    features = manifest(SOCKET)["features"]
    prompts = [{"title": one.title, "message": one.message} for one in FIXED.prompts]
    assert features["agent_view"]["suggested_prompts"] == prompts
    names = {one["callback_id"]: one["name"] for one in features["shortcuts"]}
    assert names == {"report_message": FIXED.report_message, "report_concern": FIXED.report_concern}
    assert features["slash_commands"][0]["usage_hint"] == FIXED.ask_hint
    assert manifest(SOCKET)["display_information"]["name"] == FIXED.title


def test_staff_can_write_to_the_bot_and_see_its_home() -> None:
    assert manifest(SOCKET)["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


# Against the code -------------------------------------------------------------------------------------


def called() -> set[str]:
    """The methods of the Web API that the code names: "chat.postMessage", or as client.auth_test."""
    return {method for path in BOT.rglob("*.py") for method in _named(path)}


def _named(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = node.attr if isinstance(node, ast.Attribute) else ""
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
            name = node.value.replace(".", "_")
        if "_" in name and name in METHODS:
            yield name.replace("_", ".")


class Listened:
    """Bolt's app, as far as listeners are put on it."""

    def __init__(self) -> None:
        self.on: dict[str, list[Any]] = {}

    def __getattr__(self, kind: str) -> Any:
        def listener(what: Any) -> Any:
            self.on.setdefault(kind, []).append(what)
            return lambda function: function

        return listener


def listened() -> Mapping[str, list[Any]]:
    app = Listened()
    nothing = cast(Any, None)
    Hearing(nothing, nothing, nothing, nothing, nothing, nothing).listen(cast(Any, app))
    return app.on


def test_every_method_the_code_calls_has_its_scope() -> None:
    """A new call fails here until it stands in SCOPES or FREE; one that is gone, until it is taken out."""
    assert called() == {*SCOPES, *FREE}
    given = set(manifest(SOCKET)["oauth_config"]["scopes"]["bot"])
    assert {method for method, any_of in SCOPES.items() if not given & set(any_of)} == set()


def test_every_event_that_is_heard_is_subscribed_and_no_other() -> None:
    events = set(manifest(SOCKET)["settings"]["event_subscriptions"]["bot_events"])
    heard = {"message.im" if event == "message" else event for event in listened()["event"]}
    assert events == heard == set(EVENTS)


def test_the_command_and_the_shortcuts_are_heard() -> None:
    features = manifest(SOCKET)["features"]
    (command,) = listened()["command"]
    (shortcut,) = listened()["shortcut"]
    assert [one["command"] for one in features["slash_commands"] if command.search(one["command"])]
    assert all(shortcut.search(one["callback_id"]) for one in features["shortcuts"])


def test_the_scopes_are_those_the_code_wants_and_each_is_used() -> None:
    scopes = manifest(SOCKET)["oauth_config"]["scopes"]["bot"]
    assert scopes == list(ALL)
    used = {scope for any_of in (*SCOPES.values(), *EVENTS.values()) for scope in any_of}
    assert set(scopes) == used | MORE


def test_each_scope_says_what_it_is_for_as_the_code_does() -> None:
    lines = [line.strip() for line in SOCKET.read_text(encoding="utf-8").splitlines()]
    why = {**NEEDED, **WISHED}
    assert [lines[lines.index(f'"{s}"' if s == ALL[-1] else f'"{s}",') - 1] for s in ALL] == [
        f"# {why[scope]}" for scope in ALL
    ]


def test_no_message_of_a_channel_can_be_read() -> None:
    scopes = manifest(SOCKET)["oauth_config"]["scopes"]
    assert scopes.keys() == {"bot"}
    assert not [
        scope for scope in scopes["bot"] if re.match(r"(channels|groups|mpim):hist|files", scope)
    ]
