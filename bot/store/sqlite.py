"""The records in one SQLite file, written by one thread of one process."""

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import Future
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from bot.core.records import Decision, Forgotten, Letter, Reads, State
from bot.store import tables
from bot.store.crypto import Sealer
from bot.store.migrations import migrations, newer
from bot.store.mistakes import StoreMistake
from bot.store.rules import remembered
from bot.store.writer import Writer

T = TypeVar("T")
PATIENCE_S = 5  # for somebody's backup or sqlite3 shell to let go
_PROOF = "The key that opens this opens the rest."


class SqliteStore:
    def __init__(self, path: Path, sealer: Sealer) -> None:
        self._path, self._sealer = path.resolve(), sealer
        self._lock = _locked(self._path)
        try:
            self._conn = _opened(self._path, sealer)
        except BaseException:
            os.close(self._lock)
            raise
        self._writer = Writer(self._conn)

    def carry_out(self, decide: Callable[[Reads], Decision], key: str = "") -> Decision:
        """Keep what ``decide`` makes of the records, all or nothing; return once it is on disk.

        A ``key`` that was seen, asked for here or named by the decision, gets the remembered
        answers and changes nothing. Raises when nothing was kept.
        """
        return self._submit(decide, key).result()

    async def carry_out_async(self, decide: Callable[[Reads], Decision], key: str = "") -> Decision:
        """The same, without holding up the event loop."""
        return await self._writer.done(lambda conn: self._decided(conn, decide, key))

    def _submit(self, decide: Callable[[Reads], Decision], key: str) -> Future[Decision]:
        return self._writer.submit(lambda conn: self._decided(conn, decide, key))

    def _decided(
        self, conn: sqlite3.Connection, decide: Callable[[Reads], Decision], key: str
    ) -> Decision:
        records = tables.Records(conn, self._sealer)
        before = remembered(records, key)
        if before is not None:
            return before
        decision = decide(records)
        before = remembered(records, decision.key) if decision.key != key else None
        if before is not None:
            return before
        tables.keep(conn, self._sealer, decision)
        return decision

    def look(self, read: Callable[[Reads], T]) -> T:
        """What ``read`` makes of the records as they stand, on a connection that cannot write."""
        with closing(self._reading()) as conn:
            return read(tables.Records(conn, self._sealer))

    def letters(self, *states: State) -> tuple[Letter, ...]:
        """The outbox's letters in these states, oldest first: for an admin's page."""
        with closing(self._reading()) as conn:
            return tables.letters(conn, states)

    def _reading(self) -> sqlite3.Connection:
        conn = sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True, isolation_level=None)
        conn.row_factory = sqlite3.Row
        conn.execute("begin")  # one moment of the records, however many questions are asked
        return conn

    async def claim(
        self, now: datetime, most: int, busy: Collection[str] = ()
    ) -> tuple[Letter, ...]:
        """Take up to ``most`` letters that are due: committed before anyone calls a platform."""
        busy = frozenset(busy)
        return await self._writer.done(lambda conn: tables.claim(conn, now, most, busy))

    def mark(self, letter: Letter) -> Awaitable[None]:
        """Keep how a letter stands now. One that is sent or given up stays so. Whatever is asked for
        after this finds it so, awaited or not; whoever stops waiting does not undo it."""
        return asyncio.shield(self._writer.done(lambda conn: tables.mark(conn, letter), True))

    def forget(self, now: datetime) -> Forgotten:
        """The night's housekeeping: what has run its time is deleted from the file and its log."""
        forgotten = self._writer.submit(lambda conn: tables.forget(conn, now)).result()
        with closing(sqlite3.connect(self._path, timeout=PATIENCE_S)) as conn:
            conn.execute("pragma wal_checkpoint(truncate)")
        return forgotten

    def close(self) -> None:
        """Finish what waits and let the next one have the file. Closing twice does nothing."""
        self._writer.close()
        self._conn.close()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1  # the number may be somebody else's file by now


def examined(path: Path, sealer: Sealer) -> None:
    """Raise the StoreMistake that opening these records would. Works on a copy in memory: nothing is
    written, not even beside them."""
    how = "mode=ro" if Path(f"{path}-wal").exists() else "immutable=1"
    address = f"{path.resolve().as_uri()}?{how}"
    try:
        with (
            closing(sqlite3.connect(address, uri=True, timeout=PATIENCE_S)) as kept,
            closing(sqlite3.connect(":memory:", isolation_level=None)) as copy,
        ):
            kept.backup(copy)
            copy.row_factory = sqlite3.Row
            _migrate(copy, path)
            _prove(copy, sealer)
    except sqlite3.DatabaseError as error:
        raise _no_database(path, error) from None


def _no_database(path: Path, error: sqlite3.DatabaseError) -> StoreMistake:
    return StoreMistake(f"{path} does not open as a database: {error}.")


def _locked(path: Path) -> int:
    """Hold the file beside the database for as long as this process lives."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        number = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreMistake(f"{path} cannot be kept there: {error.strerror}.") from None
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(number)
        raise StoreMistake(f"Another Policybot is using {path}. Stop that one first.") from None
    return number


def _opened(path: Path, sealer: Sealer) -> sqlite3.Connection:
    """The writing connection, its tables as this Policybot wants them and its key proved."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # its log files take the same mode
    conn = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        _set(conn)
        conn.execute("begin immediate")  # all of it or the file as it was
        _migrate(conn, path)
        _prove(conn, sealer)
        tables.after_a_crash(conn)
        conn.execute("commit")
    except sqlite3.DatabaseError as error:
        conn.close()
        raise _no_database(path, error) from None
    except BaseException:
        conn.close()
        raise
    return conn


def _migrate(conn: sqlite3.Connection, path: Path) -> None:
    db = Database(conn, execute_plugins=False)
    if unknown := newer(db):
        raise StoreMistake(f"{path} was made by a newer Policybot: {', '.join(unknown)}.")
    migrations.apply(db)


def _set(conn: sqlite3.Connection) -> None:
    conn.row_factory = sqlite3.Row
    for setting in (
        f"busy_timeout = {PATIENCE_S * 1000}",
        "journal_mode = wal",
        "synchronous = full",  # NORMAL answers "saved" before it is on the disk
        "foreign_keys = on",
        "secure_delete = on",
    ):
        conn.execute(f"pragma {setting}")


def _prove(conn: sqlite3.Connection, sealer: Sealer) -> None:
    """Refuse a key that is not this database's before anything is sealed with it."""
    sealed = sealer.seal(_PROOF, "proofs", "key", "sealed")
    sql = "insert into proofs (name, sealed) values ('key', ?) on conflict(name) do nothing"
    conn.execute(sql, [sealed])
    kept = conn.execute("select sealed from proofs where name = 'key'").fetchone()["sealed"]
    try:
        sealer.open(kept, "proofs", "key", "sealed")
    except StoreMistake:
        raise StoreMistake("This is not the key of these records. Find the right one.") from None
