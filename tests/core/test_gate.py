"""The gate reads messages: tiers, routes, slips of the finger, odd characters, time, mistakes in its data.

The messages here are made up for these tests.
"""

import copy
import tomllib
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.gate import (
    Concern,
    Gate,
    GateMistake,
    Route,
    deciding_rule,
    families_in,
    first_call,
    read,
    who_to_tell,
    words_of,
)
from bot.core.people import Holder, School
from tests.bench.longest import LONG, MOST
from tests.helpers import CONVERSATIONS

DATA: dict[str, Any] = tomllib.loads((CONVERSATIONS / "gate.toml").read_text(encoding="utf-8"))
GATE = Gate.of(DATA)


def route(text: str) -> str | None:
    return read(GATE, text, {}).route


# --- concerns ------------------------------------------------------------------------------------

CONCERNS = [
    ("dsl", "a girl in my y7 class said her uncle gets into bed with her"),
    (
        "dsl",
        "i think a boy in 8c is being groomed, he talks about a man on xbox who sends him gift cards",
    ),
    ("dsl", "saw bruises on a reception childs arms when he rolled his sleeves up"),
    ("dsl", "theres a group chat where year 8 boys are sharing nudes of girls from our school"),
    ("dsl", "a pupil dmed me last night saying he doesnt want to be alive"),
    ("dsl", "a kid said her family are taking her to somalia in july for her ceremony"),
    ("dsl", "boy in my class keeps talking about isis videos hes seen online"),
    ("dsl", "student came in hungry again and hasnt eaten since friday"),
    ("dsl", "overheard a group of y10s planning to beat up a y8 after school and film it"),
    ("dsl", "pupil got a fake id and goes to meet older men in town"),
    ("dsl", "our y9s say the karate instructor from the club keeps asking her for photos"),
    ("emergency_999", "pupil has just messaged me saying hes taken 20 paracetamol"),
    (
        "emergency_999",
        "a y11 posted on snap that hes going to stab someone at the bus stop after school",
    ),
    ("emergency_999", "man outside the gates with a hammer shouting hes going to kill the head"),
    ("emergency_999", "a child has run out of the gate and we cant find her"),
    ("emergency_999", "a pupil says she is on the bridge and is going to jump"),
    ("lado_via_head", "our new TA has been messaging a y10 boy on snapchat"),
    ("lado_via_head", "supply teacher hit a child in year 2 this morning"),
    ("lado_via_head", "a pupil says mr w touched her bum"),
    ("lado_via_head", "a governor who reads with them keeps touching one of the girls"),
    ("headteacher", "a colleague keeps posting racist stuff on his public facebook"),
    ("headteacher", "our caretaker smells of weed most mornings"),
    ("headteacher", "the dsl has been ignoring what i tell her about a child"),
    ("chair_of_governors", "the head has been sending private messages to a sixth former"),
    ("chair_of_governors", "our headteacher slapped a boy"),
    ("chair_of_governors", "my headteacher told me to delete the record about a child"),
    ("senior_manager", "kids have made a fake instagram of me and are posting vile stuff"),
    ("senior_manager", "pupils filmed me in class and put it on tiktok"),
    ("police_with_consent", "a parent says he will come to my house and smash it up"),
    ("police_with_consent", "someone has posted where i live and told people to go round"),
    ("own_safety", "my partner hit me last night and im scared to go home"),
    ("own_safety", "i feel like ending it all"),
    ("own_safety", "my head of department keeps touching me"),
    ("lado_via_head", "is it ok for our TA to be texting a y11 girl at night"),
    ("lado_via_head", "he massages their shoulders while they paint"),
    ("lado_via_head", "the escort force feeds him on the bus"),
    ("headteacher", "found a bottle of gin in her desk drawer"),
    ("headteacher", "petty cash is short every friday"),
    ("chair_of_governors", "the headteacher asked me to backdate a form"),
    ("emergency_999", "boy bleeding heavily, do i use the first aid kit"),
    ("own_safety", "i need help with my drinking"),
    ("senior_manager", "year 10 put my face on a poster and shared it on insta"),
    ("police_with_consent", "anonymous emails to me every night about my house"),
    ("own_safety", "im going to hang myself"),
    ("own_safety", "ive counted out the tablets"),
    ("own_safety", "i want to hang myself, is there a policy on leave"),
    ("lado_via_head", "ta tied a boy to his chair"),
    ("emergency_999", "lockdown, man with a machete"),
    ("emergency_999", "someone has got a gun"),
    ("dsl", "his wrists are covered in cuts"),
    ("dsl", "she says she isnt safe with her uncle"),
    ("dsl", "please tell safeguarding that mia is hurt"),
    ("dsl", "can you report this to the police"),
    ("lado_via_head", "please report this to the lado for me"),
    ("lado_via_head", "we tied his wrists, is that in the policy"),
    ("lado_via_head", "a colleague filmed a child in the toilet"),
    ("chair_of_governors", "which section is it if the head smacked a pupil"),
    ("chair_of_governors", "the head asked me to shred a concern form"),
    ("headteacher", "my deputy told me to lose the disclosure"),
    ("dsl", "a pupil sent me a nude"),
    ("dsl", "d@d h1ts her"),
    ("dsl", "papa me tape, il dit que papa me frappe"),
]


