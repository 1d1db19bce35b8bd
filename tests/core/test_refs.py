"""An answer as JSON of ids, and back again."""

import json
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from bot.core import refs
from bot.core.book import Answer, Cite, Kind
from bot.core.health.flags import Flag
from bot.core.verdicts import Verdict

ID = st.text("abcdefgh0123456789-", min_size=1, max_size=6)
SPARSE = st.one_of(st.just(""), ID)
FLAGS = st.builds(
    Flag,
    st.sampled_from(["overdue", "superseded", "alternatives", "blank"]),
    ID,
    SPARSE,
    st.dictionaries(st.sampled_from(["when", "by", "name"]), SPARSE, max_size=2),
    st.lists(st.tuples(ID, ID), max_size=2).map(tuple),
)
ANSWERS = st.builds(
    Answer,
    kind=st.sampled_from(get_args(Kind)),
    verdict=st.none() | st.sampled_from(get_args(Verdict)),
    cites=st.lists(
        st.builds(Cite, ID, ID, st.integers(0, 9), st.sampled_from(["answer", "also", "a"])),
        max_size=3,
    ).map(tuple),
    ranked=st.lists(st.tuples(ID, ID), max_size=10).map(tuple),
    guide=SPARSE,
    slot=SPARSE,
    filled=st.none() | st.dictionaries(ID, ID, max_size=3),
    unsure=st.booleans(),
    stricter=SPARSE,
    unnamed=SPARSE,
    turn_to=SPARSE,
    record=SPARSE,
    role=SPARSE,
    silent=st.lists(ID, max_size=3).map(tuple),
    flags=st.lists(FLAGS, max_size=3).map(tuple),
)


@given(ANSWERS)
def test_there_and_back_through_json_text_is_the_same_answer(told: Answer) -> None:
    assert refs.from_json(json.loads(json.dumps(refs.to_json(told)))) == told


def test_an_empty_answer_is_small() -> None:
    assert refs.to_json(Answer("not_settled")) == {"kind": "not_settled"}


@given(ANSWERS)
def test_what_is_stored_is_never_shared_with_the_answer(told: Answer) -> None:
    stored = refs.to_json(told)
    filled = stored.get("filled")
    if isinstance(filled, dict):
        filled["more"] = "x"
        assert "more" not in (told.filled or {})


def test_an_answer_an_earlier_version_kept_is_still_read() -> None:
    old = {"kind": "record", "faults": [["p", {"kind": "overdue", "when": "2018", "by": ""}]]}
    assert refs.from_json(old) == Answer("record")
