"""What every store promises. Run on the file and on memory."""

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.accounts import Account
from bot.core.messages import Outgoing
from bot.core.records import (
    Decision,
    DropDraft,
    Forgotten,
    KeepQuestion,
    KnowAccount,
    Question,
    Reads,
    SaveDraft,
    SettleQuestion,
)
from bot.store.memory import MemoryStore
from bot.store.sqlite import SqliteStore
from tests.fakes import QUICK
from tests.store.given import (
    NOW,
    SEALER,
    SOON,
    always,
    answer,
    draft,
    fails,
    post,
    posted,
    question,
)

Store = MemoryStore | SqliteStore


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    with tempfile.TemporaryDirectory(dir=QUICK) as folder:
        store: Store = MemoryStore()
        if request.param == "sqlite":
            store = SqliteStore(Path(folder) / "records.sqlite", SEALER)
        yield store
        store.close()


# seen twice


def test_a_second_delivery_gets_the_same_answers_and_is_not_decided(store: Store) -> None:
    out = (answer("e1"), post("n1"))
    first = store.carry_out(always(Decision(out, (SaveDraft(draft()),), key="e1")), key="e1")
    assert first.out == out
    again = store.carry_out(fails, key="e1")
    assert again == Decision((answer("e1"),), key="e1")
    assert len(store.letters("pending")) == 1


def test_a_decision_whose_own_key_was_seen_changes_nothing(store: Store) -> None:
    store.carry_out(always(Decision((answer("a"),), key="d1 agree")))
    again = Decision((answer("b"), post("n1")), (SaveDraft(draft()),), key="d1 agree")
    assert store.carry_out(always(again)) == Decision((answer("a"),), key="d1 agree")
    assert store.look(lambda reads: reads.draft("d1", NOW)) is None
    assert store.letters("pending") == ()


def test_a_decision_without_a_key_may_come_again(store: Store) -> None:
    refused = always(Decision((answer("field errors"),)))
    store.carry_out(refused, key="form 1")
    taken = Decision((answer("thanks"),), key="form 1")
    assert store.carry_out(always(taken), key="form 1") == taken


def test_what_was_seen_without_answers_is_still_seen(store: Store) -> None:
    store.carry_out(always(Decision((post("n1"),), key="e1")))
    assert store.look(lambda reads: (reads.seen("e1"), reads.seen("e2"))) == ((), None)


async def test_waiting_without_blocking_gives_the_same(store: Store) -> None:
    decision = Decision((answer("e1"),), key="e1")
    assert await store.carry_out_async(always(decision)) == decision
    assert await store.carry_out_async(fails, key="e1") == decision
    with pytest.raises(LookupError):
        await store.carry_out_async(fails)


def test_a_post_is_kept_whole(store: Store) -> None:
    out = replace(post("n1"), over="1700.1", under="1600.1")
    store.carry_out(always(Decision((out,))))
    assert [letter.out for letter in store.letters("pending")] == [out]


# all or nothing


def test_a_decision_that_fails_keeps_nothing(store: Store) -> None:
    with pytest.raises(LookupError):
        store.carry_out(fails, key="e1")
    assert store.look(lambda reads: reads.seen("e1")) is None


def test_a_decision_that_cannot_be_kept_whole_is_not_kept_in_part(store: Store) -> None:
    no_occasion = Outgoing("ann", "nudge", {}, "post", "web:ann")
    with pytest.raises(ValueError, match="nudge: a post needs a key"):
        store.carry_out(always(Decision((post("n1"), no_occasion), (SaveDraft(draft()),))))
    assert store.look(lambda reads: reads.draft("d1", NOW)) is None
    assert store.letters("pending") == ()


def test_a_decision_sees_what_the_one_before_it_kept(store: Store) -> None:
    store.carry_out(always(Decision(writes=(SaveDraft(draft()),))))

    def decide(reads: Reads) -> Decision:
        found = reads.draft("d1", NOW)
        assert found == draft()
        return Decision(writes=(DropDraft("d1"),))

    store.carry_out(decide)
    assert store.look(lambda reads: reads.draft("d1", NOW)) is None


