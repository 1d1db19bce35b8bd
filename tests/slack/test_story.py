"""The example school on Slack, from end to end: real desk, wording and outbox over a fake workspace."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot import app
from bot.outbox import Outbox
from tests.helpers import NOON, house
from tests.slack.office import Office, user
from tests.slack.sender import Answer
from tests.slack.workspace import Told, View

GATED = "a girl in my class told me her dad hits her"


class School:
    """One office of the example school, and Mr Bell who works there."""

    def __init__(self) -> None:
        self.office = Office(self._hear)
        self.office.clock.advance((NOON - self.office.now()).total_seconds())
        people = house().people
        addresses = {id: (f"{id}@school.example",) for id in people}
        self.office.people = {id: replace(p, emails=addresses[id]) for id, p in people.items()}
        for id in people:
            self.office.fake.workspace.joins(user(id), *addresses[id])
        store, accounts = self.office.store, self.office.accounts
        opened = app.door(house(), store, self.office.now)
        platform: Any = lambda out: self.office.slack.platform  # noqa: E731
        clock, address = self.office.clock, accounts.address
        self.outbox = Outbox(store, opened.views.card, platform, clock, where=address)
        self.door = replace(opened, outbox=self.outbox)
        self.bell = user("bell")

    async def _hear(self, message: Any) -> Any:
        return await self.door.hear(message)

    async def sends(self, payload: Told) -> Answer:
        answer = await self.office.sender.send(payload)
        assert answer.status == 200
        await self.outbox.deliver(self.office.now())
        return answer

    async def says(self, text: str) -> str:
        await self.sends(self.office.sender.message(self.bell, text))
        return self.last()

    def messages(self, person: str = "bell") -> list[Told]:
        found = self.office.fake.workspace.dm(user(person)).messages
        return [message for message in found if "bot_id" in message]

    def last(self) -> str:
        """What the newest message in Mr Bell's conversation says."""
        return read(self.messages()[-1]["blocks"])

    def view(self) -> View:
        """The newest window."""
        return list(self.office.fake.workspace.views.values())[-1]

    async def presses(self, label: str) -> str:
        """A button of the newest message; what it says then."""
        message = self.messages()[-1]
        carried = button(message["blocks"], label)
        payload = self.office.sender.press(self.bell, carried, ts=message["ts"])
        payload["message"] |= {"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}
        await self.sends(payload)
        return self.last()

    async def sends_window(self, **typed: str) -> Told:
        view = self.view()
        action = view.shown["private_metadata"]
        return (await self.sends(self.office.sender.form(self.bell, action, view.id, **typed))).told


def read(blocks: Any) -> str:
    return "\n".join(_words(blocks))


def _words(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for inner in part:
            yield from _words(inner)
    if isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        yield from _words([part[n] for n in ("text", "elements", "label", "blocks") if n in part])


def button(blocks: Any, label: str) -> str:
    """What a button carries."""
    rows = [row["elements"] for row in blocks if row["type"] == "actions"]
    found = [one for row in rows for one in row if one["text"]["text"] == label]
    assert found, f"no button {label!r} in: {read(blocks)}"
    return str(found[0]["value"])


@pytest.fixture
async def school() -> AsyncIterator[School]:
    made = School()
    await made.office.start()
    try:
        await made.office.lists_staff()
        yield made
    finally:
        await made.office.close()


async def test_a_question_is_answered_under_it_and_its_buttons_lead_on_in_place(
    school: School,
) -> None:
    assert "It depends who the request is from." in await school.says(
        "can i accept a friend request"
    )
    under = {message.get("thread_ts") for message in school.messages()}
    assert "How old are they now?" in await school.presses("A former pupil")
    assert "It depends. Read the conditions below." in await school.presses("18 or over")
    assert len(school.messages()) == 1
    assert len(under) == 1
    assert under != {None}


async def test_what_may_be_a_concern_gets_the_gate_and_a_typed_answer_to_it(school: School) -> None:
    assert "ring 999, then Ms Shah" in await school.says(GATED)
    assert school.messages()[-1]["text"] == "Please open Policybot"
    assert "Ring 999 now." in await school.says("yes")
    assert school.messages("shah") == []


async def test_a_question_goes_to_the_owner_by_a_form_that_names_its_mistake(
    school: School,
) -> None:
    await school.says("can i accept a friend request")
    await school.presses("Someone else")
    await school.presses("Send this question to the policy owner")
    assert "can i accept a friend request" in str(school.view().shown)
    refused = await school.sends_window(words="")
    assert list(refused["errors"]) == ["words"]
    sent = await school.sends_window(words="may i accept one from a neighbour?")
    assert sent["response_action"] == "update"
    assert "without your name" in read(sent["view"]["blocks"])
    again = await school.sends_window(words="may i accept one from a neighbour?")
    assert again == sent
    assert [len(school.messages(owner)) for owner in ("lyle",)] == [1]
    assert "bell" not in str(school.messages("lyle"))


async def test_the_command_answers_and_its_buttons_open_a_window(school: School) -> None:
    answer = await school.sends(
        school.office.sender.command(school.bell, "can i accept a friend request")
    )
    carried = button(answer.told["blocks"], "A pupil")
    channel, sender = "C0STAFF", school.office.sender
    await school.sends(
        sender.press(school.bell, carried, channel=channel, ts="1700.1", ephemeral=True)
    )
    assert read(school.view().shown["blocks"]).startswith("No.")
    assert school.messages() == []


async def test_in_a_channel_of_staff_only_a_plain_answer_is_shown(school: School) -> None:
    staff = [user(id) for id in school.office.people]
    channel = school.office.fake.workspace.channel("C0STAFF", *staff)
    sender, shown = school.office.sender, school.office.fake.workspace.channels[channel].messages
    await school.sends(sender.mention(school.bell, "can i accept a friend request", channel))
    assert "It depends who the request is from." in read(shown[-1]["blocks"])
    await school.sends(sender.mention(school.bell, GATED, channel))
    assert len(shown) == 1
    assert "ring 999, then Ms Shah" in school.last()


async def test_with_a_pupil_in_the_channel_nothing_is_shown_there(school: School) -> None:
    pupil = school.office.fake.workspace.joins("U0PUPIL", "pupil@school.example")
    channel = school.office.fake.workspace.channel("C0MIXED", school.bell, pupil)
    asked = school.office.sender.mention(school.bell, "can i accept a friend request", channel)
    await school.sends(asked)
    assert school.office.fake.workspace.channels[channel].messages == []
    assert "It depends who the request is from." in school.last()


async def test_a_pupil_gets_the_fixed_answer_and_no_policy_name_or_page(school: School) -> None:
    pupil = school.office.fake.workspace.joins("U0PUPIL", "pupil@school.example")
    sender, view = school.office.sender, school.office.sender.view("home", "VHOME")
    payloads = [
        sender.message(pupil, "can i accept a friend request"),
        sender.mention(pupil, "help", school.office.fake.workspace.channel("C0MIXED", pupil)),
        sender.opened(pupil, "home"),
        sender.opened(pupil, "messages"),
        sender.command(pupil, "what policies do you know"),
        sender.press(pupil, "help", ts="1700.1"),
        sender.press_in_view(pupil, "concern", view),
        sender.asks(pupil, "can i accept a friend request"),
        sender.form(pupil, "send d1", words="x"),
        sender.shortcut(pupil, "report_concern"),
    ]
    answers = [(await school.sends(payload)).told for payload in payloads]
    workspace = school.office.fake.workspace
    shown = [*(m["blocks"] for m in workspace.dm(pupil).messages if "bot_id" in m)]
    shown += [view.shown["blocks"] for view in workspace.views.values()]
    shown += [workspace.homes[pupil]["blocks"]]
    shown += [told["blocks"] for told in answers if "blocks" in told]
    shown += [told["view"]["blocks"] for told in answers if "view" in told]
    assert len(shown) >= len(payloads) - 1
    assert all("Childline" in read(blocks) for blocks in shown)
    names = ("Shah", "Okoro", "Bell", "Policy on", "Conduct Policy", "http")
    assert not any(name in read(blocks) for name in names for blocks in shown)


async def test_the_shortcut_opens_the_gate(school: School) -> None:
    payload = school.office.sender.shortcut(school.bell, "report_message", "what somebody wrote")
    await school.sends(payload)
    assert "If anyone is in danger now, ring 999" in read(school.view().shown["blocks"])
    view = school.view()
    carried = button(view.shown["blocks"], "No")
    inside = school.office.sender.view("modal", view.id)
    await school.sends(school.office.sender.press_in_view(school.bell, carried, inside))
    assert "Nobody has been told yet." in read(school.view().shown["blocks"])
    assert school.messages() == []


async def test_whoever_opens_the_conversation_is_greeted_once(school: School) -> None:
    for _ in range(3):
        await school.sends(school.office.sender.opened(school.bell, "messages"))
    assert len(school.messages()) == 1
    await school.sends(school.office.sender.opened(school.bell, "home"))
    assert "Ask about a policy" in read(school.office.fake.workspace.homes[school.bell]["blocks"])
