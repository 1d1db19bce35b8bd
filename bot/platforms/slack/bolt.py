"""Bolt, as it is used here: it authorizes, parses and finds the listener, and knows no token.

A listener runs to its end before the answer, so that nothing is acknowledged before it is saved; what
raises in one is a 500, and Slack delivers it again.
"""

import json
import logging
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.quiet import quiet
from bot.platforms.slack.users import Asked


class Authorized(AsyncAuthorize):
    """One workspace with one token: the answer is always who we are, by which our own words are left
    out."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult:
        me = await self._asked.me()
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=me.team, bot_user_id=me.user, bot_id=me.bot
        )


def bolt(asked: Asked) -> AsyncApp:
    """Without its own look at signatures, which comes after parsing and logs the body (``routes``)."""
    logger = quiet("bolt")
    logging.getLogger("slack_bolt").setLevel(logging.WARNING)
    logger.setLevel(logging.ERROR)  # Bolt warns that a token in the environment is not used by it
    made = AsyncApp(
        name="policybot",
        logger=logger,
        client=AsyncWebClient(retry_handlers=[], logger=logger),
        authorize=Authorized(asked),
        process_before_response=True,
        request_verification_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    logger.setLevel(logging.WARNING)
    return made


async def from_socket(app: AsyncApp, payload: dict[str, Any]) -> dict[str, Any] | None:
    """What to answer an envelope with; None when it must come again."""
    answer = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=payload))
    return _payload(answer) if answer.status == 200 else None


def _payload(answer: BoltResponse) -> dict[str, Any]:
    told = json.loads(answer.body) if answer.body else {}
    return told if isinstance(told, dict) else {}
