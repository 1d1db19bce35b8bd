"""PDF with a text layer, all the way to labels: layouts, running heads, notes, hyphens, refusals."""

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intake.formats import pdf
from bot.intake.importing import IntakeMistake, import_document, import_text
from bot.intake.read import words
from tests.intake.documents import told_words
from tests.intake.pdfs import Sheets, by_hand, dropped, imported, told

LONG = (
    "Staff must not use a personal account to write to a pupil, to a former pupil who is under the age"
    " of eighteen, or to a parent about the progress or the conduct of any child at the school."
)
POLICY = [
    "1. Scope",
    f"1.1 {LONG}",
    "1.2 Managers will:",
    "• keep a list of the accounts that the school runs",
    "• look at each of them every term",
    "2. Reporting",
    f"2.1 A concern is told to the lead on the same day. {LONG}",
    "(a) by telephone; or",
    "(b) in person.",
    f"2.2 {LONG} {LONG}",
]


def _policy(sheets: Sheets, times: int = 1) -> bytes:
    sheets.heading("Phones Policy", 20)
    for text in POLICY * times:
        mark, rest = text.split(" ", 1)
        if len(text) < 16 and mark[0].isdigit():
            sheets.heading(text)
        else:
            sheets.hanging(mark, rest, left=10 if mark[0] in "•(" else 0)
    return sheets.raw()


def _as_text(times: int = 1) -> list[tuple[str, str]]:
    policy = import_text("Phones Policy\n\n" + "\n\n".join(POLICY * times), "p").policy
    return [(clause.label, clause.text) for clause in policy.clauses]


def test_a_pdf_gives_the_labels_and_texts_of_the_same_policy_as_text() -> None:
    assert told(_policy(Sheets())) == _as_text()


def test_clauses_cut_by_a_page_end_are_whole_and_what_runs_round_the_pages_is_listed() -> None:
    raw = _policy(Sheets("Phones Policy", "Approved 2026    Page #"), 6)
    assert told(raw) == _as_text(6)
    found = dropped(raw)
    pages = len(found) // 2
    assert pages > 2
    assert [one for one in found if one[2] == "header"] == [
        (n, "Phones Policy", "header") for n in range(1, pages + 1)
    ]
    assert [one for one in found if one[2] == "footer"] == [
        (n, f"Approved 2026 Page {n}", "footer") for n in range(1, pages + 1)
    ]


@pytest.mark.parametrize("number", ["#", "- # -", "Page #", "Page # of 9"])
def test_page_numbers_go_and_are_listed(number: str) -> None:
    sheets = Sheets(foot=number)
    for _ in range(20):
        sheets.para(LONG)
    wanted = [(n, number.replace("#", str(n)), "page number") for n in (1, 2)]
    assert dropped(sheets.raw())[:2] == wanted


def test_a_header_that_only_the_later_page_has_is_known_by_the_title() -> None:
    sheets = Sheets()
    sheets.heading("Phones Policy", 20)
    for _ in range(10):
        sheets.para(LONG)
    sheets.add_page()
    sheets.set_font("Times", "I", 9)
    sheets.text(25, 12, "Phones Policy")
    sheets.body()
    sheets.para(LONG)
    assert dropped(sheets.raw()) == [(2, "Phones Policy", "header")]


def test_odd_and_even_pages_have_headers_of_their_own() -> None:
    sheets = Sheets()
    for page in range(5):
        if page:
            sheets.add_page()
        sheets.text(25, 12, "Elm School" if page % 2 else "Phones Policy")
        sheets.para(f"Sentence {page} begins here. {LONG}")
        sheets.para(f"Another, number {page}. {LONG}")
    assert [one[1:] for one in dropped(sheets.raw())] == [
        ("Elm School" if page % 2 else "Phones Policy", "header") for page in range(5)
    ]


LEFT = [
    "Members of staff may not film in the",
    "hall. They ask the office first, and they",
    "wait until the office has answered them.",
    "Parents are told of this rule when their",
    "child joins the school, and once a year",
    "after that in the letter of the autumn",
]
RIGHT = [
    "term. Visitors read it at the door when",
    "they sign the book of the day, and they",
    "leave their telephones in the locker.",
    "Nobody takes a picture of a child who",
    "is not to be shown, and nobody shares",
    "one that somebody else has taken.",
]


