"""What the bot costs on Teams beside a bare echo, and what it does with what comes often or forged.

The load comes from two hundred people, each in their own conversation, sixteen at a time: Teams' own
limit of seven messages a second to one conversation holds nobody up.
"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import ClientSession

from tests.bench import slacking
from tests.bench.costing import Spent, costs, spent
from tests.bench.figures import Figure
from tests.bench.servers import Server, serving
from tests.bench.teams_adding import memory, packages
from tests.bench.teams_far import Far, far, knows_its_staff, post, posted
from tests.bench.teams_taken import forged, often
from tests.teams.sending import said

PLAIN = "help"  # answered with a card, and nothing is searched
ROUNDS, EVENTS = 7, 600


def teams() -> Iterator[Figure]:
    yield from asyncio.run(_teams())


async def _teams() -> list[Figure]:
    async with far() as told:
        found = [*await _costs(told)]
        for name, kind in (("", "ours"), ("_unguarded", "unguarded")):
            async with server(kind, told) as one, ClientSession() as session:
                found.append(await forged(told, one, session, f"teams.forged_effects{name}"))
        async with server("ours", told) as one, ClientSession() as session:
            found += await often(told, one, session)
    return [*found, packages(), *await memory(slacking.email())]


def server(kind: str, told: Far, **env: str) -> AbstractAsyncContextManager[Server]:
    words = ["tests.bench.teams_server", kind, told.stub.url]
    return serving(words, POLICIES_DIR=str(told.policies), **env)


async def _costs(told: Far) -> list[Figure]:
    """Milliseconds of CPU for one message, answer and all."""
    async with server("ours", told) as ours, ClientSession() as session:
        await knows_its_staff(session, ours)
        with TemporaryDirectory(prefix="policybot-bench-") as folder:
            file = Path(folder, "reply.json")
            file.write_text(json.dumps(await _reply(told, ours, session)), encoding="utf-8")
            async with server("bare", told, BENCH_REPLY=str(file)) as bare:
                for one in (ours, bare):  # both are warm when it counts
                    await _spent(told, one, session)
                pairs = [
                    (await _spent(told, ours, session), await _spent(told, bare, session))
                    for _ in range(ROUNDS)
                ]
    return [*costs("teams", pairs, EVENTS)]


async def _reply(told: Far, server: Server, session: ClientSession) -> Any:
    """What the bot says to the plain word: the bare server says the very same."""
    before = len(told.sent)
    await post(session, server, (told.bearer(), said(told.staff[0], PLAIN)))
    await told.sent.until(before + 1, 15)
    return told.connector.posts[-1].activity


async def _spent(told: Far, server: Server, session: ClientSession) -> Spent:
    signed = told.bearer()
    people = islice(cycle(told.staff), EVENTS)

    async def load() -> float:
        statuses = await posted(session, server, ((signed, said(one, PLAIN)) for one in people))
        assert statuses == [200] * EVENTS
        return 0.0

    return await spent(server, told.sent, EVENTS, load)
