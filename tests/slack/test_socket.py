"""Socket Mode: what comes over the socket is taken and answered, and a socket that is deaf is noticed."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest

from bot.core.cards import Card
from bot.core.unsent import Unsent
from bot.platforms.slack import Health
from bot.platforms.slack.client import Answer, Api
from bot.platforms.slack.socket import DEAF, LOOKS, Envelope, Socket
from tests.fakes import START
from tests.slack.fake import APP_TOKEN, FakeSlack, Fault
from tests.slack.office import Office, opened, user
from tests.slack.sender import Payload

ANN = user("ann")
IDS = count(1)


def envelope(payload: Payload, **more: Any) -> Payload:
    """As Slack wraps what it would post."""
    kind = {"event_callback": "events_api", None: "slash_commands"}.get(payload.get("type"))
    wrapped = {"type": kind or "interactive", "payload": payload, "envelope_id": f"e{next(IDS)}"}
    return wrapped | {"accepts_response_payload": kind != "events_api"} | more


async def until(true: Callable[[], bool]) -> None:
    """Wait for it; a test that waits for ever fails here."""
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def running(work: Awaitable[None]) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


# The whole of it ------------------------------------------------------------------------------------


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """The bot talks over a socket; there is no address to post to."""
    async with opened(app_token=APP_TOKEN, signing_secret="") as made, running(made.slack.run()):
        await until(lambda: made.slack.health().connected)
        yield made


async def test_with_an_app_token_nothing_is_served(office: Office) -> None:
    assert office.slack.routes() == []


async def test_an_event_over_the_socket_is_heard_and_answered_with_nothing(office: Office) -> None:
    told = envelope(office.sender.message(ANN, "hats?", id="Ev1"))
    assert await office.fake.push(told) == {"envelope_id": told["envelope_id"]}
    assert [heard.key for heard in office.ears.heard] == ["slack:Ev1"]


async def test_a_command_over_the_socket_gets_its_answer_with_it(office: Office) -> None:
    office.ears.cards = [Card(title="No.")]
    answer = await office.fake.push(envelope(office.sender.command(ANN, "hats?")))
    assert (answer["payload"]["text"], answer["payload"]["response_type"]) == ("No.", "ephemeral")


async def test_a_form_over_the_socket_gets_its_outcome_with_it(office: Office) -> None:
    office.ears.cards = [Card(title="It went.")]
    form = office.sender.form(ANN, "send d1", words="may i?")
    answer = await office.fake.push(envelope(form))
    assert answer["payload"]["response_action"] == "update"


async def test_what_is_not_saved_is_not_answered_and_comes_again(office: Office) -> None:
    office.ears.fails = OSError("disk full")
    told = envelope(office.sender.message(ANN, "hats?", id="Ev1"))
    with pytest.raises(TimeoutError):
        await office.fake.push(told, within=0.2)
    office.ears.fails = None
    await office.fake.push(told | {"retry_attempt": 1, "retry_reason": "timeout"})
    assert [heard.key for heard in office.ears.heard] == ["slack:Ev1"]


async def test_health_tells_how_the_socket_is(office: Office) -> None:
    health = office.slack.health()
    assert health.heard is not None
    assert Health(health.connected, None, health.rebuilt) == Health(True, None, 0)


async def test_over_http_health_tells_since_when_nothing_was_heard() -> None:
    async with opened() as office:
        before = office.slack.health()
        await office.slack.run()
        await office.sender.send(office.sender.message(ANN, "hats?"))
        after = office.slack.health()
    assert (before, after.connected, after.heard is None) == (Health(False), True, False)


async def test_while_slack_refuses_the_token_it_is_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with opened(app_token="xapp-wrong") as office, running(office.slack.run()):
        await until(lambda: "no socket to Slack: invalid_auth" in caplog.text)
        assert office.slack.health() == Health(False)


# The socket itself ----------------------------------------------------------------------------------


class Hands:
    """Takes envelopes; the clock stands still unless it is told."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.taken: list[Envelope] = []
        self.slept: list[float] = []
        self.free = asyncio.Event()
        self.free.set()

    def waited(self, seconds: float) -> bool:
        self.seconds += seconds
        return True

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        if 0 < seconds != DEAF / LOOKS:
            self.slept.append(seconds)
        await asyncio.sleep(0.002)

    async def take(self, told: Envelope) -> dict[str, Any] | None:
        await self.free.wait()
        self.taken.append(told)
        return {}


@asynccontextmanager
async def socket() -> AsyncIterator[tuple[FakeSlack, Hands, Socket]]:
    fake, hands = await FakeSlack(lambda: START).start(), Hands()
    api = Api(APP_TOKEN, fake.url)
    made = Socket(api, hands.take, hands.monotonic, hands.sleep)
    try:
        async with running(made.run()):
            await until(lambda: made.connected and made.heard is not None)
            yield fake, hands, made
    finally:
        await api.close()
        await fake.close()


async def test_a_deaf_socket_is_closed_and_built_anew() -> None:
    async with socket() as (fake, hands, made):
        deaf = fake.sockets[0]
        fake.deaf = True
        await until(lambda: hands.waited(1) and made.rebuilt == 1)
        assert deaf.closed
        assert hands.seconds >= DEAF
        await until(lambda: made.connected)
        fake.deaf = False
        assert await fake.push({"envelope_id": "e1", "payload": {}}) == {"envelope_id": "e1"}


