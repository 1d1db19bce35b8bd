"""Settings, read once from the environment. ``NAME_FILE`` may name a file that holds a secret.

A platform is there when its settings are, and half of them is a mistake that stops the start: better
no bot than one that believes whatever is sent to it.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent


_GUIDS = ("TEAMS_APP_ID", "TEAMS_TENANT_ID")
_GUID = re.compile(r"(?!(0+-?)+$)[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

SLACK_API = "https://slack.com/api/"


class ConfigMistake(Exception):
    """One plain sentence about one setting."""


@dataclass(frozen=True)
class SlackSettings:
    """With an app token events come through Socket Mode, else signed over HTTP. ``api`` is Slack's own
    address, or that of an emulator on this machine."""

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    api: str = SLACK_API


@dataclass(frozen=True)
class TeamsSettings:
    """One tenant's app, with a secret or a certificate (a PEM file with key and certificate). ``local``:
    nothing is checked, on loopback only, for Microsoft's local test client, whose people all speak as
    ``speaks_as`` where the staff list does not know them."""

    app_id: str = ""
    tenant: str = ""
    secret: str = field(default="", repr=False)
    certificate: Path | None = None
    local: bool = False
    speaks_as: str = ""


@dataclass(frozen=True)
class Config:
    policies: Path
    conversations: Path
    data: Path
    port: int
    browser: bool
    kek_file: Path | None
    host: str = "127.0.0.1"
    slack: SlackSettings | None = None
    teams: TeamsSettings | None = None


def config_from(env: Mapping[str, str]) -> Config:
    """An empty setting is the default. Raises ConfigMistake for one that cannot be used."""
    kek = env.get("KEK_FILE", "")
    if kek and not Path(kek).is_file():
        raise ConfigMistake(f"KEK_FILE names {kek}, and there is no such file to read the key from")
    slack, teams = _slack(env), _teams(env)
    if slack and teams and teams.local:
        raise ConfigMistake(
            "TEAMS_AUTH is off, which is for trying out alone: leave it out where Slack is set up"
        )
    return Config(
        Path(env.get("POLICIES_DIR") or ROOT / "policies"),
        Path(env.get("CONVERSATIONS_DIR") or ROOT / "conversations"),
        Path(env.get("DATA_DIR") or ROOT / "var"),
        _port(env.get("PORT") or "8080"),
        env.get("NO_BROWSER", "") in ("", "0"),
        Path(kek) if kek else None,
        env.get("HOST") or "127.0.0.1",
        slack,
        teams,
    )


def version() -> str:
    """This installation's, as pyproject.toml gives it."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(told["project"]["version"])


def _slack(env: Mapping[str, str]) -> SlackSettings | None:
    bot, app = _secret(env, "SLACK_BOT_TOKEN"), _secret(env, "SLACK_APP_TOKEN")
    signing = _secret(env, "SLACK_SIGNING_SECRET")
    if not (bot or app or signing):
        return None
    if app.startswith("xoxb-") or bot.startswith("xapp-"):
        raise ConfigMistake(
            "SLACK_BOT_TOKEN begins with xoxb- and SLACK_APP_TOKEN with xapp-: swap them"
        )
    if not bot.startswith("xoxb-"):
        raise ConfigMistake(
            "SLACK_BOT_TOKEN is missing or does not begin with xoxb-: Slack is not set up"
        )
    if app and not app.startswith("xapp-"):
        raise ConfigMistake("SLACK_APP_TOKEN does not begin with xapp-: it is the app-level token")
    if not (app or signing):
        raise ConfigMistake(
            "Slack needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)"
        )
    return SlackSettings(bot, app, signing, _slack_api(env.get("SLACK_API_URL") or SLACK_API))


def _slack_api(address: str) -> str:
    """Slack's own, or an emulator's here: nothing in an address may lead the token elsewhere."""
    here = re.fullmatch(r"http://(127\.0\.0\.1|localhost)(:\d{1,5})?/[\w/.-]*", address, re.ASCII)
    if address != SLACK_API and not here:
        raise ConfigMistake(
            "SLACK_API_URL is for an emulator on this machine (such as http://127.0.0.1:3000/api/):"
            " the token goes nowhere else"
        )
    return address


def _teams(env: Mapping[str, str]) -> TeamsSettings | None:
    if (auth := env.get("TEAMS_AUTH", "on")) not in ("on", "off", ""):
        raise ConfigMistake(f"TEAMS_AUTH is {auth!r}, but it is on or off")
    id, tenant = (env.get(name, "").strip() for name in _GUIDS)
    secret = _secret(env, "TEAMS_APP_SECRET")
    certificate = env.get("TEAMS_CERTIFICATE_FILE", "")
    some = bool(id or tenant or secret or certificate)
    if auth == "off" and some:
        raise ConfigMistake(
            "TEAMS_AUTH is off, which is for trying out without an app: leave it out"
        )
    if not some:
        return TeamsSettings(local=True) if auth == "off" else None
    for name, value in zip(_GUIDS, (id, tenant), strict=True):
        if not _GUID.fullmatch(value):
            raise ConfigMistake(f"{name} is missing or no GUID: Teams cannot be let in without it")
    if bool(secret) == bool(certificate):
        raise ConfigMistake("Teams needs TEAMS_APP_SECRET or TEAMS_CERTIFICATE_FILE, and not both")
    if certificate and not Path(certificate).is_file():
        raise ConfigMistake(
            f"TEAMS_CERTIFICATE_FILE names {certificate}, and there is no such file"
        )
    return TeamsSettings(id, tenant, secret, Path(certificate) if certificate else None)


def _secret(env: Mapping[str, str], name: str) -> str:
    """NAME itself, or the words in the file that NAME_FILE names. The mistake never quotes them."""
    told, file = env.get(name, ""), env.get(f"{name}_FILE", "")
    if told and file:
        raise ConfigMistake(f"{name} and {name}_FILE are both set: which of them holds?")
    if file:
        told = _in_file(f"{name}_FILE", file)
    if not re.fullmatch(r"\s*[ -~]*\s*", told):
        raise ConfigMistake(f"{name} has a second line in it, or a letter that no secret has")
    return told.strip()


def _in_file(name: str, file: str) -> str:
    try:
        told = Path(file).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigMistake(f"{name} names {file}, and there is no such file") from None
    except PermissionError:
        why = "which this user may not read: give it to them (chown)"
        raise ConfigMistake(f"{name} names {file}, {why}") from None
    except (OSError, ValueError):
        raise ConfigMistake(f"{name} names {file}, which cannot be read as text") from None
    if not told.strip():
        raise ConfigMistake(f"{name} names {file}, which is empty")
    return told


def _port(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise ConfigMistake(f"PORT is {text!r}, but a port is a number from 1 to 65535")
    return int(text)
