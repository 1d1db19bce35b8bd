"""What the peers' tests share: the peers themselves, the stories that are being played meanwhile, and the
browser of the web tests."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress

import pytest

from bot.config import ROOT
from tests.peers import apart
from tests.peers.fetching import are_here
from tests.web.conftest import CHROMIUM, browser

__all__ = ["browser"]

MODES = ("socket", "http")
Playing = Mapping[str, subprocess.Popen[str]]


@pytest.fixture(autouse=True, scope="session")
def peers() -> None:
    """Other people's programs. Missing, they are a reason to skip, but not where PEERS asks for them."""
    if not are_here():
        assert not os.environ.get("PEERS"), "the peers are not there: make peers fetches them"
        pytest.skip("the peers are not there: make peers fetches them when online")
    if os.environ.get("PEERS"):
        assert CHROMIUM.exists(), f"{CHROMIUM} is needed: on Debian, apt install chromium"


@pytest.fixture(autouse=True, scope="session")
def playing(peers: None, request: pytest.FixtureRequest) -> Iterator[Playing]:
    """The stories in local-slack, where a test wants them: begun before everything else here, for most
    of a story is waiting. Ended with all that they started."""
    wanted = any("told" in getattr(item, "fixturenames", ()) for item in request.session.items)
    begun = {mode: _begun(mode) for mode in MODES} if wanted and not apart.cannot() else {}
    yield begun
    for process in begun.values():
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _begun(mode: str) -> subprocess.Popen[str]:
    command = apart.alone([sys.executable, "-m", "tests.peers.story", mode])
    told = subprocess.PIPE
    return subprocess.Popen(
        command, cwd=ROOT, stdout=told, stderr=told, text=True, start_new_session=True
    )