def test_32_at_once_all_count_and_the_failing_ones_fail_alone(store: Store) -> None:
    def count(number: int) -> bool:
        work = fails if number % 5 == 0 else posted(f"n{number}")
        try:
            store.carry_out(work, key=f"e{number}")
        except LookupError:
            return False
        return True

    with ThreadPoolExecutor(32) as people:
        kept = list(people.map(count, range(320)))
    assert kept == [number % 5 != 0 for number in range(320)]
    keys = {letter.out.key for letter in store.letters("pending")}
    assert keys == {f"n{number}" for number in range(320) if number % 5}


def test_many_deliveries_of_one_thing_at_once_are_decided_once(store: Store) -> None:
    decided: list[str] = []

    def decide(reads: Reads) -> Decision:
        decided.append("e1")
        return Decision((answer("e1"),), key="e1")

    with ThreadPoolExecutor(32) as people:
        taken = list(people.map(lambda _: store.carry_out(decide, key="e1"), range(64)))
    assert decided == ["e1"]
    assert taken == [Decision((answer("e1"),), key="e1")] * 64


# drafts and questions


def test_a_draft_comes_back_as_it_went_until_it_expires(store: Store) -> None:
    typed = draft(words="Naïve “quotes”, \x00, \ud83d half an emoji 👩‍🏫\n" * 20)
    store.carry_out(always(Decision(writes=(SaveDraft(typed),))))
    assert store.look(lambda reads: reads.draft("d1", NOW)) == typed
    assert store.look(lambda reads: reads.draft("d1", SOON)) is None


def test_saving_a_draft_again_replaces_it(store: Store) -> None:
    for words in ("first", "second"):
        store.carry_out(always(Decision(writes=(SaveDraft(draft(words=words)),))))
    assert store.look(lambda reads: reads.draft("d1", NOW)) == draft(words="second")


def test_a_persons_drafts_in_a_place_come_the_last_to_expire_first(store: Store) -> None:
    later = draft("d2", expires=SOON + timedelta(hours=1))
    other = replace(draft("d3"), place="web:ben")
    waived = replace(draft("d4"), kind="waived")
    gone = draft("d5", expires=NOW)
    writes = tuple(SaveDraft(each) for each in (draft(), later, other, waived, gone))
    store.carry_out(always(Decision(writes=writes)))
    found = store.look(lambda reads: reads.drafts_of("ann", "web:ann", "question", NOW))
    assert found == (later, draft())


def test_questions_are_kept_once_listed_by_school_and_day_and_settled(store: Store) -> None:
    asked = (question("q3", day=2), question("q2"), question("q1", school="elm"), question("q2"))
    store.carry_out(always(Decision(writes=tuple(KeepQuestion(q) for q in asked))))
    ids = store.look(lambda reads: [q.id for q in reads.questions("oak")])
    assert ids == ["q2", "q3"]
    store.carry_out(always(Decision(writes=(SettleQuestion("q2"),))))
    found = store.look(lambda reads: reads.questions(None))
    assert found == (question("q1", school="elm"), question("q3", day=2))


def test_a_question_keeps_the_day_and_not_the_time(store: Store) -> None:
    asked = Question("q1", "oak", "smp", "May I?", datetime(2026, 9, 1, 22, 41, tzinfo=UTC))
    store.carry_out(always(Decision(writes=(KeepQuestion(asked),))))
    (found,) = store.look(lambda reads: reads.questions("oak"))
    assert type(found.at) is date


def test_the_nights_work_forgets_expired_drafts_and_week_old_keys(store: Store) -> None:
    keep = Decision(writes=(SaveDraft(draft()), SaveDraft(draft("d2", expires=NOW))), key="e1")
    store.carry_out(always(keep))
    assert store.forget(NOW) == Forgotten(drafts=1, seen=0)
    assert store.forget(NOW + timedelta(days=7)) == Forgotten(drafts=1, seen=0)
    assert store.look(lambda reads: reads.seen("e1")) == ()
    assert store.forget(NOW + timedelta(days=7, seconds=1)) == Forgotten(drafts=0, seen=1)
    assert store.look(lambda reads: reads.seen("e1")) is None


