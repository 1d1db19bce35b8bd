"""What Slack's payloads become, and what is answered at once."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.core.cards import Card, Choice, Field
from bot.core.messages import Pressed, Said
from bot.platforms.slack.words import plain, without
from tests.fakes import START
from tests.slack.office import FIXED, Office, opened, user
from tests.slack.sender import Payload
from tests.slack.workspace import ME

ANN, OWN = user("ann"), f"slack:@{user('ann')}"


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with opened() as made:
        yield made


async def heard(office: Office, payload: Payload) -> Any:
    """The one thing that a payload becomes; None for nothing. It is taken either way."""
    before = len(office.ears.heard)
    answer = await office.sender.send(payload)
    assert answer.status == 200
    found = office.ears.heard[before:]
    assert len(found) <= 1
    return found[0] if found else None


# In the own conversation ----------------------------------------------------------------------------


async def test_a_message_is_a_question_answered_under_it(office: Office) -> None:
    payload = office.sender.message(ANN, "can i wear a hat?", id="Ev1")
    under = payload["event"]["ts"]
    expected = Said("ann", "can i wear a hat?", START, "slack:Ev1", OWN, "post", under=under)
    assert await heard(office, payload) == expected


async def test_a_question_inside_a_thread_is_answered_in_that_thread(office: Office) -> None:
    payload = office.sender.message(ANN, "and at lunch?", thread_ts="1700.1")
    told = await heard(office, payload)
    assert (told.place, told.under) == (OWN, "1700.1")


async def test_a_message_needs_no_channel_type(office: Office) -> None:
    payload = office.sender.message(ANN, "hats?")
    del payload["event"]["channel_type"]
    assert (await heard(office, payload)).text == "hats?"


async def test_a_file_or_an_empty_message_is_answered_too(office: Office) -> None:
    file = office.sender.message(ANN, "", subtype="file_share", files=[{"id": "F1"}])
    told = [await heard(office, file), await heard(office, office.sender.message(ANN, ""))]
    assert [one.text for one in told] == ["", ""]


@pytest.mark.parametrize(
    "more",
    [
        {"subtype": "bot_message", "bot_id": "B0OTHER"},
        {"bot_id": "B0OTHER"},
        {"subtype": "message_changed", "hidden": True},
        {"subtype": "message_deleted", "hidden": True},
        {"subtype": "channel_join"},
        {"subtype": "assistant_app_thread"},
        {"user": "USLACKBOT"},
        {"user": ME},
        {"channel": "C0STAFF", "channel_type": "channel"},
        {"channel": "G0GROUP", "channel_type": "mpim"},
    ],
    ids=str,
)
async def test_what_no_person_said_to_the_bot_is_left_alone(
    office: Office, more: dict[str, Any]
) -> None:
    payload = office.sender.message(ANN, "hello")
    payload["event"] |= more
    assert await heard(office, payload) is None


async def test_a_sender_that_names_no_kind_of_channel_is_read_by_its_name(office: Office) -> None:
    payload = office.sender.message(ANN, "hello")
    payload["event"] |= {"channel": "C0STAFF", "channel_type": None}
    assert await heard(office, payload) is None


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("a &amp; b &lt;c&gt; &amp;lt;", "a & b <c> &lt;"),
        ("<@U012> hit me", "somebody hit me"),
        ("<@U012|ann> hit me", "ann hit me"),
        ("in <#C1|general> or <#C2>", "in #general or a channel"),
        ("<!here> <!subteam^S1|@leads> <!channel>", "@here @leads @channel"),
        ("<https://x.example/a?b=1&amp;c=2|this page>", "this page"),
        ("<https://x.example/a?b=1&amp;c=2>", "https://x.example/a?b=1&c=2"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("", ""),
    ],
)
def test_marks_become_plain_words(sent: str, words: str) -> None:
    assert plain(sent) == words


@pytest.mark.parametrize(
    ("sent", "asked"),
    [
        ("<@U0POLICY> can I?", "can I?"),
        ("hey <@U0POLICY|policybot>  can I?", "hey can I?"),
        ("<@U0POLICY>", ""),
        ("<@U0POLICYX> can I?", "<@U0POLICYX> can I?"),
    ],
)
def test_our_own_name_is_taken_out_and_no_other(sent: str, asked: str) -> None:
    assert without(sent, "U0POLICY") == asked


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


# The App Home ---------------------------------------------------------------------------------------


async def test_opening_the_home_shows_it_anew(office: Office) -> None:
    payload = office.sender.opened(ANN, "home", id="Ev1")
    home = f"slack:home:{ANN}"
    expected = Pressed("ann", "home", START, "slack:Ev1", home, reply="post")
    assert await heard(office, payload) == expected
    assert office.fake.workspace.prompts == {}


async def test_opening_the_conversation_greets_and_offers_questions(office: Office) -> None:
    payload = office.sender.opened(ANN, "messages", id="Ev1")
    expected = Pressed("ann", "hello", START, "slack:Ev1", OWN, reply="post")
    assert await heard(office, payload) == expected
    offered = [{"title": p.title, "message": p.message} for p in FIXED.prompts]
    assert office.fake.workspace.prompts == {"D0ANN": offered}


async def test_questions_that_cannot_be_offered_stop_nothing(office: Office) -> None:
    office.fake.workspace.scopes -= {"assistant:write"}
    assert (await heard(office, office.sender.opened(ANN, "messages"))).action == "hello"


async def test_who_is_not_on_the_list_is_offered_no_questions(office: Office) -> None:
    pupil = office.fake.workspace.joins("U0PUPIL", "pupil@school.example")
    assert (await heard(office, office.sender.opened(pupil, "messages"))).action == "hello"
    assert office.fake.workspace.prompts == {}


async def test_the_box_of_the_home_is_a_question_with_a_handle(office: Office) -> None:
    payload = office.sender.asks(ANN, "can i wear a hat &amp; scarf?")
    trigger = payload["trigger_id"]
    key = f"slack:{trigger}"
    words = "can i wear a hat & scarf?"
    expected = Said("ann", words, START, key, OWN, "post", handle=trigger)
    assert await heard(office, payload) == expected


async def test_the_button_of_the_box_sends_what_is_typed_in_it(office: Office) -> None:
    view = office.sender.view("home", "V1", ask="hats?")
    payload = office.sender.press_in_view(ANN, "", view, action_id="ask now", value=None)
    assert (await heard(office, payload)).text == "hats?"


async def test_an_empty_box_is_answered_too(office: Office) -> None:
    assert (await heard(office, office.sender.asks(ANN, None))).text == ""


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


# The command ----------------------------------------------------------------------------------------


async def test_the_command_is_answered_to_the_asker_alone(office: Office) -> None:
    office.ears.cards = [Card(title="No.", choices=(Choice("Report a concern", "concern"),))]
    payload = office.sender.command(ANN, "can i wear a hat &amp; scarf?")
    answer = await office.sender.send(payload)
    assert (answer.told["response_type"], answer.told["text"]) == ("ephemeral", "No.")
    assert answer.told["blocks"]
    key = f"slack:{payload['trigger_id']}"
    words = "can i wear a hat & scarf?"
    assert office.ears.heard == [Said("ann", words, START, key, OWN, "answer")]


async def test_the_command_without_words_asks_for_help(office: Office) -> None:
    assert (await heard(office, office.sender.command(ANN, "  "))).text == "help"


async def test_a_long_answer_to_the_command_comes_in_order(office: Office) -> None:
    office.ears.cards = [Card(title="One."), Card(title="Two.")]
    answer = await office.sender.send(office.sender.command(ANN, "hats?"))
    assert (answer.status, answer.told) == (200, {})
    assert [told["text"] for told in office.fake.hooks] == ["One.", "Two."]


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
