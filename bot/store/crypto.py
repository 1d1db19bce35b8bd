"""Seals what people typed, so that the database, its log and its backups hold none of it in clear.

The key never lies beside the database: whoever copies the folder has the records but not the words.
Each sealed value is bound to its table, id and field, so none can be moved to another row unseen.
"""

import json
import os
import secrets
import struct
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.store.mistakes import StoreMistake

KEY_BYTES = 32
STEP = 256  # lengths are rounded up to this: how much someone wrote is telling too
_FIRST = b"\x01"  # the form of what follows; another cipher gets another byte
_NONCE = 12
_LENGTH = struct.Struct(">I")


class Sealer:
    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise StoreMistake(f"The key must be {KEY_BYTES} bytes, not {len(key)}.")
        self._cipher = AESGCM(key)

    def seal(self, words: str, table: str, id: str, field: str) -> bytes:
        nonce = os.urandom(_NONCE)
        sealed = self._cipher.encrypt(nonce, _padded(words), _bound_to(table, id, field))
        return _FIRST + nonce + sealed

    def open(self, sealed: bytes, table: str, id: str, field: str) -> str:
        """The words; refused when the key, the row or a single bit is not the one they had."""
        nonce, rest = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            if sealed[:1] != _FIRST:
                raise InvalidTag
            return _unpadded(self._cipher.decrypt(nonce, rest, _bound_to(table, id, field)))
        except (InvalidTag, ValueError):
            raise StoreMistake(f"{table} {id}: {field} does not open with this key.") from None


def _bound_to(table: str, id: str, field: str) -> bytes:
    return json.dumps([table, id, field]).encode()


def _padded(words: str) -> bytes:
    typed = words.encode("utf-8", "surrogatepass")  # half an emoji is still what they typed
    body = _LENGTH.pack(len(typed)) + typed
    return body + bytes(-len(body) % STEP)


def _unpadded(body: bytes) -> str:
    (length,) = _LENGTH.unpack_from(body)
    return body[_LENGTH.size : _LENGTH.size + length].decode("utf-8", "surrogatepass")


def load_or_make_key(path: Path, database: Path | None = None) -> bytes:
    """The installation's key. A new one is made only where there is no database waiting for one.

    With ``database`` a key beside or below it is refused: one copied folder would give both away.
    """
    if database is not None:
        _refuse_beside(path, database)
    if path.exists():
        return _load(path)
    if database is not None and database.exists():
        raise StoreMistake(f"{database} is there but its key {path} is not. Put the key back.")
    return _make(path)


def _refuse_beside(path: Path, database: Path) -> None:
    if path.resolve().is_relative_to(database.resolve().parent):
        raise StoreMistake(f"The key {path} lies in the folder of {database}. Keep it elsewhere.")


def _load(path: Path) -> bytes:
    try:
        if path.stat().st_mode & 0o077:
            raise StoreMistake(f"Others may read the key {path}. Run: chmod 600 {path}")
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        raise StoreMistake(f"The key {path} cannot be read as 64 hexadecimal digits.") from None
    if len(key) != KEY_BYTES:
        raise StoreMistake(f"The key {path} is not 64 hexadecimal digits.")
    return key


def _make(path: Path) -> bytes:
    """A new key, on the disk before anything is sealed with it."""
    key = secrets.token_bytes(KEY_BYTES)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(number, "w", encoding="ascii") as file:
            file.write(key.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        _sync_folder(path.parent)
    except OSError as error:
        raise StoreMistake(f"The key {path} cannot be written: {error.strerror}.") from None
    return key


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
