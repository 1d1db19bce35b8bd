"""What Teams support adds: packages to the tree, and memory to the process."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires
from statistics import median

from aiohttp import ClientSession

from bot.config import ROOT
from tests.bench import sets
from tests.bench.figures import Figure, measured
from tests.bench.servers import resident_mb, serving
from tests.bench.slack_far import far as slack_far
from tests.bench.slack_far import post, signed
from tests.bench.slack_server import SECRET, TOKEN
from tests.bench.teams_far import far as teams_far

ITS = {"msal", "pyjwt"}
QUESTIONS, ROUNDS = 30, 3


def packages() -> Figure:
    """How many packages are in the tree of the project's needs only because of Teams."""
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {_name(one) for one in needs["project"]["dependencies"]}
    added = set(_closure(asked)) - set(_closure(asked - ITS))
    return measured("teams.packages_added", len(added), len(set(_closure(asked))))


def _closure(names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        if (name := waiting.pop()) not in seen:
            seen.add(name)
            yield name
            waiting += _needed(name)


def _needed(name: str) -> list[str]:
    """What is installed with it here: needs of extras and of other systems are left out."""
    try:
        told = requires(name) or []
    except PackageNotFoundError:
        return []
    plain = [one for one in told if "extra ==" not in one and "python_version <" not in one]
    return [_name(one) for one in plain if "win32" not in one and "Windows" not in one]


def _name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


async def memory(email: str) -> list[Figure]:
    """Megabytes of the same process after the same questions on Slack, with Teams and without."""
    asked = [row["question"] for row in sets.blind("questions")[:QUESTIONS]]
    found: dict[str, list[float]] = {"slack": [], "both": []}
    async with slack_far(email) as (slack, api), teams_far() as teams:
        alone = ["tests.bench.slack_server", "ours", api]
        both = ["tests.bench.teams_server", "ours", teams.stub.url]
        env = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": api}
        for _ in range(ROUNDS):
            for name, words, more in (("slack", alone, {}), ("both", both, env)):
                async with serving(words, **more) as server, ClientSession() as session:
                    for question in asked:
                        body = slack.event(question)
                        await post(session, server.port, body, signed(body))
                    await slack.posts.quiet(1)
                    found[name].append(resident_mb(server.pid))
    usual, with_teams = median(found["slack"]), median(found["both"])
    return [
        measured("teams.rss_mb_added", with_teams - usual, ROUNDS),
        measured("teams.rss_mb_with", with_teams, ROUNDS),
    ]
