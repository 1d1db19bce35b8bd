"""The questions staff sent to a policy's owner: read by the owner and the head, and by nobody else.

Nobody's name is kept with a question, so none is shown. Marking one as done goes through the desk.
"""

import logging

from aiohttp import web

from bot.core.messages import Pressed
from bot.core.people import Person
from bot.pages.given import Given
from bot.pages.shell import HEADERS, Shell

log = logging.getLogger(__name__)


class Questions:
    def __init__(self, given: Given, shell: Shell) -> None:
        self._given, self._shell = given, shell

    async def page(self, request: web.Request) -> web.Response:
        person = self._owner(request)
        if person is None:
            return self._shell.refused(request)
        titles = {policy.id: policy.title for policy in self._given.policies()}
        return self._shell.html(
            request,
            "questions.html",
            rows=[(q, titles.get(q.policy, "")) for q in self._given.questions(person)],
            told=request.query.get("told", ""),
            new_id=self._given.new_id,
        )

    async def done(self, request: web.Request) -> web.Response:
        person = self._owner(request)
        if person is None:
            return self._shell.refused(request)
        form = await self._given.visits.sent(request)
        if form is None:
            return self._shell.html(request, "not_done.html", 403, why="old")
        before = self._waiting(person)
        if not await self._settled(person, form.get("question", ""), form.get("key", "")):
            return self._shell.html(request, "not_done.html", 503, why="broken")
        told = "done" if self._waiting(person) < before else "gone"
        return web.Response(status=303, headers={**HEADERS, "Location": f"/questions?told={told}"})

    async def _settled(self, person: Person, question: str, key: str) -> bool:
        """Whether the desk has heard it."""
        id, key = (_plain(text) for text in (question, key))
        place, now = f"web:{person.id}", self._given.now()
        press = Pressed(person.id, f"settle {id}", now, f"web-done-{person.id}-{key}", place)
        try:
            await self._given.act(press)
        except Exception as error:  # only the kind goes to the log: questions are private
            log.error("a question was not settled: %s", type(error).__name__)
            return False
        return True

    def _waiting(self, person: Person) -> set[str]:
        return {question.id for question in self._given.questions(person)}

    def _owner(self, request: web.Request) -> Person | None:
        """Whoever is at the page, if any policy's questions could be theirs."""
        return self._given.visits.who(request) if self._shell.may(request).questions else None


def _plain(text: str) -> str:
    """An id as we make them; whatever else a form holds can be no part of an action."""
    return "".join(c for c in text if c.isascii() and (c.isalnum() or c in "-_"))[:64]
