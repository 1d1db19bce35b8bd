"""What a form of the importer sends: fields, and one file of up to 25 MB. Only here may so much come in."""

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import BadHttpMessage

FILE_LIMIT = 25 * 1024 * 1024
FORM_LIMIT = 1024 * 1024  # the labels of a policy of a few thousand clauses
FIELD_LIMIT = 1000  # bytes of a field beside a file
NAME_LIMIT = 120
MOST_PARTS = 20  # the page's own form has four
READ_ON = (
    4 * FILE_LIMIT
)  # so much more is read and thrown away, so that the browser hears the answer


class TooBig(Exception):
    """More was sent than may be."""


class Unreadable(Exception):
    """What was sent is no form of ours."""


class TwoFiles(Exception):
    """Two files came at once, and nobody could tell which of them was meant."""


@dataclass(frozen=True)
class Sent:
    """The fields of a form, and its file; ``name`` is empty when none was chosen."""

    fields: dict[str, str]
    name: str = ""
    raw: bytes = b""


async def uploaded(request: web.Request) -> Sent:
    """A form with a file, read bit by bit: nothing of it is written to disk."""
    if request.content_type != "multipart/form-data":
        raise Unreadable
    fields: dict[str, str] = {}
    name, raw = "", b""
    parts = 0
    try:
        async for part in await request.multipart():
            parts += 1
            if parts > MOST_PARTS or not isinstance(part, BodyPartReader):
                raise Unreadable
            if part.filename is None:
                fields[part.name or ""] = plain((await _bytes(part, FIELD_LIMIT)).decode("utf-8"))
            elif part.filename and name:
                raise TwoFiles
            elif part.filename:
                name, raw = safe_name(part.filename), await _bytes(part, FILE_LIMIT)
    except (
        ValueError,
        KeyError,
        BadHttpMessage,
    ) as error:  # no boundary, broken headers, a field that is no text
        raise Unreadable from error
    return Sent(fields, name, raw)


async def _bytes(part: BodyPartReader, limit: int) -> bytes:
    found = bytearray()
    while chunk := await part.read_chunk(64 * 1024):
        found += chunk
        if len(found) > limit:
            found.clear()
            await _read_on(part)
            raise TooBig
    return bytes(found)


async def _read_on(part: BodyPartReader) -> None:
    """A browser that is not listened to reports a broken connection instead of what was wrong."""
    gone = 0
    while gone < READ_ON and (chunk := await part.read_chunk(64 * 1024)):
        gone += len(chunk)


async def filled_in(request: web.Request) -> dict[str, str]:
    """The fields of a form without a file; a policy has more labels than the chat lets fields in."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise Unreadable
    body = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > FORM_LIMIT:
            raise TooBig
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=20_000)
    except ValueError as error:
        raise Unreadable from error
    return {name: plain(value) for name, value in pairs}


def plain(text: str) -> str:
    """The words in one line, without signs that control something."""
    kept = (" " if c in "\r\n\t" else c for c in text)
    return " ".join("".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cs")).split())


def safe_name(name: str) -> str:
    """A file's own name as it can be shown and written down: no folders, nothing invisible."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cs", "Cf", "Zl", "Zp"))
    stem, dot, ending = kept.rpartition(".")
    short = f"{stem[: NAME_LIMIT - len(ending)]}{dot}{ending}" if len(kept) > NAME_LIMIT else kept
    return short.strip() or "document"


__all__ = [
    "Sent",
    "TooBig",
    "TwoFiles",
    "Unreadable",
    "filled_in",
    "plain",
    "safe_name",
    "uploaded",
]
