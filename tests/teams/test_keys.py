"""Microsoft's keys: fetched once, kept a day, never asked for in a flood, never in anybody's way."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.platforms.teams.bodies import Unreadable
from bot.platforms.teams.keys import read_keys
from tests.teams.gate import LET_IN, Gate, gate
from tests.teams.stub_signer import MINUTE, jwk

HOUR = 60 * MINUTE


@pytest_asyncio.fixture
async def door() -> AsyncIterator[Gate]:
    async with gate() as made:
        yield made


async def test_the_keys_are_fetched_once_for_many_messages(door: Gate) -> None:
    for _ in range(5):
        await door.verdict()
    assert door.stub.asked() == [
        "GET login.botframework.com/v1/.well-known/openidconfiguration",
        "GET login.botframework.com/v1/.well-known/keys",
    ]


async def test_many_first_messages_at_once_wait_for_one_fetch(door: Gate) -> None:
    verdicts = await asyncio.gather(*(door.verdict() for _ in range(20)))
    assert (set(verdicts), door.fetches) == ({LET_IN}, 1)


async def test_a_new_key_is_found_within_a_minute(door: Gate) -> None:
    await door.verdict()
    door.clock.advance(60)
    door.signer.rotate("second")
    assert await door.verdict() == LET_IN
    assert door.fetches == 2


async def test_a_key_that_is_withdrawn_is_gone_with_the_next_fetch(door: Gate) -> None:
    old = door.signer.bearer()
    await door.verdict(old)
    door.signer.rotate("second")
    door.clock.advance(60)
    await door.verdict()
    assert await door.verdict(old) == "key"


async def test_a_flood_of_unknown_keys_makes_one_fetch_a_minute(door: Gate) -> None:
    await door.verdict()
    for number in range(180):  # one a second
        door.clock.advance(1)
        assert await door.verdict(door.signer.bearer(kid=f"unknown {number}")) == "key"
        assert await door.verdict() == LET_IN
    assert door.fetches == 4


async def test_a_flood_while_the_keys_are_away_makes_one_fetch_a_minute(door: Gate) -> None:
    door.signer.mood = "down"
    for number in range(180):
        assert await door.verdict(door.signer.bearer(kid=f"u{number}")) == "keys away"
        door.clock.advance(1)
    assert door.fetches == 3


async def test_a_flood_at_one_moment_makes_one_fetch(door: Gate) -> None:
    floods = (door.verdict(door.signer.bearer(kid=f"u{n}")) for n in range(50))
    assert set(await asyncio.gather(*floods)) == {"key"}
    assert door.fetches == 1


@pytest.mark.parametrize("mood", ["down", "garbage", "empty"])
async def test_without_keys_nobody_is_let_in_until_they_are_back(door: Gate, mood: Any) -> None:
    door.signer.mood = mood
    assert await door.verdict() == "keys away"
    door.signer.mood = "good"
    door.clock.advance(60)
    assert await door.verdict() == LET_IN


@pytest.mark.parametrize("mood", ["down", "garbage", "empty"])
async def test_keys_that_cannot_be_renewed_hold_for_their_day(door: Gate, mood: Any) -> None:
    await door.verdict()
    door.signer.mood = mood
    door.clock.advance(24 * HOUR - 1)
    assert await door.verdict() == LET_IN
    door.clock.advance(61)
    assert await door.verdict() == "keys away"


async def test_keys_are_renewed_after_half_a_day_while_the_old_ones_serve(door: Gate) -> None:
    await door.verdict()
    door.clock.advance(12 * HOUR)
    assert await door.verdict() == LET_IN
    while door.fetches < 2 or len(door.stub.asked("/keys")) < 2:  # nobody waited for it
        await asyncio.sleep(0.001)
    door.signer.mood = "down"
    door.clock.advance(13 * HOUR)
    assert await door.verdict() == LET_IN


async def test_a_clock_that_is_put_back_locks_nobody_out(door: Gate) -> None:
    door.signer.mood = "down"
    await door.verdict()
    door.signer.mood = "good"
    door.clock.advance(-7 * 24 * HOUR)
    assert await door.verdict() == LET_IN


async def test_keys_are_not_taken_from_elsewhere(door: Gate) -> None:
    door.signer.keys_at = "https://evil.example/v1/.well-known/keys"
    assert await door.verdict() == "keys away"
    assert door.stub.asked("/keys") == []


async def test_others_go_on_while_a_fetch_hangs(door: Gate) -> None:
    await door.verdict()
    door.clock.advance(60)
    door.signer.holding.clear()
    waiting = asyncio.create_task(door.verdict(door.signer.bearer(kid="unknown")))
    while door.fetches < 2:
        await asyncio.sleep(0)
    assert await door.verdict() == LET_IN
    assert not waiting.done()
    door.signer.holding.set()
    assert await waiting == "key"


async def test_who_goes_away_does_not_end_the_fetch_others_wait_for(door: Gate) -> None:
    door.signer.holding.clear()
    first, second = (asyncio.create_task(door.verdict()) for _ in range(2))
    while not door.fetches:
        await asyncio.sleep(0)
    first.cancel()
    door.signer.holding.set()
    assert await second == LET_IN


async def test_closing_ends_a_fetch(door: Gate) -> None:
    door.signer.holding.clear()
    waiting = asyncio.create_task(door.verdict())
    while not door.fetches:
        await asyncio.sleep(0)
    await door.keys.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_failed_fetch_is_told_of_without_what_was_answered(
    door: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    door.signer.mood = "down"
    await door.verdict()
    assert [r.getMessage() for r in caplog.records] == [
        "the keys of Teams could not be fetched: status 503",
        "Teams: refused (keys away), 1 so far",
    ]


# The document -----------------------------------------------------------------------------------------


def names(*told: Any) -> list[str]:
    return list(read_keys({"keys": [*told, jwk("good", [])]}))


@pytest.mark.parametrize(
    "told",
    [
        None,
        7,
        [],
        {},
        jwk("a", [], kty="EC"),
        jwk("a", [], kty="oct", k="c2VjcmV0"),
        jwk("a", [], kid=""),
        jwk("a", [], kid=None),
        jwk("a", [], use="enc"),
        jwk("a", [], alg="HS256"),
        jwk("a", [], n="!"),
        jwk("a", [], n=7),
        jwk("a", [], n=None),
        jwk("a", [], e=""),
        {"kty": "RSA", "kid": "a"},
    ],
)
def test_what_is_no_key_to_us_is_left_out(told: Any) -> None:
    assert names(told) == ["good"]


def test_a_key_that_is_too_short_is_left_out() -> None:
    assert names(jwk("short", [], bits=1024)) == ["good"]


def test_the_first_of_two_keys_of_one_name_is_it() -> None:
    [first, _] = read_keys({"keys": [jwk("a", ["one"]), jwk("a", ["two"]), jwk("b", [])]}).values()
    assert first.endorsements == {"one"}


@pytest.mark.parametrize("told", [None, "msteams", {"msteams": 1}, [["msteams"], 7]])
def test_endorsements_are_a_list_of_names(told: Any) -> None:
    [key] = read_keys({"keys": [jwk("a", [], endorsements=told)]}).values()
    assert key.endorsements == frozenset()


@pytest.mark.parametrize("document", [{}, {"keys": None}, {"keys": "x"}, {"keys": [{}]}])
def test_a_document_without_keys_takes_none_away(document: Any) -> None:
    with pytest.raises(Unreadable):
        read_keys(document)
