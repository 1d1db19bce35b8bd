"""The one door in: whoever speaks gets exactly one answer, and what is seen twice has one effect."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import app
from bot.core.gate import Concern
from bot.core.messages import Outgoing, Said
from bot.core.people import Membership, Person, School
from bot.core.records import Decision, Reads
from bot.store.memory import MemoryStore
from tests.helpers import NOON, OAK, TODAY, Talk, house, house_of, policy

STRANGER = "This chat is for the school's staff."
HOSTILE = (
    *("", " ", "\n", "\x00", "title: Yes.", "choice: x | danger now", "a\nchoice: Free | send d1"),
    *("{{ 7 * 7 }}", "{% include 'gate.j2' %}", "🙈" * 50, "\u202eeciton\u202c", "%s %(x)s {0}"),
    *("' or 1=1 --", "<script>alert(1)</script>", "x" * 20_000, "policy " * 3_000, "\u2028text: a"),
    *(
        "can i\x85text: yes",
        "| | |",
        ":",
        "friend request " * 400,
        "\ud7ff",
        "NUL\x00in the middle",
    ),
)
LIVE = "a pupil told me he is being hurt at home"


# Exactly one answer ---------------------------------------------------------------------------------


@given(st.text(max_size=120))
@settings(max_examples=60, deadline=None)
def test_any_text_gets_exactly_one_card(text: str) -> None:
    """Talk fails on no answer and on two."""
    told = asyncio.run(Talk(house(), "bell").says(text))
    assert told.strip()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("person", ["bell", "penrose", "nobody"])
async def test_hostile_text_gets_exactly_one_card(text: str, person: str) -> None:
    talk = Talk(house(), person)
    assert await talk.says(text)
    assert not any(choice.action in ("send d1", "x") for choice in talk.card.choices)
    assert all(choice.action != "danger now" for choice in talk.card.choices) or talk.card.banner


VERBS = ("pick", "policy", "not-this", "owner", "send", "concern", "danger", "help", "zzz", "")


@given(st.sampled_from(VERBS), st.lists(st.text(max_size=8), max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_button_gets_exactly_one_card(verb: str, args: list[str]) -> None:
    assert asyncio.run(Talk(house(), "bell").does(" ".join([verb, *args])))


BEGINNINGS = (
    *("can i accept a friend request", "can i take a photo", LIVE, "can i wear trainers"),
    *(
        "is this policy still current",
        "who is the dsl",
        "report a concern",
        "can i post about school",
    ),
)


@given(st.sampled_from(BEGINNINGS), st.integers(0, 2**32), st.booleans())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_way_through_the_buttons_gets_one_card_a_press(
    beginning: str, seed: int, old: bool
) -> None:
    """Also a button of an earlier card: a press on a passed step is answered with where it leads."""

    async def walk() -> None:
        talk, chance, seen = Talk(house(), "bell"), Random(seed), list[str]()
        await talk.says(beginning)
        for _ in range(6):
            now = [choice.action for choice in talk.card.choices if choice.action]
            seen += now
            if not (pressable := seen if old else now):
                return
            await talk.does(chance.choice(pressable))

    asyncio.run(walk())


@given(st.sampled_from(BEGINNINGS), st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_every_guide_ends_within_as_many_presses_as_it_has_slots(beginning: str, seed: int) -> None:
    most = max(len(guide.slots) for guide in house().book.guides)

    async def walk() -> None:
        talk, chance, presses = Talk(house(), "bell"), Random(seed), 0
        await talk.says(beginning)
        while picks := [c.action for c in talk.card.choices if c.action.startswith("pick ")]:
            await talk.does(chance.choice(picks))
            presses += 1
        assert presses <= most

    asyncio.run(walk())


# Who is served --------------------------------------------------------------------------------------


async def test_a_stranger_gets_the_fixed_answer_and_no_policy_whatever_is_said_or_pressed() -> None:
    talk = Talk(house(), "a pupil")
    told = {await talk.says(text) for text in ("hello", "policies", LIVE, "can i use my phone")}
    told |= {await talk.does(action) for action in ("concern", "help", "pick d1 from pupil")}
    assert len(told) == 1
    (only,) = told
    assert STRANGER in only
    assert "999" in only
    assert "Childline" in only
    assert talk.card.choices == ()
    assert all(p.title not in only for p in house().book.policies.values())
    assert all(p.name not in only for p in house().people.values())


@pytest.mark.parametrize(
    ("place", "served"),
    [
        (Membership("oak"), True),
        (Membership("oak", since=TODAY, until=TODAY), True),
        (Membership("oak", since=TODAY + timedelta(1)), False),
        (Membership("oak", until=TODAY - timedelta(1)), False),
    ],
)
async def test_only_who_is_on_the_list_today_is_served(place: Membership, served: bool) -> None:
    school = replace(OAK, people={"kim": Person("kim", "Kim", (place,))})
    told = await Talk(house_of(policy("Be kind."), schools=(school,)), "kim").says("help")
    assert (STRANGER not in told) is served


async def test_one_is_answered_from_ones_own_schools_and_its_trusts_policies_only() -> None:
    elm, trust = School("elm", "Elm"), School("trust", "Trust")
    oak = replace(OAK, part_of="trust")
    policies = (
        policy("Hats may be worn at Oak.", id="a", title="Oak hats"),
        policy("Hats may be worn in the trust.", id="b", title="Trust hats", school="trust"),
        policy("Hats may be worn at Elm.", id="c", title="Elm hats", school="elm"),
    )
    talk = Talk(house_of(*policies, schools=(oak, elm, trust)), "ann")
    told = await talk.says("policies")
    assert "Oak hats" in told
    assert "Trust hats" in told
    assert "Elm hats" not in told
    assert "Elm" not in await talk.says("can i wear hats")


def test_the_askers_audience_comes_from_the_roles_held_today() -> None:
    def role(*memberships: Membership) -> str:
        desk = app.door(house_of(policy("Be kind.")), MemoryStore(), lambda: NOON).desk
        return desk.question(Person("x", "X", memberships), "q", TODAY).role

    assert role(Membership("oak", ("governor",))) == "governor"
    assert role(Membership("oak", ("staff", "governor"))) == "staff"
    assert role(Membership("oak", ("manager",))) == "staff"
    gone = Membership("oak", ("staff",), until=date(2025, 1, 1))
    assert role(gone, Membership("oak", ("volunteer",))) == "volunteer"


# The gate -------------------------------------------------------------------------------------------


async def test_the_gate_reads_all_of_a_long_message() -> None:
    told = await Talk(house(), "bell").says("The photos went well. " * 1_000 + LIVE)
    assert told.startswith("If a child is in danger now, ring 999")


async def test_a_live_concern_gets_no_clause_before_a_press() -> None:
    talk = Talk(house(), "bell")
    await talk.says(LIVE)
    assert talk.card.quotes == ()
    assert "Nobody has been told yet." in " ".join(talk.card.paragraphs)


async def test_nothing_is_posted_to_anybody_because_of_a_message_or_a_danger_button() -> None:
    talk = Talk(house(), "bell")
    await talk.says(LIVE)
    await talk.presses("Yes, or I'm not sure")
    await talk.says("report a concern")
    await talk.presses("No")
    assert talk.store.letters("pending") == ()


FILED = ("has been told that", "have been told that", "report was", "we have sent", "i have told")


@pytest.mark.parametrize("press", ["Yes, or I'm not sure", "No"])
async def test_no_card_after_the_gate_pretends_that_a_report_was_filed(press: str) -> None:
    talk = Talk(house(), "bell")
    told = await talk.says(LIVE) + await talk.presses(press)
    assert not [words for words in FILED if words in told.lower()]
    assert "Nobody has been told" in told


# Seen twice -----------------------------------------------------------------------------------------


async def test_what_is_seen_twice_gets_the_same_answer_and_is_kept_once() -> None:
    talk = Talk(house(), "bell")
    first = await talk.says("can i wear trainers", key="event-7")
    drafts = talk.card
    assert await talk.says("can i wear trainers", key="event-7") == first
    assert talk.card == drafts


async def test_a_question_is_sent_once_however_often_it_is_pressed() -> None:
    talk = Talk(house(), "bell")
    await talk.says("can i wear trainers")
    await talk.presses("Send this question to the policy owner")
    send = next(c.action for c in talk.card.choices if c.label == "Send these words")
    told = {await talk.does(send, key) for key in ("tab-1", "tab-1", "tab-2")}
    assert len(told) == 1
    assert len(talk.store.look(lambda reads: reads.questions(None))) == 1
    assert len(talk.store.letters("pending")) == 1


async def test_two_deliveries_at_once_have_one_effect() -> None:
    talk = Talk(house(), "bell")
    message = Said("bell", "can i wear trainers", NOON, "event-1", "bell")
    one, two = await asyncio.gather(*(talk.door.hear(message) for _ in range(2)))
    assert one == two


async def test_an_expired_button_says_so_and_does_nothing() -> None:
    talk = Talk(house(), "bell")
    await talk.says("can i wear trainers")
    talk.at += timedelta(hours=1, seconds=1)
    assert "That button has run out." in await talk.presses(
        "Send this question to the policy owner"
    )


# Nothing is acknowledged before the commit ----------------------------------------------------------


class BrokenStore(MemoryStore):
    """Records that can be read but not written."""

    async def carry_out_async(self, decide: Callable[[Reads], Decision], key: str = "") -> Decision:
        self.look(decide)
        raise OSError("no space left")


async def test_nothing_is_answered_when_nothing_could_be_kept() -> None:
    with pytest.raises(OSError, match="no space left"):
        await Talk(house(), "bell", BrokenStore()).says("can i wear trainers")


async def test_gate_and_search_run_outside_the_transaction() -> None:
    """The store is not yet asked while the gate reads."""
    order: list[str] = []

    class Watched(MemoryStore):
        async def carry_out_async(
            self, decide: Callable[[Reads], Decision], key: str = ""
        ) -> Decision:
            order.append("commit")
            return await super().carry_out_async(decide, key)

    def gate(text: str) -> Concern:
        order.append("gate")
        return Concern()

    door = app.door(house(), Watched(), lambda: NOON)
    desk = replace(door.desk, gate=gate)
    out: list[Outgoing] = list(
        await desk.receive(Said("bell", "can i wear trainers", NOON, "k", "bell"))
    )
    assert order == ["gate", "commit"]
    assert len(out) == 1


@pytest.mark.parametrize(
    ("typed", "pressed"),
    [("Yes", "Yes, or I'm not sure"), ("not sure", "Yes, or I'm not sure"), ("no", "No")],
)
async def test_an_answer_typed_in_place_of_a_press_is_heard(typed: str, pressed: str) -> None:
    """The gate asks whether anyone is in danger; on a phone people type "yes"."""
    texts = []
    for act in ("types", "presses"):
        talk = Talk(house(), "bell")
        await talk.says("a pupil says her dad hits her")
        texts.append(await (talk.says(typed) if act == "types" else talk.presses(pressed)))
        assert talk.card.urgent
    typed_text, pressed_text = texts
    assert typed_text.splitlines()[0] == pressed_text.splitlines()[0]


async def test_after_report_a_concern_too_a_typed_yes_is_heard() -> None:
    talk = Talk(house(), "bell")
    await talk.says("report a concern")
    assert (await talk.says("yes")).startswith("Ring 999 now.")


@pytest.mark.parametrize(
    "between",
    [
        ["presses No"],
        ["says no"],
        ["presses It's a policy question"],
        ["says who is the dsl"],
        ["presses No", "says help"],
    ],
)
async def test_a_yes_typed_later_is_no_answer_to_the_gates_question(between: list[str]) -> None:
    """Only the question just asked: the last card of the conversation."""
    talk = Talk(house(), "bell")
    await talk.says("a pupil says her dad hits her")
    gate = talk.card
    for act in between:
        verb, _, words = act.partition(" ")
        await (talk.says(words) if verb == "says" else talk.presses(words))
    await talk.says("yes")
    assert "Ring 999 now" not in talk.card.title
    talk.card = gate
    await talk.presses("Yes, or I'm not sure")
    assert "Ring 999 now" in talk.card.title, "the card's own button still works"


async def test_a_second_gate_asks_anew() -> None:
    talk = Talk(house(), "bell")
    await talk.says("a pupil says her dad hits her")
    await talk.presses("No")
    await talk.says("the headteacher hit a child")
    told = await talk.says("yes")
    assert "Ring 999 now" in told
    assert "Mrs Lyle" not in told, "the card is about the last concern"


async def test_a_yes_to_nothing_shows_what_the_bot_can_do() -> None:
    talk = Talk(house(), "bell")
    assert "999" in await talk.says("yes")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("is this confidential", "Nothing here is secret."),
        ("Is this confidential?", "Nothing here is secret."),
        ("who can see this", "Nothing here is secret."),
        ("are you human", "I'm a computer program."),
    ],
)
async def test_whoever_asks_is_told_first_that_nothing_here_is_secret_or_nobody_human(
    words: str, first: str
) -> None:
    talk = Talk(house(), "bell")
    told = await talk.says(words)
    assert talk.card.title == first
    assert "othing here is secret" in told
    assert "computer program" in told
    assert "999" in told
