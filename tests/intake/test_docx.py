"""Word documents as schools write them: what is read, what is left out, and what a citation prints."""

from io import BytesIO

import docx
import pytest

from bot.intake.importing import IntakeMistake, import_document
from bot.intake.source import source_of
from tests.intake.wordfiles import (
    BLANK,
    STYLES,
    document,
    dropped,
    imported,
    labels,
    notes,
    para,
    run,
    table,
    texts,
    word,
    zipped,
)

TITLE = para("Visitors Policy", style="Title")
ARRIVAL = para("Arrival", style="Heading1")


def _texts(*body: str, styles: str = STYLES) -> list[str]:
    return [line.text for line in document(word(*body, styles=styles)).lines]


def _field(order: str, *result: str) -> str:
    """A field as Word writes it: its order, and what was last made of it."""
    told = f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{order}</w:instrText></w:r>'
    told += '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + "".join(result)
    return told + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


# Headings --------------------------------------------------------------------------------------------


def test_heading_styles_make_sections() -> None:
    raw = word(
        TITLE,
        para("Scope", style="Heading1"),
        para("All visitors are covered."),
        ARRIVAL,
        para("At the gate", style="Heading2"),
        para("Ring the bell."),
        para("Wait for an answer."),
        para("In the office", style="Heading2"),
        para("Sign the book."),
    )
    assert labels(raw) == [
        *("Title", "Scope", "At the gate (para 1)", "At the gate (para 2)", "In the office"),
    ]
    assert imported(raw).policy.clauses[2].headings == ("Arrival", "At the gate")


