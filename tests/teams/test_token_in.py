"""Who may speak: one good token, and every way a token or an activity can be wrong."""

import logging
import traceback
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import pytest
import pytest_asyncio

from bot.platforms.teams.token_in import Checked, Refused, Signed
from tests.teams.gate import LET_IN, Gate, Wanted, gate
from tests.teams.stub import APP, SERVICE, TENANT
from tests.teams.stub_signer import MINUTE, Signer, activity, jwk

Headers = Callable[[Signer], list[str]]
OTHER = "9c8d7e6f-0000-4000-8000-00000000000c"


@pytest_asyncio.fixture
async def door() -> AsyncIterator[Gate]:
    async with gate() as made:
        yield made


def with_claims(**changed: Any) -> Headers:
    return lambda signer: signer.bearer(**changed)


def in_minutes(claim: str, minutes: float) -> Headers:
    """A claim of a time so many minutes from now."""
    return lambda s: s.bearer(**{claim: int(s.claims()["nbf"] + MINUTE + minutes * MINUTE)})


def tampered(signer: Signer) -> list[str]:
    """Another token's claims under a good token's signature."""
    head, _, signature = signer.token().split(".")
    return [f"Bearer {head}.{signer.token(aud=OTHER).split('.')[1]}.{signature}"]


def as_header(write: Callable[[str], list[str]]) -> Headers:
    return lambda signer: write(signer.token())


GOOD: Headers = with_claims()

# The fifteen that four libraries were measured with, and what each must be.
FIFTEEN: Mapping[str, tuple[Headers, Mapping[str, Any], str | Checked]] = {
    "good": (GOOD, {}, LET_IN),
    "wrong audience": (with_claims(aud=OTHER), {}, "audience"),
    "expired six minutes ago": (in_minutes("exp", -6), {}, "expired"),
    "begins in six minutes": (in_minutes("nbf", 6), {}, "too early"),
    "unknown key": (with_claims(kid="nobody's"), {}, "key"),
    "expired four minutes ago": (in_minutes("exp", -4), {}, LET_IN),
    "wrong issuer, well signed": (with_claims(iss="https://sts.example"), {}, "issuer"),
    "no serviceurl claim": (with_claims(serviceurl=None), {}, "service url"),
    "another serviceUrl": (GOOD, {"serviceUrl": f"{SERVICE}x/"}, "service url"),
    "key not endorsed": (with_claims(key="unendorsed"), {}, "endorsement"),
    "no algorithm": (with_claims(alg="none"), {}, "token"),
    "the public key as a secret": (with_claims(alg="HS256"), {}, "algorithm"),
    "tampered": (tampered, {}, "signature"),
    "garbage": (lambda s: ["Bearer garbage"], {}, "token"),
    "no header": (lambda s: [], {}, "header"),
}

