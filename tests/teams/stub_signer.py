"""Microsoft's Connector as far as it signs: its keys, and any token anybody could send."""

import asyncio
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, Literal

from aiohttp import web
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from bot.platforms import Now
from bot.platforms.teams.hosts import PUBLIC
from tests.teams.stub import APP, SERVICE, TENANT

MINUTE = 60
Json = dict[str, Any]


def private_key(name: str, bits: int = 2048) -> RSAPrivateKey:
    """One key for each name (and size in bits), for all tests: they take a while to make."""
    return _private_key(name, bits)


@cache
def _private_key(name: str, bits: int) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=bits)


class Signer:
    """``published`` are the channels that each key is endorsed for; ``mood`` is how its pages answer."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self.published: dict[str, Collection[str]] = {"first": ("msteams", "skype")}
        self.keys_at = "https://login.botframework.com/v1/.well-known/keys"
        self.mood: Literal["good", "down", "garbage", "empty"] = "good"
        self.holding = asyncio.Event()  # its pages wait while this is not set
        self.holding.set()

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/v1/.well-known/openidconfiguration", self._metadata)
        app.router.add_get("/v1/.well-known/keys", self._keys)

    def rotate(self, name: str) -> None:
        """From now on another key signs, and the ones before are gone."""
        self.published = {name: ("msteams",)}

    def jwks(self) -> Json:
        return {"keys": [jwk(name, channels) for name, channels in self.published.items()]}

    def claims(self, **changed: Any) -> Json:
        """What the Connector claims. A claim changed to None is left out."""
        at = int(self._now().timestamp())
        good = {"iss": PUBLIC.issuer, "aud": APP, "serviceurl": SERVICE}
        times = {"nbf": at - MINUTE, "exp": at + 60 * MINUTE}
        return {n: v for n, v in (good | times | changed).items() if v is not None}

    def token(
        self,
        *,
        key: str = "",
        kid: str | None = "",
        alg: str = "RS256",
        header: Mapping[str, Any] | None = None,
        **changed: Any,
    ) -> str:
        """A token of the Connector's, with whatever is wrong about it."""
        name = key or next(iter(self.published))
        told = {} if kid is None else {"kid": kid or name}
        return minted(self.claims(**changed), private_key(name), alg, told | dict(header or {}))

    def bearer(self, **changed: Any) -> list[str]:
        """The Authorization headers of a request with such a token."""
        return [f"Bearer {self.token(**changed)}"]

    async def _metadata(self, request: web.Request) -> web.Response:
        await self.holding.wait()
        return self._page({"issuer": PUBLIC.issuer, "jwks_uri": self.keys_at})

    async def _keys(self, request: web.Request) -> web.Response:
        return self._page({"keys": []} if self.mood == "empty" else self.jwks())

    def _page(self, document: Json) -> web.Response:
        if self.mood == "down":
            return web.Response(status=503)
        if self.mood == "garbage":
            return web.Response(body=b"\xff<html>", content_type="text/html")
        return web.json_response(document)


def jwk(name: str, channels: Collection[str], bits: int = 2048, **changed: Any) -> Json:
    """One key of the Connector's as its page tells of it."""
    public = RSAAlgorithm.to_jwk(private_key(name, bits).public_key(), as_dict=True)
    told = {
        "kty": "RSA",
        "use": "sig",
        "kid": name,
        "x5t": name,
        "n": public["n"],
        "e": public["e"],
    }
    return {**told, "endorsements": list(channels), **changed}


def minted(claims: Json, key: RSAPrivateKey, alg: str, header: Mapping[str, Any]) -> str:
    """A token signed so, by hand: libraries refuse to make some of what can be sent. "HS256" signs with
    the public key's own bytes as its secret; "none", and what nobody knows, not at all."""
    text = f"{_part({'typ': 'JWT', 'alg': alg, **header})}.{_part(claims)}"
    return f"{text}.{_coded(_signature(text.encode(), key, alg))}"


def _part(value: Any) -> str:
    return _coded(json.dumps(value).encode())


def _coded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _signature(text: bytes, key: RSAPrivateKey, alg: str) -> bytes:
    sizes = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
    kind, size = alg[:2], sizes.get(alg[2:], hashes.SHA256())
    if kind == "RS":
        return key.sign(text, padding.PKCS1v15(), size)
    if kind == "PS":
        return key.sign(text, padding.PSS(padding.MGF1(size), 32), size)
    if kind == "HS":
        return hmac.digest(_pem(key), text, "sha256")
    return b""


def _pem(key: RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def activity(**changed: Any) -> Json:
    """A message as Teams sends it. What is changed to None is left out."""
    told: Json = {
        "type": "message",
        "id": "1700000000001",
        "channelId": "msteams",
        "serviceUrl": SERVICE,
        "from": {"id": "29:someone", "aadObjectId": "00000000-0000-0000-0000-000000000020"},
        "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": TENANT},
        "recipient": {"id": f"28:{APP}"},
        "text": "hello",
        "channelData": {"tenant": {"id": TENANT}},
    }
    return {name: value for name, value in (told | changed).items() if value is not None}
