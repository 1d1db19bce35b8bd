"""How each call to Teams' Connector ends, and where our token goes."""

from functools import partial
from typing import Literal

import pytest

from bot.core.unsent import Unsent
from bot.platforms.teams import session_for
from bot.platforms.teams.connector import Connector, Reach
from bot.platforms.teams.token_out import NoToken
from tests.teams.rig import ANN, Rig
from tests.teams.stub import APP, SERVICE, TENANT
from tests.teams.stub_connector import CANARY, Mood

SENDS: list[tuple[Mood, str, str, float | None]] = [
    ("busy", "429", "later", 1.0),
    ("precondition", "412 PreconditionFailed", "unclear", None),
    ("bad gateway", "502 BadGateway", "unclear", None),
    ("broken", "503 ServiceUnavailable", "unclear", None),
    ("lost before", "ServerDisconnectedError", "unclear", None),
    ("lost after", "ServerDisconnectedError", "unclear", None),
    ("blocked", "403 MessageWritesBlocked", "never", None),
    ("gone", "404 ConversationNotFound", "never", None),
    ("too big", "413 MessageSizeTooBig", "never", None),
    ("bad request", "400 BadSyntax", "never", None),
    ("elsewhere", "307", "never", None),
]
HELLO = {"summary": "Hello"}


def connector(teams: Rig) -> Connector:
    return teams.teams._connector


async def unsent(teams: Rig, mood: Mood, *, over: str = "") -> Unsent:
    """What comes of one post, or of putting it over another, when it goes so."""
    teams.connector.mood = lambda: mood
    update = partial(connector(teams).update, SERVICE, ANN.chat, over)
    call = update if over else partial(connector(teams).send, SERVICE, ANN.chat)
    with pytest.raises(Unsent) as told:
        await call(HELLO)
    return told.value


@pytest.mark.parametrize(("mood", "reason", "kind", "seconds"), SENDS)
async def test_a_post_that_fails_says_whether_it_may_have_arrived(
    teams: Rig, mood: Mood, reason: str, kind: str, seconds: float | None
) -> None:
    told = await unsent(teams, mood)
    assert (told.reason, told.kind, told.seconds) == (reason, kind, seconds)
    assert len(teams.connector.asked) == 1
    assert CANARY not in repr(told)


@pytest.mark.parametrize(("mood", "reason", "kind", "seconds"), SENDS)
async def test_an_update_that_may_have_arrived_is_made_again(
    teams: Rig, mood: Mood, reason: str, kind: str, seconds: float | None
) -> None:
    told = await unsent(teams, mood, over="17")
    expected = "later" if kind == "unclear" else kind
    assert (told.reason, told.kind, told.seconds) == (reason, expected, seconds)


@pytest.mark.parametrize("mood", ["good", "cut off"])
async def test_what_was_taken_has_arrived_whatever_else_the_answer_says(
    teams: Rig, mood: Mood
) -> None:
    teams.connector.mood = lambda: mood
    await connector(teams).send(SERVICE, ANN.chat, HELLO)
    assert [post.activity["summary"] for post in teams.connector.posts] == ["Hello"]


@pytest.mark.parametrize(
    ("seconds", "expected"), [("30", 30.0), ("1.5", 1.5), ("soon", None), ("", None), ("-1", None)]
)
async def test_a_time_that_teams_asks_for_is_taken_where_it_is_one(
    teams: Rig, seconds: str, expected: float | None
) -> None:
    teams.connector.seconds = seconds
    assert (await unsent(teams, "busy")).seconds == expected


async def test_a_refused_token_is_fetched_anew_once(teams: Rig) -> None:
    teams.connector.next.append("unauthorised")
    await connector(teams).send(SERVICE, ANN.chat, HELLO)
    assert teams.connector.signed == ["Bearer token-1", "Bearer token-2"]
    assert len(teams.connector.posts) == 1


async def test_two_refused_tokens_are_enough(teams: Rig) -> None:
    told = await unsent(teams, "unauthorised")
    assert (told.reason, told.kind) == ("401 Unauthorized", "never")
    assert len(teams.connector.asked) == 2


async def test_without_a_token_nothing_is_sent_anywhere(teams: Rig) -> None:
    teams.tokens.fails = NoToken("invalid_client")
    told = await unsent(teams, "good")
    assert (told.reason, told.kind, told.everywhere) == ("token invalid_client", "later", True)
    assert teams.connector.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://smba.trafficmanager.net/emea/",
        "https://thief.example/",
        "https://smba.trafficmanager.net.thief.example/",
        "https://smba.trafficmanager.net@thief.example/",
        "https://smba.trafficmanager.net:8443/emea",
        "http://127.0.0.1:56150/_connector",
    ],
)
async def test_no_token_goes_to_an_address_that_is_not_trusted(teams: Rig, url: str) -> None:
    for call in (
        connector(teams).send(url, ANN.chat, HELLO),
        connector(teams).update(url, ANN.chat, "17", HELLO),
        connector(teams).create(url, "someone"),
        connector(teams).member(url, ANN.chat, ANN.user),
        connector(teams).members(url, ANN.chat),
    ):
        with pytest.raises(Unsent) as told:
            await call
        assert (told.value.reason, told.value.kind) == ("service url not allowed", "never")
    assert teams.stub.requests == []


async def test_nobody_there_is_tried_again_later() -> None:
    class Free:
        async def token(self, scope: str) -> str:
            return ""

        def forget(self) -> None: ...

    reach = Reach(lambda url: True, lambda url: None, session_for)
    made = Connector("28:a", TENANT, Free(), "scope", reach)
    await made.start()
    with pytest.raises(Unsent) as told:
        await made.send("http://127.0.0.1:9", ANN.chat, HELLO)
    await made.close()
    assert (told.value.reason, told.value.kind) == ("ClientConnectorError", "later")


async def test_an_id_is_only_ever_one_part_of_a_path(teams: Rig) -> None:
    for id in ("../../v3/teams", "19:a@thread.tacv2;messageid=1", "a?b#c", "a/b"):
        await connector(teams).send(SERVICE, id, HELLO)
        assert teams.connector.posts[-1].conversation == id


async def test_an_own_conversation_is_the_same_however_often_it_is_asked_for(teams: Rig) -> None:
    made = {await connector(teams).create(SERVICE, "oid") for _ in range(2)}
    assert made == {"a:own-oid"}
    assert teams.connector.bodies[0] == {
        "bot": {"id": f"28:{APP}"},
        "isGroup": False,
        "members": [{"id": "oid"}],
        "tenantId": TENANT,
        "channelData": {"tenant": {"id": TENANT}},
    }


Kind = Literal["later", "never"]


@pytest.mark.parametrize(
    ("mood", "kind"), [("broken", "later"), ("cut off", "later"), ("blocked", "never")]
)
async def test_a_conversation_that_was_not_made_is_no_message_that_may_have_arrived(
    teams: Rig, mood: Mood, kind: Kind
) -> None:
    teams.connector.mood = lambda: mood
    with pytest.raises(Unsent) as told:
        await connector(teams).create(SERVICE, "oid")
    assert told.value.kind == kind