@pytest.mark.parametrize("off", [0, 2.3])
def test_two_columns_are_read_one_after_the_other_below_a_title_across_both(off: float) -> None:
    sheets = Sheets()
    sheets.body("B", 18)
    sheets.text(25, 30, "Phones and Cameras Policy of the Whole Elm School Trust")
    sheets.body()
    sheets.column(25, 45, LEFT)
    sheets.column(110, 45 + off, RIGHT)
    texts = [text for _, text in told(sheets.raw())]
    assert texts == [
        "Phones and Cameras Policy of the Whole Elm School Trust",
        " ".join(LEFT + RIGHT),
    ]


ROWS = [
    ("Platform", "Who may post", "Who checks"),
    ("School website", "The office", "The head"),
    ("School podcast", "Year six, with their teacher", "The deputy"),
    ("Newsletter", "Any member of staff", "The office"),
]


@pytest.mark.parametrize("borders", ["ALL", "NONE", "HORIZONTAL_LINES"])
def test_a_table_row_is_a_clause_with_rules_or_without(borders: str) -> None:
    sheets = Sheets()
    sheets.heading("Accounts", 16)
    sheets.para(f"The school keeps this list. {LONG}")
    with sheets.table(ROWS, borders_layout=borders, first_row_as_headings=False):
        pass
    sheets.ln(5)
    sheets.para(f"It is looked at each term. {LONG}")
    document = pdf.read("x.pdf", sheets.raw(), lambda pages: None)
    assert [line.cells for line in document.lines if line.cells] == ROWS


def test_cells_of_many_lines_stay_whole() -> None:
    rows = [("Do", "Do not"), (LONG, f"Never this. {LONG}"), (f"And this. {LONG}", "Nothing else")]
    sheets = Sheets()
    with sheets.table(rows, first_row_as_headings=False, text_align="LEFT"):
        pass
    document = pdf.read("x.pdf", sheets.raw(), lambda pages: None)
    assert [line.cells for line in document.lines] == rows


def test_a_numbered_list_with_a_hanging_indent_is_no_table() -> None:
    document = pdf.read("x.pdf", _policy(Sheets()), lambda pages: None)
    assert not any(line.cells for line in document.lines)
    assert [line.mark for line in document.lines if line.mark] == [
        *("1.1", "1.2", "•", "•", "2.1", "(a)", "(b)", "2.2")
    ]


def test_a_footnote_is_citable_and_its_mark_is_out_of_the_text() -> None:
    sheets = Sheets()
    sheets.heading("Phones Policy", 18)
    sheets.heading("Scope")
    y = sheets.get_y() + 4
    sheets.text(25, y, "Staff follow the code")
    end = 25 + sheets.get_string_width("Staff follow the code")
    sheets.body(size=6.5)
    sheets.text(end, y - 1.4, "1")
    sheets.body()
    sheets.text(end + 1.2, y, " of the school at all times.")
    sheets.set_y(y + 5)
    sheets.para(LONG)
    sheets.line(25, 260, 75, 260)
    sheets.body(size=6)
    sheets.text(25, 263.5, "1")
    sheets.body(size=9)
    sheets.text(27, 265, "The code of conduct of June 2025, which every member")
    sheets.text(27, 269, "of staff has signed.")
    raw = sheets.raw()
    assert told(raw)[1:] == [
        ("Scope (para 1)", "Staff follow the code of the school at all times."),
        ("Scope (para 2)", LONG),
        (
            "Footnote 1",
            "The code of conduct of June 2025, which every member of staff has signed.",
        ),
    ]
    assert dropped(raw) == [(1, "1", "footnote mark")] * 2


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["A concern about safe-", "guarding is told."], "A concern about safeguarding is told."),
        (["They follow-up and follow-", "up again."], "They follow-up and follow-up again."),
        (["Send it by e-", "mail."], "Send it by e-mail."),
        (["It is a self-", "report."], "It is a self-report."),
        (["The classroom is a class-", "room."], "The classroom is a classroom."),
        (["The years 2025-", "26 and on."], "The years 2025-26 and on."),
        (["Soft\xad", "ware is checked."], "Software is checked."),
        (["Ask -", "always."], "Ask - always."),
    ],
)
def test_a_word_broken_at_a_line_end_is_whole_and_a_hyphen_stays(
    lines: list[str], text: str
) -> None:
    sheets = Sheets()
    sheets.para(LONG)
    for line in lines:  # as wide as the column, so that the next word would not have fitted
        gap = 160 - sheets.get_string_width(line)
        first, rest = line.split(" ", 1) if " " in line else ("", line)
        sheets.set_char_spacing(0)
        if line is lines[0] and first:
            sheets.set_x(25)
            sheets.cell(160, 5, f"{first} {rest}", align="L")
            sheets.ln(5)
        else:
            sheets.cell(160, 5, line)
            sheets.ln(5)
        assert gap > 0
    assert told(sheets.raw())[-1][1] == text


