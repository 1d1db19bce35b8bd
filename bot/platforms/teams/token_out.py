"""What we show when we speak: a token of the school's own tenant, from msal, off the event loop."""

import asyncio
import logging
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import msal
import requests
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from msal.exceptions import MsalError

from bot.platforms.teams.hosts import PUBLIC, Hosts

PATIENCE = 10.0  # seconds for connecting, and for each answer
KEPT = 60.0  # seconds without asking msal again, which gives no token that ends within five minutes
_CODE = re.compile(r"[a-z_]{1,40}")
_KEY = re.compile(r"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.+?-----END \1-----", re.DOTALL)
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----")

Credential = str | Mapping[str, str]


class NoToken(Exception):
    """Microsoft gave no token; nothing was sent, so it may be tried again later. ``str()`` of it is
    "token" and a code ("token invalid_client", "token timeout"): fit for Unsent and for the log."""

    def __init__(self, code: str) -> None:
        super().__init__(f"token {code}")
        self.code = code


class Tokens(Protocol):
    """What the connector and the directory ask of either."""

    async def token(self, scope: str) -> str:
        """A bearer token for a scope of Hosts; empty where none is wanted. Raises NoToken."""

    def forget(self) -> None:
        """The last one was refused: the next is fetched anew."""


class NoTokens:
    """For Microsoft's local test client, which asks for none."""

    async def token(self, scope: str) -> str:
        return ""

    def forget(self) -> None:
        """There is none."""


class AppTokens:
    """The app's own tokens. One of these for the process: msal remembers tokens in it until they end.

    msal blocks, and speaks to Microsoft as soon as it is built, so both happen in a thread and at the
    first token.
    """

    def __init__(
        self,
        app_id: str,
        tenant: str,
        credential: Credential,
        hosts: Hosts = PUBLIC,
        http: requests.Session | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if not (app_id and tenant and credential):
            raise ValueError(
                "Teams needs the app's id, the tenant's, and a secret or a certificate"
            )
        self._app_id, self._credential = app_id, credential
        self._authority = f"{hosts.login}/{tenant}"
        self._http = http or Http()
        self._app: msal.ConfidentialClientApplication | None = None
        self._building = Lock()
        self._asking = asyncio.Lock()
        self._monotonic = monotonic
        self._given: dict[str, tuple[str, float]] = {}

    async def token(self, scope: str) -> str:
        """A thread and msal's own search cost more than all the rest of a call: not for each."""
        if kept := self._kept(scope):
            return kept
        async with self._asking:  # whoever comes second finds what the first was given
            if kept := self._kept(scope):
                return kept
            given, until = self._given, self._monotonic() + KEPT
            token = await asyncio.to_thread(self._token, scope)
            given[scope] = token, until
            return token

    def forget(self) -> None:
        self._given = {}  # another one: what is asked for just now is put into the old
        self._app = None  # and what it remembered; its own way to forget asks Microsoft first

    def _kept(self, scope: str) -> str:
        token, until = self._given.get(scope, ("", 0.0))
        return token if self._monotonic() < until else ""

    def _token(self, scope: str) -> str:
        answer = self._answer(scope)
        if isinstance(answer, str):
            raise NoToken(answer)
        token = answer.get("access_token")
        if isinstance(token, str) and token:
            return token
        code = answer.get("error")
        raise NoToken(code if isinstance(code, str) and _CODE.fullmatch(code) else "refused")

    def _answer(self, scope: str) -> Mapping[str, Any] | str:
        """What msal answers, or a word for why it did not. Never its own words: they hold ids."""
        try:
            answer = self._built().acquire_token_for_client([scope])
        except requests.Timeout:
            return "timeout"
        except requests.RequestException:
            return "unreachable"
        except MsalError:
            return "server_error"
        except ValueError:  # no such tenant, or an answer that is no JSON
            return "unreadable" if self._app else "no_tenant"
        except Exception as error:
            return type(error).__name__
        return answer if isinstance(answer, Mapping) else "refused"

    def _built(self) -> msal.ConfidentialClientApplication:
        with self._building:
            if self._app is None:
                # It logs whole answers; what there is to say of them, NoToken says.
                logging.getLogger("msal").setLevel(logging.CRITICAL)
                self._app = msal.ConfidentialClientApplication(
                    self._app_id,
                    client_credential=self._credential,
                    authority=self._authority,
                    http_client=self._http,
                    # Else it looks for other names of the login host after each refusal, and where that
                    # fails tells of that instead (msal 1.39).
                    instance_discovery=False,
                )
            return self._app


class Http(requests.Session):
    """requests with an end to every wait, and without a second try: the outbox owns those."""

    def __init__(self, patience: float = PATIENCE) -> None:
        super().__init__()
        self._patience = patience

    def request(self, *args: Any, **options: Any) -> requests.Response:
        options.setdefault("timeout", self._patience)
        return super().request(*args, **options)


def certificate(file: Path) -> Credential:
    """A PEM file with a private key, unlocked, and its certificate. Raises ValueError with a sentence
    that quotes nothing of it, or OSError."""
    text = file.read_text(encoding="ascii", errors="replace")
    key = _KEY.search(text)
    public = _public(key[0]) if key else None
    if not (key and public):
        raise ValueError(f"{file} holds no private key that opens without a password")
    leaf = next((one for one in _CERTIFICATE.findall(text) if _certifies(one, public)), None)
    if leaf is None:
        raise ValueError(f"{file} holds no certificate of its private key")
    return {"private_key": key[0], "public_certificate": leaf}


def _public(key: str) -> object:
    try:
        return load_pem_private_key(key.encode(), None).public_key()
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return None


def _certifies(certificate: str, public: object) -> bool:
    try:
        return x509.load_pem_x509_certificate(certificate.encode()).public_key() == public
    except (ValueError, UnsupportedAlgorithm):
        return False
