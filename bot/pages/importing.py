"""The importer page: hand a document over, see its clauses beside the source, put them right, save.

It does what ``python -m bot import`` does, step by step, through what app.py hands it. What somebody
handed over lies in memory until it is saved or half an hour has passed; nothing of it goes to a log.
"""

import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any, Protocol

from aiohttp import web

from bot.core.health.flags import Told
from bot.core.imports import Corrections, Preview, Refused
from bot.core.people import Person, School
from bot.core.policies import Policy
from bot.pages.correcting import DATES, FACTS, leads, places, shown_fact, split_at, typed
from bot.pages.shelf import Paper, Saved, Shelf
from bot.pages.uploads import FILE_LIMIT, TooBig, Unreadable, filled_in, uploaded

NO_FILE = "Choose the policy's file first: a Word, PDF, OpenDocument, web or text file."
TOO_BIG = (
    f"This file is bigger than {FILE_LIMIT // 1024 // 1024} MB, which is the most: is it a policy?"
)
AS_IT_IS = "as-it-is"


class Importer(Protocol):
    """What the page asks of the house. All that fails says why as a Refused."""

    @property
    def forgets(self) -> bool: ...
    @property
    def health_of(self) -> Callable[[Policy], Sequence[Told]]: ...
    def schools(self, person: Person) -> Sequence[School]: ...
    async def read(self, name: str, raw: bytes) -> Any: ...
    async def suggested(self, reading: Any, school: str) -> str: ...
    async def preview(
        self, reading: Any, policy_id: str, school: str, corrections: Corrections
    ) -> Preview: ...
    async def save(
        self,
        reading: Any,
        policy_id: str,
        school: str,
        corrections: Corrections,
        stamp: str,
        replace: bool,
    ) -> tuple[str, str]: ...


class Visits(Protocol):
    """Who is at a page, and what a form on it must carry."""

    def who(self, request: web.Request) -> Person | None: ...
    def token(self, request: web.Request) -> str: ...


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


