"""What app.py hands the pages, and which pages somebody may open."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from aiohttp import web

from bot.core.health.flags import Told
from bot.core.imports import Corrections, Preview
from bot.core.messages import Incoming
from bot.core.people import Person, School
from bot.core.policies import Policy
from bot.core.records import Question
from bot.core.seeing import Sees


@dataclass(frozen=True)
class Side:
    """What one policy says of a topic: ids of its clauses, and where it stands, in words."""

    policy: str
    clauses: tuple[str, ...] = ()
    position: str = ""


@dataclass(frozen=True)
class Compared:
    """One topic in two policies. ``stricter`` is a policy's id; empty when neither is, or when
    nobody can tell."""

    topic: str
    title: str
    one: Side
    other: Side
    stricter: str = ""


class Visits(Protocol):
    """Who is at a page, and whether a form came from one of ours: the chat's sealed session."""

    def who(self, request: web.Request) -> Person | None: ...
    def token(self, request: web.Request) -> str: ...
    async def sent(self, request: web.Request) -> Mapping[str, str] | None: ...


class Importer(Protocol):
    """What the importer page asks of the house. All that fails says why as a Refused."""

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


class Nobody:
    """Where no chat says who is there."""

    def who(self, request: web.Request) -> Person | None:
        return None

    def token(self, request: web.Request) -> str:
        return ""

    async def sent(self, request: web.Request) -> Mapping[str, str] | None:
        return None


async def _unheard(message: Incoming) -> None:
    raise RuntimeError("these pages were given no desk")


@dataclass(frozen=True)
class Given:
    """What app.py hands the pages. All callables: policies change while the pages are served.

    ``search`` takes a query and a policy's id and gives clause ids; ``search_all`` gives (policy,
    clause) pairs; ``doctor`` takes school ids and gives (mark, sentence) lines as the command prints
    them. ``reads``: whether a policy is for this person. ``schools`` names school ids; ``ask`` is where
    the chat is, empty when there is none.
    """

    policies: Callable[[], Sequence[Policy]]
    today: Callable[[], date]
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    health: Callable[[], Sequence[Told]] = tuple
    search: Callable[[str, str], Sequence[str]] | None = None
    search_all: Callable[[str], Sequence[tuple[str, str]]] | None = None
    compare: Callable[[str, str], Sequence[Compared]] = lambda one, other: ()
    visits: Visits = field(default_factory=Nobody)
    sees: Callable[[Person], Sees] = lambda person: Sees()
    reads: Callable[[Person, Policy], bool] = lambda person, policy: True
    importer: Importer | None = None
    questions: Callable[[Person], Sequence[Question]] = lambda person: ()
    act: Callable[[Incoming], Awaitable[object]] = _unheard
    doctor: Callable[[AbstractSet[str]], Sequence[tuple[str, str]]] = lambda schools: ()
    schools: Mapping[str, str] = field(default_factory=dict)
    ask: str = "/"

    def may_import(self, person: Person | None) -> bool:
        return bool(self.importer and person and self.importer.schools(person))


class Link(NamedTuple):
    label: str
    href: str


def links(given: Given, person: Person | None) -> tuple[Link, ...]:
    """The pages somebody may open, for the bar on top of every page, the chat's too."""
    may = given.sees(person) if person else Sees()
    shown = [
        (bool(given.ask), Link("Ask", given.ask)),
        (True, Link("Policies", "/policies")),
        (True, Link("Compare", "/compare")),
        (may.questions, Link("Questions", "/questions")),
        (bool(may.oversees), Link("Health", "/health")),
        (bool(may.oversees), Link("Is everything there?", "/doctor")),
    ]
    return tuple(link for is_shown, link in shown if is_shown)
