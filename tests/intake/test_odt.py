"""OpenDocument texts: made here by hand, and printed by LibreOffice from styled sources."""

from pathlib import Path

import pytest

from bot.intake.document import Document
from bot.intake.formats.odt import read
from bot.intake.importing import import_document
from bot.intake.read import IntakeMistake
from tests.intake.documents import odt

PRINTED = Path(__file__).parent / "printed"


def document(body: str, styles: str = "", kept: str = "") -> Document:
    return read("a.odt", odt(body, styles, kept), lambda pages: None)


def shown(body: str, styles: str = "", kept: str = "") -> list[str]:
    found = document(body, styles, kept).lines
    return [f"{' ' * line.indent}{line.printed}" for line in found]


def numbers(*formats: str) -> str:
    """A list style L whose levels count so: "1 . 1" is format, suffix, levels shown."""
    levels = "".join(
        f'<text:list-level-style-number text:level="{place}" style:num-format="{how}" '
        f'style:num-prefix="{prefix}" style:num-suffix="{suffix}" text:display-levels="{shown}"/>'
        for place, (how, prefix, suffix, shown) in enumerate((one.split(",") for one in formats), 1)
    )
    return f'<text:list-style style:name="L">{levels}</text:list-style>'


def items(*inner: str, said: str = "") -> str:
    found = "".join(f"<text:list-item>{one}</text:list-item>" for one in inner)
    return f'<text:list text:style-name="L" {said}>{found}</text:list>'


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


NESTED = numbers("1,,.,1", "1,,,2", "a,(,),1", "I,,.,1")


def test_levels_print_the_numbers_above_them_where_they_say_so() -> None:
    body = items(p("Use") + items(p("one"), p("two") + items(p("x"), p("y"))), p("Data"))
    assert shown(body, NESTED) == [
        *("1. Use", "    1.1 one", "    1.2 two", "        (a) x", "        (b) y", "2. Data"),
    ]


def test_a_list_goes_on_restarts_or_begins_anew_as_it_says() -> None:
    goes_on = 'text:continue-numbering="true"'
    anew = '<text:list-item text:start-value="7"><text:p>c</text:p></text:list-item>'
    body = items(p("a")) + p("between") + items(p("b"), said=goes_on)
    body += f'<text:list text:style-name="L" {goes_on}>{anew}</text:list>' + items(p("d"))
    assert shown(body, NESTED) == ["1. a", "between", "2. b", "7. c", "1. d"]


def _bullets(name: str, left: str) -> str:
    return (
        f'<text:list-style style:name="{name}"><text:list-level-style-bullet text:level="1" '
        'text:bullet-char="•"><style:list-level-properties><style:list-level-label-alignment '
        f'fo:margin-left="{left}"/></style:list-level-properties></text:list-level-style-bullet>'
        "</text:list-style>"
    )


def test_a_list_set_further_in_than_the_one_just_above_is_nested() -> None:
    inner = items(p("b")).replace('"L"', '"In"')
    styles = _bullets("L", "0.25in") + _bullets("In", "0.5in")
    assert shown(items(p("a")) + inner + items(p("c")), styles) == ["• a", "    • b", "• c"]
    assert shown(items(p("a")) + p("between") + inner, styles) == ["• a", "between", "• b"]


def test_a_list_carries_on_the_one_it_names() -> None:
    body = items(p("a"), said='xml:id="one"') + items(p("b"))
    body += items(p("c"), said='text:continue-list="one"')
    assert shown(body, NESTED) == ["1. a", "1. b", "2. c"]


def test_headings_are_numbered_by_the_outline() -> None:
    outline = (
        '<text:outline-style style:name="Outline">'
        '<text:outline-level-style text:level="1" style:num-format="1" style:num-suffix="."/>'
        '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>'
        "</text:outline-style>"
    )
    body = "".join(
        f'<text:h text:outline-level="{level}" {said}>{text}</text:h>'
        for level, text, said in (
            *((1, "A", ""), (2, "B", ""), (2, "C", 'text:is-list-header="true"')),
            *((2, "D", ""), (1, "E", 'text:restart-numbering="true" text:start-value="5"')),
        )
    )
    found = document(body, kept=outline).lines
    assert [line.printed for line in found] == ["1. A", "1.1 B", "C", "1.2 D", "5. E"]
    assert [line.level for line in found] == [1, 2, 2, 2, 1]


def test_second_paragraphs_of_an_item_stand_further_in_without_a_number() -> None:
    header = "<text:list-header><text:p>h</text:p></text:list-header>"
    body = items(p("a") + p("b")) + f'<text:list text:style-name="L">{header}</text:list>'
    assert shown(body, NESTED) == ["1. a", "  b", "  h"]


def test_bullets_tabs_spaces_and_breaks_are_read() -> None:
    style = (
        '<text:list-style style:name="L"><text:list-level-style-bullet text:level="1" '
        'text:bullet-char="&#xe4c4;"/></text:list-style>'
    )
    assert shown(items(p("a<text:line-break/>b")), style) == ["• a b"]
    assert shown(p("1.1<text:tab/>a<text:s text:c='3'/>b")) == ["1.1\ta b"]
    assert shown(p("A<text:line-break/>B")) == ["A", "B"]


