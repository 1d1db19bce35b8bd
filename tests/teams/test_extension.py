""" "Report this message": the gate's card in a window, always answered, and nothing of the message kept."""

import asyncio
from typing import Any

import pytest

from bot.core.cards import Card, Choice
from bot.core.messages import Pressed
from bot.store.memory import MemoryStore
from tests.teams.rig import ANN, GUEST, NOON, PUPIL, Desk, Json, Rig, whole
from tests.teams.sending import Someone, pressed, reports, said, sends_window
from tests.teams.stub_connector import CANARY

BELL = Someone("bell")
CHAT = "19:two@unq.gbl.spaces"
GATE = Card(
    title="Is anyone in danger now?",
    choices=(Choice("Yes, or I'm not sure", "danger yes"), Choice("No", "danger no")),
    urgent=True,
)
DONE = Card(title="Ring 999.", paragraphs=("Then ring Ms Shah.",), choices=(Choice("Go", "go"),))


def submits(told: Any) -> list[Json]:
    """The buttons in a window."""
    content = told["task"]["value"]["card"]["content"]
    found: list[Json] = [one for one in _objects(content) if one.get("type") == "Action.Submit"]
    return found


def _objects(told: Any) -> list[Any]:
    inner = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    mine = [told] if isinstance(told, dict) else []
    return mine + [found for one in inner for found in _objects(one)]


async def test_the_gates_card_opens_in_a_window(teams: Rig, desk: Desk) -> None:
    desk.cards = (GATE,)
    told = await teams.posted(reports(ANN, CANARY, id="17"))
    assert desk.heard == [Pressed("ann", "concern", NOON, f"teams:{CHAT}:17", ANN.place)]
    task = told["task"]
    assert (task["type"], task["value"]["title"]) == ("continue", "Policybot")
    content_type = task["value"]["card"]["contentType"]
    assert content_type == "application/vnd.microsoft.card.adaptive"
    assert [one["data"]["action"] for one in submits(told)] == ["danger yes", "danger no"]


async def test_what_was_pressed_in_the_window_is_answered_in_words(teams: Rig, desk: Desk) -> None:
    desk.cards = (DONE,)
    told = await teams.posted(sends_window(ANN, "danger yes", "t1", fields={"where": "hall"}))
    key = f"teams:t1:danger yes {ANN.account}"
    assert desk.heard == [Pressed("ann", "danger yes", NOON, key, ANN.place, {"where": "hall"})]
    assert told == {"task": {"type": "message", "value": "Ring 999.\nThen ring Ms Shah."}}


async def test_a_window_that_is_sent_often_counts_once(teams: Rig, desk: Desk) -> None:
    told = sends_window(ANN, "danger yes", "t1")
    again = sends_window(ANN, "danger yes", "t1")
    answers = await asyncio.gather(*(teams.posted(one) for one in [told] * 20 + [again]))
    assert len({one.key for one in desk.heard}) == 1
    assert all(answer == answers[0] for answer in answers)


async def test_a_window_of_something_posted_instead_says_where(teams: Rig, desk: Desk) -> None:
    desk.cards = ()
    told = await teams.posted(sends_window(ANN, "danger yes", "t1"))
    expected = "I have answered in our own chat."
    assert told == {"task": {"type": "message", "value": expected}}


@pytest.mark.parametrize("value", [None, {}, {"data": "x"}, {"data": {"msteams": {}}}])
async def test_a_window_that_sends_nothing_of_ours_is_answered_too(
    teams: Rig, desk: Desk, value: object
) -> None:
    told = await teams.posted(sends_window(ANN, "x", "t1", value=value))
    assert told["task"]["type"] == "message"
    assert told["task"]["value"]


@pytest.mark.parametrize("told", [reports(ANN, CANARY), sends_window(ANN, "danger yes", "t1")])
async def test_what_was_not_saved_says_so_in_words(teams: Rig, desk: Desk, told: Json) -> None:
    desk.fails = OSError("the disk is full")
    task = (await teams.posted(told))["task"]
    assert task["type"] == "message"
    assert task["value"].startswith("This was not saved.\nQuote ")


async def test_another_command_is_not_ours(teams: Rig, desk: Desk) -> None:
    told = reports(ANN, CANARY, value={"commandId": "somethingElse"})
    assert (await teams.post(told)).status == 501
    assert desk.heard == []


# Who uses it ----------------------------------------------------------------------------------------


async def test_who_uses_it_where_the_bot_is_no_member_is_asked_about_in_their_own_chat(
    teams: Rig, desk: Desk
) -> None:
    own = f"a:own-{ANN.object_id.lower()}"
    await teams.post(reports(ANN, CANARY))
    assert [one.person for one in desk.heard] == ["ann"]
    assert teams.connector.asked == [
        f"GET /v3/conversations/{CHAT}/members/{ANN.user}",
        "POST /v3/conversations",
        f"GET /v3/conversations/{own}/members/{ANN.user}",
    ]


@pytest.mark.parametrize("says", ["groupChat", "personal", "channel", ""])
async def test_where_it_is_used_is_nobodys_own_conversation(
    teams: Rig, desk: Desk, says: str
) -> None:
    await teams.post(said(ANN, "hello"))
    for told in (reports(ANN, CANARY), sends_window(ANN, "danger yes", "t1")):
        of = {**told["conversation"], "conversationType": says}
        assert (await teams.post({**told, "conversation": of})).status == 200
    assert [one.place for one in desk.heard] == [ANN.place] * 3
    known = teams.accounts.remembered(ANN.account)
    assert known
    assert known.place == ANN.chat
    assert teams.accounts.remembered(f"teams:{CHAT}") is None


async def test_the_real_gate_leads_to_whom_to_ring() -> None:
    async with whole(MemoryStore(), BELL) as school:
        await school.hears(said(BELL, "help"))
        opened = await school.hears(reports(BELL, CANARY))
        assert opened
        yes = next(one["data"] for one in submits(opened) if one["data"]["action"] == "danger yes")
        told = await school.hears(sends_window(BELL, yes["action"], yes["token"]))
        assert told
        assert "999" in told["task"]["value"]


@pytest.mark.parametrize("who", [PUPIL, GUEST])
async def test_nobody_on_the_staff_list_gets_no_more_there(who: Someone) -> None:
    async with whole(MemoryStore(), BELL) as school:
        school.teams.meets(who)
        await school.hears(said(who, "hello"))
        opened = await school.hears(reports(who, CANARY))
        assert "Childline" in str(opened)
        told = await school.hears(sends_window(who, "danger yes", "t1"))
        assert "Childline" in str(told)
        stays = await school.hears(pressed(who, "help"))
        assert "Childline" in str(stays)
