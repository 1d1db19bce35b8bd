"""The importer page: hand a document over, see its clauses beside the source, put them right, save.

It does what ``python -m bot import`` does, step by step, through what app.py hands it. What somebody
handed over lies in memory until it is saved or half an hour has passed; nothing of it goes to a log.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from secrets import token_hex

from aiohttp import web

from bot.core.imports import Refused
from bot.pages.correcting import DATES, FACTS, shown_fact, typed
from bot.pages.given import Importer, Visits
from bot.pages.papers import Desk, Papers, Show, digest, to
from bot.pages.shelf import Paper, Saved
from bot.pages.splitting import Splitting
from bot.pages.uploads import filled_in, uploaded

NO_FILE = "Choose the policy's file first: a Word, PDF, OpenDocument, web or text file."


class Importing:
    def __init__(
        self, importer: Importer, visits: Visits, show: Show, now: Callable[[], datetime]
    ) -> None:
        self._papers = Papers(importer, visits, show, now)

    def routes(self) -> list[web.RouteDef]:
        heard, clause = self._papers.heard, Splitting(self._papers)
        return [
            web.get("/import", heard(self.start)),
            web.post("/import", heard(self.upload)),
            web.get("/import/{key}", heard(self.page)),
            web.post("/import/{key}", heard(self.change)),
            web.get("/import/{key}/at/{start}", heard(clause.page)),
            web.post("/import/{key}/at/{start}", heard(clause.change)),
            web.get("/import/{key}/file", heard(self.file)),
        ]

    # The first step -----------------------------------------------------------------------------

    async def start(self, request: web.Request) -> web.Response:
        self._papers.mine(request)
        return self._papers.begin(request)

    async def upload(self, request: web.Request) -> web.Response:
        person, schools = self._papers.mine(request)
        sent = await uploaded(request)
        self._papers.check(request, sent.fields)
        if not sent.name:
            return self._papers.begin(request, 422, NO_FILE)
        wished = sent.fields.get("school", "")
        school = next((one.id for one in schools if one.id == wished), schools[0].id)
        try:
            reading = await self._papers.importer.read(sent.name, sent.raw)
            policy_id = await self._papers.importer.suggested(reading, school)
        except Refused as refused:
            return self._papers.begin(request, 422, str(refused))
        key = token_hex(16)
        self._papers.bring(key, person, reading, sent.name, (school, policy_id))
        return to(f"/import/{key}")

    # Looking through ----------------------------------------------------------------------------

    async def page(self, request: web.Request) -> web.Response:
        desk = self._papers.desk(request)
        return self._done(desk) if desk.paper.saved else await self._preview(desk)

    async def _preview(
        self,
        desk: Desk,
        status: int = 200,
        form: Mapping[str, str] | None = None,
        errors: Mapping[str, str] | None = None,
        told: str = "",
    ) -> web.Response:
        paper = desk.paper
        shown, wrong_id = await self._papers.shown(paper)
        errors = {**({"id": wrong_id} if wrong_id else {}), **(errors or {})}
        form = form or {}
        return self._papers.show(
            desk.request,
            "import_look.html",
            422 if wrong_id and status == 200 else status,
            shown=shown,
            paper=paper,
            home=desk.home,
            schools=self._papers.importer.schools(desk.person),
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
            flags=self._papers.importer.health_of(shown.policy),
            forgets=self._papers.importer.forgets,
        )

    async def change(self, request: web.Request) -> web.Response:
        form = await filled_in(request)
        self._papers.check(request, form)
        async with self._papers.lock(request):
            desk = self._papers.desk(request)
            if desk.paper.saved or desk.paper.last == digest(form):
                return to(desk.home)  # the second click of a double click
            if form.get("step") != str(desk.paper.step):
                return await self._preview(desk, 409, told="old")
            if form.get("do") == "undo":
                self._papers.keep(desk, desk.paper.undone(), form)
                return to(desk.home)
            return await self._changed(desk, form)

    async def _changed(self, desk: Desk, form: Mapping[str, str]) -> web.Response:
        shown, _ = await self._papers.shown(desk.paper)
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
            return await self._save(self._papers.keep(desk, paper), form)
        desk = self._papers.keep(desk, paper, form)
        return to(f"{desk.home}/at/{at}" if do == "open" else desk.home)

    def _named(self, desk: Desk, paper: Paper, form: Mapping[str, str]) -> Paper:
        """The paper with the short name and the school that were typed."""
        schools = {school.id for school in self._papers.importer.schools(desk.person)}
        school = form.get("school", paper.school)
        return replace(
            paper,
            policy_id=form.get("id", paper.policy_id),
            school=school if school in schools else paper.school,
        )

    # Saving -------------------------------------------------------------------------------------

    async def _save(self, desk: Desk, form: Mapping[str, str]) -> web.Response:
        paper = desk.paper
        shown, wrong_id = await self._papers.shown(paper)
        if wrong_id:
            return await self._preview(desk, 422, {"id": paper.policy_id})
        if form.get("stamp", "") != shown.stamp:
            return await self._preview(desk, 409, told="other" if shown.before else "new")
        try:
            address, told = await self._papers.importer.save(
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
        self._papers.keep(desk, replace(paper, saved=saved, document=None), form)
        return to(desk.home)

    def _done(self, desk: Desk) -> web.Response:
        return self._papers.show(
            desk.request,
            "import_done.html",
            saved=desk.paper.saved,
            paper=desk.paper,
            home=desk.home,
            forgets=self._papers.importer.forgets,
        )

    async def file(self, request: web.Request) -> web.Response:
        """The policy's file as it would be, or was, saved: to be kept where a demo forgets it."""
        desk = self._papers.desk(request)
        saved = desk.paper.saved
        text = saved.text if saved else (await self._papers.shown(desk.paper))[0].text
        name = "".join(c for c in desk.paper.policy_id if c.isascii() and (c.isalnum() or c == "-"))
        return web.Response(
            body=text.encode(),
            headers={"Content-Disposition": f'attachment; filename="{name or "policy"}.md"'},
            content_type="text/markdown",
            charset="utf-8",
        )


def _what(form: Mapping[str, str]) -> tuple[str, str]:
    """What the pressed button asks for: "keep", "save", or "open" with a clause's place."""
    do, _, at = form.get("do", "keep").partition(":")
    return (do, at) if (at.isascii() and at.isdecimal()) or do != "open" else ("keep", "")
