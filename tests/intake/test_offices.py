"""Documents as school offices make them: what a reader that never saw them got wrong, and now does not."""

from pathlib import Path

import pytest

from bot.intake.document import Document
from bot.intake.formats import html
from bot.intake.importing import Imported, import_document, import_text
from bot.intake.source import source_of
from tests.intake.pdfs import Sheets, dropped, told
from tests.intake.wordfiles import labels, para, run, texts, word

PRINTED = Path(__file__).parent / "printed"
ATTENDANCE = [
    *("Front matter: Trust", "Title", "Front matter", "Front matter: Document owner"),
    *("Front matter: Approved by", "Front matter: Date approved"),
    *("Front matter: Next review date", "Front matter: Version", "Front matter: Status"),
    *("Front matter (second)", "Front matter (table heading)"),
    *("Front matter (row 1)", "Front matter (row 2)"),
    *("1 Introduction (para 1)", "1 Introduction (para 2)"),
    *("2 Registers (para 1)", "2 Registers (para 2)", "2 Registers (table heading)"),
    *("2 Registers (row 1)", "2 Registers (row 2)", "2 Registers (row 3)"),
    *("3.1 Asking for leave (para 1)", "3.1 Asking for leave (para 2)", "3.2", "4"),
]
VISITORS = ["Title", "1.1", "1.2", "1.2 (bullet 1)", "1.2 (bullet 2)", "1.3", "2.1", "2.2", "3.1"]
COMPLAINTS = [
    *("Title", "1.1", "1.1 (para 2)", "2.1", "2.1 (para 2)", "2.2", "3.1", "3.1 (para 2)"),
    *("Footnote 1", "Footnote 2", "Footnote 3"),
]
LONG = "Staff keep their phone in a locker during lessons, and they may use it in the staff room at break."


def _printed(name: str) -> Imported:
    return import_document(source_of(name, (PRINTED / name).read_bytes()).document, "p")


def _page(body: str) -> Document:
    return html.read("a.html", f"<html><body>{body}</body>".encode(), lambda pages: None)


def _of_text(text: str) -> list[tuple[str, str]]:
    return [(clause.label, clause.text) for clause in import_text(text, "p").policy.clauses]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("attendance.docx", ATTENDANCE),
        ("attendance.pdf", ATTENDANCE),
        ("visitors.docx", VISITORS),
        ("visitors.pdf", VISITORS),
        ("visitors.odt", VISITORS),
        ("complaints.pdf", COMPLAINTS),
    ],
)
def test_a_document_of_an_office_has_the_labels_a_careful_person_cites(
    name: str, wanted: list[str]
) -> None:
    assert [clause.label for clause in _printed(name).policy.clauses] == wanted


def test_a_front_page_tells_owner_approver_dates_and_version() -> None:
    policy = _printed("attendance.pdf").policy
    assert (policy.title, policy.owner) == ("Attendance Policy", "Director of Inclusion")
    assert (policy.approver, policy.approved) == ("Trust Board", "2025-07-04")
    assert (policy.review_due, policy.version) == ("2026-07", "3.2")


def test_a_heading_as_high_on_its_page_as_its_line_in_the_contents_is_no_running_header() -> None:
    found = _printed("attendance.pdf")
    assert ("1. Introduction",) in {clause.headings for clause in found.policy.clauses}


# Titles ----------------------------------------------------------------------------------------------


def test_a_title_that_begins_with_school_is_no_field() -> None:
    raw = word(para("Elm Junior School"), para("School Trips Policy"), para("Owner: Mrs Khan"))
    assert labels(raw)[:1] == ["Title"]
    assert texts(raw)["Title"] == "Elm Junior School School Trips Policy"


def test_a_title_with_a_colon_is_no_field() -> None:
    raw = word(
        para("Safe Online: Our Promise", bold=True, props='<w:spacing w:after="200"/>'),
        para("What we promise", style="Heading1"),
        para("We are kind."),
    )
    assert labels(raw) == ["Title", "What we promise"]


@pytest.mark.parametrize(
    "line", ["Owner: Mrs Khan", "School: Elm School", "Policy owner: the head"]
)
def test_a_field_above_everything_stays_a_field(line: str) -> None:
    assert _of_text(f"{line}\n\nDogs Policy\n\nScope\n\nAll dogs are covered.\n")[0][0] != "Title"


