"""What ``doctor --online`` asks of Microsoft: tokens, keys, the clock, the directory, who is offered the app.

Whether the app is offered to staff only no app may ask; what can be asked is asked, and the rest is said.
"""

from collections.abc import AsyncIterator, Sequence

import aiohttp

from bot.core.accounts import DirectoryMistake, Wanted
from bot.platforms import Now
from bot.platforms.checkups import Line, People, clock, found
from bot.platforms.teams.graph import PATIENCE, Graph
from bot.platforms.teams.hosts import Hosts
from bot.platforms.teams.token_out import NoToken, Tokens

AWAY = "Teams: Microsoft cannot be reached from here, so nothing more was looked at: is this machine online?"
LOCAL = "Teams: TEAMS_AUTH is off: this is for Microsoft's local test client, and there is nothing to ask"
_UNREACHED = ("timeout", "unreachable")
_HELPS = {
    "invalid_client": "make a new secret or certificate for the app in Entra and set it here",
    "unauthorized_client": "TEAMS_APP_ID is no app of the tenant TEAMS_TENANT_ID",
    "invalid_request": "TEAMS_TENANT_ID is no tenant that Microsoft knows",
}
_OFFERED = (
    "Teams: to whom the app is offered can be seen only by an administrator: in the Teams admin centre, under"
    " Manage apps, it should be available to the group of staff. Everybody else gets the one fixed answer"
)


async def checked(
    session: aiohttp.ClientSession,
    tokens: Tokens,
    app_id: str,
    wanted: Wanted,
    people: People,
    now: Now,
    hosts: Hosts,
) -> Sequence[Line]:
    """Offline, one line that says so."""
    graph = Graph(session, tokens, host=hosts.graph)
    try:
        await tokens.token(hosts.connector_scope)
    except NoToken as error:
        return [_no_token(error)]
    lines = [("ok", "Teams: Microsoft gives the app a token to answer with")]
    lines.append(await _keys(session, hosts, now))
    lines += [line async for line in _directory(graph, wanted, people)]
    lines += [line async for line in _offered(graph, app_id)]
    return lines


def _no_token(error: NoToken) -> Line:
    if error.code in _UNREACHED:
        return "NOT OK", AWAY
    helps = _HELPS.get(
        error.code, "check TEAMS_APP_ID, TEAMS_TENANT_ID and the secret or certificate"
    )
    return "NOT OK", f"Teams: Microsoft gives the app no token ({error.code}): {helps}"


async def _keys(session: aiohttp.ClientSession, hosts: Hosts, now: Now) -> Line:
    """Where the keys are that messages from Teams are signed with; its answer tells the time as well."""
    try:
        async with session.get(hosts.metadata, timeout=PATIENCE, allow_redirects=False) as answer:
            if answer.status != 200:
                told = f"Microsoft's keys cannot be fetched ({answer.status}): nothing can be heard"
                return "NOT OK", f"Teams: {told}"
            return clock("Teams", answer.headers.get("Date"), now())
    except (aiohttp.ClientError, TimeoutError, OSError):
        return (
            "NOT OK",
            "Teams: Microsoft's keys cannot be fetched: nothing from Teams can be heard",
        )


async def _directory(graph: Graph, wanted: Wanted, people: People) -> AsyncIterator[Line]:
    """Whether users and groups may be read. Without users the list's addresses and dates have to do."""
    try:
        await graph.may_read("/v1.0/users?$select=id&$top=1", "users", "User.Read.All")
    except DirectoryMistake as mistake:
        without = "people are known by staff.csv alone, and leavers by their last day there"
        yield "LOOK", f"Teams: the directory is not read: {mistake}; until then {without}"
        return
    for group in wanted.groups:
        if trouble := await _trouble(graph, f"/v1.0/groups/{group}?$select=id", group):
            yield "NOT OK", f"Teams: members of a group are not known: {trouble}"
            return
    try:
        yield found("Teams", await graph.everyone(wanted), people)
    except DirectoryMistake as mistake:
        yield "LOOK", f"Teams: the directory cannot be read: {mistake}"


async def _trouble(graph: Graph, path: str, group: str) -> str:
    try:
        await graph.may_read(path, f"group {group}", "GroupMember.Read.All")
    except DirectoryMistake as mistake:
        return str(mistake)
    return ""


async def _offered(graph: Graph, app_id: str) -> AsyncIterator[Line]:
    """What can be known of who may use the app, for those who gave the app leave to ask."""
    asked = f"/v1.0/servicePrincipals(appId='{app_id}')?$select=appRoleAssignmentRequired"
    needed = (await graph.looked_up(asked) or {}).get("appRoleAssignmentRequired")
    if needed is False:
        yield "LOOK", "Teams: in Entra the app needs no assignment: set Assignment required to Yes"
    if needed is True:
        yield "ok", "Teams: in Entra only those may use the app to whom it is assigned"
    apps = f"/v1.0/appCatalogs/teamsApps?$filter=externalId eq '{app_id}'&$select=id"
    listed = await graph.looked_up(apps)
    if listed is not None:
        there = bool(listed.get("value"))
        said = "is" if there else "is not yet"
        yield (
            ("ok" if there else "LOOK"),
            f"Teams: the app {said} in the school's own app catalogue",
        )
    yield "LOOK", _OFFERED
