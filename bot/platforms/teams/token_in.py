"""Who may speak to the bot on Teams: the check of what comes in, before anything of it is believed.

Signed is for Microsoft's Connector, Unchecked for its local test client; nothing else tells them apart.
Stricter than Microsoft's own libraries, of which three of four leave out one of these checks (2026-11):
see tests/teams/test_oracle.py for where and why we differ.
"""

import logging
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, Literal, Protocol, get_args

import jwt
from jwt.types import Options

from bot.platforms import Now
from bot.platforms.teams.bodies import Activity, words
from bot.platforms.teams.hosts import PUBLIC, Hosts
from bot.platforms.teams.keys import Key, Keys, KeysAway

log = logging.getLogger(__name__)

SKEW = timedelta(minutes=5)
QUIET = timedelta(minutes=1)
ALGORITHM = "RS256"
CHANNEL = "msteams"  # a web chat of the same bot could claim any tenant and person in its own words
LONGEST = 8192
_LATER: Options = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
}
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_HERE = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?(/[A-Za-z0-9._~-]*)*")

Unsure = Literal[
    "header",
    "token",
    "algorithm",
    "key",
    "keys away",
    "signature",
    "issuer",
    "audience",
    "expired",
    "too early",
    "another bot",
]
Foreign = Literal[
    "channel",
    "endorsement",
    "service url",
    "service url not allowed",
    "tenant",
    "not from here",
]
Reason = Unsure | Foreign


class Refused(Exception):
    """Somebody may not speak. ``reason`` is for the log and the count; ``status`` is all they are told."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.status = 403 if reason in get_args(Foreign) else 401


@dataclass(frozen=True)
class Checked:
    """What is sure about an activity: where it is answered, and whose tenant it is from."""

    service_url: str
    tenant: str


class Checker(Protocol):
    """What the route and the connector ask of either."""

    @property
    def refused(self) -> Counter[str]:
        """How often each reason was given."""

    async def check(self, authorization: Sequence[str], activity: Activity, peer: str) -> Checked:
        """``authorization``: every header of that name. ``peer``: the address it came from. Raises
        Refused, which is logged and counted."""

    def trusts(self, url: str) -> bool:
        """Whether we may speak to an address that an activity named, bearer token and all."""


class Refusals(Counter[str]):
    """How often each reason was given. A flood of one is told of once a minute."""

    def __init__(self, now: Now) -> None:
        super().__init__()
        self._now = now
        self._told: dict[str, datetime] = {}

    def note(self, reason: str) -> None:
        self[reason] += 1
        now = self._now()
        if abs(now - self._told.get(reason, datetime.min.replace(tzinfo=UTC))) >= QUIET:
            self._told[reason] = now
            log.warning("Teams: refused (%s), %s so far", reason, self[reason])


class Signed:
    """Lets in what Microsoft's Connector signed for this app and this tenant, and nothing else."""

    def __init__(
        self, app_id: str, tenant: str, keys: Keys, now: Now, hosts: Hosts = PUBLIC
    ) -> None:
        if not (app_id and tenant):
            raise ValueError("Teams cannot be let in without the app's id and the tenant's")
        self._app, self._tenant = app_id.lower(), tenant.lower()
        self._keys, self._now, self._hosts = keys, now, hosts
        self.refused = Refusals(now)

    async def check(self, authorization: Sequence[str], activity: Activity, peer: str) -> Checked:
        try:
            claims, key = await self._proven(authorization)
            self._meant(claims)
            return self._ours(claims, key, activity)
        except Refused as refused:
            self.refused.note(refused.reason)
            raise

    def trusts(self, url: str) -> bool:
        return self._hosts.trusts(url)

    async def _proven(self, authorization: Sequence[str]) -> tuple[Mapping[str, Any], Key]:
        """What the token claims, once its signature is Microsoft's."""
        token = bearer(authorization)
        try:
            key = await self._keys.find(key_id(token))
        except KeysAway:
            raise Refused("keys away") from None
        if key is None:
            raise Refused("key")
        return claims_of(token, key), key

    def _meant(self, claims: Mapping[str, Any]) -> None:
        """It is from whom it should be, for us, for now."""
        if claims.get("iss") != self._hosts.issuer:
            raise Refused("issuer")
        if claims.get("aud") not in (self._app, f"api://{self._app}", f"api://botid-{self._app}"):
            raise Refused("audience")
        if _other_bot(claims, self._app):
            raise Refused("another bot")
        in_time(claims, self._now())

    def _ours(self, claims: Mapping[str, Any], key: Key, activity: Activity) -> Checked:
        """The activity is what the token was made for, and of our tenant."""
        channel, url = words(activity, "channelId"), words(activity, "serviceUrl")
        if channel != CHANNEL:
            raise Refused("channel")
        if channel not in key.endorsements:
            raise Refused("endorsement")
        if not url or claims.get("serviceurl") != url:
            raise Refused("service url")
        if not self._hosts.trusts(url):
            raise Refused("service url not allowed")
        if tenants(activity) != {self._tenant}:
            raise Refused("tenant")
        return Checked(url, self._tenant)


