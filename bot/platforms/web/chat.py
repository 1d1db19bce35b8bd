"""The chat page: who are you, then ask, press, and what came in the meantime."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.core.cards import Card
from bot.core.messages import Incoming, Pressed, Said
from bot.core.people import Person
from bot.platforms.web.guard import COOKIE, TEXT_LIMIT, NotTaken, Session, typed
from bot.platforms.web.talk import Log, Posts
from bot.platforms.web.visits import Visits
from bot.platforms.web.who import grouped

Hear = Callable[[Incoming], Awaitable[Sequence[Card]]]
Now = Callable[[], datetime]
NewId = Callable[[], str]
Links = Callable[[Person | None], Sequence[tuple[str, str]]]

HERE = Path(__file__).parent
FILES = ("htmx.min.js", "htmx.LICENSE", "chat.js")

log = logging.getLogger(__name__)


def own_link(link: str) -> str:
    """A link a card may carry: a page of ours, or an https one; anything else is no link."""
    inside = link.startswith("/") and not link.startswith(("//", "/\\"))
    return link if inside or link.startswith("https://") else ""


def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["own_link"] = own_link
    return made


@dataclass(frozen=True)
class Asked:
    """One form that was sent: by whom, what it held, and whether only the answer is wanted back."""

    session: Session
    form: Mapping[str, str]
    partly: bool

    @property
    def after(self) -> int:
        return _number(self.form.get("after", ""))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@dataclass
class Chat:
    hear: Hear
    visits: Visits
    posts: Posts
    now: Now
    new_id: NewId
    sorry: Callable[[str], Card]
    links: Links

    def __post_init__(self) -> None:
        self._templates = _templates()
        self.seal, self.people = self.visits.seal, self.visits.people

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.page),
            web.post("/who", self.choose),
            web.post("/leave", self.leave),
            web.post("/say", self.say),
            web.post("/press", self.press),
            web.get("/new", self.new),
            web.get("/chat/{file}", self.file),
        ]

    # Pages ------------------------------------------------------------------------------------

    async def page(self, request: web.Request) -> web.Response:
        session = self.visits.session(request)
        return self._chat(session) if session else self._who(request)

    async def file(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["file"] not in FILES:
            raise web.HTTPNotFound
        headers = {"Cache-Control": "no-cache"}
        return web.FileResponse(HERE / "static" / request.match_info["file"], headers=headers)

    async def choose(self, request: web.Request) -> web.Response:
        form = await typed(request)
        session = self.seal.opened(request.cookies.get(COOKIE, ""))
        person = form.get("person", "")
        if session is None or not self.visits.meant(session, form) or person not in self.people:
            return self._who(request, words=form.get("text", ""), again=True)
        chosen = self.seal.fresh(person)
        # Words typed before the chat was started again are carried into the box.
        words = form.get("text", "")
        answer = self._chat(chosen, words=words) if words else _to("/")
        return self._with(answer, chosen)

    async def leave(self, request: web.Request) -> web.Response:
        form, session = await typed(request), self.visits.session(request)
        if session is None or not self.visits.meant(session, form):
            return _to("/")
        return self._with(_to("/"), self.seal.fresh())

    async def new(self, request: web.Request) -> web.Response:
        """What came since the page last looked. 286 tells htmx to look no more."""
        session = self.visits.session(request)
        # A page left open as one person is never shown what comes for the next.
        if session is None or not self.visits.meant(session, request.query):
            return web.Response(status=286)
        after = _number(request.query.get("after", ""))
        if self.posts.of(session.person).last <= after:
            return web.Response(status=204)
        return self._parts(session, after)

    # What people do ---------------------------------------------------------------------------

    async def say(self, request: web.Request) -> web.Response:
        asked = await self._asked(request)
        if isinstance(asked, web.Response):
            return asked
        text = asked.form.get("text", "").strip()
        if not text or len(text) > TEXT_LIMIT:
            return self._refused(asked, "too_long" if text else "empty", len(text))
        person, key = asked.session.person, self._key(asked, "said", text)
        cards = await self._heard(Said(person, text, self.now(), key, f"web:{person}"), asked)
        if cards is None:
            return self._not_saved(asked)
        mine = self.posts.of(person)
        mine.add(key, words=text)
        return self._done(asked, mine, key, cards)

    async def press(self, request: web.Request) -> web.Response:
        asked = await self._asked(request)
        if isinstance(asked, web.Response):
            return asked
        form, person = asked.form, asked.session.person
        action, fields = form.get("action", ""), _fields(form)
        if not action:
            raise NotTaken(400, "unreadable")
        key = self._key(
            asked, "pressed", action, *(part for pair in fields.items() for part in pair)
        )
        heard = Pressed(person, action, self.now(), key, f"web:{person}", fields)
        cards = await self._heard(heard, asked)
        if cards is None:
            return self._not_saved(asked, fields)
        mine, number = self.posts.of(person), _number(form.get("card", ""))
        mistakes = any(field.error for card in cards for field in card.fields)
        label = _label(mine.card(number), action)
        if label and not mistakes:
            mine.add(key, words=label)
        return self._done(asked, mine, key, cards, _gone(mine, number, mistakes))

    async def _heard(self, message: Incoming, asked: Asked) -> Sequence[Card] | None:
        """The answer, or None when it was not saved."""
        try:
            return await self.hear(message)
        except Exception as error:
            # Only the kind: the message may hold what somebody typed.
            log.error("not saved, reference %s: %s", reference(asked.form), type(error).__name__)
            return None

    def _key(self, asked: Asked, *what: str) -> str:
        """The same form with the same words is one delivery; other words in it are another.

        With person and words folded in (signed, so that the key tells nothing), a form that was
        gone back to and changed is not answered with its first answer.
        """
        form_key = "".join(c for c in asked.form.get("key", "") if c.isalnum() or c == "-")[:64]
        return f"web-{form_key}-{self.seal.sign(asked.session.person, *what)[:20]}"

    # Who it is --------------------------------------------------------------------------------

    async def _asked(self, request: web.Request) -> Asked | web.Response:
        form, session = await typed(request), self.visits.session(request)
        if session is None or not self.visits.meant(session, form):
            answer = self._who(request, words=form.get("text", ""), again=True)
            answer.headers.update({"HX-Retarget": "body", "HX-Reswap": "innerHTML"})
            return answer
        return Asked(session, form, request.headers.get("HX-Request") == "true")

    # Answers ----------------------------------------------------------------------------------

    def _done(
        self, asked: Asked, mine: Log, key: str, cards: Sequence[Card], gone: str = ""
    ) -> web.Response:
        for number, card in enumerate(cards):
            mine.add(f"{key}-{number}", card=card)
        if asked.partly:
            card_form = _number(asked.form.get("card", ""))
            return self._parts(asked.session, asked.after, gone=gone, used=0 if gone else card_form)
        first = next((e.number for e in mine.entries if e.key.startswith(key)), mine.last)
        return _to(f"/#entry-{first}")

    def _refused(self, asked: Asked, note: str, length: int) -> web.Response:
        """Not taken, and why; the words stay in the box."""
        status = 413 if note == "too_long" else 422
        if asked.partly:
            return self._html("note.html", status, note=note, length=length, limit=TEXT_LIMIT)
        words = asked.form.get("text", "")
        return self._chat(asked.session, status, words=words, note=note, length=length)

    def _not_saved(self, asked: Asked, fields: Mapping[str, str] | None = None) -> web.Response:
        """The fixed card; what was typed stays where it was typed, under the same key."""
        if asked.partly:
            return self._html("sorry.html", 503, card=self.sorry(reference(asked.form)))
        number, words = _number(asked.form.get("card", "")), asked.form.get("text", "")
        typed_before, keys = {number: fields or {}}, {number: asked.form.get("key", "")}
        return self._chat(
            asked.session,
            503,
            words=words,
            typed=typed_before,
            keys=keys,
            failed=True,
            reference=reference(asked.form),
        )

    def _parts(self, session: Session, after: int, gone: str = "", used: int = 0) -> web.Response:
        """What is new, for a page that is already open, with a fresh key for the form just used."""
        mine = self.posts.of(session.person)
        return self._html(
            "parts.html",
            entries=mine.after(after),
            after=mine.last,
            token=self.seal.token(session),
            keys={},
            gone=gone,
            used=used,
        )

    def _chat(self, session: Session, status: int = 200, **view: Any) -> web.Response:
        mine = self.posts.of(session.person)
        typed_before: Mapping[int, Mapping[str, str]] = view.pop("typed", {})
        view = {"words": "", "note": "", "length": 0, "failed": False, "keys": {}, **view}
        return self._html(
            "chat.html",
            status,
            links=self.links(self.people[session.person]),
            person=self.people[session.person],
            token=self.seal.token(session),
            entries=[_with_typed(e, typed_before) for e in mine.entries],
            after=mine.last,
            sorry=self.sorry(view.pop("reference", "")),
            limit=TEXT_LIMIT,
            **view,
        )

    def _who(self, request: web.Request, words: str = "", again: bool = False) -> web.Response:
        # A second tab that is still choosing shares the first one's session, so both forms hold.
        session = self.seal.opened(request.cookies.get(COOKIE, ""))
        if session is None or session.person:
            session = self.seal.fresh()
        page = self._html(
            "who.html",
            403 if again else 200,
            links=self.links(None),
            groups=grouped(list(self.people.values()), self.now().date()),
            token=self.seal.token(session),
            words=words,
            again=again,
        )
        return self._with(page, session)

    def notice(self, request: web.Request, status: int, why: str) -> web.Response:
        """A page with one plain sentence; on an open chat only the sentence, beside the box."""
        if request.headers.get("HX-Request") == "true":
            return self._html("note.html", status, note=why, length=0, limit=TEXT_LIMIT)
        links = self.links(self.visits.who(request))
        return self._html("notice.html", status, why=why, links=links)

    def _html(self, template: str, status: int = 200, **view: Any) -> web.Response:
        words = self._templates.get_template(template).render(new_id=self.new_id, **view)
        return web.Response(text=words, status=status, content_type="text/html", charset="utf-8")

    def _with(self, response: web.Response, session: Session) -> web.Response:
        cookie = self.seal.cookie(session)
        response.set_cookie(COOKIE, cookie, httponly=True, samesite="Strict", path="/")
        return response


def reference(form: Mapping[str, str]) -> str:
    """What somebody can quote when something was not saved; the log has it beside the error's kind."""
    return sha256(form.get("key", "").encode()).hexdigest()[:6].upper()


def _to(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": path})


def _fields(form: Mapping[str, str]) -> dict[str, str]:
    names = (name for name in form if name.startswith("field."))
    return {name.removeprefix("field."): form[name] for name in names}


def _label(card: Card | None, action: str) -> str:
    """What the pressed button said, when the card that had it is still known."""
    choices = card.choices if card else ()
    return next((c.label for c in choices if c.action == action), "")


def _gone(mine: Log, number: int, mistakes: bool) -> str:
    """A form that was taken leaves the page, so that no story stays on a shared screen."""
    card = mine.card(number)
    if card is None or not card.fields:
        return ""
    if mistakes:
        mine.remove(number)
        return f"entry-{number}"
    mine.close(number)
    return f"form-{number}"


def _with_typed(entry: Any, typed_before: Mapping[int, Mapping[str, str]]) -> Any:
    """The card with what was typed into it put back, for this one page only."""
    values = typed_before.get(entry.number, {})
    if not values or entry.card is None:
        return entry
    fields = tuple(replace(f, value=values.get(f.id, f.value)) for f in entry.card.fields)
    return replace(entry, card=replace(entry.card, fields=fields))
