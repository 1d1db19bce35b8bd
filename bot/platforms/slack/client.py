"""Slack's Web API: the one place that calls it, and that says what became of a call that failed.

No library retries anything here: the outbox owns every retry.
"""

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.unsent import Unsent
from bot.platforms.proxies import proxy_for
from bot.platforms.slack.quiet import quiet

SLACK = "https://slack.com/api/"
PATIENCE = 10.0  # seconds for one call
IN_TIME = 1.5  # seconds for a call while somebody's request waits, which Slack gives 3

Answer = Mapping[str, Any]

# Slack's own words for "something of it may have been done" and "not now".
_UNCLEAR = {"internal_error", "fatal_error", "service_unavailable"}
_LATER = {"request_timeout", "team_added_to_org", "org_login_required", "message_limit_exceeded"}
_LIMITED = {"ratelimited", "rate_limited"}
# The token is no good any more: the app was taken away, or installed anew with another one.
_DEAD = {
    *("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"),
}
_CODE = re.compile(r"[a-z0-9_.:-]{1,80}")
_ASKED_FOR = 30.0  # seconds to wait when Slack does not name them
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
# AttributeError: slack_sdk trips over an answer that is text, as a school's proxy gives.
_NO_ANSWER = (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError)


class Api:
    """Calls with one token. Every method raises Unsent and nothing else."""

    def __init__(self, token: str, url: str = SLACK, patience: float = PATIENCE) -> None:
        self._token, self.url, self._patience = token, url, patience
        self.refused = False  # whether Slack did not take the token when it last answered
        self._session: aiohttp.ClientSession | None = None
        self._web: AsyncWebClient | None = None

    async def ask(self, method: str, **asked: Any) -> Answer:
        """A question: it changes nothing, so one without an answer is asked again later."""
        return await self._call(method, harmless=True, http_verb="GET", params=asked)

    async def do(self, method: str, **told: Any) -> Answer:
        """Something that must happen once: without an answer it may have happened."""
        return await self._call(method, harmless=False, json=_given(told))

    async def set(self, method: str, **told: Any) -> Answer:
        """Something that may happen twice without harm: without an answer it is done again later."""
        return await self._call(method, harmless=True, json=_given(told))

    async def pages(self, method: str, most: int = 10, **asked: Any) -> AsyncIterator[Answer]:
        """One answer after another, at most so many."""
        cursor = ""
        for _ in range(most):
            answer = await self.ask(method, **asked, cursor=cursor or None)
            yield answer
            if not (cursor := next_page(answer)):
                return

    async def respond(self, url: str, told: Answer) -> None:
        """To the address that came with a command or a press: only the one who pressed sees it."""
        if not self._is_slacks(url):
            raise Unsent("not_slacks_address", "never")
        try:
            async with self._open().post(url, json=told, proxy=proxy_for(url)) as answer:
                if answer.status != 200:
                    raise Unsent(f"http_{answer.status}", "never")
        except _NO_ANSWER as error:
            raise _lost(error, harmless=False) from None

    def _is_slacks(self, url: str) -> bool:
        parts, own = urlsplit(url), urlsplit(self.url)
        if (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
            return True
        return parts.scheme == "https" and (parts.hostname or "").endswith(".slack.com")

    def _open(self) -> aiohttp.ClientSession:
        """One session for all calls: a new connection for each would cost more than the call."""
        if self._session is None or self._session.closed:
            limits = aiohttp.ClientTimeout(self._patience, sock_connect=self._patience / 2)
            self._session = aiohttp.ClientSession(timeout=limits)
            self._web = None
        return self._session

    @property
    def web(self) -> AsyncWebClient:
        session = self._open()
        if self._web is None:
            self._web = AsyncWebClient(
                self._token,
                self.url,
                session=session,
                retry_handlers=[],
                logger=quiet("web"),
            )
            self._web.proxy = proxy_for(self.url)
        return self._web

    async def _call(self, method: str, harmless: bool, **how: Any) -> Answer:
        try:
            answer = await self.web.api_call(method, **how)
        except SlackApiError as error:
            unsent = _refused(method, error.response, harmless)
            self.refused = unsent.reason in _DEAD
            raise unsent from None
        except _NO_ANSWER as error:
            raise _lost(error, harmless) from None
        self.refused = False
        return answer.data if isinstance(answer.data, dict) else {}

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def next_page(answer: Answer) -> str:
    """The cursor of the page after this one; empty after the last."""
    return (answer.get("response_metadata") or {}).get("next_cursor") or ""


def _given(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value not in (None, "")}


def _lost(error: Exception, harmless: bool) -> Unsent:
    if isinstance(error, _NOT_SENT):
        return Unsent("not_connected")
    return Unsent("no_answer", "later" if harmless else "unclear")


def _refused(method: str, response: Any, harmless: bool) -> Unsent:
    """What Slack's own answer means. An answer that is not Slack's is as good as none."""
    status: int = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    data = getattr(response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    if status == 429 or code in _LIMITED:
        return _limited(method, response.headers)
    if not isinstance(code, str) or not _CODE.fullmatch(code) or status >= 500:
        return Unsent(f"http_{status}", "later" if harmless else "unclear")
    if code in _UNCLEAR:
        return Unsent(code, "later" if harmless else "unclear")
    return Unsent(code, "later" if code in _LATER else "never")


def _limited(method: str, headers: Mapping[str, str]) -> Unsent:
    """Every method has its own limit for the workspace, so another may be called meanwhile. Only posting
    has one for each channel too, and asks for one second there: what it asks beyond is for all."""
    asked = headers.get("Retry-After", "")
    seconds = float(asked) if asked.isascii() and asked.isdigit() else _ASKED_FOR
    return Unsent("ratelimited", "later", seconds, method == "chat.postMessage" and seconds > 1)
