"""Settings from the environment."""

from pathlib import Path

import pytest

from bot.config import ROOT, ConfigMistake, SlackSettings, TeamsSettings, config_from


def test_without_settings_everything_lies_in_the_repository() -> None:
    told = config_from({})
    assert (told.policies, told.data, told.port) == (ROOT / "policies", ROOT / "var", 8080)


def test_an_empty_setting_is_the_default() -> None:
    names = ("POLICIES_DIR", "CONVERSATIONS_DIR", "DATA_DIR", "PORT", "KEK_FILE", "NO_BROWSER")
    assert config_from(dict.fromkeys(names, "")) == config_from({})


def test_settings_that_are_given_count() -> None:
    told = config_from({"DATA_DIR": "/srv/data", "PORT": "8123", "NO_BROWSER": "1"})
    assert (told.data, told.port, told.browser) == (Path("/srv/data"), 8123, False)


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80.5", "²", " ", "9" * 5000, "١"])
def test_a_port_that_is_none_is_one_sentence(port: str) -> None:
    with pytest.raises(ConfigMistake, match="PORT is "):
        config_from({"PORT": port})


# Slack and Teams --------------------------------------------------------------------------------------

CANARY = "quixotry"
GUID, OTHER = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "00000000-0000-0000-0000-00000000000A"
BOT, APP = f"xoxb-1-{CANARY}", f"xapp-1-{CANARY}"
SLACK = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP}
TEAMS = {"TEAMS_APP_ID": GUID, "TEAMS_TENANT_ID": OTHER, "TEAMS_APP_SECRET": f"s~{CANARY}"}
SECRETS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "TEAMS_APP_SECRET")


def mistake(env: dict[str, str]) -> str:
    """The one sentence, which quotes no secret."""
    with pytest.raises(ConfigMistake) as raised:
        config_from(env)
    told = str(raised.value)
    assert CANARY not in told
    assert raised.value.__cause__ is None
    assert "\n" not in told
    return told


def test_without_settings_neither_platform_is_there() -> None:
    names = (*SECRETS, "SLACK_API_URL", "TEAMS_APP_ID", "TEAMS_TENANT_ID", "TEAMS_AUTH")
    for env in ({}, dict.fromkeys(names, ""), {f"{name}_FILE": "" for name in SECRETS}):
        told = config_from(env)
        assert (told.slack, told.teams) == (None, None)


def test_slack_comes_through_socket_mode_or_http_or_both_tokens_are_known() -> None:
    assert config_from(SLACK).slack == SlackSettings(BOT, APP)
    signed = {"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": "abc"}
    assert config_from(signed).slack == SlackSettings(BOT, "", "abc")
    assert config_from({**SLACK, **signed}).slack == SlackSettings(BOT, APP, "abc")


def test_teams_has_a_secret_or_a_certificate(tmp_path: Path) -> None:
    assert config_from(TEAMS).teams == TeamsSettings(GUID, OTHER, f"s~{CANARY}")
    pem = tmp_path / "app.pem"
    pem.write_text("x", "utf-8")
    certified = {**TEAMS, "TEAMS_APP_SECRET": "", "TEAMS_CERTIFICATE_FILE": str(pem)}
    assert config_from(certified).teams == TeamsSettings(GUID, OTHER, certificate=pem)
    assert config_from({"TEAMS_AUTH": "off"}).teams == TeamsSettings(local=True)


def test_settings_are_taken_without_the_space_round_them() -> None:
    spaced = {name: f" {value}\n" for name, value in {**SLACK, **TEAMS}.items()}
    told = config_from(spaced)
    assert (told.slack, told.teams) == (config_from(SLACK).slack, config_from(TEAMS).teams)


HALVES: tuple[tuple[dict[str, str], str], ...] = (
    ({"SLACK_APP_TOKEN": APP}, "SLACK_BOT_TOKEN"),
    ({"SLACK_SIGNING_SECRET": CANARY}, "SLACK_BOT_TOKEN"),
    ({"SLACK_BOT_TOKEN": BOT}, "SLACK_APP_TOKEN"),
    ({"SLACK_BOT_TOKEN": APP, "SLACK_APP_TOKEN": BOT}, "SLACK_BOT_TOKEN"),
    ({**SLACK, "SLACK_APP_TOKEN": BOT}, "SLACK_APP_TOKEN"),
    ({**SLACK, "SLACK_BOT_TOKEN": f"xoxb-{CANARY}\nxoxb-2"}, "SLACK_BOT_TOKEN"),
    ({**SLACK, "SLACK_SIGNING_SECRET": f"{CANARY}é"}, "SLACK_SIGNING_SECRET"),
    ({"TEAMS_APP_ID": GUID}, "TEAMS_TENANT_ID"),
    ({"TEAMS_TENANT_ID": OTHER}, "TEAMS_APP_ID"),
    ({"TEAMS_APP_SECRET": CANARY}, "TEAMS_APP_ID"),
    ({"TEAMS_CERTIFICATE_FILE": "/nowhere"}, "TEAMS_APP_ID"),
    ({**TEAMS, "TEAMS_APP_SECRET": ""}, "TEAMS_APP_SECRET"),
    ({**TEAMS, "TEAMS_APP_ID": CANARY}, "TEAMS_APP_ID"),
    ({**TEAMS, "TEAMS_TENANT_ID": "common"}, "TEAMS_TENANT_ID"),
    ({**TEAMS, "TEAMS_TENANT_ID": f"{{{OTHER}}}"}, "TEAMS_TENANT_ID"),
    ({**TEAMS, "TEAMS_CERTIFICATE_FILE": "/nowhere"}, "TEAMS_CERTIFICATE_FILE"),
    (
        {**TEAMS, "TEAMS_APP_SECRET": "", "TEAMS_CERTIFICATE_FILE": "/nowhere"},
        "TEAMS_CERTIFICATE_FILE",
    ),
    ({"TEAMS_AUTH": "no"}, "TEAMS_AUTH"),
    ({**TEAMS, "TEAMS_AUTH": "OFF"}, "TEAMS_AUTH"),
    ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "TEAMS_AUTH": "off"}, "TEAMS_AUTH"),
    ({**TEAMS, "TEAMS_AUTH": "off"}, "TEAMS_AUTH"),
)


