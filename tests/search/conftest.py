"""The encoder, where its weights are; tests that need it are skipped elsewhere, but never in CI."""

import os
from pathlib import Path

import pytest

from bot.search.encoder import Encoder
from bot.search.weights import made_from, mark_of

ROOT = Path(__file__).parents[2]
PACKED = Path(os.environ.get("DATA_DIR", ROOT / "var")) / "encoder.npz"


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    if not PACKED.exists():
        reason = f"no weights at {PACKED}: run `python -m bot.search.weights {PACKED.parent}`"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return Encoder(PACKED)


@pytest.fixture(scope="session")
def current(encoder: Encoder) -> Encoder:
    """The encoder packed from the very delta that is committed."""
    if mark_of(PACKED) != made_from(ROOT / "bot/search/models/delta.npz"):
        reason = f"{PACKED} is of another delta: run `python -m bot.search.weights {PACKED.parent}`"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return encoder
