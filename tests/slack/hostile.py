"""Cards of every kind, kind and unkind: what hypothesis draws for the laws."""

import string
from typing import Any

from hypothesis import strategies as st

from bot.core.cards import Card, Choice, Field, Quote

HOSTILE = (
    *(
        "<!channel>",
        "<@U012ABC>",
        "<!subteam^S1>",
        "<https://bad.example|click>",
        "&amp;",
        "&",
        "<",
    ),
    *("*", "_____", "~", "`", "```", ":smile:", "> ", "- ", "1. ", "\n", "\u2028", "\u202e", "🙈"),
    *("👩‍👩‍👧", "”", "“", " · ", "{{ 7 * 7 }}", "\\", '"', "word " * 700, "x" * 3001, "🙈" * 1600),
)
TEXT = st.lists(
    st.one_of(st.sampled_from(HOSTILE), st.text(max_size=20), st.just("A sentence. ")), max_size=6
).map("".join)
SPOKEN = TEXT.filter(str.strip)
IDS = st.text(string.ascii_lowercase, min_size=1, max_size=8)
ADDRESSES = (
    *("/policies/p#p1", "https://a.example/b?c=d&e=f|g> <", "http://bad.example", "javascript:1"),
    *("https://", "https://[", "//bad.example", "https://a.example/" + "x" * 3000),
)
LINKS = st.sampled_from(("", *ADDRESSES))
QUOTES = st.builds(
    Quote,
    text=SPOKEN,
    source=SPOKEN,
    lead=TEXT,
    strong=st.tuples(st.integers(-5, 4000), st.integers(-5, 4000)),
    link=LINKS,
    mark=TEXT,
    aside=st.booleans(),
)
TYPED = TEXT.map(lambda text: text[:1500])  # what a box takes, counted in whatever way
FIELDS = st.builds(Field, IDS, SPOKEN, TYPED, TEXT, TEXT, st.booleans())
ACTIONS = st.text(string.ascii_letters + " ", min_size=1, max_size=2000).filter(str.strip)
CHOICES = st.one_of(
    st.builds(Choice, SPOKEN, action=ACTIONS, link=LINKS, main=st.booleans()),
    st.builds(Choice, SPOKEN, link=st.sampled_from(ADDRESSES)),
)


def many(one: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=most).map(tuple)


CARDS = st.builds(
    Card,
    title=TEXT,
    banner=many(TEXT, 3),
    paragraphs=many(TEXT, 60),
    quotes=many(QUOTES, 8),
    after=many(TEXT, 4),
    facts=many(st.tuples(TEXT, TEXT), 8),
    fields=st.lists(FIELDS, max_size=5, unique_by=lambda field: field.id).map(tuple),
    choices=many(CHOICES, 12),
    foot=TEXT,
    urgent=st.booleans(),
)
