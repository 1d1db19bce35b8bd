"""What is heard on Teams: who said it, where, and that it counts once however often it comes."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.accounts import Account
from bot.core.cards import Card
from bot.core.messages import Pressed, Said
from tests.teams.rig import ANN, BEN, FOREIGN, GUEST, NOON, PUPIL, Desk, List, Rig, rig
from tests.teams.sending import (
    GROUP,
    TEAM,
    THREAD,
    Json,
    Someone,
    activity,
    added,
    in_channel,
    in_group,
    installed,
    mention,
    pressed,
    said,
    submitted,
)
from tests.teams.stub import TENANT
from tests.teams.stub_connector import Mood, read


async def heard(teams: Rig, desk: Desk, told: Json) -> Said | Pressed:
    """What the desk heard of one activity, and nothing else."""
    answer = await teams.post(told)
    assert (answer.status, len(desk.heard)) == (200, 1)
    return desk.heard[0]


# Messages -------------------------------------------------------------------------------------------


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


# Groups and channels --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "place"), [(in_group(ANN, "hello"), GROUP), (in_channel(ANN, "hello"), THREAD)]
)
async def test_among_staff_a_mention_is_heard_where_it_was_said(
    teams: Rig, desk: Desk, told: Json, place: str
) -> None:
    teams.gather(ANN, BEN)
    got = await heard(teams, desk, told)
    assert got == Said("ann", "hello", NOON, got.key, f"teams:{place}", "post", private=ANN.place)


@pytest.mark.parametrize("other", [PUPIL, GUEST, FOREIGN, Someone("anonymous", oid="")])
@pytest.mark.parametrize("shared", [in_group, in_channel])
async def test_where_anybody_else_reads_along_the_answer_is_private(
    teams: Rig, desk: Desk, other: Someone, shared: object
) -> None:
    teams.gather(ANN, BEN, other)
    told = in_group(ANN, "hello") if shared is in_group else in_channel(ANN, "hello")
    got = await heard(teams, desk, told)
    assert (got.place, got.private) == (ANN.place, "")


async def test_a_channel_shared_with_other_schools_is_never_only_staff(
    teams: Rig, desk: Desk
) -> None:
    teams.gather(ANN, BEN)
    got = await heard(teams, desk, in_channel(ANN, "hello", kind="shared"))
    assert (got.place, got.private) == (ANN.place, "")


@pytest.mark.parametrize("mood", ["broken", "busy", "gone", "lost after", "cut off"])
async def test_while_members_cannot_be_learnt_the_answer_is_private(
    teams: Rig, desk: Desk, mood: Mood
) -> None:
    teams.gather(ANN, BEN)
    await teams.post(said(ANN, "hello"))
    desk.heard.clear()
    teams.connector.mood = lambda: mood
    got = await heard(teams, desk, in_group(ANN, "hello"))
    assert (got.place, got.private) == (ANN.place, "")


async def test_a_second_page_of_members_counts_too(teams: Rig, desk: Desk) -> None:
    teams.gather(ANN, BEN, PUPIL)
    assert teams.connector.page == 2
    assert (await heard(teams, desk, in_group(ANN, "hello"))).place == ANN.place
    assert teams.connector.asked.count(f"GET /v3/conversations/{GROUP}/pagedmembers") == 2


async def test_members_are_asked_for_once_in_five_minutes(desk: Desk) -> None:
    now = [NOON]
    async with rig(desk.hear, lambda: now[0]) as teams:
        teams.gather(ANN, BEN)
        for minutes in (0, 4, 2):
            now[0] += timedelta(minutes=minutes)
            await teams.post(in_group(ANN, "hello"))
        asked = teams.connector.asked.count(f"GET /v3/conversations/{GROUP}/pagedmembers")
        assert (asked, len(desk.heard)) == (2, 3)


async def test_who_comes_in_makes_the_next_answer_private_at_once(teams: Rig, desk: Desk) -> None:
    teams.gather(ANN, BEN)
    group = in_group(ANN, "hello")
    await teams.post(group)
    teams.gather(ANN, BEN, PUPIL)
    await teams.post(added(ANN, PUPIL.user, conversation=group["conversation"]))
    await teams.post(in_group(ANN, "hello"))
    assert [one.place for one in desk.heard] == [f"teams:{GROUP}", ANN.place]


async def test_who_leaves_the_staff_list_makes_the_next_answer_private_at_once(
    desk: Desk,
) -> None:
    listed = List((ANN, BEN))
    async with rig(desk.hear, people=listed.accounts()) as teams:
        teams.gather(ANN, BEN)
        await teams.post(in_group(ANN, "hello"))
        listed.holds(ANN)
        await teams.post(in_group(ANN, "hello"))
    assert [one.place for one in desk.heard] == [f"teams:{GROUP}", ANN.place]


async def test_what_is_not_said_to_the_bot_is_not_heard(teams: Rig, desk: Desk) -> None:
    told = {**in_group(ANN, "hello"), "entities": [mention("29:jo", "Jo Reid")]}
    assert (await teams.post(told)).status == 200
    assert (desk.heard, teams.connector.asked) == ([], [])


# Who ------------------------------------------------------------------------------------------------


async def test_whoever_is_new_is_asked_about_once(teams: Rig, desk: Desk) -> None:
    for _ in range(3):
        await teams.post(said(ANN, "hello"))
    assert teams.connector.asked == [f"GET /v3/conversations/{ANN.chat}/members/{ANN.user}"]
    known = teams.accounts.remembered(ANN.account)
    assert known == Account(
        ANN.account, "Ann", (ANN.email,), place=ANN.chat, url="https://smba.trafficmanager.net/emea"
    )


@pytest.mark.parametrize("who", [PUPIL, GUEST, FOREIGN, Someone("ann", oid="")])
async def test_nobody_on_the_staff_list_is_heard_under_their_own_account(
    teams: Rig, desk: Desk, who: Someone
) -> None:
    got = await heard(teams, desk, said(who, "hello"))
    expected = who.account if who.object_id else f"teams:nobody:{who.user}"
    assert got.person == expected


async def test_an_answer_about_somebody_else_is_not_believed(teams: Rig, desk: Desk) -> None:
    teams.connector.members[PUPIL.chat] = [{**ANN.member, "id": PUPIL.user}]
    assert (await heard(teams, desk, said(PUPIL, "hello"))).person == PUPIL.account


async def test_a_member_without_a_tenant_is_nobody_until_their_tenant_is_told(
    teams: Rig, desk: Desk
) -> None:
    teams.connector.members[ANN.chat] = [{**ANN.member, "tenantId": ""}]
    await teams.post(said(ANN, "hello"))
    teams.meets(ANN)
    await teams.post(said(ANN, "hello"))
    assert [one.person for one in desk.heard] == [ANN.account, "ann"]


async def test_while_teams_cannot_be_asked_what_is_remembered_holds(teams: Rig, desk: Desk) -> None:
    await teams.post(said(ANN, "hello"))
    teams.accounts.forget_fresh()
    desk.heard.clear()
    teams.connector.mood = lambda: "lost before"
    assert (await heard(teams, desk, said(ANN, "hello"))).person == "ann"


async def test_who_is_not_known_and_cannot_be_asked_about_is_nobody(teams: Rig, desk: Desk) -> None:
    teams.connector.mood = lambda: "broken"
    assert (await heard(teams, desk, said(ANN, "hello"))).person == ANN.account


# Presses --------------------------------------------------------------------------------------------


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


# Coming and going -----------------------------------------------------------------------------------


async def test_who_takes_the_bot_in_is_met_and_their_conversation_remembered(
    teams: Rig, desk: Desk
) -> None:
    told = installed(ANN, id="17")
    got = await heard(teams, desk, told)
    assert got == Pressed("ann", "hello", NOON, f"teams:{ANN.chat}:17", ANN.place, reply="post")
    known = teams.accounts.remembered(ANN.account)
    assert known
    assert (known.place, known.url, known.blocked) == (
        ANN.chat,
        "https://smba.trafficmanager.net/emea",
        "",
    )


async def test_who_puts_the_bot_into_a_team_is_not_greeted(teams: Rig, desk: Desk) -> None:
    of = {"team": {"id": TEAM}, "tenant": {"id": TENANT}}
    team = {"id": TEAM, "conversationType": "channel", "isGroup": True}
    await teams.post(installed(ANN, conversation=team, channelData=of))
    await teams.post(added(ANN, conversation=team, channelData=of))
    assert desk.heard == []


async def test_who_removes_the_bot_is_reached_no_more_until_they_come_back(
    teams: Rig, desk: Desk
) -> None:
    blocked = []
    for told in (said(ANN, "hello"), installed(ANN, "remove"), said(ANN, "hello")):
        await teams.post(told)
        known = teams.accounts.remembered(ANN.account)
        blocked.append(known and known.blocked)
    assert blocked == ["", "uninstalled", ""]


async def test_an_upgrade_removes_nobody(teams: Rig, desk: Desk) -> None:
    await teams.post(said(ANN, "hello"))
    await teams.post(installed(ANN, "remove-upgrade"))
    known = teams.accounts.remembered(ANN.account)
    assert known
    assert known.blocked == ""


# The rest -------------------------------------------------------------------------------------------


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
