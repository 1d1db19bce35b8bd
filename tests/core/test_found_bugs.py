"""Faults that were found, and mended."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.core.answers import answer
from bot.core.guides import GuideMistake, guide_from
from bot.core.people import Membership, Person, School
from bot.core.phrases import pattern, plain
from bot.core.policies import last_day, sentences
from bot.core.reading import read_question, read_rule
from bot.core.verdicts import verdict
from bot.wording import Wording, WordingMistake
from tests.helpers import (
    CONVERSATIONS,
    DSL,
    HEAD,
    OAK,
    OWNER,
    Finds,
    Talk,
    asked,
    book,
    clause,
    command,
    families,
    guide,
    house,
    house_of,
    policy,
    weighted_house,
    words,
)


def _verdict(question: str, text: str) -> str | None:
    known = policy(text)
    rule = read_rule(known, known.clauses[0], 0, words())
    return verdict(read_question(question, words()), rule)


# A wrong Yes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "should i accept a friend request from a pupil",
            "Staff must not accept friend requests from pupils.",
        ),
        (
            "should staff give out their phone number to parents",
            "Staff must not give their phone number to parents.",
        ),
        ("do i have to reply to a pupil", "Staff should never reply to a message from a pupil."),
        ("must i share my password", "Passwords shall not be shared."),
        ("do i have to reply outside hours", "Nobody is expected to reply outside those hours."),
    ],
)
def test_should_i_is_never_answered_yes_by_a_ban(question: str, text: str) -> None:
    """ "must" stands in "must not": the ban was read as a duty."""
    assert _verdict(question, text) != "yes"


async def test_the_example_policy_does_not_say_yes_to_a_pupils_request() -> None:
    told = await Talk(house(), "bell").says("should i accept a friend request from a pupil")
    assert "Yes." not in told


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "does it cover volunteers",
            "This policy applies to volunteers only if they have signed it.",
        ),
        (
            "does this policy apply to governors",
            "It applies to governors as well, except for section 5.",
        ),
        (
            "can they read my private messages",
            "The school may inspect messages provided that the Headteacher has agreed.",
        ),
    ],
)
def test_a_fact_with_an_unmet_condition_is_no_plain_yes(question: str, text: str) -> None:
    assert _verdict(question, text) != "yes"


def test_can_i_be_friends_asks_for_permission() -> None:
    """It was read as a question of fact, where a condition and a ban close by count for nothing."""
    assert read_question("can i be friends with parents", words()).form == "permission"
    told = "Staff may be friends with parents only with the approval of the Headteacher."
    assert _verdict("can i be friends with parents", told) == "depends"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "can i use my own phone in the staff room",
            "Staff may use their own phone in the staff room during breaks.",
        ),
        (
            "can i reply to a parent in the app",
            "Staff may reply to a parent in the app between 8am and 6pm on school days.",
        ),
    ],
)
def test_when_it_is_allowed_is_a_condition_too(question: str, text: str) -> None:
    """The question names no time, the clause allows only some."""
    assert _verdict(question, text) != "yes"


async def test_a_governor_is_not_told_yes_by_a_section_that_is_not_for_governors() -> None:
    """1.3 of the example: "It applies to governors as well, except for section 5"; 5.1 says "Staff may"."""
    talk = Talk(house(), "penrose")
    told = await talk.says("can i use my own phone in the staff room during my break")
    assert "Yes." not in told


TELL_AND_DO_NOT_REPLY = "Staff who are abused must tell a senior manager, and must not reply."
REPORT = "A worry about a child must be reported to the Designated Safeguarding Lead straight away."


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("do i have to reply to an abusive message", TELL_AND_DO_NOT_REPLY),
        ("must i reply to it", TELL_AND_DO_NOT_REPLY),
        ("do i need permission to report a worry about a child", REPORT),
        ("do we need to ask before we report a worry", REPORT),
        ("is there any rule against telling the dsl about a worry", REPORT),
        ("is there a rule against being friends with colleagues", "Staff may be friends online."),
        ("can i be told off for being friends with colleagues", "Staff may be friends online."),
        (
            "could i be sacked for using my phone at lunch",
            "Staff may use their own phone at lunch.",
        ),
    ],
)
def test_a_duty_or_a_permission_is_no_yes_to_another_question(question: str, text: str) -> None:
    """A sentence with a duty and a ban, a duty asked about as needing permission, a permission asked
    about as a rule against it or as something to be punished for: none of them is affirmed."""
    assert _verdict(question, text) != "yes"


@pytest.mark.parametrize(
    "question",
    [
        "should i post a pupils name with their picture",
        "do i have to post a pupils name with their picture",
        "do i have to reply to an abusive message",
        "must i talk to a journalist",
        "do i need to talk to a journalist",
        "do we need permission to report a worry about a child",
        "do we need permission to tell the head about a worry",
        "is there any rule against telling the head about a worry",
        "is there any rule against using my phone in the staff room",
    ],
)
async def test_with_vectors_the_example_policy_gives_no_wrong_yes(question: str) -> None:
    told = await Talk(weighted_house(), "bell").says(question)
    assert "Yes." not in told.splitlines()


def test_a_ban_in_another_policy_overrules_a_yes_wherever_it_ranks() -> None:
    ours = policy(
        "Staff may use their own phone in the staff room.", "Phones ring.", "Rooms exist.", id="a"
    )
    theirs = policy("Staff must not use their own phone in the staff room.", id="b")
    known = book(ours, theirs)
    find = Finds(("a1", 0.9), ("a2", 0.89), ("a3", 0.88), ("b1", 0.87))
    told = answer(asked("can i use my own phone in the staff room", known), known, find)
    assert told.verdict != "yes"


# A wrong No -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        "can i speak to my union about an online post",
        "can i tell the police about a worry",
        "can i ring the lado",
        "can i tell childrens services",
        "can i tell ofsted about the school",
        "can i talk to a lawyer about the head",
        "can i speak to my doctor about work",
    ],
)
async def test_nobody_is_kept_from_speaking_to_those_who_may_always_be_spoken_to(
    question: str,
) -> None:
    """Never a No, nor "only with approval", on a union, police, LADO, social care, Ofsted, a lawyer
    or a doctor (REQUIREMENTS section 6, silencing)."""
    for made in (house(), weighted_house()):
        talk = Talk(made, "bell")
        await talk.says(question)
        assert not talk.card.title.startswith(("No.", "It depends", "This is what you must do"))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("can i have a facebook account", "School computers must not be used for social media."),
        ("can i use my laptop at home", "School laptops must not be used for social media."),
        (
            "may i say i work in a primary school",
            "Staff may say that they work in a primary school, but must not name the school.",
        ),
    ],
)
def test_a_narrower_ban_is_no_plain_no(question: str, text: str) -> None:
    """A ban on school equipment, or one that stands beside the permission asked about."""
    assert _verdict(question, text) != "no"


# What an answer shows -------------------------------------------------------------------------------


def test_the_clause_of_the_other_policy_is_among_the_first_three() -> None:
    ours = policy("Staff must not smoke.", "Smoke rises.", "Fire burns.", "Ash falls.", id="a")
    theirs = policy("Staff must not smoke anywhere.", id="b")
    known = book(ours, theirs)
    find = Finds(("a1", 0.9), ("a2", 0.89), ("a3", 0.88), ("a4", 0.87), ("b1", 0.86))
    told = answer(asked("can i smoke", known), known, find)
    quoted = [(c.policy, c.clause) for c in told.cites]
    assert ("b", "b1") in quoted
    assert set(quoted) <= set(told.ranked[:3])


def test_each_unresolved_choice_shows_its_own_alternatives() -> None:
    """Two choices stand under one heading; the second is asked about."""
    both = [
        clause("Personal use is not allowed.", "p1", option=1, headings=("3. Use",)),
        clause("Or", "p2", kind="or", headings=("3. Use",)),
        clause("Personal use is allowed at lunch.", "p3", option=2, headings=("3. Use",)),
        clause("Visitors may use the wifi.", "p4", option=1, headings=("3. Use",)),
        clause("Or", "p5", kind="or", headings=("3. Use",)),
        clause("Visitors must not use the wifi.", "p6", option=2, headings=("3. Use",)),
    ]
    known = book(policy(*both))
    told = answer(asked("can visitors use the wifi", known), known, Finds("p4", "p6", "p1"))
    assert {c.clause for c in told.cites if c.mark in "ab"} == {"p4", "p6"}


def test_a_governor_who_says_who_the_request_is_from_is_taken_at_her_word() -> None:
    """The asker's role fills a slot only where the question leaves it open."""
    known = book(
        policy("Governors and staff may be friends with colleagues online."),
        guided=[guide("friend-request")],
    )
    find = Finds("p1")
    answer(asked("can i accept a friend request from a colleague", known, "governor"), known, find)
    assert any("colleague" in heard for heard in find.heard[1:])


