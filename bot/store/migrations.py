"""The tables, step by step. A step that has run anywhere is never changed: add the next one."""

from sqlite_utils import Database, Migrations
from sqlite_utils.db import Table

migrations = Migrations("policybot")


@migrations()
def m001_records(db: Database) -> None:
    """Drafts, questions, what was seen, and the sentence that tells whether the key is right."""
    _table(db, "drafts", {"id": str, "person": str, "place": str, "kind": str, "facts": str,
                          "expires": str, "words": bytes})  # fmt: skip
    db.table("drafts").create_index(["person", "place", "kind"])
    db.table("drafts").create_index(["expires"])
    _table(db, "questions", {"id": str, "school": str, "policy": str, "at": str, "words": bytes})
    # noted stays empty until a night's housekeeping writes the day: nobody's hours are kept
    _table(db, "seen", {"key": str, "answers": str, "noted": str})
    _table(db, "proofs", {"name": str, "sealed": bytes})


@migrations()
def m002_outbox(db: Database) -> None:
    """Letters on their way, with the two ways of finding the next one."""
    _table(db, "outbox", {"number": int, "key": str, "person": str, "place": str, "lane": str,
                          "template": str, "refs": str, "state": str, "attempts": int,
                          "looks": int, "not_before": str, "reason": str})  # fmt: skip
    db.table("outbox").create_index(["key"], unique=True)
    # measured: with this order of columns the next letter is found in 2 us, without it in 519
    db.table("outbox").create_index(["state", "not_before", "number"])
    db.execute(
        "create index outbox_unsent on outbox(lane, number)"
        " where state in ('pending', 'sending', 'unclear')"
    )


@migrations()
def m003_accounts(db: Database) -> None:
    """Accounts on Slack and Teams, and the message a letter takes the place of or is put under."""
    _table(db, "accounts", {"id": str, "name": str, "emails": str, "standing": str, "groups": str,
                            "manager": str, "place": str, "url": str, "blocked": str})  # fmt: skip
    for name in ("over", "under"):
        db.execute(f"alter table outbox add column {name} text not null default ''")


def _table(db: Database, name: str, columns: dict[str, type]) -> Table:
    table = db.table(name)
    table.create(columns, pk=next(iter(columns)), not_null=set(columns), strict=True)
    return table


def newer(db: Database) -> list[str]:
    """Steps this database has had that this Policybot does not know."""
    ours = {step.name for step in migrations.pending(Database(memory=True))}
    return sorted({step.name for step in migrations.applied(db)} - ours)
