"""PDFs as Chromium and LibreOffice print them: two kept beside their sources, and the seed policies."""

from collections import Counter
from pathlib import Path

import pypdfium2
import pytest

from bot.core.policies import Clause
from bot.intake.importing import Imported, import_text
from bot.intake.read import words
from tests.intake.documents import NUMBERS, seed_text, told_words
from tests.intake.pdfs import imported
from tests.intake.printing import as_page, in_turn, printed_pdf

PRINTED = Path(__file__).parent / "printed"
LABELS = {
    "visits": [  # Chromium, from visits.html
        *("Title", "Front matter: Approved by", "Front matter: Review due", "1.1", "1.2"),
        *("2 Planning", "2 Planning (bullet 1)", "2 Planning (bullet 1.1)"),
        *("2 Planning (bullet 1.2)", "2 Planning (bullet 2)", "2 Telling families"),
        *("3 Numbers (table heading)", "3 Numbers (row 1)", "3 Numbers (row 2)"),
        *("4 On the day (para 1)", "4 On the day (para 2)", "5(a)", "5(b)"),
    ],
    "keys": [  # LibreOffice, from keys.fodt
        *("Title", "1.1", "1.2", "1.2(a)", "1.2(b)", "1.3", "2.1", "2.2"),
        *("2.2 (bullet 1)", "2.2 (bullet 2)", "2 (row 1)", "2 (row 2)", "2 (row 3)"),
        *("3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "Footnote 1"),
    ],
}


def _printed(name: str) -> Imported:
    return imported((PRINTED / f"{name}.pdf").read_bytes(), f"{name}.pdf")


@pytest.mark.parametrize("name", LABELS)
def test_a_printed_policy_has_the_labels_of_its_source(name: str) -> None:
    assert [clause.label for clause in _printed(name).policy.clauses] == LABELS[name]


@pytest.mark.parametrize("name", LABELS)
def test_every_word_of_a_printed_policy_is_in_one_clause_or_listed(name: str) -> None:
    found = _printed(name)
    document = pypdfium2.PdfDocument(PRINTED / f"{name}.pdf")
    layer = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    layer = layer.replace("no name1", "no name 1")  # a note's mark touches its word
    gone = [word for one in found.dropped for word in words(one.text)]
    assert Counter(told_words(found.policy.clauses)) + Counter(gone) == Counter(words(layer))


@pytest.mark.parametrize(
    ("name", "label", "text"),
    [
        ("keys", "1.2(b)", "a visitor."),
        (
            "keys",
            "1.3",
            "Each key bears a number and no name, so that nobody who finds it knows its door.",
        ),
        (
            "keys",
            "Footnote 1",
            "The list of numbers lies in the safe, and the head and the caretaker alone may look at it.",
        ),
        ("keys", "2 (row 3)", "Hall | The caretaker"),
        ("visits", "2 Planning (bullet 1.1)", "the name of the coach company"),
        (
            "visits",
            "3 Numbers (row 2)",
            "Five to eleven | One for every six children | A teacher or a senior assistant who has been on"
            " three visits before",
        ),
        (
            "visits",
            "4 On the day (para 1)",
            "The leader carries the list of names and counts the group when it leaves, at every stop and"
            " before it comes home. A child who is missing is looked for at once by one adult, while"
            " the others keep the group together and ring the school.",
        ),
    ],
)
def test_a_printed_clause_is_whole(name: str, label: str, text: str) -> None:
    found = {clause.label: clause.text for clause in _printed(name).policy.clauses}
    assert found[label] == text


def _told(clauses: tuple[Clause, ...]) -> list[tuple[str, str]]:
    return [(clause.label, " ".join(clause.text.split())) for clause in clauses]


@pytest.mark.parametrize("styled", [True, False], ids=["styled", "bare"])
def test_the_seeds_printed_by_a_browser_read_like_their_text(styled: bool, tmp_path: Path) -> None:
    of = labels = texts = 0
    for number in NUMBERS:
        folder = tmp_path / number
        folder.mkdir()
        wanted = _told(import_text(seed_text(number), "p").policy.clauses)
        raw = printed_pdf(as_page(seed_text(number), styled), folder)
        found = _told(imported(raw).policy.clauses)
        of += len(wanted)
        labels += in_turn(wanted, found)
        texts += in_turn([("", text) for _, text in wanted], [("", text) for _, text in found])
    assert labels / of >= 0.98
    assert texts / of >= 0.99
