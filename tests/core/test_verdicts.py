"""From a question and one sentence to a verdict. A wrong Yes is the worst error an answer can make."""

from dataclasses import fields, replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.reading import Asked, Form, Rule, read_question, read_rule
from bot.core.verdicts import AUDIENCE, KINDS, WHO, clash, other_kind, verdict
from tests.helpers import clause, policy, words


def of(question: str, text: str, sentence: int = 0, **more: Any) -> str | None:
    """The verdict one sentence of a clause gives a question."""
    told = policy(clause(text, "p1", **more))
    return verdict(
        read_question(question, words()), read_rule(told, told.clauses[0], sentence, words())
    )


# Reading the question -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("Can I post this?", "permission"),
        ("is it ok to use my phone", "permission"),
        ("do i have to sign it", "duty"),
        ("does this cover volunteers", "fact"),
        ("could i be sacked for a post", "fact"),
        ("what do i do if a pupil adds me", "act"),
        ("who do i tell about a nasty post", "act"),
        ("who approves a new account", "who"),
        ("when must it be taken down", "when"),
        ("what are the risks of posting", "what"),
        ("my phone in class", "statement"),
    ],
)
def test_the_form_of_a_question(question: str, form: str) -> None:
    assert read_question(question, words()).form == form


def test_every_form_in_the_data_is_a_form() -> None:
    assert {name.partition("_")[0] for name in words().forms} <= set(get_args(Form))


def test_a_former_pupil_is_not_a_pupil() -> None:
    names = read_question("can i add an ex-pupil", words()).names
    assert "ex_pupil" in names
    assert "pupil" not in names


def test_a_question_without_the_needed_approval_says_so() -> None:
    assert read_question("can i post it without permission", words()).lacks
    assert not read_question("can i post it with permission", words()).lacks


# Verdicts on real sentences -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("can i use my own phone", "Staff must not use their own phone.", "no"),
        ("can i post photos of pupils", "Pictures of pupils must never be posted.", "no"),
        ("can i be friends with colleagues", "Staff may be friends online with colleagues.", "yes"),
        (
            "can i open a new account",
            "Nobody may open a new account without the written approval of the Headteacher.",
            "depends",
        ),
        (
            "can i open a new account without asking",
            "Nobody may open a new account without the written approval of the Headteacher.",
            "no",
        ),
        (
            "can i speak to the press",
            "Staff may speak to the press only with the agreement of the Headteacher.",
            "depends",
        ),
        ("do i have to report it", "Staff must report any abuse.", "yes"),
        ("what do i do if i am abused online", "Staff must tell a senior manager.", "must"),
        ("what are the rules on phones", "Staff must not use phones.", "info"),
        ("who approves accounts", "The Headteacher approves accounts.", "info"),
        ("can i wear a hat", "The school is in Oakford.", None),
        ("do i have to wear a hat", "The school is in Oakford.", None),
    ],
)
def test_verdicts(question: str, text: str, told: str | None) -> None:
    assert of(question, text) == told


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("can i wear trainers", "Staff dress smartly."),
        ("can i wear trainers", "This policy sets out how staff dress."),
        ("is it ok to vape outside", "Smoking areas are marked."),
    ],
)
def test_the_absence_of_a_ban_is_never_yes(question: str, text: str) -> None:
    assert of(question, text) is None


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("can i be friends with parents", "Staff may be friends online with colleagues."),
        ("can i add a former pupil who is 17", "Staff may add former pupils who are over 18."),
        (
            "can i take pictures on my own phone",
            "Staff may be taken pictures of on a school camera; a school device may be used.",
        ),
        ("does it cover volunteers", "It applies to all employees."),
        ("can governors use the wifi", "Staff may use the wifi."),
        ("can i not use my phone", "Staff may use their own phone."),
        ("can i use it though the head said no", "Staff may use it."),
    ],
)
def test_no_yes_unless_everything_the_question_names_is_met(question: str, text: str) -> None:
    assert of(question, text) != "yes"


def test_a_bullet_is_read_with_its_lead_in() -> None:
    told = policy(clause("Users must NOT:", "p1"), clause("share passwords", "p2", lead="p1"))
    rule = read_rule(told, told.by_id["p2"], 0, words())
    assert rule.forbids
    assert verdict(read_question("can i share passwords", words()), rule) == "no"


