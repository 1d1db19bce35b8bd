"""Word's automatic numbers: what the document prints, counted by its own rules."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intake.formats.numbering import Count, Level, Num, Numbering
from tests.intake.wordfiles import (
    CLAUSES,
    DOTS,
    STYLES,
    document,
    labels,
    level,
    marks,
    para,
    rules,
    texts,
    word,
)


def _listed(numbering: str, *items: tuple[int, int]) -> list[str]:
    """The marks of paragraphs given as (num, level)."""
    return marks(word(*(para("Text", num=item) for item in items), numbering=numbering))


def _one(*levels: str) -> str:
    return rules({0: levels}, {1: 0})


def test_levels_count_and_deeper_ones_start_again() -> None:
    found = _listed(_one(*CLAUSES), *((1, n) for n in (0, 1, 1, 2, 2, 1, 2, 0, 1)))
    assert found == ["1.", "1.1", "1.2", "(a)", "(b)", "1.3", "(a)", "2.", "2.1"]


@pytest.mark.parametrize(
    ("format", "text", "wanted"),
    [
        ("decimal", "%1)", ["1)", "2)", "3)"]),
        ("decimalZero", "%1", ["01", "02", "03"]),
        ("lowerLetter", "(%1)", ["(a)", "(b)", "(c)"]),
        ("upperLetter", "%1.", ["A.", "B.", "C."]),
        ("lowerRoman", "%1)", ["i)", "ii)", "iii)"]),
        ("upperRoman", "%1.", ["I.", "II.", "III."]),
        ("ordinal", "%1", ["1st", "2nd", "3rd"]),
        ("bullet", "\uf0b7", ["•", "•", "•"]),
        ("bullet", "-", ["•", "•", "•"]),
        ("none", "", ["", "", ""]),
        ("decimal", "", ["", "", ""]),
    ],
)
def test_a_level_prints_its_own_kind_of_number(format: str, text: str, wanted: list[str]) -> None:
    assert _listed(_one(level(0, text, format)), *[(1, 0)] * 3) == wanted


def test_words_around_a_number_are_read_as_words() -> None:
    numbering = _one(level(0, "Article %1"), level(1, "Step %2:"))
    raw = word(
        para("Visitors Code"),
        para("Visitors sign in at the office.", num=(1, 0)),
        para("Ask for the book.", num=(1, 1)),
        numbering=numbering,
    )
    assert marks(raw) == ["", "Article 1", "Step 1:"]
    assert list(texts(raw).values())[1:] == [
        "Article 1 Visitors sign in at the office.",
        "Step 1: Ask for the book.",
    ]


def test_a_list_may_start_anywhere() -> None:
    assert _listed(_one(level(0, "%1.", start=7)), (1, 0), (1, 0)) == ["7.", "8."]
    assert _listed(_one(level(0, "%1.", start=0)), (1, 0), (1, 0)) == ["0.", "1."]


def test_a_level_that_never_restarts_goes_on_counting() -> None:
    never = level(1, "%2.", more='<w:lvlRestart w:val="0"/>')
    found = _listed(_one(level(0, "%1"), never), (1, 0), (1, 1), (1, 1), (1, 0), (1, 1))
    assert found == ["1", "1.", "2.", "2", "3."]


def test_a_level_may_restart_only_after_an_outer_one() -> None:
    outer = level(2, "%3)", more='<w:lvlRestart w:val="1"/>')
    found = _listed(
        _one(level(0, "%1"), level(1, "%1.%2"), outer),
        *((1, n) for n in (0, 1, 2, 1, 2, 0, 1, 2)),
    )
    assert found == ["1", "1.1", "1)", "1.2", "2)", "2", "2.1", "1)"]


def test_legal_numbering_prints_figures_for_letters() -> None:
    legal = level(1, "%1.%2", more="<w:isLgl/>")
    assert _listed(_one(level(0, "%1.", "upperRoman"), legal), (1, 0), (1, 0), (1, 1)) == [
        "I.",
        "II.",
        "2.1",
    ]


def test_nums_of_one_list_count_on_together_unless_one_begins_anew() -> None:
    anew = {3: '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'}
    numbering = rules({0: [level(0, "%1.")]}, {1: 0, 2: 0, 3: 0}, anew)
    items = [(1, 0), (1, 0), (2, 0), (3, 0), (3, 0), (3, 0)]
    assert _listed(numbering, *items) == ["1.", "2.", "3.", "1.", "2.", "3."]


def test_a_num_may_change_a_whole_level() -> None:
    changed = {
        2: f'<w:lvlOverride w:ilvl="0">{level(0, "(%1)", "lowerRoman", start=4)}</w:lvlOverride>'
    }
    numbering = rules({0: [level(0, "%1.")], 1: [level(0, "%1.")]}, {1: 0, 2: 1}, changed)
    assert _listed(numbering, (1, 0), (2, 0), (2, 0)) == ["1.", "(iv)", "(v)"]


def test_a_list_goes_on_after_something_else() -> None:
    raw = word(
        para("Sign in.", num=(1, 0)),
        para("Everybody does."),
        para("a dot", num=(2, 0)),
        para("Wait.", num=(1, 0)),
        numbering=rules({0: CLAUSES, 1: DOTS}, {1: 0, 2: 1}),
    )
    assert marks(raw) == ["1.", "", "•", "2."]


def test_num_nought_switches_a_styles_number_off() -> None:
    styles = STYLES + _style("Section", "Heading1", "School Section", _num(1))
    numbering = _one(level(0, "%1.", more='<w:pStyle w:val="Section"/>'))
    raw = word(
        para("Arrival", style="Section"),
        para("Preface", style="Section", num=(0, 0)),
        para("Leaving", style="Section"),
        numbering=numbering,
        styles=styles,
    )
    assert marks(raw) == ["1.", "", "2."]


def _style(id: str, based: str, name: str, rules: str = "") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based}"/><w:pPr>{rules}</w:pPr></w:style>'
    )


def _num(id: int, at: int | None = None) -> str:
    depth = "" if at is None else f'<w:ilvl w:val="{at}"/>'
    return f'<w:numPr>{depth}<w:numId w:val="{id}"/></w:numPr>'


def test_numbers_come_by_style_and_by_the_style_it_is_based_on() -> None:
    styles = STYLES + (
        _style("Section", "Normal", "School Section", _num(1))
        + _style("Clause", "Normal", "School Clause", _num(1, 1))
        + _style("Loud", "Clause", "School Clause Loud")
        + _style("Quiet", "Clause", "School Clause Quiet", _num(0))
    )
    numbering = _one(
        level(0, "%1.", more='<w:pStyle w:val="Section"/>'),
        level(1, "%1.%2", more='<w:pStyle w:val="Clause"/>'),
    )
    raw = word(
        para("Visitors Policy"),
        para("Arrival", style="Section"),
        para("Visitors sign in at the office.", style="Clause"),
        para("They wear a badge at all times.", style="Loud"),
        para("They may be asked to wait.", style="Quiet"),
        para("Leaving", style="Section"),
        para("Visitors sign out again.", style="Clause"),
        numbering=numbering,
        styles=styles,
    )
    assert marks(raw) == ["", "1.", "1.1", "1.2", "", "2.", "2.1"]
    assert labels(raw) == ["Title", "1.1", "1.2", "1.2 (para 2)", "2.1"]


def test_a_heading_style_takes_its_list_from_the_one_it_is_based_on_and_says_its_own_level() -> (
    None
):
    styles = STYLES + (
        _style("Top", "Normal", "School Top", _num(1))
        + _style("Below", "Top", "School Below", '<w:numPr><w:ilvl w:val="1"/></w:numPr>')
    )
    numbering = _one(level(0, "%1.", more='<w:pStyle w:val="Top"/>'), level(1, "%1.%2"))
    raw = word(para("a", style="Top"), para("b", style="Below"), numbering=numbering, styles=styles)
    assert marks(raw) == ["1.", "1.1"]


def test_a_list_may_stand_for_the_list_of_a_style() -> None:
    styles = STYLES + (
        '<w:style w:type="numbering" w:styleId="House"><w:name w:val="House"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    numbering = (
        f'<w:abstractNum w:abstractNumId="0"><w:styleLink w:val="House"/>{level(0, "%1)")}</w:abstractNum>'
        '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="House"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    )
    raw = word(para("a", num=(2, 0)), para("b", num=(1, 0)), numbering=numbering, styles=styles)
    assert marks(raw) == ["1)", "2)"]


def test_a_deeper_number_without_the_one_above_it_starts_from_its_beginning() -> None:
    assert _listed(_one(*CLAUSES), (1, 1), (1, 1), (1, 0), (1, 1)) == ["1.1", "1.2", "1.", "1.1"]


def test_a_list_that_begins_at_a_lower_level_takes_the_number_above_from_where_it_is_told() -> None:
    changes = {
        num: "".join(
            f'<w:lvlOverride w:ilvl="{at}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
            for at, start in ((0, num), (1, 1))
        )
        for num in (1, 2, 3)
    }
    numbering = rules({0: CLAUSES}, {1: 0, 2: 0, 3: 0}, changes)
    found = _listed(numbering, (1, 1), (1, 1), (2, 1), (2, 1), (3, 0), (3, 1), (3, 1))
    assert found == ["1.1", "1.2", "2.1", "2.2", "3.", "3.1", "3.2"]


def test_a_hidden_number_is_not_printed() -> None:
    hidden = level(0, "%1.").replace("</w:lvl>", "<w:rPr><w:vanish/></w:rPr></w:lvl>")
    assert _listed(_one(hidden), (1, 0)) == [""]


def test_unknown_lists_and_levels_print_nothing() -> None:
    raw = word(para("a", num=(99, 0)), para("b", num=(1, 30)), para("c", num=(1, -1)))
    assert marks(raw) == ["", "", ""]


def test_an_empty_numbered_paragraph_counts_and_is_listed() -> None:
    raw = word(para("Ask.", num=(1, 0)), para(num=(1, 0)), para("Wait.", num=(1, 0)))
    found = document(raw)
    assert [line.mark for line in found.lines] == ["1.", "3."]
    assert [(one.why, one.text) for one in found.dropped] == [("empty list item", "2.")]


def test_a_typed_number_beside_an_automatic_one_stays() -> None:
    raw = word(
        para("Visitors Policy"),
        para("Arrival", num=(1, 0)),
        para("7.4 of the handbook applies to visitors.", num=(1, 1)),
        para("Visitors wait.", num=(1, 1)),
    )
    assert texts(raw)["1.1"] == "7.4 of the handbook applies to visitors."
    assert labels(raw) == ["Title", "1.1", "1.2"]


def test_a_number_typed_after_a_bullet_is_the_clauses_number() -> None:
    raw = word(
        para("Visitors Policy"),
        para("3. Arrival", bold=True),
        para("3.1 Visitors sign in.", num=(2, 0)),
        para("3.2 Visitors wait.", num=(2, 0)),
    )
    assert labels(raw) == ["Title", "3.1", "3.2"]


def test_a_month_after_an_automatic_number_does_not_make_it_a_date() -> None:
    raw = word(
        para("Exams Policy"),
        *(para(name, num=(1, 0)) + para("It is done.") for name in ("Entry", "May series", "End")),
    )
    assert labels(raw) == ["Title", "1", "2", "3"]


def test_bullets_nest_by_level_even_where_somebody_dragged_them() -> None:
    far = '<w:ind w:left="2000" w:hanging="360"/>'
    raw = word(
        para("Visitors Policy"),
        para("Arrival", style="Heading1"),
        para("Visitors must:"),
        para("sign in", num=(2, 0)),
        para("wear a badge", num=(2, 0), props=far),
        para("a red one", num=(2, 1)),
        para("wait", num=(2, 0)),
    )
    assert labels(raw)[2:] == [
        "Arrival (bullet 1)",
        "Arrival (bullet 2)",
        "Arrival (bullet 2.1)",
        "Arrival (bullet 3)",
    ]
    assert marks(raw)[3:] == ["•", "•", "◦", "•"]


def test_labels_come_out_as_the_document_numbers_itself() -> None:
    raw = word(
        para("Leave Policy", style="Title"),
        para("Rules", num=(1, 0), bold=True),
        para("Staff may ask for leave.", num=(1, 1)),
        para("Leave is given when:", num=(1, 1)),
        para("a child is ill;", num=(1, 2)),
        para("they move house:", num=(1, 2)),
        para("once a year", num=(2, 1)),
        para("with a note", num=(2, 1)),
        para("Pay", num=(1, 0), bold=True),
        para("Pay goes on for:", num=(1, 1)),
        para("one day", num=(2, 0)),
        para("two days", num=(2, 0)),
        para("three days", num=(2, 0)),
    )
    assert labels(raw) == [
        "Title",
        *("1.1", "1.2", "1.2(a)", "1.2(b)", "1.2(b) (bullet 1)", "1.2(b) (bullet 2)"),
        *("2.1", "2.1 (bullet 1)", "2.1 (bullet 2)", "2.1 (bullet 3)"),
    ]


def test_a_list_of_numbers_under_a_numbered_heading_style_is_no_row_of_headings() -> None:
    anew = {4: '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'}
    numbering = rules({0: CLAUSES, 1: [level(0, "%1.")]}, {1: 0, 3: 1, 4: 1}, anew)
    raw = word(
        para("Visitors Policy", style="Title"),
        para("Arrival", style="Heading1", num=(1, 0)),
        para("Every visitor has to follow these steps:"),
        para("sign in", num=(3, 0)),
        para("The book is in the office."),
        para("wait", num=(3, 0)),
        para("Leaving", style="Heading1", num=(1, 0)),
        para("Every visitor has to follow these steps:"),
        para("sign out", num=(4, 0)),
        para("go", num=(4, 0)),
        numbering=numbering,
    )
    assert labels(raw) == [
        "Title",
        *("1", "1(1)", "1(1) (para 2)", "1(2)"),
        *("2", "2(1)", "2(2)"),
    ]


# The count against a naive one that looks back over all that came before -----------------------------

_DEEP = 4
_items = st.lists(
    st.tuples(st.sampled_from(["1", "2", "3"]), st.integers(0, _DEEP - 1)), max_size=25
)
_restarts = st.lists(st.sampled_from([None, 0, 1, 2, 3]), min_size=_DEEP, max_size=_DEEP)
_starts = st.lists(st.integers(0, 5), min_size=_DEEP, max_size=_DEEP)
_override = st.dictionaries(st.integers(0, _DEEP - 1), st.integers(1, 9), max_size=2)


def _naive(
    items: Sequence[tuple[str, int]],
    here: int,
    starts: Sequence[int],
    restarts: Sequence[int | None],
    anew: dict[int, int],
) -> int:
    """The number of item ``here``: how many of its level stand since the last thing that began it anew."""
    depth = items[here][1]
    first = starts[depth]
    seen = 0
    for place in range(here, -1, -1):
        other, level = items[place]
        restart = restarts[depth]
        if level < depth and (restart is None or level < restart):
            break
        if level != depth:
            continue
        seen += 1
        begins = other == "3" and depth in anew and ("3", depth) not in items[:place]
        if begins:
            first = anew[depth]
            break
    return first + seen - 1


@given(_items, _starts, _restarts, _override)
@settings(max_examples=400, deadline=None)
def test_the_count_agrees_with_one_that_looks_back(
    items: list[tuple[str, int]],
    starts: list[int],
    restarts: list[int | None],
    anew: dict[int, int],
) -> None:
    levels = tuple(
        Level(text=f"%{n + 1}", start=starts[n], restart=restarts[n]) for n in range(_DEEP)
    ) + (Level(),) * (9 - _DEEP)
    nums = {"1": Num("a", levels), "2": Num("a", levels), "3": Num("a", levels, anew)}
    count = Count(Numbering(nums))
    found = [count.next(num, depth) for num, depth in items]
    wanted = [str(_naive(items, here, starts, restarts, anew)) for here in range(len(items))]
    assert found == wanted
