"""What a technician is given is true: the settings, the service, and every command they are to type."""

import configparser
import re
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import click
import pytest

from bot.__main__ import cli
from bot.config import ROOT, config_from
from bot.platforms.teams.token_out import certificate
from bot.store.crypto import Sealer, load_or_make_key
from bot.store.sqlite import SqliteStore, examined
from tests.deploy_guide import CHECKOUT, DEPLOY, GUIDE, OURS, made, run, shell, table

EXAMPLE = (DEPLOY / "env.example").read_text(encoding="utf-8")
UNIT = DEPLOY / "policybot.service"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    return made(tmp_path)


# Settings ---------------------------------------------------------------------------------------------


class Noted(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, told: Mapping[str, str]) -> None:
        super().__init__(told)
        self.asked: set[str] = set()

    def get(self, name: str, *default: Any) -> Any:
        self.asked.add(name)
        return super().get(name, *default)


def read_settings() -> tuple[set[str], set[str]]:
    """Every setting that is read, and those of them that may stand in a file."""
    env = Noted({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"})
    config_from(env)
    secret = {name.removesuffix("_FILE") for name in env.asked if name.endswith("_FILE")}
    secret &= env.asked
    return {name for name in env.asked if name.removesuffix("_FILE") not in secret} | secret, secret


def examples() -> dict[str, tuple[str, str]]:
    """Each line of env.example that may be put to use: its remark, and its value."""
    found = re.findall(r"^# (.+)\n#([A-Z_]+)=(.*)$", EXAMPLE, re.M)
    assert len(found) == len({name for _, name, _ in found})
    return {name: (remark, value) for remark, name, value in found}


def test_the_guide_has_every_setting_and_no_other() -> None:
    assert set(table("setting")) == read_settings()[0]


def test_the_example_has_one_line_for_every_setting_with_the_guides_own_words() -> None:
    _, secret = read_settings()
    rows = {
        f"{name}_FILE" if name in secret else name: row for name, row in table("setting").items()
    }
    assert {name: remark for name, (remark, _) in examples().items()} == {
        name: row[-1] for name, row in rows.items()
    }


def test_the_example_changes_nothing_until_a_line_is_put_to_use() -> None:
    put_to_use = [line for line in EXAMPLE.splitlines() if line and not line.startswith("#")]
    assert put_to_use == []
    assert not re.search(r"['\"` ]", "".join(value for _, value in examples().values()))


def test_the_defaults_in_the_guide_are_those_of_the_code() -> None:
    told, config = table("setting"), config_from({})
    folders = (config.policies, config.conversations, config.data)
    for name, folder in zip(
        ("POLICIES_DIR", "CONVERSATIONS_DIR", "DATA_DIR"), folders, strict=True
    ):
        assert told[name][0] == f"`{folder.relative_to(ROOT)}`"
    assert told["PORT"][0] == f"`{config.port}`"
    assert told["HOST"][0] == f"`{config.host}`"


OTHER_WAYS = ("SLACK_API_URL", "TEAMS_AUTH", "TEAMS_CERTIFICATE_FILE")


@pytest.mark.parametrize("without", [OTHER_WAYS, (*OTHER_WAYS[:2], "TEAMS_APP_SECRET_FILE")])
def test_the_lines_of_the_example_are_settings_that_hold(
    machine: Path, without: tuple[str, ...]
) -> None:
    tokens = {"SLACK_BOT_TOKEN_FILE": "xoxb-1", "SLACK_APP_TOKEN_FILE": "xapp-1"}
    used = {name: value for name, (_, value) in examples().items() if name not in without}
    used = {name: value.replace(OURS, str(machine / "etc")) for name, value in used.items()}
    for name, value in used.items():
        if value.startswith(str(machine / "etc" / "secrets")):
            Path(value).write_text(tokens.get(name, "secret"), encoding="utf-8")
    config = config_from(used)
    assert config.slack
    assert config.teams
    assert config.kek_file == machine / "etc" / "key"


# The service ------------------------------------------------------------------------------------------


def unit() -> configparser.SectionProxy:
    read = configparser.ConfigParser(interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(UNIT, encoding="utf-8")
    assert read.sections() == ["Unit", "Service", "Install"]
    return read["Service"]


def test_the_service_runs_a_command_that_is_there() -> None:
    python, *command = shlex.split(unit()["ExecStart"].replace(CHECKOUT, str(ROOT)))
    assert python == str(ROOT / ".venv" / "bin" / "python")
    assert command[:2] == ["-m", "bot"]
    assert_command(command[2:])
    assert unit()["EnvironmentFile"] == f"{OURS}/env"
    assert unit()["WorkingDirectory"] == CHECKOUT


def test_the_service_may_write_where_the_records_are_and_nowhere_else() -> None:
    assert unit()["ReadWritePaths"] == str(config_from({}).data).replace(str(ROOT), CHECKOUT)
    assert unit()["ProtectSystem"] == "strict"
    assert unit()["User"] != "root"


def test_the_service_starts_again_by_itself_and_has_an_end_to_its_memory() -> None:
    assert unit()["Restart"] == "always"
    assert unit()["MemoryMax"].replace("M", " MB") in GUIDE


def test_systemd_takes_the_service(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze here: the service was read as text alone")
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text(encoding="utf-8").replace(CHECKOUT, str(ROOT)), encoding="utf-8")
    if not (ROOT / ".venv").exists():
        pytest.skip("there is no .venv here, so the service would have no Python: make setup")
    ran = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


# Commands ---------------------------------------------------------------------------------------------


def assert_command(words: list[str]) -> None:
    """Whether the command line knows this command and each of its options."""
    assert isinstance(cli, click.Group)
    command = cli.commands[words[0]]
    known = {option for one in command.params for option in one.opts}
    assert {word for word in words if word.startswith("--")} <= known, words


def commands() -> Iterator[list[str]]:
    """Whatever the guide has the bot do, in blocks and in sentences."""
    for line in re.findall(r"^ *(?:\S*python -m bot|policybot) ([a-z].*)$", shell(), re.M):
        yield shlex.split(line)
    for line in re.findall(r"`(?:\S*python -m bot|policybot) ([^`]+)`", GUIDE):
        yield shlex.split(line)


def test_every_command_in_the_guide_is_one() -> None:
    found = list(commands())
    for words in found:
        assert_command(words)
    named = {words[0] for words in found}
    assert {"serve", "doctor", "teams-package", "unanswered"} <= named
    assert ["doctor", "--online"] in found


def test_the_guides_own_command_runs_the_bot_with_the_settings_of_the_service(
    machine: Path,
) -> None:
    (function,) = re.findall(r"^policybot\(\).*$", shell(), re.M)
    (machine / "etc" / "env").write_text("POLICIES_DIR=/nowhere\n", encoding="utf-8")
    told = run(f"{function}\npolicybot doctor || true", machine)
    assert "NOT OK  /nowhere: there is no such folder of policies" in told


def test_the_zip_is_made_as_the_guide_says(machine: Path) -> None:
    (function,) = re.findall(r"^policybot\(\).*$", shell(), re.M)
    (command,) = re.findall(r"^ *(policybot teams-package .*)$", shell(), re.M)
    id = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
    env = {"TEAMS_APP_ID": id, "TEAMS_TENANT_ID": id, "TEAMS_APP_SECRET": "s"}
    run(f"{function}\n{command}", machine, **env)
    with ZipFile(machine / "srv" / "var" / "policybot-teams.zip") as zip:
        assert "manifest.json" in zip.namelist()


def test_the_key_and_the_certificate_are_made_as_the_guide_says(machine: Path) -> None:
    lines = re.findall(r"^ *(openssl req .*\n.*\n *rm .*)$", shell(), re.M)
    run(lines[0], machine)
    pem = machine / "etc" / "secrets" / "teams.pem"
    assert set(certificate(pem)) == {"private_key", "public_certificate"}
    key = machine / "etc" / "key"
    assert (len(load_or_make_key(key)), key.stat().st_mode & 0o777) == (32, 0o600)
    assert not (machine / "key.pem").exists()


def test_a_backup_made_while_the_bot_runs_opens_with_its_key(machine: Path) -> None:
    (command,) = re.findall(r"^ *(sudo .*backup\(.*)$", shell(), re.M)
    sealer = Sealer(load_or_make_key(machine / "etc" / "key"))
    store = SqliteStore(machine / "srv" / "var" / "records" / "policybot.sqlite", sealer)
    run(command, machine)
    store.close()
    copy = machine / "srv" / "var" / "backup.sqlite"
    assert copy.stat().st_mode & 0o077 == 0
    examined(copy, sealer)
    conn = sqlite3.connect(copy)
    assert conn.execute("select count(*) from proofs").fetchone() == (1,)
    conn.close()
