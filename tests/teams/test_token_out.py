"""What we show when we speak: the real msal, with its production configuration, against a stubbed tenant."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
import pytest_asyncio
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509.oid import NameOID
from requests.adapters import HTTPAdapter

from bot.platforms.teams.hosts import PUBLIC
from bot.platforms.teams.token_out import (
    PATIENCE,
    AppTokens,
    Credential,
    Http,
    NoToken,
    NoTokens,
    certificate,
)
from tests.teams.stub import APP, SECRET, TENANT, Stub
from tests.teams.stub_authority import CANARY, Authority, Mood
from tests.teams.stub_signer import private_key

WHO = f"GET login.microsoftonline.com/{TENANT}/v2.0/.well-known/openid-configuration"
TOKEN = f"POST login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"


@dataclass
class Tenant:
    """A stubbed tenant that is served, and the app's tokens of it."""

    stub: Stub = field(default_factory=Stub)
    authority: Authority = field(default_factory=Authority)

    def tokens(self, credential: Credential = SECRET, patience: float = 10.0) -> AppTokens:
        return AppTokens(APP, TENANT, credential, http=self.stub.http(patience))


@pytest_asyncio.fixture
async def tenant() -> AsyncIterator[Tenant]:
    made = Tenant()
    made.authority.add_to(made.stub.app)
    async with made.stub.serving():
        yield made


async def refusal(tokens: AppTokens) -> NoToken:
    with pytest.raises(NoToken) as caught:
        await tokens.token(PUBLIC.connector_scope)
    return caught.value


async def test_a_token_for_each_scope_is_asked_for_once(tenant: Tenant) -> None:
    tokens = tenant.tokens()
    got = [await tokens.token(s) for s in (PUBLIC.connector_scope, PUBLIC.graph_scope) * 2]
    first = "token 1 for https://api.botframework.com/.default"
    second = "token 2 for https://graph.microsoft.com/.default"
    assert got == [first, second, first, second]
    assert tenant.stub.asked() == [WHO, TOKEN, TOKEN]


async def test_many_who_want_the_first_token_make_one_request(tenant: Tenant) -> None:
    tokens = tenant.tokens()
    got = await asyncio.gather(*(tokens.token(PUBLIC.connector_scope) for _ in range(20)))
    assert set(got) == {tenant.authority.given[0]}
    assert tenant.stub.asked() == [WHO, TOKEN]


async def test_nothing_is_asked_before_a_token_is_wanted(tenant: Tenant) -> None:
    tenant.tokens()
    assert tenant.stub.asked() == []


async def test_the_loop_goes_on_while_msal_waits(tenant: Tenant) -> None:
    tenant.authority.mood = "hanging"
    asking = asyncio.create_task(tenant.tokens().token(PUBLIC.connector_scope))
    while not tenant.stub.asked("/token"):  # served by this very loop
        await asyncio.sleep(0)
    assert not asking.done()
    tenant.authority.released.set()
    assert await asking == tenant.authority.given[0]


async def test_a_tenant_that_does_not_answer_is_not_waited_for(tenant: Tenant) -> None:
    tenant.authority.mood = "hanging"
    assert str(await refusal(tenant.tokens(patience=0.2))) == "token timeout"


@pytest.mark.parametrize(
    ("mood", "code"),
    [
        ("busy", "temporarily_unavailable"),
        ("broken", "server_error"),
        ("garbage", "unreadable"),
        ("lost", "unreachable"),
        ("odd", "refused"),
    ],
)
async def test_why_there_is_no_token_is_a_code(tenant: Tenant, mood: Mood, code: str) -> None:
    tenant.authority.mood = mood
    assert str(await refusal(tenant.tokens())) == f"token {code}"


async def test_a_wrong_secret_is_told_by_its_code_alone(tenant: Tenant) -> None:
    assert (await refusal(tenant.tokens("not the secret"))).args == ("token invalid_client",)


async def test_a_tenant_that_is_away_gives_its_token_when_it_is_back(tenant: Tenant) -> None:
    tokens, tenant.authority.open = tenant.tokens(), False
    assert str(await refusal(tokens)) == "token server_error"
    tenant.authority.open = True
    assert await tokens.token(PUBLIC.connector_scope) == tenant.authority.given[0]


async def test_a_tenant_that_does_not_exist_is_told_of(tenant: Tenant) -> None:
    tokens = AppTokens(APP, "no-such-tenant", SECRET, http=tenant.stub.http())
    assert str(await refusal(tokens)) == "token no_tenant"


async def test_what_msal_breaks_on_is_told_by_its_kind(tenant: Tenant) -> None:
    broken = {"private_key": "no key", "thumbprint": "A1B2"}
    assert str(await refusal(tenant.tokens(broken))) == "token InvalidKeyError"


async def test_a_busy_tenant_is_left_alone_for_the_time_it_asked(tenant: Tenant) -> None:
    tokens, tenant.authority.mood = tenant.tokens(), "busy"
    await refusal(tokens)
    await refusal(tokens)
    assert tenant.stub.asked("/token") == [TOKEN]