def test_a_bullet_is_read_with_a_heading_that_rules() -> None:
    under: dict[str, Any] = {"lead": "p1", "headings": ("3. What you must not do",)}
    told = policy(clause("For example:", "p1"), clause("share passwords", "p2", **under))
    assert read_rule(told, told.by_id["p2"], 0, words()).forbids


def test_only_the_sentence_that_decides_is_read() -> None:
    text = "Staff may be friends online with colleagues. They must not discuss pupils."
    assert of("can i be friends with colleagues", text, sentence=0) == "yes"
    assert of("can i be friends with colleagues", text, sentence=1) != "yes"


def test_a_sentence_that_is_not_there_is_the_last_one() -> None:
    assert (
        of("can i share passwords", "Staff may share. Staff must not share passwords.", 9) == "no"
    )


# Laws -----------------------------------------------------------------------------------------------

FAMILIES = sorted({*WHO, *AUDIENCE, *(name for kind in KINDS for name in kind)})
NAMES = st.frozensets(st.sampled_from(FAMILIES), max_size=4)
SIGNS = [
    field.name
    for field in fields(Rule)
    if field.name not in ("names", "here", "numbers", "subject", "words", "links")
]
TOLD = [
    field.name
    for field in fields(Asked)
    if field.name not in ("said", "form", "names", "numbers", "places", "role")
]
RULES = st.builds(Rule, names=NAMES, here=NAMES, **{sign: st.booleans() for sign in SIGNS})
QUESTIONS = st.builds(
    Asked,
    said=st.just(" "),
    form=st.sampled_from(get_args(Form)),
    names=NAMES,
    **{name: st.booleans() for name in TOLD},
)


@given(QUESTIONS, RULES)
def test_a_ban_with_nothing_that_affirms_is_never_yes(asked: Asked, rule: Rule) -> None:
    ban = replace(rule, forbids=True, permits=False, covers=False, happens=False, requires=False)
    assert verdict(asked, ban) != "yes"


@given(QUESTIONS, RULES)
def test_yes_needs_an_affirming_word(asked: Asked, rule: Rule) -> None:
    silent = replace(rule, permits=False, covers=False, happens=False, requires=False)
    assert verdict(asked, silent) != "yes"


@given(QUESTIONS, RULES)
def test_yes_to_can_i_needs_permission_with_no_condition_and_no_ban(
    asked: Asked, rule: Rule
) -> None:
    asked = replace(asked, form="permission")
    if verdict(asked, rule) == "yes":
        assert rule.permits
        assert not any((rule.forbids, rule.unless, rule.narrow, asked.lacks, asked.negated))


@given(QUESTIONS, RULES)
def test_yes_needs_everybody_the_question_names(asked: Asked, rule: Rule) -> None:
    if verdict(asked, rule) == "yes":
        assert asked.names & {*WHO, *AUDIENCE} <= rule.names
        assert not other_kind(asked, rule)


@given(QUESTIONS, RULES)
def test_no_and_must_need_the_clauses_own_words(asked: Asked, rule: Rule) -> None:
    told = verdict(asked, rule)
    if told == "no":
        short_of_a_duty = rule.requires and (asked.sidesteps or asked.lacks)
        assert rule.forbids or rule.unless or rule.narrow or rule.exempts or short_of_a_duty
    if told == "must":
        assert rule.requires or rule.forbids or rule.double


@given(QUESTIONS)
def test_a_sentence_that_rules_nothing_gives_no_verdict_to_can_i(asked: Asked) -> None:
    nothing = Rule(names=frozenset(), here=frozenset(), **dict.fromkeys(SIGNS, False))  # type: ignore[arg-type]
    assert verdict(replace(asked, form="permission"), nothing) is None
    assert verdict(replace(asked, form="duty"), nothing) is None


BANS = ("must not", "should never", "are not allowed to", "are forbidden to", "cannot", "may not")
ACTS = ("use their own phone", "add pupils", "speak to the press", "share passwords", "post photos")


@pytest.mark.parametrize("front", ["can i", "may i", "is it ok to", "am i allowed to"])
@pytest.mark.parametrize("ban", BANS)
def test_no_way_of_asking_turns_a_plain_ban_into_a_yes(front: str, ban: str) -> None:
    for act in ACTS:
        assert of(f"{front} {act}", f"Staff {ban} {act}.") != "yes"


def test_two_of_a_kind_clash_only_when_neither_is_shared() -> None:
    adult, young = frozenset({"adult"}), frozenset({"under_18"})
    assert clash(adult, young)
    assert not clash(adult, adult | young)
    assert not clash(adult, frozenset())
