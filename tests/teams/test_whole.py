"""The example school on Teams, from end to end: one effect of whatever comes often, none of what is not
Microsoft's, and nothing lost where the process ends in between."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.crypto import Sealer
from bot.store.memory import MemoryStore
from bot.store.sqlite import SqliteStore
from tests.teams.rig import GUEST, PUPIL, Json, Whole, whole
from tests.teams.sending import (
    GROUP,
    Someone,
    added,
    as_local,
    in_group,
    installed,
    pressed,
    said,
    submitted,
)
from tests.teams.stub import SERVICE
from tests.teams.stub_connector import ConnectorStub, buttons, read

BELL, SHAH = Someone("bell"), Someone("shah")
QUESTION = "What is the password rule?"
DANGER = "a pupil told me that he is being hurt at home"
LOCAL = "http://localhost:56150/_connector"


@pytest.fixture
async def school() -> AsyncIterator[Whole]:
    async with whole(MemoryStore(), BELL, SHAH) as made:
        yield made


def data(card: Json, verb: str) -> Json:
    """What the button that begins so carries."""
    found = [one["data"] for one in buttons(card) if one["data"]["action"].startswith(verb)]
    carried: Json = found[0]
    return carried


async def presses(school: Whole, card: Json, verb: str, **more: object) -> Json:
    """Whoever sees the card presses the button that begins so; the card that takes its place."""
    carried = data(card, verb)
    told = pressed(BELL, carried["action"], carried["token"], **more)
    answer = await school.hears(told)
    assert answer
    shown: Json = answer["value"]
    return shown


async def form(school: Whole) -> Json:
    """The form that sends a question to the owner of a policy, with the words in it."""
    await school.hears(said(BELL, QUESTION))
    missed = await presses(school, school.last(), "not-this")
    return await presses(school, missed, "owner")


def questions(school: Whole) -> int:
    return len(school.store.look(lambda reads: reads.questions(None)))


# The story ------------------------------------------------------------------------------------------


async def test_a_question_is_answered_with_the_clause(school: Whole) -> None:
    await school.hears(said(BELL, QUESTION))
    assert len(school.teams.connector.posts) == 1
    assert "Passwords must not be shared" in read(school.last())


async def test_a_question_goes_to_the_owner_once_its_mistake_is_mended(school: Whole) -> None:
    asked = await form(school)
    refused = await presses(school, asked, "send", fields={"words": " "})
    assert questions(school) == 0
    sent = await presses(school, refused, "send", fields={"words": "May I, at a club?"})
    assert questions(school) == 1
    assert "owner" in read({"attachments": [{"content": sent}]}).lower()


async def test_the_gate_is_answered_alone_though_it_was_met_among_staff(school: Whole) -> None:
    school.teams.gather(BELL, SHAH)
    await school.hears(in_group(BELL, QUESTION))
    await school.hears(in_group(BELL, DANGER))
    first, second = school.teams.connector.posts
    own = f"a:own-{BELL.object_id.lower()}"
    assert (first.conversation, second.conversation) == (GROUP, own)
    assert "999" not in read(first.activity)
    assert "999" in read(second.activity)


@pytest.mark.parametrize("who", [PUPIL, GUEST, Someone("stray", oid="")])
async def test_nobody_on_the_staff_list_gets_a_policy(school: Whole, who: Someone) -> None:
    school.teams.meets(who)
    for text in (QUESTION, "which policies do you have?", DANGER):
        await school.hears(said(who, text))
    told = {read(post.activity) for post in school.teams.connector.posts}
    assert len(told) == 1
    assert "Childline" in told.pop()


# Once -----------------------------------------------------------------------------------------------


async def test_twenty_deliveries_and_one_under_a_new_id_send_one_question(school: Whole) -> None:
    carried = data(await form(school), "send")
    before = len(school.teams.connector.posts)
    sends = pressed(BELL, carried["action"], carried["token"], fields={"words": "May I?"})
    answers = await asyncio.gather(*(school.teams.posted(sends) for _ in range(20)))
    again = pressed(BELL, carried["action"], carried["token"], fields={"words": "May I?"})
    answers.append(await school.teams.posted(again))
    await school.delivers()
    assert questions(school) == 1
    assert all(answer == answers[0] for answer in answers)
    assert len(school.teams.connector.posts) - before <= 1  # the owner's


async def test_twenty_deliveries_of_a_message_are_answered_once(school: Whole) -> None:
    told = said(BELL, QUESTION)
    await asyncio.gather(*(school.teams.post(told) for _ in range(20)))
    await school.delivers()
    assert len(school.teams.connector.posts) == 1


async def test_an_older_clients_press_replaces_its_card_once(school: Whole) -> None:
    await school.hears(said(BELL, DANGER))
    post = school.teams.connector.posts[0]
    carried = data(post.activity, "danger no")
    for _ in range(2):
        told = submitted(BELL, carried["action"], carried["token"], replyToId=post.id)
        await school.hears(told)
    assert (len(school.teams.connector.posts), len(post.before)) == (1, 1)


async def test_two_messages_without_an_id_are_both_answered_each_once(school: Whole) -> None:
    told = [said(BELL, QUESTION), said(BELL, DANGER)]
    for one in told:
        del one["id"]
    for one in (*told, *told):
        await school.hears(one)
    assert ["999" in read(post.activity) for post in school.teams.connector.posts] == [False, True]


async def test_who_asks_again_among_others_to_report_something_is_answered_again(
    school: Whole,
) -> None:
    """The card with the button stays there for weeks, and what was answered alone scrolls away."""
    school.teams.gather(BELL, SHAH)
    await school.hears(in_group(BELL, QUESTION))
    shared, carried = in_group(BELL, "")["conversation"], data(school.last(), "concern")
    first, again = (
        pressed(BELL, carried["action"], carried["token"], conversation=shared) for _ in range(2)
    )
    for one in (first, first, again):
        await school.hears(one)
    own = school.teams.connector.shown(f"a:own-{BELL.object_id.lower()}")
    assert len(own) == 2


async def test_page_loads_of_the_local_test_client_greet_once() -> None:
    async with whole(MemoryStore(), BELL, local=True) as school:
        for _ in range(3):
            for told in (installed(BELL), added(BELL)):
                answer = await school.teams.post(as_local(told, LOCAL), headers={})
                assert answer.status == 200
        await school.delivers()
        assert len(school.teams.connector.notified(BELL.chat)) == 1


async def test_the_local_test_client_is_answered_without_a_token() -> None:
    async with whole(MemoryStore(), BELL, local=True) as school:
        answer = await school.teams.post(as_local(said(BELL, QUESTION), LOCAL), headers={})
        assert answer.status == 200
        await school.delivers()
        assert "Passwords must not be shared" in read(school.last())
        assert set(school.teams.connector.signed) == {""}


# None -----------------------------------------------------------------------------------------------


def _foreign() -> list[Json]:
    elsewhere = {"tenant": {"id": "99999999-0000-4000-8000-00000000000c"}}
    return [
        said(BELL, QUESTION, channelData=elsewhere),
        said(BELL, QUESTION, channelData={}),
        said(BELL, QUESTION, serviceUrl="https://thief.example/"),
        said(BELL, QUESTION, serviceUrl=SERVICE.rstrip("/")),
        said(BELL, QUESTION, channelId="webchat"),
        pressed(BELL, "send d1", channelData=elsewhere),
    ]


@pytest.mark.parametrize("told", _foreign())
async def test_what_the_token_was_not_made_for_has_no_effect(school: Whole, told: Json) -> None:
    answer = await school.teams.post(told)
    assert (answer.status, await answer.read()) == (403, b"")
    await nothing_happened(school)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer x.y.z"},
        {"Authorization": "Basic YTpi"},
        {"x-ms-agents-playground": "true"},
    ],
)
async def test_what_is_not_signed_has_no_effect(school: Whole, headers: Json) -> None:
    answer = await school.teams.post(said(BELL, QUESTION), headers=headers)
    assert (answer.status, await answer.read()) == (401, b"")
    await nothing_happened(school)


async def nothing_happened(school: Whole) -> None:
    await school.delivers()
    assert school.store.letters("pending", "sending", "unclear", "sent", "given_up") == ()
    assert (school.teams.connector.asked, school.teams.teams.health().heard) == ([], None)


# A restart ------------------------------------------------------------------------------------------


async def test_what_was_heard_before_a_restart_is_answered_after_it(tmp_path: Path) -> None:
    """In somebody's own chat and in a group; with the service URL that was heard, and once."""
    connector, told = ConnectorStub(), (said(BELL, QUESTION), in_group(BELL, QUESTION))
    for number in range(2):
        store = SqliteStore(tmp_path / "records.sqlite", Sealer(bytes(32)))
        async with whole(store, BELL, SHAH, connector=connector) as school:
            school.teams.gather(BELL, SHAH)
            for one in told:
                assert (await school.teams.post(one)).status == 200
            if number:
                await school.delivers()
        store.close()
    conversations = sorted(post.conversation for post in connector.posts)
    assert conversations == sorted([BELL.chat, GROUP])
    assert connector.regions == {"emea"}


async def test_a_press_before_a_restart_and_after_it_has_one_effect(tmp_path: Path) -> None:
    answers = []
    sends: Json = {}
    for number in range(2):
        store = SqliteStore(tmp_path / "records.sqlite", Sealer(bytes(32)))
        async with whole(store, BELL, SHAH) as school:
            carried = {} if number else data(await form(school), "send")
            sends = sends or pressed(
                BELL, carried["action"], carried["token"], fields={"words": "x y"}
            )
            answers.append(await school.teams.posted(sends))
            assert questions(school) == 1
        store.close()
    assert answers[0] == answers[1]
