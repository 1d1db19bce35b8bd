"""A choice nobody made, however it is printed: neither side may be given as the rule."""

from pathlib import Path

import pytest

from bot.core.policies import Clause
from bot.core.undecided import undecided
from bot.intake.importing import import_file, import_text
from tests.helpers import FILLERS, Talk, house_of, policy
from tests.intake.wordfiles import para, word

HEAD = (
    "Parking Policy\n\nOwner: Headteacher\n\n1. Scope\n\n1.1 All staff are covered.\n\n2. Sheds\n\n"
)
MAY, NOT = "Staff may park a bicycle in the shed.", "Staff must not park a bicycle in the shed."
QUESTION = "Can I park my bicycle in the shed?"
APART = [
    *(
        "Or",
        "Or:",
        "- or -",
        "– OR –",
        "(or)",
        "OR ELSE",
        "AND/OR",
        "Alternatively:",
        "alternatively",
    ),
    *("<or>", "OR (delete as appropriate)", "*OR*", "**OR**", "[OR]", "or alternatively", "O R"),
    *("Option B", "OPTION 2:", "Or (please delete one)", "____ OR ____"),
]
TWO_LINES = [
    ("Option 1", "Option 2"),
    ("Option A:", "Option B:"),
    ("**OPTION ONE**", "**OPTION TWO**"),
    ("Alternative 1", "Alternative 2"),
    ("## Option 1", "## Option 2"),
]
INLINE = [
    "Staff may park a bicycle in the shed OR staff must not park a bicycle in the shed.",
    "Staff may park a bicycle in the shed. OR Staff must not park a bicycle in the shed.",
    "Staff may park a bicycle in the shed / Staff must not park a bicycle in the shed.",
    "Staff may [delete as appropriate] park a bicycle in the shed.",
    "Staff may/may not park a bicycle in the shed.",
    "Staff must / must not park a bicycle in the shed.",
    "Staff can/cannot park a bicycle in the shed.",
    "Staff may / must not park a bicycle in the shed.",
    "Staff may [not] park a bicycle in the shed.",
    "[Staff may park a bicycle in the shed] [Staff may not park a bicycle in the shed]",
    "[Staff may park a bicycle in the shed] or [Staff must not park a bicycle in the shed]",
    "Staff [may] [must not] park a bicycle in the shed.",
    "Option A: Staff may park a bicycle in the shed. Option B: Staff must not park one there.",
]
DECIDED = [
    "Staff may park a bicycle in the shed or by the gate.",
    "Pupils must hand the phone in and/or switch it off.",
    "Staff may call parents OR write to them.",
    "Staff must wear a lanyard OR a badge, and must sign in.",
    "The policy says what staff can/cannot do and what pupils may/may not bring.",
    "The school has an option to buy the land.",
    "He/she must sign in and the teacher/assistant must not leave.",
    "Staff [see annex] must sign the book [kept in the office].",
    "Staff may delete pupils' messages where they offend.",
    "Pupils may bring a drink / snack.",
    "STAFF MUST SIGN IN OR STAFF MUST CALL THE OFFICE.",
    "Staff may work from home. For Option A see annex 1.",
]


def _clauses(text: str) -> tuple[Clause, ...]:
    return import_text(text, "p").policy.clauses


def _options(clauses: tuple[Clause, ...]) -> list[tuple[str, int]]:
    return [(one.text, one.option) for one in clauses if one.option]


@pytest.mark.parametrize("said", APART)
@pytest.mark.parametrize("marks", [("2.1 ", "2.2 "), ("", "")])
def test_a_line_that_parts_two_rules_makes_them_options(said: str, marks: tuple[str, str]) -> None:
    found = _clauses(f"{HEAD}{marks[0]}{MAY}\n\n{said}\n\n{marks[1]}{NOT}\n")
    assert _options(found) == [(MAY, 1), (NOT, 2)]
    assert [one.kind for one in found][-3:] == ["clause", "or", "clause"]


