"""How a payload is described: small checks, put together as the payload is."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

# Looks at one value, which stands at a place ("blocks/0/text"), and names its faults.
Check = Callable[[Any, str], Iterator[str]]


def length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def string(most: int, least: int = 1) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{at}: no string"
        elif not least <= length(value) <= most:
            yield f"{at}: {length(value)} characters, {least} to {most} are taken"

    return check


def flag(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield f"{at}: neither true nor false"


def number(least: int, most: int) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if type(value) is not int or not least <= value <= most:
            yield f"{at}: {value!r}, {least} to {most} is taken"

    return check


def either(*allowed: str) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if value not in allowed:
            yield f"{at}: {value!r} is none of {', '.join(allowed)}"

    return check


def each(most: int, one: Check, least: int = 1) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{at}: no list"
            return
        if not least <= len(value) <= most:
            yield f"{at}: {len(value)} of them, {least} to {most} are taken"
        for place, item in enumerate(value):
            yield from one(item, f"{at}/{place}")

    return check


def shape(must: Mapping[str, Check], may: Mapping[str, Check] | None = None) -> Check:
    """An object with these keys and no others."""
    known = {**must, **(may or {})}

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{at}: no object"
            return
        yield from (f"{at}: {key!r} is missing" for key in must if key not in value)
        for key, held in value.items():
            yield from known[key](held, f"{at}/{key}") if key in known else [f"{at}: {key!r}?"]

    return check


def kinds(table: Mapping[str, Check]) -> Check:
    """An object that says by its type which of these it is."""

    def check(value: Any, at: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in table:
            yield f"{at}: {kind!r} is not known here"
        else:
            yield from table[kind](value, at)

    return check


def anything(value: Any, at: str) -> Iterator[str]:
    yield from ()
