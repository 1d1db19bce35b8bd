"""What could not be saved: an event comes again, and a person is told at once, with a reference."""

import re
from collections.abc import AsyncIterator

import pytest

from tests.slack.fake import Fault
from tests.slack.office import Office, opened, user
from tests.slack.sender import Payload

ANN = user("ann")
SORRY = "Something went wrong, and nothing was saved."


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """Nothing can be saved here."""
    async with opened() as made:
        await made.lists_staff()
        made.ears.fails = OSError("disk full: what Ann wrote")
        yield made


def references(caplog: pytest.LogCaptureFixture) -> set[str]:
    return set(re.findall(r"reference ([0-9a-f]{8})", caplog.text))


async def test_an_event_is_delivered_again_until_it_is_saved(office: Office) -> None:
    payload = office.sender.message(ANN, "hats?", id="Ev1")
    first = await office.sender.send(payload)
    office.ears.fails = None
    again = await office.sender.send(payload, retry=1)
    assert (first.status, again.status) == (500, 200)
    assert [heard.key for heard in office.ears.heard] == ["slack:Ev1"]


@pytest.mark.parametrize("tab", ["home", "messages"])
async def test_every_kind_of_event_comes_again(office: Office, tab: str) -> None:
    office.fake.workspace.channel("C0STAFF", ANN)
    events = [
        office.sender.opened(ANN, tab),
        office.sender.mention(ANN, "hats?", "C0STAFF"),
    ]
    assert [(await office.sender.send(event)).status for event in events] == [500, 500]
    assert office.fake.workspace.prompts == {}


async def test_the_command_says_so_with_the_reference_of_the_log(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await office.sender.send(office.sender.command(ANN, "hats?"))
    assert (answer.status, answer.told["text"]) == (200, SORRY)
    assert answer.told["response_type"] == "ephemeral"
    (reference,) = references(caplog)
    assert reference in str(answer.told["blocks"])


async def test_a_window_stays_open_with_its_words(office: Office) -> None:
    answer = await office.sender.send(office.sender.form(ANN, "send d1", words="may i?"))
    assert answer.told["response_action"] == "errors"
    assert answer.told["errors"]["words"].startswith(SORRY)


async def test_a_window_without_a_box_shows_it(office: Office) -> None:
    answer = await office.sender.send(office.sender.form(ANN, "send d1"))
    assert answer.told["response_action"] == "update"
    assert SORRY in str(answer.told["view"])


async def test_a_press_on_a_message_is_answered_to_the_one_who_pressed(office: Office) -> None:
    answer = await office.sender.send(office.sender.press(ANN, "help", ts="1700.1"))
    assert answer.status == 200
    (told,) = office.fake.hooks
    assert (told["response_type"], told["replace_original"]) == ("ephemeral", False)
    assert told["text"] == SORRY


def in_a_window(office: Office) -> Payload:
    view = office.sender.view("modal", "V7", words="half a sentence")
    return office.sender.press_in_view(ANN, "help", view)


def in_the_home(office: Office) -> Payload:
    return office.sender.press_in_view(ANN, "help", office.sender.view("home", "VHOME"))


async def test_a_press_in_a_window_is_answered_over_it_and_covers_nothing_up(
    office: Office,
) -> None:
    assert (await office.sender.send(in_a_window(office))).status == 200
    (shown,) = office.fake.workspace.views.values()
    assert (shown.above, SORRY in str(shown.shown)) == ("V7", True)


@pytest.mark.parametrize("where", ["home", "box", "shortcut", "message shortcut"])
async def test_elsewhere_a_window_says_so(office: Office, where: str) -> None:
    payload = {
        "home": in_the_home(office),
        "box": office.sender.asks(ANN, "hats?"),
        "shortcut": office.sender.shortcut(ANN, "report_concern"),
        "message shortcut": office.sender.shortcut(ANN, "report_message", "x")
        | {"response_url": ""},
    }[where]
    assert (await office.sender.send(payload)).status == 200
    (shown,) = office.fake.workspace.views.values()
    assert SORRY in str(shown.shown)


async def test_when_the_address_to_answer_at_fails_a_window_is_tried(office: Office) -> None:
    payload = office.sender.press(ANN, "help", ts="1700.1")
    payload["response_url"] = "https://elsewhere.example/hooks/1"
    assert (await office.sender.send(payload)).status == 200
    assert len(office.fake.workspace.views) == 1


async def test_when_nothing_can_be_shown_the_press_is_taken_all_the_same(office: Office) -> None:
    office.fake.faults = [Fault("broken", "views.open")]
    assert (await office.sender.send(in_the_home(office))).status == 200


async def test_who_cannot_be_noted_is_not_let_through(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The records are away when somebody unknown speaks."""

    async def away(*told: object) -> None:
        raise OSError("disk full")

    office.ears.fails = None
    monkeypatch.setattr(office.accounts, "learn", away)
    office.accounts.forget_fresh()
    assert (await office.sender.send(office.sender.message(ANN, "hats?"))).status == 500
    assert office.ears.heard == []


async def test_while_slack_does_not_say_who_the_bot_is_events_come_again(office: Office) -> None:
    office.ears.fails = None
    await office.restart()
    office.fake.faults = [Fault("broken", "auth.test")]
    payload = office.sender.message(ANN, "hats?")
    first, again = await office.sender.send(payload), await office.sender.send(payload, retry=1)
    assert (first.status, again.status, len(office.ears.heard)) == (500, 200, 1)


@pytest.mark.parametrize("how", ["command", "press", "form", "shortcut"])
async def test_who_is_not_on_the_list_is_told_nobodys_name(office: Office, how: str) -> None:
    """The card says whom to ring: a pupil was shown the name and number of a member of staff."""
    pupil = office.fake.workspace.joins("U0PUPIL", "pupil@school.example")
    payload = {
        "command": office.sender.command(pupil, "hats?"),
        "press": office.sender.press(pupil, "help", ts="1700.1"),
        "form": office.sender.form(pupil, "send d1"),
        "shortcut": office.sender.shortcut(pupil, "report_concern"),
    }[how]
    answer = await office.sender.send(payload)
    views = [view.shown for view in office.fake.workspace.views.values()]
    shown = str([answer.told, office.fake.hooks, views])
    assert "This chat is for staff." in shown
    assert SORRY not in shown
