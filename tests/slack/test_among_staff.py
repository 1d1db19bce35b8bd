"""An answer in a channel at the moment it is posted: who reads along by then, and what Slack refuses."""

from collections.abc import AsyncIterator

import pytest

from bot.core.cards import Card
from bot.core.messages import Outgoing
from bot.core.unsent import Unsent
from tests.slack.fake import Fault
from tests.slack.office import Office, opened, user
from tests.slack.test_say import said

ANN = user("ann")
CARD = Card(title="No.")
OUT = Outgoing("ann", "t", {}, "post", "slack:C0STAFF:1700.1", "k1")


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with opened() as made:
        await made.lists_staff()
        made.fake.workspace.channel("C0STAFF", ANN, user("ben"))
        yield made


async def asked(office: Office) -> Outgoing:
    """What Ann asked in the channel, answered in its thread."""
    mention = office.sender.mention(ANN, "hats?", "C0STAFF")
    assert (await office.sender.send(mention)).status == 200
    said = office.ears.heard[-1]
    return Outgoing("ann", "t", {}, "post", said.place, said.key)


async def test_a_guest_who_joined_since_the_question_is_not_shown_the_answer(
    office: Office,
) -> None:
    """The members of a channel are remembered for minutes, and an answer may wait for longer."""
    out = await asked(office)
    guest = office.fake.workspace.joins("U0GUEST", is_restricted=True)
    office.fake.workspace.channels["C0STAFF"].members.append(guest)
    await office.slack.platform.say(out, CARD)
    assert (said(office, "C0STAFF"), said(office)) == ([], [("No.", "")])


async def test_who_left_the_staff_since_the_question_is_not_shown_the_answer(
    office: Office,
) -> None:
    out = await asked(office)
    del office.people["ben"]
    await office.slack.platform.say(out, CARD)
    assert (said(office, "C0STAFF"), said(office)) == ([], [("No.", "")])


@pytest.mark.parametrize(
    "code", ["is_archived", "restricted_action", "thread_not_found", "not_in_channel"]
)
async def test_what_a_channel_refuses_the_asker_is_told_alone(office: Office, code: str) -> None:
    """It was given up, and whoever asked there heard nothing."""
    office.fake.faults = [Fault("code", "chat.postMessage", code=code)]
    await office.slack.platform.say(OUT, CARD)
    assert (said(office, "C0STAFF"), said(office)) == ([], [("No.", "")])


async def test_what_may_be_posted_later_waits_for_its_channel(office: Office) -> None:
    office.fake.faults = [Fault("limited", "chat.postMessage")]
    with pytest.raises(Unsent) as caught:
        await office.slack.platform.say(OUT, CARD)
    assert caught.value.kind == "later"
    assert "D0ANN" not in office.fake.workspace.channels


async def test_who_has_no_account_here_any_more_is_given_up(office: Office) -> None:
    del office.people["ann"]
    with pytest.raises(Unsent) as caught:
        await office.slack.platform.say(OUT, CARD)
    assert caught.value.kind == "never"
    assert said(office, "C0STAFF") == []


async def test_a_clock_set_back_keeps_nobodys_channel_for_an_hour(office: Office) -> None:
    await asked(office)
    guest = office.fake.workspace.joins("U0GUEST", is_restricted=True)
    office.fake.workspace.channels["C0STAFF"].members.append(guest)
    office.clock.advance(-3600)
    assert (await asked(office)).place == f"slack:@{ANN}"
