"""Who speaks on Teams, who reads along, and where they are reached from then on."""

from datetime import timedelta

import pytest

from bot.core.accounts import Account
from bot.core.messages import Pressed, Said
from tests.teams.rig import ANN, BEN, FOREIGN, GUEST, NOON, PUPIL, Desk, List, Rig, heard, rig
from tests.teams.sending import (
    GROUP,
    TEAM,
    THREAD,
    Json,
    Someone,
    added,
    in_channel,
    in_group,
    installed,
    mention,
    said,
)
from tests.teams.stub import TENANT
from tests.teams.stub_connector import Mood

# Groups and channels ------------------------------------------------------------------------------


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


@pytest.mark.parametrize("kind", ["Shared", "SHARED", "unknownFutureValue"])
async def test_a_channel_of_a_kind_that_is_not_known_is_never_only_staff(
    teams: Rig, desk: Desk, kind: str
) -> None:
    teams.gather(ANN, BEN)
    got = await heard(teams, desk, in_channel(ANN, "hello", kind=kind))
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


# Who ----------------------------------------------------------------------------------------------


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


# Coming and going ---------------------------------------------------------------------------------


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