@pytest.mark.parametrize(("env", "name"), HALVES, ids=range(len(HALVES)))
def test_half_a_platform_stops_the_start_in_one_sentence_that_names_the_setting(
    env: dict[str, str], name: str
) -> None:
    assert name in mistake(env)


@pytest.mark.parametrize(
    "address",
    [
        *("https://evil.example/api/", "http://evil.example/api/", "http://127.0.0.1.evil/api/"),
        *("http://127.0.0.1:3000@evil.example/", "http://localhost:x@evil.example/api/"),
        *("http://127.0.0.1:3000\\@evil.example/", "http://127.0.0.1#@evil.example/", "localhost"),
        *("https://slack.com.evil.example/api/", "http://slack.com/api/", "http://127.0.0.1:3000"),
        *("http://127.0.0.1:80/\nhttp://evil.example/", "http://127.0.0.1:80/?@evil", "x"),
    ],
)
def test_the_token_goes_to_slack_or_to_an_emulator_here(address: str) -> None:
    assert mistake({**SLACK, "SLACK_API_URL": address}).startswith("SLACK_API_URL is for")


@pytest.mark.parametrize("address", ["http://127.0.0.1:3000/api/", "http://localhost/api/"])
def test_an_emulator_on_this_machine_may_stand_for_slack(address: str) -> None:
    told = config_from({**SLACK, "SLACK_API_URL": address})
    assert told.slack == SlackSettings(BOT, APP, api=address)


# Secrets in files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_may_stand_in_a_file(name: str, tmp_path: Path) -> None:
    env = {**SLACK, "SLACK_SIGNING_SECRET": "abc", **TEAMS}
    file = tmp_path / name
    file.write_text(f"{env[name]}\r\n", "utf-8")
    filed = {**env, name: "", f"{name}_FILE": str(file)}
    assert config_from(filed) == config_from(env)


@pytest.mark.parametrize("name", SECRETS)
def test_a_file_that_cannot_be_a_secrets_is_one_sentence(name: str, tmp_path: Path) -> None:
    for what, raw in (("empty", b" \n"), ("bytes", b"\xff\xfe"), ("two", CANARY.encode() + b"\n2")):
        (tmp_path / what).write_bytes(raw)
    (tmp_path / "folder").mkdir()
    for what in ("empty", "bytes", "two", "folder", "missing", "nul\0"):
        alone = {f"{name}_FILE": str(tmp_path / what)}
        assert name in mistake(alone), what
        assert name in mistake({**SLACK, **TEAMS, name: "", **alone}), what


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_that_is_given_twice_is_one_sentence(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(CANARY, "utf-8")
    twice = {**SLACK, **TEAMS, name: CANARY, f"{name}_FILE": str(tmp_path / "secret")}
    assert mistake(twice) == f"{name} and {name}_FILE are both set: which of them holds?"


def test_no_secret_is_shown_where_the_settings_are() -> None:
    told = config_from({**SLACK, **TEAMS, "SLACK_SIGNING_SECRET": CANARY})
    assert CANARY not in repr(told)
    assert GUID in repr(told)


def test_a_settings_example_that_was_not_filled_in_is_no_setting() -> None:
    with pytest.raises(ConfigMistake, match="TEAMS_APP_ID is missing"):
        config_from(
            {"TEAMS_APP_ID": "00000000-0000-0000-0000-000000000000", "TEAMS_APP_SECRET": "s"}
        )


@pytest.mark.parametrize("tokens", [("xapp-1", "xoxb-1"), ("xapp-1", ""), ("", "xoxb-1")])
def test_tokens_in_each_others_place_are_told_apart(tokens: tuple[str, str]) -> None:
    with pytest.raises(ConfigMistake, match="swap them") as told:
        config_from({"SLACK_BOT_TOKEN": tokens[0], "SLACK_APP_TOKEN": tokens[1]})
    assert not any(token and token in str(told.value) for token in tokens)


def test_a_secrets_file_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigMistake, match="there is no such file"):
        config_from({"SLACK_BOT_TOKEN_FILE": str(tmp_path / "none")})
