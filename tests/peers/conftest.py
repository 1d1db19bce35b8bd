"""What the peers' tests share: the peers themselves, and the browser of the web tests."""

import os

import pytest

from tests.peers.fetching import are_here
from tests.web.conftest import browser

__all__ = ["browser"]


@pytest.fixture(autouse=True, scope="session")
def peers() -> None:
    """Other people's programs. Missing, they are a reason to skip, but not where PEERS asks for them."""
    if not are_here():
        assert not os.environ.get("PEERS"), "the peers are not there: make peers fetches them"
        pytest.skip("the peers are not there: make peers fetches them when online")
