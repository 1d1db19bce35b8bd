"""What the bot must never do, one test each, for those that no test of one room can show."""

from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from bot.core.messages import Outgoing
from bot.core.people import Holder, Person, School
from bot.core.records import DraftKind
from bot.library import LibraryMistake, read_school
from bot.outbox import Platform
from bot.store.memory import MemoryStore
from tests.helpers import FILLERS, NOON, Talk, house, house_of, policy

DISCLOSURE = "Kai Robinson in 4B told me his dad hits him with a belt"


# Pupils' names ------------------------------------------------------------------------------------


async def test_7_no_pupils_name_comes_back_or_goes_out() -> None:
    store = MemoryStore()
    talk = Talk(house(), "bell", store)
    told = [await talk.says(DISCLOSURE)]
    gate = talk.card
    for label in ("Yes, or I'm not sure", "No", "It's a policy question"):
        talk.card = gate
        told.append(await talk.presses(label))
    assert not [text for text in told if "Kai" in text or "Robinson" in text]
    assert store.letters("pending", "sending", "unclear", "sent") == ()


def test_7_there_is_no_list_of_pupils_to_complete_a_name_from(tmp_path: Path) -> None:
    file = tmp_path / "school.toml"
    file.write_text('id = "oak"\nname = "Oak"\n\n[[pupils]]\nname = "Kai"\n', encoding="utf-8")
    with pytest.raises(LibraryMistake, match="'pupils' is nothing a school has"):
        read_school(file)
    names = {*School.__annotations__, *Person.__annotations__, *Holder.__annotations__}
    assert not {name for name in names if "pupil" in name or "child" in name}


# Nothing holds a concern back ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "at",
    [
        NOON.replace(hour=3),
        NOON + timedelta(days=1),  # a Saturday
        NOON.replace(month=12, day=25),
        NOON.replace(month=8, day=12),
    ],
)
async def test_8_a_concern_gets_its_card_at_any_hour_of_any_day(at: object) -> None:
    by_day, then = Talk(house(), "bell"), Talk(house(), "bell")
    then.at = at  # type: ignore[assignment]
    assert await then.says(DISCLOSURE) == await by_day.says(DISCLOSURE)


async def test_8_no_number_of_messages_holds_the_next_concern_back() -> None:
    talk = Talk(house(), "bell")
    first = await talk.says(DISCLOSURE)
    for _ in range(60):
        await talk.says("help")
    assert await talk.says(DISCLOSURE) == first


async def test_8_half_a_question_unanswered_holds_no_concern_back() -> None:
    talk = Talk(house(), "bell")
    await talk.says("can i accept a friend request")
    assert "999" in (await talk.says(DISCLOSURE)).splitlines()[0]


# No record, and no pretence of one ----------------------------------------------------------------


async def test_11_of_a_concern_nothing_is_left_after_an_hour() -> None:
    store = MemoryStore()
    talk = Talk(house(), "bell", store)
    assert "Nobody has been told yet" in await talk.says(DISCLOSURE)
    later = talk.at + timedelta(hours=1, seconds=1)
    kinds: tuple[DraftKind, ...] = get_args(DraftKind)
    left = [store.look(lambda r, k=k: r.drafts_of("bell", "bell", k, later)) for k in kinds]  # type: ignore[misc]
    assert left == [()] * len(kinds)
    assert store.look(lambda reads: reads.questions(None)) == ()


async def test_12_no_message_is_taken_back_and_it_is_said_that_it_stays() -> None:
    talk = Talk(house(), "bell")
    await talk.says(DISCLOSURE)
    assert talk.card.foot == "What you typed here also stays in this chat."
    ways = {name for name in vars(Platform) if not name.startswith("_")}
    assert ways == {"pause", "say", "was_said", "open"}
    assert set(get_args(Outgoing.__annotations__["kind"])) == {"answer", "now", "post"}


# What could do harm -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [
        "Use of the school network means that the user consents to monitoring.",
        "By signing this policy staff consent to the monitoring of their accounts.",
        "Staff who use school equipment consent to monitoring and may be monitored at any time.",
    ],
)
@pytest.mark.parametrize(
    "question",
    [
        "can the school monitor me",
        "do i consent to monitoring",
        "may the head read my private messages",
        "is the school allowed to monitor my account",
        "have i agreed to monitoring",
        "is monitoring allowed",
        "can i monitor my staff",
    ],
)
async def test_consents_to_monitoring_is_never_repeated_as_a_yes(rule: str, question: str) -> None:
    talk = Talk(house_of(policy(rule, *FILLERS)), "ann")
    await talk.says(question)
    assert talk.card.title != "Yes."


BODIES = ("my union", "the police", "the LADO", "children's services", "Ofsted", "a lawyer")


@pytest.mark.parametrize("body", [*BODIES, "a doctor"])
@pytest.mark.parametrize("asks", ["Can I speak to {}?", "Am I allowed to contact {}?"])
async def test_nobody_is_ever_told_no_or_only_with_leave(body: str, asks: str) -> None:
    rule = f"Staff must not speak to or contact {body} without the approval of the Headteacher."
    talk = Talk(house_of(policy(rule, *FILLERS)), "ann")
    told = await talk.says(asks.format(body))
    assert talk.card.title == "You don't need anyone's leave for that."
    assert "approval" not in told
