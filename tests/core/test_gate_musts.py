"""What the gate must never do (the must-nots of safeguarding), and what its card says on every route."""

import dataclasses
import inspect
import re
import tomllib
from itertools import product
from typing import Any, get_args

import pytest
from jinja2 import UndefinedError

from bot.core import gate, gate_data, gate_rules, gate_words
from bot.core.cards import Card, as_text
from bot.core.gate import Concern, Gate, Route, asks_about_reports, first_call, read, who_to_tell
from bot.core.people import Holder, School
from bot.wording import Wording
from tests.helpers import CONVERSATIONS

GATE = Gate.of(tomllib.loads((CONVERSATIONS / "gate.toml").read_text(encoding="utf-8")))
ROOMS = (gate, gate_data, gate_rules, gate_words)
SOURCE = "\n".join(inspect.getsource(room) for room in ROOMS)
WORDING = Wording(CONVERSATIONS / "wording")

SHAH = Holder("dsl", "shah", "Ms Shah", "safeguarding lead", "01632 960001")
OKORO = Holder("deputy_dsl", "okoro", "Mr Okoro", "deputy safeguarding lead", "01632 960002")
PIKE = Holder("headteacher", "pike", "Mrs Pike", "headteacher", "01632 960003")
COLE = Holder("chair_of_governors", "cole", "Dr Cole", "chair of governors", "01632 960004")
REID = Holder("senior_manager", "reid", "Mr Reid", "senior manager", "01632 960005")
NUMBERS = {"lado": "01632 960010", "council": "01632 960011", "samaritans": "116 123"}
HOLDERS = (SHAH, OKORO, PIKE, COLE, REID)
SCHOOL = School("s", "Example", holders={h.role: (h,) for h in HOLDERS}, numbers=NUMBERS)
HEAD_IS_LEAD = School(
    "s",
    "Example",
    holders={
        "headteacher": (PIKE,),
        "dsl": (dataclasses.replace(PIKE, role="dsl"),),
        "chair_of_governors": (COLE,),
    },
)
NOBODY = School("s", "Example")

CASES: list[tuple[Route, str]] = [
    ("dsl", "pupil"),
    ("emergency_999", "pupil"),
    ("emergency_999", ""),
    ("lado_via_head", "adult"),
    ("lado_via_head", "governor"),
    ("headteacher", "adult"),
    ("headteacher", "dsl"),
    ("headteacher", "chair"),
    ("chair_of_governors", "head"),
    ("senior_manager", "staff"),
    ("senior_manager", "staff_online"),
    ("police_with_consent", "staff"),
    ("own_safety", "self"),
]
NO_FORM = [case for case in CASES if case[0] == "own_safety"]
WITH_QUESTION = [case for case in CASES if case[0] != "own_safety"]


def shown(who: Holder) -> dict[str, str]:
    return {"name": who.name, "title": who.title, "phone": who.phone}


def card(
    route: Route, about: str, at: School = SCHOOL, imagery: bool = False, action: str = "policy q1"
) -> Card:
    concern = Concern("full", route, about, imagery)
    call = first_call(GATE, concern, at)
    view: dict[str, Any] = {
        "concern": concern,
        "tell": [shown(who) for who in who_to_tell(GATE, concern, at)],
        "numbers": dict(at.numbers),
        "dsl": shown(call) if call else None,
        "policy_action": action,
    }
    return WORDING.card("gate", view)


def every_card() -> list[Card]:
    schools = (SCHOOL, HEAD_IS_LEAD, NOBODY)
    return [card(r, a, at, pic) for (r, a), at, pic in product(CASES, schools, (True, False))]


def words(route: Route, about: str, at: School = SCHOOL, imagery: bool = False) -> str:
    return as_text(card(route, about, at, imagery))


def test_every_route_has_a_case_here() -> None:
    assert {route for route, _ in CASES} == set(get_args(Route))


# --- 3.1: the card ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("route", "about"), CASES)
def test_the_first_line_says_999_and_makes_sense_alone(route: Route, about: str) -> None:
    for at in (SCHOOL, HEAD_IS_LEAD, NOBODY):
        made = card(route, about, at)
        assert "999" in made.title
        assert made.title.endswith(".")
        assert not made.banner
        assert made.urgent


