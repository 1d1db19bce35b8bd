"""Who is let in: what Slack did not sign, or signed long ago, has no effect."""

import json
import time
from collections.abc import AsyncIterator

import pytest

from tests.slack.office import Office, opened, user
from tests.slack.sender import encoded, sign

ANN = user("ann")


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with opened() as made:
        await made.lists_staff()
        yield made


def payloads(office: Office) -> list[dict[str, object]]:
    """One of everything."""
    return [
        office.sender.message(ANN, "hats?"),
        office.sender.opened(ANN, "messages"),
        office.sender.command(ANN, "hats?"),
        office.sender.press(ANN, "help", ts="1700.1"),
        office.sender.form(ANN, "send d1", words="may i?"),
        office.sender.shortcut(ANN, "report_concern"),
    ]


async def test_what_slack_did_not_sign_has_no_effect(office: Office) -> None:
    for payload in payloads(office):
        assert (await office.sender.send(payload, secret="a guess")).status == 401
    assert (office.ears.heard, office.fake.calls) == ([], [])


@pytest.mark.parametrize("age", [600, -600])
async def test_what_was_signed_at_another_time_has_no_effect(office: Office, age: int) -> None:
    for payload in payloads(office):
        assert (await office.sender.send(payload, age=age)).status == 401
    assert office.ears.heard == []


@pytest.mark.parametrize("at", [None, "", "now", "١٢٣", "9" * 5000, "today"])
@pytest.mark.parametrize("signature", [None, "", "v0=00", "v0=é"])
async def test_half_a_signature_is_none(
    office: Office, at: str | None, signature: str | None
) -> None:
    kind, body = encoded(office.sender.message(ANN, "hats?"))
    at = str(int(time.time())) if at == "today" else at
    told = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature}
    headers = {name: value for name, value in told.items() if value is not None}
    assert (await office.sender.send_raw(kind, body, headers)).status == 401
    assert office.ears.heard == []


async def test_a_signature_is_for_one_body(office: Office) -> None:
    kind, body = encoded(office.sender.message(ANN, "hats?"))
    signed = sign(body, int(time.time()))
    other = body.replace(b"hats?", b"boots?")
    assert (await office.sender.send_raw(kind, other, signed)).status == 401
    assert (await office.sender.send_raw(kind, body, signed)).status == 200


@pytest.mark.parametrize("body", [b"{", b"[]", b"", b"null", b"payload=%7B", b"payload=[]"])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
async def test_what_cannot_be_read_has_no_effect_even_when_it_is_signed(
    office: Office, body: bytes, kind: str
) -> None:
    answer = await office.sender.send_raw(kind, body, sign(body, int(time.time())))
    assert answer.status in (404, 500)
    assert office.ears.heard == []


async def test_what_is_no_text_cannot_be_signed(office: Office) -> None:
    body = b"\xff\xfe"
    answer = await office.sender.send_raw("application/json", body, sign(body, int(time.time())))
    assert answer.status == 401


async def test_slack_is_told_the_word_it_asks_for_when_the_address_is_set_up(
    office: Office,
) -> None:
    body = json.dumps(
        {"type": "url_verification", "challenge": "3eZbrw", "token": "unused"}
    ).encode()
    answer = await office.sender.send_raw("application/json", body, sign(body, int(time.time())))
    assert (answer.status, answer.told) == (200, {"challenge": "3eZbrw"})
    refused = await office.sender.send_raw("application/json", body, sign(body, 1))
    assert refused.status == 401


async def test_an_address_is_only_served_with_a_secret() -> None:
    async with opened(signing_secret="") as office:
        assert office.slack.routes() == []


async def test_an_event_that_nobody_listens_for_is_refused_quietly(office: Office) -> None:
    payload = office.sender.event({"type": "reaction_added", "user": ANN, "event_ts": "1.1"})
    assert (await office.sender.send(payload)).status == 404
    assert office.ears.heard == []