def test_who_a_policy_applies_to_by_its_own_header_is_named() -> None:
    """ "Applies to: staff and governors" is a header line, and the front matter's audience."""
    header = clause("Applies to: staff and governors", "p1", kind="field")
    known = book(
        policy(header, clause("Nobody may smoke on site.", "p2"), audience=("staff", "governors"))
    )
    told = answer(asked("can i smoke on site", known, "governor"), known, Finds("p2"))
    assert told.unnamed == ""


async def test_no_other_clauses_are_announced_where_there_are_none() -> None:
    talk = Talk(house(), "bell")
    await talk.says("when is this policy due for review")
    told = await talk.presses("Not what I asked")
    assert talk.card.quotes or "These are the other clauses" not in told


def test_a_sentence_keeps_its_closing_quotation_mark() -> None:
    text = 'They may say "please wait." Then they must go.'
    told = [text[start:end] for start, end in sentences(text)]
    assert told == ['They may say "please wait."', "Then they must go."]


@pytest.mark.parametrize("when", ["0000", "2018-00", "2018-00-05"])
def test_a_mistyped_date_is_no_date_and_stops_no_answer(when: str) -> None:
    """ "0000" raised OverflowError on every answer of the policy; "2018-00" was December."""
    assert last_day(when) is None


# The gate's way -------------------------------------------------------------------------------------

