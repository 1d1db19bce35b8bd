"""What happens when something could not be saved: an event comes again, and a person is told at once.

The log has the kind of error and a reference that the person sees too, and no more.
"""

import logging
from hashlib import sha256

from slack_bolt.response import BoltResponse

from bot.core.cards import Card, as_text
from bot.core.unsent import Unsent
from bot.platforms import People, Sorry
from bot.platforms.slack.client import Api
from bot.platforms.slack.heard import Body, by, key
from bot.platforms.slack.look import Look
from bot.platforms.slack.say import Say
from bot.platforms.slack.shown import outcome, refused, to_them
from bot.platforms.slack.users import id_of, is_staff

log = logging.getLogger(__name__)


class Unsaved:
    """Bolt's error handler."""

    def __init__(self, api: Api, people: People, say: Say, look: Look, sorry: Sorry) -> None:
        self._api, self._people, self._say, self._look = api, people, say, look
        self._sorry = sorry

    async def answer(self, error: Exception, body: Body) -> BoltResponse | None:
        """None leaves the 500 that makes Slack deliver an event again."""
        reference = sha256(key(body).encode()).hexdigest()[:8]
        what = str(body.get("type") or "command")
        log.error("%s not saved: %s, reference %s", what, type(error).__name__, reference)
        if what == "event_callback":
            return None
        person = self._people.who(id_of(by(body)))
        card = self._sorry(reference, staff=is_staff(person))
        if what == "view_submission":
            return BoltResponse(status=200, body=self._in_window(body["view"], card))
        if what == "command":
            return BoltResponse(status=200, body=to_them([card], self._look)[0])
        await self._tell(body, card)
        return BoltResponse(status=200)

    def _in_window(self, view: Body, card: Card) -> dict[str, object] | str:
        """Beside the first box, so that the window stays and nothing typed is lost."""
        boxes = [b["block_id"] for b in view.get("blocks") or () if b.get("type") == "input"]
        return refused({boxes[0]: as_text(card)}) if boxes else outcome([card], self._look, ())

    async def _tell(self, body: Body, card: Card) -> None:
        """Who pressed: beside the message, or in a window over what they are looking at."""
        view, handle = body.get("view") or {}, str(body.get("trigger_id") or "")
        if url := str(body.get("response_url") or ""):
            try:
                await self._api.respond(url, to_them([card], self._look)[0])
                return
            except Unsent as unsent:
                log.warning("a press that was not saved was not answered: %s", unsent.reason)
        over = view.get("type") == "modal"
        await self._say.show("views.push" if over else "views.open", handle, card)