async def test_at_night_what_was_sent_is_forgotten_but_for_its_occasion(store: Store) -> None:
    store.carry_out(posted("n1", "n2"))
    (letter,) = await store.claim(NOW, 1)
    await store.mark(replace(letter, state="sent"))
    store.forget(NOW)
    (gone,) = store.letters("sent")
    assert gone.out == Outgoing("", "", {}, "post", key="n1")
    assert [letter.out.place for letter in store.letters("pending")] == ["web:ann"]
    store.carry_out(posted("n1"))
    assert len(store.letters("sent", "pending", "sending")) == 2


# accounts

KNOWN = Account(
    "slack:U012",
    "Zoë “Z” O'Neill, 👩‍🏫\x00",
    ("zoe@oak.example", "z@oak.example"),
    "guest",
    ("S1", "S2"),
    "slack:U001",
    "D7",
    "https://slack.example/x",
    "account_inactive",
)


def known(store: Store, *told: Account) -> tuple[Account, ...]:
    store.carry_out(always(Decision(writes=tuple(KnowAccount(one) for one in told))))
    return store.look(lambda reads: reads.accounts())


def test_an_account_comes_back_as_it_was_told(store: Store) -> None:
    assert known(store, KNOWN) == (KNOWN,)
    bare = Account("teams:0f1e")
    assert known(store, bare) == (KNOWN, bare)


def test_accounts_come_by_id_whenever_they_were_told(store: Store) -> None:
    ids = ("teams:b", "slack:U2", "slack:U10", "teams:é", "teams:a", "slack:U1")
    every = known(store, *(Account(id) for id in ids))
    assert [one.id for one in every] == sorted(ids)


def test_what_is_told_of_an_account_takes_the_place_of_what_was_known(store: Store) -> None:
    known(store, KNOWN, Account("slack:U2"))
    later = Account("slack:U012", "Zoë", standing="gone")
    assert known(store, KNOWN, later) == (later, Account("slack:U2"))


def test_an_account_is_known_with_all_that_follows_or_not_at_all(store: Store) -> None:
    nameless = Outgoing("ann", "nudge", {}, "post", "web:ann")
    with pytest.raises(ValueError, match="a post needs a key"):
        store.carry_out(always(Decision((nameless,), (KnowAccount(KNOWN),))))
    assert store.look(lambda reads: reads.accounts()) == ()
    store.carry_out(always(Decision((answer("e1"),), key="e1")))
    again = Decision((answer("e1"),), (KnowAccount(KNOWN),), key="e1")
    store.carry_out(always(again), key="e1")
    assert store.look(lambda reads: reads.accounts()) == ()


def test_half_an_emoji_in_a_name_keeps_nobody_out(store: Store) -> None:
    """Slack cuts long names anywhere. What cannot be written is written as something else."""
    (one,) = known(store, replace(KNOWN, name="Zoë \ud83d", emails=("\ud83d@oak.example",)))
    assert one.id == KNOWN.id
    assert one.name.startswith("Zoë ")


def test_a_decision_reads_the_accounts_it_will_change(store: Store) -> None:
    known(store, KNOWN)

    def gone(reads: Reads) -> Decision:
        return Decision(
            writes=tuple(KnowAccount(replace(a, standing="gone")) for a in reads.accounts())
        )

    store.carry_out(gone)
    (one,) = store.look(lambda reads: reads.accounts())
    assert one == replace(KNOWN, standing="gone")


def test_the_nights_work_forgets_no_account(store: Store) -> None:
    known(store, KNOWN)
    store.forget(NOW + timedelta(days=400))
    assert store.look(lambda reads: reads.accounts()) == (KNOWN,)


# the outbox


async def claimed(store: Store, now: datetime = NOW, most: int = 10, *busy: str) -> list[str]:
    return [letter.out.key for letter in await store.claim(now, most, busy)]


