"""The SQL: records in and out of rows. Called by sqlite.py, always inside a transaction."""

import json
import sqlite3
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from bot.core.accounts import Account
from bot.core.messages import Json, Outgoing
from bot.core.records import (
    Decision,
    Draft,
    DraftKind,
    DropDraft,
    DropExpired,
    Forgotten,
    KeepQuestion,
    KnowAccount,
    Letter,
    Question,
    SaveDraft,
    SettleQuestion,
    State,
    Write,
    lane,
)
from bot.store.crypto import Sealer
from bot.store.rules import LAPSE, REMEMBERED


def as_text(at: datetime) -> str:
    """A moment as it is kept: UTC and of one length, so that text sorts as time."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _as_time(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _as_json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


class Records:
    """What may be looked up: ``core.records.Reads`` over one connection."""

    def __init__(self, conn: sqlite3.Connection, sealer: Sealer) -> None:
        self._conn, self._sealer = conn, sealer

    def seen(self, key: str) -> tuple[Outgoing, ...] | None:
        found = self._conn.execute("select answers from seen where key = ?", [key]).fetchone()
        return tuple(Outgoing(**out) for out in json.loads(found["answers"])) if found else None

    def draft(self, id: str, now: datetime) -> Draft | None:
        sql = "select * from drafts where id = ? and expires > ?"
        found = self._conn.execute(sql, [id, as_text(now)]).fetchone()
        return self._draft(found) if found else None

    def drafts_of(
        self, person: str, place: str, kind: DraftKind, now: datetime
    ) -> tuple[Draft, ...]:
        sql = (
            "select * from drafts where person = ? and place = ? and kind = ? and expires > ?"
            " order by expires desc, id"
        )
        rows = self._conn.execute(sql, [person, place, kind, as_text(now)])
        return tuple(self._draft(row) for row in rows)

    def questions(self, school: str | None) -> tuple[Question, ...]:
        sql = "select * from questions where :school is null or school = :school order by at, id"
        return tuple(self._question(row) for row in self._conn.execute(sql, {"school": school}))

    def accounts(self) -> tuple[Account, ...]:
        return tuple(
            _account(row) for row in self._conn.execute("select * from accounts order by id")
        )

    def _draft(self, row: Any) -> Draft:
        words = self._sealer.open(row["words"], "drafts", row["id"], "words")
        expires = datetime.fromisoformat(row["expires"])
        facts: dict[str, Json] = json.loads(row["facts"])
        return Draft(row["id"], row["person"], row["place"], row["kind"], words, facts, expires)

    def _question(self, row: Any) -> Question:
        words = self._sealer.open(row["words"], "questions", row["id"], "words")
        at = date.fromisoformat(row["at"])
        return Question(row["id"], row["school"], row["policy"], words, at)


def keep(conn: sqlite3.Connection, sealer: Sealer, decision: Decision) -> None:
    """Everything that follows from one decision."""
    for write in decision.writes:
        _write(conn, sealer, write)
    for out in decision.posts():
        _post(conn, out)
    if decision.key:
        answers = [vars(out) | {"refs": dict(out.refs)} for out in decision.answers()]
        sql = "insert into seen (key, answers, noted) values (?, ?, '')"
        conn.execute(sql, [decision.key, _as_json(answers)])


def _write(conn: sqlite3.Connection, sealer: Sealer, write: Write) -> None:
    match write:
        case SaveDraft(draft):
            _save_draft(conn, sealer, draft)
        case DropDraft(id):
            conn.execute("delete from drafts where id = ?", [id])
        case DropExpired(at):
            _drop_expired(conn, at)
        case KeepQuestion(question):
            _keep_question(conn, sealer, question)
        case SettleQuestion(id):
            conn.execute("delete from questions where id = ?", [id])
        case KnowAccount(account):
            _know_account(conn, account)


def _save_draft(conn: sqlite3.Connection, sealer: Sealer, draft: Draft) -> None:
    row = vars(draft) | {
        "words": sealer.seal(draft.words, "drafts", draft.id, "words"),
        "facts": _as_json(dict(draft.facts)),
        "expires": as_text(draft.expires),
    }
    conn.execute(
        "insert into drafts (id, person, place, kind, words, facts, expires)"
        " values (:id, :person, :place, :kind, :words, :facts, :expires)"
        " on conflict(id) do update set person = :person, place = :place, kind = :kind,"
        " words = :words, facts = :facts, expires = :expires",
        row,
    )


def _keep_question(conn: sqlite3.Connection, sealer: Sealer, question: Question) -> None:
    words = sealer.seal(question.words, "questions", question.id, "words")
    conn.execute(
        "insert into questions (id, school, policy, words, at)"
        " values (:id, :school, :policy, :words, :at) on conflict(id) do nothing",
        vars(question) | {"words": words, "at": question.at.isoformat()},
    )


def _know_account(conn: sqlite3.Connection, account: Account) -> None:
    told = {name: _writable(value) for name, value in vars(account).items()}
    lists = {"emails": _as_json(account.emails), "groups": _as_json(account.groups)}
    conn.execute(
        "insert into accounts (id, name, emails, standing, groups, manager, place, url, blocked)"
        " values (:id, :name, :emails, :standing, :groups, :manager, :place, :url, :blocked)"
        " on conflict(id) do update set name = :name, emails = :emails, standing = :standing,"
        " groups = :groups, manager = :manager, place = :place, url = :url, blocked = :blocked",
        told | lists,
    )


def _writable(value: object) -> object:
    """A text without the halves of emoji that a platform's cut left in it: they cannot be written."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _account(row: Any) -> Account:
    lists = {name: tuple(json.loads(row[name])) for name in ("emails", "groups")}
    return Account(**(dict(row) | lists))


