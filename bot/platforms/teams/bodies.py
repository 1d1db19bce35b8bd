"""JSON that somebody else sent: never more of it than a limit, never deeper than a limit, always a dict."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import StreamReader, web

Activity = Mapping[str, Any]

BODY_LIMIT = 256 * 1024  # bytes, unpacked; Teams' own limit of a message is about 100 KB
DEPTH = 50


class Unreadable(Exception):
    """``reason`` is ours; nothing of the body is in it. ``status`` is what to answer with."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


async def read_mapping(stream: StreamReader, most: int = BODY_LIMIT) -> dict[str, Any]:
    """The JSON object of a request's or a response's ``content``. Raises Unreadable."""
    return mapping(await read_bytes(stream, most))


async def read_bytes(stream: StreamReader, most: int) -> bytes:
    """Everything, but stops reading as soon as it is too much (what was packed comes unpacked)."""
    read = bytearray()
    try:
        async for chunk in stream.iter_any():
            read += chunk
            if len(read) > most:
                raise Unreadable("too big", 413)
    except web.RequestPayloadError:
        raise Unreadable("broken off") from None
    return bytes(read)


def mapping(body: bytes) -> dict[str, Any]:
    """The JSON object that a body is."""
    try:
        value = _DECODER.decode(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Unreadable("no JSON") from None
    if not isinstance(value, dict):
        raise Unreadable("no object")
    if _deeper(value, DEPTH):
        raise Unreadable("too deep")
    return value


def words(value: Any, *path: str) -> str:
    """The text at the end of a path of keys; empty where there is none, whatever lies there instead."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _no_number(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity, which JSON does not know


def _deeper(value: Any, most: int) -> bool:
    level = [value]
    for _ in range(most):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


_DECODER = json.JSONDecoder(parse_constant=_no_number)  # built anew it costs as much as it reads