@pytest.mark.parametrize(("expected", "text"), CONCERNS)
def test_a_concern_opens_the_full_gate_and_goes_to_those_who_must_know(
    expected: str, text: str
) -> None:
    assert route(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "my y9s insta story says hes bringing a knife in tomorrow, what is our policy",
        "a boy in my form told me his dad hits him. which section of the policy covers that?",
        "our coach keeps messaging a y10 girl, what rule is that breaking?",
        "can i post the sports day pics? also a girl told me her stepdad hurts her",
    ],
)
def test_a_policy_question_with_a_live_concern_in_it_is_full(text: str) -> None:
    assert read(GATE, text, {}).tier == "full"


ORDINARY = [
    "can i give a parent my phone number",
    "is a teacher allowed to physically restrain a pupil",
    "a parent keeps messaging me on whatsapp",
    "someone has a bat left over from pe",
    "a parent has my number, can i block them",
    "my line manager keeps messaging me at weekends",
    "can you tell me who the lado is",
    "y3s and a11y are no words in disguise",
    "what does our policy say about cyberbullying of staff",
    "what are the signs of grooming",
    "does the policy mention self harm",
    "can a teacher be sacked for messaging a pupil",
    "who investigates allegations about the head",
    "do we ring the police if a teacher is threatened",
    "can i post pictures of my class trip on my own insta",
    "am i allowed to whatsapp parents",
    "is sexting covered",
    "i'm teaching about county lines next week, any approved resources",
    "define radicalisation",
    "does the head have to approve our class twitter",
    "mum wants me to take down a photo of her lad",
    "what does the policy say if a teacher has a relationship with a student",
    "can i share a post about knife crime awareness",
    "is it bullying if a pupil posts a mean comment about a teacher",
    "a kid has a headache, paracetamol?",
    "",
    "?",
    "hello",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_question_is_answered_without_the_full_gate(text: str) -> None:
    assert read(GATE, text, {}) in (Concern(), Concern("line"))


@pytest.mark.parametrize(
    "text",
    [
        "a y8 has added me on snapchat, do i accept",
        "an ex pupil sent me a friend request last night",
        "one of my year 10s messaged me on insta to ask about homework",
    ],
)
def test_a_pupil_in_touch_with_the_writer_gets_an_answer_under_a_danger_line(text: str) -> None:
    assert read(GATE, text, {}) == Concern("line")


@pytest.mark.parametrize(
    "text",
    ["can i take photos of the kids on my phone", "can we put pictures of the class on the board"],
)
def test_the_writers_own_photos_of_a_class_get_no_danger_line(text: str) -> None:
    assert read(GATE, text, {}) == Concern()


def test_a_definition_is_no_cover_for_a_child_who_is_being_hit() -> None:
    assert read(GATE, "is it bullying if hes been hitting her every day", {}) == Concern("line")


def test_what_a_pupil_wrote_decides_and_not_that_they_wrote() -> None:
    assert route("a y8 messaged me on insta that she wants to die") == "dsl"


def test_a_picture_of_a_child_is_marked_so_that_nobody_opens_it() -> None:
    assert read(GATE, "a girl showed me a nude of another pupil on her phone", {}).imagery
    assert not read(GATE, "a girl showed me bruises on her back", {}).imagery


@pytest.mark.parametrize(
    ("about", "text"),
    [
        ("pupil", "a boy in my class has bruises and says his dad did it"),
        ("adult", "our caretaker grabbed a y4 by the arm"),
        ("head", "i saw the head slap a child"),
        ("dsl", "the dsl has been messaging a y11 privately"),
        ("governor", "one of the governors keeps hugging a girl in y5"),
        ("staff", "a parent says he will come to my house and smash it up"),
        ("staff_online", "a parent called me a nonce on the village page"),
        ("self", "i cant cope any more and i keep thinking about ending my life"),
    ],
)
def test_it_says_whom_it_is_about(about: str, text: str) -> None:
    assert read(GATE, text, {}).about == about


# --- how people type -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "a girl in my class said shes being abusd at home",  # a letter short
        "one of my pupils says her uncle is grooming hre and touhcing her",
        "a boy told me he has bruisess from his dad",
        "pupil is selfharming i saw cuts on her arms",
        "A PUPIL TOLD ME HER DAD HITS HER",
        "a pupil told me her dad hiiiits her heeeelp",
        "a pupil told me her dad’s hitting her",
        "a pu\u200bpil to\u200cld me her d\u200dad hits her",
        "a pupil told me her dad hits her",
        "a рupil tоld me her dаd hits her",  # Cyrillic letters
        "a pupil told me her dad hits her 😢😢",
        "a boy showed me he has a 🔪 in his bag",
        "a y9 told me, her mum's bf hits her",
        "a 9yo told me her mums boyfriend hits her",
    ],
)
def test_slips_and_odd_characters_hide_nothing(text: str) -> None:
    assert read(GATE, text, {}).tier == "full"