@pytest.mark.parametrize("route", ["dsl", "emergency_999", "lado_via_head", "chair_of_governors"])
def test_the_first_line_names_the_lead_and_the_number(route: Route) -> None:
    about = {"chair_of_governors": "head"}.get(route, "pupil")
    assert "Ms Shah on 01632 960001" in card(route, about).title
    assert "Don't wait for me." in card(route, about).title


@pytest.mark.parametrize(("route", "about"), WITH_QUESTION)
def test_it_says_it_is_a_program_and_that_nobody_has_been_told(route: Route, about: str) -> None:
    assert card(route, about).paragraphs[0] == "I'm a computer program. Nobody has been told yet."


@pytest.mark.parametrize(("route", "about"), WITH_QUESTION)
def test_it_asks_whether_anyone_is_in_danger_and_unsure_counts_as_yes(
    route: Route, about: str
) -> None:
    made = card(route, about)
    assert made.paragraphs[-1] == "Is anyone in danger now?"
    assert [choice.label for choice in made.choices] == [
        "Yes, or I'm not sure",
        "No",
        "It's a policy question",
    ]


def test_it_names_whom_to_tell_in_order_with_numbers() -> None:
    assert (
        "Tell Ms Shah (safeguarding lead) on 01632 960001, in person or by phone. "
        "If nobody answers: Mr Okoro (deputy safeguarding lead) on 01632 960002."
    ) in words("dsl", "pupil")
    assert "Tell Mrs Pike (headteacher)" in words("lado_via_head", "adult")
    assert "Tell Mr Reid (senior manager)" in words("senior_manager", "staff")
    assert "Tell Dr Cole (chair of governors)" in words("chair_of_governors", "head")


def test_the_lado_comes_before_anyone_looks_into_it_and_can_be_rung_directly() -> None:
    text = words("lado_via_head", "adult")
    assert "before anyone looks into it" in text
    assert "You can also ring the LADO yourself: 01632 960010." in text


def test_the_chairs_card_keeps_the_head_out() -> None:
    for at in (SCHOOL, HEAD_IS_LEAD, NOBODY):
        text = words("chair_of_governors", "head", at)
        assert "Because this is about the head, I won't send it to the head." in text
        assert "You can also ring the LADO yourself" in text
        assert "Mrs Pike" not in text
        assert "person in charge" not in text  # that is the head


def test_the_lead_is_not_named_when_it_is_about_the_lead() -> None:
    for at in (SCHOOL, HEAD_IS_LEAD, NOBODY):
        text = words("headteacher", "dsl", at)
        assert "Because this is about the safeguarding lead, I won't send it to them." in text
        assert "Ms Shah" not in text
        assert at is SCHOOL or "Mrs Pike" not in text  # there the head is the lead


def test_a_chair_is_not_named_when_it_is_about_the_chair() -> None:
    assert "Dr Cole" not in words("headteacher", "chair")


@pytest.mark.parametrize(("route", "about"), WITH_QUESTION)
def test_a_school_with_nobody_set_up_says_so_and_shows_a_way(route: Route, about: str) -> None:
    bare = words(route, about, NOBODY)
    assert "nobody is set up" in bare or "Nobody else is set up" in bare
    assert "person in charge" in bare or "council" in bare
    with_number = dataclasses.replace(NOBODY, numbers={"council": "01632 960011"})
    assert "01632 960011" in words(route, about, with_number)


def test_a_school_without_a_lead_says_so_even_when_others_are_named() -> None:
    holders = {"senior_leader": (dataclasses.replace(REID, role="senior_leader"),)}
    at = School("s", "Example", holders=holders, numbers={"council": "01632 960011"})
    view = {
        "concern": Concern("full", "dsl", "pupil"),
        "tell": [shown(REID)],
        "numbers": dict(at.numbers),
        "dsl": None,
        "policy_action": "",
    }
    text = as_text(WORDING.card("gate", view))
    assert "No safeguarding lead is set up here. You can ring the council: 01632 960011." in text


def test_the_way_out_is_left_off_when_there_is_none() -> None:
    assert "policy question" not in as_text(card("dsl", "pupil", action=""))