class Importing:
    def __init__(
        self, importer: Importer, visits: Visits, show: Show, now: Callable[[], datetime]
    ) -> None:
        self._importer, self._visits, self._show, self._now = importer, visits, show, now
        self._shelf = Shelf()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/import", self._heard(self.start)),
            web.post("/import", self._heard(self.upload)),
            web.get("/import/{key}", self._heard(self.page)),
            web.post("/import/{key}", self._heard(self.change)),
            web.get("/import/{key}/at/{start}", self._heard(self.clause)),
            web.post("/import/{key}/at/{start}", self._heard(self.change_clause)),
            web.get("/import/{key}/file", self._heard(self.file)),
        ]

    def _heard(
        self, handler: Callable[[web.Request], Awaitable[web.Response]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def heard(request: web.Request) -> web.Response:
            try:
                return await handler(request)
            except Answer as answer:
                return answer.response
            except TooBig:
                return self._begin(request, 413, TOO_BIG)
            except Unreadable:
                return self._gone(request, "unreadable", 400)

        return heard

    # Who, and what they brought -----------------------------------------------------------------

    def _mine(self, request: web.Request) -> tuple[Person, Sequence[School]]:
        person = self._visits.who(request)
        schools = self._importer.schools(person) if person else ()
        if person is None or not schools:
            why = "stranger" if person is None else "not_yours"
            raise Answer(self._show(request, "import_not.html", 403, why=why))
        return person, schools

    def _desk(self, request: web.Request) -> Desk:
        person, _ = self._mine(request)
        key = request.match_info["key"]
        paper = self._shelf.take(key, person.id, self._now())
        if paper is None:
            raise Answer(self._gone(request, "gone", 404))
        return Desk(request, person, key, paper)

    def _gone(self, request: web.Request, why: str, status: int) -> web.Response:
        return self._show(request, "import_not.html", status, why=why)

    def _check(self, request: web.Request, form: Mapping[str, str]) -> None:
        ours, theirs = self._visits.token(request), form.get("token", "")
        if not ours or not hmac.compare_digest(ours.encode(), theirs.encode()):
            raise Answer(self._gone(request, "old", 403))

    def _keep(self, desk: Desk, paper: Paper, form: Mapping[str, str] | None = None) -> Desk:
        paper = replace(paper, last=_digest(form)) if form is not None else paper
        self._shelf.put(desk.key, paper, self._now())
        return replace(desk, paper=paper)

    # The first step -----------------------------------------------------------------------------

    async def start(self, request: web.Request) -> web.Response:
        self._mine(request)
        return self._begin(request)

    def _begin(self, request: web.Request, status: int = 200, error: str = "") -> web.Response:
        _, schools = self._mine(request)
        forgets = self._importer.forgets
        return self._show(
            request, "import.html", status, schools=schools, error=error, forgets=forgets
        )

    async def upload(self, request: web.Request) -> web.Response:
        person, schools = self._mine(request)
        sent = await uploaded(request)
        self._check(request, sent.fields)
        if not sent.name:
            return self._begin(request, 422, NO_FILE)
        wished = sent.fields.get("school", "")
        school = next((one.id for one in schools if one.id == wished), schools[0].id)
        try:
            reading = await self._importer.read(sent.name, sent.raw)
            policy_id = await self._importer.suggested(reading, school)
        except Refused as refused:
            return self._begin(request, 422, str(refused))
        key, now = token_hex(16), self._now()
        self._shelf.put(key, Paper(person.id, reading, sent.name, school, policy_id, now), now)
        return _to(f"/import/{key}")

    # Looking through ----------------------------------------------------------------------------

    async def page(self, request: web.Request) -> web.Response:
        desk = self._desk(request)
        return self._done(desk) if desk.paper.saved else await self._preview(desk)

    async def _shown(self, paper: Paper) -> tuple[Preview, str]:
        """What would be saved; where its short name will not do, as if it had another."""
        given = (paper.school, paper.corrections)
        try:
            return await self._importer.preview(paper.document, paper.policy_id, *given), ""
        except Refused as refused:
            return await self._importer.preview(paper.document, AS_IT_IS, *given), str(refused)

    async def _preview(
        self,
        desk: Desk,
        status: int = 200,
        form: Mapping[str, str] | None = None,
        errors: Mapping[str, str] | None = None,
        told: str = "",
    ) -> web.Response:
        paper = desk.paper
        shown, wrong_id = await self._shown(paper)
        errors = {**({"id": wrong_id} if wrong_id else {}), **(errors or {})}
        form = form or {}
        return self._show(
            desk.request,
            "import_look.html",
            422 if wrong_id and status == 200 else status,
            shown=shown,
            paper=paper,
            home=desk.home,
            schools=self._importer.schools(desk.person),
            facts=[
                (f"fact.{name}", words, form.get(f"fact.{name}", shown_fact(shown, name)))
                for name, words in FACTS.items()
            ],
            dated={f"fact.{name}" for name in DATES},
            id=form.get("id", paper.policy_id),
            label_of=lambda piece: form.get(f"label.{piece.start}", piece.clause.label),
            by_start={piece.start: piece for piece in shown.pieces},
            errors=errors,
            told=told or paper.told,
            flags=self._importer.health_of(shown.policy),
            forgets=self._importer.forgets,
        )

    async def change(self, request: web.Request) -> web.Response:
        form = await filled_in(request)
        self._check(request, form)
        async with self._shelf.lock(request.match_info["key"]):
            desk = self._desk(request)
            if desk.paper.saved or desk.paper.last == _digest(form):
                return _to(desk.home)  # the second click of a double click
            if form.get("step") != str(desk.paper.step):
                return await self._preview(desk, 409, told="old")
            if form.get("do") == "undo":
                self._keep(desk, desk.paper.undone(), form)
                return _to(desk.home)
            return await self._changed(desk, form)

    async def _changed(self, desk: Desk, form: Mapping[str, str]) -> web.Response:
        shown, _ = await self._shown(desk.paper)
        found = typed(form, shown)
        if found.errors:
            return await self._preview(desk, 422, form, found.errors)
        do, at = _what(form)
        paper = desk.paper
        if found.anything:
            paper = paper.corrected(found.corrections, "kept")
        named = self._named(desk, paper, form)
        if named != paper:
            paper = replace(named, told="kept", at=-1, step=paper.step + 1)
        if do == "save":
            return await self._save(self._keep(desk, paper), form)
        desk = self._keep(desk, paper, form)
        return _to(f"{desk.home}/at/{at}" if do == "open" else desk.home)

    def _named(self, desk: Desk, paper: Paper, form: Mapping[str, str]) -> Paper:
        """The paper with the short name and the school that were typed."""
        schools = {school.id for school in self._importer.schools(desk.person)}
        school = form.get("school", paper.school)
        return replace(
            paper,
            policy_id=form.get("id", paper.policy_id),
            school=school if school in schools else paper.school,
        )

    # Saving -------------------------------------------------------------------------------------

    async def _save(self, desk: Desk, form: Mapping[str, str]) -> web.Response:
        paper = desk.paper
        shown, wrong_id = await self._shown(paper)
        if wrong_id:
            return await self._preview(desk, 422, {"id": paper.policy_id})
        if form.get("stamp", "") != shown.stamp:
            return await self._preview(desk, 409, told="other" if shown.before else "new")
        try:
            address, told = await self._importer.save(
                paper.document,
                paper.policy_id,
                paper.school,
                paper.corrections,
                shown.stamp,
                form.get("replace") == "yes",
            )
        except Refused as refused:
            return await self._preview(desk, 422, errors={"save": str(refused)})
        counts = dict.fromkeys(("added", "reworded", "moved", "removed"), 0)
        for change in shown.changes:
            counts[change.kind] += 1
        counts |= {"clauses": len(shown.pieces), "kept": shown.kept, "first": not shown.before}
        saved = Saved(shown.policy.title, address, told, shown.text, counts)
        self._keep(desk, replace(paper, saved=saved, document=None), form)
        return _to(desk.home)

    def _done(self, desk: Desk) -> web.Response:
        return self._show(
            desk.request,
            "import_done.html",
            saved=desk.paper.saved,
            paper=desk.paper,
            home=desk.home,
            forgets=self._importer.forgets,
        )

    async def file(self, request: web.Request) -> web.Response:
        """The policy's file as it would be, or was, saved: to be kept where a demo forgets it."""
        desk = self._desk(request)
        saved = desk.paper.saved
        text = saved.text if saved else (await self._shown(desk.paper))[0].text
        name = "".join(c for c in desk.paper.policy_id if c.isascii() and (c.isalnum() or c == "-"))
        return web.Response(
            body=text.encode(),
            headers={"Content-Disposition": f'attachment; filename="{name or "policy"}.md"'},
            content_type="text/markdown",
            charset="utf-8",
        )

    # One clause ---------------------------------------------------------------------------------

    async def clause(self, request: web.Request) -> web.Response:
        desk = self._desk(request)
        return _to(desk.home) if desk.paper.saved else await self._clause(desk)

    async def _clause(
        self, desk: Desk, status: int = 200, error: str = "", words: str = "", told: str = ""
    ) -> web.Response:
        shown, _ = await self._shown(desk.paper)
        at = desk.request.match_info["start"]
        number = next((n for n, p in enumerate(shown.pieces) if str(p.start) == at), None)
        if number is None:
            return await self._preview(desk, 404, told="no_clause")
        piece = shown.pieces[number]
        return self._show(
            desk.request,
            "import_clause.html",
            status,
            piece=piece,
            before=shown.pieces[number - 1] if number else None,
            places=places(piece),
            leads=leads(piece, shown.pieces),
            home=desk.home,
            paper=desk.paper,
            error=error,
            words=words,
            told=told,
        )

    async def change_clause(self, request: web.Request) -> web.Response:
        form = await filled_in(request)
        self._check(request, form)
        async with self._shelf.lock(request.match_info["key"]):
            desk = self._desk(request)
            if desk.paper.saved or desk.paper.last == _digest(form):
                return _to(_back(desk.home, desk.paper))
            if form.get("step") != str(desk.paper.step):
                return await self._clause(desk, 409, told="old")
            return await self._clause_changed(desk, form)

    async def _clause_changed(self, desk: Desk, form: Mapping[str, str]) -> web.Response:
        shown, _ = await self._shown(desk.paper)
        pieces = {str(piece.start): piece for piece in shown.pieces}
        piece = pieces.get(desk.request.match_info["start"])
        if piece is None:
            return await self._preview(desk, 404, told="no_clause")
        at, do, later = piece.start, form.get("do", ""), None
        if do == "split":
            place = split_at(piece, form)
            if isinstance(place, str):
                return await self._clause(desk, 422, place, form.get("words", ""))
            at, later = place, Corrections(cuts=frozenset([place]))
        elif do == "join" and piece.joinable:
            at = [one.start for one in shown.pieces if one.start < piece.start][-1]
            later = Corrections(joins=frozenset([piece.start]))
        elif do == "hang" and form.get("lead") in {"-1", *map(str, _starts(piece.start, pieces))}:
            later = Corrections(leads={piece.start: int(form["lead"])})
        if later is None:
            return await self._clause(desk, 409, told="old")
        desk = self._keep(desk, desk.paper.corrected(later, do, at), form)
        return _to(_back(desk.home, desk.paper))


def _starts(before: int, pieces: Mapping[str, Any]) -> list[int]:
    return [piece.start for piece in pieces.values() if piece.start < before]


def _what(form: Mapping[str, str]) -> tuple[str, str]:
    """What the pressed button asks for: "keep", "save", or "open" with a clause's place."""
    do, _, at = form.get("do", "keep").partition(":")
    return (do, at) if (at.isascii() and at.isdecimal()) or do != "open" else ("keep", "")


def _back(home: str, paper: Paper) -> str:
    return f"{home}#c{paper.at}" if paper.at >= 0 else home


def _digest(form: Mapping[str, str]) -> str:
    return sha256(repr(sorted(form.items())).encode()).hexdigest()


def _to(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": path})
