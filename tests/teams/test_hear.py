"""What is heard on Teams: messages and presses, and that each counts once however often it comes."""

import asyncio

import pytest

from bot.core.cards import Card
from bot.core.messages import Pressed, Said
from tests.teams.rig import ANN, BEN, NOON, Desk, Rig, heard, rig
from tests.teams.sending import (
    Json,
    activity,
    in_channel,
    in_group,
    mention,
    pressed,
    said,
    submitted,
)
from tests.teams.stub_connector import read

# Messages -----------------------------------------------------------------------------------------


async def test_a_message_is_heard_in_the_persons_own_place(teams: Rig, desk: Desk) -> None:
    told = said(ANN, "Can I wear trainers?", id="17")
    key = f"teams:{ANN.chat}:17"
    assert await heard(teams, desk, told) == Said(
        "ann", "Can I wear trainers?", NOON, key, ANN.place, "post"
    )


async def test_words_come_without_what_marks_them_up(teams: Rig, desk: Desk) -> None:
    text = "<at>Policybot</at> may&nbsp;<at>Jo Reid</at> use &lt;at&gt; &amp; co?\n"
    entities = [mention(), mention("29:jo", "Jo Reid")]
    got = await heard(teams, desk, said(ANN, text, entities=entities))
    assert isinstance(got, Said)
    assert got.text == "may Jo Reid use <at> & co?"


async def test_a_message_of_a_picture_alone_is_heard_too(teams: Rig, desk: Desk) -> None:
    picture = {"contentType": "image/*", "contentUrl": "https://smba.trafficmanager.net/picture"}
    told = said(ANN, "", attachments=[picture])
    del told["text"]
    got = await heard(teams, desk, told)
    assert isinstance(got, Said)
    assert got.text == ""
    assert not any("picture" in asked for asked in teams.connector.asked)


async def test_half_a_character_is_no_reason_to_fail(teams: Rig, desk: Desk) -> None:
    got = await heard(teams, desk, said(ANN, "what \ud83d"))
    assert isinstance(got, Said)
    assert got.text == "what ?"


# Presses ------------------------------------------------------------------------------------------


async def test_a_press_is_answered_with_the_card_that_takes_its_place(
    teams: Rig, desk: Desk
) -> None:
    told = await teams.posted(pressed(ANN, "send d1", "t1", fields={"words": "May I?", "n": 2}))
    assert desk.heard == [
        Pressed(
            "ann",
            "send d1",
            NOON,
            f"teams:t1:send d1 {ANN.account}",
            ANN.place,
            {"words": "May I?", "n": "2"},
        )
    ]
    assert (told["statusCode"], told["type"]) == (200, "application/vnd.microsoft.card.adaptive")
    assert read({"attachments": [{"content": told["value"]}]}).startswith("Done.")


async def test_a_press_has_one_key_however_often_and_under_whatever_id_it_comes(
    teams: Rig, desk: Desk
) -> None:
    told = pressed(ANN, "send d1")
    answers = await asyncio.gather(*(teams.posted(told) for _ in range(20)))
    answers.append(await teams.posted(pressed(ANN, "send d1")))
    assert len({one.key for one in desk.heard}) == 1
    assert all(one == answers[0] for one in answers)


async def test_two_people_or_two_cards_are_two_presses(teams: Rig, desk: Desk) -> None:
    for who, token in ((ANN, "t1"), (BEN, "t1"), (ANN, "t2")):
        await teams.post(pressed(who, "read p1", token))
    assert len({one.key for one in desk.heard}) == 3


@pytest.mark.parametrize("told", [in_group(ANN, ""), in_channel(ANN, "")])
async def test_a_press_where_others_read_is_answered_alone(
    teams: Rig, desk: Desk, told: Json
) -> None:
    teams.gather(ANN, BEN)
    shared = {name: told[name] for name in ("conversation", "channelData")}
    answer = await teams.posted(pressed(ANN, "not-this d1", **shared))
    assert desk.heard == [
        Pressed(
            "ann",
            "not-this d1",
            NOON,
            f"teams:t1:not-this d1 {ANN.account}",
            ANN.place,
            reply="post",
        )
    ]
    assert answer == {
        "statusCode": 200,
        "type": "application/vnd.microsoft.activity.message",
        "value": "I have answered in our own chat.",
    }


