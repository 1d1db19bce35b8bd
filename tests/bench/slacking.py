"""What the bot costs on Slack beside a bare AsyncApp, and what it does with what comes often or forged.

The load is that of ``reference/slack_load.py``: signed, sixteen at a time, from another process.
"""

import asyncio
import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from aiohttp import ClientSession

from bot.config import ROOT
from bot.library import read_library
from tests.bench import sets
from tests.bench.costing import Spent, costs, spent
from tests.bench.figures import Figure, measured, percentile
from tests.bench.servers import Server, serving
from tests.bench.slack_far import Far, far, post, signed
from tests.bench.slack_server import PATH, SECRET

LOAD = sets.SHARED / "reference" / "slack_load.py"
PLAIN = "help"  # answered with a card, and nothing is searched
ROUNDS, EVENTS = 5, 400
CANARY = "quixotry"


def slack() -> Iterator[Figure]:
    yield from asyncio.run(_slack())


async def _slack() -> list[Figure]:
    async with far(email()) as (told, api):
        found = [*await _costs(told, api), *await _questions(told, api)]
        found += [*await _twenty(told, api), *await _forged(told, api), *await _logged(told, api)]
    return found


def email() -> str:
    """The address of somebody of the example's plain staff: the load speaks as them."""
    people = next(iter(read_library(ROOT / "policies").schools.values())).people.values()
    plain = (one for one in people if {r for m in one.memberships for r in m.roles} == {"staff"})
    return next(one.emails[0] for one in plain if one.emails)


def _server(kind: str, api: str, **env: str) -> AbstractAsyncContextManager[Server]:
    return serving(["tests.bench.slack_server", kind, api], **env)


# What it costs -----------------------------------------------------------------------------------


async def _costs(told: Far, api: str) -> list[Figure]:
    """Milliseconds of CPU for one event, answer and all; and how long Slack waits for us."""
    async with _server("ours", api) as ours:
        reply = await _reply(told, ours)
        with TemporaryDirectory(prefix="policybot-bench-") as folder:
            file = Path(folder, "reply.json")
            file.write_text(json.dumps(reply), encoding="utf-8")
            async with _server("bare", api, BENCH_REPLY=str(file)) as bare:
                for server in (ours, bare):  # both are warm when it counts
                    await _spent(told, server)
                pairs = [
                    (await _spent(told, ours), await _spent(told, bare)) for _ in range(ROUNDS)
                ]
        command = [await _load(ours, "command", 1) for _ in range(3)]
    n = ROUNDS * EVENTS
    return [
        *costs("slack", pairs, EVENTS),
        measured("slack.p99_ms_16", median(one.p99 for one, _ in pairs), n),
        measured("slack.p99_ms_16_bare", median(one.p99 for _, one in pairs), n),
        measured("slack.ack_p50_ms", median(one["p50"] for one in command), len(command)),
    ]


async def _reply(told: Far, server: Server) -> dict[str, object]:
    """What the bot says to the plain word: the bare server says the very same."""
    before, body = len(told.posts), told.event(PLAIN)
    async with ClientSession() as session:
        await post(session, server.port, body, signed(body))
    await told.posts.until(before + 1, 15)
    said = told.posts[-1][1]
    return {name: said[name] for name in ("text", "blocks", "metadata") if name in said}


async def _spent(told: Far, server: Server) -> Spent:
    async def load() -> float:
        return (await _load(server, "event", 16))["p99"]

    return await spent(server, told.posts, EVENTS, load)


async def _load(server: Server, kind: str, at_once: int) -> dict[str, float]:
    """The load script's percentiles, in milliseconds."""
    address = f"http://127.0.0.1:{server.port}{PATH}"
    command = [str(LOAD), "--url", address, "--secret", SECRET, "--kind", kind, "--text", PLAIN]
    amount = ["-n", str(EVENTS), "-c", str(at_once), "--seconds", "60"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, *amount, stdout=asyncio.subprocess.PIPE
    )
    printed = (await process.communicate())[0].decode()
    if f'"200": {EVENTS}' not in printed:
        raise AssertionError(printed)
    return {name: float(value) for name, value in re.findall(r"(p\d+)=([\d.]+)ms", printed)}


