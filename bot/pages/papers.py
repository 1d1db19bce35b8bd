"""Who is at the importer, the document they brought, and what every page of it does with both."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from aiohttp import web

from bot.core.imports import Preview, Refused
from bot.core.people import Person, School
from bot.pages.given import Importer, Visits
from bot.pages.shelf import Paper, Shelf
from bot.pages.uploads import FILE_LIMIT, TooBig, TwoFiles, Unreadable

TOO_BIG = (
    f"This file is bigger than {FILE_LIMIT // 1024 // 1024} MB, which is the most: is it a policy?"
)
ONE_FILE = "Choose one file at a time: two came at once, and I cannot tell which one you mean."
NO_FOLDER = (
    "The folder of policies cannot be used just now, so nothing was saved: tell whoever looks after the "
    "bot, and try again."
)
AS_IT_IS = "as-it-is"


Show = Callable[..., web.Response]  # request, template, status=200, **view


@dataclass(frozen=True)
class Desk:
    """One paper in the hands of the person it belongs to."""

    request: web.Request
    person: Person
    key: str
    paper: Paper

    @property
    def home(self) -> str:
        return f"/import/{self.key}"


class Answer(Exception):
    """A page that is shown instead of going on."""

    def __init__(self, response: web.Response) -> None:
        super().__init__()
        self.response = response


Handler = Callable[[web.Request], Awaitable[web.Response]]


class Papers:
    """What the importer's pages share."""

    def __init__(
        self, importer: Importer, visits: Visits, show: Show, now: Callable[[], datetime]
    ) -> None:
        self.importer, self.show, self._visits, self._now = importer, show, visits, now
        self._shelf = Shelf()

    def heard(self, handler: Handler) -> Handler:
        """The handler, with a page for whatever it cannot take."""

        async def heard(request: web.Request) -> web.Response:
            try:
                return await handler(request)
            except Answer as answer:
                return answer.response
            except TooBig:
                return self.begin(request, 413, TOO_BIG)
            except TwoFiles:
                return self.begin(request, 422, ONE_FILE)
            except Unreadable:
                return self.gone(request, "unreadable", 400)
            except OSError:  # the folder of policies is gone, or full
                return self.begin(request, 503, NO_FOLDER)

        return heard

    def mine(self, request: web.Request) -> tuple[Person, Sequence[School]]:
        """Who is there and the schools they look after; or the sentence for everybody else."""
        person = self._visits.who(request)
        schools = self.importer.schools(person) if person else ()
        if person is None or not schools:
            why = "stranger" if person is None else "not_yours"
            raise Answer(self.show(request, "import_not.html", 403, why=why))
        return person, schools

    def desk(self, request: web.Request) -> Desk:
        person, _ = self.mine(request)
        key = request.match_info["key"]
        paper = self._shelf.take(key, person.id, self._now())
        if paper is None:
            raise Answer(self.gone(request, "gone", 404))
        return Desk(request, person, key, paper)

    def gone(self, request: web.Request, why: str, status: int) -> web.Response:
        return self.show(request, "import_not.html", status, why=why)

    def begin(self, request: web.Request, status: int = 200, error: str = "") -> web.Response:
        """The page where a file is chosen."""
        _, schools = self.mine(request)
        forgets = self.importer.forgets
        return self.show(
            request, "import.html", status, schools=schools, error=error, forgets=forgets
        )

    def check(self, request: web.Request, form: Mapping[str, str]) -> None:
        """Only a form from a page made for whoever is there now is heard."""
        ours, theirs = self._visits.token(request), form.get("token", "")
        if not ours or not hmac.compare_digest(ours.encode(), theirs.encode()):
            raise Answer(self.gone(request, "old", 403))

    def lock(self, request: web.Request) -> asyncio.Lock:
        return self._shelf.lock(request.match_info["key"])

    def bring(
        self, key: str, person: Person, document: Any, name: str, place: tuple[str, str]
    ) -> None:
        """A paper laid on the shelf; ``place`` is its school and short name."""
        now = self._now()
        self._shelf.put(key, Paper(person.id, document, name, *place, now), now)

    def keep(self, desk: Desk, paper: Paper, form: Mapping[str, str] | None = None) -> Desk:
        paper = replace(paper, last=digest(form)) if form is not None else paper
        self._shelf.put(desk.key, paper, self._now())
        return replace(desk, paper=paper)

    async def shown(self, paper: Paper) -> tuple[Preview, str]:
        """What would be saved; where its short name will not do, as if it had another."""
        given = (paper.school, paper.corrections)
        try:
            return await self.importer.preview(paper.document, paper.policy_id, *given), ""
        except Refused as refused:
            return await self.importer.preview(paper.document, AS_IT_IS, *given), str(refused)


def digest(form: Mapping[str, str]) -> str:
    """The same form sent twice is a double click."""
    return sha256(repr(sorted(form.items())).encode()).hexdigest()


def to(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": path})
