"""Settings, read once from the environment. ``NAME_FILE`` may name a file that holds a secret.

A platform is there when its settings are, and half of them is a mistake that stops the start: better
no bot than one that believes whatever is sent to it.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

SLACK_API = "https://slack.com/api/"


class ConfigMistake(Exception):
    """One plain sentence about one setting."""


@dataclass(frozen=True)
class SlackSettings:
    """With an app token events come through Socket Mode, else signed over HTTP. ``api`` is Slack's own
    address, or that of an emulator on this machine."""

    bot_token: str
    app_token: str = ""
    signing_secret: str = ""
    api: str = SLACK_API


@dataclass(frozen=True)
class TeamsSettings:
    """One tenant's app, with a secret or a certificate (a PEM file with key and certificate). ``local``:
    nothing is checked, on loopback only, for Microsoft's local test client, whose people all speak as
    ``speaks_as`` where the staff list does not know them."""

    app_id: str = ""
    tenant: str = ""
    secret: str = ""
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
    return Config(
        Path(env.get("POLICIES_DIR") or ROOT / "policies"),
        Path(env.get("CONVERSATIONS_DIR") or ROOT / "conversations"),
        Path(env.get("DATA_DIR") or ROOT / "var"),
        _port(env.get("PORT") or "8080"),
        env.get("NO_BROWSER", "") in ("", "0"),
        Path(kek) if kek else None,
        env.get("HOST") or "127.0.0.1",
        _slack(env),
        _teams(env),
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
    api = env.get("SLACK_API_URL") or SLACK_API
    if api != SLACK_API and not re.match(r"http://(127\.0\.0\.1|localhost)[:/]", api):
        raise ConfigMistake(
            "SLACK_API_URL is for an emulator on this machine: the token goes nowhere else"
        )
    return SlackSettings(bot, app, signing, api)


def _teams(env: Mapping[str, str]) -> TeamsSettings | None:
    if (auth := env.get("TEAMS_AUTH", "on")) not in ("on", "off", ""):
        raise ConfigMistake(f"TEAMS_AUTH is {auth!r}, but it is on or off")
    if auth == "off":
        return TeamsSettings(local=True)
    id, tenant = env.get("TEAMS_APP_ID", ""), env.get("TEAMS_TENANT_ID", "")
    secret = _secret(env, "TEAMS_APP_SECRET")
    certificate = env.get("TEAMS_CERTIFICATE_FILE", "")
    if not (id or tenant or secret or certificate):
        return None
    for name, value in (("TEAMS_APP_ID", id), ("TEAMS_TENANT_ID", tenant)):
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
    file = env.get(f"{name}_FILE", "")
    if not file:
        return env.get(name, "").strip()
    if env.get(name):
        raise ConfigMistake(f"{name} and {name}_FILE are both set: which of them holds?")
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigMistake(f"{name}_FILE names {file}, which cannot be read") from None


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= 65535:
        raise ConfigMistake(f"PORT is {text!r}, but a port is a number from 1 to 65535")
    return int(text)