# Alternatives ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("opens", ["OR pupils", "OR: pupils", "Or: pupils"])
def test_a_clause_that_opens_with_or_is_the_other_way(opens: str) -> None:
    raw = word(
        para("Phones Policy"),
        para("1. Sanctions", bold=True),
        para("1.1 Pupils sit out."),
        para(f"1.2 {opens} write a letter home."),
        para("1.3 A parent is told."),
    )
    assert labels(raw) == ["Title", "1.1 (option 1)", "1.2 (option 2)", "1.3"]


def test_a_sentence_that_begins_with_or_is_no_other_way() -> None:
    text = "Phones Policy\n\n1. Sanctions\n\n1.1 Pupils sit out.\n\n1.2 Or they may write home.\n"
    assert [label for label, _ in _of_text(text)] == ["Title", "1.1", "1.2"]


@pytest.mark.parametrize("said", ["OR", "Or:", "(or)", "**OR**"])
def test_a_line_that_says_only_or_parts_two_ways_however_it_is_set_off(said: str) -> None:
    text = f"Phones Policy\n\n1. Sanctions\n\nPupils sit out.\n\n{said}\n\nPupils write home.\n"
    assert [label for label, _ in _of_text(text)][1:] == ["1 (option 1)", "1 (Or)", "1 (option 2)"]


# Lists and lines -------------------------------------------------------------------------------------


def test_a_list_goes_on_after_z() -> None:
    items = "".join(f"({mark}) thing {mark};\n" for mark in [*map(chr, range(97, 123)), "aa", "bb"])
    found = _of_text(f"Kit Policy\n\n1. Kit\n\n1.1 Pupils bring:\n{items}1.2 They go home.\n")
    assert [label for label, _ in found][-4:] == ["1.1(z)", "1.1(aa)", "1.1(bb)", "1.2"]


def test_a_list_typed_with_line_breaks_is_one_clause_for_each_line() -> None:
    raw = word(
        para("Kit Policy"),
        para("Swimming", style="Heading1"),
        para(run("Pupils bring:\nA towel\nGoggles in a case")),
        para(run("The teacher decides who may\nenter the deep end.")),
    )
    assert list(texts(raw).values())[1:] == [
        *("Pupils bring:", "A towel", "Goggles in a case"),
        "The teacher decides who may enter the deep end.",
    ]


def test_text_with_a_paragraph_on_each_line_needs_no_blank_lines() -> None:
    text = (
        "Phones Policy\nIn lessons\nStaff must:\n• switch their phone off\n"
        f"At break\n{LONG} They ask the office first, and they wait for its answer.\n"
    )
    assert [label for label, _ in _of_text(text)] == [
        *("Title", "In lessons", "In lessons (bullet 1)", "At break"),
    ]


def test_closing_lines_with_space_around_each_are_a_sign_off() -> None:
    text = "Phones Policy\n\nScope\n\nStaff are told.\n\nGoverning Body\n\nElm School\n\nOctober 2025\n"
    assert _of_text(text)[-1] == ("Sign-off", "Governing Body Elm School October 2025")


def test_clauses_set_in_a_table_of_a_web_page_keep_their_numbers() -> None:
    rows = "<tr><td>1<td><b>Arrival</b><tr><td>1.1<td>Sign in:<ul><li>name<li>time</ul><tr><td>1.2<td>Wait."
    found = import_document(_page(f"<h1>Visitors Policy</h1><table>{rows}</table>"), "p")
    assert [clause.label for clause in found.policy.clauses] == [
        *("Title", "1.1", "1.1 (bullet 1)", "1.1 (bullet 2)", "1.2"),
    ]


def test_whole_sentences_styled_as_headings_of_a_web_page_are_clauses() -> None:
    body = "<h1>Marking Policy</h1><h2>1 Marking</h2><h3>1.1 Teachers mark.</h3><h3>1.2 Heads look.</h3>"
    found = import_document(_page(body), "p")
    assert [clause.label for clause in found.policy.clauses] == ["Title", "1.1", "1.2"]


def test_a_number_glued_to_a_heading_is_its_number() -> None:
    body = (
        "<h1>Loans Policy</h1><h2>1. Laptops</h2><h3>1.1Lending</h3><p>The office lends them.</p>"
    )
    found = import_document(_page(body), "p")
    assert [clause.label for clause in found.policy.clauses] == ["Title", "1.1"]


# Web pages -------------------------------------------------------------------------------------------

_SITE = (
    '<div id="cookie-banner"><p>We use cookies.</p><button>Accept</button></div>'
    '<header><a href="/">Elm School</a></header><nav><a href="/">Home</a></nav>'
    '<div class="breadcrumbs">Home &gt; Policies</div>'
    "<main><h1>Uniform Policy</h1><h2>Scope</h2><p>Uniform is worn by all pupils every day.</p></main>"
    "<aside><h2>Quick links</h2><ul><li>Term dates</ul></aside><footer>1 Mill Way</footer>"
)