def test_nested_bullets_of_any_sign_keep_their_places() -> None:
    sheets = Sheets()
    sheets.heading("Phones Policy", 18)
    sheets.heading("Rules")
    sheets.para("Staff must:")
    for left, text in ((5, "ask first"), (15, "in writing"), (15, "in time"), (5, "wait")):
        y = sheets.get_y()
        sheets.set_font("Symbol", size=11)
        sheets.text(25 + left, y + 4, "\xb7")
        sheets.body()
        sheets.text(32 + left, y + 4, text)
        sheets.set_y(y + 5.5)
    assert [label for label, _ in told(sheets.raw())][2:] == [
        "Rules (bullet 1)",
        "Rules (bullet 1.1)",
        "Rules (bullet 1.2)",
        "Rules (bullet 2)",
    ]


def test_what_is_printed_twice_to_look_bold_is_read_once() -> None:
    sheets = Sheets()
    sheets.para(LONG)
    for off in (0, 0.12):
        sheets.text(25 + off, 60, "Nobody films here.")
    assert [text for _, text in told(sheets.raw())] == [LONG, "Nobody films here."]


def test_letters_set_apart_for_show_are_words() -> None:
    sheets = Sheets()
    sheets.body("B", 16)
    sheets.set_char_spacing(2.6)
    sheets.text(25, 30, "STAFF PHONES POLICY")
    sheets.set_char_spacing(0)
    sheets.body()
    sheets.set_y(40)
    sheets.para(LONG)
    assert [text for _, text in told(sheets.raw())] == ["STAFF PHONES POLICY", LONG]


def test_a_watermark_is_dropped_and_listed() -> None:
    sheets = Sheets()
    sheets.para(LONG)
    sheets.body("B", 60)
    with sheets.rotation(45, 105, 150):
        sheets.text(60, 150, "DRAFT")
    raw = sheets.raw()
    assert [text for _, text in told(raw)] == [LONG]
    assert dropped(raw) == [(1, "DRAFT", "turned text")]


def test_a_page_that_lies_on_its_side_is_read_as_it_is_held() -> None:
    content = "BT /F1 11 Tf 0 1 -1 0 100 100 Tm (Staff ask the office first.) Tj ET "
    content += "BT /F1 11 Tf 0 1 -1 0 114 100 Tm (The office answers on the same day.) Tj ET"
    assert [text for _, text in told(by_hand(content.encode()))] == [
        "Staff ask the office first.",
        "The office answers on the same day.",
    ]


def test_a_contents_list_is_dropped() -> None:
    sheets = Sheets()
    sheets.heading("Phones Policy", 20)
    sheets.heading("Contents")
    for place, name in enumerate(("1. Scope", "2. Reporting"), 1):
        sheets.para(f"{name} {'.' * 60} {place}", after=1)
    raw_policy = [text for _, text in told(_policy(sheets))]
    assert raw_policy[1:] == [text for _, text in _as_text()][1:]


# What is refused -----------------------------------------------------------------------------------


def _scanned() -> bytes:
    sheets = Sheets()
    for _ in range(2):
        sheets.add_page()
    picture = b"\xff" * (40 * 40 * 3)
    from PIL import Image

    for page in (1, 2, 3):
        sheets.page = page
        sheets.image(Image.frombytes("RGB", (40, 40), picture), 10, 10, 180, 250)
    return sheets.raw()


def _locked() -> bytes:
    sheets = Sheets()
    sheets.para(LONG)
    sheets.set_encryption("owner", user_password="secret")
    return sheets.raw()


def _long() -> bytes:
    sheets = Sheets()
    for _ in range(400):
        sheets.add_page()
    return sheets.raw()


