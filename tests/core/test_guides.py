"""Decision guides: what a question leaves open, and that every way through one ends."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import guides
from bot.core.guides import Guide, GuideMistake, guide_from
from bot.core.phrases import plain
from tests.helpers import families, guide, real_guides

VISITOR: dict[str, Any] = {
    "id": "visitor",
    "title": "Visitors",
    "starts": ["visitor*", "bring .. into school"],
    "unless": ["website visitor*"],
    "slot": [
        {
            "id": "who",
            "ask": "Who is coming?",
            "show": ["parent", "old", "unsure"],
            "option": [
                {"id": "old", "label": "A former pupil", "words": ["former pupil*"]},
                {"id": "parent", "label": "A parent", "words": ["mum", "pupil*"]},
                {"id": "unsure", "label": "Not sure", "means": "old"},
            ],
        },
        {
            "id": "when",
            "ask": "When?",
            "when": {"who": "old"},
            "option": [
                {"id": "day", "label": "In the day", "words": ["at lunch"]},
                {"id": "night", "label": "In the evening"},
            ],
        },
    ],
    "leaf": [
        {"id": "parent", "ask": "may a parent come", "when": {"who": "parent"}},
        {"id": "day", "ask": "by day", "when": {"who": "old", "when": ["day"]}},
        {"id": "night", "ask": "by night", "when": {"who": "old", "when": ["night"]}},
    ],
}


def made(**changed: Any) -> Guide:
    return guide_from({**VISITOR, **changed}, families(), "visitor.toml")


def broken(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The visitors' guide with one thing changed, or taken out with None."""
    told = deepcopy(VISITOR)
    place: Any = told
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return told


def test_a_guide_starts_by_its_words_unless_its_exceptions_are_there() -> None:
    both = (made(), guide("friend-request"))
    started = guides.starting(both, plain("Can I bring a visitor?"))
    assert started is not None
    assert started.id == "visitor"
    assert guides.starting(both, plain("how many website visitors do we have")) is None
    assert guides.starting(both, plain("who is the head")) is None


def test_what_the_question_says_fills_its_slots_in_file_order() -> None:
    """ "former pupil" is tried before "pupil", whatever the order of the buttons."""
    assert guides.filled_from(made(), plain("a former pupil visitor at lunch")) == {
        "who": "old",
        "when": "day",
    }
    assert guides.filled_from(made(), plain("a pupil's visitor")) == {"who": "parent"}


def test_an_options_words_count_only_where_its_slot_is_called_for() -> None:
    assert guides.filled_from(made(), plain("a mum as a visitor at lunch")) == {"who": "parent"}
    assert guides.filled_from(made(), plain("a visitor at lunch")) == {}


def test_the_first_slot_that_is_open_is_asked() -> None:
    who, when = made().slots
    assert guides.open_slot(made(), {}) == who
    assert guides.open_slot(made(), {"who": "old"}) == when
    assert guides.open_slot(made(), {"who": "parent"}) is None
    assert guides.open_slot(made(), {"who": "old", "when": "day"}) is None


def test_not_sure_counts_as_the_stricter_option() -> None:
    told = made()
    assert guides.open_slot(told, {"who": "unsure"}) == told.slots[1]
    leaves = guides.reachable(told, {"who": "unsure", "when": "day"})
    assert [leaf.id for leaf in leaves] == ["day"]
    assert guides.is_unsure(told, {"who": "unsure"})
    assert not guides.is_unsure(told, {"who": "old"})


def test_leaves_that_what_is_known_leaves_possible() -> None:
    assert [leaf.id for leaf in guides.reachable(made(), {})] == ["parent", "day", "night"]
    assert [leaf.id for leaf in guides.reachable(made(), {"who": "old"})] == ["day", "night"]


