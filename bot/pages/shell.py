"""The frame that all staff pages share: their headers, their navigation, and who is refused."""

from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.core.policies import Policy, spoken
from bot.core.seeing import Sees
from bot.pages.given import Given, links

HERE = Path(__file__).parent

# Pages that only show: no script at all, no form but our own.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Shell:
    """Fills a template into the frame that all pages share."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["day"] = spoken
        named = given.schools
        self._templates.globals.update(ask=given.ask, school_name=lambda id: named.get(id, id))

    def may(self, request: web.Request) -> Sees:
        """What whoever is at the page may open: nothing more than policies, for nobody known."""
        person = self._given.visits.who(request)
        return self._given.sees(person) if person else Sees()

    def readable(self, request: web.Request) -> dict[str, Policy] | None:
        """The policies for whoever is at the page, by id; None for nobody known, who may read none."""
        person = self._given.visits.who(request)
        if person is None:
            return None
        return {p.id: p for p in self._given.policies() if self._given.reads(person, p)}

    def stranger(self, request: web.Request) -> web.Response:
        """Pupils share a school's network: policies are for people on the staff list."""
        return self.html(request, "stranger.html", 403)

    def html(
        self, request: web.Request, template: str, status: int = 200, **view: Any
    ) -> web.Response:
        person = self._given.visits.who(request)
        frame = {
            "links": links(self._given, person),
            "path": request.path,
            "person": person,
            "token": self._given.visits.token(request),
            "today": self._given.today().isoformat(),
        }
        words = self._templates.get_template(template).render(frame | view)
        return web.Response(
            text=words, status=status, headers=HEADERS, content_type="text/html", charset="utf-8"
        )

    def refused(self, request: web.Request) -> web.Response:
        """The same sentence whatever the page holds, so that it tells nothing of what is there."""
        known = self._given.visits.who(request) is not None
        return self.html(request, "refused.html", 403, known=known)
