"""What a document tells about itself."""

import pytest

from bot.intake.dates import dates
from bot.intake.importing import import_text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("October 2018", "2018-10"),
        ("12th March 2024", "2024-03-12"),
        ("12/03/2024", "2024-03-12"),
        ("12.3.24", "2024-03-12"),
        ("1st of September, 2023", "2023-09-01"),
        ("Sept 2025", "2025-09"),
        ("Spring term 2026", "2026-04"),
        ("2024-25", "2025-08"),
        ("2024-03-12", "2024-03-12"),
        ("2018", "2018"),
        ("31/02/2020", ""),
        ("no date", ""),
    ],
)
def test_dates_are_read_as_exactly_as_they_are_written(text: str, wanted: str) -> None:
    assert next(iter(dates(text)), "") == wanted


def test_facts_come_with_the_clause_that_says_them() -> None:
    policy = import_text(
        "Phone Policy\n\nPolicy owner: Mrs J Lyle\nApproved by: Full Governing Body   Date: 12 March 2024\n"
        "Version: 3.1\nNext review: Spring term 2026\nAudience: All staff, governors and volunteers\n"
        "\n1. Use\n\n"
        "1.1 Staff must read and sign this policy every year.\n1.2 It replaces nothing.\n",
        "phones",
    ).policy
    assert (policy.title, policy.owner, policy.approver) == (
        "Phone Policy",
        "Mrs J Lyle",
        "Full Governing Body",
    )
    assert (policy.approved, policy.review_due, policy.version) == ("2024-03-12", "2026-04", "3.1")
    assert (policy.audience, policy.reread) == (("staff", "governors", "volunteers"), "12 months")
    assert {name: policy.by_id[one].label for name, one in policy.said.items()} == {
        "title": "Title",
        "owner": "Front matter: Policy owner",
        "approver": "Front matter: Approved by",
        "approved": "Front matter: Approved by",
        "version": "Front matter: Version",
        "review_due": "Front matter: Next review",
        "audience": "Front matter: Audience",
        "reread": "1.1",
    }


def test_a_last_review_is_not_the_next_one() -> None:
    policy = import_text(
        "Phone Policy\n\nLast reviewed: May 2024\nReview date: May 2026\n\n1. Use\n\n1.1 No.\n", "p"
    ).policy
    assert (policy.approved, policy.review_due) == ("2024-05", "2026-05")


@pytest.mark.parametrize(
    ("top", "title", "others"),
    [
        ("Elm Primary School\n\nPhone Policy", "Phone Policy", ["Front matter: School"]),
        ("Elm School\nThe Elm Trust\n\nPhone Policy", "Phone Policy", ["School", "Trust"]),
        ("Elm Primary School\nPhone Policy", "Elm Primary School Phone Policy", []),
        ("Elm School Phone Policy\n\nCode of Conduct", "", []),
    ],
)
def test_a_school_above_a_blank_line_is_no_part_of_the_title(
    top: str, title: str, others: list[str]
) -> None:
    policy = import_text(f"{top}\n\n1. Use\n\n1.1 Staff must not film.\n", "p").policy
    labels = [clause.label for clause in policy.clauses]
    assert policy.title == title or not title
    assert [label.split()[-1] for label in others] == [
        label.split()[-1] for label in labels if label.startswith("Front")
    ]
    assert labels.count("Title") == 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("This policy is replaced by the Online Policy in May 2025.", "2025-05"),
        ("The policy was agreed in 2020. It was replaced in 2024.", "2024"),
        ("This policy will be withdrawn in January 2025.", "2025-01"),
        ("The old badge system was replaced in 2024 by cards.", ""),
        ("Broken badges are to be replaced from January 2025 by the office.", ""),
        ("The key is lost. It was replaced in 2024.", ""),
        ("This code on the lock is to be replaced in May 2025.", ""),
        ("In 2019 the Local Safeguarding Children Board was replaced by the partners.", ""),
    ],
)
def test_only_what_is_said_of_the_policy_itself_replaces_it(text: str, wanted: str) -> None:
    told = import_text(f"Door Policy\n\n1. Be calm.\n\n2. {text}\n", "doors")
    assert told.policy.replaced_on == wanted
