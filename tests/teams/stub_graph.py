"""Routes of Microsoft Graph, to be added to any aiohttp application: users in pages, managers, groups.

Small on purpose: what it knows is what ``bot.platforms.teams.graph`` and ``doctor --online`` ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

User = dict[str, Any]


def oid(number: int) -> str:
    """An object id like Entra's."""
    return f"00000000-0000-4000-8000-{number:012d}"


def user(number: int, mail: str = "", **more: Any) -> User:
    """A member whose name for signing in is u<number>@oak.example."""
    told: User = {
        "id": oid(number),
        "displayName": f"Name of {number}",
        "mail": mail or None,
        "userPrincipalName": f"u{number}@oak.example",
        "accountEnabled": True,
        "userType": "Member",
    }
    return told | more


@dataclass
class StubGraph:
    """``token``: how one ends that is taken. ``trouble``: answers to give first, by the beginning of the
    path: (status, headers)."""

    token: str = "graph-token"
    page: int = 2
    users: list[User] = field(default_factory=list)
    groups: dict[str, list[int]] = field(default_factory=dict)
    managers: dict[int, int] = field(default_factory=dict)
    principal: dict[str, Any] | None = None
    apps: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    trouble: dict[str, list[tuple[int, Mapping[str, str]]]] = field(default_factory=dict)
    next_host: str = ""

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/v1.0/users", self._users)
        app.router.add_get("/v1.0/users/{id}/manager", self._manager)
        app.router.add_get("/v1.0/groups/{id}", self._group)
        kind = "transitiveMembers/microsoft.graph.user"
        app.router.add_get(f"/v1.0/groups/{{id}}/{kind}", self._members)
        app.router.add_get("/v1.0/servicePrincipals(appId='{id}')", self._principal)
        app.router.add_get("/v1.0/appCatalogs/teamsApps", self._apps)

    def _refused(self, request: web.Request) -> web.Response | None:
        self.asked.append(request.path)
        if not request.headers.get("Authorization", "").endswith(self.token):
            return web.json_response({"error": {"code": "InvalidAuthenticationToken"}}, status=401)
        for path, answers in self.trouble.items():
            if answers and request.path.startswith(path):
                status, headers = answers.pop(0)
                body = {"error": {"code": "Authorization_RequestDenied", "message": "canary"}}
                return web.json_response(body, status=status, headers=headers)
        return None

    def _paged(self, request: web.Request, users: list[User]) -> web.Response:
        fields = request.query["$select"].split(",")
        start = int(request.query.get("$skiptoken", 0))
        shown = [{key: one.get(key) for key in fields} for one in users[start : start + self.page]]
        answer: dict[str, Any] = {"value": shown}
        if start + self.page < len(users):
            host = self.next_host or f"{request.scheme}://{request.host}"
            query = f"$select={request.query['$select']}&$skiptoken={start + self.page}"
            answer["@odata.nextLink"] = f"{host}{request.path}?{query}"
        return web.json_response(answer)

    async def _users(self, request: web.Request) -> web.Response:
        return self._refused(request) or self._paged(request, self.users)

    async def _members(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        if request.match_info["id"] not in self.groups:
            return web.json_response({}, status=404)
        if request.headers.get("ConsistencyLevel") != "eventual":
            return web.json_response({"error": {"code": "Request_UnsupportedQuery"}}, status=400)
        ids = {oid(number) for number in self.groups[request.match_info["id"]]}
        return self._paged(request, [one for one in self.users if one["id"] in ids])

    async def _group(self, request: web.Request) -> web.Response:
        there = request.match_info["id"] in self.groups
        return self._refused(request) or web.json_response({}, status=200 if there else 404)

    async def _manager(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        bosses = {oid(number): oid(boss) for number, boss in self.managers.items()}
        boss = bosses.get(request.match_info["id"])
        return web.json_response({"id": boss} if boss else {}, status=200 if boss else 404)

    async def _principal(self, request: web.Request) -> web.Response:
        found = self.principal
        return self._refused(request) or web.json_response(
            found or {}, status=200 if found else 404
        )

    async def _apps(self, request: web.Request) -> web.Response:
        return self._refused(request) or web.json_response({"value": self.apps})


class StubTokens:
    """Tokens without Microsoft: by scope, or none."""

    def __init__(self, token: str = "graph-token", fails: Exception | None = None) -> None:
        self.given, self.fails = token, fails
        self.scopes: list[str] = []
        self.forgotten = 0

    async def token(self, scope: str) -> str:
        self.scopes.append(scope)
        if self.fails:
            raise self.fails
        return self.given

    def forget(self) -> None:
        self.forgotten += 1
