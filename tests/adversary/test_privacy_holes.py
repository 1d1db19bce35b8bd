"""Typed words in clear: in the keys of what was seen, in logs, and in what a stopped demo leaves."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp import web as http

from bot import serving
from bot.config import ROOT
from bot.platforms import web
from bot.store.crypto import Sealer
from bot.store.memory import MemoryStore
from bot.store.sqlite import SqliteStore
from tests.helpers import Talk, house

CANARY = "marzipanwombat"


def _store(folder: Path) -> SqliteStore:
    return SqliteStore(folder / "records" / "r.sqlite", Sealer(b"k" * 32))


def _in_clear(folder: Path) -> list[str]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file.name for file in files if CANARY.encode() in file.read_bytes()]


async def test_a_forged_send_leaves_its_words_in_no_key(tmp_path: Path) -> None:
    """key_of takes the whole action, of any length, as the key of what was seen."""
    store = _store(tmp_path)
    try:
        await Talk(house(), "bell", store).does(f"send {CANARY} what i typed")
        assert _in_clear(tmp_path) == []
    finally:
        store.close()


async def test_a_page_whose_address_is_too_long_tells_no_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A long text pasted into a policy's search box: left to itself, aiohttp logs its beginning and
    shows it again, without our headers."""
    made, _ = serving.web_app(house(), MemoryStore(), web.Posts())
    runner = web.runner(made)
    await runner.setup()
    site = http.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        port = runner.addresses[0][1]
        address = f"http://127.0.0.1:{port}/policies/staff-online?q={CANARY}{'x' * 9000}"
        async with ClientSession() as session, session.get(address) as answer:
            told = await answer.text()
        assert CANARY not in caplog.text
        assert CANARY not in told
        assert "Content-Security-Policy" in answer.headers
    finally:
        await runner.cleanup()


def test_a_demo_that_is_terminated_throws_its_records_away(tmp_path: Path) -> None:
    """kill, a closed terminal or a shutdown: records and their key stay in the temporary folder."""
    env = {**os.environ, "TMPDIR": str(tmp_path), "NO_BROWSER": "1", "PORT": "18737"}
    demo = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )
    try:
        assert demo.stdout is not None
        assert "Ready" in demo.stdout.readline()
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.communicate(timeout=20)
    assert list(tmp_path.rglob("*")) == []


async def test_a_confirmation_seen_again_after_an_hour_offers_nothing_to_send() -> None:
    """The words are gone by then: the card shows an empty line and still says "Send these words"."""
    talk = Talk(house(), "bell")
    await talk.says("what is the weather tomorrow in paris")
    if "Not what I asked" in talk.buttons:
        await talk.presses("Not what I asked")
    action = next(c.action for c in talk.card.choices if c.action.startswith("owner"))
    await talk.does(action, "once")
    talk.at += timedelta(hours=3)
    await talk.does(action, "once")
    assert not any(choice.action.startswith("send") for choice in talk.card.choices)


async def test_what_was_typed_is_gone_from_the_file_after_its_hour(tmp_path: Path) -> None:
    """Only the night's job deletes drafts, and the terminal chat, which keeps its records in DATA_DIR,
    has no night: sealed words and the key to them lie there for good."""
    store = _store(tmp_path)
    await Talk(house(), "bell", store).says("can i accept this friend request?", "one")
    store.close()
    store = _store(tmp_path)
    try:
        later = Talk(house(), "bell", store)
        later.at += timedelta(hours=2)
        await later.says("help", "two")
        with closing(sqlite3.connect(tmp_path / "records" / "r.sqlite")) as conn:
            assert conn.execute("select count(*) from drafts").fetchone() == (0,)
    finally:
        store.close()
