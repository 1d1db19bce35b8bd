"""Where an answer goes: what all who read a place may read is said there, the rest to the person alone."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import app
from bot.core.book import Answer, Cite, Kind
from bot.core.cards import as_text
from bot.core.decide import Prepared
from bot.core.gate import Concern
from bot.core.messages import Incoming, Outgoing, Pressed, Said
from bot.core.records import Decision, Draft, SaveDraft
from bot.core.saying import FOR_ALL
from bot.store.memory import MemoryStore
from tests.bench import sets
from tests.core.test_decide import FULL, SETTLED, WORDS, decided, draft, only
from tests.helpers import ANN, NOON, house

SHARED, OWN = "slack:C1:7.1", "slack:@U1"
LINE = Concern("line", "dsl", "pupil")


def said(text: str = WORDS, **more: Any) -> Said:
    told = Said("ann", text, NOON, "event-1", SHARED, "post", private=OWN)
    return replace(told, **more)


def pressed(action: str, **more: Any) -> Pressed:
    told = Pressed("ann", action, NOON, "press-1", SHARED, {}, "post", private=OWN)
    return replace(told, **more)


def places(decision: Decision) -> set[str]:
    """Where what is said, and what is kept of what was said, has its place."""
    kept = {w.draft.place for w in decision.writes if isinstance(w, SaveDraft)}
    return kept | {out.place for out in decision.out}


# What everybody may read ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_plain_answer_is_said_where_it_was_asked(kind: Any) -> None:
    told = Answer(kind, "info", (Cite("p", "p1"),), (("p", "p1"),))
    decision = decided(said(), Prepared(ANN, answer=told))
    assert places(decision) == {SHARED}
    assert only(decision).kind == "post"


@pytest.mark.parametrize("command", ["help", "program", "policies", "empty"])
def test_who_i_am_is_said_where_it_was_asked(command: Any) -> None:
    assert places(decided(said(), Prepared(ANN, command))) == {SHARED}


# What only the asker may read ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ready",
    [
        Prepared(ANN, concern=FULL, answer=SETTLED),
        Prepared(ANN, concern=LINE, answer=SETTLED),
        Prepared(ANN, "help", FULL),
        Prepared(ANN, "concern"),
        Prepared(ANN, "secret"),
        Prepared(ANN, "reports"),
        Prepared(None, answer=SETTLED),
    ],
    ids=["full", "line", "full and help", "concern", "secret", "reports", "stranger"],
)
def test_whatever_meets_the_gate_or_is_the_askers_own_goes_to_the_asker_alone(
    ready: Prepared,
) -> None:
    """With the draft that its buttons and a typed "yes" go back to."""
    decision = decided(said(), ready)
    assert places(decision) == {OWN}
    assert only(decision).kind == "post"


@pytest.mark.parametrize(
    "action",
    [
        *("concern", "danger now", "danger yes", "danger no", "help", "hello", "home"),
        *("read p", "read p p1", "read p gone", "settle q1", "owner d1", "send d1", "not-this d1"),
        *("pick d1 from pupil", "policy d1", "nonsense", ""),
    ],
)
def test_a_press_is_answered_alone_and_leaves_what_the_others_see(action: str) -> None:
    """Whatever the platform says of the message that was pressed on: it stands there for all."""
    ready = Prepared(ANN, answer=SETTLED, draft=draft())
    decision = decided(pressed(action, card="7.1"), ready, draft())
    mine = replace(decision, out=tuple(o for o in decision.out if o.to == "ann"))
    assert places(mine) == {OWN}
    assert [out.over for out in mine.out] == [""]


def test_a_form_that_comes_back_with_a_mistake_comes_back_alone() -> None:
    decision = decided(
        pressed("send d1", fields={"words": ""}), Prepared(ANN, draft=draft()), draft()
    )
    assert (only(decision).place, only(decision).refs["error"]) == (OWN, "empty")


def test_what_is_pressed_by_another_of_the_readers_is_told_to_them_alone() -> None:
    theirs = replace(draft(), person="boss", place=SHARED)
    decision = decided(pressed("not-this d1"), Prepared(ANN, draft=theirs), theirs)
    assert (only(decision).template, places(decision)) == ("expired", {OWN})


def _gated() -> tuple[Draft, ...]:
    decision = decided(said(), Prepared(ANN, concern=FULL, answer=SETTLED))
    return tuple(w.draft for w in decision.writes if isinstance(w, SaveDraft))


def test_a_yes_typed_before_the_others_is_no_answer_to_the_question_put_alone() -> None:
    before = decided(said("yes"), Prepared(ANN, "yes"), *_gated())
    assert (only(before).template, places(before)) == ("help", {SHARED})
    alone = decided(said("yes", place=OWN, private=""), Prepared(ANN, "yes"), *_gated())
    assert (only(alone).template, places(alone)) == ("danger_yes", {OWN})


def test_a_question_put_before_the_others_leaves_the_one_put_alone_open() -> None:
    decision = decided(said(), Prepared(ANN, answer=SETTLED), *_gated())
    assert [w.draft.kind for w in decision.writes if isinstance(w, SaveDraft)] == ["question"]


def test_words_that_were_said_to_be_a_policy_question_are_answered_alone_again() -> None:
    (gate,) = _gated()
    waived = replace(gate, id="w", kind="waived", facts=gate.facts, expires=NOON + timedelta(1))
    decision = decided(said(), Prepared(ANN, concern=FULL, answer=SETTLED), waived)
    assert (only(decision).template, places(decision)) == ("settled", {OWN})
    assert only(decision).refs["danger"] is True


# Views, and messages that are replaced ------------------------------------------------------------------


def mine(action: str, **more: Any) -> Pressed:
    return Pressed("ann", action, NOON, "press-1", OWN, {}, "post", **more)


def test_an_answer_is_opened_where_the_platform_gave_a_handle() -> None:
    out = only(decided(said(handle="h1"), Prepared(ANN, answer=SETTLED)))
    assert (out.kind, out.over) == ("now", "")


def test_what_meets_the_gate_is_opened_for_the_asker_and_if_posted_then_alone() -> None:
    out = only(decided(said(handle="h1"), Prepared(ANN, concern=FULL, answer=SETTLED)))
    assert (out.kind, out.place) == ("now", OWN)


def test_a_press_on_ones_own_card_is_answered_in_its_place() -> None:
    ready = Prepared(ANN, answer=SETTLED, draft=draft())
    for handle in ("", "h1"):
        message = mine("pick d1 from pupil", card="7.1", handle=handle)
        out = only(decided(message, ready, draft()))
        assert (out.kind, out.over) == ("post", "7.1")


def test_in_a_platforms_own_response_nothing_is_named_to_be_replaced() -> None:
    message = replace(mine("pick d1 from pupil", card="7.1"), reply="answer")
    out = only(decided(message, Prepared(ANN, answer=SETTLED, draft=draft()), draft()))
    assert (out.kind, out.over) == ("answer", "")


@pytest.mark.parametrize("action", ["owner d1", "read p", "read p p1"])
def test_a_form_and_what_is_read_on_open_beside_the_answer(action: str) -> None:
    ready = Prepared(ANN, draft=draft())
    out = only(decided(mine(action, card="7.1", handle="h1"), ready, draft()))
    assert (out.kind, out.over) == ("now", "")
    out = only(decided(mine(action, card="7.1"), ready, draft()))
    assert (out.kind, out.over) == ("post", "7.1")


# Opening the conversation ---------------------------------------------------------------------------------


class Heard:
    """A house, one person in it, and what lies in the outbox for them."""

    def __init__(self) -> None:
        self.store, self.keys, self.at = MemoryStore(), count(1), NOON
        self.door = app.door(house(), self.store, lambda: self.at)

    async def hears(self, message: Incoming) -> Sequence[Outgoing]:
        """What is answered or opened at once, and what lies in the outbox since."""
        before = len(self.store.letters("pending"))
        at_once = await self.door.desk.receive(message)
        return [*at_once, *(letter.out for letter in self.store.letters("pending")[before:])]

    async def opens(self, action: str, place: str, person: str = "bell") -> list[str]:
        key = f"e{next(self.keys)}"
        message = Pressed(person, action, self.at, key, place, {}, "post")
        return [out.template for out in await self.hears(message)]


async def test_who_opens_the_conversation_is_greeted_once_for_ever() -> None:
    at = Heard()
    assert await at.opens("hello", OWN) == ["welcome"]
    assert await at.opens("hello", OWN) == []
    at.store.forget(at.at)
    at.at += timedelta(days=30)
    assert at.store.forget(at.at).seen == 2
    assert await at.opens("hello", OWN) == []
    assert await at.opens("hello", "slack:@U2", "penrose") == ["welcome"]


async def test_who_comes_onto_the_staff_list_is_greeted_then() -> None:
    at = Heard()
    assert await at.opens("hello", OWN, "slack:U1") == ["stranger"]
    assert await at.opens("hello", OWN, "slack:U1") == []
    assert await at.opens("hello", OWN) == ["welcome"]


async def test_the_page_beside_the_chat_is_shown_each_time_and_once_per_event() -> None:
    at = Heard()
    home = "slack:home:U1"
    assert [await at.opens("home", home) for _ in range(2)] == [["home"], ["home"]]
    at.keys = count(1)  # the same two events once more
    assert [await at.opens("home", home) for _ in range(2)] == [[], []]
    assert await at.opens("home", home, "slack:U9") == ["stranger"]


@pytest.mark.parametrize("action", ["hello", "home"])
def test_who_only_looks_in_has_not_said_anything_since_the_gate_asked(action: str) -> None:
    """Slack tells of every time somebody comes back to the conversation."""
    decision = decided(mine(action), Prepared(ANN), *_gated())
    assert not [w for w in decision.writes if isinstance(w, SaveDraft)]


# Whatever is said ------------------------------------------------------------------------------------------


async def heard(text: str, person: str = "bell") -> tuple[Heard, Sequence[Outgoing]]:
    at = Heard()
    message = Said(person, text, NOON, "e0", SHARED, "post", private=OWN)
    return at, await at.hears(message)


def leaks(at: Heard, text: str, out: Outgoing) -> str:
    """What stands before the others and must not; empty when all is well."""
    if out.place == OWN or out.place != SHARED:
        return "" if out.place == OWN else f"to {out.place}"
    if out.template not in FOR_ALL or out.refs.get("danger") or out.kind == "now":
        return f"{out.template} before all"
    shown = as_text(at.door.views.card(out)).lower()
    return "echoed" if len(text.split()) > 2 and text.lower() in shown else ""


BLIND = ("concerns", "soundalikes", "nearmiss", "offtopic", "questions")


@pytest.mark.parametrize("name", BLIND)
async def test_nothing_of_the_blind_sets_is_told_to_the_others_but_plain_answers(name: str) -> None:
    """No row is printed: what is blind stays so."""
    wrong, alone, meets = list[str](), 0, 0
    for row in sets.rows(sets.BLIND / f"{name}.jsonl"):
        text = str(row.get("text") or row["question"])
        at, told = await heard(text)
        gated = house().concern(text).tier != "plain"
        wrong += [f"{row['id']}: {leak}" for out in told if (leak := leaks(at, text, out))]
        wrong += [f"{row['id']}: gated" for out in told if gated and out.place == SHARED]
        alone += all(out.place == OWN for out in told)
        meets += gated
        assert len(told) == 1
    assert wrong == []
    assert alone >= meets


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_nothing_else_is_told_to_the_others_either(text: str) -> None:
    at, told = asyncio.run(heard(text))
    assert [leak for out in told if (leak := leaks(at, text, out))] == []


@pytest.mark.parametrize("text", ["can i accept a friend request", "policies", "help", "section 2"])
async def test_every_button_under_what_all_read_is_answered_alone(text: str) -> None:
    at, (out,) = await heard(text)
    assert out.place == SHARED
    for person in ("bell", "penrose", "slack:U9"):
        for choice in at.door.views.card(out).choices:
            key = f"p{next(at.keys)}"
            press = Pressed(person, choice.action, NOON, key, SHARED, {}, "post", private=OWN)
            assert {told.place for told in await at.hears(press)} == {OWN}