class Unchecked:
    """Lets in whatever comes from this machine and wants its answer on this machine. For trying out."""

    def __init__(self, now: Now) -> None:
        self.refused = Refusals(now)

    async def check(self, authorization: Sequence[str], activity: Activity, peer: str) -> Checked:
        url = words(activity, "serviceUrl")
        if not (is_here(peer) and self.trusts(url)):
            self.refused.note("not from here")
            raise Refused("not from here")
        return Checked(url, words(activity, "channelData", "tenant", "id"))

    def trusts(self, url: str) -> bool:
        return _HERE.fullmatch(url) is not None


@lru_cache  # a proxy on this machine is the peer of every request
def is_here(peer: str) -> bool:
    """Whether an address is this machine's own loopback."""
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def bearer(authorization: Sequence[str]) -> str:
    """The token of the one header there must be, written as Microsoft writes it."""
    if len(authorization) != 1 or not authorization[0].startswith("Bearer "):
        raise Refused("header")
    token = authorization[0].removeprefix("Bearer ")
    if len(token) > LONGEST or not _TOKEN.fullmatch(token):
        raise Refused("token")
    return token


def key_id(token: str) -> str:
    """The id of the key a token says it is signed with."""
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError):
        raise Refused("token") from None
    if header.get("alg") != ALGORITHM:
        raise Refused("algorithm")
    return words(header, "kid")


def claims_of(token: str, key: Key) -> Mapping[str, Any]:
    """What a token claims, if it is signed with the key. Its times are against our own clock, later."""
    try:
        return jwt.decode(token, key.public, [ALGORITHM], options=_LATER)
    except jwt.InvalidSignatureError:
        raise Refused("signature") from None
    except (jwt.PyJWTError, ValueError):
        raise Refused("token") from None


def in_time(claims: Mapping[str, Any], now: datetime) -> None:
    """A token has an end, and may say from when it holds and when it was made."""
    at, skew = now.timestamp(), SKEW.total_seconds()
    for name in ("exp", "nbf", "iat"):
        if type(claims.get(name, 0)) is not int:
            raise Refused("token")
    if claims.get("exp", 0) <= at - skew:
        raise Refused("expired")
    if max(claims.get("nbf", 0), claims.get("iat", 0)) > at + skew:
        raise Refused("too early")


def tenants(activity: Activity) -> set[str]:
    """Every tenant an activity names; an empty one where it must name one."""
    said = {words(activity, "channelData", "tenant", "id")}
    conversation = activity.get("conversation")
    if isinstance(conversation, Mapping) and "tenantId" in conversation:
        said.add(words(conversation, "tenantId"))
    return said


def _other_bot(claims: Mapping[str, Any], app: str) -> bool:
    """Another bot calls ours as its skill, which ours is not. What Teams sends has no ``ver``."""
    speaker = claims.get("appid") or claims.get("azp") or app
    return speaker == "AnonymousSkill" or ("ver" in claims and speaker != app)
