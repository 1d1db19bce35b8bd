"""Microsoft Graph as accounts: users page by page, groups, managers; and every trouble as one sentence."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.core.accounts import Account, DirectoryMistake, Wanted
from bot.platforms.teams.graph import Graph, account_of
from bot.platforms.teams.token_out import NoToken
from tests.teams.stub_graph import StubGraph, StubTokens, oid, user

GROUP, OTHER = oid(900), oid(901)
STAFF = frozenset(f"u{number}@oak.example" for number in (1, 2, 3))


@dataclass
class Tenant:
    """A stub of Graph, and Graph as the bot reads it."""

    stub: StubGraph
    graph: Graph
    tokens: StubTokens
    waited: list[float] = field(default_factory=list)

    async def read(self, wanted: Wanted) -> list[Account]:
        return list(await self.graph.everyone(wanted))


@pytest.fixture
async def tenant() -> AsyncIterator[Tenant]:
    stub, tokens, app = StubGraph(), StubTokens(), web.Application()
    stub.add_to(app)
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        host = f"http://127.0.0.1:{server.port}"
        yield Tenant(stub, Graph(session, tokens, sleep, host), tokens, waited)


def test_a_user_is_a_member_a_guest_or_gone() -> None:
    assert account_of(user(1, "Ann@Oak.example"), ("g",)) == Account(
        f"teams:{oid(1)}", "Name of 1", ("u1@oak.example", "ann@oak.example"), groups=("g",)
    )
    assert account_of(user(1, accountEnabled=False)).standing == "gone"
    assert account_of(user(1, userType="Guest")).standing == "guest"
    from_elsewhere = user(1, userPrincipalName="ann_else.example#EXT#@oak.onmicrosoft.com")
    assert account_of(from_elsewhere).standing == "guest"
    assert account_of(user(1, userPrincipalName="")).emails == ()


async def test_whoever_is_on_the_list_is_found_on_any_page_and_nobody_else(tenant: Tenant) -> None:
    tenant.stub.users = [user(number) for number in range(1, 8)]
    tenant.stub.users[5] = user(6, "office@oak.example")
    found = await tenant.read(Wanted(frozenset({"u1@oak.example", "office@oak.example"})))
    assert [one.id for one in found] == [f"teams:{oid(1)}", f"teams:{oid(6)}"]
    assert tenant.stub.asked.count("/v1.0/users") == 4


async def test_members_of_groups_are_found_and_no_users_are_read_for_them(tenant: Tenant) -> None:
    tenant.stub.users = [user(number) for number in range(1, 8)]
    tenant.stub.groups = {GROUP: [1, 2, 3], OTHER: [3]}
    found = await tenant.read(Wanted(groups=(GROUP, OTHER)))
    assert {one.id: one.groups for one in found} == {
        f"teams:{oid(1)}": (GROUP,),
        f"teams:{oid(2)}": (GROUP,),
        f"teams:{oid(3)}": (GROUP, OTHER),
    }
    assert "/v1.0/users" not in tenant.stub.asked


async def test_somebody_of_the_list_and_of_a_group_is_one(tenant: Tenant) -> None:
    tenant.stub.users, tenant.stub.groups = [user(1)], {GROUP: [1]}
    (found,) = await tenant.read(Wanted(STAFF, groups=(GROUP,)))
    assert found.groups == (GROUP,)


async def test_managers_are_asked_only_of_those_whose_list_names_none(tenant: Tenant) -> None:
    tenant.stub.users = [*(user(number) for number in range(1, 4)), user(4, accountEnabled=False)]
    tenant.stub.managers = {1: 2, 3: 7}
    told = await tenant.read(Wanted(STAFF | {"u4@oak.example"}, frozenset({"u3@oak.example"})))
    assert [one.manager for one in told] == [f"teams:{oid(2)}", "", "", ""]
    asked = [path for path in tenant.stub.asked if path.endswith("/manager")]
    assert sorted(asked) == [f"/v1.0/users/{oid(n)}/manager" for n in (1, 2)]


async def test_graph_is_given_the_time_it_asks_for_but_not_for_ever(tenant: Tenant) -> None:
    tenant.stub.users = [user(1)]
    tenant.stub.trouble["/v1.0/users"] = [(429, {"Retry-After": "7"})] * 2
    assert len(await tenant.read(Wanted(STAFF))) == 1
    assert tenant.waited == [7.0, 7.0]
    for after, times in (("7", 4), ("3600", 1)):
        tenant.stub.trouble["/v1.0/users"] = [(429, {"Retry-After": after})] * times
        with pytest.raises(DirectoryMistake, match="more patience"):
            await tenant.read(Wanted(STAFF))


TROUBLES = {
    "no consent": (("/v1.0/users", 403), "consent to User.Read.All"),
    "no consent for groups": (("/v1.0/groups", 403), "consent to GroupMember.Read.All"),
    "a dead server": (("/v1.0/users", 503), "Graph answered 503"),
    "a redirect": (("/v1.0/users", 302), "Graph answered 302"),
    "a refused token": (("/v1.0/users", 401), "did not take the app's token"),
    "managers refused": ((f"/v1.0/users/{oid(1)}/manager", 403), "consent to User.Read.All"),
}


@pytest.mark.parametrize("what", TROUBLES)
async def test_trouble_is_one_plain_sentence_without_anybodys_words(
    what: str, tenant: Tenant
) -> None:
    (path, status), says = TROUBLES[what]
    tenant.stub.users, tenant.stub.groups = [user(1)], {GROUP: [1]}
    tenant.stub.trouble[path] = [(status, {"Location": "http://127.0.0.1:9/"})]
    with pytest.raises(DirectoryMistake, match=says) as mistake:
        await tenant.read(Wanted(STAFF, groups=(GROUP,)))
    assert "canary" not in str(mistake.value)
    assert tenant.tokens.forgotten == (status == 401)


async def test_a_group_that_is_not_there_is_told(tenant: Tenant) -> None:
    with pytest.raises(DirectoryMistake, match=f"no such group {GROUP}, which school"):
        await tenant.read(Wanted(groups=(GROUP,)))


async def test_a_next_page_elsewhere_is_not_asked_for(tenant: Tenant) -> None:
    tenant.stub.users = [user(number) for number in range(1, 4)]
    for host in ("http://127.0.0.1:9", f"{tenant.graph.host}.evil.example", "canary"):
        tenant.stub.next_host = host
        with pytest.raises(DirectoryMistake, match="another host"):
            await tenant.read(Wanted(STAFF))


async def test_without_leave_to_see_who_is_switched_off_nobody_is_believed(tenant: Tenant) -> None:
    tenant.stub.users = [user(1, accountEnabled=None)]
    with pytest.raises(DirectoryMistake, match=r"the app needs User\.Read\.All"):
        await tenant.read(Wanted(STAFF))


async def test_no_token_and_no_network_are_told_apart(tenant: Tenant) -> None:
    tenant.tokens.fails = NoToken("invalid_client")
    with pytest.raises(DirectoryMistake, match=r"no token \(invalid_client\)"):
        await tenant.read(Wanted(STAFF))
    async with aiohttp.ClientSession() as session:
        nowhere = Graph(session, StubTokens(), host="http://127.0.0.1:9")
        with pytest.raises(DirectoryMistake, match="could not be reached"):
            await nowhere.everyone(Wanted(STAFF))