HURT = "someone sent me a friend request and told me she is being hurt at home"


async def test_past_the_gate_a_clause_answers_and_no_guide_asks() -> None:
    """What waits behind the gate is what the policy says, never a question about the request."""
    talk = Talk(house(), "bell")
    await talk.says(HURT)
    told = await talk.presses("It's a policy question")
    assert "999" in told
    assert "It depends who the request is from." not in told


async def test_not_what_i_asked_keeps_the_danger_line() -> None:
    talk = Talk(house(), "bell")
    assert "999" in await talk.says("a y9 pupil has sent me a friend request on insta")
    assert "999" in await talk.presses("Not what I asked")


@pytest.mark.parametrize(
    "text",
    [
        "has it been reported before, a girl told me her dad hits her",
        "i think this has been reported but a y4 boy has bruises and says his mum did it",
        "has anybody said anything about jake having bruises, his dad hits him",
        "did anyone report her, she said she wants to die",
    ],
)
async def test_asking_about_reports_does_not_lead_past_the_gate(text: str) -> None:
    """ "Did anyone report" anywhere gives the constant answer, before the gate: a child's disclosure,
    even of wanting to die, gets no card. The order is: live concern, then commands."""
    talk = Talk(house(), "bell")
    await talk.says(text)
    assert "Ms Shah" in talk.card.title


async def test_a_plain_question_about_a_phone_number_is_no_live_concern() -> None:
    """It got the full gate, "I'm sorry this was done", by the route police_with_consent."""
    talk = Talk(house(), "bell")
    await talk.says("can i give a parent my phone number")
    assert talk.card.quotes


