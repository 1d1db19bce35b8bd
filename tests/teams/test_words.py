"""What stands in a heading or a fact is read as it was written, whatever Markdown could make of it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.platforms.teams.words import literal, sayable

READER = MarkdownIt("commonmark").enable(["strikethrough", "table"])


def read(markdown: str) -> str | None:
    """The words of a single plain paragraph; None when the reader saw anything else."""
    tokens = READER.parse(markdown)
    if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
        return None
    parts = tokens[1].children or []
    plain = all(part.type == "text" for part in parts)
    return "".join(part.content for part in parts) if plain else None


MARKS = st.sampled_from(
    [
        *"\\`*_{}[]()#+-.!<>&~|=:1a ",
        "[x](https://y)",
        "&amp;",
        "1. ",
        "- ",
        "**b**",
        "<b>",
        "~~",
        "\n",
    ]
)
HOSTILE = st.one_of(st.lists(MARKS, max_size=12).map("".join), st.text(max_size=20))


@given(HOSTILE.filter(lambda words: sayable(words).split()))
@example("a_b@school.example")
@example("\\")
@example("&#35;")
@example("--- -")
@example("1.\x00x")
def test_whatever_is_put_in_reads_the_same(words: str) -> None:
    assert read(literal(words)) == " ".join(sayable(words).split())


@pytest.mark.parametrize(
    "words",
    [
        "No.",
        "If a child is in danger now, ring 999, then Ms Shah on 01632 960001. Don't wait for me.",
        "Ms O'Neil-Shah (safeguarding lead), ann_ash@oak.example, 2.4 (b) & 7 > 5, £3 + £4 = £7",
    ],
)
def test_everyday_words_need_no_backslash(words: str) -> None:
    assert literal(words) == words
