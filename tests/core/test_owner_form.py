"""The form that sends a question to the owner of a policy: its mistakes, and what goes on and what not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.cards import Field, as_text
from bot.core.decide import WORDS_KEPT, Prepared, key_of
from bot.core.gate import Concern
from bot.core.messages import Pressed
from bot.core.owner_form import MOST_KEPT, MOST_WORDS
from bot.core.records import Draft, DropDraft, KeepQuestion, Question, SaveDraft
from tests.core.test_decide import decided, draft, only
from tests.helpers import ANN, NOON, TODAY, Talk, house

SEND, FORM = "Send these words", "Send this question to the policy owner"
LIVE = "a pupil told me he is being hurt at home"
TOO_LONG = f"May I {'really ' * 300}?"
CANARY = "quixotry"


def sends(words: str, **more: Any) -> Pressed:
    return replace(Pressed("ann", "send d1", NOON, "press-1", "web:ann", {"words": words}), **more)


def kept(*writes: object) -> list[Draft]:
    return [write.draft for write in writes if isinstance(write, SaveDraft)]


# Mistakes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "error"),
    [
        *((words, "empty") for words in ("", " ", "\n\t ", "\u200b", "?", "...", "🙂")),
        *((words, "long") for words in ("x" * (MOST_WORDS + 1), TOO_LONG * 3)),
    ],
)
def test_a_mistake_stands_on_the_form_and_nothing_is_remembered_or_sent(
    words: str, error: str
) -> None:
    decision = decided(sends(words), Prepared(ANN, draft=draft()), draft())
    out = only(decision)
    assert (out.template, out.refs["error"], decision.key) == ("owner_confirm", error, "")
    assert decision.out == (out,)
    assert not [w for w in decision.writes if not isinstance(w, SaveDraft)]


def test_what_was_typed_stays_with_the_draft_until_it_runs_out() -> None:
    words = "x" * (MOST_WORDS + 1)
    decision = decided(sends(words), Prepared(ANN, draft=draft()), draft())
    assert kept(*decision.writes) == [replace(draft(), words=words)]


def test_an_emptied_field_does_not_empty_the_draft() -> None:
    decision = decided(sends("?"), Prepared(ANN, draft=draft()), draft())
    assert kept(*decision.writes) == []


def test_no_more_is_kept_than_anybody_types() -> None:
    decision = decided(sends("x" * 60_000), Prepared(ANN, draft=draft()), draft())
    assert [len(one.words) for one in kept(*decision.writes)] == [MOST_KEPT]


def test_as_many_characters_as_may_be_are_taken() -> None:
    decision = decided(sends("x" * MOST_WORDS), Prepared(ANN, draft=draft()), draft())
    assert only(decision).template == "owner_sent"


def test_a_form_posted_anew_is_posted_once_for_each_try() -> None:
    tries = [sends("", reply="post"), sends("x" * 3000, reply="post", key="press-2")]
    posts = [
        decided(one, Prepared(ANN, draft=draft()), draft()).posts()[0].key
        for one in (*tries, *tries)
    ]
    assert posts == ["press-1 empty", "press-2 long"] * 2


async def _form(text: str = "can i wear trainers") -> Talk:
    talk = Talk(house(), "bell")
    await talk.says(text)
    await talk.presses(FORM)
    return talk


async def test_an_empty_field_comes_back_empty_with_its_mistake_beside_it() -> None:
    talk = await _form()
    await talk.presses(SEND, words=" ")
    assert talk.card.fields == (
        Field(
            *("words", "The question to send", "", "You can change the words before they go."),
            *("Please write your question here.", True),
        ),
    )


async def test_what_was_too_long_comes_back_as_it_was_typed() -> None:
    talk, words = await _form(), f"One.\n\n  {'Two ' * 600}"
    await talk.presses(SEND, words=words)
    (field,) = talk.card.fields
    assert (field.value, field.error) == (
        words.strip(),
        "That is too long: 2,000 characters at most.",
    )


async def test_the_corrected_question_goes_once() -> None:
    talk = await _form()
    for words in ("", "x" * 3000, ""):
        await talk.presses(SEND, words=words)
        assert talk.card.fields[0].error
    send = next(c.action for c in talk.card.choices if c.label == SEND)
    told = {await talk.does(send, words=words) for words in ("May I?", "May I?", "Or not?", "")}
    assert len(told) == 1
    assert "Sent to the owner" in told.pop()
    assert [q.words for q in talk.store.look(lambda reads: reads.questions(None))] == ["May I?"]
    assert [letter.out.template for letter in talk.store.letters("pending")] == ["owner_question"]


# What describes a concern ----------------------------------------------------------------------------


@pytest.mark.parametrize("words", [LIVE, f"{LIVE} {'x' * 3000}"], ids=["short", "too long"])
@pytest.mark.parametrize(
    "concern", [Concern("full", "dsl", "pupil"), Concern("full"), Concern("line", "dsl", "pupil")]
)
def test_words_that_meet_the_gate_lead_to_its_card_and_are_not_kept(
    words: str, concern: Concern
) -> None:
    """However long they are: what is too long would be kept with the draft."""
    decision = decided(sends(words), Prepared(ANN, concern=concern, draft=draft()), draft())
    assert only(decision).template in ("gate", "concern")
    assert decision.posts() == ()
    assert DropDraft("d1") in decision.writes
    assert [one.kind for one in kept(*decision.writes)] == ["gate"]
    assert words not in repr(decision)


@pytest.mark.parametrize("over", [f"{CANARY}: {LIVE}", f"{CANARY}: {LIVE} {'and so on ' * 300}"])
async def test_a_concern_typed_over_the_question_is_nowhere_to_be_found(over: str) -> None:
    talk = await _form()
    await talk.presses(SEND, words=over)
    assert talk.card.urgent
    assert CANARY not in as_text(talk.card)
    assert CANARY not in repr(talk.store._records)
    assert not [one for one in talk.store._records.drafts.values() if one.words]


async def test_after_a_concern_typed_into_the_form_a_yes_is_heard_and_the_form_has_run_out() -> (
    None
):
    talk = await _form()
    send = next(c.action for c in talk.card.choices if c.label == SEND)
    await talk.presses(SEND, words=LIVE)
    assert (await talk.says("yes")).startswith("Ring 999 now.")
    assert "Sent to" not in await talk.does(send, words="May I?")
    assert talk.store.look(lambda reads: reads.questions(None)) == ()


# Whose, and how long -----------------------------------------------------------------------------------


async def test_a_form_that_ran_out_says_so_and_sends_nothing() -> None:
    talk = await _form()
    talk.at += WORDS_KEPT
    assert "That button has run out." in await talk.presses(SEND, words="May I?")
    assert talk.store.look(lambda reads: reads.questions(None)) == ()


async def test_a_mistake_does_not_make_a_form_last_longer() -> None:
    talk = await _form()
    talk.at += WORDS_KEPT - timedelta(seconds=1)
    await talk.presses(SEND, words="")
    talk.at += timedelta(seconds=1)
    assert "That button has run out." in await talk.presses(SEND, words="May I?")


async def test_somebody_elses_form_sends_nothing_and_changes_nothing() -> None:
    talk = await _form()
    send = next(c.action for c in talk.card.choices if c.label == SEND)
    other = Talk(house(), "okoro", talk.store)
    for words in ("May I?", "", "x" * 3000):
        assert "That button has run out." in await other.does(send, words=words)
    await talk.presses(SEND, words="May I?")
    assert [q.words for q in talk.store.look(lambda reads: reads.questions(None))] == ["May I?"]


def test_two_tabs_two_windows_and_two_deliveries_are_one_sending() -> None:
    keys = {key_of(sends(words, key=key)) for words in ("a", "b") for key in ("t1", "t2")}
    assert len(keys) == 1
    assert key_of(sends("a", person="ben")) not in keys


# What goes on ------------------------------------------------------------------------------------------


def test_the_question_goes_with_its_line_breaks_and_without_the_space_around_it() -> None:
    decision = decided(
        sends("\n May I?\n\n- at school\n- at home \n"), Prepared(ANN, draft=draft()), draft()
    )
    (question,) = [w.question for w in decision.writes if isinstance(w, KeepQuestion)]
    words = "May I?\n\n- at school\n- at home"
    assert question == Question("new-question", "oak", "p", words, TODAY)


def test_a_form_that_sends_no_field_sends_what_it_showed() -> None:
    message = Pressed("ann", "send d1", NOON, "press-1", "web:ann")
    decision = decided(message, Prepared(ANN, draft=draft()), draft())
    (question,) = [w.question for w in decision.writes if isinstance(w, KeepQuestion)]
    assert question.words == draft().words


async def test_the_owner_reads_each_line_as_a_line() -> None:
    talk = await _form()
    await talk.presses(SEND, words="May I?\n\ntitle: Yes.\nchoice: Free | send d1")
    (letter,) = talk.store.letters("pending")
    card = talk.door.views.card(letter.out)
    assert card.paragraphs == ("May I?", "title: Yes.", "choice: Free | send d1")
    labels = ["Done: delete this question", "See all questions"]
    assert [choice.label for choice in card.choices] == labels


async def test_the_owner_says_on_the_card_that_a_question_is_dealt_with() -> None:
    """Slack and Teams have no page of questions."""
    talk = await _form()
    await talk.presses(SEND, words="May I?")
    (letter,) = talk.store.letters("pending")
    owner = Talk(house(), letter.out.to, talk.store)
    owner.card = talk.door.views.card(letter.out)
    assert "Done." in await owner.presses("Done: delete this question")
    assert talk.store.look(lambda reads: reads.questions(None)) == ()
    card = talk.door.views.card(letter.out)
    assert (card.choices, card.paragraphs) == ((), ("The question has since been dealt with.",))