def test_a_schools_own_style_based_on_a_heading_is_one() -> None:
    own = (
        '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Elm Section"/>'
        '<w:basedOn w:val="Heading1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Lined"><w:name w:val="Elm Part"/>'
        '<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    )
    raw = word(TITLE, para("Scope", style="Own"), para("staff", style="Lined"), styles=STYLES + own)
    assert [line.level for line in document(raw).lines] == [0, 1, 2]


def test_an_outline_level_makes_a_heading_or_takes_it_back() -> None:
    made = para("Scope", props='<w:outlineLvl w:val="1"/>')
    undone = para("Scope", style="Heading1", props='<w:outlineLvl w:val="9"/>')
    assert [line.level for line in document(word(made, undone)).lines] == [2, 0]


def test_whole_sentences_in_a_heading_style_are_clauses() -> None:
    raw = word(
        TITLE,
        para("Arrival", num=(1, 0), style="Heading1"),
        para("Visitors sign in at the office.", num=(1, 1), style="Heading2"),
        para("Visitors wear a badge at all times", num=(1, 1), style="Heading2"),
        para("Visitors wait for whoever they came to see.", num=(1, 1), style="Heading2"),
    )
    assert [line.level for line in document(raw).lines] == [0, 1, 0, 0, 0]
    assert labels(raw) == ["Title", "1.1", "1.2", "1.3"]


def test_one_sentence_among_true_headings_is_no_heading() -> None:
    raw = word(
        TITLE,
        *(para(name, style="Heading1") + para("It is done.") for name in ("Entry", "Exit", "End")),
        para("A whole sentence that somebody styled as a heading.", style="Heading1"),
    )
    assert labels(raw) == ["Title", "Entry", "Exit", "End (para 1)", "End (para 2)"]


def test_bold_paragraphs_are_headings_as_in_plain_text() -> None:
    raw = word(
        para("Visitors Policy", bold=True),
        para("Scope", bold=True),
        para("All visitors are covered."),
        para(run("Arrival", '<w:u w:val="single"/>')),
        para("Report to the ", run("office", "<w:b/>"), " at once."),
    )
    assert [line.bold for line in document(raw).lines] == [True, True, False, True, False]
    assert labels(raw) == ["Title", "Scope", "Arrival"]


def test_the_schools_name_above_a_styled_title_is_not_the_title() -> None:
    raw = word(
        para("Elm Primary School"),
        para("Visitors Policy", style="Heading1"),
        para("Scope", style="Heading2"),
        para("All visitors are covered."),
    )
    assert labels(raw) == ["Front matter: School", "Title", "Scope"]
    assert texts(raw)["Title"] == "Visitors Policy"


@pytest.mark.parametrize(
    "between",
    [BLANK, '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'],
    ids=["an empty paragraph", "a new page"],
)
def test_space_between_paragraphs_is_seen(between: str) -> None:
    raw = word(para("One."), para("Two."), between, para("Three."))
    assert [line.gap for line in document(raw).lines] == [True, False, True]


def test_space_set_by_a_style_is_seen_but_not_inside_a_list() -> None:
    wide = '<w:spacing w:after="160"/>'
    close = f"{wide}<w:contextualSpacing/>"
    raw = word(*(para("a", props=props) for props in (wide, wide, close, close)), para("b"))
    assert [line.gap for line in document(raw).lines] == [True, True, True, False, True]


# Text ------------------------------------------------------------------------------------------------


def test_words_are_gathered_from_wherever_they_stand_in_a_paragraph() -> None:
    inside = [
        f'<w:hyperlink r:id="r9">{run("by email ")}</w:hyperlink>',
        f"<w:ins>{run('or post, ')}</w:ins>",
        f"<w:sdt><w:sdtContent>{run('within a week')}</w:sdtContent></w:sdt>",
        f"<w:smartTag>{run(' of May')}</w:smartTag>",
        "<w:r><w:t>, half</w:t><w:noBreakHyphen/><w:t>term ex</w:t><w:softHyphen/><w:t>cepted</w:t></w:r>",
        f'<w:fldSimple w:instr="DATE">{run(" 2024")}</w:fldSimple>',
    ]
    assert _texts(para("Ask ", *inside)) == [
        "Ask by email or post, within a week of May, half-term excepted 2024"
    ]


def test_a_field_shows_its_result_and_not_its_order() -> None:
    inner = _field("REF secret", run("5.2"))
    assert _texts(
        para("See ", _field(f"HYPERLINK {'x'}", run("clause "), inner), run(" first."))
    ) == ["See clause 5.2 first."]


def test_a_field_that_never_ends_swallows_nothing() -> None:
    begun = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    assert _texts(para("One.", begun), para("Two."), para("Three.")) == ["One.", "Two.", "Three."]


def test_deleted_and_hidden_words_and_comments_are_left_out_and_listed() -> None:
    gone = "<w:del><w:r><w:delText>except cats</w:delText></w:r></w:del>"
    moved = f"<w:moveFrom>{run('moved away')}</w:moveFrom>"
    hidden = run("nobody sees this", "<w:vanish/>")
    comment = '<w:r><w:commentReference w:id="4"/></w:r>'
    raw = word(
        para("All animals", gone, moved, hidden, comment, " are covered."),
        parts={"comments": f'<w:comment w:id="4">{para("Really all?")}</w:comment>'},
    )
    assert [line.text for line in document(raw).lines] == ["All animals are covered."]
    assert sorted(dropped(raw)) == [
        ("comment", "Really all?"),
        ("deleted text", "except cats moved away"),
        ("hidden text", "nobody sees this"),
    ]


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    ends = "<w:rPr><w:del/></w:rPr>"
    found = document(
        word(
            para("Visitors sign ", num=(1, 0), props=ends),
            para("in.", num=(1, 0)),
            para("<w:del><w:r><w:delText>Gone</w:delText></w:r></w:del>", num=(1, 0), props=ends),
            para("Wait.", num=(1, 0)),
            para("The end", props=ends),
        )
    )
    assert [line.printed for line in found.lines] == ["1. Visitors sign in.", "2. Wait.", "The end"]


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{para('Ask the office')}</w:txbxContent>"
    twice = (
        "<w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    old = f"<w:r><w:pict><v:textbox>{box.replace('Ask', 'Ring')}</v:textbox></w:pict></w:r>"
    assert _texts(para("Before ", twice, "and after."), para(old)) == [
        "Before and after.",
        "Ask the office",
        "Ring the office",
    ]


def test_signs_of_picture_fonts_are_signs_and_not_letters() -> None:
    tick = '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
    typed = run("ü", '<w:rFonts w:ascii="Wingdings"/>')
    dot = run("·", '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>')
    euro = '<w:r><w:sym w:font="Arial" w:char="20AC"/></w:r>'
    raw = word(TITLE, ARRIVAL, para(tick, " yes ", typed, " ", euro, "5"), para(dot, "\tsign in"))
    assert [line.text for line in document(raw).lines][2:] == ["✓ yes ✓ €5", "•\tsign in"]
    assert labels(raw)[-1] == "Arrival (bullet 2)"


def test_typed_lines_in_one_paragraph_are_lines_where_they_number_themselves() -> None:
    raw = word(
        TITLE,
        para("3. Arrival", bold=True),
        para("3.1 Visitors sign in.\n3.2 Visitors wait\nin the hall.\n(a) always"),
    )
    assert texts(raw) == {
        "Title": "Visitors Policy",
        "3.1": "Visitors sign in.",
        "3.2": "Visitors wait in the hall.",
        "3.2(a)": "always",
    }


def test_a_bold_line_above_its_text_in_one_paragraph_is_a_heading() -> None:
    raw = word(TITLE, para(run("Scope\n", "<w:b/>"), "All visitors are covered."))
    assert labels(raw) == ["Title", "Scope"]


def test_fields_typed_in_one_paragraph_are_each_one() -> None:
    raw = word(TITLE, para("Approved by: Governors\nNext review: May 2026"), ARRIVAL, para("Ask."))
    assert labels(raw)[1:3] == ["Front matter: Approved by", "Front matter: Next review"]
    assert imported(raw).policy.review_due == "2026-05"


def test_tabs_part_a_field_from_its_value() -> None:
    raw = word(TITLE, para("Policy owner\tMrs Khan"), ARRIVAL, para("Ask."))
    assert labels(raw)[1] == "Front matter: Policy owner"
    assert imported(raw).policy.owner == "Mrs Khan"


def test_two_fields_in_one_line_are_called_by_the_first() -> None:
    raw = word(TITLE, para("Reviewed: May 2024\tNext review: May 2025"), ARRIVAL, para("Ask."))
    assert labels(raw)[1] == "Front matter: Reviewed"
    policy = imported(raw).policy
    assert (policy.approved, policy.review_due) == ("2024-05", "2025-05")


def test_an_automatic_list_of_contents_is_dropped_and_listed() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    begin += '<w:r><w:instrText> TOC \\o "1-3"</w:instrText></w:r>'
    begin += '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    end = '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    boxed = (
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj>"
        f"</w:sdtPr><w:sdtContent>{para('In this policy')}</w:sdtContent></w:sdt>"
    )
    raw = word(
        TITLE,
        boxed,
        para(begin, "Arrival\t2"),
        para("Leaving\t3") + end,
        ARRIVAL,
        para("Sign in."),
        para("Leaving", style="Heading1"),
        para("Sign out."),
    )
    assert labels(raw) == ["Title", "Arrival", "Leaving"]
    assert dropped(raw) == [
        ("contents list", "In this policy"),
        ("contents list", "Arrival 2"),
        ("contents list", "Leaving 3"),
    ]


def test_the_heading_of_a_list_of_contents_goes_with_it() -> None:
    toc = '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
    listed = para("Arrival\t2", style="TOC1")
    raw = word(TITLE, para("Contents"), listed, ARRIVAL, para("Sign in."), styles=STYLES + toc)
    assert labels(raw) == ["Title", "Arrival"]
    made = import_document(document(raw), "visitors")
    assert [one.text for one in made.dropped] == ["Contents", "Arrival 2"]


def test_contents_styles_are_enough_to_know_a_list_of_contents() -> None:
    toc = '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
    raw = word(TITLE, para("Arrival\t2", style="TOC1"), para("Sign in."), styles=STYLES + toc)
    assert dropped(raw) == [("contents list", "Arrival 2")]


def test_a_typed_list_of_contents_is_known_by_its_page_numbers() -> None:
    raw = word(
        TITLE,
        para("Contents"),
        para("Arrival\t2"),
        para("Leaving        3"),
        ARRIVAL,
        para("Sign in."),
        para("Leaving", style="Heading1"),
        para("Sign out."),
    )
    assert labels(raw) == ["Title", "Arrival", "Leaving"]


def test_a_link_is_underlined_and_no_heading_for_that() -> None:
    link = run("elm.example", '<w:u w:val="single"/>')
    raw = word(
        para(f"<w:hyperlink>{link}</w:hyperlink>"), para(_field('HYPERLINK "x"', link)), para(link)
    )
    assert [line.bold for line in document(raw).lines] == [False, False, True]


def test_content_controls_around_paragraphs_rows_and_cells_change_nothing() -> None:
    def held(xml: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{xml}</w:sdtContent></w:sdt>"

    cell = held(f"<w:tc>{para('Red')}</w:tc>")
    row = held(f"<w:tr>{cell}<w:tc>{para('Visitors')}</w:tc></w:tr>")
    raw = word(held(para("Sign in.") + held(para("Wait."))), f"<w:tbl>{row}{row}</w:tbl>")
    assert _lines(raw) == ["Sign in.", "Wait.", "Red Visitors", "Red Visitors"]


def test_the_words_of_a_diagram_are_listed() -> None:
    raw = word(
        para("Sign in."),
        parts={"diagramData": "<w:p><w:r><w:t>Tell the lead</w:t></w:r></w:p>"},
    )
    assert dropped(raw) == [("diagram", "Tell the lead")]


# Tables ----------------------------------------------------------------------------------------------


def test_a_row_is_citable() -> None:
    head = ["<w:tc>" + para(name, bold=True) + "</w:tc>" for name in ("Colour", "Who")]
    raw = word(
        TITLE,
        ARRIVAL,
        para("Badges mean this."),
        table(head, ("Red", "Visitors"), ("Blue", "Staff")),
    )
    assert texts(raw) == {
        "Title": "Visitors Policy",
        "Arrival (para 1)": "Badges mean this.",
        "Arrival (table heading)": "Colour | Who",
        "Arrival (row 1)": "Red | Visitors",
        "Arrival (row 2)": "Blue | Staff",
    }


_HEADED = (
    '<w:style w:type="table" w:styleId="Grid4"><w:name w:val="Grid 4"/>'
    '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr></w:tblStylePr></w:style>'
)


@pytest.mark.parametrize(
    ("cell", "row", "props"),
    [
        ("", "<w:trPr><w:tblHeader/></w:trPr>", ""),
        ("", "", '<w:tblStyle w:val="Grid4"/><w:tblLook w:firstRow="1"/>'),
        ("", "", '<w:tblStyle w:val="Grid4"/><w:tblLook w:val="04A0"/>'),
        ('<w:tcPr><w:shd w:val="clear" w:fill="D9D9D9"/></w:tcPr>', "", ""),
    ],
    ids=["said so", "by its style", "by its style, old", "coloured"],
)
def test_a_row_of_column_names_is_known(cell: str, row: str, props: str) -> None:
    head = [f"<w:tc>{cell}{para(name)}</w:tc>" for name in ("Colour", "Who")]
    made = table(head, ("Red", "Visitors"), ("Blue", "Staff"), props=props)
    made = made.replace("<w:tr>", f"<w:tr>{row}", 1)
    raw = word(TITLE, ARRIVAL, para("Badges mean this."), made, styles=STYLES + _HEADED)
    assert labels(raw)[2:] == [f"Arrival ({x})" for x in ("table heading", "row 1", "row 2")]


def test_two_tables_with_a_blank_between_do_not_name_each_others_columns() -> None:
    rows = table(("Red", "Visitors"), ("Blue", "Staff"))
    raw = word(TITLE, ARRIVAL, para("Badges mean this."), rows, BLANK, rows)
    assert labels(raw)[2:] == [f"Arrival (row {n})" for n in (1, 2, 3, 4)]


def test_merged_cells_are_read_once() -> None:
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{para("Both sites")}</w:tc>'
    tall = f'<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{para("Infants")}</w:tc>'
    below = f"<w:tc><w:tcPr><w:vMerge/></w:tcPr>{BLANK}</w:tc>"
    raw = word(table([wide], [tall, "am"], [below, "pm"]))
    assert [line.cells for line in document(raw).lines] == [
        ("Both sites",),
        ("Infants", "am"),
        ("", "pm"),
    ]


def test_a_cell_of_several_paragraphs_and_a_table_in_a_cell_are_one_row() -> None:
    listed = para("Ask:") + para("once", num=(2, 0)) + para("twice", num=(2, 0))
    inner = table(("x", "y")) + BLANK
    raw = word(table(("When", f"<w:tc>{listed}</w:tc>"), ("Who", f"<w:tc>{inner}</w:tc>")))
    assert [line.text for line in document(raw).lines] == ["When Ask: • once • twice", "Who x y"]


def test_automatic_numbers_in_a_column_are_printed_in_the_row() -> None:
    number = f"<w:tc>{para(num=(1, 0))}</w:tc>"
    raw = word(table((number, "Sign in"), (number, "Wait")))
    assert [line.cells for line in document(raw).lines] == [("1.", "Sign in"), ("2.", "Wait")]


@pytest.mark.parametrize(
    "cells",
    [
        [
            [
                para("Arrival", style="Heading1")
                + para("Sign in.", num=(2, 0))
                + para("Wait.", num=(2, 0))
            ]
        ],
        [[para("Arrival", bold=True)], [para("Sign in.", num=(2, 0)) + para("Wait.", num=(2, 0))]],
        [
            [
                BLANK,
                para("Arrival", bold=True)
                + para("Sign in.", num=(2, 0))
                + para("Wait.", num=(2, 0)),
            ]
        ],
    ],
    ids=["one cell", "one column", "one row of long cells"],
)
def test_a_table_that_only_frames_paragraphs_is_read_as_paragraphs(cells: list[list[str]]) -> None:
    framed = table(*([f"<w:tc>{cell}</w:tc>" for cell in row] for row in cells))
    assert labels(word(TITLE, framed)) == ["Title", "Arrival (bullet 1)", "Arrival (bullet 2)"]


def test_clauses_set_in_two_columns_keep_their_numbers() -> None:
    raw = word(
        TITLE,
        table(("1.", "ARRIVAL"), ("1.1", "Visitors sign in."), ("1.2", "Visitors wait.")),
    )
    assert labels(raw) == ["Title", "1.1", "1.2"]


def test_a_table_of_facts_is_read_as_header_fields() -> None:
    raw = word(
        TITLE,
        table(
            ("Approved by", "Full Governing Board", "Date", "4 May 2024"),
            ("Policy lead", "Mrs Khan", "Next review", "May 2026"),
        ),
        ARRIVAL,
        para("Sign in."),
    )
    policy = imported(raw).policy
    assert (policy.approver, policy.owner) == ("Full Governing Board", "Mrs Khan")
    assert (policy.approved, policy.review_due) == ("2024-05-04", "2026-05")
    assert labels(raw)[:2] == ["Title", "Front matter: Approved by"]


def test_a_deleted_row_is_left_out() -> None:
    gone = table(("old", "row")).replace("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>")
    raw = word(para("Text."), gone)
    assert _lines(raw) == ["Text."]
    assert dropped(raw) == [("deleted text", "old row")]


def _lines(raw: bytes) -> list[str]:
    return [line.text for line in document(raw).lines]


# Notes, headers and footers --------------------------------------------------------------------------


def _sign(kind: str, id: int) -> str:
    return f'<w:r><w:{kind}Reference w:id="{id}"/></w:r>'


def test_notes_are_citable_and_their_signs_are_listed() -> None:
    raw = word(
        TITLE,
        ARRIVAL,
        para("Visitors", _sign("footnote", 7), " sign in", _sign("endnote", 2), "."),
        para("They wait", _sign("footnote", 3), "."),
        parts={
            "footnotes": notes("footnote", {3: "Not long.", 7: "Parents too."}),
            "endnotes": notes("endnote", {2: "In ink."}),
        },
    )
    assert texts(raw) == {
        "Title": "Visitors Policy",
        "Arrival (para 1)": "Visitors sign in.",
        "Arrival (para 2)": "They wait.",
        "Footnote 1": "Parents too.",
        "Footnote 2": "Not long.",
        "Footnote i": "In ink.",
    }
    assert sorted(dropped(raw)) == [
        ("endnote mark", "i"),
        ("footnote mark", "1"),
        ("footnote mark", "2"),
    ]


def test_a_note_may_have_a_mark_of_its_own_and_notes_a_count_of_theirs() -> None:
    own = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="5"/><w:t>*</w:t></w:r>'
    raw = word(
        para("Visitors", own, " sign in", _sign("footnote", 6), "."),
        parts={"footnotes": notes("footnote", {5: "Parents too.", 6: "In ink."})},
        sect='<w:footnotePr><w:numFmt w:val="lowerLetter"/><w:numStart w:val="3"/></w:footnotePr>',
    )
    found = document(raw)
    assert [(line.note, line.text) for line in found.lines] == [
        ("", "Visitors sign in."),
        ("*", "Parents too."),
        ("c", "In ink."),
    ]


def test_headers_and_footers_are_dropped_and_each_text_listed_once() -> None:
    raw = word(
        TITLE,
        para("Sign in."),
        parts={
            "header1": para("Elm School"),
            "header2": para("Elm School"),
            "header3": para("Visitors Policy 2024"),
            "footer1": para("Page ", _field("PAGE", run("3"))),
        },
    )
    assert sorted(dropped(raw)) == [
        ("footer", "Page 3"),
        ("header", "Elm School"),
        ("header", "Visitors Policy 2024"),
    ]


# A file of another maker -----------------------------------------------------------------------------


def test_a_document_made_by_python_docx_is_read() -> None:
    made = docx.Document()
    made.add_heading("Visitors Policy", 0)
    made.add_heading("Arrival", 1)
    made.add_paragraph("Visitors must:")
    made.add_paragraph("sign in", style="List Bullet")
    made.add_paragraph("in ink", style="List Bullet 2")
    made.add_paragraph("wait", style="List Bullet")
    made.add_heading("Leaving", 1)
    made.add_paragraph("Sign out.", style="List Number")
    made.add_paragraph("Return the badge.", style="List Number")
    held = BytesIO()
    made.save(held)
    assert labels(held.getvalue()) == [
        "Title",
        "Arrival",
        *("Arrival (bullet 1)", "Arrival (bullet 1.1)", "Arrival (bullet 2)"),
        *("Leaving 1", "Leaving 2"),
    ]


def test_a_strict_file_says_the_same_under_other_names() -> None:
    usual = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    body = f'<w:document xmlns:w="{usual}"><w:body>{para("Sign in.")}</w:body></w:document>'
    raw = zipped({"word/document.xml": body.replace(usual, strict).encode()})
    assert _lines(raw) == ["Sign in."]


# Refusals --------------------------------------------------------------------------------------------

GOOD = word(TITLE, para("Sign in."))
_BOMB = b"<w:document>" + b" " * 40_000_000
_ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<w:document xmlns:w='w'><w:body>&b;</w:body></w:document>"
)
REFUSED = {
    "macros by type": (
        word(para("x"), main="application/vnd.ms-word.document.macroEnabled.main+xml"),
        "macros",
    ),
    "macros by file": (word(para("x"), files={"word/vbaProject.bin": b"x"}), "macros"),
    "a zip of something else": (zipped({"readme.txt": b"x"}), "no Word document"),
    "only the first half": (GOOD[: len(GOOD) // 2], "only half there"),
    "bytes turned round": (GOOD[:200] + GOOD[200:300][::-1] + GOOD[300:], "damaged"),
    "XML that breaks off": (zipped({"word/document.xml": b"<w:document><w:body>"}), "damaged"),
    "a doctype": (zipped({"word/document.xml": _ENTITIES}), "DOCTYPE"),
    "a doctype in wide letters": (
        zipped({"word/document.xml": _ENTITIES.decode().encode("utf-16")}),
        "DOCTYPE",
    ),
    "far too much XML": (zipped({"word/document.xml": _BOMB}), "far more than a policy"),
    "far too many tags": (
        zipped({"word/document.xml": b"<a>" + b"<b/>" * 900_000 + b"</a>"}),
        "far more than a policy",
    ),
    "far too many files": (
        zipped({**{f"f{n}": b"" for n in range(4100)}, "word/document.xml": b"<a/>"}),
        "far more than a policy",
    ),
    "far too much of a picture": (
        word(para("x"), files={"word/media/a.bmp": bytes(60_000_000)}),
        "far more than a policy",
    ),
    "no words": (word(BLANK), "no words"),
    "more paragraphs than a policy has": (word("<w:p><w:r/></w:p>" * 21_000), "is it a policy"),
    "more text than a policy has": (word(para("a b " * 1_300_000)), "is it a policy"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_taken_in_is_refused_in_one_sentence(name: str) -> None:
    raw, why = REFUSED[name]
    with pytest.raises(IntakeMistake) as mistake:
        source_of("visitors.docx", raw)
    said = str(mistake.value)
    assert why in said
    assert said.startswith("visitors.docx ")
    assert said.endswith((".", "?"))
    assert said.count(". ") == 0


def test_a_file_with_a_password_inside_is_refused() -> None:
    raw = bytearray(GOOD)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(sign)
        while at >= 0:
            raw[at + place] |= 1
            at = raw.find(sign, at + 1)
    with pytest.raises(IntakeMistake, match="password"):
        source_of("visitors.docx", bytes(raw))


def test_links_out_of_the_file_are_not_followed() -> None:
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" TargetMode="External" Target="file:///etc/hostname" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/header"/>'
        "</Relationships>"
    )
    body = "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>"
    body += para("Sign in.") + "</w:body></w:document>"
    raw = zipped(
        {"word/document.xml": body.encode(), "word/_rels/document.xml.rels": rels.encode()}
    )
    assert _lines(raw) == ["Sign in."]
    assert dropped(raw) == []
