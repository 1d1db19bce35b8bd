"""The zip that a technician uploads to Teams: what the app is, and its two pictures.

It asks for nothing it can do without. No resource-specific permission: the bot reads only what is said
to it, and the Connector tells it who is in a conversation without one. No ``webApplicationInfo``: nobody
signs in, and what Graph may tell is granted to the app itself in Entra. No domains: it shows no page
inside Teams. No files. In a channel a command is posted for all to read, so commands are offered in
the personal chat only.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.core.fixed import Fixed
from bot.core.messages import Json
from bot.platforms.teams import icons

SCHEMA = "1.30"  # the newest published (2026-08); nothing here needs more than 1.25 had
MOST_NAME = 32
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same bytes whenever it is built


class PackageMistake(Exception):
    """One plain sentence about what is missing."""


@dataclass(frozen=True)
class School:
    """Who stands behind the app: a name as people read it, and an https page that speaks for the bot."""

    name: str
    address: str


def package(app_id: str, version: str, school: School, fixed: Fixed) -> bytes:
    """The zip: the same bytes for the same words. Raises PackageMistake for what Teams would refuse."""
    _check(app_id, school)
    told = json.dumps(manifest(app_id, version, school, fixed), ensure_ascii=False, indent=2)
    return _zipped(
        {
            "manifest.json": f"{told}\n".encode(),
            "color.png": icons.colour(),
            "outline.png": icons.outline(),
        }
    )


def manifest(app_id: str, version: str, school: School, fixed: Fixed) -> dict[str, Json]:
    """What Teams reads: the app's id is the bot's, and a higher version is an update."""
    home = f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA}"
    return {
        "$schema": f"{home}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA,
        "version": version,
        "id": app_id,
        "developer": {
            "name": school.name,
            **dict.fromkeys(("websiteUrl", "privacyUrl", "termsOfUseUrl"), school.address),
        },
        "name": {"short": fixed.title},
        "description": {"short": fixed.about, "full": fixed.about_long},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": icons.ACCENT,
        "defaultInstallScope": "personal",
        "bots": [_bot(app_id, fixed)],
        "composeExtensions": [{"botId": app_id, "commands": [_report(fixed)]}],
        "validDomains": [],
    }


def _bot(app_id: str, fixed: Fixed) -> dict[str, Json]:
    prompts: list[Json] = [
        {
            "title": prompt.title,
            "description": prompt.message,
            "type": "prompt",
            "prompt": prompt.message,
        }
        for prompt in fixed.prompts
    ]
    return {
        "botId": app_id,
        "scopes": ["personal", "team", "groupChat"],
        "isNotificationOnly": False,
        "supportsFiles": False,
        "commandLists": [{"scopes": ["personal"], "commands": prompts}],
    }


def _report(fixed: Fixed) -> dict[str, Json]:
    """In the menu of each message; what it opens, the bot is asked for."""
    return {
        "id": "reportMessage",
        "type": "action",
        "context": ["message"],
        "title": fixed.report_message,
        "fetchTask": True,
    }


def _check(app_id: str, school: School) -> None:
    if not app_id:
        raise PackageMistake(
            "TEAMS_APP_ID is not set: the package names the bot's Microsoft app id"
        )
    if not (0 < len(school.name) <= MOST_NAME and school.name.isprintable()):
        raise PackageMistake(
            f"The school's name must have 1 to {MOST_NAME} characters for Teams, in one line"
        )
    if not _is_page(school.address):
        raise PackageMistake("The address must be a page of the school that begins with https://")


def _is_page(address: str) -> bool:
    try:
        told = urlsplit(address)
    except ValueError:
        return False
    plain = address.isprintable() and " " not in address
    return plain and told.scheme == "https" and bool(told.hostname)


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as folder:
        for name, told in files.items():
            entry = ZipInfo(name, LONG_AGO)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # wherever it is built
            folder.writestr(entry, told, ZIP_DEFLATED, 9)
    return out.getvalue()
