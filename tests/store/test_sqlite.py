"""The file: what a crash, a full disk, a second process and a copied folder can do to it."""

import asyncio
import os
import random
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import pytest

from bot.core.records import Decision, DropDraft, KeepQuestion, Reads, SaveDraft
from bot.store.crypto import Sealer
from bot.store.mistakes import StoreMistake
from bot.store.sqlite import SqliteStore
from tests.store.given import (
    NOW,
    SEALER,
    SOON,
    always,
    answer,
    draft,
    fails,
    post,
    posted,
    question,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records" / "policybot.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path, SEALER)
    yield store
    store.close()


def test_everything_is_there_after_a_restart(path: Path) -> None:
    store = SqliteStore(path, SEALER)
    store.carry_out(always(Decision((answer("e1"), post("n1")), (SaveDraft(draft()),), key="e1")))
    store.close()
    again = SqliteStore(path, SEALER)
    assert again.look(lambda reads: reads.draft("d1", NOW)) == draft()
    assert again.carry_out(fails, key="e1").out == (answer("e1"),)
    assert [letter.out for letter in again.letters("pending")] == [post("n1")]
    again.close()


async def test_what_was_being_sent_at_a_crash_may_have_arrived(path: Path, tmp_path: Path) -> None:
    store = SqliteStore(path, SEALER)
    store.carry_out(posted("n1"))
    await store.claim(NOW, 1)
    left = _as_a_crash_leaves_it(path, tmp_path / "left")
    store.close()
    again = SqliteStore(left, SEALER)
    (letter,) = await again.claim(NOW, 1)
    assert letter.state == "unclear"
    again.close()


def _as_a_crash_leaves_it(path: Path, to: Path) -> Path:
    to.mkdir()
    for each in path.parent.glob(f"{path.name}*"):
        shutil.copy(each, to / each.name)
    return to / path.name


def test_no_file_holds_what_people_typed(store: SqliteStore, path: Path) -> None:
    words = "CANARY-7f3a is crying in the corridor"
    for number in range(50):
        typed = (SaveDraft(draft(f"d{number}", words)), KeepQuestion(question(f"q{number}")))
        store.carry_out(always(Decision((answer("x"),), typed, key=f"e{number}")))
    store.carry_out(always(Decision(writes=(DropDraft("d1"),))))
    _no_canary(path)
    assert store.forget(SOON).drafts == 49
    _no_canary(path)


def _no_canary(path: Path) -> None:
    files = list(path.parent.iterdir())
    assert {file.suffix for file in files} >= {".sqlite", ".sqlite-wal", ".sqlite-shm"}
    for file in files:
        held = file.read_bytes()
        assert b"CANARY" not in held
        assert b"corridor" not in held
        assert "CANARY".encode("utf-16-le") not in held
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_was_forgotten_is_gone_from_the_file_and_its_log(
    store: SqliteStore, path: Path
) -> None:
    store.carry_out(always(Decision(writes=(SaveDraft(draft("draft-to-forget")),))))
    store.forget(SOON)
    assert all(b"draft-to-forget" not in file.read_bytes() for file in path.parent.iterdir())


def test_a_second_process_is_refused(store: SqliteStore, path: Path) -> None:
    with pytest.raises(StoreMistake, match="Another Policybot is using"):
        SqliteStore(path, SEALER)
    store.carry_out(posted("n1"))
    tried = subprocess.run(
        [sys.executable, "-c", WRITES_UNTIL_KILLED, path], capture_output=True, text=True
    )
    assert "Another Policybot is using" in tried.stderr


def test_the_wrong_key_is_refused_and_the_right_one_still_fits(path: Path) -> None:
    SqliteStore(path, SEALER).close()
    with pytest.raises(StoreMistake, match="not the key of these records"):
        SqliteStore(path, Sealer(bytes(32)))
    SqliteStore(path, SEALER).close()


