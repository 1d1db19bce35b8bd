"""Whoever is not on the staff list gets one fixed card, whatever they try, on Slack and on Teams."""

from functools import cache

import pytest

from bot import app
from bot.core.accounts import own_place
from bot.core.messages import Json, Outgoing, Said
from tests.bench.outsiders import NOW, STAFF, Outsider, Walk, emptied, outsiders, served
from tests.helpers import house


@cache
def example() -> app.House:
    return emptied(house())


OUTSIDERS = list(outsiders(emptied(house())))


@pytest.mark.parametrize("outsider", OUTSIDERS, ids=lambda one: one.what)
async def test_an_outsider_gets_the_fixed_card_and_nothing_else(outsider: Outsider) -> None:
    walk = await Walk(example()).begun()
    answered = 0
    before = len(walk.store._records.letters)
    async for message, shown in walk.tries(outsider.id):
        other = [card for card in shown if card != walk.stranger(outsider.id)]
        assert other == [], message
        answered += bool(shown)
    assert answered > 100
    assert len(walk.store._records.letters) == before  # no owner was written to for them
    assert len(walk.drafts) > 5
    assert set(walk.drafts) <= {*walk.store._records.drafts}


@pytest.mark.parametrize("outsider", OUTSIDERS, ids=lambda one: one.what)
async def test_in_a_place_with_an_outsider_nobody_is_answered_before_all(
    outsider: Outsider,
) -> None:
    walk = await Walk(example()).begun()
    staff = [f"slack:S{id}" for id in STAFF]
    assert walk.accounts.only_staff(staff)
    bot = outsider.account is not None and outsider.account.standing == "bot"
    assert walk.accounts.only_staff([*staff, outsider.id]) is bot  # bots are in every channel: ours


async def test_staff_are_served_by_the_same_walk() -> None:
    walk = await Walk(example()).begun()
    assert await served(walk, Outsider("staff", f"slack:S{STAFF[0]}"))


async def test_without_the_staff_list_outsiders_would_be_served() -> None:
    walk = await Walk(example(), guarded=False).begun()
    assert await served(walk, OUTSIDERS[0])


@pytest.mark.parametrize("who", ["walsh", "taken-off"])
async def test_what_waits_for_a_leaver_is_not_shown_to_them(who: str) -> None:
    """A question for a policy's owner was on its way when its owner left, or was taken off the list."""
    walk = await Walk(example()).begun()
    letter = Outgoing(who, "owner_question", {"question": "q"}, "post", own_place("slack:U4"), "k")
    assert walk.door.views.card(letter) == walk.stranger("slack:U4")


@pytest.mark.parametrize("who", ["walsh", "taken-off"])
@pytest.mark.parametrize("template", ["help", "policies", "gate", "concern", "owner_missing"])
async def test_what_a_leaver_asked_for_themselves_is_not_shown_to_them_either(
    who: str, template: str
) -> None:
    """It was still on its way, because the platform was away, when they left or were taken off."""
    walk = await Walk(example()).begun()
    gate: dict[str, Json] = {"route": "dsl", "about": "pupil", "imagery": False, "draft": "d"}
    letter = Outgoing(who, template, gate, "post", own_place("slack:U4"), "k")
    assert walk.door.views.card(letter) == walk.stranger("slack:U4")


async def test_the_card_is_the_same_for_staff_of_another_house() -> None:
    walk = await Walk(example()).begun()
    (card,) = await walk.hears(Said("", "help", NOW, "", own_place("slack:U1")), "slack:U1")
    assert card == walk.stranger("slack:U1")
    assert card.title == "If you or someone else is in danger now, ring 999."
    assert card.choices == ()
