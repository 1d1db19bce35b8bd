"""Says cards: posts them to somebody's own conversation, to a group chat or into a channel's thread.

Teams cannot be asked whether a message arrived: it keeps no key of ours, and finds nothing for a bot.
"""

import logging
from hashlib import sha256

from bot.core.accounts import Account, account_at
from bot.core.cards import Card
from bot.core.messages import Outgoing
from bot.core.unsent import Unsent
from bot.platforms import People
from bot.platforms.teams.activities import NOBODY, Told
from bot.platforms.teams.answers import CARD, Look
from bot.platforms.teams.cards import parts, summary
from bot.platforms.teams.connector import Connector, NotTaken

log = logging.getLogger(__name__)

PER_SECOND = 7  # messages to one conversation; Teams' own limit (facts: teams 4, 2026-11)


class Saying:
    """``anywhere`` is the service URL for whom none is known: Teams passes on from there."""

    pause = 1 / PER_SECOND

    def __init__(self, connector: Connector, people: People, look: Look, anywhere: str) -> None:
        self._connector, self._people = connector, people
        self._look, self._anywhere = look, anywhere

    async def say(self, out: Outgoing, card: Card) -> None:
        """Say it once, or put it in the place of ``out.over``. Raises Unsent; where our own token is not
        taken it is said later, for that is mended without whoever waits."""
        try:
            await self._say(out, activity(out, card, self._look))
        except NotTaken as refused:
            if refused.status == 401:
                raise Unsent(refused.reason) from None
            raise

    async def _say(self, out: Outgoing, told: Told) -> None:
        account = account_at(out.place)
        if not account:
            conversation = out.place.partition(":")[2]
            await self._put(self._url(conversation), conversation, out.over, told)
            return
        known = self._people.remembered(account) or Account(account)
        url = known.url or self._anywhere
        place = known.place
        try:
            place = place or await self._new(account, url)
            await self._put(url, place, out.over, told)
        except NotTaken as refused:
            await self._lost(account, place, url, known.blocked, refused)
            raise
        if known.blocked or not known.place:
            await self._reached(account, place, url)

    async def was_said(self, out: Outgoing) -> bool | None:
        return None

    async def open(self, handle: str, card: Card) -> bool:
        """Teams gives no handles: windows open only as the answer to an invoke."""
        return False

    async def _put(self, url: str, conversation: str, over: str, told: Told) -> None:
        """In the place of a message, or after the others where that is gone."""
        if over:
            try:
                return await self._connector.update(url, conversation, over, told)
            except NotTaken as refused:
                if refused.status != 404:
                    raise
        await self._connector.send(url, conversation, told)

    async def _new(self, account: str, url: str) -> str:
        if account.startswith(NOBODY):
            raise Unsent("no conversation", "never")
        return await self._connector.create(url, account.removeprefix("teams:"))

    def _url(self, conversation: str) -> str:
        known = self._people.remembered(f"teams:{conversation.partition(';')[0]}")
        return known.url if known and known.url else self._anywhere

    async def _lost(
        self, account: str, place: str, url: str, blocked: str, refused: NotTaken
    ) -> None:
        """Remember who blocked the bot, and which conversation is no more."""
        if refused.status == 403:
            await self._reached(account, place, url, refused.code or "403")
        if refused.status == 404:
            await self._reached(account, "", url, blocked)

    async def _reached(self, account: str, place: str, url: str, blocked: str = "") -> None:
        """What cannot be remembered is found out again: no reason to say anything twice, or not at all."""
        try:
            await self._people.reached(account, place, url, blocked)
        except Exception as error:
            log.warning("where somebody is reached was not kept: %s", type(error).__name__)


def activity(out: Outgoing, card: Card, look: Look) -> Told:
    """The message that shows a card, all of it: one that is too long for one goes on in a second, in the
    same message, so that they come together. ``summary`` is what a notification says of it."""
    contents = parts(card, look.fixed, token_for(out.key), "execute", look.pages)
    shown = [{"contentType": CARD, "content": content} for content in contents]
    return {"summary": summary(card, look.fixed), "attachments": shown}


def token_for(key: str) -> str:
    """What names a card in its own buttons, so that a press on it counts once."""
    return sha256(key.encode()).hexdigest()[:16]