def _unmapped() -> bytes:
    names = " ".join(f"/g{n}" for n in range(65, 91))
    font = (
        "/Type /Font /Subtype /Type3 /FontBBox [0 0 750 750] /FontMatrix [0.001 0 0 0.001 0 0]"
        f" /FirstChar 65 /LastChar 90 /Widths [{'600 ' * 26}] /CharProcs << >>"
        f" /Encoding << /Type /Encoding /Differences [65 {names}] >>"
    )
    return by_hand(b"BT /F1 11 Tf 72 700 Td (STAFFASKFIRSTANDTHENWAIT) Tj ET", font=font)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_scanned, "holds pictures of pages and no text"),
        (_locked, "locked with a password"),
        (lambda: _policy(Sheets())[:900], "damaged or not complete"),
        (_long, "401 pages and the most is 400"),
        (_unmapped, "does not say which letters"),
        (lambda: Sheets().raw(), "holds no words"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence(make: Callable[[], bytes], said: str) -> None:
    with pytest.raises(IntakeMistake, match=said) as refused:
        imported(make(), "odd.pdf")
    assert str(refused.value).startswith("odd.pdf ")
    assert str(refused.value)[-1] in ".?"


HOSTILE = {  # what is written again and again, and how often
    "a million signs": (b"(" + b"x" * 100 + b") Tj ", 10_000),
    "deep nesting": (b"q ", 200_000),
    "deep arrays": (b"[", 200_000),
    "endless lines": (b"0 0 m 10 10 l S ", 200_000),
    "a bomb of spaces": (b" ", 300_000_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_ends_in_a_document_or_one_sentence(name: str) -> None:
    text, (again, times) = b"BT /F1 11 Tf 72 700 Td (Staff ask first.) Tj ", HOSTILE[name]
    try:
        found = imported(by_hand(text + again * times, packed=True), "odd.pdf")
    except IntakeMistake as refused:
        assert str(refused).startswith("odd.pdf ")  # noqa: PT017
    else:
        assert found.policy.clauses[0].text.startswith("Staff ask first.")


# The law of words ----------------------------------------------------------------------------------

_WORDS = (
    "staff pupils must not post photos the Headteacher policy school phone may 18 data Or".split()  # noqa: SIM905
)
_texts = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=60).map(" ".join)
_pieces = st.one_of(
    st.tuples(st.just("para"), _texts, st.sampled_from([0, 5, 20])),
    st.tuples(
        st.just("heading"), _texts.map(lambda text: text[:40]), st.sampled_from([11, 14, 18])
    ),
    st.tuples(st.sampled_from(["1.1", "2.", "(a)", "•", "-", "iv."]), _texts, st.just(0)),
    st.tuples(st.just("table"), st.lists(_texts, min_size=2, max_size=4), st.just(0)),
)


@given(
    st.lists(_pieces, min_size=1, max_size=14),
    st.sampled_from(["", "Elm School", "Page #"]),
    st.sampled_from(["L", "J", "C"]),
)
@settings(max_examples=150, deadline=None)
def test_every_word_of_a_pdf_is_in_one_clause_or_listed(
    pieces: list[tuple[str, str | list[str], int]], running: str, align: str
) -> None:
    sheets = Sheets(running, running)
    printed: list[str] = []
    for kind, text, size in pieces:
        if isinstance(text, list):
            with sheets.table([text, text], first_row_as_headings=False):
                printed += [*text, *text]
        elif kind == "heading":
            sheets.heading(text, size)
            printed.append(text)
        elif kind == "para":
            sheets.para(text, size, align=align)
            printed.append(text)
        else:
            sheets.hanging(kind, text)
            printed += [kind, text]
    raw = sheets.raw()
    for page in range(1, sheets.pages_count + 1):
        printed += [running.replace("#", str(page))] * 2
    found = import_document(pdf.read("x.pdf", raw, lambda pages: None), "p")
    told = told_words(found.policy.clauses)
    gone = [word for one in found.dropped for word in words(one.text)]
    assert Counter(told) + Counter(gone) == Counter(words(" ".join(printed)))


# Clauses at the edges of a page -----------------------------------------------------------------------


def test_the_last_clause_of_a_page_is_kept_however_near_the_foot() -> None:
    made = Sheets()
    made.set_auto_page_break(True, 12)
    made.para("Locking Up Policy")
    for n in range(1, 50):
        made.para(f"{n // 9 + 1}.{n % 9 + 1} Staff must lock the door before {n} leave.", after=9)
    assert len(told(made.raw())) == 50
    assert not dropped(made.raw())


def test_clauses_that_differ_only_in_their_numbers_are_no_running_heads() -> None:
    made = Sheets()
    made.para("Rooms Policy")
    for n in range(1, 90):
        made.para(f"{n // 10 + 1}.{n % 10 + 1} Staff must lock room {n} at {n % 12 + 1}.", after=4)
    assert len(told(made.raw())) == 90
    assert not dropped(made.raw())


def test_rows_of_a_long_table_that_differ_in_digits_are_all_kept() -> None:
    made = Sheets()
    made.para("Contacts Policy")
    made.para("1.1 Staff must ring these people.")
    with made.table() as table:
        heads = table.row()
        heads.cell("Who")
        heads.cell("Number")
        for n in range(1, 61):
            row = table.row()
            row.cell(f"Person {n} of the office")
            row.cell(f"01632 9600{n:02d}")
    made.para("1.2 Staff must not ring others.")
    texts = [text for _, text in told(made.raw())]
    assert [text for text in texts if text.startswith("Person")] == [
        f"Person {n} of the office 01632 9600{n:02d}" for n in range(1, 61)
    ]


def test_a_heading_row_that_is_printed_again_on_the_next_page_is_listed() -> None:
    made = Sheets()
    made.para("Contacts Policy")
    with made.table() as table:
        for n in range(45):
            row = table.row()
            row.cell(f"Person {n} of the office" if n else "Who rings")
            row.cell(f"01632 9600{n:02d}" if n else "The number")
    texts = [text for _, text in told(made.raw())]
    assert texts.count("Who rings The number") == 1
    assert dropped(made.raw()) == [(2, "Who rings The number", "heading printed twice")]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("Staff must not accept requests from a former pupil who is under", "18."),
        ("Staff must follow what is said about the parents in section", "2.3 and tell the head."),
        (
            "Staff must follow what is said to all of the parents in section",
            "2.3. Nobody else does.",
        ),
        ("Pupils are told about the rules on phones in the course of Key Stage", "2. Staff do so."),
        ("The rules on phones are in the handbook of the school, in Appendix", "A. Staff read it."),
        ("The one who decides about phones in the end is the Headteacher and", "I. So it is."),
        (
            "Staff must not, whatever the reason is, use their phones with pupils",
            "- unless told to.",
        ),
        (
            "The school keeps all of these records for some time, up to the year",
            "2030. Then they go.",
        ),
    ],
)
def test_a_sentence_that_wraps_before_a_number_is_one_clause(above: str, below: str) -> None:
    made = Sheets()
    for text in ("Phone Policy", "1. Start", "1.1 Staff must do this.", "2. Phones"):
        made.para(text)
    made.para("2.1 Staff must not use phones.")
    made.para(f"2.2 {above}\n{below}")
    made.para("2.3 Staff may use cameras.")
    assert told(made.raw())[-3:] == [
        ("2.1", "Staff must not use phones."),
        ("2.2", f"{above} {below}"),
        ("2.3", "Staff may use cameras."),
    ]


