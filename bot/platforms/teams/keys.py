"""Microsoft's keys, which activities are signed with: fetched without holding anybody up, kept for a day."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import ClientSession, ClientTimeout
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWTError
from jwt.algorithms import RSAAlgorithm

from bot.platforms import Now
from bot.platforms.teams.bodies import Unreadable, read_mapping, words
from bot.platforms.teams.hosts import PUBLIC, Hosts

log = logging.getLogger(__name__)

KEPT = timedelta(days=1)
RENEWED = timedelta(hours=12)  # so that an outage of half a day locks nobody out
PAUSE = timedelta(minutes=1)  # between two fetches, failed ones too, whoever asks for what
PATIENCE = ClientTimeout(total=5)  # seconds; Teams sends again what took us 15
DOCUMENT = 512 * 1024  # bytes
SHORTEST = 2048  # bits


@dataclass(frozen=True)
class Key:
    """``endorsements`` are the channels it may sign for."""

    public: RSAPublicKey
    endorsements: frozenset[str]


class KeysAway(Exception):
    """The keys could not be fetched, and none are remembered that are young enough."""


class Keys:
    """Microsoft's keys by their id. A key that is not known is asked for, but once a minute at most."""

    def __init__(self, session: ClientSession, now: Now, hosts: Hosts = PUBLIC) -> None:
        self._session, self._now, self._hosts = session, now, hosts
        self._keys: Mapping[str, Key] = {}
        self._fetched: datetime | None = None
        self._tried: datetime | None = None
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, id: str) -> Key | None:
        """The key with this id; None when there is no such key. Raises KeysAway."""
        known = id in self._keys and self._within(self._fetched, KEPT)
        if not (known and self._within(self._fetched, RENEWED)):
            await self._renew(wait=not known)
        if not self._within(self._fetched, KEPT):
            raise KeysAway
        return self._keys.get(id)

    async def close(self) -> None:
        """Stop fetching."""
        if self._fetching:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])

    async def _renew(self, wait: bool) -> None:
        """Fetch unless that was tried just now. Whoever asks meanwhile waits for the same fetch, and
        whoever goes away does not end it."""
        if self._fetching is None or self._fetching.done():
            if self._within(self._tried, PAUSE):
                return
            self._tried = self._now()
            self._fetching = asyncio.create_task(self._fetch())
        if wait:
            await asyncio.shield(self._fetching)

    async def _fetch(self) -> None:
        try:
            metadata = await self._document(self._hosts.metadata)
            address = words(metadata, "jwks_uri")
            if not self._hosts.trusts(address):
                raise Unreadable("keys are elsewhere")
            self._keys = read_keys(await self._document(address))
            self._fetched = self._now()
        except Exception as error:  # whatever it was: the keys we have are kept, for their day
            log.warning("the keys of Teams could not be fetched: %s", _short(error))

    async def _document(self, url: str) -> Mapping[str, Any]:
        async with self._session.get(url, timeout=PATIENCE, allow_redirects=False) as response:
            if response.status != 200:
                raise Unreadable(f"status {response.status}")
            return await read_mapping(response.content, DOCUMENT)

    def _within(self, when: datetime | None, span: timedelta) -> bool:
        """Whether it was that short a time ago; a clock that was put back has forgotten it."""
        return when is not None and timedelta(0) <= self._now() - when < span


def read_keys(document: Mapping[str, Any]) -> Mapping[str, Key]:
    """The usable keys of a JWKS document by id; the first of two with one id. Raises Unreadable for none."""
    told = document.get("keys")
    found: dict[str, Key] = {}
    for one in told if isinstance(told, list) else ():
        key = _key(one)
        if key is not None:
            found.setdefault(words(one, "kid"), key)
    if not found:
        raise Unreadable("no keys")
    return found


def _key(told: Any) -> Key | None:
    """A key as Microsoft tells of it; None for one of another kind, without an id, or too short."""
    if words(told, "kty") != "RSA" or not words(told, "kid"):
        return None
    if told.get("use", "sig") != "sig" or told.get("alg", "RS256") != "RS256":
        return None
    try:  # only these two, so that it is a public key whatever else is there
        public = RSAAlgorithm.from_jwk({"kty": "RSA", "n": told["n"], "e": told["e"]})
    except (PyJWTError, LookupError, TypeError, ValueError):
        return None
    if not isinstance(public, RSAPublicKey) or public.key_size < SHORTEST:
        return None
    endorsed = told.get("endorsements")
    names = endorsed if isinstance(endorsed, list) else []
    return Key(public, frozenset(name for name in names if isinstance(name, str)))


def _short(error: Exception) -> str:
    return error.reason if isinstance(error, Unreadable) else type(error).__name__
