"""A small Slack for reading: users in pages, groups, scopes, and whatever trouble a test wishes for.

It answers in the shapes of auth.test, users.list, usergroups.list, usergroups.users.list, blocks.validate
and apps.connections.open.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

TEAM = "T1"


def user(id: str, email: str = "", **more: Any) -> dict[str, Any]:
    profile = {"real_name": f"Name of {id}", "email": email or None}
    told = {"id": id, "team_id": TEAM, "deleted": False, "is_bot": False, "profile": profile}
    return told | more


class Workspace:
    """``trouble``: answers to give first, by method."""

    def __init__(self) -> None:
        self.users: list[dict[str, Any]] = []
        self.groups: dict[str, list[str]] = {}
        self.asked: list[str] = []
        self.tokens: list[str] = []
        self.trouble: dict[str, list[web.Response]] = {}
        self.me: dict[str, Any] = {"team_id": TEAM, "user_id": "UBOT", "bot_id": "B1"}
        self.headers: dict[str, str] = {}
        self.url = ""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Workspace"]:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self.call)
        async with TestServer(app) as server:
            self.url = f"http://127.0.0.1:{server.port}/api/"
            yield self

    async def call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        form = {**request.query, **await request.post()}
        self.tokens.append(request.headers.get("Authorization", ""))
        self.asked.append(method)
        if self.trouble.get(method):
            return self.trouble[method].pop(0)
        answer: Any = getattr(self, method.replace(".", "_"))(form)
        return web.json_response({"ok": True, **answer}, headers=self.headers)

    def auth_test(self, form: Mapping[str, Any]) -> dict[str, Any]:
        return self.me

    def blocks_validate(self, form: Mapping[str, Any]) -> dict[str, Any]:
        return {}

    def apps_connections_open(self, form: Mapping[str, Any]) -> dict[str, Any]:
        return {"url": "wss://127.0.0.1/canary"}

    def users_list(self, form: Mapping[str, Any]) -> dict[str, Any]:
        start, size = int(form.get("cursor") or 0), int(form["limit"])
        page = self.users[start : start + size]
        more = str(start + size) if start + size < len(self.users) else ""
        return {"members": page, "response_metadata": {"next_cursor": more}}

    def usergroups_list(self, form: Mapping[str, Any]) -> dict[str, Any]:
        return {"usergroups": [{"id": f"S{name}", "handle": name} for name in self.groups]}

    def usergroups_users_list(self, form: Mapping[str, Any]) -> dict[str, Any]:
        return {"users": self.groups[str(form["usergroup"]).removeprefix("S")]}


def refused(error: str, status: int = 200, **more: Any) -> web.Response:
    headers = {"Retry-After": more.pop("after")} if "after" in more else {}
    return web.json_response({"ok": False, "error": error, **more}, status=status, headers=headers)