def test_two_columns_with_hardly_a_gap_are_read_one_after_the_other() -> None:
    made = Sheets()
    made.para("Visitors Policy")
    size = 2 * made.get_string_width("n") / 11  # points to mm, about one letter for the gap
    left = ["1.1 Visitors must report to the office", "and must write their names in the book"]
    left += ["1.2 Nobody is left alone with children", "before the office has made its checks"]
    left += ["1.3 Visitors must wear a badge all day", "and must hand it back when they leave"]
    right = ["2.1 Nobody takes any photographs here", "unless the head has said that they may"]
    right += ["2.2 A telephone stays in the staffroom", "and is not used where the children are"]
    right += ["2.3 This policy is read every two years", "and whenever the rules have to change"]
    wide = max(map(made.get_string_width, left)) + size + 2.2
    made.column(25, 50, left)
    made.column(25 + wide, 50.5, right)
    labels = [label for label, _ in told(made.raw())]
    assert labels[1:] == ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3"]


def test_a_contents_list_without_dots_is_dropped() -> None:
    heads = ("Introduction", "Who works alone", "Risk assessment", "Home visits")
    made = Sheets()
    made.heading("Lone Working Policy", 20)
    made.heading("Contents")
    for page, head in zip((1, 1, 2, 2), heads, strict=True):
        made.para(f"{head} {page}", after=0)
    for n, head in enumerate(heads, 1):
        made.heading(f"{n}.{head}" if n == 4 else f"{n}. {head}")
        for k in range(1, 9):
            made.para(f"{n}.{k} Staff must tell the office {k} times, on the day and in writing.")
    found = imported(made.raw())
    labels = [clause.label for clause in found.policy.clauses]
    assert labels == ["Title", *(f"{n}.{k}" for n in range(1, 5) for k in range(1, 9))]
    assert [one.text for one in found.dropped if one.why == "contents list"] == [
        *("Contents", "Introduction 1", "Who works alone 1", "Risk assessment 2", "Home visits 2")
    ]
