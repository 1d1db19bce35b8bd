"""What keeps the local chat local: who may ask, from where, how much, and what browsers may do."""

import hashlib
import hmac
import json
import logging
import secrets
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

BODY_LIMIT = 64 * 1024
TEXT_LIMIT = 4000
ADDRESS_LIMIT = 8000
COOKIE = "policybot"

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Session:
    """One browser as one person. ``person`` is empty until it has chosen."""

    nonce: str
    person: str = ""


class Seal:
    """Signs what browsers carry for us. The secret lives as long as the process."""

    def __init__(self, secret: bytes | None = None) -> None:
        self._secret = secret or secrets.token_bytes(32)

    def sign(self, *parts: str) -> str:
        words = json.dumps(parts).encode()
        return hmac.new(self._secret, words, hashlib.sha256).hexdigest()[:40]

    def fresh(self, person: str = "") -> Session:
        return Session(secrets.token_hex(16), person)

    def cookie(self, session: Session) -> str:
        person = urlsafe_b64encode(session.person.encode()).decode().rstrip("=")
        return f"{session.nonce}.{person}.{self.sign('session', session.nonce, session.person)}"

    def token(self, session: Session) -> str:
        """What a form must carry: a page made for one person never speaks as another."""
        return self.sign("form", session.nonce, session.person)

    def opened(self, cookie: str) -> Session | None:
        """The session a cookie names, or None when it is none of ours."""
        try:
            nonce, coded, _ = cookie.split(".")
            session = Session(nonce, urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode())
        except ValueError:
            return None
        return session if same(self.cookie(session), cookie) else None


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(errors="replace"), other.encode(errors="replace"))


class NotTaken(Exception):
    """A request the chat will not take. ``why`` names the sentence in notice.html."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


def from_here(request: web.Request) -> bool:
    """Whether the address bar says this machine: stops a foreign name that points here."""
    try:
        name = urlsplit(f"//{request.host}").hostname
    except ValueError:
        return False
    return name in ("127.0.0.1", "localhost")


def same_origin(request: web.Request) -> bool:
    """Whether a form was sent by one of our own pages, as far as the browser says."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    # Under no-referrer a browser sends "Origin: null" with our own forms; then the site decides.
    if site is not None and origin in (None, "null"):
        return site == "same-origin"
    return site in (None, "same-origin") and origin in (None, f"http://{request.host}")


async def typed(request: web.Request) -> dict[str, str]:
    """The form that was sent, with no control characters in it."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise NotTaken(415, "unreadable")
    body = await request.read()
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        raise NotTaken(400, "unreadable") from None
    return {name: plain(value) for name, value in pairs}


def plain(text: str) -> str:
    """The words without control characters; lines end as they do everywhere but in forms."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


Notice = Callable[[web.Request, int, str], web.Response]


def guarded(notice: Notice) -> Middleware:
    """Around every request: this machine and our own pages only, strict headers, plain words."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await _answered(request, handler, notice)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return guard


async def _answered(
    request: web.Request,
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    notice: Notice,
) -> web.StreamResponse:
    if not from_here(request):
        return notice(request, 403, "elsewhere")
    if request.method not in ("GET", "HEAD") and not same_origin(request):
        return notice(request, 403, "elsewhere")
    if len(request.raw_path) > ADDRESS_LIMIT:
        return notice(request, 414, "too_big")
    try:
        return await handler(request)
    except NotTaken as refusal:
        return notice(request, refusal.status, refusal.why)
    except web.HTTPException as error:
        why = {404: "missing", 405: "missing", 413: "too_big"}.get(error.status, "broken")
        return notice(request, error.status, why)
    except Exception as error:
        # Only the kind: the message may hold what somebody typed.
        log.error("a page failed: %s", type(error).__name__)
        return notice(request, 500, "broken")
