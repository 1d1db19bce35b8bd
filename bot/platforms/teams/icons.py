"""The app's two pictures, drawn on a grid of 32 and written as PNG: a page with three lines on it.

Teams asks for 192 x 192 in colour and 32 x 32 in white on nothing.
"""

import struct
import zlib
from collections.abc import Iterable

Box = tuple[int, int, int, int]  # left, top, right, bottom, in squares of the grid

GRID = 32
ACCENT = "#17456b"  # of the staff pages
NOTHING, WHITE = bytes(4), b"\xff\xff\xff\xff"
BLUE = bytes.fromhex(f"{ACCENT[1:]}ff")
LINES: tuple[Box, ...] = ((12, 11, 20, 13), (12, 15, 20, 17), (12, 19, 17, 21))


def colour() -> bytes:
    """On a ground of its own; the page keeps to the middle, since Teams rounds the corners."""
    lines = ((line, BLUE) for line in LINES)
    return png(192, [((0, 0, GRID, GRID), BLUE), ((9, 7, 23, 25), WHITE), *lines])


def outline() -> bytes:
    lines = ((line, WHITE) for line in LINES)
    return png(GRID, [((7, 5, 25, 27), WHITE), ((9, 7, 23, 25), NOTHING), *lines])


def png(size: int, boxes: Iterable[tuple[Box, bytes]]) -> bytes:
    """A square picture; ``size`` in pixels, a multiple of the grid. A later box lies on top."""
    squares = [[NOTHING] * GRID for _ in range(GRID)]
    for (left, top, right, bottom), paint in boxes:
        for row in squares[top:bottom]:
            row[left:right] = [paint] * (right - left)
    each = size // GRID
    lines = (
        b"\0" + b"".join(paint * each for paint in row) for row in squares for _ in range(each)
    )
    # Eight bits each of red, green, blue and how solid it is; each line begins with "not filtered".
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    drawn = zlib.compress(b"".join(lines), 9)
    parts = ((b"IHDR", header), (b"IDAT", drawn), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, told) for kind, told in parts)


def _chunk(kind: bytes, told: bytes) -> bytes:
    return struct.pack(">I", len(told)) + kind + told + struct.pack(">I", zlib.crc32(kind + told))
