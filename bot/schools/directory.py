"""[directory] of school.toml: the groups of Slack and Teams whose members are the school's staff."""

import re
from collections.abc import Mapping

from bot.schools.tables import Said, Tables

_DIRECTORY = {"slack_groups", "teams_groups"}
_HANDLE = re.compile(r"[^\s@,]+")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def groups_of(tables: Tables, said: Said) -> Mapping[str, tuple[str, ...]]:
    """The groups by platform: handles of Slack's user groups, object ids of Entra's groups."""
    table = tables.table(said, "directory")
    tables.only(table, _DIRECTORY, "a directory")
    found = {
        "slack": _groups(tables, table, "slack_groups", '["staff"]', _HANDLE, "a group's handle"),
        "teams": _groups(
            tables, table, "teams_groups", '["<object id>"]', _GUID, "a group's object id"
        ),
    }
    return {platform: groups for platform, groups in found.items() if groups}


def _groups(
    tables: Tables, table: Said, key: str, like: str, form: re.Pattern[str], what: str
) -> tuple[str, ...]:
    told = tables.listed(table, key, like)
    groups = [one.strip().removeprefix("@").lower() for one in told]
    for one, group in zip(told, groups, strict=True):
        if not form.fullmatch(group):
            raise tables.wrong(f"{key} has {one!r}, which is not {what}", one or key)
    return tuple(dict.fromkeys(groups))