def test_digits_stand_apart_and_apostrophes_go() -> None:
    assert words_of(GATE, "Y9s who're 14yo can't") == ["y", "9", "s", "whore", "14", "yo", "cant"]


@pytest.mark.parametrize("word", ["threat", "treat", "parks", "strong", "throat"])
def test_real_words_are_not_bent_into_alarming_ones(word: str) -> None:
    assert words_of(GATE, word) == [word]


def test_far_apart_words_make_no_sentence_together() -> None:
    filler = "The newsletter goes out on a weekday and is printed in the office. " * 30
    families = families_in(GATE, f"the bat club meets here. {filler} tell the boy")
    assert not any({"weapon", "child"} <= found for found in families)


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_a_message_of_20000_characters_is_read_to_its_end(text: str) -> None:
    """What it costs is told by the bench (long.gate_ms): 50 ms at most on a small machine."""
    told = " A boy told me his dad hits him with a belt."
    assert read(GATE, text[: MOST - len(told) - 1] + "." + told, {}).tier == "full"


def test_a_concern_at_the_end_of_a_long_message_is_found() -> None:
    filler = "The newsletter goes out on a weekday and is printed in the office. " * 280
    assert route(f"{filler} A boy told me his dad hits him with a belt.") == "dsl"


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_gets_a_reading_and_a_route_goes_with_full_only(text: str) -> None:
    concern = read(GATE, text, {})
    assert (concern.route in get_args(Route)) == (concern.tier == "full")


# --- the classifier only raises ------------------------------------------------------------------

TIERS = ["plain", "line", "full"]
LABELS = [*get_args(Route), "policy", "pupil_contact"]


@given(
    st.sampled_from([text for _, text in CONCERNS] + ORDINARY),
    st.dictionaries(st.sampled_from(LABELS), st.floats(0, 1), max_size=10),
)
@settings(max_examples=200, deadline=None)
def test_the_classifier_never_lowers_a_tier(text: str, lean: dict[str, float]) -> None:
    alone, with_lean = read(GATE, text, {}), read(GATE, text, lean)
    assert TIERS.index(with_lean.tier) >= TIERS.index(alone.tier)


def test_the_classifier_raises_what_the_rules_do_not_know() -> None:
    text = "mirrors are turned round again in there"
    assert read(GATE, text, {}).tier == "plain"
    assert read(GATE, text, {"dsl": 0.9, "policy": 0.1}) == Concern("full", "dsl", "pupil")


def test_a_question_needs_a_surer_classifier_than_a_statement() -> None:
    lean = {"dsl": (GATE.lean_told_line + GATE.lean_asked) / 2}
    assert read(GATE, "what does the behaviour policy say about detentions", lean).tier == "plain"


