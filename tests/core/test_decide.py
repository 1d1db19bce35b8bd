"""What follows from one message: what is sent, what is kept, and what is not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core import refs
from bot.core.book import Answer, Cite
from bot.core.decide import WAIVED_FOR, WORDS_KEPT, Fresh, Prepared, decide, key_of
from bot.core.gate import Concern
from bot.core.messages import Outgoing, Pressed, Said
from bot.core.records import Decision, Draft, DropDraft, KeepQuestion, Question, SaveDraft
from bot.store.memory import MemoryStore
from tests.helpers import ANN, NOON, OWNER, TODAY, book, policy

WORDS = "can i wear a hat at the gate"
FRESH = Fresh("new-draft", "new-question")
BOOK = book(policy("Hats may be worn.", owner=""))
SETTLED = Answer("settled", "yes", (Cite("p", "p1"),), (("p", "p1"),))
UNSETTLED = Answer("not_settled", "unanswerable", (Cite("p", "p1", 0, "nearest"),), (("p", "p1"),))
FULL = Concern("full", "dsl", "pupil")
GATES = ("gate", "concern")  # what was typed may be a live concern; somebody says that there is one


def said(text: str = WORDS, **more: Any) -> Said:
    return Said("ann", text, NOON, "event-1", "web:ann", **more)


def pressed(action: str, **more: Any) -> Pressed:
    return Pressed("ann", action, NOON, "press-1", "web:ann", **more)


def draft(kind: Any = "question", words: str = WORDS, answer: Answer = UNSETTLED) -> Draft:
    about: dict[str, Any] = {"answer": refs.to_json(answer)}
    if kind == "gate":
        about |= {"route": "dsl", "about": "pupil", "imagery": False}
    until = NOON + WORDS_KEPT
    return Draft("d1", "ann", "web:ann", kind, words, {} if kind == "waived" else about, until)


def decided(message: Said | Pressed, ready: Prepared, *kept: Draft) -> Decision:
    store = MemoryStore()
    store.carry_out(lambda _: Decision((), tuple(SaveDraft(d) for d in kept)))
    return store.look(lambda reads: decide(message, ready, reads, FRESH, BOOK))


def only(decision: Decision) -> Outgoing:
    """The one thing the person is told."""
    told = [out for out in decision.out if out.to == "ann" and out.template != "owner_question"]
    assert len(told) == 1
    return told[0]


def everything(decision: Decision) -> str:
    return repr((decision.out, [w for w in decision.writes if not isinstance(w, SaveDraft)]))


# Said -----------------------------------------------------------------------------------------------


def test_what_follows_is_put_under_the_message_it_follows_from() -> None:
    asked = said(reply="post", under="1700.1")
    told = [only(decided(asked, Prepared(ANN, "", answer=SETTLED)))]
    told.append(only(decided(pressed("help", reply="post", under="1700.1"), Prepared(ANN))))
    assert [(out.kind, out.under) for out in told] == [("post", "1700.1")] * 2


def test_a_stranger_gets_the_fixed_answer_and_nothing_is_kept() -> None:
    decision = decided(said(), Prepared(None, concern=FULL, answer=SETTLED))
    assert only(decision) == Outgoing("ann", "stranger", {}, "answer", "web:ann")
    assert decision.writes == ()


def test_a_question_is_answered_and_its_words_kept_sealed_for_an_hour() -> None:
    decision = decided(said(), Prepared(ANN, answer=SETTLED))
    out = only(decision)
    assert (out.template, out.refs["draft"], out.refs["danger"]) == ("settled", "new-draft", False)
    assert refs.from_json(out.refs["answer"]) == SETTLED  # type: ignore[arg-type]
    (kept,) = decision.writes
    assert isinstance(kept, SaveDraft)
    assert (kept.draft.words, kept.draft.expires) == (WORDS, NOON + WORDS_KEPT)
    assert WORDS not in everything(decision)


@pytest.mark.parametrize("command", ["help", "policies", "empty"])
def test_a_command_is_answered_and_keeps_nothing(command: Any) -> None:
    decision = decided(said("x"), Prepared(ANN, command))
    assert only(decision).template == command
    assert decision.writes == ()


def test_a_live_concern_comes_before_a_command() -> None:
    assert only(decided(said("help"), Prepared(ANN, "help", FULL))).template == "gate"


def test_report_a_concern_opens_the_gate() -> None:
    assert only(decided(said("report"), Prepared(ANN, "concern"))).template in GATES


def test_where_the_gate_fires_the_words_are_not_kept() -> None:
    decision = decided(said(), Prepared(ANN, "", FULL, SETTLED))
    assert only(decision).template == "gate"
    drafts = [w.draft for w in decision.writes if isinstance(w, SaveDraft)]
    assert all(not d.words for d in drafts)
    assert WORDS not in repr(decision)


def test_no_message_pings_anybody_by_itself() -> None:
    for concern in (FULL, Concern("full", "emergency_999", "pupil", True), Concern("line")):
        decision = decided(said(), Prepared(ANN, "", concern, SETTLED))
        assert {out.to for out in decision.out} == {"ann"}
        assert decision.posts() == ()


def test_a_line_tier_question_is_answered_under_the_danger_line() -> None:
    out = only(decided(said(), Prepared(ANN, "", Concern("line"), SETTLED)))
    assert (out.template, out.refs["danger"]) == ("settled", True)


def test_its_a_policy_question_holds_for_those_words_there_and_not_for_999() -> None:
    gated = decided(said(), Prepared(ANN, "", FULL, SETTLED))
    (kept,) = [w.draft for w in gated.writes if isinstance(w, SaveDraft)]
    pressed_on = decided(pressed(f"policy {kept.id}"), Prepared(ANN, draft=kept), kept)
    (waived,) = [w.draft for w in pressed_on.writes if isinstance(w, SaveDraft)]
    assert waived.expires == NOON + WAIVED_FOR
    other = replace(said(), text="a boy told me his dad hits him")
    assert only(decided(other, Prepared(ANN, "", FULL, SETTLED), waived)).template == "gate"
    again = decided(said(), Prepared(ANN, "", FULL, SETTLED), waived)
    assert (only(again).template, only(again).refs["danger"]) == ("settled", True)
    life = Concern("full", "emergency_999", "pupil")
    assert only(decided(said(), Prepared(ANN, "", life, SETTLED), waived)).template == "gate"
    elsewhere = replace(waived, place="web:other")
    assert only(decided(said(), Prepared(ANN, "", FULL, SETTLED), elsewhere)).template == "gate"
    over = replace(waived, expires=NOON)
    assert only(decided(said(), Prepared(ANN, "", FULL, SETTLED), over)).template == "gate"


def test_the_answer_is_posted_where_the_platform_wants_it_posted() -> None:
    decision = decided(said(reply="post"), Prepared(ANN, answer=SETTLED))
    assert [out.key for out in decision.posts()] == ["event-1/0"]
    assert decision.answers() == ()


# Pressed --------------------------------------------------------------------------------------------


def test_a_stranger_who_presses_gets_the_fixed_answer() -> None:
    for action in ("concern", "pick d1 a b", "send d1"):
        assert only(decided(pressed(action), Prepared(None))).template == "stranger"


@pytest.mark.parametrize("action", ["concern", "danger now"])
def test_concern_buttons_open_the_gate_and_send_nothing(action: str) -> None:
    decision = decided(pressed(action), Prepared(ANN))
    assert only(decision).template in GATES
    assert decision.posts() == ()


@pytest.mark.parametrize("action", ["danger yes", "danger no"])
def test_danger_buttons_tell_whom_to_ring_and_send_nothing(action: str) -> None:
    decision = decided(pressed(action), Prepared(ANN), draft("gate", ""))
    assert only(decision).refs["about"] == "pupil"
    assert decision.posts() == ()
    assert not any(isinstance(w, KeepQuestion) for w in decision.writes)


@pytest.mark.parametrize(
    "action",
    [
        "pick d1 from pupil",
        "policy d1",
        "not-this d1",
        "owner d1",
        "send d1",
        "",
        "nonsense",
        "a b",
    ],
)
def test_a_button_whose_draft_has_gone_says_so(action: str) -> None:
    decision = decided(pressed(action), Prepared(ANN))
    assert only(decision).template == "expired"
    assert decision.writes == ()


@pytest.mark.parametrize(
    "action", ["pick d1 from pupil", "policy d1", "not-this d1", "owner d1", "send d1"]
)
def test_somebody_elses_draft_is_as_good_as_gone(action: str) -> None:
    theirs = replace(draft(), person="boss")
    decision = decided(pressed(action), Prepared(ANN, draft=theirs, answer=SETTLED), theirs)
    assert only(decision).template == "expired"
    assert decision.writes == ()
    assert WORDS not in repr(decision)


def test_a_picked_option_is_answered_and_the_words_go_with_it() -> None:
    ready = Prepared(ANN, draft=draft(), answer=SETTLED)
    decision = decided(pressed("pick d1 from pupil"), ready, draft())
    assert only(decision).template == "settled"
    (kept,) = decision.writes
    assert isinstance(kept, SaveDraft)
    assert kept.draft.words == WORDS


def test_its_a_policy_question_answers_at_once_under_the_danger_line() -> None:
    gated = draft("gate", "", SETTLED)
    decision = decided(pressed("policy d1"), Prepared(ANN, draft=gated), gated)
    out = only(decision)
    assert (out.template, out.refs["danger"], out.refs["words"]) == ("settled", True, False)
    (kept,) = decision.writes
    assert isinstance(kept, SaveDraft)
    assert (kept.draft.kind, kept.draft.words) == ("waived", "")
    assert kept.draft.expires == NOON + WAIVED_FOR


def test_the_words_are_shown_before_they_go_in_a_view_where_there_is_one() -> None:
    ready = Prepared(ANN, draft=draft())
    card = only(decided(pressed("owner d1"), ready, draft()))
    assert (card.template, card.kind) == ("owner_confirm", "answer")
    view = only(decided(pressed("owner d1", handle="h1"), ready, draft()))
    assert (view.template, view.kind) == ("owner_confirm", "now")


def test_no_words_that_came_past_the_gate_can_be_sent() -> None:
    gated = draft("gate", "")
    for action in ("owner d1", "send d1"):
        decision = decided(pressed(action), Prepared(ANN, draft=gated), gated)
        assert only(decision).template == "expired"
        assert decision.writes == ()


def test_a_sent_question_is_kept_without_its_asker_and_the_draft_goes() -> None:
    decision = decided(pressed("send d1"), Prepared(ANN, draft=draft()), draft())
    question = Question("new-question", "oak", "p", WORDS, TODAY)
    assert set(decision.writes) == {KeepQuestion(question), DropDraft("d1")}
    assert "ann" not in repr(question)
    assert only(decision).template == "owner_sent"
    assert WORDS not in repr(decision.out)


def test_the_owner_is_told_once_that_there_is_a_question_and_not_whose() -> None:
    decision = decided(pressed("send d1"), Prepared(ANN, draft=draft()), draft())
    (post,) = decision.posts()
    assert (post.to, post.template, post.key) == (
        OWNER.person,
        "owner_question",
        "owner:new-question",
    )
    assert "ann" not in repr(post)


def test_sending_goes_by_our_own_token_so_two_tabs_have_one_effect() -> None:
    one, two = pressed("send d1"), replace(pressed("send d1"), key="press-2")
    assert key_of(one) == key_of(two)
    assert key_of(one) != key_of(replace(one, person="boss"))
    assert key_of(pressed("owner d1")) == "press-1"


def test_every_decision_carries_the_key_of_its_message() -> None:
    for ready in (Prepared(None), Prepared(ANN, answer=SETTLED), Prepared(ANN, "help")):
        assert decided(said(), ready).key == "event-1"


def test_words_are_kept_no_longer_than_an_hour() -> None:
    assert timedelta(hours=1) >= WORDS_KEPT
