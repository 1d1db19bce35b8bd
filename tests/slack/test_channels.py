"""Questions in channels, where others read along, and who somebody is who asks."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.core.messages import Said
from tests.fakes import START
from tests.slack.office import Office, heard, opened, user

ANN, OWN = user("ann"), f"slack:@{user('ann')}"


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with opened() as made:
        yield made


# In channels ----------------------------------------------------------------------------------------


async def test_among_staff_a_question_is_answered_in_its_thread(office: Office) -> None:
    await office.lists_staff()
    channel = office.fake.workspace.channel("C0STAFF", ANN, user("ben"))
    payload = office.sender.mention(ANN, "can i wear a hat?", channel, id="Ev9")
    place = f"slack:C0STAFF:{payload['event']['ts']}"
    expected = Said("ann", "can i wear a hat?", START, "slack:Ev9", place, "post", private=OWN)
    assert await heard(office, payload) == expected


async def test_a_reply_in_a_thread_is_answered_in_that_thread(office: Office) -> None:
    await office.lists_staff()
    channel = office.fake.workspace.channel("C0STAFF", ANN)
    payload = office.sender.mention(ANN, "hats?", channel, thread_ts="1700.1")
    assert (await heard(office, payload)).place == "slack:C0STAFF:1700.1"


@pytest.mark.parametrize(
    "other",
    [
        {"is_restricted": True, "email": "ben@school.example"},
        {"is_ultra_restricted": True, "email": "ben@school.example"},
        {"is_stranger": True, "email": "ben@school.example"},
        {"team_id": "T0ELSEWHERE", "email": "ben@school.example"},
        {"deleted": True, "email": "ben@school.example"},
        {"email": "pupil@school.example"},
    ],
    ids=str,
)
async def test_with_anybody_else_in_the_channel_the_answer_is_private(
    office: Office, other: dict[str, Any]
) -> None:
    office.fake.workspace.joins(user("ben"), **other)
    await office.lists_staff()
    channel = office.fake.workspace.channel("C0STAFF", ANN, user("ben"))
    told = await heard(office, office.sender.mention(ANN, "hats?", channel))
    assert (told.place, told.private) == (OWN, "")


async def test_in_a_channel_shared_with_others_the_answer_is_private(office: Office) -> None:
    await office.lists_staff()
    channel = office.fake.workspace.channel("C0STAFF", ANN)
    payload = office.sender.mention(ANN, "hats?", channel, is_ext_shared_channel=True)
    assert (await heard(office, payload)).place == OWN


async def test_where_members_cannot_be_learnt_the_answer_is_private(office: Office) -> None:
    await office.lists_staff()
    office.fake.workspace.scopes -= {"channels:read", "groups:read", "im:read", "mpim:read"}
    channel = office.fake.workspace.channel("C0STAFF", ANN)
    assert (await heard(office, office.sender.mention(ANN, "hats?", channel))).place == OWN


async def test_once_members_can_be_learnt_again_the_answer_is_for_all(office: Office) -> None:
    await office.lists_staff()
    scopes = set(office.fake.workspace.scopes)
    office.fake.workspace.scopes -= {"channels:read", "groups:read", "im:read", "mpim:read"}
    channel = office.fake.workspace.channel("C0STAFF", ANN)
    assert (await heard(office, office.sender.mention(ANN, "hats?", channel))).place == OWN
    office.fake.workspace.scopes |= scopes
    told = await heard(office, office.sender.mention(ANN, "hats?", channel))
    assert told.place.startswith("slack:C0STAFF:")


async def test_every_page_of_members_is_read(office: Office) -> None:
    many = [office.fake.workspace.joins(f"U1{n:04d}", is_bot=True) for n in range(250)]
    await office.lists_staff()
    channel = office.fake.workspace.channel("C0STAFF", ANN, *many)
    told = await heard(office, office.sender.mention(ANN, "hats?", channel))
    assert told.private == OWN
    guest = office.fake.workspace.joins("U0GUEST", is_restricted=True)
    other = office.fake.workspace.channel("C0OTHER", ANN, *many, guest)
    assert (await heard(office, office.sender.mention(ANN, "hats?", other))).private == ""


async def test_members_are_asked_for_once_in_some_minutes(office: Office) -> None:
    await office.lists_staff()
    channel = office.fake.workspace.channel("C0STAFF", ANN)
    for _ in range(3):
        assert (await heard(office, office.sender.mention(ANN, "hats?", channel))).private
    assert len(office.fake.asked("conversations.members")) == 1
    office.fake.workspace.channels[channel].members.append("U0GUEST")
    office.clock.advance(301)
    assert not (await heard(office, office.sender.mention(ANN, "hats?", channel))).private


async def test_who_left_the_staff_list_makes_the_channel_private_at_once(office: Office) -> None:
    await office.lists_staff()
    channel = office.fake.workspace.channel("C0STAFF", ANN, user("ben"))
    assert (await heard(office, office.sender.mention(ANN, "hats?", channel))).private
    del office.people["ben"]
    assert not (await heard(office, office.sender.mention(ANN, "hats?", channel))).private


async def test_the_message_and_the_mention_of_one_post_have_one_effect(office: Office) -> None:
    await office.lists_staff()
    channel = office.fake.workspace.channel("C0STAFF", ANN)
    mention = office.sender.mention(ANN, "hats?", channel)
    message = office.sender.event(mention["event"] | {"type": "message", "channel_type": "channel"})
    assert (await heard(office, mention)) is not None
    assert (await heard(office, message)) is None


async def test_a_mention_in_the_own_conversation_is_heard_once(office: Office) -> None:
    message = office.sender.message(ANN, "hats?")
    mention = office.sender.event(message["event"] | {"type": "app_mention"})
    assert (await heard(office, message)) is not None
    assert (await heard(office, mention)) is None


# Who somebody is ------------------------------------------------------------------------------------


async def test_somebody_not_on_the_list_is_known_by_their_account(office: Office) -> None:
    pupil = office.fake.workspace.joins("U0PUPIL", "pupil@school.example")
    told = await heard(office, office.sender.message(pupil, "what is the policy"))
    assert (told.person, told.place) == ("slack:U0PUPIL", "slack:@U0PUPIL")


async def test_slack_is_asked_about_an_account_once(office: Office) -> None:
    for _ in range(3):
        await heard(office, office.sender.message(ANN, "hats?"))
    assert office.fake.asked("users.info") == [{"user": ANN}]


async def test_while_slack_cannot_be_asked_what_is_remembered_holds(office: Office) -> None:
    await heard(office, office.sender.message(ANN, "hats?"))
    office.accounts.forget_fresh()
    office.fake.workspace.scopes -= {"users:read"}
    assert (await heard(office, office.sender.message(ANN, "hats?"))).person == "ann"
    assert (await heard(office, office.sender.message(user("ben"), "hats?"))).person == (
        f"slack:{user('ben')}"
    )


@pytest.mark.parametrize("change", [{"deleted": True}, {"is_restricted": True}], ids=str)
async def test_who_leaves_or_becomes_a_guest_is_nobody_at_once(
    office: Office, change: dict[str, Any]
) -> None:
    await heard(office, office.sender.message(ANN, "hats?"))
    office.fake.workspace.users[ANN] |= change
    assert await heard(office, office.sender.changed(ANN)) is None
    assert (await heard(office, office.sender.message(ANN, "hats?"))).person == f"slack:{ANN}"


async def test_a_change_without_an_address_takes_none_away(office: Office) -> None:
    await heard(office, office.sender.message(ANN, "hats?"))
    del office.fake.workspace.users[ANN]["profile"]["email"]
    await heard(office, office.sender.changed(ANN))
    assert (await heard(office, office.sender.message(ANN, "hats?"))).person == "ann"


async def test_a_change_of_somebody_unknown_is_not_kept(office: Office) -> None:
    await heard(office, office.sender.changed(user("ben")))
    assert office.accounts.remembered(f"slack:{user('ben')}") is None