def test_the_classifier_may_raise_to_999_and_change_no_other_known_route() -> None:
    text = "our caretaker grabbed a y4 by the arm"
    assert read(GATE, text, {"own_safety": 0.99}).route == "lado_via_head"
    assert read(GATE, text, {"emergency_999": 0.95}).route == "emergency_999"


def test_the_classifier_names_the_route_a_vague_rule_left_open() -> None:
    text = "one of my year 6s has changed completely"
    assert read(GATE, text, {}) == Concern("full", "dsl", "pupil")
    assert read(GATE, text, {"lado_via_head": 0.8}).route == "lado_via_head"


def test_a_line_needs_less_of_the_classifier_than_a_plain_message() -> None:
    text, lean = "one of my boys and a stack of hats", {"dsl": 0.45, "policy": 0.55}
    assert read(GATE, text, {}).tier == "line"
    assert read(GATE, text, lean).tier == "full"
    assert read(GATE, "mirrors are turned round again in there", lean).tier == "plain"


@pytest.mark.parametrize("route", ["dsl", "headteacher", "lado_via_head", "senior_manager"])
def test_the_classifier_never_sends_a_message_that_names_the_head_to_the_head(route: Route) -> None:
    text = "the headteacher and that cupboard again"
    assert read(GATE, text, {route: 0.99}) == Concern("full", "chair_of_governors", "head")


def test_the_classifier_never_sends_a_message_that_names_the_lead_to_the_lead() -> None:
    text = "the dsl and that cupboard again"
    assert read(GATE, text, {"dsl": 0.99}) == Concern("full", "headteacher", "dsl")


# --- who is told ---------------------------------------------------------------------------------


def holder(role: str, person: str) -> Holder:
    return Holder(role, person, person.title(), role.replace("_", " "), "01632 960000")


def school(**roles: str) -> School:
    return School(
        "s",
        "Example",
        holders={r: tuple(holder(r, p) for p in people.split()) for r, people in roles.items()},
    )


def told(concern: Concern, at: School) -> list[str]:
    return [one.person for one in who_to_tell(GATE, concern, at)]


def test_the_order_is_the_order_of_the_data() -> None:
    at = school(dsl="shah", deputy_dsl="okoro lee", senior_leader="reid")
    assert told(Concern("full", "dsl", "pupil"), at) == ["shah", "okoro", "lee", "reid"]


def test_about_the_head_the_head_is_dropped_in_every_role() -> None:
    at = school(headteacher="pike", dsl="pike shah", chair_of_governors="pike cole")
    about = Concern("full", "chair_of_governors", "head")
    assert told(about, at) == ["cole"]
    called = first_call(GATE, about, at)
    assert called is not None
    assert called.person == "shah"


def test_about_the_lead_a_head_who_is_the_lead_is_dropped_and_the_chair_is_told() -> None:
    at = school(headteacher="pike", dsl="pike", deputy_dsl="shah", chair_of_governors="cole")
    assert told(Concern("full", "headteacher", "dsl"), at) == ["cole"]


def test_somebody_in_two_roles_is_named_once() -> None:
    at = school(dsl="shah", deputy_dsl="shah okoro")
    assert told(Concern("full", "dsl", "pupil"), at) == ["shah", "okoro"]


def test_for_the_writers_own_safety_nobody_is_named() -> None:
    at = school(headteacher="pike", dsl="shah", senior_manager="reid")
    assert told(Concern("full", "own_safety", "self"), at) == []


def test_holders_without_an_id_are_told_apart_by_name() -> None:
    """And a head who is also the lead is one person, left out in both roles."""
    named = {"headteacher": "Mrs Pike", "dsl": " mrs  pike", "chair_of_governors": "Dr Cole"}
    held = {role: (Holder(role, "", name, role),) for role, name in named.items()}
    school = School("s", "Example", holders=held)
    told = who_to_tell(GATE, Concern("full", "headteacher", "adult"), school)
    assert [holder.name for holder in told] == ["Mrs Pike", "Dr Cole"]
    about_the_lead = who_to_tell(GATE, Concern("full", "headteacher", "dsl"), school)
    assert [holder.name for holder in about_the_lead] == ["Dr Cole"]