async def test_report_a_concern_names_the_safeguarding_lead() -> None:
    """Nothing is known about the concern yet; the school has somebody to tell all the same."""
    told = await Talk(house(), "bell").says("report a concern")
    assert "Ms Shah" in told
    assert "nobody is set up for this" not in told


async def test_danger_after_report_a_concern_names_the_safeguarding_lead() -> None:
    talk = Talk(house(), "bell")
    await talk.says("report a concern")
    assert "Ms Shah" in await talk.presses("Yes, or I'm not sure")


async def test_a_head_who_is_the_safeguarding_lead_is_not_named_for_a_concern_about_the_head() -> (
    None
):
    """Exclusion follows the person through every role: gate.first_call knows, the card does not ask it."""
    both = replace(DSL, person=HEAD.person, name=HEAD.name, phone=HEAD.phone)
    school = replace(OAK, holders={**OAK.holders, "dsl": (both,)})
    talk = Talk(house_of(policy("Be kind."), schools=(school,)), "ann")
    told = await talk.says("the headteacher hit a child in the corridor")
    assert "999" in told
    assert HEAD.name not in told


async def test_the_safeguarding_lead_is_not_told_to_ring_herself() -> None:
    told = await Talk(house(), "shah").says("a pupil told me he is being hurt at home")
    assert "999" in told
    assert "Ms Shah" not in told


async def test_the_gate_names_people_of_the_school_one_works_at_now() -> None:
    """A membership that has ended must not decide whose number is shown."""
    elm = School(
        "elm", "Elm School", holders={"dsl": (replace(DSL, name="Ms Elder", phone="01632 960099"),)}
    )
    moved = Person(
        "ann",
        "Ann Ash",
        (
            Membership("elm", until=date(2026, 7, 31)),
            Membership("oak", since=date(2026, 9, 1)),
        ),
    )
    oak = replace(OAK, people={"ann": moved})
    talk = Talk(house_of(policy("Be kind."), schools=(oak, elm)), "ann")
    told = await talk.says("a pupil told me he is being hurt at home")
    assert DSL.name in told
    assert "Ms Elder" not in told


# Sent to the owner ----------------------------------------------------------------------------------


async def test_a_question_goes_to_the_schools_policy_owner_whatever_the_front_matter_calls_him() -> (
    None
):
    known = policy("Hats may be worn.", owner="Full Governing Body")
    talk = Talk(house_of(known), "ann")
    await talk.says("what is the capital of france")
    await talk.presses("Send this question to the policy owner")
    await talk.presses("Send these words")
    assert [letter.out.to for letter in talk.store.letters("pending")] == [OWNER.person]


# Text that stands in a policy -----------------------------------------------------------------------


async def test_a_bar_in_a_policys_title_breaks_no_card() -> None:
    talk = Talk(house_of(policy("Be kind.", title="Phones | Tablets")), "ann")
    assert "Phones | Tablets" in await talk.says("policies")


async def test_a_fact_that_only_the_front_matter_knows_is_shown() -> None:
    """No clause says it, so there is nothing to quote; the value is known all the same."""
    talk = Talk(house_of(policy("Be kind.", approver="Full Governing Body")), "ann")
    assert "Full Governing Body" in await talk.says("who approved this policy")


async def test_a_bar_in_a_policys_front_matter_breaks_no_card() -> None:
    said = clause("Approved by: Head | Board", "p1", kind="field")
    known = policy(said, approver="Head | Board", said={"approver": "p1"})
    talk = Talk(house_of(known), "ann")
    assert "Head | Board" in await talk.says("who approved this policy")


# What a school may write ----------------------------------------------------------------------------


@pytest.mark.parametrize("phrase", ["ex-pupil", "wi-fi", "café", "t.v.", "yes / no"])
def test_a_phrase_is_read_the_way_texts_are(phrase: str) -> None:
    """ "Capitals, apostrophes and accents don't matter": nor should a hyphen make a phrase dead."""
    assert pattern([phrase]).search(plain(f"an {phrase} here"))


