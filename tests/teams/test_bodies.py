"""What is read of a request: so much of it, so deep, and only an object."""

import gzip
import json
import logging
import traceback
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from bot.platforms.teams.bodies import BODY_LIMIT, DEPTH, Unreadable, mapping, read_mapping, words
from tests.teams.stub import Stub

URL = "https://bot.example/teams"


def nested(depth: int) -> dict[str, Any]:
    """An object with lists in it, so many levels in all."""
    inner: Any = []
    for _ in range(depth - 2):
        inner = [inner]
    return {"value": inner}


def test_an_object_is_what_was_sent() -> None:
    told = {"text": "naïve – “yes”", "n": 1, "deep": [{"a": None}]}
    assert mapping(json.dumps(told).encode()) == told
    assert mapping(json.dumps(told, ensure_ascii=False).encode()) == told


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "no JSON"),
        (b"quixotry", "no JSON"),
        (b'{"a": 1', "no JSON"),
        (b'{"a": 1} {"a": 2}', "no JSON"),
        (b'{"a": NaN}', "no JSON"),
        (b'{"a": -Infinity}', "no JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "no JSON"),
        (b'\xef\xbb\xbf{"a": 1}', "no JSON"),
        ('{"a": 1}'.encode("utf-16"), "no JSON"),
        (b'{"a": "\xff"}', "no JSON"),
        (b"[" * 100_000 + b"]" * 100_000, "no JSON"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "no JSON"),
        (b"[]", "no object"),
        (b'"quixotry"', "no object"),
        (b"null", "no object"),
        (b"7", "no object"),
        (json.dumps(nested(DEPTH + 1)).encode(), "too deep"),
    ],
)
def test_anything_else_is_unreadable_and_not_quoted(
    body: bytes, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Unreadable, match=f"^{why}$") as caught:
        mapping(body)
    assert caught.value.status == 400
    assert "quixotry" not in "".join(traceback.format_exception(caught.value)) + caplog.text


def test_as_deep_as_may_be_is_read() -> None:
    assert mapping(json.dumps(nested(DEPTH)).encode()) == nested(DEPTH)


@pytest_asyncio.fixture
async def stub() -> AsyncIterator[Stub]:
    """A bot that answers with what it could read, or why it could not."""

    async def hear(request: web.Request) -> web.Response:
        try:
            return web.json_response(await read_mapping(request.content))
        except Unreadable as error:
            return web.Response(status=error.status, text=error.reason)

    made = Stub(remembering=False)
    made.app.router.add_post("/teams", hear)
    async with made.serving():
        yield made


async def answer(stub: Stub, body: bytes, **headers: str) -> tuple[int, str]:
    async with stub.session() as session:
        posted = session.post(
            URL, data=body, headers={"Content-Type": "application/json", **headers}
        )
        async with posted as response:
            return response.status, await response.text()


def sized(size: int) -> bytes:
    return json.dumps({"text": "a" * (size - len('{"text": ""}'))}).encode()


async def test_a_body_is_read_up_to_the_limit(stub: Stub) -> None:
    assert (await answer(stub, sized(BODY_LIMIT)))[0] == 200
    assert await answer(stub, sized(BODY_LIMIT + 1)) == (413, "too big")


async def test_a_small_body_that_unpacks_to_a_large_one_is_not_unpacked(stub: Stub) -> None:
    packed = gzip.compress(sized(50 * BODY_LIMIT))
    assert len(packed) < BODY_LIMIT
    assert await answer(stub, packed, **{"Content-Encoding": "gzip"}) == (413, "too big")


async def test_a_body_that_is_not_packed_as_it_says_is_refused(stub: Stub) -> None:
    assert await answer(stub, b"{}", **{"Content-Encoding": "gzip"}) == (400, "broken off")


@pytest.mark.parametrize(
    "told", [None, 7, "x", [], {"a": None}, {"a": "x"}, {"a": {"b": 7}}, {"a": {"b": ["x"]}}]
)
def test_words_are_text_or_nothing(told: Any) -> None:
    assert words(told, "a", "b") == ""


def test_words_are_found_where_they_are() -> None:
    assert words({"a": {"b": "yes"}}, "a", "b") == "yes"
