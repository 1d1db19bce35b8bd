"""A card as plain lines: what the terminal, ``ask`` and a screen reader's order are made of."""

from bot.core.cards import Card, Choice, Field, Quote, as_text


def test_the_order_of_a_card() -> None:
    card = Card(
        title="No.",
        banner=("Overdue.",),
        paragraphs=("One.", "Two."),
        quotes=(Quote("must not", "5.3 · Policy", lead="Users:"),),
        after=("Next: ask.",),
        facts=(("Version", "3"),),
        fields=(Field("a", "What?", "x", error="Too long."), Field("b", "Who?")),
        choices=(Choice("Yes", "yes"), Choice("See it", link="/p")),
        foot="Small.",
    )
    assert as_text(card).splitlines() == [
        "! Overdue.",
        "No.",
        "One.",
        "Two.",
        "“Users:”",
        "“must not”",
        "  5.3 · Policy",
        "Next: ask.",
        "Version: 3",
        "What?: x",
        "Too long.",
        "Who?:",
        "[Yes] [See it]",
        "Small.",
    ]


def test_what_a_quote_is_stands_above_it() -> None:
    lines = as_text(Card("t", quotes=(Quote("a", "1", mark="A:"),))).splitlines()
    assert lines == ["t", "A:", "“a”", "  1"]


def test_an_empty_card_is_no_lines() -> None:
    assert as_text(Card()) == ""


def test_every_word_of_a_quote_is_in_the_text_whether_aside_or_not() -> None:
    for aside in (False, True):
        quote = Quote("the very words", "1 · P", "the lead", mark="Also:", aside=aside)
        text = as_text(Card("t", quotes=(quote,)))
        assert all(part in text for part in ("the very words", "1 · P", "the lead", "Also:"))
