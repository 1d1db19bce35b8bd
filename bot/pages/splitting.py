"""One clause on a page of its own: split it, join it with the one before, move it under its lead-in."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aiohttp import web

from bot.core.imports import Corrections
from bot.pages.correcting import leads, places, split_at
from bot.pages.papers import Desk, Papers, digest, to
from bot.pages.shelf import Paper
from bot.pages.uploads import filled_in


class Splitting:
    def __init__(self, papers: Papers) -> None:
        self._papers = papers

    async def page(self, request: web.Request) -> web.Response:
        desk = self._papers.desk(request)
        return to(desk.home) if desk.paper.saved else await self._page(desk)

    async def _page(
        self, desk: Desk, status: int = 200, error: str = "", words: str = "", told: str = ""
    ) -> web.Response:
        shown, _ = await self._papers.shown(desk.paper)
        at = desk.request.match_info["start"]
        number = next((n for n, p in enumerate(shown.pieces) if str(p.start) == at), None)
        if number is None:
            return self._missing(desk)
        piece = shown.pieces[number]
        return self._papers.show(
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

    async def change(self, request: web.Request) -> web.Response:
        form = await filled_in(request)
        self._papers.check(request, form)
        async with self._papers.lock(request):
            desk = self._papers.desk(request)
            if desk.paper.saved or desk.paper.last == digest(form):
                return to(_back(desk.home, desk.paper))
            if form.get("step") != str(desk.paper.step):
                return await self._page(desk, 409, told="old")
            return await self._changed(desk, form)

    async def _changed(self, desk: Desk, form: Mapping[str, str]) -> web.Response:
        shown, _ = await self._papers.shown(desk.paper)
        pieces = {str(piece.start): piece for piece in shown.pieces}
        piece = pieces.get(desk.request.match_info["start"])
        if piece is None:
            return self._missing(desk)
        at, do, later = piece.start, form.get("do", ""), None
        if do == "split":
            place = split_at(piece, form)
            if isinstance(place, str):
                return await self._page(desk, 422, place, form.get("words", ""))
            at, later = place, Corrections(cuts=frozenset([place]))
        elif do == "join" and piece.joinable:
            at = [one.start for one in shown.pieces if one.start < piece.start][-1]
            later = Corrections(joins=frozenset([piece.start]))
        elif do == "hang" and form.get("lead") in {"-1", *map(str, _starts(piece.start, pieces))}:
            later = Corrections(leads={piece.start: int(form["lead"])})
        if later is None:
            return await self._page(desk, 409, told="old")
        desk = self._papers.keep(desk, desk.paper.corrected(later, do, at), form)
        return to(_back(desk.home, desk.paper))

    def _missing(self, desk: Desk) -> web.Response:
        """The clause was split or joined in the meantime."""
        self._papers.keep(desk, replace(desk.paper, told="no_clause", at=-1))
        return to(desk.home)


def _starts(before: int, pieces: Mapping[str, Any]) -> list[int]:
    return [piece.start for piece in pieces.values() if piece.start < before]


def _back(home: str, paper: Paper) -> str:
    return f"{home}#c{paper.at}" if paper.at >= 0 else home