def test_the_danger_line_says_whom_to_ring_and_offers_this_is_happening() -> None:
    made = WORDING.card("_danger", {"dsl": shown(SHAH)})
    assert made.banner == (
        "If a child is in danger now, ring 999, then Ms Shah on 01632 960001. The policy can wait.",
    )
    assert [choice.label for choice in made.choices] == ["This is happening now"]
    nobody = {"dsl": None, "council": ""}
    assert "person in charge" in as_text(WORDING.card("_danger", nobody))
    assert "01632" in as_text(WORDING.card("_danger", {**nobody, "council": "01632 960050"}))


# --- 3.2: must not ---------------------------------------------------------------------------------


def test_1_no_promise_of_confidentiality() -> None:
    for made in every_card():
        text = as_text(made).lower()
        assert not re.search(r"confiden|anonym|between us|nobody will know|stays? private", text)


def test_1_it_says_what_was_typed_stays_in_the_chat() -> None:
    assert all(made.foot == "What you typed here also stays in this chat." for made in every_card())


def test_2_no_leading_question_and_none_about_what_happened() -> None:
    for made in every_card():
        asked = re.findall(r"[^.?]*\?", as_text(made))
        assert {question.strip() for question in asked} <= {"Is anyone in danger now?"}
        assert not re.search(r"\b(sexual|abuse|hurt by|was it|did (he|she|they))\b", as_text(made))


def test_2_the_child_is_not_to_be_questioned_and_exact_words_are_kept() -> None:
    for route, about in (
        ("dsl", "pupil"),
        ("lado_via_head", "adult"),
        ("chair_of_governors", "head"),
    ):
        text = words(route, about)  # type: ignore[arg-type]
        assert "don't question the child" in text
        assert "don't promise to keep it secret" in text
        assert "Write down the exact words" in text
        assert "You don't need to be sure." in text


def test_3_nothing_is_called_small_or_fine() -> None:
    for made in every_card():
        assert not re.search(
            r"low.level|probably|likely|not serious|fine\b|minor", as_text(made).lower()
        )


def test_3_no_score_lowers_what_a_rule_says() -> None:
    text = "a boy in my class told me his dad hits him"
    sure = {"policy": 1.0, "pupil_contact": 1.0}
    assert read(GATE, text, sure) == read(GATE, text, {}) == Concern("full", "dsl", "pupil")


def test_3_soft_words_do_not_lower_a_concern() -> None:
    for softener in ("it's probably nothing but ", "might be nothing, ", "not urgent. ", "jk lol "):
        assert read(GATE, f"{softener}a boy told me his dad hits him", {}).tier == "full"


def test_4_no_picture_is_asked_for_or_kept() -> None:
    for made in every_card():
        assert not made.fields
        assert not re.search(
            r"upload|attach|send (me|us)|screenshot|forward", as_text(made).lower()
        )


@pytest.mark.parametrize("route", ["dsl", "lado_via_head", "chair_of_governors", "senior_manager"])
def test_4_a_picture_is_not_opened_copied_sent_or_deleted(route: Route) -> None:
    said = "Please don't open, copy, send or delete the picture."
    assert said in words(route, "pupil", imagery=True)
    assert said not in words(route, "pupil", imagery=False)


def test_5_no_looking_into_it_and_no_contact_with_the_person_it_is_about() -> None:
    for route, about in WITH_QUESTION:
        text = words(route, about)
        assert re.search(r"[Dd]on't look into", text)
        assert re.search(r"[Dd]on't (contact|reply)", text)


def test_5_nothing_files_or_pings_by_itself() -> None:
    """Reading is a pure function: it returns a Concern and has nothing it could send with."""
    imported = set(re.findall(r"^(?:from|import) ([\w.]+)", SOURCE, re.M))
    assert {name for name in imported if not name.startswith("bot.core.")} == {
        "re",
        "unicodedata",
        "collections",
        "collections.abc",
        "dataclasses",
        "itertools",
        "typing",
    }
    for made in every_card():
        assert not re.search(
            r"\b(I have|I've|I) (sent|told|filed|reported|logged)|has been (sent|filed|reported)",
            as_text(made),
        )


def test_6_the_gate_writes_no_log_and_keeps_no_text() -> None:
    assert not re.search(r"\b(print|logging|logger|open)\(", SOURCE)
    assert {field.name for field in dataclasses.fields(Concern)} == {
        "named",
        "tier",
        "route",
        "about",
        "imagery",
    }


