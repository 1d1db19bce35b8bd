"""Forged and old buttons, and cards that cannot be made."""

from dataclasses import replace

import pytest

from bot.store.memory import MemoryStore
from tests.helpers import DSL, OAK, OWNER, Talk, clause, house, house_of, policy

RULE = policy("Staff must not keep hamsters in the staff room.", "Staff must lock doors.")
ASKED = "can I keep a hamster in the staff room"
CONCERN = "a year 9 pupil told me something about her dad"


def _drafts(talk: Talk, kind: str) -> list[str]:
    found = talk.store._records.drafts.values()
    return [draft.id for draft in found if draft.kind == kind]


@pytest.mark.parametrize("action", ["pick {} who pupil", "not-this {}"])
async def test_a_forged_press_on_a_waiver_is_only_run_out(action: str) -> None:
    """A draft that has no answer: AssertionError in the desk, KeyError in decide."""
    talk = Talk(house(), "bell")
    await talk.says(CONCERN)
    await talk.presses("It's a policy question")
    told = await talk.does(action.format(_drafts(talk, "waived")[0]))
    assert told.startswith("That button has run out.")


async def test_a_forged_policy_press_on_a_plain_question_waives_no_gate() -> None:
    talk = Talk(house(), "bell")
    await talk.says("can i accept this friend request?")
    await talk.does(f"policy {_drafts(talk, 'question')[0]}")
    await talk.says(CONCERN)
    assert talk.card.urgent


async def test_an_old_button_works_after_the_policy_was_imported_again() -> None:
    """The records outlive a restart; a clause they name may not: KeyError in the views."""
    store = MemoryStore()
    before = Talk(house_of(RULE), "ann", store)
    await before.says(ASKED, "one")
    action = next(c.action for c in before.card.choices if c.action.startswith("not-this"))
    later = policy(clause("Staff must lock every door at night.", "new1"))
    after = Talk(house_of(later), "ann", store)
    assert await after.does(action, "two")


async def test_the_same_message_again_after_a_new_import_is_answered() -> None:
    store = MemoryStore()
    await Talk(house_of(RULE), "ann", store).says(ASKED, "one")
    later = policy(clause("Staff must lock every door at night.", "new1"))
    assert await Talk(house_of(later), "ann", store).says(ASKED, "one")


async def _to_confirm(talk: Talk) -> None:
    await talk.says("what is the weather tomorrow in paris")
    if "Not what I asked" in talk.buttons:
        await talk.presses("Not what I asked")
    await talk.presses("Send this question to the policy owner")


@pytest.mark.parametrize("held", [{}, {"policy_owner": (replace(OWNER, person="nobody"),)}])
async def test_nothing_is_said_to_be_sent_to_an_owner_who_is_not_there(held: object) -> None:
    """No owner is named, or one who cannot open the chat: still "Sent to the owner"."""
    school = replace(OAK, holders={"dsl": (DSL,), **held})  # type: ignore[dict-item]
    talk = Talk(house_of(RULE, schools=(school,)), "ann")
    await _to_confirm(talk)
    assert "Sent to the owner" not in await talk.presses("Send these words")


async def test_a_role_without_a_title_can_be_asked_for() -> None:
    """school.toml need not give a title: WordingMistake where staff ask who the DSL is."""
    school = replace(OAK, holders={**OAK.holders, "dsl": (replace(DSL, title=""),)})
    talk = Talk(house_of(RULE, schools=(school,)), "ann")
    assert "Ms Dale" in await talk.says("who is the dsl")


async def test_help_works_where_a_policy_has_no_title() -> None:
    talk = Talk(house_of(replace(RULE, title="")), "ann")
    assert await talk.says("help")
