"""One desk and one rig round it for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.teams.rig import Desk, Rig, rig


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def teams(desk: Desk) -> AsyncIterator[Rig]:
    async with rig(desk.hear) as made:
        yield made
