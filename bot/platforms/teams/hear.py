"""Hears activities: what somebody said or pressed goes through the one door in, and is answered."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256

from bot.core.accounts import own_place
from bot.core.cards import Card
from bot.core.messages import Pressed, Said
from bot.core.unsent import Unsent
from bot.platforms import Hear, Now, Sorry
from bot.platforms.teams.activities import Activity, Button
from bot.platforms.teams.answers import (
    NOT_OURS,
    TAKEN,
    Answer,
    Look,
    instead,
    note,
    plain,
    window,
    words,
)
from bot.platforms.teams.connector import Connector
from bot.platforms.teams.roster import Roster
from bot.platforms.teams.say import token_for

log = logging.getLogger(__name__)

PRESS = "adaptiveCard/action"
OPEN = "composeExtension/fetchTask"
SEND = "composeExtension/submitAction"
REPORT = "reportMessage"  # the message extension's command, as the manifest names it
SLOW = 0.7  # seconds after which somebody who waits is shown that we are at it


class Hearing:
    """Whatever was not saved raises where Teams sends again, and is answered with the sorry card where
    it does not."""

    def __init__(
        self,
        hear: Hear,
        roster: Roster,
        connector: Connector,
        look: Look,
        sorry: Sorry,
        now: Now,
        slow: float = SLOW,
    ) -> None:
        self._hear, self._roster, self._connector = hear, roster, connector
        self._look, self._sorry, self._now, self._slow = look, sorry, now, slow

    async def hears(self, activity: Activity) -> Answer:
        """Take one activity; what to answer on its request. Raises when a message was not saved."""
        if activity.by_bot or not activity.user:
            return TAKEN
        match activity.kind:
            case "invoke":
                return await self._invoked(activity)
            case "message":
                await self._message(activity)
            case "installationUpdate" | "conversationUpdate":
                await self._changed(activity)
        return TAKEN

    # Said -------------------------------------------------------------------------------------

    async def _message(self, activity: Activity) -> None:
        button = activity.button
        if button and (button.action or not activity.text):
            await self._pressed(activity, button)
        elif activity.scope == "personal" or activity.mentioned:
            with self._typing(activity):
                await self._hear(await self._said(activity))

    async def _said(self, activity: Activity) -> Said:
        """Where all who read along are staff they may all read the answer, else only who asked."""
        person = await self._roster.person(activity)
        place, private = own_place(activity.account), ""
        if activity.scope != "personal" and await self._roster.only_staff(activity):
            place, private = f"teams:{activity.conversation}", place
        key = key_of(activity)
        return Said(person, activity.text, self._now(), key, place, "post", private=private)

    @contextmanager
    def _typing(self, activity: Activity) -> Iterator[None]:
        """Only who waits long sees it: sent at once it would come after the answer, and stay."""
        showing: list[asyncio.Task[None]] = []
        loop = asyncio.get_running_loop()
        begin = lambda: showing.append(loop.create_task(self._show_typing(activity)))  # noqa: E731
        waiting = loop.call_later(self._slow, begin)
        try:
            yield
        finally:
            waiting.cancel()
            for task in showing:
                task.cancel()

    async def _show_typing(self, activity: Activity) -> None:
        if activity.scope == "personal":
            with suppress(Unsent):
                await self._connector.send(activity.url, activity.conversation, {"type": "typing"})

    # Pressed ----------------------------------------------------------------------------------

    async def _invoked(self, activity: Activity) -> Answer:
        button = activity.button
        if activity.name == OPEN and activity.command == REPORT:
            button = Button("concern", "")
        if button is None:
            return NOT_OURS
        try:
            cards = await self._pressed(activity, button)
        except Exception as error:  # only its kind: the message may hold what somebody typed
            reference = reference_of(activity)
            log.error("not saved, reference %s: %s", reference, type(error).__name__)
            sorry = self._sorry(reference, staff=self._roster.is_staff(activity))
            return self._not_saved(activity, sorry)
        return self._shown(activity, button, cards)

    async def _pressed(self, activity: Activity, button: Button) -> Sequence[Card]:
        """What it is answered with at once: nothing where others see the card, or where Teams waits for
        no answer. Then the answer is posted to whoever pressed, alone."""
        alone = activity.scope == "personal" or activity.extension
        posted = activity.kind == "message" or not alone
        # A card that others see stays, and whoever asks there to report something is answered each time.
        anew = button.action == "concern" and not alone
        pressed = Pressed(
            await self._roster.person(activity),
            button.action,
            self._now(),
            key_of(activity, None if anew else button),
            own_place(activity.account),
            button.fields,
            "post" if posted else "answer",
            card=activity.replaced if posted and alone else "",
        )
        return await self._hear(pressed)

    def _shown(self, activity: Activity, button: Button, cards: Sequence[Card]) -> Answer:
        if not cards:
            elsewhere = self._look.fixed.elsewhere
            return words(elsewhere) if activity.extension else note(elsewhere)
        card, token = cards[0], token_for(key_of(activity, button))
        if activity.name == SEND:
            return words(plain(card))
        if activity.name == OPEN:
            return window(card, self._look, token)
        return instead(card, self._look, token)

    def _not_saved(self, activity: Activity, card: Card) -> Answer:
        if activity.extension:
            return words(plain(card))
        if activity.scope == "personal":
            return instead(card, self._look, token_for(key_of(activity)))
        return note(plain(card))

    # Coming and going -------------------------------------------------------------------------

    async def _changed(self, activity: Activity) -> None:
        """Whoever takes the bot in is greeted, once however often Teams tells of it."""
        self._roster.changed(activity)
        if activity.change == "remove":
            await self._roster.left(activity)
        elif activity.added or activity.change.startswith("add"):
            person = await self._roster.person(activity)
            if activity.scope == "personal":
                place, key = own_place(activity.account), key_of(activity)
                await self._hear(Pressed(person, "hello", self._now(), key, place, reply="post"))


def key_of(activity: Activity, button: Button | None = None) -> str:
    """What it is remembered by: a press by our own token, for Teams sends it again under a new id."""
    if button and button.token:
        return f"teams:{button.token}:{button.action} {activity.account}"
    return f"teams:{activity.conversation}:{activity.id}"


def reference_of(activity: Activity) -> str:
    """What somebody can quote when something was not saved; the log has it beside the error's kind."""
    return sha256(key_of(activity).encode()).hexdigest()[:6].upper()
