"""Where a card lands on Slack, what takes its place, and whether it arrived."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.core.cards import Card
from bot.core.messages import Json, Outgoing
from bot.core.unsent import Unsent
from bot.platforms.slack import blocks
from bot.platforms.slack.blocks import Message
from tests.slack.fake import Fault
from tests.slack.office import Office, opened, user

ANN = user("ann")
ID, OWN = f"slack:{ANN}", f"slack:@{ANN}"
CARD = Card(title="No.")


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with opened() as made:
        await made.lists_staff()
        yield made


def to_ann(place: str = OWN, key: str = "k1", **more: Any) -> Outgoing:
    return Outgoing("ann", "t", {}, "post", place, key, **more)


async def say(office: Office, out: Outgoing, card: Card = CARD) -> None:
    await office.slack.platform.say(out, card)


def said(office: Office, channel: str = "D0ANN") -> list[tuple[str, str]]:
    """Every message in a channel: its words, and the message it stands under."""
    messages = office.fake.workspace.channels[channel].messages
    return [(message["text"], message.get("thread_ts", "")) for message in messages]


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A card as long as it has paragraphs."""

    def messages(card: Card, fixed: Any, *more: Any) -> list[Message]:
        block: Json = {"type": "divider"}
        return [Message(text, [block]) for text in (card.title, *card.paragraphs)]

    monkeypatch.setattr(blocks, "messages", messages)


# Where ----------------------------------------------------------------------------------------------


async def test_somebodys_own_conversation_is_opened_once_and_remembered(office: Office) -> None:
    await say(office, to_ann())
    await say(office, to_ann(key="k2"))
    await office.restart()
    await say(office, to_ann(key="k3"))
    assert said(office) == [("No.", "")] * 3
    assert office.fake.asked("conversations.open") == [{"users": ANN}]
    remembered = office.accounts.remembered(ID)
    assert remembered is not None
    assert remembered.place == "D0ANN"


async def test_a_conversation_somebody_writes_in_need_not_be_opened(office: Office) -> None:
    await office.sender.send(office.sender.message(ANN, "hats?"))
    await say(office, to_ann())
    assert office.fake.asked("conversations.open") == []


async def test_an_answer_stands_under_its_question(office: Office) -> None:
    await say(office, to_ann(under="1700.1"))
    assert said(office) == [("No.", "1700.1")]


async def test_an_answer_in_a_channel_stands_in_its_thread(office: Office) -> None:
    office.fake.workspace.channel("C0STAFF", ANN)
    await say(office, to_ann("slack:C0STAFF:1700.1"))
    assert said(office, "C0STAFF") == [("No.", "1700.1")]


async def test_a_home_is_published(office: Office) -> None:
    await say(office, to_ann(f"slack:home:{ANN}"))
    assert office.fake.workspace.homes[ANN]["type"] == "home"


async def test_every_message_has_words_for_a_notification(office: Office) -> None:
    await say(office, to_ann(), Card(paragraphs=("Without a title.",)))
    assert said(office)[0][0]


async def test_previews_of_links_are_not_shown(office: Office) -> None:
    await say(office, to_ann())
    (told,) = office.fake.asked("chat.postMessage")
    assert (told["unfurl_links"], told["unfurl_media"]) == (False, False)


# In the place of something --------------------------------------------------------------------------


async def test_a_message_is_replaced_where_it_stands(office: Office) -> None:
    await say(office, to_ann())
    ts = office.fake.workspace.channels["D0ANN"].messages[0]["ts"]
    await say(office, to_ann(key="k2", over=ts), Card(title="Yes."))
    assert said(office) == [("Yes.", "")]


async def test_what_is_not_there_any_more_is_said_anew(office: Office) -> None:
    await say(office, to_ann(over="1700.1", under="1600.1"))
    assert said(office) == [("No.", "1600.1")]


async def opened_view(office: Office) -> str:
    trigger = office.fake.workspace.trigger(ANN)
    assert await office.slack.platform.open(trigger, CARD)
    return next(iter(office.fake.workspace.views))


async def test_a_window_is_renewed_in_its_place(office: Office) -> None:
    view = await opened_view(office)
    await say(office, to_ann(over=view), Card(title="Yes."))
    assert "Yes." in str(office.fake.workspace.views[view].shown)
    assert "D0ANN" not in office.fake.workspace.channels