def _post(conn: sqlite3.Connection, out: Outgoing) -> None:
    """Put it in the outbox, unless this occasion has been there before."""
    conn.execute(
        "insert into outbox (key, person, place, lane, template, refs, over, under, state, attempts,"
        " looks, not_before, reason) values (:key, :to, :place, :lane, :template, :refs, :over, :under,"
        " 'pending', 0, 0, '', '') on conflict(key) do nothing",
        vars(out) | {"lane": lane(out), "refs": _as_json(dict(out.refs))},
    )


def claim(
    conn: sqlite3.Connection, now: datetime, most: int, busy: Collection[str]
) -> tuple[Letter, ...]:
    """Up to ``most`` letters due now, the first of each lane, none of a lane that is busy."""
    rows = _due(conn, now, most, busy, "'unclear', 'sending'")  # whose claim has lapsed
    rows += _due(conn, now, most - len(rows), busy, "'pending'")
    numbers, until = [row["number"] for row in rows], now + LAPSE
    if numbers:
        conn.execute(
            "update outbox set attempts = attempts + 1, not_before = ?,"
            " state = case state when 'pending' then 'sending' else 'unclear' end"
            " where number in (select value from json_each(?))",
            [as_text(until), _as_json(numbers)],
        )
    return tuple(_claimed(_letter(row), until) for row in rows)


def _due(
    conn: sqlite3.Connection, now: datetime, most: int, busy: Collection[str], states: str
) -> list[Any]:
    rows = conn.execute(
        f"select * from outbox as mine where state in ({states}) and not_before <= ?"
        " and not exists (select 1 from outbox as earlier where earlier.lane = mine.lane"
        "  and earlier.number < mine.number"
        "  and earlier.state in ('pending', 'sending', 'unclear'))"
        " order by not_before, number",
        [as_text(now)],
    )
    found = list(islice((row for row in rows if row["lane"] not in busy), most))
    rows.close()
    return found


def _claimed(letter: Letter, until: datetime) -> Letter:
    state: State = "sending" if letter.state == "pending" else "unclear"
    return replace(letter, state=state, attempts=letter.attempts + 1, not_before=until)


def mark(conn: sqlite3.Connection, letter: Letter) -> None:
    """How a letter stands now. One that is sent or given up stays so."""
    at = as_text(letter.not_before) if letter.not_before else ""
    conn.execute(
        "update outbox set state = :state, attempts = :attempts, looks = :looks,"
        " not_before = :at, reason = :reason"
        " where number = :number and state not in ('sent', 'given_up')",
        {**vars(letter), "out": None, "not_before": None, "at": at},
    )


def letters(conn: sqlite3.Connection, states: Collection[str]) -> tuple[Letter, ...]:
    sql = "select * from outbox where state in (select value from json_each(?)) order by number"
    return tuple(_letter(row) for row in conn.execute(sql, [_as_json(sorted(states))]))


def after_a_crash(conn: sqlite3.Connection) -> None:
    """Whoever was sending is gone: what they were sending may have arrived."""
    conn.execute("update outbox set state = 'unclear', not_before = '' where state = 'sending'")


def _letter(row: Any) -> Letter:
    refs: dict[str, Json] = json.loads(row["refs"])
    return Letter(
        number=row["number"],
        out=_out(row, refs),
        state=row["state"],
        attempts=row["attempts"],
        looks=row["looks"],
        not_before=_as_time(row["not_before"]),
        reason=row["reason"],
    )


def _out(row: Any, refs: dict[str, Json]) -> Outgoing:
    place, key, over, under = (row[name] for name in ("place", "key", "over", "under"))
    return Outgoing(row["person"], row["template"], refs, "post", place, key, over, under)


def forget(conn: sqlite3.Connection, now: datetime) -> Forgotten:
    """Delete expired drafts and old keys. A key's age counts from the first night it is noted."""
    drafts = _drop_expired(conn, now)
    conn.execute("update seen set noted = ? where noted = ''", [as_text(now)])
    # Who was shown which card is nobody's business once it has gone; the occasion alone is remembered.
    conn.execute(
        "update outbox set person = '', place = '', lane = '', template = '', refs = '{}', over = '',"
        " under = '' where state = 'sent' and template != ''"
    )
    limit = [as_text(now - REMEMBERED)]
    return Forgotten(drafts, conn.execute("delete from seen where noted < ?", limit).rowcount)


def _drop_expired(conn: sqlite3.Connection, now: datetime) -> int:
    return conn.execute("delete from drafts where expires <= ?", [as_text(now)]).rowcount
