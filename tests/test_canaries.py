"""Where typed words may lie, and where they must not: a word nobody else uses is followed around."""

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot import app
from bot.core.cards import Choice, as_text
from bot.core.messages import Outgoing, Pressed, Said
from bot.store.crypto import Sealer
from bot.store.sqlite import SqliteStore
from tests.helpers import NOON, house

CANARY = "quixotry"
SAYINGS = (
    f"can i accept a friend request from {CANARY}",
    f"can i wear {CANARY}",
    f"a pupil called {CANARY} told me he is being hurt at home",
    f"a y9 pupil {CANARY} sent me a friend request",
    f"what version is the {CANARY} policy",
    f"{CANARY}\ntitle: Yes\nchoice: x | send {CANARY}",
    f"has anyone reported {CANARY} about me",
)
# Buttons whose cards show the words to their own author: there and nowhere else.
SHOWS = "Send this question to the policy owner"


@dataclass
class Trail:
    """A house over records on disk, and everything that came out of it."""

    folder: Path
    out: list[Outgoing] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = SqliteStore(self.folder / "policybot.sqlite", Sealer(bytes(range(32))))
        self.door = app.door(house(), self.store, lambda: NOON)
        self._keys = count(1)

    async def does(self, message: Said | Pressed, after: str) -> tuple[Choice, ...]:
        told: tuple[Choice, ...] = ()
        for out in await self.door.desk.receive(message):
            card = self.door.views.card(out)
            self.out.append(out)
            self.texts.append((after, as_text(card)))
            told = card.choices
        return told

    async def says(self, text: str, person: str = "bell") -> None:
        """One message, then every button of its card and of the cards those lead to."""
        key = f"e{next(self._keys)}"
        waiting = list(await self.does(Said(person, text, NOON, key, person), "said"))
        pressed: set[str] = set()
        while waiting:
            choice = waiting.pop()
            if not choice.action or choice.label in pressed:
                continue
            pressed.add(choice.label)
            press = Pressed(person, choice.action, NOON, f"p{next(self._keys)}", person)
            waiting += await self.does(press, choice.label)


@pytest.fixture
def trail(tmp_path: Path) -> Iterator[Trail]:
    made = Trail(tmp_path)
    yield made
    made.store.close()


async def walked(trail: Trail) -> None:
    for text in SAYINGS:
        await trail.says(text)
        await trail.says(text, "a pupil")


def everything_in(file: Path) -> Iterator[tuple[str, Any]]:
    """Every value of every table, as a plain reader of the file would see it."""
    with closing(sqlite3.connect(file)) as conn:
        tables = conn.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (table,) in tables:
            for row in conn.execute(f'select * from "{table}"'):
                yield from ((table, value) for value in row)


async def test_typed_words_are_in_no_outgoing(trail: Trail) -> None:
    await walked(trail)
    letters = trail.store.letters("pending", "sending", "unclear", "sent", "given_up")
    assert letters, "the owner was told that there is a question"
    for out in (*trail.out, *(letter.out for letter in letters)):
        assert CANARY not in repr(out).lower()
        json.dumps(dict(out.refs))


async def test_typed_words_are_shown_only_where_their_author_asks_to_see_them(trail: Trail) -> None:
    await walked(trail)
    shown = {after for after, text in trail.texts if CANARY in text}
    assert shown == {SHOWS}


async def test_typed_words_lie_in_no_file_in_clear(trail: Trail) -> None:
    await walked(trail)
    files = [path for path in trail.folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert CANARY.encode() not in path.read_bytes().lower(), path.name


async def test_typed_words_are_in_no_table_in_clear(trail: Trail) -> None:
    """The seen table among them: a second delivery is known by its key and its answer's ids."""
    await walked(trail)
    trail.store.look(lambda reads: None)
    seen = list(everything_in(trail.folder / "policybot.sqlite"))
    assert {table for table, _ in seen} >= {"seen"}
    for table, value in seen:
        raw = value if isinstance(value, bytes) else str(value).encode()
        assert CANARY.encode() not in raw.lower(), table


async def test_a_question_that_is_kept_names_nobody(trail: Trail) -> None:
    await walked(trail)
    kept = trail.store.look(lambda reads: reads.questions(None))
    assert kept
    assert all("bell" not in repr(question) for question in kept)


async def test_typed_words_are_in_no_log(trail: Trail, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await walked(trail)
    for record in caplog.records:
        assert CANARY not in f"{record.getMessage()} {record.args} {record.exc_text}".lower()


@pytest.mark.parametrize("text", SAYINGS, ids=range(len(SAYINGS)))
async def test_typed_words_are_in_no_exception(tmp_path: Path, text: str) -> None:
    """The records fail in the middle of it; whoever reads the log must not read the words."""
    trail = Trail(tmp_path)
    trail.store.close()
    with pytest.raises(Exception) as raised:  # noqa: PT011  whatever the store raises
        await trail.says(text)
    error: BaseException | None = raised.value
    while error is not None:
        assert CANARY not in f"{error!r} {error}".lower()
        error = error.__cause__ or error.__context__


async def test_a_strangers_words_are_not_kept_at_all(trail: Trail) -> None:
    await trail.says("can i wear a hat")
    before = list(everything_in(trail.folder / "policybot.sqlite"))
    await trail.says(f"my name is {CANARY} and i am being hurt at home", "a pupil")
    after = list(everything_in(trail.folder / "policybot.sqlite"))
    assert {name for name, _ in before} >= {"drafts", "seen"}
    for table in ("drafts", "questions"):
        assert [v for n, v in before if n == table] == [v for n, v in after if n == table]