def test_an_occasion_is_posted_once(store: Store) -> None:
    store.carry_out(posted("n1", "n1"))
    store.carry_out(posted("n1", "n2"))
    assert [letter.out.key for letter in store.letters("pending")] == ["n1", "n2"]


def test_a_post_without_an_occasion_is_named_after_its_decision(store: Store) -> None:
    bare = replace(post(""), key="")
    store.carry_out(always(Decision((bare, answer("x"), bare), key="e1")))
    assert [letter.out.key for letter in store.letters("pending")] == ["e1/0", "e1/1"]


async def test_a_place_is_claimed_in_order_and_never_waits_for_another(store: Store) -> None:
    store.carry_out(posted("a1", "a2"))
    store.carry_out(posted("b1", place="web:ben"))
    first, second = await store.claim(NOW, 10)
    assert (first.out.key, second.out.key) == ("a1", "b1")
    assert await claimed(store) == []
    await store.mark(replace(first, state="pending", not_before=SOON, reason="ratelimited"))
    assert await claimed(store) == []
    assert await claimed(store, SOON) == ["b1", "a1"]  # b1's claim had lapsed


async def test_a_claim_takes_no_more_than_asked_and_no_busy_place(store: Store) -> None:
    for person in "abcd":
        store.carry_out(posted(person, place=f"web:{person}"))
    assert await claimed(store, NOW, 2, "web:a") == ["b", "c"]
    assert await claimed(store, NOW, 5) == ["a", "d"]
    assert await claimed(store, NOW, 0) == []


async def test_people_without_a_place_yet_are_kept_in_order_too(store: Store) -> None:
    store.carry_out(posted("n1", "n2", place=""))
    assert await claimed(store) == ["n1"]


async def test_a_claim_that_lapsed_may_have_arrived(store: Store) -> None:
    store.carry_out(posted("n1"))
    (sending,) = await store.claim(NOW, 1)
    assert (sending.state, sending.attempts) == ("sending", 1)
    assert await store.claim(NOW + timedelta(minutes=1), 1) == ()
    assert await store.claim(NOW + timedelta(minutes=3), 1, ["web:ann"]) == ()
    assert store.letters("sending") == (sending,)
    (unclear,) = await store.claim(NOW + timedelta(minutes=3), 1)
    assert (unclear.state, unclear.attempts) == ("unclear", 2)


@pytest.mark.parametrize("end", ["sent", "given_up"])
async def test_what_has_ended_stays_ended_and_lets_the_next_go(store: Store, end: str) -> None:
    store.carry_out(posted("n1", "n2"))
    (letter,) = await store.claim(NOW, 1)
    ended = replace(letter, state="sent" if end == "sent" else "given_up", not_before=None)
    await store.mark(ended)
    await store.mark(replace(letter, state="pending"))
    assert store.letters("sent", "given_up") == (ended,)
    assert await claimed(store) == ["n2"]


async def test_a_letter_keeps_which_message_it_takes_the_place_of(store: Store) -> None:
    over = replace(post("n1"), over="1700000000.000100")
    store.carry_out(always(Decision((over, post("n2", "web:ben")))))
    claimed_now = await store.claim(NOW, 10)
    assert [(letter.out.key, letter.out.over) for letter in claimed_now] == [
        ("n1", over.over),
        ("n2", ""),
    ]
    assert [letter.out for letter in store.letters("sending")] == [over, post("n2", "web:ben")]


def test_an_answer_is_remembered_with_all_it_was(store: Store) -> None:
    told = replace(answer("e1"), key="k", over="7.1")
    store.carry_out(always(Decision((told,), key="e1")))
    assert store.look(lambda reads: reads.seen("e1")) == (told,)


async def test_a_letter_keeps_what_was_marked(store: Store) -> None:
    store.carry_out(posted("n1"))
    (letter,) = await store.claim(NOW, 1)
    marked = replace(letter, state="unclear", looks=1, not_before=SOON, reason="no_answer")
    await store.mark(marked)
    assert store.letters("unclear") == (marked,)
