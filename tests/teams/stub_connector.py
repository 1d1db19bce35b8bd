"""Microsoft's Connector as far as a bot asks of it: posts, updates, own conversations, members.

Answers as Teams was seen to (facts: teams 1.3 and 4, 2026-11), and can break in every way that was
reported: busy, gone, blocked, broken, or gone silent before or after it did what was asked.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

Json = dict[str, Any]
Mood = Literal[
    "good",
    "busy",
    "broken",
    "bad gateway",
    "precondition",
    "lost before",
    "lost after",
    "cut off",
    "unauthorised",
    "blocked",
    "gone",
    "too big",
    "bad request",
    "elsewhere",
]
CANARY = "quixotry"  # in every sentence of an answer
ERRORS: dict[str, tuple[int, str]] = {
    "broken": (503, "ServiceUnavailable"),
    "bad gateway": (502, "BadGateway"),
    "precondition": (412, "PreconditionFailed"),
    "unauthorised": (401, "Unauthorized"),
    "blocked": (403, "MessageWritesBlocked"),
    "gone": (404, "ConversationNotFound"),
    "too big": (413, "MessageSizeTooBig"),
    "bad request": (400, "BadSyntax"),
}


@dataclass
class Post:
    """One message as it stands in a conversation; ``before`` is what stood there earlier."""

    id: str
    conversation: str
    activity: Json
    before: list[Json] = field(default_factory=list)


class ConnectorStub:
    """``next`` is how the coming calls end, one by one; then ``mood`` is asked. ``asked`` is every call
    as "METHOD path", ``signed`` the Authorization header of each."""

    def __init__(self) -> None:
        self.next: deque[Mood] = deque()
        self.mood: Callable[[], Mood] = lambda: "good"
        self.posts: list[Post] = []
        self.typing: list[str] = []
        self.members: dict[str, list[Json]] = {}
        self.page = 2  # members in one answer
        self.own: dict[str, str] = {}  # own conversations that were asked for, by member
        self.closed: set[str] = set()  # conversations that are not there
        self.asked: list[str] = []
        self.signed: list[str] = []
        self.regions: set[str] = set()  # the service URLs it was asked at
        self.bodies: list[Json] = []
        self.seconds = "1"

    def add_to(self, app: web.Application) -> None:
        at = "/{region}/v3/conversations"
        app.router.add_post(at, self._done(self._create))
        app.router.add_post(f"{at}/{{id}}/activities", self._done(self._send))
        app.router.add_put(f"{at}/{{id}}/activities/{{activity}}", self._done(self._update))
        app.router.add_get(f"{at}/{{id}}/pagedmembers", self._done(self._members))
        app.router.add_get(f"{at}/{{id}}/members/{{member}}", self._done(self._member))

    def shown(self, conversation: str) -> list[str]:
        """The words of what stands in a conversation, first to last."""
        return [read(post.activity) for post in self.posts if post.conversation == conversation]

    def notified(self, conversation: str) -> list[str]:
        """What notifications said of them."""
        posts = [post for post in self.posts if post.conversation == conversation]
        return [post.activity["summary"] for post in posts]

    # How a call ends --------------------------------------------------------------------------

    def _done(self, do: Callable[[web.Request, Json], web.Response]) -> Any:
        async def handle(request: web.Request) -> web.StreamResponse:
            body = await request.read()
            region = request.match_info["region"]
            self.regions.add(region)
            path = request.path.removeprefix(f"/{region}")
            self.asked.append(f"{request.method} {path}")
            self.signed.append(request.headers.get("Authorization", ""))
            self.bodies.append(json.loads(body) if body else {})
            mood = self.next.popleft() if self.next else self.mood()
            return self._ended(request, mood, lambda: do(request, self.bodies[-1]))

        return handle

    def _ended(
        self, request: web.Request, mood: Mood, do: Callable[[], web.Response]
    ) -> web.StreamResponse:
        if mood == "busy":
            return refusal(429, "TooManyRequests", {"Retry-After": self.seconds})
        if mood == "elsewhere":
            return web.Response(status=307, headers={"Location": "https://thief.example/"})
        if mood in ERRORS:
            return refusal(*ERRORS[mood])
        if mood == "lost before":
            return hung_up(request)
        answer = do()
        if mood == "lost after":
            return hung_up(request)
        if mood == "cut off":
            answer.body = b'{"id": "17'
        return answer

    # What it does -----------------------------------------------------------------------------

    def _send(self, request: web.Request, body: Json) -> web.Response:
        conversation = request.match_info["id"]
        if conversation in self.closed:
            return refusal(404, "ConversationNotFound")
        if body["type"] == "typing":
            self.typing.append(conversation)
            return web.json_response({}, status=202)
        post = Post(str(1_700_000_000_000 + len(self.posts)), conversation, body)
        self.posts.append(post)
        return web.json_response({"id": post.id}, status=201)

    def _update(self, request: web.Request, body: Json) -> web.Response:
        found = [p for p in self.posts if p.id == request.match_info["activity"]]
        if not found:
            return refusal(404, "ActivityNotFoundInConversation")
        found[0].before.append(found[0].activity)
        found[0].activity = body
        return web.json_response({"id": found[0].id})

    def _create(self, request: web.Request, body: Json) -> web.Response:
        member = body["members"][0]["id"]
        id = self.own.setdefault(member, f"a:own-{member}")
        return web.json_response({"id": id}, status=201)

    def _member(self, request: web.Request, body: Json) -> web.Response:
        ids = (request.match_info["member"],)
        for one in self.members.get(request.match_info["id"], []):
            if one["id"] in ids or one.get("aadObjectId") in ids:
                return web.json_response(one)
        return refusal(404, "MemberNotFoundInConversation")

    def _members(self, request: web.Request, body: Json) -> web.Response:
        everybody = self.members.get(request.match_info["id"])
        if everybody is None:
            return refusal(404, "ConversationNotFound")
        start = int(request.query.get("continuationToken", "0"))
        page: Json = {"members": everybody[start : start + self.page]}
        more = start + self.page
        return web.json_response(
            page | ({"continuationToken": str(more)} if everybody[more:] else {})
        )


def refusal(status: int, code: str, headers: dict[str, str] | None = None) -> web.Response:
    """An error as Teams words it: a code, and a sentence that is nobody's business."""
    told = {"error": {"code": code, "message": f"Not for {CANARY}"}}
    return web.json_response(told, status=status, headers=headers)


def hung_up(request: web.Request) -> web.StreamResponse:
    """No answer: the line goes dead."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


def read(activity: Json) -> str:
    """All the words on a card, in their order, without what marks them up."""
    bodies = [one["content"].get("body", []) for one in activity["attachments"]]
    return " ".join(_texts(bodies)).replace("\\", "")


def _texts(told: Any) -> Iterator[str]:
    if isinstance(told, list):
        for one in told:
            yield from _texts(one)
    if isinstance(told, dict):
        if isinstance(told.get("text"), str):
            yield told["text"]
        for name, one in told.items():
            if name not in ("text", "fallback"):
                yield from _texts(one)


def buttons(activity: Json) -> list[Json]:
    """Every button on a card that carries something of ours, wherever it stands."""
    return [one for one in _objects(activity) if one.get("type") == "Action.Execute"]


def _objects(told: Any) -> Iterator[Json]:
    if isinstance(told, dict):
        yield told
    for one in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        yield from _objects(one)