CHANNEL = {"channelData": {"tenant": {"id": OTHER}}}
TALK = activity()["conversation"]
HOSTILE = "https://evil.example/"
MORE: Mapping[str, tuple[Headers, Mapping[str, Any], str | Checked]] = {
    # audiences, as they are told apart
    "api://": (with_claims(aud=f"api://{APP}"), {}, LET_IN),
    "api://botid-": (with_claims(aud=f"api://botid-{APP}"), {}, LET_IN),
    "audience in a list": (with_claims(aud=[APP]), {}, "audience"),
    "audience with more": (with_claims(aud=f"{APP} "), {}, "audience"),
    "no audience": (with_claims(aud=None), {}, "audience"),
    "issuer in a list": (with_claims(iss=None), {}, "issuer"),
    # the literal claim and no other
    "serviceUrl claim": (with_claims(serviceurl=None, serviceUrl=SERVICE), {}, "service url"),
    "service_url claim": (with_claims(serviceurl=None, service_url=SERVICE), {}, "service url"),
    "serviceurl in capitals": (with_claims(serviceurl=SERVICE.upper()), {}, "service url"),
    "without the last slash": (with_claims(serviceurl=SERVICE[:-1]), {}, "service url"),
    "neither names one": (with_claims(serviceurl=None), {"serviceUrl": None}, "service url"),
    "both are empty": (with_claims(serviceurl=""), {"serviceUrl": ""}, "service url"),
    "both are a list": (with_claims(serviceurl=[1]), {"serviceUrl": [1]}, "service url"),
    "both are elsewhere": (
        with_claims(serviceurl=HOSTILE),
        {"serviceUrl": HOSTILE},
        "service url not allowed",
    ),
    # tenants
    "foreign tenant": (GOOD, CHANNEL, "tenant"),
    "no tenant": (GOOD, {"channelData": None}, "tenant"),
    "tenant is no text": (GOOD, {"channelData": {"tenant": {"id": [TENANT]}}}, "tenant"),
    "channel data is a list": (GOOD, {"channelData": [{"tenant": {"id": TENANT}}]}, "tenant"),
    "conversation of another": (GOOD, {"conversation": {**TALK, "tenantId": OTHER}}, "tenant"),
    "conversation of none": (GOOD, {"conversation": {**TALK, "tenantId": None}}, "tenant"),
    "conversation does not say": (GOOD, {"conversation": {"id": "a:1"}}, LET_IN),
    "no conversation": (GOOD, {"conversation": None}, LET_IN),
    # channels
    "no channel": (GOOD, {"channelId": None}, "channel"),
    "endorsed, not Teams": (GOOD, {"channelId": "skype"}, "channel"),
    "web chat": (GOOD, {"channelId": "webchat"}, "channel"),
    "channel in capitals": (GOOD, {"channelId": "MSTeams"}, "channel"),
    "channel is a list": (GOOD, {"channelId": ["msteams"]}, "channel"),
    # the token itself
    "signed by another's key": (with_claims(key="stranger", kid="first"), {}, "signature"),
    "no key named": (with_claims(kid=None), {}, "key"),
    "key is a number": (with_claims(header={"kid": 7}), {}, "token"),
    "RS384": (with_claims(alg="RS384"), {}, "algorithm"),
    "RS512": (with_claims(alg="RS512"), {}, "algorithm"),
    "PS256": (with_claims(alg="PS256"), {}, "algorithm"),
    "a key of its own": (
        with_claims(key="stranger", kid="first", header={"jwk": jwk("stranger", ["msteams"])}),
        {},
        "signature",
    ),
    "an address for its key": (
        with_claims(key="stranger", kid="nobody's", header={"jku": HOSTILE, "x5u": HOSTILE}),
        {},
        "key",
    ),
    "asks for what we do not know": (
        lambda s: [s.bearer()[0].replace("Bearer ", f"Bearer {'A' * 9000}")],
        {},
        "token",
    ),
    "critical extension": (with_claims(header={"crit": ["exp"], "exp": 1}), {}, "token"),
    "no end": (with_claims(exp=None), {}, "expired"),
    "end is a text": (with_claims(exp="9999999999"), {}, "token"),
    "end is a fraction": (with_claims(exp=9999999999.5), {}, "token"),
    "end is infinite": (with_claims(exp=float("inf")), {}, "token"),
    "end is true": (with_claims(exp=True), {}, "token"),
    "no beginning": (with_claims(nbf=None), {}, LET_IN),
    "beginning is a text": (with_claims(nbf="1"), {}, "token"),
    "made in six minutes": (in_minutes("iat", 6), {}, "too early"),
    "made in four minutes": (in_minutes("iat", 4), {}, LET_IN),
    "subject is a number": (with_claims(sub=7), {}, "token"),
    # a skill's caller
    "another bot": (with_claims(ver="1.0", appid=OTHER), {}, "another bot"),
    "another bot, newer": (with_claims(ver="2.0", azp=OTHER), {}, "another bot"),
    "nobody's bot": (with_claims(appid="AnonymousSkill"), {}, "another bot"),
    # headers
    "small letters": (as_header(lambda t: [f"bearer {t}"]), {}, "header"),
    "capitals": (as_header(lambda t: [f"BEARER {t}"]), {}, "header"),
    "no scheme": (as_header(lambda t: [t]), {}, "header"),
    "another scheme": (as_header(lambda t: [f"Basic {t}"]), {}, "header"),
    "two headers": (as_header(lambda t: [f"Bearer {t}"] * 2), {}, "header"),
    "two tokens": (as_header(lambda t: [f"Bearer {t}, Bearer {t}"]), {}, "token"),
    "two spaces": (as_header(lambda t: [f"Bearer  {t}"]), {}, "token"),
    "a tab": (as_header(lambda t: [f"Bearer\t{t}"]), {}, "header"),
    "a space before": (as_header(lambda t: [f" Bearer {t}"]), {}, "header"),
    "a space after": (as_header(lambda t: [f"Bearer {t} "]), {}, "token"),
    "a line after": (as_header(lambda t: [f"Bearer {t}\n"]), {}, "token"),
    "padded": (as_header(lambda t: [f"Bearer {t}="]), {}, "token"),
    "quoted": (as_header(lambda t: [f'Bearer "{t}"']), {}, "token"),
    "a part more": (as_header(lambda t: [f"Bearer {t}.{t}"]), {}, "token"),
    "no token": (as_header(lambda t: ["Bearer "]), {}, "token"),
    "an empty header": (as_header(lambda t: [""]), {}, "header"),
    "no characters of a header": (as_header(lambda t: [f"Bearer {t}\udcff"]), {}, "token"),
    "as deep as json goes": (lambda s: ["Bearer " + "W1tb" * 2000 + ".W10.AA"], {}, "token"),
}
CASES = {**FIFTEEN, **MORE}


async def judged(door: Gate, case: str) -> str | Checked:
    headers, changed, _ = CASES[case]
    return await door.verdict(headers(door.signer), activity(**changed))