async def test_a_quiet_socket_whose_pings_are_answered_is_left_alone() -> None:
    async with socket() as (fake, hands, made):
        for _ in range(5):
            frames, hands.seconds = fake.pings, hands.seconds + DEAF / 2
            await until(lambda: fake.pings > frames + 2)  # noqa: B023
        assert (made.rebuilt, len(fake.asked("apps.connections.open"))) == (0, 1)


async def test_a_lost_socket_is_built_anew() -> None:
    async with socket() as (fake, _, made):
        await fake.drop()
        await until(lambda: made.rebuilt == 1 and made.connected)
        assert await fake.push({"envelope_id": "e1", "payload": {}})


async def test_before_slack_ends_a_socket_there_is_another() -> None:
    async with socket() as (fake, _, made):
        old = fake.sockets[0]
        await old.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await until(lambda: len(fake.sockets) == 2)
        assert not old.closed
        fake.acks_of("late")
        await old.send_json({"envelope_id": "late", "payload": {}})
        assert await fake.acks_of("late") == {"envelope_id": "late"}
        await old.close()
        await until(lambda: len(fake.sockets) == 1)
        assert (made.connected, made.rebuilt) == (True, 0)


async def test_sockets_that_slack_ends_at_once_are_asked_for_ever_more_slowly() -> None:
    """Greeted and sent away, it asked for hundreds of them in a second."""
    async with socket() as (fake, hands, made):
        for _ in range(4):
            asked = len(fake.asked("apps.connections.open"))
            await fake.sockets[-1].send_json({"type": "disconnect", "reason": "link_disabled"})
            await fake.sockets[-1].close()
            await until(lambda: len(fake.asked("apps.connections.open")) > asked)  # noqa: B023
            await until(lambda: len(fake.sockets) == 1 and made.connected)
        assert hands.slept == [1.0, 2.0, 4.0, 8.0]
        hands.seconds += 6
        await fake.sockets[0].ping(b"still here")
        await until(lambda: fake.pongs == [b"still here"])
        await fake.drop()
        await until(lambda: len(hands.slept) == 5)
        assert hands.slept[-1] == 1.0


async def test_slack_is_tried_until_it_can_be_reached() -> None:
    async with socket() as (fake, _, made):
        fake.faults = [
            Fault(kind, "apps.connections.open") for kind in ("lost", "limited", "broken")
        ]
        await fake.drop()
        await until(lambda: made.rebuilt == 1 and not fake.faults and made.connected)
        assert len(fake.asked("apps.connections.open")) == 5


class Away(Api):
    async def set(self, method: str, **told: Any) -> Answer:
        raise Unsent("not_connected")


async def test_a_holiday_without_network_does_not_end_it() -> None:
    """After nine hours of a try every half minute, 2 to the power of the tries is no float any more."""
    hands, waits = Hands(), list[float]()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    async with running(Socket(Away(APP_TOKEN), hands.take, hands.monotonic, sleep).run()):
        await until(lambda: sum(one > 0 for one in waits) >= 1100)
    assert [one for one in waits if one][:7] == [1, 2, 4, 8, 16, 30, 30]


async def test_pings_are_answered() -> None:
    async with socket() as (fake, _, __):
        await fake.sockets[0].ping(b"Ping from applink")
        await until(lambda: fake.pongs == [b"Ping from applink"])


async def test_what_is_no_envelope_is_left_alone() -> None:
    async with socket() as (fake, hands, made):
        deep = "[" * 100_000
        for text in (
            "",
            "Ping",
            "[1]",
            '{"type": "hello"}',
            '{"payload": {}}',
            deep,
            '{"a":' + deep,
        ):
            await fake.sockets[0].send_str(text)
        assert await fake.push({"envelope_id": "e1", "payload": {}})
        assert (len(hands.taken), made.rebuilt) == (1, 0)


async def test_one_envelope_does_not_wait_for_another() -> None:
    async with socket() as (fake, hands, _):
        hands.free.clear()
        first = asyncio.create_task(fake.push({"envelope_id": "e1", "payload": {}}))
        second = asyncio.create_task(fake.push({"envelope_id": "e2", "payload": {}}))
        await asyncio.sleep(0.02)
        hands.free.set()
        assert [(await one)["envelope_id"] for one in (first, second)] == ["e1", "e2"]


async def test_what_is_in_hand_is_finished_and_answered_when_the_process_ends() -> None:
    fake, hands = await FakeSlack(lambda: START).start(), Hands()
    api = Api(APP_TOKEN, fake.url)
    made = Socket(api, hands.take, hands.monotonic, hands.sleep)
    task = asyncio.create_task(made.run())
    await until(lambda: made.connected and bool(fake.sockets))
    hands.free.clear()
    pushed = asyncio.create_task(fake.push({"envelope_id": "e1", "payload": {}}))
    await asyncio.sleep(0.02)
    task.cancel()
    await asyncio.sleep(0.02)
    hands.free.set()
    assert await pushed == {"envelope_id": "e1"}
    await asyncio.gather(task, return_exceptions=True)
    await api.close()
    await fake.close()


async def test_no_log_has_the_ticket_of_a_socket(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with socket() as (fake, _, made):
        fake.refuse_sockets = True
        await fake.drop()
        await until(lambda: caplog.text.count("the socket to Slack ended") > 1)
        fake.refuse_sockets = False
        await until(lambda: made.connected)
    assert "ticket" not in caplog.text
