"""Phrases that a school can edit: what they match, and that no text makes them slow."""

import tomllib
from collections.abc import Iterator
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.phrases import PhraseMistake, pattern, plain
from tests.helpers import CONVERSATIONS, families, real_guides, records, words

FILES = [
    *(CONVERSATIONS / f"{name}.toml" for name in ("words", "verdict", "records")),
    *sorted((CONVERSATIONS / "guides").glob("*.toml")),
]


def finds(phrase: str, text: str, **known: tuple[str, ...]) -> bool:
    return bool(pattern([phrase], known).search(plain(text)))


# plain ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Someone's added me!", " someones added me "),
        ("CAN   I\n\tpost?", " can i post "),
        ("a café, a naïve Zoë", " a cafe a naive zoe "),
        ("don’t / won‘t", " dont wont "),
        ("pu\u00adpil\u200b", " pupil "),
        ("ｆｕｌｌ ｗｉｄｔｈ ①", " full width 1 "),
        ("ex-pupil_17", " ex pupil 17 "),
        ("🙈🙉", "  "),
        ("", "  "),
    ],
)
def test_plain_keeps_lower_case_words_only(typed: str, read: str) -> None:
    assert plain(typed) == read


@given(st.text(max_size=60))
def test_plain_twice_is_plain_once(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.text(max_size=60))
def test_plain_text_is_words_single_spaces_and_nothing_else(text: str) -> None:
    said = plain(text)
    assert said.startswith(" ")
    assert said.endswith(" ")
    assert "  " not in said or not said.strip()
    assert all(char == " " or (char.isascii() and char.isalnum()) for char in said)


# pattern --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrase", "text", "there"),
    [
        ("friend request", "a Friend Request?", True),
        ("friend request", "a friend's request", False),
        ("friend request", "friend requests", False),
        ("friend", "befriended", False),
        ("add*", "she added me", True),
        ("add*", "in madding crowds", False),
        ("y#", "a y9 pupil", True),
        ("y#", "a y10 pupil", True),
        ("y#", "why", False),
        ("year #", "year 9", True),
        ("^who", "who is it", True),
        ("^who", "tell me who", False),
        ("don't", "I dont know", True),
    ],
)
def test_what_a_phrase_matches(phrase: str, text: str, there: bool) -> None:
    assert finds(phrase, text) is there


@pytest.mark.parametrize(("gap", "most"), [("..", 5), ("...", 12)])
def test_a_gap_is_up_to_so_many_words(gap: str, most: int) -> None:
    assert finds(f"reply to {gap} parent", "reply to parent")
    assert finds(f"reply to {gap} parent", f"reply to {'my ' * most}parent")
    assert not finds(f"reply to {gap} parent", f"reply to {'my ' * (most + 1)}parent")


def test_a_family_stands_for_each_of_its_phrases() -> None:
    known = {"who": ("my boss", "@pupil"), "pupil": ("pupil*", "y#")}
    told = pattern(["tell @who"], known)
    assert all(told.search(plain(f"I tell {who}")) for who in ("my boss", "pupils", "y7"))
    assert not told.search(plain("I tell my mum"))


@pytest.mark.parametrize("known", [{}, {"me": ("@me",)}, {"me": ("@you",), "you": ("x @me",)}])
def test_a_family_that_is_missing_or_in_itself_is_a_mistake(
    known: dict[str, tuple[str, ...]],
) -> None:
    with pytest.raises(PhraseMistake, match=r"family .* 'me'"):
        pattern(["@me"], known)


def test_no_phrases_match_nothing() -> None:
    assert not pattern([]).search(plain("anything at all"))
    assert not pattern([]).search(plain(""))


WORD = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
LITERAL = st.lists(WORD, min_size=1, max_size=5).map(" ".join)
ANY_PHRASE = st.text(st.characters(exclude_characters="@"), max_size=20)


@given(LITERAL, LITERAL, LITERAL)
def test_a_literal_phrase_is_found_wherever_it_stands(phrase: str, before: str, after: str) -> None:
    found = pattern([phrase])
    for text in (phrase, f"{before} {phrase}", f"{phrase} {after}", f"{before}, {phrase}. {after}"):
        assert found.search(plain(text.upper()))


@given(LITERAL, st.lists(LITERAL, max_size=4))
def test_a_phrase_is_found_beside_any_others(phrase: str, others: list[str]) -> None:
    assert pattern([*others, phrase, *others]).search(plain(f"so {phrase} then"))


@given(st.lists(ANY_PHRASE, max_size=5), st.text(max_size=40))
def test_no_phrase_without_a_family_ever_raises(phrases: list[str], text: str) -> None:
    pattern(phrases).search(plain(text))


# The phrases that ship ------------------------------------------------------------------------------


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in ("id", "title", "ask", "label", "means", "when", "show", "limits"):
                yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
    elif isinstance(value, str):
        yield value


SHIPPED = sorted({p for f in FILES for p in _strings(tomllib.loads(f.read_text("utf-8")))})
KNOWN = {
    **families(),
    "role": tuple(
        p
        for phrases in tomllib.loads((CONVERSATIONS / "records.toml").read_text("utf-8"))[
            "roles"
        ].values()
        for p in phrases
    ),
}


def _said(phrase: str) -> str:
    """Something a person might type that the phrase is meant for."""
    said = []
    for word in phrase.removeprefix("^").split():
        if word.startswith("@"):
            said.append(_said(KNOWN[word[1:]][0]))
        elif word.strip("."):
            said.append(word.replace("*", "").replace("#", "9"))
    return " ".join(said)


def test_every_shipped_phrase_finds_what_it_is_meant_for() -> None:
    """A phrase with a hyphen, or a gap at its end, would lie there dead."""
    dead = [p for p in SHIPPED if not pattern([p], KNOWN).search(plain(_said(p)))]
    assert dead == []


def _all_patterns() -> Iterator[tuple[str, Any]]:
    told = words()
    for group in ("forms", "clause", "families"):
        yield from ((f"{group}.{n}", p) for n, p in getattr(told, group).items())
    yield from ((n, getattr(told, n)) for n in ("lacks", "negated", "narrow", "vague"))
    for kind in records().kinds:
        yield from ((f"{kind.id}.asks", kind.asks), (f"{kind.id}.unless", kind.unless))
    for guide in real_guides():
        yield from ((f"{guide.id}.starts", guide.starts), (f"{guide.id}.unless", guide.unless))
        for leaf in guide.leaves:
            yield from ((f"{guide.id}.{leaf.id}", need) for need in leaf.needs)


HOSTILE = {
    "one long word": "a" * 20_000,
    "words of phrases": "do use my photo of pupil on app to parent from friend with " * 340,
    "the same opening": "friend " * 2_858,
    "digits": "y9 " * 6_667,
    "spaces": " " * 20_000,
    "combining": "e\u0301" * 10_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_pattern_is_slow_on_twenty_thousand_characters(text: str) -> None:
    """One message passes every pattern, so a slow one would hold everybody up."""
    said, slowest = plain(text), (0.0, "")
    for name, found in _all_patterns():
        started = perf_counter()
        found.search(said)
        slowest = max(slowest, (perf_counter() - started, name))
    assert slowest[0] < 1.0, slowest
