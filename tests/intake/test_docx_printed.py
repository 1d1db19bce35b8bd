"""Word files that LibreOffice wrote, from sources that lie beside them in printed/.

Made again with: soffice --headless --convert-to docx dogs.fodt; for the page of HTML also with
--infilter="HTML (StarWriter)".
"""

from pathlib import Path

from tests.intake.wordfiles import dropped, imported, labels, texts

PRINTED = Path(__file__).parent / "printed"


def _raw(name: str) -> bytes:
    return (PRINTED / name).read_bytes()


def test_headings_that_number_themselves_notes_and_a_list_of_contents() -> None:
    raw = _raw("dogs.docx")
    assert labels(raw) == [
        "Title",
        "Front matter: Approved by",
        "Front matter: Next review",
        *("1.1", "1.2"),
        *("2.1", "2.1(a)", "2.1(b)", "2.1(b)(i)", "2.1(b)(ii)"),
        *("2.2", "2.2 (bullet 1)", "2.2 (bullet 2)", "2.2 (bullet 2.1)", "2.2 (bullet 2.2)"),
        *("2.3", "3.1", "3 (row 1)", "3 (row 2)", "3 (row 3)"),
        "Footnote 1",
    ]
    found = texts(raw)
    assert found["1.2"] == "It covers every animal that is brought in by staff or by families."
    assert found["2.1(b)"] == "its owner holds both:"
    assert found["3 (row 2)"] == "Mornings | The deputy head or the bursar"
    assert found["Footnote 1"] == "A copy is kept in the office."
    assert [why for why, _ in dropped(raw)] == [
        *("header", "footer"),
        *["contents list"] * 3,
        *("deleted text", "footnote mark"),
    ]


def test_lists_in_lists_tables_and_a_note_from_a_page_of_html() -> None:
    raw = _raw("lettings.docx")
    assert labels(raw) == [
        "Title",
        *(f"Front matter: {name}" for name in ("Approved by", "Date approved", "Next review")),
        *("Who may hire (para 1)", "Who may hire (para 2)"),
        *("Who may hire (bullet 1)", "Who may hire (bullet 2)"),
        *("Who may hire (bullet 2.1)", "Who may hire (bullet 2.2)", "Who may hire (bullet 3)"),
        *("How to apply 1", "How to apply 2", "How to apply 2(a)", "How to apply 2(b)"),
        *(
            "How to apply 2(b)(i)",
            "How to apply 2(b)(ii)",
            "How to apply 3",
            "How to apply (para 1)",
        ),
        *("Charges (para 1)", "Charges (table heading)", "Charges (row 1)", "Charges (row 2)"),
        *("Charges (para 2)", "Footnote 1"),
    ]
    policy = imported(raw).policy
    assert (policy.approver, policy.approved, policy.review_due) == (
        "Premises Committee",
        "2024-06-03",
        "2026-06",
    )
    assert texts(raw)["Charges (row 1)"] == "Hall | £25 | £150"
