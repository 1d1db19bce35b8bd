"""The labels and texts a person wrote down for the five seed policies."""

import re

import pytest

from bot.intake.importing import import_text
from tests.intake.documents import NUMBERS, gold, seed_text


def _fold(text: str) -> str:
    text = re.sub(r"</?[a-z]+>", " ", text).replace("’", "'").replace("‘", "'")
    return " ".join(text.split()).casefold()


@pytest.mark.parametrize("number", NUMBERS)
def test_every_clause_of_a_seed_has_the_label_or_an_alias_a_person_gave_it(number: str) -> None:
    found = {
        (clause.label, _fold(clause.text))
        for clause in import_text(seed_text(number), number).policy.clauses
    }
    wanted = gold(number)
    missing = [
        row["clause"]
        for row in wanted
        if not any((label, _fold(row["text"])) in found for label in _labels(row))
    ]
    assert (missing, len(found)) == ([], len(wanted))


def _labels(row: dict[str, list[str]]) -> list[str]:
    """The label, its aliases, and for a list renamed by hand the heading as printed."""
    return [str(row["clause"]), *row["aliases"]]


@pytest.mark.parametrize(
    ("number", "label", "lead"),
    [
        ("001", "5.2 (bullet 3)", "5.2"),
        ("001", "6.1 (bullet 5)", "6.1 (para 3)"),
        ("003", "6 Users must NOT (bullet 8)", "6 Users must NOT"),
        ("004", "4.6.1", "4.6"),
        ("004", "6.9", "6"),
        ("002", "Purpose (bullet 7)", "Purpose (para 3)"),
    ],
)
def test_a_bullet_hangs_under_its_lead_in(number: str, label: str, lead: str) -> None:
    policy = import_text(seed_text(number), number).policy
    clause = next(one for one in policy.clauses if one.label == label)
    above = policy.lead_of(clause)
    assert above is not None
    assert above.label == lead


def test_facts_of_the_seeds_are_as_exact_as_the_documents() -> None:
    said, replaced, due = (import_text(seed_text(n), n).policy for n in ("000", "001", "002"))
    assert (said.review_due, said.approved, said.version) == ("2018-10", "2016-10", "1")
    assert said.by_id[said.said["review_due"]].label == "Front matter: Review due"
    assert replaced.replaced_on == "2025-09"
    assert replaced.replaced_by.endswith(" Model policy")
    assert replaced.replaced_by in seed_text("001")
    assert (due.review_due, due.approved) == ("2019-01", "2016-01")
