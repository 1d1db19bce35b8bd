"""Reading on in a policy where there are no pages: its facts, its sections, and each of them whole."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.cards import as_text
from bot.core.decide import WORDS_KEPT
from bot.core.messages import Pressed
from bot.core.people import Membership, Person, School
from bot.core.policies import Clause, Policy
from bot.core.sections import section_of, sections
from bot.store.memory import MemoryStore
from tests.helpers import NOON, OAK, TODAY, Talk, book, clause, house, policy

LIVE = "a pupil told me he is being hurt at home"
GONE = "That button has run out."

DOGS = policy(
    clause("Dogs: a policy.", "d1", "Title", kind="field"),
    clause("Staff must not:", "d2", "1.1", headings=("1. Indoors",)),
    clause("bring a dog;", "d3", "1.1 (a)", headings=("1. Indoors",), lead="d2"),
    clause("feed a dog.", "d4", "1.1 (b)", headings=("1. Indoors",), lead="d2"),
    clause("Guide dogs may come in.", "d5", "1.2", headings=("1. Indoors", "Guide dogs")),
    clause("Guide dogs may lie down.", "d6", "1.3", headings=("1. Indoors", "Guide dogs")),
    clause("Dogs may run.", "d7", "2.1", headings=("2. Outdoors",)),
    id="dogs",
    title="Dog Policy",
    version="2",
    approved="2026-09",
    review_due="2027-09",
    owner="Headteacher",
)
ELM = School("elm", "Elm", people={"eve": Person("eve", "Eve", (Membership("elm"),))})


def talk(person: str = "ann", *policies: Policy, **more: Any) -> Talk:
    """With the example's house, of which only the book is another: nothing here is searched for."""
    known = book(*(policies or (DOGS,)), schools=(OAK, ELM))
    return Talk(replace(house(), book=known), person, **more)


# Sections -----------------------------------------------------------------------------------------------

HEADINGS = st.lists(st.sampled_from(["Policy P", "1. A", "2. B", "b", "c"]), max_size=3).map(tuple)
CLAUSES = st.lists(st.tuples(HEADINGS, st.sampled_from(["1.1", "1.2 (a)", "2", "Title", ""])))


@given(CLAUSES)
def test_no_clause_is_left_out_of_the_sections_moved_or_in_two(told: list[Any]) -> None:
    made = [
        Clause(f"c{n}", label, f"text {n}", headings=headings)
        for n, (headings, label) in enumerate(told)
    ]
    known = policy(*made)
    assert [c for one in sections(known) for c in one.clauses] == made
    for one in made:
        assert one in section_of(known, one.id).clauses


def test_a_section_is_what_stands_under_one_heading_with_those_inside_it() -> None:
    assert [(s.name, [c.id for c in s.clauses]) for s in sections(DOGS)] == [
        ("", ["d1"]),
        ("1. Indoors", ["d2", "d3", "d4", "d5", "d6"]),
        ("2. Outdoors", ["d7"]),
    ]


def test_the_policys_own_title_is_no_section() -> None:
    titled = [replace(c, headings=("DOG POLICY", *c.headings)) for c in DOGS.clauses]
    assert [s.name for s in sections(replace(DOGS, clauses=tuple(titled)))] == [
        s.name for s in sections(DOGS)
    ]


def test_without_headings_a_section_is_what_is_numbered_alike() -> None:
    labels = ("1", "1.1", "1.2 (a)", "2.1", "10.1", "10.2")
    bare = policy(*(clause(f"Text {n}.", f"c{n}", label) for n, label in enumerate(labels)))
    assert [s.name for s in sections(bare)] == ["1", "2", "10"]


# The whole section --------------------------------------------------------------------------------------


async def test_a_section_is_shown_whole_word_for_word_and_in_order() -> None:
    at = talk()
    await at.does("read dogs d5")
    assert at.card.title == "This is the whole section."
    assert at.card.paragraphs == ("1. Indoors", "Dog Policy · version 2, September 2026")
    assert [(q.text, q.source, q.lead, q.mark) for q in at.card.quotes] == [
        ("Staff must not:", "1.1", "", ""),
        ("bring a dog;", "1.1 (a)", "", ""),
        ("feed a dog.", "1.1 (b)", "", ""),
        ("Guide dogs may come in.", "1.2", "", "Guide dogs"),
        ("Guide dogs may lie down.", "1.3", "", ""),
    ]
    assert not any(quote.aside for quote in at.card.quotes)


