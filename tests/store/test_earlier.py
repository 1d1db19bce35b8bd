"""A database of every earlier schema, as it lay on somebody's disk: it opens, keeps its rows, and works.

``earlier/<step>.sql`` is such a file written out, sealed words and all. A step that has run anywhere is
never changed; whoever adds one adds the file of the schema before it.
"""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.core.accounts import Account
from bot.core.records import Decision, DropDraft, KeepQuestion, KnowAccount, Letter, SettleQuestion
from bot.store.migrations import migrations
from bot.store.sqlite import SqliteStore
from tests.store.given import NOW, SEALER, always, answer, draft, fails, post, posted, question

EARLIER = sorted((Path(__file__).parent / "earlier").glob("*.sql"))
STEPS = [step.name for step in migrations.pending(Database(memory=True))]


def laid(sql: Path, path: Path) -> Path:
    """The database as it was."""
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript(sql.read_text(encoding="utf-8"))
    return path


def schema(path: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as conn:
        told = conn.execute("select type, name, sql from sqlite_master where sql is not null")
        return sorted((kind, name, " ".join(sql.split())) for kind, name, sql in told)


def columns(path: Path) -> set[tuple[str, str, str]]:
    """Every column with its type; in no order, for a column that was added stands last."""
    with closing(sqlite3.connect(path)) as conn:
        names = [n for (n,) in conn.execute("select name from sqlite_master where type = 'table'")]
        return {
            (name, column[1], column[2])
            for name in names
            for column in conn.execute(f'pragma table_info("{name}")')
        }


@pytest.fixture(params=EARLIER, ids=lambda sql: sql.stem)
def earlier(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return laid(request.param, tmp_path / "policybot.sqlite")


def test_every_schema_but_the_newest_is_here() -> None:
    assert [sql.stem for sql in EARLIER] == [step.partition("_")[0] for step in STEPS[:-1]]


@pytest.mark.parametrize("sql", EARLIER, ids=lambda sql: sql.stem)
def test_the_steps_still_make_what_they_made(sql: Path, tmp_path: Path) -> None:
    after = next(step for step in STEPS if step.partition("_")[0] > sql.stem)
    now = tmp_path / "now.sqlite"
    with closing(sqlite3.connect(now)) as conn:
        migrations.apply(Database(conn), stop_before=after)
        conn.commit()
    assert schema(now) == schema(laid(sql, tmp_path / "then.sqlite"))


def test_it_ends_as_a_new_one_begins(earlier: Path, tmp_path: Path) -> None:
    for path in (earlier, tmp_path / "new.sqlite"):
        SqliteStore(path, SEALER).close()
    assert columns(earlier) == columns(tmp_path / "new.sqlite")
    with closing(sqlite3.connect(earlier)) as conn:
        assert conn.execute("pragma integrity_check").fetchall() == [("ok",)]


def test_it_keeps_its_rows(earlier: Path) -> None:
    for _ in range(2):  # and opens a second time
        store = SqliteStore(earlier, SEALER)
        assert store.look(lambda reads: reads.draft("d1", NOW)) == draft()
        assert store.look(lambda reads: reads.questions(None)) == (question(),)
        assert store.carry_out(fails, key="e1").out == (answer("e1"),)
        assert store.look(lambda reads: reads.accounts()) == ()
        store.close()


@pytest.mark.parametrize("sql", EARLIER[1:], ids=lambda sql: sql.stem)
async def test_what_was_on_its_way_goes_on(sql: Path, tmp_path: Path) -> None:
    """Who was sending when it stopped is gone: that letter may have arrived."""
    store = SqliteStore(laid(sql, tmp_path / "policybot.sqlite"), SEALER)
    kept = [letter.out for letter in store.letters("sent", "unclear", "pending")]
    assert kept == [post("n0"), post("n1"), post("n2")]
    (first,) = await store.claim(NOW, 10)
    assert first == Letter(2, post("n1"), "unclear", 2, 0, first.not_before)
    await store.mark(replace(first, state="sent", not_before=None))
    assert [letter.out for letter in await store.claim(NOW, 10)] == [post("n2")]
    store.close()


async def test_it_works_as_a_new_one_does(earlier: Path) -> None:
    store = SqliteStore(earlier, SEALER)
    writes = (
        *(DropDraft("d1"), SettleQuestion("q1"), KeepQuestion(question("q2"))),
        KnowAccount(Account("slack:U1", "Zoë", ("zoe@oak.example",))),
    )
    over = replace(post("n9", "slack:@U1"), over="7.1", under="6.1")
    store.carry_out(always(Decision((answer("e2"), over), writes, key="e2")), key="e2")
    store.carry_out(posted("n9", place="slack:@U1"))  # this occasion has been there before
    assert store.look(lambda reads: reads.draft("d1", NOW)) is None
    assert [q.id for q in store.look(lambda reads: reads.questions(None))] == ["q2"]
    assert [a.id for a in store.look(lambda reads: reads.accounts())] == ["slack:U1"]
    claimed = [one.out for one in await store.claim(NOW, 10) if one.out.key == "n9"]
    assert claimed == [over]
    store.close()