@pytest.mark.parametrize(
    "text",
    [
        "has anyone reported me",
        "did somebody complain about me?",
        "are there any concerns about me on file",
        "has anyone raised a concern about him",
        "am i being investigated",
        "who reported me",
        "has someone made a complaint about me",
        "has a concern been logged about ella",
        "did you send my report",
    ],
)
def test_9_whether_somebody_was_reported_is_one_kind_of_question(text: str) -> None:
    """The desk gives all of these one constant answer; the gate has no records it could look in."""
    assert asks_about_reports(GATE, text)
    assert list(inspect.signature(read).parameters) == ["gate", "text", "lean"]


def test_9_an_ordinary_question_is_no_question_about_reports() -> None:
    assert not asks_about_reports(GATE, "how do i report a fake account")


def test_9_the_card_never_speaks_of_other_reports() -> None:
    for made in every_card():
        assert not re.search(
            r"before this|(other|earlier|first|second) (report|concern)|reports about",
            as_text(made),
        )


def test_10_a_disclosure_is_never_answered_with_policy_text_alone() -> None:
    asked = "one of my y8s told me her brother hurts her, what does the policy say"
    assert read(GATE, asked, {}).tier == "full"
    assert all(not made.quotes for made in every_card())


# --- section 6 -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("route", "about"), NO_FORM)
def test_the_writers_own_safety_gets_helplines_and_a_choice_and_no_form_or_ping(
    route: Route, about: str
) -> None:
    made = card(route, about)
    text = as_text(made)
    assert ("Samaritans, day and night", "116 123") in made.facts
    assert "a person you choose" in text
    assert "There is no form." in text
    assert [choice.label for choice in made.choices] == ["It's a policy question"]
    assert "116 123" in words(route, about, NOBODY)  # with nothing set up as well


def test_a_ping_cannot_warn_the_person_it_is_about() -> None:
    """The card's presses only ask; none of them carries a name or sends to one."""
    for made in every_card():
        assert {choice.action for choice in made.choices} <= {
            "danger yes",
            "danger no",
            "policy q1",
        }


def test_gate_fatigue_a_photo_question_gets_no_999_card() -> None:
    assert read(GATE, "can i put a photo of sports day on my facebook", {}).tier == "plain"


def test_under_calling_a_suicidal_pupil_means_the_lead_in_person_and_999() -> None:
    concern = read(GATE, "one of my form wrote that he wants to kill himself", {})
    assert concern.route in ("dsl", "emergency_999")
    text = words("dsl", "pupil")
    assert "in person" in text
    assert "999" in text


def test_police_consent_never_delays_danger_to_life_and_the_writer_may_ring_alone() -> None:
    text = words("police_with_consent", "staff")
    assert "You can ring the police without asking us: 101, or 999 if it can't wait." in text
    assert "Unless a life is at risk" in text


def test_an_abused_member_of_staff_gets_support_as_well_as_a_route() -> None:
    posted, said = words("senior_manager", "staff_online"), words("senior_manager", "staff")
    assert "I'm sorry this happened to you. You don't have to look at it again." in posted
    assert "I'm sorry this happened to you." in said
    assert "look at it" not in said


def test_a_threat_happening_now_is_999_before_anybody_is_told() -> None:
    text = words("police_with_consent", "staff")
    assert text.index("If it is happening now, ring 999 first.") < text.index("Tell ")


def test_no_one_is_silenced() -> None:
    for made in every_card():
        assert not re.search(
            r"don't (tell|discuss|speak|talk)|only with|approval|must not", as_text(made)
        )


def test_the_tone_has_no_exclamation_marks_and_short_sentences() -> None:
    for made in every_card():
        text = as_text(made).replace("\n", " ")
        assert "!" not in text
        assert "all done" not in text.lower()
        for sentence in re.split(r"(?<=[.?:;]) ", text):
            assert len(sentence.split()) <= 26, sentence


def test_nothing_typed_can_come_back_on_the_card() -> None:
    """The template takes five values, and no message is among them."""
    with pytest.raises(UndefinedError):
        WORDING.card("gate", {"concern": Concern("full", "dsl")})
    source = (CONVERSATIONS / "wording" / "gate.j2").read_text(encoding="utf-8")
    assert not re.search(r"\b(message|said|words)\b *[|}.]", source)
