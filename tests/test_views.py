"""What a card may speak of: read from the records and the book at the moment of sending."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import app
from bot.core import refs
from bot.core.book import Answer, Cite
from bot.core.cards import Card, as_text
from bot.core.health.flags import Flag
from bot.core.messages import Json, Outgoing
from bot.core.people import School
from bot.core.policies import Policy, spoken
from bot.core.records import Decision, KeepQuestion, Question, SettleQuestion
from bot.store.memory import MemoryStore
from tests.helpers import (
    ANN,
    BOSS,
    CHAIR,
    DSL,
    HEAD,
    NOON,
    OAK,
    TODAY,
    Talk,
    book,
    clause,
    house,
    house_of,
    policy,
)

RULE = "Staff may chat. They must not post pictures."


def card(
    answer: Answer,
    *policies: Policy,
    to: str = "ann",
    school: School = OAK,
    template: str = "",
    **about: Any,
) -> Card:
    """The card one answer makes for one person."""
    known = policies or (policy(RULE, "Ask Mrs Hazel.", version="3", approved="2026-09"),)
    told_of = book(*known, guided=house().book.guides, schools=(school,))
    views = app.door(replace(house(), book=told_of), MemoryStore(), lambda: NOON).views
    told = {"answer": refs.to_json(answer), "draft": "d1", "danger": False, "words": True, **about}
    return views.card(Outgoing(to, template or answer.kind, told))


def settled(*cites: Cite, **more: Any) -> Answer:
    shown = cites or (Cite("p", "p1"),)
    ranked = tuple((c.policy, c.clause) for c in shown)
    return Answer("settled", more.pop("verdict", "no"), shown, ranked, **more)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2018-10-31", "31 October 2018"),
        ("2018-10-01", "1 October 2018"),
        ("2018-10", "October 2018"),
        ("2018", "2018"),
        ("every two years", "every two years"),
        ("", ""),
    ],
)
def test_dates_as_people_say_them(when: str, said: str) -> None:
    assert spoken(when) == said


# Quotes ---------------------------------------------------------------------------------------------


def test_a_quote_is_the_stored_clause_with_its_label_title_version_and_date() -> None:
    (quote,) = card(settled()).quotes
    assert quote.text == RULE
    assert quote.source == "p1 · Policy P · version 3, September 2026"
    assert quote.link == "/policies/p/c/p1"


def test_the_sentence_that_decides_stands_out() -> None:
    (quote,) = card(settled(Cite("p", "p1", 1))).quotes
    assert quote.text[slice(*quote.strong)] == "They must not post pictures."


def test_no_sentence_of_a_clause_that_does_not_answer_stands_out() -> None:
    for mark in ("also", "near", "nearest"):
        (quote,) = card(settled(Cite("p", "p1", 1, mark))).quotes
        assert quote.strong == (0, 0)


def test_a_bullet_is_quoted_with_its_lead_in() -> None:
    known = policy(clause("Users must NOT:", "p1"), clause("post pictures", "p2", lead="p1"))
    (quote,) = card(settled(Cite("p", "p2")), known).quotes
    assert (quote.lead, quote.text) == ("Users must NOT:", "post pictures")


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).map(
    lambda text: " ".join(text.split()) or "x"
)


@given(TEXTS, TEXTS, st.integers(0, 5))
@settings(deadline=None, max_examples=50)
def test_every_quoted_word_is_string_equal_to_the_stored_clause(
    lead: str, text: str, sentence: int
) -> None:
    """Whatever stands in the policy; the house is made once and only its book changes."""
    known = policy(clause(lead, "p1"), clause(text, "p2", lead="p1"))
    made = house()
    changed = replace(made, book=replace(made.book, policies={"p": known}))
    views = app.door(changed, MemoryStore(), lambda: NOON).views
    told: dict[str, Json] = {
        "answer": refs.to_json(settled(Cite("p", "p2", sentence))),
        "draft": "d",
    }
    (quote,) = views.card(Outgoing("bell", "settled", told)).quotes
    assert (quote.lead, quote.text) == (lead, text)
    assert quote.text[slice(*quote.strong)] in text


async def test_what_the_example_policy_is_quoted_with_stands_in_its_file() -> None:
    stored = {c.text for p in house().book.policies.values() for c in p.clauses}
    talk = Talk(house(), "bell")
    for question in (
        "can i use my phone in class",
        "can i wear a hat",
        "when is it due for review",
    ):
        await talk.says(question)
        assert talk.card.quotes
        assert all(q.text in stored and (not q.lead or q.lead in stored) for q in talk.card.quotes)


# Verdict and title ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdict", "first"),
    [("yes", "Yes."), ("no", "No."), ("must", "This is what you must do.")],
)
def test_the_verdict_is_the_first_word(verdict: Any, first: str) -> None:
    assert card(settled(verdict=verdict)).title == first


@pytest.mark.parametrize("verdict", [None, "info"])
def test_without_a_supported_verdict_no_yes_or_no_is_said(verdict: Any) -> None:
    title = card(settled(verdict=verdict)).title.lower()
    assert not title.startswith(("yes", "no"))


def test_not_settled_says_so_and_marks_the_nearest_clause_as_nearest() -> None:
    told = Answer("not_settled", "unanswerable", (Cite("p", "p1", 0, "nearest"),), (("p", "p1"),))
    shown = card(told)
    assert "isn't a yes" in shown.title
    assert "nearest" in shown.quotes[0].mark
    assert "not the answer" in shown.quotes[0].mark
    assert "Send this question to the policy owner" in [c.label for c in shown.choices]


def test_a_question_whose_words_were_not_kept_is_not_offered_to_the_owner() -> None:
    told = Answer("not_settled", "unanswerable")
    assert not [c for c in card(told, words=False).choices if c.action.startswith("owner")]


# A number that was asked for --------------------------------------------------------------------------


def test_a_number_that_is_not_there_is_said_with_the_policys_link() -> None:
    told = Answer("no_clause", "unanswerable", number="9.9", told=("p",))
    shown = card(told)
    assert shown.title == "There is no 9.9 in this policy."
    assert ("Policy P", "/policies/p") in [(c.label, c.link) for c in shown.choices]


def test_of_several_policies_every_one_it_was_looked_for_in_is_named() -> None:
    told = Answer("no_clause", "unanswerable", number="9", told=("p", "q"))
    shown = card(told, policy("One."), policy("Two.", id="q"))
    assert shown.title == "There is no section 9 in any of these policies."
    assert [c.label for c in shown.choices if c.link] == ["Policy P", "Policy Q"]


def test_a_section_comes_with_its_heading_and_its_policys_name() -> None:
    known = policy(clause("One.", "p1", "2.1", headings=("2. At work",)))
    told = Answer("section", "info", (Cite("p", "p1", 0, "close"),), (("p", "p1"),), number="2")
    shown = card(told, known)
    assert (shown.title, shown.paragraphs) == ("This is how section 2 begins.", ("2. At work",))
    assert "Policy P" in shown.quotes[0].source


async def test_a_bare_number_typed_in_the_chat_shows_its_clause() -> None:
    talk = Talk(house_of(policy(clause("Be kind.", "p1", "2.4"))), "ann")
    assert "Be kind." in await talk.says("2.4")


# Whom to ask ----------------------------------------------------------------------------------------


def test_the_manager_is_named_where_school_toml_names_one() -> None:
    assert BOSS.name in as_text(card(Answer("not_settled", "unanswerable", turn_to="manager")))


def test_the_head_is_named_where_no_manager_is() -> None:
    told = Answer("not_settled", "unanswerable", turn_to="manager")
    assert HEAD.name in as_text(card(told, to="gov"))


def test_nobody_is_told_to_ask_herself() -> None:
    told = Answer("not_settled", "unanswerable", turn_to="manager")
    assert HEAD.name not in as_text(card(told, to="head"))
    assert HEAD.name not in as_text(card(settled(turn_to="headteacher"), to="head"))


def test_the_next_step_names_the_role_holder_and_the_number() -> None:
    text = as_text(card(settled(turn_to="dsl")))
    assert f"{DSL.name} ({DSL.title}) on {DSL.phone}" in text


def test_no_next_step_is_named_where_the_clause_names_nobody() -> None:
    assert "Next:" not in as_text(card(settled()))


def test_a_role_nobody_holds_falls_to_the_head_and_a_school_with_nobody_names_nobody() -> None:
    assert HEAD.name in as_text(card(settled(turn_to="hr")))
    assert "Next:" not in as_text(card(settled(turn_to="hr"), school=replace(OAK, holders={})))


def test_the_heads_own_manager_is_the_chair_of_governors() -> None:
    told = Answer("not_settled", "unanswerable", turn_to="manager")
    assert f"ask {CHAIR.name} ({CHAIR.title}) on {CHAIR.phone}" in as_text(card(told, to="head"))
    assert CHAIR.name not in as_text(card(settled(turn_to="headteacher"), to="head"))


def test_a_policys_owner_is_not_offered_to_send_the_question_to_herself() -> None:
    told = Answer("not_settled", "unanswerable", (Cite("p", "p1", 0, "nearest"),), (("p", "p1"),))
    for person, offered in (("ann", True), ("own", False)):
        school = replace(OAK, people={**OAK.people, "own": replace(ANN, id="own", name="Ms Oakes")})
        made = house_of(policy(RULE), schools=(school,))
        views = app.door(made, MemoryStore(), lambda: NOON).views
        about: dict[str, Json] = {"answer": refs.to_json(told), "draft": "d1", "words": True}
        shown = views.card(Outgoing(person, "not_settled", about))
        assert any(c.action == "owner d1" for c in shown.choices) is offered


async def test_the_head_who_reports_a_concern_reads_each_line_once_and_not_of_the_head() -> None:
    talk = Talk(house(), "lyle")
    told = await talk.says("report a concern")
    assert told.count("Dr Penrose") == 1
    assert "the head" not in told.lower()


async def test_a_deputy_head_is_sent_to_the_head_about_an_adult() -> None:
    told = await Talk(house(), "okoro").says("report a concern")
    assert "About an adult who works or volunteers here: tell Mrs Lyle" in told
    assert "About the head: tell Dr Penrose" in told


async def test_the_head_who_tells_of_an_adult_is_not_told_what_the_head_does() -> None:
    told = await Talk(house(), "lyle").says("a TA hit a child in my class")
    assert "the head" not in told.lower()
    assert "LADO" in told


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Phone Policy", "the owner of the Phone Policy,"),
        ("The Phone Policy", "the owner of The Phone Policy,"),
        ("", "the owner of a policy,"),
    ],
)
def test_a_sent_question_names_its_policy_as_people_say_it(title: str, said: str) -> None:
    views = app.door(house_of(policy(RULE, title=title)), MemoryStore(), lambda: NOON).views
    assert said in views.card(Outgoing("ann", "owner_sent", {"policy": "p"})).title


# Banners --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        (Flag("overdue", "p", "", {"when": "2018-10"}), ["October 2018", "review"]),
        (
            Flag("superseded", "p", "", {"when": "2025-08-31", "by": "New Policy"}),
            ["from 31 August 2025 by New Policy."],
        ),
        (Flag("superseded", "p", "", {"when": "2025", "by": ""}), ["from 2025."]),
        (Flag("alternatives", "p", "p1"), ["two versions"]),
        (Flag("blank", "p", "p1"), ["blank"]),
    ],
)
@pytest.mark.parametrize("kind", ["settled", "not_settled", "alternatives", "record"])
def test_the_state_of_a_policy_stands_on_every_answer(
    flag: Flag, words: list[str], kind: Any
) -> None:
    told = Answer(kind, "info", (Cite("p", "p1"),), (("p", "p1"),), flags=(flag,))
    (banner,) = card(told).banner
    assert "Policy P" in banner
    assert all(word in banner for word in words)


def test_the_danger_line_comes_before_a_policys_state() -> None:
    told = settled(flags=(Flag("overdue", "p", "", {"when": "2018"}),))
    first, second = card(told, danger=True).banner
    assert "999" in first
    assert DSL.name in first
    assert "2018" in second


# Several policies, audiences ------------------------------------------------------------------------


def test_two_policies_are_both_quoted_and_the_stricter_is_named() -> None:
    known = policy(RULE), policy("Nobody may post.", id="q")
    shown = card(settled(Cite("p", "p1"), Cite("q", "q1", 0, "other"), stricter="q"), *known)
    assert [q.text for q in shown.quotes] == [RULE, "Nobody may post."]
    assert [q.aside for q in shown.quotes] == [False, False]
    assert [line for line in shown.after if "Policy Q" in line and "stricter" in line]


@pytest.mark.parametrize(
    ("who", "word"),
    [("governor", "governors"), ("volunteer", "volunteers"), ("agency", "agency staff")],
)
def test_an_audience_the_policy_does_not_name_is_told_so(who: str, word: str) -> None:
    told = Answer("not_settled", "unanswerable", unnamed=who)
    assert f"This policy does not name {word}." in as_text(card(told))


def test_both_alternatives_are_shown_and_whom_to_ask() -> None:
    cites = (Cite("p", "p1", 0, "a"), Cite("p", "p2", 0, "b"))
    told = Answer("alternatives", "depends", cites, turn_to="headteacher")
    shown = card(told)
    assert [q.mark for q in shown.quotes] == ["A:", "or B:"]
    assert shown.title.startswith("It depends")
    assert HEAD.name in as_text(shown)


def test_who_holds_a_role_is_told_with_number_and_hours_from_the_list() -> None:
    text = as_text(card(Answer("holder", "info", role="dsl", record="holder")))
    assert all(part in text for part in (DSL.name, DSL.title, DSL.phone, DSL.hours))
    assert "not from the policy" in text


# Questions to the owner -----------------------------------------------------------------------------


def test_the_owner_sees_the_words_while_they_are_kept_and_never_the_asker() -> None:
    store = MemoryStore()
    views = app.door(house_of(policy(RULE)), store, lambda: NOON).views
    kept = KeepQuestion(Question("q1", "oak", "p", "may i wear a hat", TODAY))
    store.carry_out(lambda _: Decision((), (kept,)))
    out = Outgoing("own", "owner_question", {"question": "q1"})
    assert "may i wear a hat" in as_text(views.card(out))
    assert "ann" not in as_text(views.card(out)).lower()
    store.carry_out(lambda _: Decision((), (SettleQuestion("q1"),)))
    assert "may i wear a hat" not in as_text(views.card(out))


async def test_the_words_that_go_to_the_owner_are_shown_first_exactly() -> None:
    talk = Talk(house(), "bell")
    await talk.says("can i wear  BRIGHT trainers, please")
    shown = await talk.presses("Send this question to the policy owner")
    assert "can i wear  BRIGHT trainers, please" in shown
    assert [field.value for field in talk.card.fields] == ["can i wear  BRIGHT trainers, please"]
    assert "without your name" in shown


# What a policy records about itself -----------------------------------------------------------------


def test_a_fact_that_a_quote_says_is_said_once_and_where_it_stands() -> None:
    said = clause("Review due: September 2027", "p1", "Front matter: Review due", kind="field")
    known = policy(said, review_due="2027-09", owner="Head", said={"review_due": "p1"})
    told = Answer("record", "info", (Cite("p", "p1"),), (("p", "p1"),), told=("p",))
    shown = card(replace(told, record="review_due"), known)
    assert as_text(shown).count("September 2027") == 1
    assert shown.quotes[0].source.startswith("Review due, at the top of the policy · ")
    assert card(replace(told, record="owner"), known).facts == (("Owner", "Head"),)
