"""Rows of a kind of flag and a text, ``|`` between its clauses: was the flag raised, or rightly not?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.core.health.check import find
from bot.core.health.data import Health
from bot.core.policies import Clause, Policy
from bot.intake.header import facts
from tests.bench import sets

ADVERSARY = Path(__file__).parent / "health_adversary.jsonl"
WORDINGS = Path(__file__).parent / "health_wordings.jsonl"
RECORD = Policy(
    *("p", "Tools"), approver="Board", approved="2026-09", version="1", review_due="2027-09"
)


def document(text: str) -> Policy:
    """A policy with a record and a title, a calm first clause, and these clauses after it."""
    parts = ("Be calm.", *text.split("|"))
    clauses = tuple(Clause(f"p{n}", f"{n}.", one) for n, one in enumerate(parts, 1))
    told = facts(clauses)
    on, by = (told[n].value if n in told else "" for n in ("replaced_on", "replaced_by"))
    return replace(RECORD, clauses=clauses, replaced_on=on, replaced_by=by)


def kinds(text: str, data: Health, today: date) -> set[str]:
    return {flag.kind for flag in find([document(text)], {}, data, today)}


def wrong(rows: Sequence[sets.Row], data: Health, today: date) -> list[sets.Row]:
    """The rows whose flag is missing where it should be, or raised where it should not."""
    return [row for row in rows if (row["kind"] in kinds(row["text"], data, today)) != row["found"]]
