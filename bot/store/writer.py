"""The one thread that writes. What waits is committed together; each piece stands or falls alone.

One writer because several processes on one SQLite file were correct but stalled for 2.5 to 5 s, and
Slack sends again after 3. Together because the disk's flush is what takes the time: 200 waiting
were committed within 25 ms (facts: reliability 2.1, 2026-09).
"""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from bot.store.mistakes import StoreMistake

T = TypeVar("T")
MOST_TOGETHER = 256


class _Job(Generic[T]):
    """A piece of writing and whoever waits for it."""

    def __init__(self, work: Callable[[sqlite3.Connection], T]) -> None:
        self.work = work
        self.future: Future[T] = Future()
        self.settle: Callable[[], None] = lambda: None

    def run(self, conn: sqlite3.Connection) -> None:
        """Do the work inside its own savepoint. Nobody is told before the commit."""
        conn.execute("savepoint job")
        try:
            result = self.work(conn)
        except BaseException as error:
            self.refuse(error)
            _undo(conn)
        else:
            self.settle = lambda: self.future.set_result(result)
            conn.execute("release job")

    def refuse(self, error: BaseException) -> None:
        told = _plain(error)
        self.settle = lambda: self.future.set_exception(told)


def _undo(conn: sqlite3.Connection) -> None:
    conn.execute("rollback to job")
    conn.execute("release job")


def _plain(error: BaseException) -> BaseException:
    """SQLite's own errors become ours: nothing outside the store knows SQLite."""
    if not isinstance(error, sqlite3.Error):
        return error
    told = StoreMistake(f"Not saved: {error}.")
    told.__cause__ = error
    return told


class Writer:
    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._waiting: SimpleQueue[_Job[object] | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="records", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Have ``work`` done and committed; the future is done only when it is on the disk."""
        if threading.current_thread() is self._thread:
            raise StoreMistake("A decision may not wait for another: the writer would stop.")
        job = _Job(work)
        with self._gate:
            if self._closed:
                raise StoreMistake("The records are closed.")
            self._waiting.put(job)  # type: ignore[arg-type]  # its result goes to its own future
        return job.future

    def close(self) -> None:
        """Finish what waits, then stop."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        going = True
        while going:
            jobs, going = self._next()
            wanted = [job for job in jobs if job.future.set_running_or_notify_cancel()]
            if wanted:
                self._commit(wanted)

    def _next(self) -> tuple[list[_Job[object]], bool]:
        """Everything that waits, once something does; and whether to go on after it."""
        jobs: list[_Job[object]] = []
        job = self._waiting.get()
        while job is not None:
            jobs.append(job)
            if len(jobs) == MOST_TOGETHER:
                return jobs, True
            try:
                job = self._waiting.get_nowait()
            except Empty:
                return jobs, True
        return jobs, False

    def _commit(self, jobs: list[_Job[object]]) -> None:
        try:
            self._conn.execute("begin immediate")
            for job in jobs:
                job.run(self._conn)
                self._still_open()
            self._conn.execute("commit")
        except BaseException as error:
            self._abandon(jobs, error)
        for job in jobs:
            job.settle()

    def _still_open(self) -> None:
        # a full disk rolls back the whole transaction, savepoints included
        if not self._conn.in_transaction:
            raise StoreMistake("Not saved: the disk refused it.")

    def _abandon(self, jobs: list[_Job[object]], error: BaseException) -> None:
        """Nothing of these was kept; everyone who waits is told."""
        with suppress(sqlite3.Error):  # whatever happens, nobody waits for ever
            if self._conn.in_transaction:
                self._conn.execute("rollback")
        for job in jobs:
            job.refuse(error)