def test_a_row_has_its_cells_however_often_it_says_they_are_repeated() -> None:
    cells = "".join(
        f'<table:table-cell table:number-columns-repeated="1000000000">{p(text)}</table:table-cell>'
        for text in ("a", "b")
    )
    (line,) = document(
        f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
    ).lines
    assert line.cells == ("a", "b")


def test_a_footnote_is_citable_and_text_boxes_are_read() -> None:
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        "<text:note-body><text:p>Or the head.</text:p></text:note-body></text:note>"
    )
    box = f"<draw:frame><draw:text-box>{p('Boxed words.')}</draw:text-box></draw:frame>"
    read_in = document(p("Phone Policy") + p(f"Staff must{note} ask.{box}"))
    assert [line.text for line in read_in.lines] == [
        *("Phone Policy", "Staff must ask.", "Or the head.", "Boxed words."),
    ]
    clauses = import_document(read_in, "p").policy.clauses
    assert [c.text for c in clauses if c.label == "Footnote 1"] == ["Or the head."]


def test_what_is_deleted_hidden_or_repeated_on_every_page_is_left_out_and_listed() -> None:
    styles = (
        '<style:style style:name="H" style:family="text" style:parent-style-name="G"/>'
        '<style:style style:name="G" style:family="text" style:parent-style-name="H">'
        '<style:text-properties text:display="none"/></style:style>'
    )
    head = (
        "<style:header><text:p>Elm <text:page-number>3</text:page-number></text:p></style:header>"
    )
    kept = f"<office:master-styles><style:master-page>{head}</style:master-page></office:master-styles>"
    tracked = (
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info>"
        f"A. Person</office:change-info>{p('gone')}</text:deletion></text:changed-region>"
        "</text:tracked-changes>"
    )
    body = tracked + p('kept <text:span text:style-name="H">secret</text:span>kept')
    body += f'<text:section text:display="none">{p("unseen")}</text:section>'
    body += f"<text:table-of-content><text:index-body>{p('Use 3')}</text:index-body></text:table-of-content>"
    body += p("x<office:annotation>" + p("why") + "</office:annotation>")
    found = document(body, styles, kept)
    assert [line.text for line in found.lines] == ["kept kept", "x"]
    assert [(one.text, one.why) for one in found.dropped] == [
        ("Elm 3", "page header"),
        ("gone", "deleted text"),
        ("secret", "hidden text"),
        ("unseen", "hidden text"),
        ("Use 3", "contents list"),
        ("why", "comment"),
    ]


def test_space_between_paragraphs_is_known() -> None:
    styles = (
        '<style:style style:name="P" style:family="paragraph">'
        '<style:paragraph-properties fo:margin-top="0.2cm"/></style:style>'
    )
    body = p("a") + p("b") + p("") + p("c") + '<text:p text:style-name="P">d</text:p>'
    assert [line.gap for line in document(body, styles).lines] == [True, False, True, True]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (odt(""), "no words"),
        (odt(p("a"))[:300], "only half there"),
        (odt("<text:p>"), "damaged inside"),
        (odt(p("a"), META__INF=""), ""),
        (odt(p("a"), Basic__Standard__Module1="x"), "holds macros"),
        (odt(p("a"), word__document="x"), ""),
    ],
)
def test_a_broken_document_is_refused_in_one_sentence(raw: bytes, says: str) -> None:
    if not says:
        assert read("a.odt", raw, lambda pages: None).lines
        return
    with pytest.raises(IntakeMistake, match=says) as mistake:
        read("a.odt", raw, lambda pages: None)
    assert "\n" not in str(mistake.value)


# Printed by LibreOffice -----------------------------------------------------------------------------


def printed(name: str) -> Document:
    return read(name, (PRINTED / name).read_bytes(), lambda pages: None)


def test_libreoffice_keeps_the_lists_of_a_styled_page() -> None:
    found = printed("lists.odt")
    assert [f"{' ' * line.indent}{line.printed}" for line in found.lines] == [
        "Phone Policy",
        "Owner: Headteacher",
        "Use",
        "Staff must not, on any school day:",
        "Ask the office first.",
        "• film pupils",
        "• lend their phone",
        "    • to a pupil",
        "    • to a visitor",
        "c. third letter",
        "d. fourth letter",
        "    i. first numeral",
        "    ii. second numeral",
        "Version Date Author",
        "1 May 2026 The office",
    ]
    assert [line.level for line in found.lines][:3] == [1, 0, 2]
    assert [line.cells for line in found.lines if line.cells][1] == ("1", "May 2026", "The office")
    assert [line.note for line in found.lines if line.note] == ["1"]


def test_libreoffice_keeps_the_numbers_of_headings_and_clauses() -> None:
    policy = import_document(printed("numbered.odt"), "p").policy
    assert [clause.label for clause in policy.clauses] == [
        *("Title", "1.1", "1.2", "1.2(a)", "1.2(b)", "2.1", "2.2"),
    ]
    assert policy.clauses[-1].headings == ("2. Data",)


def test_the_heading_of_a_list_of_contents_goes_with_it() -> None:
    listed = f"<text:table-of-content><text:index-body>{p('Use 3')}</text:index-body></text:table-of-content>"
    body = p("Kit Policy") + p("Contents") + listed + p("Use") + p("Pupils bring a cap each day.")
    made = import_document(document(body), "kit")
    assert [one.text for one in made.dropped] == ["Contents", "Use 3"]
    assert not any("Contents" in (one.text, *one.headings) for one in made.policy.clauses)