@pytest.mark.parametrize("known", list(house().book.policies.values()), ids=lambda p: str(p.id))
async def test_every_section_of_the_example_school_can_be_read_from_its_policys_card(
    known: Policy,
) -> None:
    at, read = Talk(house(), "bell"), list[str]()
    await at.does(f"read {known.id}")
    for label in at.buttons[:-1]:
        await at.does(f"read {known.id}")
        await at.presses(label)
        assert at.card.paragraphs[0] == label
        read += [quote.text for quote in at.card.quotes]
    assert read == [c.text for c in known.clauses if c.headings]


async def test_from_an_answer_one_reads_its_section_and_from_there_its_policy() -> None:
    at = talk()
    await at.says("1.1")
    quoted = [quote.text for quote in at.card.quotes]
    await at.presses("See it in the policy")
    assert {*quoted} <= {quote.text for quote in at.card.quotes}
    assert (await at.presses("See the policy")).startswith("This is the Dog Policy.")


async def test_how_a_section_begins_leads_to_the_whole_of_it() -> None:
    at = talk()
    told = await at.says("section 1")
    assert (at.card.title, len(at.card.quotes)) == ("This is how section 1 begins.", 3)
    assert told.count("Staff must not:") == 1, "a lead-in that stands there is not said again"
    await at.presses("See the whole section in the policy")
    assert len(at.card.quotes) == 5


async def test_what_is_wrong_with_any_clause_of_a_section_stands_on_it() -> None:
    blank = clause("Ask __________ first.", "d8", "2.2", headings=("2. Outdoors",))
    old = replace(DOGS, clauses=(*DOGS.clauses, blank), review_due="2018-10")
    at = talk("ann", old)
    await at.does("read dogs d7")
    assert any("October 2018" in line for line in at.card.banner)
    assert any("blank" in line for line in at.card.banner)
    await at.does("read dogs d2")
    assert not any("blank" in line for line in at.card.banner)


async def test_a_long_section_is_shown_whole() -> None:
    many = [clause(f"Rule {n}. {'word ' * 60}", f"c{n}", f"1.{n}") for n in range(200)]
    at = talk("ann", policy(*many))
    await at.does("read p c7")
    assert [quote.text for quote in at.card.quotes] == [one.text for one in many]


# A policy's card ------------------------------------------------------------------------------------------


async def test_a_policys_card_tells_its_facts_and_its_sections() -> None:
    at = talk()
    await at.does("read dogs")
    assert at.card.title == "This is the Dog Policy."
    assert at.card.facts == (
        ("Version", "2"),
        ("Approved", "September 2026"),
        ("Review due", "September 2027"),
        ("Owner", "Headteacher"),
    )
    shown = [(c.label, c.action, c.link) for c in at.card.choices]
    assert shown == [
        ("1. Indoors", "read dogs d2", "/policies/dogs/c/d2"),
        ("2. Outdoors", "read dogs d7", "/policies/dogs/c/d7"),
        ("Report a concern", "concern", ""),
    ]
    assert at.card.quotes == ()


async def test_a_policy_that_is_out_of_date_says_so_on_its_card() -> None:
    at = talk("ann", replace(DOGS, review_due="2018-10"))
    assert "October 2018" in (await at.does("read dogs")).splitlines()[0]


async def test_of_many_sections_the_first_are_buttons_and_the_rest_are_named() -> None:
    many = [clause("Text.", f"c{n}", f"{n}.1", headings=(f"{n}. Part",)) for n in range(1, 31)]
    at = talk("ann", policy(*many))
    await at.does("read p")
    assert at.buttons == [*(f"{n}. Part" for n in range(1, 21)), "Report a concern"]
    assert at.card.after[0].startswith("Further on: 21. Part; 22. Part;")
    assert at.card.after[0].endswith("; 30. Part.")


async def test_a_policy_without_facts_headings_or_title_has_a_card() -> None:
    at = talk("ann", Policy("p", "", (clause("Be kind.", "c1", ""),), "oak"))
    assert (await at.does("read p")).startswith("This policy has no title.")
    assert "Be kind." in await at.does("read p c1")