def test_what_a_site_puts_round_a_policy_is_listed_and_no_clause() -> None:
    page = _page(_SITE)
    assert [line.text for line in page.lines] == [
        *("Uniform Policy", "Scope", "Uniform is worn by all pupils every day."),
    ]
    gone = " ".join(one.text for one in page.dropped)
    assert all(told in gone for told in ("cookies", "Accept", "Elm School", "Term dates", "Mill"))


def test_a_title_outside_the_main_part_of_a_page_is_kept() -> None:
    body = "<header><p>Elm School</p><h1>Uniform Policy</h1></header><main><p>Uniform is worn.</p></main>"
    assert [line.text for line in _page(body).lines] == [
        "Uniform Policy",
        "Uniform is worn.",
    ]


def test_without_a_main_part_only_what_is_surely_round_a_policy_goes() -> None:
    body = '<div class="cookie-notice">Cookies.</div><h1>Uniform</h1><div id="consent">Ask first.</div>'
    assert [line.text for line in _page(body).lines] == ["Uniform", "Ask first."]


# PDFs ------------------------------------------------------------------------------------------------


def test_a_watermark_level_with_the_text_is_dropped_and_listed() -> None:
    sheets = Sheets()
    for page in range(2):
        if page:
            sheets.add_page()
        sheets.body("B", 90)
        sheets.text(30, 60, "DRAFT")
        sheets.body()
        for _ in range(8):
            sheets.para(LONG)
    raw = sheets.raw()
    assert {text for _, text in told(raw)} == {LONG}
    assert [one for one in dropped(raw) if one[2] == "watermark"] == [
        (1, "DRAFT", "watermark"),
        (2, "DRAFT", "watermark"),
    ]


def _called(sheets: Sheets, mark: str, y: float, gap: float = 0.0) -> None:
    sheets.text(25, y, "Staff follow the code.")
    end = 25 + sheets.get_string_width("Staff follow the code.") + gap
    sheets.body(size=6.5)
    sheets.text(end, y - 1.4, mark)
    sheets.body()


def test_a_notes_mark_behind_a_space_is_out_of_the_text() -> None:
    sheets = Sheets()
    _called(sheets, "1", 30, gap=1)
    sheets.set_y(40)
    sheets.para(LONG)
    sheets.body(size=9)
    sheets.text(25, 265, "1 The code of June.")
    assert told(sheets.raw()) == [
        ("Para 1", "Staff follow the code."),
        ("Para 2", LONG),
        ("Footnote 1", "The code of June."),
    ]


def test_a_note_goes_on_at_the_foot_of_the_next_page() -> None:
    sheets = Sheets()
    _called(sheets, "1", 30)
    sheets.set_y(40)
    sheets.para(LONG)
    _small(sheets, "1 The code of June, which every")
    sheets.add_page()
    sheets.para(f"On the next page. {LONG}")
    sheets.para(f"And again. {LONG}")
    _small(sheets, "member of staff has signed.")
    found = dict(told(sheets.raw()))
    assert found["Footnote 1"] == "The code of June, which every member of staff has signed."
    assert found["Para 4"] == f"And again. {LONG}"


def _small(sheets: Sheets, text: str) -> None:
    sheets.body(size=9)
    sheets.text(25, 265, text)
    sheets.body()


def test_a_header_close_above_the_text_is_no_part_of_the_clause_cut_by_the_page_end() -> None:
    wide = "of the school go on at great length about whatever comes to mind and then they"
    sheets = Sheets()
    for page in range(2):
        if page:
            sheets.add_page()
        sheets.column(25, 20, ["Elm Trust", *(f"{name} {wide}" for name in NAMES[page])])
    raw = sheets.raw()
    assert [one[1:] for one in dropped(raw)] == [("Elm Trust", "header")] * 2
    assert len(told(raw)) == 1


NAMES = (  # each begins a line, and no two lines are the same
    ("The heads", "cooks", "nurses", "drivers", "cleaners"),
    ("pupils", "parents", "governors", "visitors", "neighbours"),
)


@pytest.mark.parametrize("box", "☐☑❑►→")
def test_boxes_to_tick_are_bullets(box: str) -> None:
    text = f"Trips Policy\n\nBefore you go\n\nBring:\n{box} a list\n{box} a phone\n"
    assert [label for label, _ in _of_text(text)][2:] == [
        "Before you go (bullet 1)",
        "Before you go (bullet 2)",
    ]
