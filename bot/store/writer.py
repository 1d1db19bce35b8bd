"""The one thread that writes. What waits is committed together; each piece stands or falls alone.

One writer because several processes on one SQLite file were correct but stalled for 2.5 to 5 s, and
Slack sends again after 3. Together because the disk's flush is what takes the time: 200 waiting
were committed within 25 ms (facts: reliability 2.1, 2026-09).
"""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from bot.store.mistakes import StoreMistake

T = TypeVar("T")
MOST_TOGETHER = 256
LINGER_S = 0.02  # how long what nobody waits for may wait for company


class _Job(Generic[T]):
    """A piece of writing and whoever waits for it: a coroutine of ``loop``, else another thread."""

    def __init__(
        self,
        work: Callable[[sqlite3.Connection], T],
        loop: asyncio.AbstractEventLoop | None = None,
        patient: bool = False,
    ) -> None:
        self.work, self.loop, self.patient = work, loop, patient
        self.future: Future[T] | asyncio.Future[T] = loop.create_future() if loop else Future()
        self._settle: Callable[[], None] = lambda: None

    def begins(self) -> bool:
        """Whether it is still waited for."""
        if isinstance(self.future, Future):
            return self.future.set_running_or_notify_cancel()
        return not self.future.cancelled()

    def run(self, conn: sqlite3.Connection) -> None:
        """Do the work inside its own savepoint. Nobody is told before the commit."""
        conn.execute("savepoint job")
        try:
            self.run_alone(conn)
        except BaseException as error:
            self.refuse(error)
            _undo(conn)
        else:
            conn.execute("release job")

    def run_alone(self, conn: sqlite3.Connection) -> None:
        """Do the work in a transaction that holds no other: whoever began it undoes what fails."""
        result = self.work(conn)
        self._settle = lambda: self.future.set_result(result)

    def refuse(self, error: BaseException) -> None:
        told = _plain(error)
        self._settle = lambda: self.future.set_exception(told)

    def settle(self) -> None:
        if not self.future.done():  # whoever waited may have gone away meanwhile
            self._settle()


def _settle(jobs: Iterable[_Job[Any]]) -> None:
    for job in jobs:
        job.settle()


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
        self._waiting: SimpleQueue[_Job[Any] | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="records", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Have ``work`` done and committed; the future is done only when it is on the disk."""
        job = _Job(work)
        self._put(job)
        assert isinstance(job.future, Future)
        return job.future

    def done(
        self, work: Callable[[sqlite3.Connection], T], patient: bool = False
    ) -> "asyncio.Future[T]":
        """The same for a coroutine, put in the queue at once. All of its loop whose work was committed
        together are told together: waking the loop for each would cost more than the work.

        ``patient`` work waits a moment for other work to be committed with.
        """
        job = _Job(work, asyncio.get_running_loop(), patient)
        self._put(job)
        assert isinstance(job.future, asyncio.Future)
        return job.future

    def _put(self, job: _Job[Any]) -> None:
        if threading.current_thread() is self._thread:
            raise StoreMistake("A decision may not wait for another: the writer would stop.")
        with self._gate:
            if self._closed:
                raise StoreMistake("The records are closed.")
            self._waiting.put(job)

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
            wanted = [job for job in jobs if job.begins()]
            if wanted:
                self._commit(wanted)

    def _next(self) -> tuple[list[_Job[Any]], bool]:
        """Everything that waits, once something does; and whether to go on after it."""
        jobs: list[_Job[Any]] = []
        job = self._waiting.get()
        until = time.monotonic() + LINGER_S
        while job is not None:
            jobs.append(job)
            until = until if job.patient else 0.0
            if len(jobs) == MOST_TOGETHER:
                return jobs, True
            try:
                job = self._waiting.get(timeout=max(0.0, until - time.monotonic()))
            except Empty:
                return jobs, True
        return jobs, False

    def _commit(self, jobs: list[_Job[Any]]) -> None:
        try:
            self._conn.execute("begin immediate")
            for job in jobs:
                job.run(self._conn) if jobs[1:] else job.run_alone(self._conn)
                self._still_open()
            self._conn.execute("commit")
        except BaseException as error:
            self._abandon(jobs, error)
        self._tell(jobs)

    def _tell(self, jobs: list[_Job[Any]]) -> None:
        loops = {job.loop for job in jobs}
        for loop in loops:
            mine = [job for job in jobs if job.loop is loop]
            if loop is None:
                _settle(mine)
                continue
            with suppress(RuntimeError):  # closed: nobody waits there any more
                loop.call_soon_threadsafe(_settle, mine)

    def _still_open(self) -> None:
        # a full disk rolls back the whole transaction, savepoints included
        if not self._conn.in_transaction:
            raise StoreMistake("Not saved: the disk refused it.")

    def _abandon(self, jobs: list[_Job[Any]], error: BaseException) -> None:
        """Nothing of these was kept; everyone who waits is told."""
        with suppress(sqlite3.Error):  # whatever happens, nobody waits for ever
            if self._conn.in_transaction:
                self._conn.execute("rollback")
        for job in jobs:
            job.refuse(error)