async def test_an_older_clients_press_comes_as_a_message_and_its_card_is_replaced(
    teams: Rig, desk: Desk
) -> None:
    told = submitted(ANN, "danger no", fields={"words": "x"}, replyToId="1700000000123")
    assert await heard(teams, desk, told) == Pressed(
        "ann",
        "danger no",
        NOON,
        f"teams:t1:danger no {ANN.account}",
        ANN.place,
        {"words": "x"},
        "post",
        card="1700000000123",
    )


async def test_an_older_clients_press_where_others_read_leaves_the_card(
    teams: Rig, desk: Desk
) -> None:
    shared = in_group(ANN, "")["conversation"]
    got = await heard(teams, desk, submitted(ANN, "danger no", conversation=shared))
    assert isinstance(got, Pressed)
    assert (got.place, got.reply, got.card) == (ANN.place, "post", "")


@pytest.mark.parametrize("value", [None, "x", 7, [], {}, {"action": 7}, {"action": {"data": "x"}}])
async def test_a_press_of_nothing_of_ours_is_answered_too(
    teams: Rig, desk: Desk, value: object
) -> None:
    told = pressed(ANN, "x", value=value)
    assert (await teams.posted(told))["statusCode"] == 200
    assert [one.action for one in desk.heard if isinstance(one, Pressed)] == [""]


# The rest -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["typing", "messageReaction", "messageUpdate", "messageDelete", "event", "", "endOf"]
)
async def test_what_wants_no_answer_is_taken(teams: Rig, desk: Desk, kind: str) -> None:
    assert (await teams.post(activity(ANN, kind, text="hello"))).status == 200
    assert desk.heard == []


@pytest.mark.parametrize("name", ["task/fetch", "signin/verifyState", "composeExtension/query", ""])
async def test_an_invoke_that_is_not_ours_is_told_so(teams: Rig, desk: Desk, name: str) -> None:
    assert (await teams.post(activity(ANN, "invoke", name=name, value={}))).status == 501
    assert desk.heard == []


async def test_bots_are_not_talked_to(teams: Rig, desk: Desk) -> None:
    sender = {"id": "28:another", "name": "Another bot"}
    assert (await teams.post({**said(ANN, "hello"), "from": sender})).status == 200
    assert desk.heard == []


async def test_a_message_that_was_not_saved_is_sent_again(teams: Rig, desk: Desk) -> None:
    desk.fails = OSError("the disk is full")
    told = said(ANN, "hello")
    assert (await teams.post(told)).status == 500
    desk.fails = None
    assert (await heard(teams, desk, told)).key == f"teams:{ANN.chat}:{told['id']}"


async def test_a_press_that_was_not_saved_says_so(teams: Rig, desk: Desk) -> None:
    desk.fails = OSError("the disk is full")
    told = await teams.posted(pressed(ANN, "send d1"))
    words = read({"attachments": [{"content": told["value"]}]})
    assert "This was not saved." in words
    shared = in_group(ANN, "")["conversation"]
    told = await teams.posted(pressed(ANN, "send d1", conversation=shared))
    assert told["type"] == "application/vnd.microsoft.activity.message"
    assert "This was not saved." in told["value"]


async def test_who_waits_long_is_shown_that_the_bot_is_at_it(desk: Desk) -> None:
    waiting = asyncio.Event()

    async def slowly(message: object) -> tuple[Card, ...]:
        await waiting.wait()
        return ()

    async with rig(slowly) as teams:
        teams.teams._hearing._slow = 0.0
        asked = asyncio.create_task(teams.post(said(ANN, "hello")))
        while not teams.connector.typing:
            await asyncio.sleep(0.01)
        waiting.set()
        assert (await asked).status == 200
        assert teams.connector.typing == [ANN.chat]


async def test_who_is_answered_at_once_sees_no_typing(teams: Rig, desk: Desk) -> None:
    for _ in range(3):
        await teams.post(said(ANN, "hello"))
    assert teams.connector.typing == []


async def test_health_tells_when_something_was_heard_and_what_was_refused(
    teams: Rig, desk: Desk
) -> None:
    assert teams.teams.health().heard is None
    await teams.post(said(ANN, "hello"))
    await teams.post(said(ANN, "hello"), headers={})
    assert (await teams.client.post("/api/messages", data=b"[", headers={})).status == 400
    health = teams.teams.health()
    assert (health.heard, health.refused) == (NOON, {"header": 1, "no JSON": 1})
