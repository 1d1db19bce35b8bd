"""What a citation prints, for the ways policies are numbered and laid out."""

import pytest

from bot.intake.importing import import_text


def _labels(text: str) -> list[str]:
    return [clause.label for clause in import_text(text, "p").policy.clauses]


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(clause.label, clause.text) for clause in import_text(text, "p").policy.clauses]


CASES = {
    "lettered and roman items": (
        "Leave Policy\n\n6. Leave\n\n6.1 Staff may ask for leave:\n(a) when ill;\n(b) when a child is ill:\n"
        "(i) on the first day;\n(ii) after that with a note.\n6.2 Ask early.\n",
        ["Title", "6.1", "6.1(a)", "6.1(b)", "6.1(b)(i)", "6.1(b)(ii)", "6.2"],
    ),
    "numbers after a bracket": (
        "Leave Policy\n\n1) Rules\n\n1.1) Staff must ask.\n1.2) Staff must wait.\n\n2) Pay\n\n"
        "2.1) Pay is monthly.\n",
        ["Title", "1.1", "1.2", "2.1"],
    ),
    "four deep": (
        "Leave Policy\n\n1 LEAVE\n\n1.1 General\n\n1.1.1 Ask first.\n1.1.1.1 In writing.\n"
        "1.1.1.2 By email.\n1.1.2 Then wait.\n",
        ["Title", "1.1.1", "1.1.1.1", "1.1.1.2", "1.1.2"],
    ),
    "markdown headings": (
        "# Visitors Policy\n\n## Scope\n\nAll visitors are covered.\n\n## Arrival\n\n"
        "Report to the office.\n\n"
        "Wear a badge.\n\n- Red for visitors\n- Green for governors\n",
        [
            "Title",
            "Scope",
            "Arrival (para 1)",
            "Arrival (para 2)",
            "Arrival (bullet 1)",
            "Arrival (bullet 2)",
        ],
    ),
    "bold headings": (
        "**Visitors Policy**\n\n**Scope**\n\nAll visitors are covered.\n\n**Arrival**\n\n"
        "Report to the office.\n",
        ["Title", "Scope", "Arrival"],
    ),
    "section words": (
        "Visitors Policy\n\nSection 1: Arrival\n\nReport to the office.\n\nSection 2: Leaving\n\n"
        "Sign out.\n\nReturn the badge.\n\n"
        "Appendix A\n\nA list of badges.\n",
        ["Title", "1", "2 Leaving (para 1)", "2 Leaving (para 2)", "Appendix A"],
    ),
    "an article": (
        "Visitors Code\n\nArticle 4\n\nVisitors sign in at the office.\n",
        ["Title", "Article 4"],
    ),
    "capital letters": (
        "Visitors Policy\n\nA. Arrival\n\nReport to the office.\n\nB. Leaving\n\nSign out at the desk.\n",
        ["Title", "A", "B"],
    ),
    "a list of numbers under a heading": (
        "Visitors Policy\n\nWhat you must not do\n\nYou must not:\n\n1. Smoke.\n"
        "2. Park by the gate.\n3. Bring a dog.\n",
        [
            "Title",
            "What you must not do",
            "What you must not do 1",
            "What you must not do 2",
            "What you must not do 3",
        ],
    ),
    "numbers that go on through headings": (
        "Visitors Policy\n\nArrival\n\n1. Report to the office first.\n2. Sign the book there.\n\n"
        "Leaving\n\n3. Sign out again.\n"
        "4. Return the badge to the office.\n",
        ["Title", "1", "2", "3", "4"],
    ),
    "numbers alone": (
        "Visitors Policy\n\n1. Visitors report to the office first.\n2. They sign the book:\n• name\n"
        "• time\n3. They wear a badge.\n",
        ["Title", "1", "2", "2 (bullet 1)", "2 (bullet 2)", "3"],
    ),
    "a number printed twice": (
        "Visitors Policy\n\n3. Arrival\n\n3.1 Sign in.\n3.2 Wear a badge:\n• always\n3.2 Wait:\n"
        "• there\n3.4 Leave.\n",
        ["Title", "3.1", "3.2", "3.2 (bullet 1)", "3.2 (second)", "3.2 (second) (bullet 1)", "3.4"],
    ),
    "an appendix that counts anew": (
        "Visitors Policy\n\n1. Arrival\n\n1.1 Sign in.\n1.2 Wait.\n\nAppendix A\n\n1. Badges\n\n"
        "1.1 Red.\n1.2 Green.\n",
        ["Title", "1.1", "1.2", "Appendix A 1.1", "Appendix A 1.2"],
    ),
    "header fields of many shapes": (
        "Visitors Policy\n\nOwner\tMrs Khan\nApproved by .... Governors .... Date .... May 2024\n"
        "Next review: Spring term 2026\n"
        "| Version | 2.1 |\n| --- | --- |\n| Status | Statutory |\n\n1. Arrival\n\n1.1 Sign in.\n",
        [
            "Title",
            "Front matter: Owner",
            "Front matter: Approved by",
            "Front matter: Next review",
            "Front matter: Version",
            "Front matter: Status",
            "1.1",
        ],
    ),
    "table rows": (
        "Visitors Policy\n\n1. Badges\n\nColours mean this.\n\n| Colour | Who |\n|---|---|\n"
        "| Red | Visitors |\n| Green | Governors |\n",
        [
            "Title",
            "1 Badges (para 1)",
            "1 Badges (table heading)",
            "1 Badges (row 1)",
            "1 Badges (row 2)",
        ],
    ),
    "nested bullets": (
        "Visitors Policy\n\nArrival\n\nVisitors:\n\n- sign in\n  - name\n  - time\n- wait\n",
        [
            "Title",
            "Arrival",
            "Arrival (bullet 1)",
            "Arrival (bullet 1.1)",
            "Arrival (bullet 1.2)",
            "Arrival (bullet 2)",
        ],
    ),
    "three choices nobody made": (
        "Visitors Policy\n\n3. Dogs\n\nDogs are welcome.\n\nOr\n\nDogs wait outside.\n\nOR\n\nNo dogs.\n",
        ["Title", "3 (option 1)", "3 (Or)", "3 (option 2)", "3 (Or) (second)", "3 (option 3)"],
    ),
    "a place to sign": (
        "Visitors Policy\n\nArrival\n\nSign in at the office.\n\nSigned: ______________ Date: __________\n",
        ["Title", "Arrival (para 1)", "Sign-off"],
    ),
    "facts above the title": (
        "---\ntitle: Dogs\nowner: Mr Jones\n---\n\n# Dogs Policy\n\n## Scope\n\nAll dogs are covered.\n",
        ["Front matter: title", "Front matter: owner", "Title", "Scope"],
    ),
    "sections called 1.0": (
        "Lettings Policy\n\n1.0 Who may hire\n1.1 Local groups.\n"
        "2.0 Charges\nCharges are set.\n2.1 It costs £20.\n",
        ["Title", "1.1", "2.0", "2.1"],
    ),
    "a heading with nothing under it": (
        "Dogs Policy\n\nScope\n\nAll dogs are covered.\n\nAppendix B\n\nAppendix C\n\nA form for dogs.\n",
        ["Title", "Scope", "Appendix B", "Appendix C"],
    ),
    "no headings at all": (
        "Visitors sign in at the office and wait there.\n\nThey wear a badge.\n\n• red\n",
        ["Para 1", "Para 2", "Bullet 1"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_labels_are_printed_as_the_document_numbers_itself(name: str) -> None:
    text, wanted = CASES[name]
    assert _labels(text) == wanted


def test_wrapped_lines_are_joined_and_one_line_paragraphs_are_not() -> None:
    wrapped = (
        "Visitors Policy\n\n1. Arrival\n\n1.1 Every visitor to the school signs the book in the\n"
        "    office and is given"
        " a badge to wear at all times while\n    on the site, whoever they are.\n\n"
        "A visitor without a badge is asked who they"
        " are and is\nthen taken to the office by the member of staff who\nmet them.\n"
    )
    assert _pairs(wrapped)[1:] == [
        (
            "1.1",
            "Every visitor to the school signs the book in the office and is given a badge to wear at "
            "all times "
            "while on the site, whoever they are.",
        ),
        (
            "1.1 (para 2)",
            "A visitor without a badge is asked who they are and is then taken to the office by the "
            "member of staff who met them.",
        ),
    ]
    lines = (
        "Visitors Policy\n\nArrival\n\nVisitors sign the book.\nThey wear a badge.\nThey wait.\n"
    )
    assert len(_pairs(lines)) == 4


def test_page_numbers_running_heads_and_contents_are_dropped_and_listed() -> None:
    text = (
        "Visitors Policy\n\nContents\n\n1. Arrival ........ 2\n2. Leaving ........ 3\n\n1. Arrival\n"
        "\n1.1 Sign in.\n\n"
        "Oak School\nPage 2 of 3\n\n1.2 Wait.\n\nOak School\nPage 3 of 3\n\n2. Leaving\n\n"
        "2.1 Sign out.\n\nOak School\nPage 4\n"
    )
    found = import_text(text, "p")
    assert [clause.label for clause in found.policy.clauses] == ["Title", "1.1", "1.2", "2.1"]
    assert {one.why for one in found.dropped} == {"contents list", "page number", "running head"}
    assert len(found.dropped) == 9


def test_invisible_characters_and_odd_spaces_change_nothing() -> None:
    plain = "Visitors Policy\n\n1. Arrival\n\n1.1 Visitors sign in:\n• always\n"
    odd = "\ufeff" + plain.replace("\n", "\r\n").replace(
        "Visitors sign", "Visi\u200btors\u00a0sign"
    )
    assert import_text(odd, "p") == import_text(plain, "p")


@pytest.mark.parametrize(
    "clause",
    [
        "Staff must not accept requests from a former pupil who is under\n18.",
        "Staff who are under\n18 may not.",
        "This is said in section\n2.3 and so on.",
        "Staff must not accept gifts worth more than\n25. They tell the head.",
    ],
)
def test_a_line_that_wraps_before_a_number_stays_in_its_clause(clause: str) -> None:
    text = "Phone Policy\n\n1. Start\n\n1.1 Staff do.\n\n2. Phones\n\n2.1 No phones are used.\n"
    found = import_text(f"{text}2.2 {clause}\n2.3 Staff may use cameras.\n", "x").policy.clauses
    assert [(one.label, one.text) for one in found][-2:] == [
        ("2.2", clause.replace("\n", " ")),
        ("2.3", "Staff may use cameras."),
    ]
