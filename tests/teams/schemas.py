"""Microsoft's own schemas, which lie beside the repository: read once, for every test that asks."""

import json
import os
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator, validators

from tests.bench.sets import SHARED

CARD = "adaptive-card-1.6.0.json"
MANIFEST = "teams-manifest-1.30.json"


def faults(told: object, schema: str) -> tuple[str, ...]:
    """What a schema has against it, each with its place. Skips where the schemas are absent."""
    if not (SHARED / "schemas" / schema).exists():
        assert not os.environ.get("CI"), f"CI needs ../shared: schemas/{schema}"
        pytest.skip(f"../shared is not here: schemas/{schema} is read from there")
    return _faults(json.dumps(told), schema)


def card_faults(card: object) -> tuple[str, ...]:
    """The same for a card, of which a shape is looked at once: the schema asks of words only that they
    are words, and of a list's elements each for itself. It takes 20 ms for each look."""
    return faults(_shape(card), CARD)


@cache
def _faults(told: str, schema: str) -> tuple[str, ...]:
    errors = _reader(schema).iter_errors(json.loads(told))
    return tuple(f"{error.json_path}: {error.message[:200]}" for error in errors)


@cache
def _reader(schema: str) -> Any:
    read = json.loads((SHARED / "schemas" / schema).read_text(encoding="utf-8"))
    return validators.validator_for(read, default=Draft202012Validator)(read)


WORDS = ("text", "title", "value", "label", "placeholder", "errorMessage", "fallbackText", "id")


def _shape(told: Any, key: str = "") -> Any:
    if isinstance(told, dict):
        return {key: _shape(each, key) for key, each in told.items()}
    if isinstance(told, list):
        shapes = [_shape(each) for each in told]
        return [each for at, each in enumerate(shapes) if each not in shapes[:at]]
    return "words" if key in WORDS and isinstance(told, str) else told