async def test_an_id_with_a_space_in_it_is_an_id() -> None:
    at = talk("ann", replace(DOGS, id="our dogs"))
    assert (await at.does("read our dogs")).startswith("This is the Dog Policy.")
    assert "Dogs may run." in await at.does("read our dogs d7")


# Who reads it -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["read dogs", "read dogs d2"])
@pytest.mark.parametrize("person", ["eve", "nobody", "slack:U9"])
async def test_nobody_reads_a_policy_that_does_not_hold_for_them(action: str, person: str) -> None:
    told = await talk(person).does(action)
    assert GONE in told or "This chat is for the school's staff." in told
    assert not [c.text for c in DOGS.clauses if c.text in told]
    assert "Dog Policy" not in told


@pytest.mark.parametrize("action", ["read dogs", "read dogs d2"])
async def test_one_reads_what_holds_for_every_school_and_for_ones_trust(action: str) -> None:
    for school, person in (("", "eve"), ("elm", "eve"), ("oak", "ann")):
        told = await talk(person, replace(DOGS, school=school)).does(action)
        assert "Dog Policy" in told


async def test_who_left_reads_nothing_any_more() -> None:
    left = Person("lea", "Lea", (Membership("oak", until=TODAY - timedelta(1)),))
    school = replace(OAK, people={**OAK.people, "lea": left})
    at = replace(house(), book=book(DOGS, schools=(school,)))
    told = await Talk(at, "lea").does("read dogs d2")
    assert "Staff must not:" not in told


@pytest.mark.parametrize(
    "action",
    [
        *("read", "read ", "read  ", "read gone", "read dogs gone", "read gone d2"),
        *("read dogs d2 d3", "read dogs  d2", "read d2", "read dogs\nd2", "read DOGS"),
    ],
)
async def test_what_is_not_there_has_run_out(action: str) -> None:
    assert GONE in await talk().does(action)


@given(st.text(max_size=30))
@settings(max_examples=50, deadline=None)
def test_whatever_is_asked_to_be_read_is_answered(text: str) -> None:
    assert asyncio.run(talk().does(f"read {text}"))


async def test_a_clause_that_vanished_between_sending_and_showing_has_run_out() -> None:
    """The letter waits, the policy is imported anew, the letter goes."""
    store = MemoryStore()
    before = talk(store=store)
    out = (await before.door.desk.receive(_press("read dogs d5", before)))[0]
    later = replace(DOGS, clauses=DOGS.clauses[:4])
    after = talk("ann", later, store=store)
    assert GONE in as_text(after.door.views.card(out))
    policies = (await before.door.desk.receive(_press("read dogs", before)))[0]
    assert GONE in as_text(talk("ann", policy("Be kind.")).door.views.card(policies))


def _press(action: str, at: Talk) -> Any:
    return Pressed(at.person, action, at.at, at._key(), at.person)


# Beside a concern -----------------------------------------------------------------------------------------


DANGER = "! If a child is in danger now, ring 999, then "


async def test_no_section_stands_alone_beside_what_may_be_a_live_concern() -> None:
    at = Talk(house(), "bell")
    await at.does("read staff-online")
    section = next(c.action for c in at.card.choices if c.label == "4. Pictures of pupils")
    assert DANGER not in await at.does(section)
    await at.says(LIVE)
    await at.presses("It's a policy question")
    assert (await at.does(section)).startswith(DANGER)
    assert "This is happening now" in at.buttons
    assert "Report a concern" not in at.buttons
    elsewhere = Talk(house(), "okoro", at.store)
    assert DANGER not in await elsewhere.does(section)
    at.at = NOON + WORDS_KEPT
    assert DANGER not in await at.does(section)


async def test_a_section_under_the_danger_line_names_nobody_whom_the_words_name() -> None:
    at = Talk(house(), "bell")
    lead = house().book.schools["example"].holders["dsl"][0]
    await at.says(f"{lead.name} hit a child")
    await at.does("read staff-online")
    told = await at.presses("5. At work")
    assert told.startswith(DANGER)
    assert lead.name not in told.splitlines()[0]
