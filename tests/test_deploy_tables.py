"""The tables of deploy/README.md say what the code says: scopes, fields, reasons, and the bot's own words."""

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

from bot.config import ROOT
from bot.directories import Synced
from bot.platforms.slack import Health as SlackHealth
from bot.platforms.slack.scopes import NEEDED, WISHED
from bot.platforms.teams import Health as TeamsHealth
from bot.platforms.teams.hosts import PUBLIC
from bot.platforms.teams.token_in import Reason
from tests.deploy_guide import DEPLOY, GUIDE, table
from tests.test_live import up


def test_the_guide_says_of_every_scope_what_it_is_for() -> None:
    told = {scope: row[0] for scope, row in table("scope").items()}
    assert told == {**NEEDED, **WISHED}


def test_the_guide_names_the_permissions_that_are_asked_of_graph() -> None:
    graph = (ROOT / "bot" / "platforms" / "teams" / "graph.py").read_text(encoding="utf-8")
    assert set(table("permission")) == set(re.findall(r"\b\w+\.Read\.All\b", graph))


async def test_the_guide_explains_every_field_of_readyz(tmp_path: Path) -> None:
    async with up(tmp_path) as slack:
        _, told = await slack.readyz()
        async with slack.session.get(f"{slack.address}/healthz") as alive:
            assert alive.status == 200
    shown = {"slack": SlackHealth, "teams": TeamsHealth, "directories.slack": Synced}
    expected = {name for name in told if name not in ("slack", "directories")}
    expected |= {f"{name}.{one.name}" for name, kind in shown.items() for one in fields(kind)}
    assert set(table("field")) == expected
    assert set(told["slack"]) == {one.name for one in fields(SlackHealth)}


def test_the_guide_explains_every_reason_why_teams_is_refused() -> None:
    bodies = (ROOT / "bot" / "platforms" / "teams" / "bodies.py").read_text(encoding="utf-8")
    unreadable = set(re.findall(r'raise Unreadable\("([^"]+)"', bodies))
    reasons = {reason for part in get_args(Reason) for reason in get_args(part) or (part,)}
    assert set(table("reason")) == reasons | unreadable


def test_the_firewall_lets_out_what_is_called() -> None:
    (told,) = re.findall(r"^.*The firewall must let out.*$", GUIDE, re.M)
    called = (PUBLIC.login, PUBLIC.metadata, PUBLIC.graph, f"https://{PUBLIC.services[0]}")
    assert {address.split("/")[2] for address in called} <= set(re.findall("`([^`]+)`", told))


# What is quoted of the bot's words; Teams' own are not ours to check.
THEIRS = {"Unable to reach app"}


def test_what_the_guide_quotes_the_bot_says() -> None:
    said = (ROOT / "conversations" / "platforms.toml").read_text(encoding="utf-8")
    for path in (*(ROOT / "bot").rglob("*.py"), *(ROOT / "conversations").rglob("*.j2")):
        said += path.read_text(encoding="utf-8")
    said = re.sub(r'"\s*\n\s*f?"|\s+', " ", said)
    seen = re.findall(r"^\| ([^|]+) \|", GUIDE.split("| what you see |")[1], re.M)
    quoted = {words for cell in seen for words in re.findall(r'"([^"]+)"', cell)} - THEIRS
    assert len(quoted) > 5
    for words in quoted:
        told = re.sub(r" ?\.\.\.$| [0-9A-F]{6}$", "", words)
        assert told in said, f"nothing in the bot says {told!r}"


def test_every_file_the_guide_names_is_there() -> None:
    for name in re.findall(r"\]\((\.\./[^)#]+|[a-z][^):#]*)\)", GUIDE):
        assert (DEPLOY / name).exists(), name
    for name in re.findall(r"`(slack-manifest\S*\.yaml|\S+\.service|env\.example)`", GUIDE):
        assert (DEPLOY / name).exists(), name
    headings = {_anchor(one) for one in re.findall(r"^#+ (.+)$", GUIDE, re.M)}
    assert {*re.findall(r"\]\(#([^)]+)\)", GUIDE)} <= headings


def _anchor(heading: str) -> str:
    return re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")
