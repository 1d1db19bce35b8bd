"""Every Adaptive Card is valid and small enough, with every word there and read as it was written."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.cards import Card, Choice, Field, Quote, as_text
from bot.platforms.teams.cards import adaptive, parts
from bot.platforms.teams.words import sayable
from tests.teams.seen import FIXED, PAGES, TOKEN, found, letters, mistakes, seen
from tests.test_wording import cards as of_every_template

# Every card of the house ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def every_card() -> list[tuple[str, Card]]:
    return list({repr(card): (name, card) for name, card in of_every_template()}.values())


def test_every_card_of_the_house_fits_on_one_card_with_all_its_words_in_order(
    every_card: list[tuple[str, Card]],
) -> None:
    for name, card in every_card:
        whole = adaptive(card, FIXED, TOKEN, pages=PAGES)
        assert letters("".join(seen(whole))) == letters(as_text(card)), name
        assert parts(card, FIXED, TOKEN, pages=PAGES) == [whole], name


def test_every_card_of_the_house_is_valid(every_card: list[tuple[str, Card]]) -> None:
    for name, card in every_card:
        assert mistakes(adaptive(card, FIXED, TOKEN, pages=PAGES), card) == [], name


def test_no_field_of_the_house_is_named_as_what_a_button_carries(
    every_card: list[tuple[str, Card]],
) -> None:
    named = {field.id for _, card in every_card for field in card.fields}
    assert named
    assert not named & {"action", "token"}


# Whatever a card may hold ---------------------------------------------------------------------------

ODD = st.sampled_from(
    [
        "**b** ",
        "[x](https://y) ",
        "1. ",
        "- ",
        "_i_ ",
        "🙈",
        "\u202e",
        "ﷺ",
        "\x00",
        "\ud800",
        "\n",
        '"\\',
    ]
)
WORDS = st.lists(st.one_of(ODD, st.text(max_size=12)), min_size=1, max_size=8).map("".join)
LINE = WORDS.map(lambda words: f"A{words}"[:300])
LONG = st.builds(lambda words, often: (words * often)[:16_000], LINE, st.integers(1, 4000))


@st.composite
def quotes(draw: st.DrawFn) -> Quote:
    words = draw(st.one_of(LINE, LONG))
    a, b = sorted(draw(st.tuples(*[st.integers(0, len(words))] * 2)))
    link = draw(
        st.sampled_from(["", "/policies/p/c/1", "http://x.example", "https://x.example/a b"])
    )
    some = st.one_of(st.just(""), LINE)
    return Quote(words, draw(LINE), draw(some), (a, b), link, draw(some), draw(st.booleans()))


CHOICES = st.builds(
    lambda label, goes, main: Choice(label, **goes, main=main),
    LINE.map(lambda label: label[:60]),
    st.sampled_from([{"action": "danger yes"}, {"action": "help"}, {"link": "/policies"}]),
    st.booleans(),
)
FIELDS = st.lists(
    st.builds(Field, st.sampled_from("abc"), LINE, LINE, LINE, LINE, st.booleans()),
    max_size=2,
    unique_by=lambda field: field.id,
)
HUGE = st.builds(
    Card,
    title=LINE,
    banner=st.lists(LINE, max_size=2).map(tuple),
    paragraphs=st.lists(LINE, max_size=3).map(tuple),
    quotes=st.lists(quotes(), max_size=6).map(tuple),
    after=st.lists(LINE, max_size=2).map(tuple),
    facts=st.lists(st.tuples(LINE, LINE), max_size=30).map(tuple),
    fields=FIELDS.map(tuple),
    choices=st.lists(CHOICES, max_size=9).map(tuple),
    foot=LINE,
    urgent=st.booleans(),
)


@given(HUGE)
@settings(deadline=None, max_examples=60)
def test_one_card_is_valid_and_small_enough_whatever_it_holds(card: Card) -> None:
    assert mistakes(adaptive(card, FIXED, TOKEN, pages=PAGES), card) == []


@given(HUGE)
@settings(deadline=None, max_examples=60)
def test_a_card_in_parts_loses_no_word_and_keeps_what_is_typed_with_its_buttons(card: Card) -> None:
    several = parts(card, FIXED, TOKEN, pages=PAGES)
    assert [mistake for part in several for mistake in mistakes(part, card)] == []
    onward = letters(FIXED.goes_on)
    told = [letters("".join(seen(part))) for part in several]
    assert all(each.endswith(onward) for each in told[:-1])
    assert "".join([*(t.removesuffix(onward) for t in told[:-1]), told[-1]]) == letters(
        as_text(card)
    )
    with_inputs = [part for part in several if found(part, "Input.Text")]
    assert len(with_inputs) <= 1
    assert all(found(part, "ActionSet") == found(several, "ActionSet") for part in with_inputs)


@given(quotes())
@settings(deadline=None, max_examples=60)
def test_a_clause_is_word_for_word_and_only_its_deciding_sentence_bold(quote: Quote) -> None:
    alone = replace(quote, lead="", mark="", source="here")
    runs = found(parts(Card("No.", quotes=(alone,)), FIXED, TOKEN), "TextRun")
    said = [run for run in runs if run["text"] not in ("here", FIXED.goes_on)]
    bold = [run["text"] for run in said if run.get("weight") == "Bolder"]
    assert "".join(run["text"] for run in said) == f"“{sayable(quote.text)}”"
    assert "".join(bold) == sayable(quote.text[slice(*quote.strong)])
