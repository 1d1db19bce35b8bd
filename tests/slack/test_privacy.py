"""No log has a word that anybody typed, a name, an address or a token: whatever goes wrong, at DEBUG too."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.core.cards import Card
from bot.core.messages import Outgoing
from bot.core.unsent import Unsent
from tests.slack.fake import APP_TOKEN, BOT_TOKEN, SECRET, Fault
from tests.slack.office import Office, opened, user
from tests.slack.sender import Payload, sign
from tests.slack.test_socket import envelope, running, until

CANARY = "quixotry"
ANN = user("ann")
# What must stand in no log: words, addresses, names, tokens, secrets.
PRIVATE = (CANARY, "school.example", "Name of", BOT_TOKEN, APP_TOKEN, SECRET)


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> Any:
    """Everything is logged that anybody would log, the libraries' loggers included."""
    caplog.set_level(logging.DEBUG)
    for name in ("slack_bolt", "slack_sdk", "aiohttp", "bot"):
        caplog.set_level(logging.DEBUG, logger=name)
    yield caplog
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    told = [f"{one.getMessage()} {one.args} {one.exc_text} {one.exc_info}" for one in records]
    assert [line for line in told if any(word in line for word in PRIVATE)] == []


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with opened() as made:
        await made.lists_staff()
        yield made


def everything(office: Office) -> list[Payload]:
    """One of everything, with a word in it that nobody else uses."""
    sender, channel = office.sender, office.fake.workspace.channel("C0STAFF", ANN)
    modal = sender.view("modal", "V7", words=CANARY)
    return [
        sender.message(ANN, CANARY),
        sender.message(ANN, CANARY, files=[{"id": "F1", "name": CANARY}], subtype="file_share"),
        sender.message(ANN, CANARY, subtype="message_changed"),
        sender.message(f"U0{CANARY.upper()}", CANARY),
        sender.mention(ANN, CANARY, channel),
        sender.opened(ANN, "messages"),
        sender.changed(ANN),
        sender.command(ANN, CANARY),
        sender.press(ANN, f"help {CANARY}", ts="1700.1"),
        sender.press_in_view(ANN, "help", modal),
        sender.asks(ANN, CANARY),
        sender.form(ANN, "send d1", words=CANARY),
        sender.shortcut(ANN, "report_message", CANARY),
        sender.shortcut(ANN, CANARY, CANARY),
        sender.event({"type": CANARY, "user": ANN, "text": CANARY}),
        {"type": CANARY, "text": CANARY},
    ]


async def test_of_what_goes_well(office: Office) -> None:
    office.ears.cards = [Card(title=CANARY)]
    for payload in everything(office):
        await office.sender.send(payload)


async def test_of_what_could_not_be_saved(office: Office, log: pytest.LogCaptureFixture) -> None:
    office.ears.fails = OSError(f"{CANARY} is what they wrote")
    for payload in everything(office):
        await office.sender.send(payload)
    assert "not saved: OSError, reference" in log.text


async def test_of_a_request_with_a_wrong_secret(
    office: Office, log: pytest.LogCaptureFixture
) -> None:
    for payload in everything(office):
        await office.sender.send(payload, secret="another")
    assert "its signature is wrong or too old" in log.text


@pytest.mark.parametrize("body", [f'{{"{CANARY}', f'["{CANARY}"]', f"payload={CANARY}", CANARY])
@pytest.mark.parametrize("age", [0, 600])
async def test_of_what_cannot_be_read(office: Office, body: str, age: int) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        signed = sign(body.encode(), int(time.time()) - age)
        await office.sender.send_raw(kind, body.encode(), signed)


@pytest.mark.parametrize("kind", ["limited", "broken", "lost", "answer_lost", "html", "code"])
async def test_of_calls_that_fail(office: Office, kind: str) -> None:
    platform, card = office.slack.platform, Card(title=CANARY)
    office.fake.faults = [Fault(kind, code=f"no_{CANARY} ") for _ in range(40)]
    out = Outgoing("ann", "t", {"of": CANARY}, "post", f"slack:@{ANN}", CANARY, over="1700.1")
    for _ in range(4):
        with pytest.raises(Unsent) as caught:
            await platform.say(out, card)
        assert CANARY not in str(caught.value)
        await platform.open(office.fake.workspace.trigger(ANN), card)
    await office.sender.send(office.sender.message("U0NOBODY", CANARY))
    await office.sender.send(office.sender.opened(ANN, "messages"))


async def test_of_long_answers_that_cannot_be_given(office: Office) -> None:
    office.ears.cards = [Card(title=CANARY), Card(title=CANARY)]
    payload = office.sender.command(ANN, CANARY) | {"response_url": f"https://{CANARY}.example/"}
    assert (await office.sender.send(payload)).told["text"] == CANARY


async def test_of_what_comes_over_a_socket() -> None:
    async with (
        opened(app_token=APP_TOKEN, signing_secret="") as office,
        running(office.slack.run()),
    ):
        await until(lambda: office.slack.health().connected)
        office.ears.fails = OSError(CANARY)
        for payload in everything(office):
            await office.fake.sockets[-1].send_json(envelope(payload))
        await office.fake.sockets[-1].send_str(f'{{"{CANARY}')
        await asyncio.sleep(0.1)
        office.ears.fails = None
        await office.fake.push(envelope(office.sender.command(ANN, CANARY)))


async def test_of_the_libraries_loggers_even_when_they_are_turned_up(
    office: Office, log: pytest.LogCaptureFixture
) -> None:
    out = Outgoing("ann", "t", {}, "post", f"slack:@{ANN}", CANARY)
    await office.slack.platform.say(out, Card(title="the first call makes its loggers"))
    for name in list(logging.root.manager.loggerDict):
        if name.startswith(("slack_bolt", "slack_sdk", "policybot", "bot.platforms.slack")):
            log.set_level(logging.DEBUG, logger=name)
    await office.slack.platform.say(out, Card(title=CANARY))
    for payload in everything(office):
        await office.sender.send(payload)


async def test_of_what_slack_is_asked_for(office: Office) -> None:
    """The message a shortcut was chosen on is not fetched, and no file is."""
    for payload in everything(office):
        await office.sender.send(payload)
    asked = {name for name, _ in office.fake.calls}
    assert asked <= {
        *("auth.test", "users.info", "conversations.members"),
        "assistant.threads.setSuggestedPrompts",
    }