def test_buttons_come_in_the_order_of_show_or_else_of_the_file() -> None:
    who, when = made().slots
    assert [o.id for o in who.buttons] == ["parent", "old", "unsure"]
    assert [o.id for o in when.buttons] == ["day", "night"]


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("id",), None, "'id' is missing"),
        (("leaf",), None, "'leaf' is missing"),
        (("starts",), None, "'starts' is missing"),
        (("slot", 0, "ask"), None, "'ask' is missing"),
        (("slot", 0, "option", 0, "label"), None, "'label' is missing"),
        (("leaf", 0, "ask"), None, "'ask' is missing"),
        (("starts",), ["@nobody"], "nobody"),
        (("slot", 0, "show"), ["parent"], "show of slot 'who'"),
        (("slot", 0, "option", 2, "means"), "younger", "'younger'"),
        (("slot", 1, "id"), "who", "twice"),
        (("slot", 1, "option", 1, "id"), "day", "twice"),
        (("slot", 1, "when"), {"later": "x"}, "'later'"),
        (("slot", 1, "when"), {"who": "uncle"}, "uncle"),
        (("leaf", 1, "when"), {"who": "uncle"}, "leaf 'day'"),
    ],
)
def test_a_guide_that_cannot_work_names_its_file_and_what_is_wrong(
    path: tuple[Any, ...], value: Any, sentence: str
) -> None:
    with pytest.raises(GuideMistake) as told:
        guide_from(broken(path, value), families(), "visitor.toml")
    assert "visitor.toml" in str(told.value)
    assert sentence in str(told.value)


# The guides that ship -------------------------------------------------------------------------------

NAMES = [g.id for g in real_guides()]


@st.composite
def begun(draw: st.DrawFn) -> tuple[Guide, dict[str, str]]:
    """A shipped guide with any of its slots filled, in whatever way."""
    told = guide(draw(st.sampled_from(NAMES)))
    some = draw(st.sets(st.sampled_from([s.id for s in told.slots]))) if told.slots else set()
    return told, {
        s.id: draw(st.sampled_from([o.id for o in s.options])) for s in told.slots if s.id in some
    }


@given(begun(), st.data())
def test_whatever_is_pressed_the_guide_ends_at_a_leaf(
    start: tuple[Guide, dict[str, str]], data: st.DataObject
) -> None:
    told, filled = start
    presses = 0
    while slot := guides.open_slot(told, filled):
        assert slot.id not in filled
        filled[slot.id] = data.draw(st.sampled_from(slot.buttons)).id
        presses += 1
    assert presses <= len(told.slots)
    assert guides.reachable(told, filled)


@given(begun())
def test_filling_a_slot_never_opens_a_leaf_that_was_closed(
    start: tuple[Guide, dict[str, str]],
) -> None:
    told, filled = start
    before = {leaf.id for leaf in guides.reachable(told, filled)}
    slot = guides.open_slot(told, filled)
    for option in slot.options if slot else ():
        after = {leaf.id for leaf in guides.reachable(told, {**filled, slot.id: option.id})}  # type: ignore[union-attr]
        assert after <= before


@pytest.mark.parametrize("name", NAMES)
def test_every_leaf_of_a_shipped_guide_can_be_reached_by_pressing(name: str) -> None:
    told = guide(name)
    ends: set[str] = set()
    waiting: list[dict[str, str]] = [{}]
    while waiting:
        filled = waiting.pop()
        slot = guides.open_slot(told, filled)
        if slot is None:
            leaves = guides.reachable(told, filled)
            assert len(leaves) == 1, (filled, leaves)
            ends.add(leaves[0].id)
        else:
            waiting += [{**filled, slot.id: option.id} for option in slot.options]
    assert ends == {leaf.id for leaf in told.leaves}


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_leafs_own_question_is_understood_as_that_leaf(name: str) -> None:
    """A sharpened question that fills its own guide's slots must fill them with its own leaf."""
    told = guide(name)
    for leaf in told.leaves:
        filled = guides.filled_from(told, plain(leaf.ask))
        assert leaf in guides.reachable(told, filled), (leaf.id, filled)


@pytest.mark.parametrize(
    ("question", "filled"),
    [
        ("a y9 pupil sent me a friend request", {"from": "pupil"}),
        ("a parent added me on fb", {"from": "parent"}),
        ("an ex-pupil who is 19 added me", {"from": "former", "age": "adult"}),
        ("a former pupil, shes 16, wants to follow me", {"from": "former", "age": "under18"}),
        ("can i accept a friend request", {}),
    ],
)
def test_what_a_friend_request_already_says_is_not_asked_again(
    question: str, filled: dict[str, str]
) -> None:
    told = guide("friend-request")
    said = plain(question)
    assert guides.starting(real_guides(), said) == told
    assert guides.filled_from(told, said) == filled
    slot = guides.open_slot(told, filled)
    assert slot is None or slot.id not in filled
