"""With nothing checked: only Microsoft's local test client is heard, and no page in a browser beside it."""

import json

import pytest

from bot.platforms.teams import PATH
from tests.teams.rig import ANN, Desk, rig
from tests.teams.sending import as_local, said

LOCAL = "http://localhost:56150/_connector"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://page.example", "Content-Type": "text/plain"},
        {"Origin": "null", "Content-Type": "application/json"},
        {"Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain"},
        {"Host": "page.example:3978"},  # a name of somebody else's that was made to point here
        {"Host": "localhost.page.example"},
        {"Host": "[x"},
        {"X-Forwarded-For": "203.0.113.7"},  # a tunnel's, which speaks from here for everybody
        {"Forwarded": "for=203.0.113.7"},
    ],
)
async def test_no_page_and_no_tunnel_speaks_as_somebody(
    desk: Desk, headers: dict[str, str]
) -> None:
    async with rig(desk.hear, local=True) as teams:
        told = json.dumps(as_local(said(ANN, "hello"), LOCAL))
        answer = await teams.client.post(PATH, data=told, headers=headers)
        assert answer.status in (401, 403)
        assert (desk.heard, teams.connector.asked) == ([], [])
        assert teams.teams.health().refused == {"not from here": 1}


@pytest.mark.parametrize("host", ["localhost:3978", "127.0.0.1:3978", "LOCALHOST", "[::1]:3978"])
async def test_the_test_client_is_heard_by_any_name_of_this_machine(desk: Desk, host: str) -> None:
    async with rig(desk.hear, local=True) as teams:
        told = as_local(said(ANN, "hello"), LOCAL)
        assert (await teams.post(told, headers={"Host": host})).status == 200
        assert len(desk.heard) == 1


async def test_what_is_signed_may_come_through_a_proxy(desk: Desk) -> None:
    async with rig(desk.hear) as teams:
        headers = {"Authorization": teams.signer.bearer()[0], "Host": "bot.school.example"}
        told = said(ANN, "hello")
        assert (await teams.post(told, {**headers, "X-Forwarded-For": "203.0.113.7"})).status == 200
        assert len(desk.heard) == 1
