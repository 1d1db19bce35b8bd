"""What is written to the bot, in the own conversation, by the command, in the App Home."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.core.cards import Card, Choice
from bot.core.messages import Pressed, Said
from bot.platforms.slack.words import plain, without
from tests.fakes import START
from tests.slack.fake import Fault
from tests.slack.office import FIXED, Office, heard, opened, user
from tests.slack.workspace import ME

ANN, OWN = user("ann"), f"slack:@{user('ann')}"


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with opened() as made:
        yield made


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


@pytest.mark.parametrize(("lost", "shown"), [(0, []), (1, ["One."]), (2, ["One.", "Two."])])
@pytest.mark.parametrize("kind", ["broken", "slow"])
async def test_a_long_answer_that_breaks_off_is_completed_and_nothing_said_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch, kind: str, lost: int, shown: list[str]
) -> None:
    """Its first message came once more, and the rest of it never."""
    monkeypatch.setattr("bot.platforms.slack.hear.IN_TIME", 0.2)
    office.ears.cards = [Card(title=words) for words in ("One.", "Two.", "Three.")]
    office.fake.faults = [Fault(kind, "response_url", after=lost)]
    answer = await office.sender.send(office.sender.command(ANN, "hats?", channel="C0STAFF"))
    assert [told["text"] for told in office.fake.hooks] == shown
    assert answer.told["text"] == ("One.", "Two.", "Three.")[lost]
    posted = [(one.key.partition(" ")[2], one.reply) for one in office.ears.heard[1:]]
    assert posted == ([("posted", "post")] if lost < 2 else [])
