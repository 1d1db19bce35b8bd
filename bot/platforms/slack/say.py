"""Says cards on Slack: as messages, in the place of a message, in a window, in somebody's App Home."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from bot.core.accounts import account_at
from bot.core.cards import Card
from bot.core.messages import Outgoing
from bot.core.unsent import Unsent
from bot.platforms import People
from bot.platforms.slack.blocks import Message, TooLong
from bot.platforms.slack.client import Api
from bot.platforms.slack.look import Look
from bot.platforms.slack.members import Members
from bot.platforms.slack.pace import PAUSE, Pace

log = logging.getLogger(__name__)

EVENT = "policybot_said"
RECENT = 100  # messages looked through; what may have arrived is looked up within minutes
MOST_BEGUN = 500
# The person cannot be reached, whatever is said to them. Anything else is about the message or us.
_UNREACHED = {
    *("user_not_found", "users_not_found", "user_disabled", "user_not_visible", "cannot_dm_bot"),
    *("channel_not_found", "is_archived", "messages_tab_disabled"),
}
# What was to be replaced or answered is not there any more, or may not be touched: post anew.
_GONE = {
    *("message_not_found", "cant_update_message", "edit_window_closed", "not_found"),
    *("view_not_found", "thread_not_found", "cannot_reply_to_message"),
}


@dataclass(frozen=True)
class Where:
    """A channel, and the message there that a thread hangs on. ``own``: somebody's own conversation."""

    channel: str
    thread: str = ""
    own: bool = False