@pytest.mark.parametrize("case", CASES)
async def test_only_what_is_right_in_everything_is_let_in(door: Gate, case: str) -> None:
    door.signer.published = {"first": ("msteams", "skype"), "unendorsed": ("webchat",)}
    assert await judged(door, case) == CASES[case][2]


def test_there_are_fifteen_of_them() -> None:
    assert len(FIFTEEN) == 15


@pytest.mark.parametrize(
    ("claim", "seconds", "verdict"),
    [
        ("exp", -5 * MINUTE + 1, LET_IN),
        ("exp", -5 * MINUTE, "expired"),
        ("nbf", 5 * MINUTE, LET_IN),
        ("nbf", 5 * MINUTE + 1, "too early"),
        ("iat", 5 * MINUTE, LET_IN),
        ("iat", 5 * MINUTE + 1, "too early"),
    ],
)
async def test_five_minutes_are_forgiven_and_no_more(
    door: Gate, claim: str, seconds: int, verdict: str | Checked
) -> None:
    headers = in_minutes(claim, seconds / MINUTE)(door.signer)
    assert await door.verdict(headers) == verdict


async def test_a_good_token_ends_when_our_clock_says_so(door: Gate) -> None:
    headers = door.signer.bearer()
    door.clock.advance(65 * MINUTE - 1)
    assert await door.verdict(headers) == LET_IN
    door.clock.advance(1)
    assert await door.verdict(headers) == "expired"


async def test_ids_may_be_set_in_capitals() -> None:
    async with gate(Wanted(app=APP.upper(), tenant=TENANT.upper())) as door:
        assert await door.verdict() == LET_IN


@pytest.mark.parametrize("shown", [("", TENANT), (APP, ""), ("", "")])
async def test_nobody_is_checked_without_an_app_and_a_tenant(
    door: Gate, shown: tuple[str, str]
) -> None:
    with pytest.raises(ValueError, match="the app's id and the tenant's"):
        Signed(*shown, door.keys, door.clock.now)


# What is told ---------------------------------------------------------------------------------------


async def test_every_refusal_is_counted_and_told_of_once_a_minute(
    door: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        await door.verdict([])
    await judged(door, "foreign tenant")
    assert door.signed.refused == {"header": 3, "tenant": 1}
    door.clock.advance(60)
    await door.verdict([])
    assert [record.getMessage() for record in caplog.records] == [
        "Teams: refused (header), 1 so far",
        "Teams: refused (tenant), 1 so far",
        "Teams: refused (header), 4 so far",
    ]


@pytest.mark.parametrize(("case", "status"), [("no header", 401), ("tampered", 401)])
async def test_who_is_not_known_is_not_told_whose_bot_it_is(
    door: Gate, case: str, status: int
) -> None:
    headers = CASES[case][0](door.signer)
    for told in (activity(), activity(**CHANNEL), activity(channelId="x"), {}):
        with pytest.raises(Refused) as refused:
            await door.signed.check(headers, told, "192.0.2.1")
        assert refused.value.status == status


async def test_who_is_known_and_foreign_is_forbidden(door: Gate) -> None:
    with pytest.raises(Refused) as refused:
        await door.signed.check(door.signer.bearer(), activity(**CHANNEL), "192.0.2.1")
    assert refused.value.status == 403


CANARY = "quixotry"
CARRIERS: Mapping[str, tuple[Headers, Mapping[str, Any]]] = {
    "issuer": (with_claims(iss=CANARY), {}),
    "audience": (with_claims(aud=CANARY), {}),
    "service url": (with_claims(serviceurl=CANARY), {"serviceUrl": CANARY}),
    "another": (with_claims(serviceurl=CANARY), {}),
    "end": (with_claims(exp=CANARY), {}),
    "subject": (with_claims(sub=[CANARY]), {}),
    "algorithm": (with_claims(alg=CANARY), {}),
    "key": (with_claims(kid=CANARY), {}),
    "critical": (with_claims(header={"crit": [CANARY], CANARY: 1}), {}),
    "channel": (GOOD, {"channelId": CANARY}),
    "tenant": (GOOD, {"channelData": {"tenant": {"id": CANARY}}}),
    "header": (lambda s: [f"{CANARY} {CANARY}"], {}),
    "token": (lambda s: [f"Bearer {CANARY}.{CANARY}.{CANARY}"], {}),
}


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_nothing_that_was_sent_is_told_of(
    door: Gate, caplog: pytest.LogCaptureFixture, carrier: str
) -> None:
    caplog.set_level(logging.DEBUG)
    headers, changed = CARRIERS[carrier]
    shown = headers(door.signer)
    with pytest.raises(Refused) as refused:
        await door.signed.check(shown, activity(text=CANARY, **changed), CANARY)
    told = "".join(traceback.format_exception(refused.value)) + caplog.text
    assert CANARY not in told
    assert not [part for part in shown[0].split(".") if len(part) > 20 and part in told]
