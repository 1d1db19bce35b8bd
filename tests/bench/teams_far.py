"""Teams' far side for the bench: Microsoft in one application, two hundred staff, and what they send."""

import asyncio
import csv
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import ClientSession, web

from bot.clock import wall_time
from bot.config import ROOT
from bot.platforms.teams import PATH
from tests.bench.arrivals import Arrivals
from tests.bench.servers import Server
from tests.teams.sending import Someone
from tests.teams.stub import Stub
from tests.teams.stub_authority import Authority
from tests.teams.stub_connector import ConnectorStub
from tests.teams.stub_graph import StubGraph, oid, user
from tests.teams.stub_signer import Signer

STAFF = 200
AT_ONCE = 16
# Whom the example names as the owner of its policies.
OWNER = Someone("owner", oid=oid(9001))
OWNERS_ADDRESS = "lyle@alderbrook.example"
# What is asked of these says nothing to anybody: who signs, a token, who is on the list.
ASKED = ("login.botframework.com", "login.microsoftonline.com", "graph.microsoft.com")


@dataclass(frozen=True)
class Sent:
    """One request that came to the Connector, or to whatever a service URL named."""

    method: str
    host: str
    path: str


@dataclass
class Far:
    """``sent`` is all that came from the bot, but for what it asks of Microsoft alone. ``policies`` is
    the example school's folder with two hundred people more, who are ``staff``."""

    stub: Stub
    signer: Signer
    connector: ConnectorStub
    sent: Arrivals[Sent]
    policies: Path
    staff: Sequence[Someone]

    def bearer(self, **changed: Any) -> dict[str, str]:
        return {"Authorization": self.signer.bearer(**changed)[0]}


@asynccontextmanager
async def far() -> AsyncIterator[Far]:
    stub, signer, connector = Stub(remembering=False), Signer(wall_time), ConnectorStub()
    sent: Arrivals[Sent] = Arrivals()
    staff = [Someone(f"u{number}", oid=oid(number)) for number in range(STAFF)]
    graph = StubGraph("for https://graph.microsoft.com/.default", page=999)
    graph.users = [user(number, one.email) for number, one in enumerate(staff)]
    graph.users.append(user(9001, OWNERS_ADDRESS))
    for part in (signer, connector, graph, Authority()):
        part.add_to(stub.app)
    stub.app.middlewares.append(_noting(sent))
    connector.members |= {one.chat: [one.member] for one in (*staff, OWNER)}
    with TemporaryDirectory(prefix="policybot-bench-") as folder:
        _school(Path(folder, "example"), staff)
        async with stub.serving():
            yield Far(stub, signer, connector, sent, Path(folder), staff)


def _school(folder: Path, staff: Iterable[Someone]) -> None:
    """The example's, with these people on its staff list."""
    shutil.copytree(ROOT / "policies" / "example", folder)
    with (folder / "staff.csv").open("a", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        for one in staff:
            told = (
                one.name,
                one.name,
                one.email,
                "teacher",
                "staff",
                "lyle",
                "example",
                "",
                "",
                "",
            )
            rows.writerow(told)


def _noting(sent: Arrivals[Sent]) -> Any:
    @web.middleware
    async def noting(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        try:
            return await handler(request)
        finally:
            if request.host not in ASKED:
                await sent.note(Sent(request.method, request.host, request.path))

    return noting


# The other way ------------------------------------------------------------------------------------

# An activity with the headers it comes with.
Activity = tuple[dict[str, str], dict[str, Any]]


async def post(session: ClientSession, server: Server, one: Activity) -> tuple[int, bytes]:
    """Deliver one; the status and the body it is answered with."""
    headers, told = one
    address = f"http://127.0.0.1:{server.port}{PATH}"
    async with session.post(address, json=told, headers=headers) as answer:
        return answer.status, await answer.read()


async def posted(session: ClientSession, server: Server, ones: Iterable[Activity]) -> list[int]:
    """Deliver them, sixteen at a time; the statuses they are answered with."""
    waiting, statuses = iter(ones), []

    async def some() -> None:
        for one in waiting:
            statuses.append((await post(session, server, one))[0])

    await asyncio.gather(*(some() for _ in range(AT_ONCE)))
    return statuses


async def knows_its_staff(session: ClientSession, server: Server) -> None:
    """Once the directory has been read."""
    for _ in range(300):
        async with session.get(f"http://127.0.0.1:{server.port}/readyz") as answer:
            directory = (await answer.json())["directories"].get("teams", {})
        if directory.get("last"):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"the directory was not read: {directory}")