class Say:
    """The outbox's platform. A card of several messages carries our key and the number of each, so
    that one of which some arrived is completed and not repeated."""

    pause = PAUSE

    def __init__(self, api: Api, people: People, look: Look, members: Members, pace: Pace) -> None:
        self._api, self._people, self._look = api, people, look
        self._members, self._pace = members, pace
        self._begun: dict[str, set[int]] = {}

    async def say(self, out: Outgoing, card: Card) -> None:
        try:
            await self._say(out, card)
        except Unsent as unsent:
            await self._note(out, unsent)
            raise

    async def was_said(self, out: Outgoing) -> bool | None:
        """Only our own conversations can be read. A home is published again without harm."""
        if not account_at(out.place):
            return False if _home(out.place) else None
        try:
            found = await self._found(out, await self._where(out))
        except Unsent as unsent:
            if unsent.kind == "never":
                return None
            raise
        if found and len(found) >= max(found.values()):
            self._begun.pop(out.key, None)
            return True
        if found:
            self._begun[out.key] = {*self._begun.get(out.key, ()), *found}
        return False

    async def open(self, handle: str, card: Card) -> bool:
        return await self.show("views.open", handle, card)

    async def show(self, method: str, handle: str, card: Card) -> bool:
        """Open a window, or push one over another (views.push)."""
        try:
            await self._api.do(method, trigger_id=handle, view=self._look.modal(card))
        except (Unsent, TooLong) as error:
            log.warning("a window did not open: %s", error)
            return False
        return True

    # a window, a message -----------------------------------------------------------------------

    async def _say(self, out: Outgoing, card: Card) -> None:
        if user := _home(out.place):
            await self._published(user, card)
        elif _is_view(out.over) and await self._renewed(out.over, card):
            return
        elif account_at(out.place) or not await self._among_staff(out, card):
            await self._posted(self._alone(out), card)

    async def _published(self, user: str, card: Card) -> None:
        try:
            view = self._look.home(card)
        except TooLong:
            raise Unsent("view_too_large", "never") from None
        await self._api.set("views.publish", user_id=user, view=view)

    async def _renewed(self, view: str, card: Card) -> bool:
        """Whether the window is still there and now shows the card."""
        try:
            await self._api.set("views.update", view_id=view, view=self._look.modal(card))
        except TooLong:
            return False
        except Unsent as unsent:
            if unsent.reason in _GONE:
                return False
            raise
        return True

    async def _among_staff(self, out: Outgoing, card: Card) -> bool:
        """Whether it now stands in a channel: not where somebody else reads along by now, nor where
        nothing may be posted any more."""
        if not await self._members.only_staff_now(out.place.split(":")[1]):
            return False
        try:
            await self._posted(out, card)
        except Unsent as unsent:
            if unsent.kind != "never":
                raise
            log.warning("an answer in a channel is given to the asker alone: %s", unsent.reason)
            return False
        return True

    def _alone(self, out: Outgoing) -> Outgoing:
        """The same in the person's own conversation."""
        own = out.place if account_at(out.place) else self._people.address(out.to)
        if not own.startswith("slack:"):
            raise Unsent("nobody_to_tell_alone", "never")
        return replace(out, place=own)

    async def _posted(self, out: Outgoing, card: Card) -> None:
        where = await self._where(out)
        try:
            await self._at(where, out, card)
        except Unsent as unsent:
            if unsent.reason != "channel_not_found" or not where.own:
                raise
            # The app was installed anew, and what was remembered is another bot's conversation.
            await self._at(await self._where(out, anew=True), out, card)

    async def _at(self, where: Where, out: Outgoing, card: Card) -> None:
        parts = self._look.messages(card)
        arrived = await self._arrived(out, where) if len(parts) > 1 else set()
        for number, part in enumerate(parts):
            if number not in arrived:
                over = out.over if number == 0 and not _is_view(out.over) else ""
                await self._said(where, over, _body(part, out.key, number, len(parts)))
                arrived.add(number)
        self._begun.pop(out.key, None)

    async def _said(self, where: Where, over: str, body: Mapping[str, Any]) -> None:
        """One message: over another, else in its thread, else where there is none of either."""
        try:
            if over:
                await self._api.set("chat.update", channel=where.channel, ts=over, **body)
                return
            await self._pace.turn(where.channel)
            at = {"channel": where.channel, "thread_ts": where.thread}
            await self._api.do("chat.postMessage", **at, **_quiet_links(body))
        except Unsent as unsent:
            if unsent.reason not in _GONE or not (over or (where.own and where.thread)):
                raise
            await self._said(where if over else Where(where.channel, own=True), "", body)

    # where, and what is there ------------------------------------------------------------------

    async def _where(self, out: Outgoing, anew: bool = False) -> Where:
        """The channel of a place. Somebody's own conversation is opened once, and remembered."""
        account = account_at(out.place)
        if not account:
            _, channel, thread = (*out.place.split(":", 2), "", "")[:3]
            return Where(channel, thread)
        known = self._people.remembered(account)
        if known and known.place and not anew:
            return Where(known.place, out.under, own=True)
        opened = await self._api.set("conversations.open", users=account.partition(":")[2])
        channel = str(opened["channel"]["id"])
        await self._people.reached(account, channel)
        return Where(channel, out.under, own=True)

    async def _note(self, out: Outgoing, unsent: Unsent) -> None:
        """Remember that somebody cannot be reached here, so that they are tried where they can be."""
        account = account_at(out.place)
        if account and unsent.kind == "never" and unsent.reason in _UNREACHED:
            known = self._people.remembered(account)
            await self._people.reached(account, known.place if known else "", blocked=unsent.reason)

    async def _arrived(self, out: Outgoing, where: Where) -> set[int]:
        """The parts of a long card that are there. After a restart only Slack knows."""
        if out.key not in self._begun:
            while len(self._begun) >= MOST_BEGUN:
                del self._begun[next(iter(self._begun))]
            self._begun[out.key] = set(await self._found(out, where)) if where.own else set()
        return self._begun[out.key]

    async def _found(self, out: Outgoing, where: Where) -> dict[int, int]:
        """Which parts with our key are there, each with how many there are to be."""
        asked = {"channel": where.channel, "limit": RECENT, "include_all_metadata": True}
        if not where.thread:
            return await self._among("conversations.history", 1, out, asked)
        try:
            asked_there = {**asked, "ts": where.thread}
            return await self._among("conversations.replies", 5, out, asked_there)
        except Unsent as unsent:
            if unsent.reason not in _GONE:
                raise
            return await self._among("conversations.history", 1, out, asked)

    async def _among(
        self, method: str, most: int, out: Outgoing, asked: Mapping[str, Any]
    ) -> dict[int, int]:
        found: dict[int, int] = {}
        async for page in self._api.pages(method, most, **asked):
            for message in page.get("messages", ()):
                found |= _ours(message, _digest(out.key))
        return found


def _home(place: str) -> str:
    """Whose App Home a place is; empty for any other."""
    return place.removeprefix("slack:home:") if place.startswith("slack:home:") else ""


def _is_view(over: str) -> bool:
    """Windows are named V..., messages by their time."""
    return over.startswith("V")


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:32]


def _body(part: Message, key: str, number: int, of: int) -> dict[str, Any]:
    told = {"key": _digest(key), "part": number, "of": of}
    body = {"text": part.text, "blocks": part.blocks}
    return {**body, "metadata": {"event_type": EVENT, "event_payload": told}}


def _quiet_links(body: Mapping[str, Any]) -> dict[str, Any]:
    """Without previews of the pages a card links to."""
    return {**body, "unfurl_links": False, "unfurl_media": False}


def _ours(message: Mapping[str, Any], digest: str) -> dict[int, int]:
    told = (message.get("metadata") or {}).get("event_payload") or {}
    return {int(told["part"]): int(told["of"])} if told.get("key") == digest else {}
