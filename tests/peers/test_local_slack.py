"""The story of staff on Slack (story.py), played in local-slack over a socket and over signed HTTP."""

import os
import signal
import subprocess

import pytest

from tests.peers import apart
from tests.peers.conftest import MODES, Playing
from tests.peers.story import CHAPTERS

LONGEST = 200  # seconds that are left for a story when everything else here is done


@pytest.fixture(params=MODES)
def told(playing: Playing, request: pytest.FixtureRequest) -> tuple[int, list[str], str]:
    """How one mode's story went: its status, its chapters, and what was wrong."""
    if why := apart.cannot():
        pytest.skip(why)  # the kernel's word, which nothing here can change
    process = playing[request.param]
    try:
        said, wrong = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        said, wrong = process.communicate()
    return process.returncode, said.splitlines(), wrong


def test_every_chapter_goes_well(told: tuple[int, list[str], str]) -> None:
    status, chapters, wrong = told
    assert chapters == [chapter.__name__ for chapter in CHAPTERS], wrong
    assert status == 0, wrong