async def _questions(told: Far, api: str) -> list[Figure]:
    """From the event to the answer at Slack, search and all, one after the other."""
    asked = [row["question"] for row in sets.blind("questions")]
    async with _server("ours", api) as server, ClientSession() as session:
        for question in asked[:10]:
            await _answered(told, server, session, question)
        took = [await _answered(told, server, session, question) for question in asked * 3]
    return [
        measured("slack.question_p50_ms", percentile(took, 50), len(took)),
        measured("slack.question_p99_ms", percentile(took, 99), len(took)),
    ]


async def _answered(told: Far, server: Server, session: ClientSession, words: str) -> float:
    before, body, started = len(told.posts), told.event(words), perf_counter()
    await post(session, server.port, body, signed(body))
    await told.posts.until(before + 1, 15)
    return (told.posts[before][0] - started) * 1000


# What comes often, forged, stale or again --------------------------------------------------------


async def _twenty(told: Far, api: str) -> list[Figure]:
    async with _server("ours", api) as server, ClientSession() as session:
        before, body = len(told.posts), told.event(PLAIN, "EvTWENTY")
        await asyncio.gather(*(post(session, server.port, body, signed(body)) for _ in range(20)))
        came = await told.posts.until(before + 2, 4) - before
    return [measured("slack.effects_of_20", came, 20)]


async def _forged(told: Far, api: str) -> list[Figure]:
    """Wrong signature, too old, and one that was taken before: what each leads to."""
    found = []
    for name, kind in (("", "ours"), ("_unguarded", "unsigned")):
        async with _server(kind, api) as server, ClientSession() as session:
            effects, n = await _effects_of(told, server, session)
        found.append(measured(f"slack.forged_effects{name}", effects, n))
    return found


async def _effects_of(told: Far, server: Server, session: ClientSession) -> tuple[int, int]:
    good = told.event(PLAIN, "EvREPLAYED")
    headers, before = signed(good), len(told.posts)
    await post(session, server.port, good, headers)
    await told.posts.until(before + 1, 15)
    before, sent = len(told.posts), 0
    for number in range(20):
        forged, stale = told.event(PLAIN, f"EvF{number}"), told.event(PLAIN, f"EvS{number}")
        await post(session, server.port, forged, signed(forged, "guessed"))
        await post(session, server.port, stale, signed(stale, age=600))
        await post(session, server.port, good, headers)
        sent += 3
    return await told.posts.until(before + sent, 4) - before, sent


async def _logged(told: Far, api: str) -> list[Figure]:
    """Log lines with what was typed in them, under a wrong signing secret, at DEBUG."""
    found = []
    for name, kind in (("", "ours"), ("_unguarded", "talkative")):
        with TemporaryDirectory(prefix="policybot-bench-") as folder:
            log, reply = Path(folder, "log"), Path(folder, "reply.json")
            reply.write_text('{"text": "x"}', encoding="utf-8")
            env = {"BENCH_LOG": str(log), "BENCH_REPLY": str(reply)}
            async with _server(kind, api, **env) as server, ClientSession() as session:
                for _ in range(20):
                    body = told.event(f"a pupil called {CANARY} told me")
                    await post(session, server.port, body, signed(body, "another secret"))
                    await post(session, server.port, body, signed(body))
            found.append(measured(f"slack.bodies_logged{name}", _lines_with(log, CANARY), 40))
    return found


def _lines_with(log: Path, word: str) -> int:
    lines: Sequence[str] = log.read_text(encoding="utf-8").splitlines() if log.exists() else ()
    return sum(word in line for line in lines)
