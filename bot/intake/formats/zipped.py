"""A zip file that came from anywhere, opened with care: its directory is weighed before anything is unpacked.

Only the parts that are asked for are ever unpacked, into memory. XML is parsed without entities, without
a DTD and without the network.
"""

import posixpath
import zlib
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from lxml import etree

from bot.intake.read import IntakeMistake

Element = Any  # lxml carries no types
MOST_PARTS = 4000
MOST_BYTES = 400 * 1024 * 1024
WORST_RATIO = 150
ODD_FROM = 30 * 1024 * 1024  # below this a ratio says nothing
MOST_XML = 20 * 1024 * 1024
MOST_TAGS = 700_000  # signs "<" and "=" in all parts: each costs up to 220 bytes when parsed
# Strict files of Word say the same things under other names.
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}
_DOCTYPES = tuple("<!DOCTYPE".encode(codec) for codec in ("utf-8", "utf-16-le", "utf-16-be"))
_BROKEN = (BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error)


@dataclass(frozen=True)
class Related:
    """One part that another part points to; ``kind`` is the last word of its type ("footnotes")."""

    id: str
    kind: str
    path: str


class Zipped:
    """The parts of a zipped document. Whatever is wrong with one raises IntakeMistake."""

    def __init__(self, name: str, raw: bytes) -> None:
        self.name = name
        self._left = MOST_TAGS
        try:
            self._zip = ZipFile(BytesIO(raw))
            self._infos = {info.filename: info for info in self._zip.infolist()}
        except _BROKEN as error:
            raise self._cut_short() from error
        self._refuse(self._zip.infolist(), len(raw))

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(self._infos)

    def xml(self, path: str) -> Element | None:
        """The root of an XML part, or None when there is no such part."""
        if path not in self._infos:
            return None
        raw = self.bytes(path)
        if any(sign in raw for sign in _DOCTYPES):
            raise self._harmful()
        self._left -= raw.count(b"<") + raw.count(b"=")
        if len(raw) > MOST_XML or self._left < 0:
            raise self._too_big()
        for strict, usual in _STRICT.items():
            raw = raw.replace(strict, usual)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_pis=True,
            remove_comments=True,
        )
        try:
            root = etree.fromstring(raw, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self._damaged() from error
        if root.getroottree().docinfo.doctype:
            raise self._harmful()
        return root

    def related(self, path: str) -> list[Related]:
        """What a part ("" for the whole) points to inside the file; links out of it are not followed."""
        folder, file = posixpath.split(path)
        root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
        found = []
        for one in root if root is not None else ():
            target = one.get("Target") or ""
            if one.get("TargetMode") != "External" and target:
                inside = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                kind = (one.get("Type") or "").rsplit("/", 1)[-1]
                found.append(Related(one.get("Id") or "", kind, inside))
        return found

    def bytes(self, path: str) -> bytes:
        """The bytes of one part; empty when there is no such part."""
        if path not in self._infos:
            return b""
        if self._infos[path].file_size > MOST_XML:
            raise self._too_big()
        try:
            with self._zip.open(path) as part:  # a directory may lie about sizes
                return part.read(MOST_XML + 1)
        except _BROKEN as error:
            raise self._damaged() from error

    def _refuse(self, infos: list[ZipInfo], size: int) -> None:
        total = sum(info.file_size for info in infos)
        swells = total > ODD_FROM and total > WORST_RATIO * size
        if len(infos) > MOST_PARTS or total > MOST_BYTES or swells:
            raise self._too_big()
        if any(info.flag_bits & 1 for info in infos):
            raise IntakeMistake(
                f"{self.name} has a password: open it in your word processor, take the password off, "
                "and import that."
            )
        placed = sorted(infos, key=lambda info: info.header_offset)
        if any(a.header_offset + a.compress_size > b.header_offset for a, b in pairwise(placed)):
            raise self._overlapping()

    def _cut_short(self) -> IntakeMistake:
        return IntakeMistake(
            f"{self.name} is damaged or only half there: get it once more from where it came from, "
            "or save it again from your word processor."
        )

    def _damaged(self) -> IntakeMistake:
        return IntakeMistake(
            f"{self.name} is damaged inside: open it in your word processor, save it again under a new "
            "name and import that."
        )

    def _too_big(self) -> IntakeMistake:
        return IntakeMistake(
            f"{self.name} unpacks to far more than a policy: open it in your word processor, copy the "
            "text into a new document and import that."
        )

    def _overlapping(self) -> IntakeMistake:
        return IntakeMistake(
            f"{self.name} names one part of itself many times, as files made to do harm do: save it again "
            "from your word processor and import that."
        )

    def _harmful(self) -> IntakeMistake:
        return IntakeMistake(
            f"{self.name} holds XML that no word processor writes (a DOCTYPE): save it again from your "
            "word processor and import that."
        )
