"""Presses and forms: what they become, and what takes the place of what they stood on."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.core.cards import Card, Choice, Field
from bot.core.messages import Pressed
from tests.fakes import START
from tests.slack.office import Office, heard, opened, user

ANN, OWN = user("ann"), f"slack:@{user('ann')}"


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with opened() as made:
        yield made


# Presses --------------------------------------------------------------------------------------------


async def test_a_press_in_the_own_conversation_may_replace_its_message(office: Office) -> None:
    payload = office.sender.press(ANN, "danger no", ts="1700.1")
    payload["message"]["thread_ts"] = "1600.1"
    key, handle = f"slack:{payload['trigger_id']}", payload["trigger_id"]
    expected = Pressed(
        "ann", "danger no", START, key, OWN, {}, "post", handle, "", "1700.1", "1600.1"
    )
    assert await heard(office, payload) == expected


async def test_what_is_typed_in_a_message_comes_with_its_press(office: Office) -> None:
    typed = {"words": {"words": {"type": "plain_text_input", "value": "may i &lt;b&gt;?"}}}
    payload = office.sender.press(ANN, "send d1", ts="1700.1", state={"values": typed})
    assert (await heard(office, payload)).fields == {"words": "may i <b>?"}


@pytest.mark.parametrize("where", [{"ephemeral": True}, {"channel": "C0STAFF"}], ids=str)
async def test_what_others_read_or_only_seems_to_stand_is_not_replaced(
    office: Office, where: dict[str, Any]
) -> None:
    told = await heard(office, office.sender.press(ANN, "help", ts="1700.1", **where))
    assert (told.card, told.place, bool(told.handle)) == ("", OWN, True)


async def test_a_press_in_a_window_replaces_it(office: Office) -> None:
    view = office.sender.view("modal", "V7", words="half a sentence")
    told = await heard(office, office.sender.press_in_view(ANN, "help", view))
    assert (told.card, told.handle, told.fields) == ("V7", "", {"words": "half a sentence"})


async def test_a_press_in_the_home_opens_a_window(office: Office) -> None:
    view = office.sender.view("home", "VHOME", ask="half a sentence")
    told = await heard(office, office.sender.press_in_view(ANN, "concern", view))
    assert (told.card, bool(told.handle), told.fields, told.place) == ("", True, {}, OWN)


async def test_a_choice_from_a_list_is_a_press(office: Office) -> None:
    payload = office.sender.press(ANN, "", ts="1700.1")
    payload["actions"][0] |= {"value": None, "selected_option": {"value": "pick d1 who pupil"}}
    assert (await heard(office, payload)).action == "pick d1 who pupil"


async def test_a_link_is_no_press(office: Office) -> None:
    assert await heard(office, office.sender.press(ANN, "", ts="1700.1")) is None


@pytest.mark.parametrize(
    ("callback", "text"), [("report_message", "what a colleague wrote"), ("report_concern", "")]
)
async def test_both_shortcuts_are_a_concern_and_bring_nothing_of_the_message(
    office: Office, callback: str, text: str
) -> None:
    payload = office.sender.shortcut(ANN, callback, text)
    handle = payload["trigger_id"]
    key = f"slack:{handle}"
    assert await heard(office, payload) == Pressed(
        "ann", "concern", START, key, OWN, {}, "post", handle
    )
    assert {name for name, _ in office.fake.calls} <= {"auth.test", "users.info"}


# Forms ----------------------------------------------------------------------------------------------

FORM = Card(
    title="Send?",
    fields=(Field("words", "Your question", error="Please write something."),),
    choices=(Choice("Send", "send d1", main=True),),
)


async def test_a_form_is_a_press_with_what_was_typed(office: Office) -> None:
    told = await heard(office, office.sender.form(ANN, "send d1", words="may i &amp; you?"))
    assert (told.action, told.fields, told.reply) == (
        "send d1",
        {"words": "may i & you?"},
        "answer",
    )
    assert (told.place, told.handle, told.card) == (OWN, "", "")


async def test_a_mistake_stands_beside_its_box(office: Office) -> None:
    office.ears.cards = [FORM]
    answer = await office.sender.send(office.sender.form(ANN, "send d1", words=""))
    mistakes = {"words": "Please write something."}
    assert answer.told == {"response_action": "errors", "errors": mistakes}


async def test_the_outcome_takes_the_place_of_the_form(office: Office) -> None:
    office.ears.cards = [Card(title="It went.")]
    answer = await office.sender.send(office.sender.form(ANN, "send d1", words="may i?"))
    assert answer.told["response_action"] == "update"
    assert "It went." in str(answer.told["view"]["blocks"])


async def test_a_mistake_of_a_box_that_is_not_there_is_a_window_of_its_own(office: Office) -> None:
    office.ears.cards = [FORM]
    answer = await office.sender.send(office.sender.form(ANN, "send d1", other=""))
    assert answer.told["response_action"] == "update"


async def test_a_corrected_form_comes_under_the_same_name_and_another_step_does_not(
    office: Office,
) -> None:
    forms = [
        office.sender.form(ANN, "send d1", words=""),
        office.sender.form(ANN, "send d1", words="may i?"),
        office.sender.form(ANN, "send d2", words="may i?"),
        office.sender.form(ANN, "send d1", id="V222", words="may i?"),
    ]
    keys = [(await heard(office, form)).key for form in forms]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


@pytest.mark.parametrize("without", ["press", "command", "shortcut"])
async def test_what_comes_without_a_name_is_nobody_elses(office: Office, without: str) -> None:
    """They had one name together: the second person got the first one's answer, or none."""
    makes = {
        "press": lambda who: office.sender.press(who, "help", ts="1700.1"),
        "command": lambda who: office.sender.command(who, "hats?"),
        "shortcut": lambda who: office.sender.shortcut(who, "report_concern"),
    }
    payloads = [makes[without](who) for who in (ANN, user("ben"))]
    for payload in payloads:
        del payload["trigger_id"]
    keys = [(await heard(office, payload)).key for payload in (*payloads, payloads[0])]
    assert keys[0] == keys[2]
    assert keys[0] != keys[1]