def test_a_guides_phrases_must_be_a_list() -> None:
    """One string was read as one phrase for each of its letters."""
    broken = {
        "id": "x",
        "title": "X",
        "starts": "friend request",
        "leaf": [{"id": "l", "ask": "q"}],
    }
    with pytest.raises(GuideMistake):
        guide_from(broken, families(), "x.toml")


async def test_a_question_never_goes_to_another_schools_owner() -> None:
    """An answer that quotes no clause fell back to the first policy in the whole book."""
    elm = School("elm", "Elm", holders={"policy_owner": (replace(OWNER, person="elm-owner"),)})
    theirs = policy("Elm grows.", id="a", school="elm")
    talk = Talk(house_of(theirs, policy("Hats may be worn.", id="b"), schools=(elm, OAK)), "ann")
    await talk.says("who is the senco")
    await talk.presses("Send this question to the policy owner")
    await talk.presses("Send these words")
    kept = talk.store.look(lambda reads: reads.questions(None))
    assert [question.school for question in kept] == ["oak"]
    assert "elm-owner" not in [letter.out.to for letter in talk.store.letters("pending")]


@pytest.mark.parametrize("line", ["choice: Report a concern", "link: See it", "fact: Version"])
def test_a_wording_line_that_lacks_a_part_is_a_mistake(tmp_path: Path, line: str) -> None:
    """It became a button without a label, or a name without a value."""
    (tmp_path / "one.j2").write_text(line, encoding="utf-8")
    with pytest.raises(WordingMistake):
        Wording(tmp_path).card("one", {})


async def test_several_people_to_ring_are_parted_by_more_than_a_semicolon() -> None:
    """A template's own "; " lost its space with the space of what is put in."""
    told = await Talk(house(), "bell").says("a pupil says he will kill himself tonight")
    assert "; Mrs Lyle" in told


# The command line -----------------------------------------------------------------------------------


def test_answers_that_cannot_be_written_are_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows, out = tmp_path / "rows", tmp_path / "no such folder" / "out"
    rows.write_text('{"question": "can i"}', encoding="utf-8")
    assert str(out) in command(monkeypatch, "ask", "--batch", rows, "--out", out)


def test_a_row_whose_policy_is_no_name_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = tmp_path / "rows"
    rows.write_text('{"question": "can i", "policy": ["p"]}', encoding="utf-8")
    said = command(monkeypatch, "ask", "--batch", rows, "--out", tmp_path / "out")
    assert len(said.split()) > 4


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("guides/press.toml", "id = "),
        ("words.toml", "pupil = [ "),
        ("verdict.toml", ""),
        ("records.toml", "[roles]"),
        ("commands.toml", "help = 1"),
        ("asking.toml", ""),
        ("wording/settled.j2", "title: {{ oh"),
    ],
)
def test_a_broken_file_of_conversations_is_a_sentence_that_names_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: str, text: str
) -> None:
    """The README of conversations/ promises it to whoever edits them."""
    copy = tmp_path / "conversations"
    shutil.copytree(CONVERSATIONS, copy)
    (copy / file).write_text(text, encoding="utf-8")
    monkeypatch.setenv("CONVERSATIONS_DIR", str(copy))
    assert Path(file).name in command(monkeypatch, "ask", "may i give parents my number")


def test_a_mistyped_time_in_a_dialogue_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "one.txt").write_text("clock: tomorrow\n", encoding="utf-8")
    assert "tomorrow" in command(monkeypatch, "play", tmp_path / "one.txt")


def test_a_role_that_is_none_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """ "governer" was answered as staff, without a word."""
    assert "governer" in command(monkeypatch, "ask", "may i smoke", "--role", "governer")


def test_somebody_listed_by_two_schools_belongs_to_both() -> None:
    """The later school.toml replaced the earlier one's membership."""
    elm = School("elm", "Elm", people={"ann": Person("ann", "Ann", (Membership("elm"),))})
    people = house_of(policy("Be kind."), schools=(OAK, elm)).people
    assert {m.school for m in people["ann"].memberships} == {"oak", "elm"}