@pytest.mark.parametrize("said", ["OR", "*OR*", "- or -", "OR (delete as appropriate)"])
def test_a_bold_line_of_a_word_file_parts_two_rules(tmp_path: Path, said: str) -> None:
    lines = (para("Parking Policy"), para("1. Sheds", bold=True), para(f"1.1 {MAY}"))
    raw = word(*lines, para(said, bold=True), para(f"1.2 {NOT}"))
    (tmp_path / "p.docx").write_bytes(raw)
    made = import_file(tmp_path / "p.docx", "p", "", tmp_path / "into").imported.policy
    assert _options(made.clauses) == [(MAY, 1), (NOT, 2)]


@pytest.mark.parametrize(("one", "two"), TWO_LINES)
def test_rules_under_lines_that_count_options_are_options(one: str, two: str) -> None:
    found = _clauses(f"{HEAD}{one}\n\n2.1 {MAY}\n\n{two}\n\n2.1 {NOT}\n\n2.2 Sheds are locked.\n")
    assert _options(found) == [(MAY, 1), (NOT, 2)]


def test_all_that_stands_under_an_option_belongs_to_it() -> None:
    text = f"Option 1\n\n2.1 {MAY}\n\n2.2 Sheds are dry.\n\nOption 2\n\n2.1 {NOT}\n\n2.2 Use the gate.\n"
    assert [n for _, n in _options(_clauses(HEAD + text))] == [1, 1, 2, 2]


@pytest.mark.parametrize("marks", [("2.1 ", "2.2 "), ("", ""), ("- ", "- ")])
def test_rules_that_open_with_their_option_are_options(marks: tuple[str, str]) -> None:
    text = f"{marks[0]}Option A: {MAY}\n\n{marks[1]}Option B: {NOT}\n"
    assert [n for _, n in _options(_clauses(HEAD + text))] == [1, 2]


def test_a_capital_or_between_lettered_rules_parts_them() -> None:
    found = _clauses(f"{HEAD}2.1 The rule is:\n\n(a) {MAY}\n\nOR\n\n(b) {NOT}\n")
    assert [n for _, n in _options(found)] == [1, 2]


@pytest.mark.parametrize(
    "text",
    [
        "2.1 Pupils bring:\n\n- a hat\n- or\n- a cap\n",
        "2.1 Pupils bring:\n\n(a) a hat; or\n\n(b) a cap.\n",
        "2.1 Staff may work in these ways:\n\nOption 1: staff may come at eight.\n\n"
        "Option 2: staff may come at nine.\n",
        "Option to buy\n\n2.1 The school may buy it.\n\n2.2 Governors must agree.\n",
        "Option 1\n\nSalary.\n\nOption 2\n\nPension.\n",
    ],
)
def test_lists_and_headings_with_or_or_option_offer_no_choice_of_rules(text: str) -> None:
    assert _options(_clauses(HEAD + text)) == []


@pytest.mark.parametrize("text", INLINE)
async def test_a_clause_that_holds_both_rules_gives_no_verdict(text: str) -> None:
    """Whether the file was imported with a mark for it or written by hand."""
    assert _options(_clauses(f"{HEAD}2.1 {text}\n"))[0][1] == 1
    talk = Talk(house_of(policy(text, *FILLERS)), "ann")
    await talk.says(QUESTION)
    assert talk.card.title == "It depends which rule the school meant."
    assert text in [quote.text for quote in talk.card.quotes]


@pytest.mark.parametrize("text", DECIDED)
def test_an_ordinary_or_decides(text: str) -> None:
    assert not undecided(text)


def test_a_clause_that_holds_both_rules_keeps_its_label() -> None:
    found = _clauses(f"{HEAD}2.1 Staff may/may not park in the yard.\n")
    assert (found[-1].label, found[-1].option) == ("2.1", 1)


async def test_a_bullet_under_an_option_is_no_answer_either() -> None:
    told = (
        Clause("a", "2.1", "Staff may park:", "2.1", option=1),
        Clause("b", "2.1(a)", "a bicycle in the shed.", "(a)", lead="a"),
        Clause("c", "2.2", "Staff must not park in the shed.", "2.2", option=2),
    )
    talk = Talk(house_of(policy(*told, *FILLERS)), "ann")
    await talk.says(QUESTION)
    assert talk.card.title == "It depends which rule the school meant."
