"""The story of staff on Slack (story.py), played in local-slack over a socket and over signed HTTP."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping

import pytest

from bot.config import ROOT
from tests.peers import apart
from tests.peers.story import CHAPTERS

MODES = ("socket", "http")
LONGEST = 240  # seconds for a whole story
Told = Mapping[str, tuple[int, str, str]]


@pytest.fixture(scope="module")
def told() -> Told:
    """How each mode's story went, both played at once: most of it is waiting."""
    if why := apart.cannot():
        assert not os.environ.get("PEERS"), why
        pytest.skip(why)
    playing = {mode: _begun(mode) for mode in MODES}
    return {mode: _ended(process) for mode, process in playing.items()}


def _begun(mode: str) -> subprocess.Popen[str]:
    command = apart.alone([sys.executable, "-m", "tests.peers.story", mode])
    told = subprocess.PIPE
    return subprocess.Popen(
        command, cwd=ROOT, stdout=told, stderr=told, text=True, start_new_session=True
    )


def _ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """What it said; ended with all that it had started when it takes too long."""
    try:
        said, wrong = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        said, wrong = process.communicate()
    return process.returncode, said, wrong


@pytest.mark.parametrize("mode", MODES)
def test_every_chapter_goes_well(told: Told, mode: str) -> None:
    status, said, wrong = told[mode]
    assert said.splitlines() == [chapter.__name__ for chapter in CHAPTERS], wrong
    assert status == 0, wrong