def test_a_file_that_is_no_database_is_refused_in_a_sentence(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("a spreadsheet, perhaps" * 100)
    with pytest.raises(StoreMistake, match="does not open as a database"):
        SqliteStore(path, SEALER)


def test_a_database_of_a_newer_policybot_is_refused(path: Path) -> None:
    SqliteStore(path, SEALER).close()
    conn = sqlite3.connect(path)
    conn.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at)"
        " values ('policybot', 'm999_from_the_future', '')"
    )
    conn.commit()
    conn.close()
    with pytest.raises(StoreMistake, match="newer Policybot: m999_from_the_future"):
        SqliteStore(path, SEALER)


def test_a_row_moved_to_another_place_does_not_open(store: SqliteStore, path: Path) -> None:
    writes = (SaveDraft(draft("d1", "mine")), SaveDraft(draft("d2", "yours")))
    store.carry_out(always(Decision(writes=writes)))
    store._conn.execute(
        "update drafts set words = (select words from drafts where id = 'd2') where id = 'd1'"
    )
    with pytest.raises(StoreMistake, match="drafts d1: words does not open"):
        store.look(lambda reads: reads.draft("d1", NOW))


def test_a_reader_cannot_write(store: SqliteStore) -> None:
    with (
        closing(store._reading()) as conn,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        conn.execute("delete from drafts")


def test_a_full_disk_refuses_whole_decisions_and_keeps_what_was_kept(store: SqliteStore) -> None:
    pages = store._conn.execute("pragma page_count").fetchone()[0]
    store._conn.execute(f"pragma max_page_count = {pages + 20}")
    with ThreadPoolExecutor(8) as people:
        told = list(people.map(lambda number: _try_to_keep(store, number), range(400)))
    assert told == [_is_kept(store, number) for number in range(400)]
    assert set(told) == {True, False}
    store._conn.execute(f"pragma max_page_count = {pages + 2000}")
    assert _try_to_keep(store, 1000)


def _try_to_keep(store: SqliteStore, number: int) -> bool:
    try:
        keep(store, number)
    except StoreMistake:
        return False
    return True


def keep(store: SqliteStore, number: int) -> None:
    """Three records that must stand or fall together."""
    writes = (SaveDraft(draft(f"d{number}", "words " * 50)),)
    store.carry_out(always(Decision((post(f"n{number}"),), writes, key=f"e{number}")))


ASKED = (
    "select 1 from seen where key = 'e' || ?",
    "select 1 from drafts where id = 'd' || ?",
    "select 1 from outbox where key = 'n' || ?",
)


def _is_kept(store: SqliteStore, number: int) -> bool:
    with closing(store._reading()) as conn:
        found = {conn.execute(sql, [number]).fetchone() is not None for sql in ASKED}
    assert len(found) == 1, f"{number} is kept in part"
    return found == {True}


def test_a_commit_that_fails_fails_everyone_in_it(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def __init__(self, conn: sqlite3.Connection) -> None:
            self.conn = conn

        def __getattr__(self, name: str) -> object:
            return getattr(self.conn, name)

        def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
            if sql == "commit":
                raise sqlite3.OperationalError("disk I/O error")
            return self.conn.execute(sql, *given)

    with monkeypatch.context() as patched:
        patched.setattr(store._writer, "_conn", Broken(store._conn))
        with pytest.raises(StoreMistake, match="disk I/O error"):
            store.carry_out(posted("n1"))
    assert store.letters("pending") == ()
    store.carry_out(posted("n2"))


def test_a_decision_that_waits_for_another_is_refused(store: SqliteStore) -> None:
    with pytest.raises(StoreMistake, match="may not wait for another"):
        store.carry_out(lambda _: store.carry_out(posted("n1")))


def test_after_closing_nothing_is_taken(path: Path) -> None:
    store = SqliteStore(path, SEALER)
    store.close()
    with pytest.raises(StoreMistake, match="closed"):
        store.carry_out(posted("n1"))
    store.close()


async def test_someone_who_stops_waiting_harms_nobody(store: SqliteStore) -> None:
    waiting = [asyncio.ensure_future(store.carry_out_async(posted(f"n{n}"))) for n in range(20)]
    waiting[3].cancel()
    taken = await asyncio.gather(*waiting, return_exceptions=True)
    assert sum(isinstance(each, Decision) for each in taken) == 19
    await store.carry_out_async(posted("last"))


def test_what_was_cancelled_while_it_waited_is_not_done(store: SqliteStore) -> None:
    go, waits = Event(), posted("waits")
    first = store._writer.submit(lambda conn: go.wait(5))
    cancelled = store._submit(waits, "")
    assert cancelled.cancel()
    go.set()
    assert first.result()
    store.carry_out(posted("last"))
    assert [letter.out.key for letter in store.letters("pending")] == ["last"]


def test_when_sqlite_gives_up_a_transaction_nobody_in_it_is_told_it_was_saved(
    store: SqliteStore,
) -> None:
    go = Event()
    store._writer.submit(lambda conn: go.wait(5))
    jobs: list[Future[Any]] = [
        store._submit(posted("before"), ""),
        store._writer.submit(_roll_back),
        store._submit(posted("after"), ""),
    ]
    go.set()
    for job in jobs:
        with pytest.raises(StoreMistake, match="Not saved"):
            job.result()
    assert store.letters("pending") == ()


def _roll_back(conn: sqlite3.Connection) -> None:
    """What SQLite itself does when the disk fails it."""
    conn.execute("rollback")
    conn.execute("savepoint job")


def test_one_look_sees_one_moment(store: SqliteStore) -> None:
    def read(reads: Reads) -> bool:
        before = reads.seen("e1")
        store.carry_out(always(Decision((answer("e1"),), key="e1")))
        return before is reads.seen("e1") is None

    assert store.look(read)


def test_those_who_wait_together_share_commits(store: SqliteStore) -> None:
    commits: list[str] = []
    store._conn.set_trace_callback(lambda sql: commits.append(sql) if sql == "commit" else None)
    with ThreadPoolExecutor(32) as people:
        list(people.map(lambda n: store.carry_out(posted(f"n{n}")), range(320)))
    assert len(commits) < 200


def test_every_commit_is_flushed(store: SqliteStore) -> None:
    settings = {
        name: store._conn.execute(f"pragma {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
    }


def test_the_next_letter_is_found_without_reading_them_all(store: SqliteStore) -> None:
    plan = store._conn.execute(
        "explain query plan select * from outbox as mine where state = 'pending'"
        " and not_before <= '2026' and not exists (select 1 from outbox as earlier"
        " where earlier.lane = mine.lane and earlier.number < mine.number"
        " and earlier.state in ('pending', 'sending', 'unclear')) order by not_before, number"
    ).fetchall()
    steps = " / ".join(row["detail"] for row in plan)
    assert "idx_outbox_state_not_before_number" in steps
    assert "outbox_unsent" in steps
    assert "TEMP B-TREE" not in steps


WRITES_UNTIL_KILLED = """
import os, sys, threading
from pathlib import Path
from threading import Event
from bot.store.sqlite import SqliteStore
from tests.store.given import SEALER
from tests.store.test_sqlite import keep

store = SqliteStore(Path(sys.argv[1]), SEALER)

def write(first):
    for number in range(first, 10**9, 8):
        keep(store, number)
        os.write(1, f"{number}\\n".encode())

for first in range(8):
    threading.Thread(target=write, args=[first]).start()
"""


@pytest.mark.parametrize("seed", range(3))
def test_a_kill_loses_nothing_that_was_acknowledged(path: Path, seed: int) -> None:
    kept = _written_until_killed(path, seed)
    store = SqliteStore(path, SEALER)
    found = {number for number in range(max(kept) + 64) if _is_kept(store, number)}
    assert set(kept) <= found
    assert store._conn.execute("pragma integrity_check").fetchone()[0] == "ok"
    store.close()


def _written_until_killed(path: Path, seed: int) -> list[int]:
    writing = subprocess.Popen(
        [sys.executable, "-c", WRITES_UNTIL_KILLED, path], stdout=subprocess.PIPE
    )
    assert writing.stdout
    first = writing.stdout.readline()
    sleep(random.Random(seed).uniform(0.02, 0.15))
    os.kill(writing.pid, signal.SIGKILL)
    said = first + writing.stdout.read()
    writing.stdout.close()
    writing.wait()
    return [int(number) for number in said.splitlines(keepends=True) if number.endswith(b"\n")]
