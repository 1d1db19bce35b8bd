"""A zipped document (.odt), looked at from outside before anything in it is unpacked."""

import zipfile
from io import BytesIO
from itertools import pairwise

from lxml import etree

from bot.intake.read import IntakeMistake

MOST_ENTRIES = 3000
MOST_UNPACKED = 150 * 1024 * 1024  # of everything, pictures too
MOST_PART = 40 * 1024 * 1024  # of one part that is read
# Written text packs to about a tenth. A part that packs much better says one thing over and over.
MOST_TIMES = 200
SMALL = 1024 * 1024  # below this a part may pack as well as it likes
_AGAIN = "open it in your word processor, save it again under a new name and import that."


class Packed:
    """The parts of a zipped file, by name. Nothing is ever written to disk."""

    def __init__(self, name: str, raw: bytes) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(BytesIO(raw))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
            raise IntakeMistake(f"{name} is damaged or cut short: {_AGAIN}") from error
        _refuse(name, entries)
        self.names = frozenset(entry.filename for entry in entries)

    def part(self, path: str) -> bytes:
        """The bytes of one part; empty when there is none of that name."""
        if path not in self.names:
            return b""
        if self._zip.getinfo(path).file_size > MOST_PART:
            raise _bomb(self.name)
        try:
            return self._zip.read(path)
        except Exception as error:  # whatever a broken stream makes of its decompressor
            raise IntakeMistake(f"{self.name} is damaged inside: {_AGAIN}") from error

    def xml(self, path: str) -> etree._Element | None:
        """One part parsed, or None when there is none of that name."""
        raw = self.part(path)
        if not raw:
            return None
        # In UTF-16 the same signs stand with zeros between them.
        if b"<!DOCTYPE" in raw.replace(b"\0", b""):
            raise _harm(self.name)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_pis=True,
        )
        try:
            found = etree.fromstring(raw, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise IntakeMistake(f"{self.name} is damaged inside: {_AGAIN}") from error
        if found.getroottree().docinfo.doctype:
            raise _harm(self.name)
        return found


def _refuse(name: str, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise _bomb(name)
    if any(entry.flag_bits & 1 for entry in entries):
        raise IntakeMistake(
            f"{name} has a password: open it, take the password off, save it and import that."
        )
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED or any(map(_swells, entries)):
        raise _bomb(name)
    placed = sorted(entries, key=lambda entry: entry.header_offset)
    if any(a.header_offset + a.compress_size > b.header_offset for a, b in pairwise(placed)):
        raise _harm(name)


def _swells(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > SMALL and entry.file_size > MOST_TIMES * entry.compress_size


def _bomb(name: str) -> IntakeMistake:
    return IntakeMistake(f"{name} unpacks to far more than a policy holds: is it a policy?")


def _harm(name: str) -> IntakeMistake:
    return IntakeMistake(f"{name} is damaged or was made to do harm: {_AGAIN}")