async def test_what_was_to_be_shown_in_a_closed_window_is_posted(office: Office) -> None:
    await say(office, to_ann(over="V999"), Card(title="Yes."))
    assert said(office) == [("Yes.", "")]


async def test_a_handle_works_once_and_for_three_seconds(office: Office) -> None:
    platform, trigger = office.slack.platform, office.fake.workspace.trigger(ANN)
    late = office.fake.workspace.trigger(ANN)
    tried = [await platform.open(trigger, CARD), await platform.open(trigger, CARD)]
    office.clock.advance(4)
    tried += [await platform.open(late, CARD), await platform.open("made up", CARD)]
    assert tried == [True, False, False, False]


async def test_a_card_too_long_for_a_window_is_posted_and_opens_none(office: Office) -> None:
    view, long = await opened_view(office), Card(title="No.", paragraphs=("word " * 60_000,))
    await say(office, to_ann(over=view), long)
    texts = [text for text, _ in said(office)]
    assert len(texts) > 1
    assert not await office.slack.platform.open(office.fake.workspace.trigger(ANN), long)
    with pytest.raises(Unsent) as caught:
        await say(office, to_ann(f"slack:home:{ANN}"), long)
    assert (caught.value.kind, caught.value.reason) == ("never", "view_too_large")


# Several messages -----------------------------------------------------------------------------------

LONG = Card(title="One.", paragraphs=("Two.", "Three."))


@pytest.mark.usefixtures("in_parts")
async def test_a_long_card_comes_in_order(office: Office) -> None:
    await say(office, to_ann(), LONG)
    assert [text for text, _ in said(office)] == ["One.", "Two.", "Three."]


@pytest.mark.usefixtures("in_parts")
@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("under", ["", "1700.1"])
@pytest.mark.parametrize("kind", ["limited", "lost", "answer_lost", "broken"])
async def test_a_card_that_arrived_in_part_is_completed(
    office: Office, kind: str, under: str, restarted: bool
) -> None:
    out = to_ann(under=under)
    office.fake.faults = [Fault(kind, "chat.postMessage", after=1)]
    with pytest.raises(Unsent) as caught:
        await say(office, out, LONG)
    assert caught.value.kind == ("later" if kind == "limited" else "unclear")
    if restarted:
        await office.restart()
    if kind != "limited":
        assert await office.slack.platform.was_said(out) is False
    await say(office, out, LONG)
    assert [text for text, _ in said(office)] == ["One.", "Two.", "Three."]
    assert await office.slack.platform.was_said(out) is True


@pytest.mark.usefixtures("in_parts")
async def test_a_long_card_replaces_with_its_first_message(office: Office) -> None:
    await say(office, to_ann(under="1600.1"))
    ts = office.fake.workspace.channels["D0ANN"].messages[0]["ts"]
    await say(office, to_ann(key="k2", over=ts, under="1600.1"), LONG)
    assert said(office) == [("One.", "1600.1"), ("Two.", "1600.1"), ("Three.", "1600.1")]


# Whether it arrived ---------------------------------------------------------------------------------


async def test_what_arrived_is_found_by_its_key(office: Office) -> None:
    await say(office, to_ann(under="1700.1"))
    platform = office.slack.platform
    found = [
        await platform.was_said(to_ann(under="1700.1")),
        await platform.was_said(to_ann(key="another", under="1700.1")),
        await platform.was_said(to_ann(key="another")),
    ]
    assert found == [True, False, False]


async def test_the_key_itself_is_not_told(office: Office) -> None:
    await say(office, to_ann(key="owner:question-17"))
    assert "question-17" not in str(office.fake.calls)


async def test_elsewhere_nobody_can_look(office: Office) -> None:
    platform = office.slack.platform
    assert await platform.was_said(to_ann("slack:C0STAFF:1700.1")) is None
    office.fake.workspace.scopes -= {"im:history"}
    assert await platform.was_said(to_ann()) is None
    assert await platform.was_said(to_ann(f"slack:home:{ANN}")) is False


async def test_a_look_that_fails_is_taken_again(office: Office) -> None:
    office.fake.faults = [Fault("broken", "conversations.history")]
    with pytest.raises(Unsent) as caught:
        await office.slack.platform.was_said(to_ann())
    assert caught.value.kind == "later"


async def test_a_conversation_of_an_app_installed_before_is_opened_anew(office: Office) -> None:
    await office.accounts.reached(ID, "D0LONGAGO")
    await say(office, to_ann())
    assert said(office) == [("No.", "")]
