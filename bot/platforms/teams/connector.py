"""The Bot Connector's REST API over one session: each call is made once, and says how it ended.

A post has no key of its own and is not idempotent: what got no clear answer may have arrived. Our token
goes to no address that is not trusted, and follows no redirect.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

import aiohttp
from yarl import URL

from bot.core.unsent import Unsent
from bot.platforms.teams.activities import Told, word
from bot.platforms.teams.bodies import Unreadable, read_mapping
from bot.platforms.teams.token_out import NoToken, Tokens

PATIENCE = 10.0  # seconds for one call
ASKING = 4.0  # seconds for who somebody is: they are waiting meanwhile
CONNECTING = 5.0
DOUBTFUL = frozenset((408, 412))  # besides whatever it broke over, which is 500 and up
LONGEST = 2**21  # bytes of an answer; 500 members are about 200 KB
PAGE = 500  # members in one answer; Teams gives no more
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")

Doubt = Literal["later", "unclear"]
Proxy = Callable[[str], str | None]  # for an address; None for the straight way


class NotTaken(Unsent):
    """The Connector's answer was no: its status and the one word of its error."""

    def __init__(self, status: int, code: str, doubt: Doubt, seconds: float | None = None) -> None:
        reason = f"{status} {code}".strip()
        if status == 429:
            super().__init__(reason, "later", seconds)
        elif status in DOUBTFUL or status >= 500:
            super().__init__(reason, doubt)
        else:
            super().__init__(reason, "never")
        self.status, self.code = status, code


@dataclass(frozen=True)
class Call:
    """One request; ``doubt`` is what it means when no clear answer comes."""

    method: str
    path: str
    body: Told | None = None
    doubt: Doubt = "later"
    patience: float = PATIENCE


@dataclass(frozen=True)
class Reach:
    """How the Connector is reached. ``trusts`` says where our token may go, ``proxy`` through what."""

    trusts: Callable[[str], bool]
    proxy: Proxy
    session: Callable[[], aiohttp.ClientSession]


class Connector:
    """``bot`` is our own id on Teams, ``scope`` what our token is for."""

    def __init__(self, bot: str, tenant: str, tokens: Tokens, scope: str, reach: Reach) -> None:
        self._bot, self._tenant = bot, tenant
        self._tokens, self._scope, self._reach = tokens, scope, reach
        self._session: aiohttp.ClientSession

    async def start(self) -> None:
        self._session = self._reach.session()

    async def close(self) -> None:
        await self._session.close()

    async def send(self, url: str, conversation: str, activity: Told) -> None:
        """Post it once. Raises Unsent, unclear where it may have arrived."""
        body = {"type": "message", "from": {"id": self._bot}, **activity}
        await self._call(url, Call("POST", f"{_at(conversation)}/activities", body, "unclear"))

    async def update(self, url: str, conversation: str, id: str, activity: Told) -> None:
        """Put it in the place of one that is there. Doing so twice is doing it once."""
        body = {"type": "message", "from": {"id": self._bot}, "id": id, **activity}
        await self._call(url, Call("PUT", f"{_at(conversation)}/activities/{_quoted(id)}", body))

    async def create(self, url: str, member: str) -> str:
        """The id of somebody's own conversation with the bot: the same however often it is asked for."""
        body = {
            "bot": {"id": self._bot},
            "isGroup": False,
            "members": [{"id": member}],
            "tenantId": self._tenant,
            "channelData": {"tenant": {"id": self._tenant}},
        }
        id = word(await self._call(url, Call("POST", "/v3/conversations", body)), "id")
        if not id:
            raise Unsent("no conversation")
        return id

    async def member(self, url: str, conversation: str, member: str) -> Told:
        """One member of a conversation, with names and addresses as Teams has them."""
        path = f"{_at(conversation)}/members/{_quoted(member)}"
        return await self._call(url, Call("GET", path, patience=ASKING))

    async def members(self, url: str, conversation: str, after: str = "") -> Told:
        """A page of members, and a continuationToken where there are more."""
        more = f"&continuationToken={_quoted(after)}" if after else ""
        path = f"{_at(conversation)}/pagedmembers?pageSize={PAGE}{more}"
        return await self._call(url, Call("GET", path, patience=ASKING))

    # One call ---------------------------------------------------------------------------------

    async def _call(self, url: str, call: Call) -> Told:
        """Make it, and once more with a new token where the first is refused: a refusal does nothing."""
        if not self._reach.trusts(url):
            raise Unsent("service url not allowed", "never")
        address = URL(url.rstrip("/") + call.path, encoded=True)
        try:
            return await self._made(address, call)
        except NotTaken as refused:
            if refused.status != 401:
                raise
        self._tokens.forget()
        return await self._made(address, call)

    async def _made(self, address: URL, call: Call) -> Told:
        token = await self._token()
        try:
            async with self._session.request(
                call.method,
                address,
                json=call.body,
                headers={"Authorization": f"Bearer {token}"} if token else None,
                allow_redirects=False,
                proxy=self._reach.proxy(str(address.origin())),
                timeout=aiohttp.ClientTimeout(call.patience, sock_connect=CONNECTING),
            ) as answer:
                return await _taken(answer, call.doubt)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Unsent(type(error).__name__) from None
        except (aiohttp.ClientError, OSError) as error:  # TimeoutError is one
            raise Unsent(type(error).__name__, call.doubt) from None

    async def _token(self) -> str:
        try:
            return await self._tokens.token(self._scope)
        except NoToken as none:
            raise Unsent(str(none), everywhere=True) from None


async def _taken(answer: aiohttp.ClientResponse, doubt: Doubt) -> Told:
    """What a call was answered with. One that was taken stays so, whatever is wrong with its body."""
    if answer.status == 429:
        raise NotTaken(429, "", doubt, _seconds(answer.headers.get("Retry-After", "")))
    try:
        body: Mapping[str, Any] = await read_mapping(answer.content, LONGEST)
    except (Unreadable, aiohttp.ClientError, OSError):
        body = {}
    if not 200 <= answer.status < 300:
        raise NotTaken(answer.status, _code(body), doubt)
    return body


def _code(body: Told) -> str:
    """The error's own word. Its sentence may name people, so it is left where it is."""
    code = word(body, "error", "code")
    return code if _CODE.fullmatch(code) else ""


def _seconds(told: str) -> float | None:
    return float(told) if re.fullmatch(r"\d{1,5}(\.\d+)?", told) else None


def _at(conversation: str) -> str:
    return f"/v3/conversations/{_quoted(conversation)}"


def _quoted(id: str) -> str:
    return quote(id, safe="")
