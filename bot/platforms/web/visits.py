"""Who is at a page that is not the chat's own: the same sealed cookie, the same token in forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from bot.core.people import Person
from bot.platforms.web.guard import COOKIE, Seal, Session, same, typed


@dataclass(frozen=True)
class Visits:
    """Made once for the chat and the pages beside it, so that whoever chose in one is known in all."""

    people: Mapping[str, Person]
    seal: Seal = field(default_factory=Seal)

    def session(self, request: web.Request) -> Session | None:
        """The session of somebody who has chosen who they are."""
        session = self.seal.opened(request.cookies.get(COOKIE, ""))
        return session if session and session.person in self.people else None

    def who(self, request: web.Request) -> Person | None:
        session = self.session(request)
        return self.people[session.person] if session else None

    def token(self, request: web.Request) -> str:
        """What a form on this page must carry; empty for nobody, whose forms are never heard."""
        session = self.session(request)
        return self.seal.token(session) if session else ""

    def meant(self, session: Session, form: Mapping[str, str]) -> bool:
        """Whether a form came from a page that was made for this session."""
        return same(self.seal.token(session), form.get("token", ""))

    async def sent(self, request: web.Request) -> Mapping[str, str] | None:
        """The fields of a form, or None when no page of ours made it for whoever is here now."""
        form, session = await typed(request), self.session(request)
        return form if session and self.meant(session, form) else None
