"""A good token and a good activity, changed in any one place that matters, are refused."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from string import ascii_letters, digits
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.platforms.teams.token_in import Checked
from tests.teams.gate import LET_IN, Gate, gate
from tests.teams.stub import APP, SERVICE, TENANT
from tests.teams.stub_signer import MINUTE, activity, minted, private_key

CODED = ascii_letters + digits + "-_"
often = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Loop:
    """A gate in a loop of its own, so that one of them serves every example."""

    def __init__(self) -> None:
        self._runner, self._stack = asyncio.Runner(), AsyncExitStack()
        self.door: Gate = self._runner.run(self._stack.enter_async_context(gate()))

    def verdict(self, headers: list[str], told: Any = None) -> str | Checked:
        return self._runner.run(self.door.verdict(headers, told))

    def token(self, **changed: Any) -> str:
        return self.door.signer.token(**changed)

    def close(self) -> None:
        self._runner.run(self._stack.aclose())
        self._runner.close()


@pytest.fixture(scope="module")
def loop() -> Iterator[Loop]:
    made = Loop()
    yield made
    made.close()


plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
anything = st.recursive(
    plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5
)
near = st.sampled_from([APP, TENANT, SERVICE, "msteams"]).flatmap(
    lambda good: st.sampled_from(
        [
            good.upper(),
            f"{good} ",
            f" {good}",
            good[:-1],
            f"{good}/",
            [good],
            {"id": good},
            f"{good}\0",
        ]
    )
)
wrong = anything | near


def test_unchanged_it_is_let_in(loop: Loop) -> None:
    assert loop.verdict([f"Bearer {loop.token()}"]) == LET_IN


@often
@given(st.data())
def test_any_other_letter_of_a_token_is_refused(loop: Loop, data: st.DataObject) -> None:
    token = loop.token()
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from(CODED + ".").filter(lambda c: c != token[at]))
    assert loop.verdict([f"Bearer {token[:at]}{other}{token[at + 1 :]}"]) != LET_IN


@often
@given(st.data())
def test_a_token_with_a_piece_more_or_less_is_refused(loop: Loop, data: st.DataObject) -> None:
    token = loop.token()
    at = data.draw(st.integers(0, len(token) - 1))
    more = data.draw(st.text(min_size=1, max_size=3) | st.just(""))
    less = token[: max(0, at - 1)] + more + token[at:]
    assume(less != token)
    assert loop.verdict([f"Bearer {less}"]) != LET_IN


@often
@given(claim=st.sampled_from(["iss", "aud", "serviceurl"]), value=wrong)
def test_any_other_claim_is_refused_however_well_signed(loop: Loop, claim: str, value: Any) -> None:
    assume(value not in ("https://api.botframework.com", APP, SERVICE))
    claims = loop.door.signer.claims() | {claim: value}
    token = minted(claims, private_key("first"), "RS256", {"kid": "first"})
    assert loop.verdict([f"Bearer {token}"]) != LET_IN


@often
@given(claim=st.sampled_from(["exp", "nbf", "iat"]), value=anything)
def test_a_time_is_a_whole_number_and_on_our_side_of_now(
    loop: Loop, claim: str, value: Any
) -> None:
    now = loop.door.clock.now().timestamp()
    end = claim == "exp"
    if type(value) is int:
        assume(value <= now - 5 * MINUTE if end else value > now + 5 * MINUTE)
    claims = loop.door.signer.claims() | {claim: value}
    token = minted(claims, private_key("first"), "RS256", {"kid": "first"})
    assert loop.verdict([f"Bearer {token}"]) != LET_IN


@often
@given(name=st.sampled_from(["alg", "kid", "b64", "crit"]), value=wrong)
def test_any_other_header_of_a_token_is_refused(loop: Loop, name: str, value: Any) -> None:
    assume((name, value) not in (("alg", "RS256"), ("kid", "first")))
    assume(name != "b64" or value is False)
    claims, header = loop.door.signer.claims(), {"kid": "first", name: value}
    token = minted(claims, private_key("first"), "RS256", header)
    assert loop.verdict([f"Bearer {token}"]) != LET_IN


PLACES = [
    ("channelId",),
    ("serviceUrl",),
    ("channelData",),
    ("channelData", "tenant"),
    ("channelData", "tenant", "id"),
    ("conversation", "tenantId"),
]


@often
@given(place=st.sampled_from(PLACES), value=wrong)
def test_an_activity_changed_where_it_matters_is_refused(
    loop: Loop, place: tuple[str, ...], value: Any
) -> None:
    told = json.loads(json.dumps(activity()))
    inner = told
    for name in place[:-1]:
        inner = inner[name]
    assume(inner[place[-1]] != value)
    inner[place[-1]] = value
    assert loop.verdict([f"Bearer {loop.token()}"], told) != LET_IN


@often
@given(anything.filter(lambda value: isinstance(value, dict)))
def test_no_other_activity_is_let_in(loop: Loop, told: Any) -> None:
    assert loop.verdict([f"Bearer {loop.token()}"], told) != LET_IN


@often
@given(st.lists(st.text(max_size=40), max_size=3))
def test_no_other_headers_are_let_in(loop: Loop, headers: list[str]) -> None:
    assert loop.verdict(headers) in ("header", "token")