async def test_a_token_that_was_forgotten_is_fetched_anew(tenant: Tenant) -> None:
    tokens = tenant.tokens()
    first = await tokens.token(PUBLIC.connector_scope)
    tokens.forget()
    assert await tokens.token(PUBLIC.connector_scope) != first


def test_no_wait_is_without_an_end() -> None:
    waits: list[object] = []

    class Watching(HTTPAdapter):
        def send(self, *args: Any, timeout: object = None, **options: Any) -> requests.Response:
            waits.append(timeout)
            raise requests.ConnectionError

    http = Http()
    http.mount("https://", Watching())
    for ask in (http.get, http.post):
        with pytest.raises(requests.ConnectionError):
            ask("https://login.microsoftonline.com/")
    assert waits == [PATIENCE, PATIENCE]


async def test_nobody_there_is_a_code_too(tenant: Tenant) -> None:
    tenant.stub.url = "http://127.0.0.1:9"
    assert str(await refusal(tenant.tokens())) == "token unreachable"


@pytest.mark.parametrize("mood", ["busy", "broken", "garbage", "lost", "odd"])
async def test_no_secret_and_no_answer_is_told(
    tenant: Tenant, mood: Mood, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tenant.authority.mood = mood
    told = "".join(traceback.format_exception(await refusal(tenant.tokens())))
    for secret in (SECRET, CANARY, APP):
        assert secret not in told + caplog.text


async def test_no_token_is_told(tenant: Tenant, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    got = await tenant.tokens().token(PUBLIC.connector_scope)
    assert got not in caplog.text
    assert SECRET not in caplog.text


async def test_the_local_test_client_wants_no_token() -> None:
    assert await NoTokens().token(PUBLIC.connector_scope) == ""


@pytest.mark.parametrize(
    "missing", [("", TENANT, SECRET), (APP, "", SECRET), (APP, TENANT, ""), (APP, TENANT, {})]
)
def test_half_an_app_gets_no_tokens(missing: tuple[str, str, Credential]) -> None:
    with pytest.raises(ValueError, match="needs the app's id"):
        AppTokens(*missing)


# Certificates ---------------------------------------------------------------------------------------


def key_pem(key: RSAPrivateKey, password: bytes = b"") -> str:
    lock: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password:
        lock = serialization.BestAvailableEncryption(password)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        lock,
    ).decode()


def certificate_pem(key: RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "policybot.example")])
    start = datetime(2026, 9, 1, tzinfo=UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    made = made.not_valid_before(start).not_valid_after(start + timedelta(days=365))
    made = made.public_key(key.public_key()).serial_number(1)
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


OURS, OTHER = private_key("ours"), private_key("other")
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str) -> Path:
        file = tmp_path / "teams.pem"
        file.write_text(text, encoding="utf-8")
        return file

    return written


@pytest.mark.parametrize(
    "pem",
    [
        key_pem(OURS) + certificate_pem(OURS),
        certificate_pem(OURS) + key_pem(OURS),
        "Bag Attributes\n" + certificate_pem(OTHER) + certificate_pem(OURS) + key_pem(OURS),
    ],
    ids=["key first", "certificate first", "a chain, the wrong way round"],
)
async def test_a_certificate_gets_a_token_without_showing_its_key(
    tenant: Tenant, write: Write, pem: str
) -> None:
    tokens = tenant.tokens(certificate(write(pem)))
    assert await tokens.token(PUBLIC.connector_scope) == tenant.authority.given[0]
    [assertion] = tenant.authority.assertions
    claims = jwt.decode(
        assertion, OURS.public_key(), ["PS256"], options={"verify_aud": False, "verify_exp": False}
    )
    assert (claims["iss"], claims["aud"]) == (APP, f"{TOKEN.replace('POST ', 'https://')}")
    leaf = "".join(certificate_pem(OURS).splitlines()[1:-1])
    shown = jwt.get_unverified_header(assertion)["x5c"]
    assert [one.replace("\n", "") for one in shown] == [leaf]


@pytest.mark.parametrize(
    ("pem", "why"),
    [
        ("", "no private key"),
        (certificate_pem(OURS), "no private key"),
        (key_pem(OURS, b"a password") + certificate_pem(OURS), "no private key that opens"),
        (key_pem(OURS), "no certificate of its private key"),
        (key_pem(OURS) + certificate_pem(OTHER), "no certificate of its private key"),
        (key_pem(OURS).replace("M", "N") + certificate_pem(OURS), "no private key"),
        (key_pem(OURS) + certificate_pem(OURS).replace("M", "N"), "no certificate of its"),
        ("é" + "A" * 5000, "no private key"),
    ],
)
def test_a_certificate_that_cannot_be_used_says_why_and_quotes_nothing(
    write: Write, pem: str, why: str
) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        certificate(write(pem))
    told = "".join(traceback.format_exception(caught.value))
    assert not [line for line in pem.splitlines() if len(line) > 30 and line in told]
