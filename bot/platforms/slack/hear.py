"""Hears Slack: messages, mentions, presses, forms, the command, the shortcuts. Each is put to the one door.

Events are answered with posts, later; a command and a form in the response itself. A listener that
raises has saved nothing: ``unsaved.py`` says what happens then.
"""

import asyncio
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.core.messages import Incoming, Pressed, Said
from bot.core.unsent import Unsent
from bot.platforms import Hear, Now, People
from bot.platforms.slack.client import IN_TIME, Api
from bot.platforms.slack.heard import Body, Press, direct, key, mention, press, typed
from bot.platforms.slack.look import Look
from bot.platforms.slack.members import Members
from bot.platforms.slack.shown import outcome, to_them
from bot.platforms.slack.users import Asked, Speakers, is_staff
from bot.platforms.slack.words import plain

log = logging.getLogger(__name__)


class Hearing:
    def __init__(
        self, api: Api, hear: Hear, people: People, look: Look, now: Now, asked: Asked
    ) -> None:
        self._api, self._hear, self._look, self._now = api, hear, look, now
        self._asked = asked
        self._speakers = Speakers(api, people, asked)
        self._members = Members(api, people, asked, now)

    def listen(self, app: AsyncApp) -> None:
        """The most frequent first: every listener before the right one is tried."""
        anything = re.compile("")
        app.event("message")(self._message)
        app.action(anything)(self._press)
        app.view(anything)(self._form)
        app.command(anything)(self._command)
        app.event("app_mention")(self._mention)
        app.event("app_home_opened")(self._opened)
        app.shortcut(re.compile("^report_(message|concern)$"))(self._concern)
        app.event("user_change")(self._changed)

    # events --------------------------------------------------------------------------------------

    async def _message(self, body: Body) -> None:
        post = direct(body["event"])
        if post is None:
            return
        person, own = await self._speakers.who(post.user)
        await self._speakers.is_at(post.user, post.channel)
        said = Said(person, post.text, self._now(), key(body), own, "post", under=post.thread)
        await self._hear(said)

    async def _mention(self, body: Body) -> None:
        """In a channel of staff the answer is put into the thread; else to the person alone."""
        post = mention(body["event"], (await self._asked.me()).user)
        if post is None:
            return
        person, own = await self._speakers.who(post.user)
        place, private = own, ""
        if await self._is_among_staff(body, person, post.channel):
            place, private = f"slack:{post.channel}:{post.thread}", own
        said = Said(person, post.text, self._now(), key(body), place, "post", private=private)
        await self._hear(said)

    async def _is_among_staff(self, body: Body, person: str, channel: str) -> bool:
        """Not in a channel shared with another organisation, nor for somebody not on the list."""
        if body.get("is_ext_shared_channel") or not is_staff(person):
            return False
        return await self._members.only_staff(channel)

    async def _opened(self, body: Body) -> None:
        """The App Home is shown anew every time; the conversation begins with a greeting once."""
        event = body["event"]
        user = str(event["user"])
        person, own = await self._speakers.who(user)
        if event.get("tab") != "messages":
            home = f"slack:home:{user}"
            await self._hear(Pressed(person, "home", self._now(), key(body), home, reply="post"))
            return
        await self._speakers.is_at(user, str(event["channel"]))
        await self._hear(Pressed(person, "hello", self._now(), key(body), own, reply="post"))
        if is_staff(person):
            await self._prompt(str(event["channel"]))

    async def _prompt(self, channel: str) -> None:
        """Questions to begin with. Never with thread_ts: from an agent app Slack then drops them."""
        prompts = [{"title": one.title, "message": one.message} for one in self._look.fixed.prompts]
        method = "assistant.threads.setSuggestedPrompts"
        try:
            async with asyncio.timeout(IN_TIME):
                await self._api.set(method, channel_id=channel, prompts=prompts)
        except (Unsent, TimeoutError) as error:
            log.warning("no questions were offered: %s", error or "too slow")

    async def _changed(self, body: Body) -> None:
        await self._speakers.changed(body["event"]["user"])

    # what a person does --------------------------------------------------------------------------

    async def _command(self, body: Body) -> BoltResponse:
        """``/policy words``: only the asker sees the answer."""
        person, own = await self._speakers.who(str(body["user_id"]))
        words = plain(str(body.get("text") or "")).strip() or "help"
        said = Said(person, words, self._now(), key(body), own)
        told = to_them(await self._hear(said), self._look)
        if len(told) == 1:
            return BoltResponse(status=200, body=told[0])
        left = told[await self._shown(told, str(body.get("response_url") or "")) :]
        if (
            len(left) > 1
        ):  # one fits into the response; all of it is posted to their own conversation
            await self._hear(replace(said, key=f"{said.key} posted", reply="post"))
        return BoltResponse(status=200, body=left[0] if left else "")

    async def _shown(self, told: Sequence[Mapping[str, Any]], url: str) -> int:
        """How many of these are there, one after another, at the command's own address: in time for
        Slack, which waits for its response meanwhile."""
        shown = 0
        try:
            async with asyncio.timeout(IN_TIME):
                for one in told:
                    await self._api.respond(url, one)
                    shown += 1
        except (Unsent, TimeoutError) as error:
            log.warning("a long answer to a command was cut: %s", error or "too slow")
        return shown

    async def _press(self, body: Body) -> BoltResponse:
        pressed = press(body)
        # A link carries nothing: Slack tells of it all the same.
        if pressed.asks or pressed.carried:
            person, own = await self._speakers.who(pressed.user)
            await self._hear(self._meant(pressed, person, own, key(body)))
        return BoltResponse(status=200)

    def _meant(self, it: Press, person: str, own: str, key: str) -> Incoming:
        now = self._now()
        if it.asks:
            return Said(person, it.carried, now, key, own, "post", handle=it.handle)
        meant = Pressed(person, it.carried, now, key, own, it.fields, "post", it.handle)
        return replace(meant, card=it.card, under=it.under)

    async def _form(self, body: Body) -> BoltResponse:
        """A window is sent: its mistakes stand beside its boxes, else the outcome takes its place."""
        view = body["view"]
        person, own = await self._speakers.who(str(body["user"]["id"]))
        action = str(view.get("private_metadata") or "")
        pressed = Pressed(person, action, self._now(), key(body), own, typed(view))
        shown = outcome(await self._hear(pressed), self._look, typed(view))
        return BoltResponse(status=200, body=shown)

    async def _concern(self, body: Body) -> BoltResponse:
        """Both shortcuts. Of the message it was chosen on, nothing is read, kept or fetched."""
        person, own = await self._speakers.who(str(body["user"]["id"]))
        handle = str(body.get("trigger_id") or "")
        pressed = Pressed(
            person, "concern", self._now(), key(body), own, reply="post", handle=handle
        )
        await self._hear(pressed)
        return BoltResponse(status=200)