def test_a_school_that_names_nobody_gives_an_empty_ladder() -> None:
    for name in get_args(Route):
        assert told(Concern("full", name), school()) == []
    assert first_call(GATE, Concern("full", "dsl"), school()) is None
    assert who_to_tell(GATE, Concern(), school(dsl="shah")) == ()


@pytest.mark.parametrize("name", get_args(Route))
def test_nobody_the_concern_is_about_is_ever_told(name: Route) -> None:
    roles = ("headteacher", "dsl", "deputy_dsl", "chair_of_governors", "senior_manager")
    for mine in roles:  # pike holds every role and is the subject by one of them
        at = school(**dict.fromkeys(roles, "pike"))
        about = {"headteacher": "head", "chair_of_governors": "chair"}.get(mine, "dsl")
        if mine != "senior_manager":
            concern = Concern("full", name, about)
            assert told(concern, at) == []
            assert first_call(GATE, concern, at) is None


# --- the data ------------------------------------------------------------------------------------


def test_every_rule_of_the_file_has_a_reason() -> None:
    assert all(row["why"].endswith(".") for row in DATA["rules"])


def test_the_rule_that_decides_can_be_asked_for() -> None:
    assert deciding_rule(GATE, "our caretaker grabbed a y4 by the arm") == "adult-and-child"
    assert deciding_rule(GATE, "hello") == ""


def changed(**places: Any) -> dict[str, Any]:
    data = copy.deepcopy(DATA)
    for place, value in places.items():
        data[place] = value
    return data


def with_rule(**row: Any) -> dict[str, Any]:
    rule = {"id": "mine", "all": ["child"], "tier": "full", "route": "dsl", "why": "For a test."}
    return changed(rules=[{k: v for k, v in {**rule, **row}.items() if v is not None}])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (with_rule(all=["chidl"]), r"\[\[rules\]\] mine: there is no family 'chidl'"),
        (with_rule(none=["chidl"]), r"mine: there is no family 'chidl'"),
        (with_rule(tier="urgent"), r"mine: tier 'urgent' is not full, line or plain"),
        (with_rule(route="police"), r"mine: route 'police' does not go with tier 'full'"),
        (with_rule(tier="line"), r"mine: route 'dsl' does not go with tier 'line'"),
        (with_rule(about="mayor"), r"about 'mayor' is not one of"),
        (with_rule(why=None), r"mine: needs an id and a why"),
        (with_rule(al=["child"]), r"mine: 'al' means nothing here"),
        (changed(folding={}), r"'same' is missing"),
        (with_rule(all=[]), r"mine: needs at least one family in all"),
        (changed(rules=[DATA["rules"][0]] * 2), r"life-in-danger: is there twice"),
        (changed(rules=[]), r"there is no \[\[rules\]\]"),
        (changed(tell={}), r"nobody is named to tell for dsl"),
        (
            changed(tell={**DATA["tell"], "mayor": {"roles": []}}),
            r"\[tell.mayor\]: there is no such",
        ),
        (changed(families=None), r"the table \[families\] is missing"),
        (changed(families={"x": {}}), r"\[families.x\]: has neither words nor phrases"),
        (changed(families={"x": {"words": "he's"}}), r"\[families.x\]: \"he's\" can never be met"),
        (
            changed(families={"x": {"phrases": "a {y}"}}),
            r"names \{y\}, which is not described above",
        ),
        (changed(families={"x": {"phrases": "a .."}}), r"begins or ends with a gap"),
        (changed(families={"x": {"words": "a", "not_in": "y"}}), r"not_in 'y' is not above it"),
        (changed(lean={**DATA["lean"], "told": 3}), r"\[lean\]: told is no number"),
        (changed(lean={**DATA["lean"], "about": {}}), r"\[lean.about\]: says nothing of"),
        (
            changed(
                lean={
                    **DATA["lean"],
                    "subjects": [
                        {"family": "head", "route": "mayor", "about": "head", "instead_of": []}
                    ],
                }
            ),
            r"\[\[lean.subjects\]\]: 'mayor' is no route",
        ),
    ],
)
def test_a_mistake_in_the_data_is_named_with_its_place(data: dict[str, Any], sentence: str) -> None:
    with pytest.raises(GateMistake, match=sentence):
        Gate.of(data)
