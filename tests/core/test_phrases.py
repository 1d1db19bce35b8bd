"""Phrases that a school can edit: what they match, and that no text makes them slow."""

import re._parser as re_parser  # type: ignore[import-not-found]
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.phrases import PhraseMistake, pattern, plain
from tests.bench.longest import LONG, patterns
from tests.helpers import CONVERSATIONS, families

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


PATTERNS = dict(patterns())


def _nested(parsed: Any, inside: int = 0) -> Iterator[int]:
    """How often at most what stands round an unbounded repeat is repeated, for each of them."""
    for kind, told in parsed:
        if kind in (re_parser.MAX_REPEAT, re_parser.MIN_REPEAT):
            _, most, body = told
            if most is re_parser.MAXREPEAT:
                yield inside
            yield from _nested(body, max(inside, 1) * int(most))
        else:
            for part in _bodies(told):
                yield from _nested(part, inside)


def _bodies(told: Any) -> Iterator[Any]:
    """What a group, a choice or a look-ahead holds."""
    if isinstance(told, re_parser.SubPattern):
        yield told
    elif isinstance(told, tuple | list):
        for part in told:
            yield from _bodies(part)


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_repeats_without_end_what_repeats(name: str) -> None:
    """One message passes every pattern. Inside a gap of at most twelve words a word may be as long as
    it likes; a repeat without end inside another one could take for ever."""
    found = PATTERNS[name]
    assert max(_nested(re_parser.parse(found.pattern, found.flags)), default=0) <= 12


def test_the_measure_sees_a_repeat_inside_a_repeat() -> None:
    assert max(_nested(re_parser.parse(r"(?:a+b)*"))) > 12
    assert max(_nested(re_parser.parse(r"(?:\w+ ){0,5}a"))) == 5


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_every_pattern_reads_twenty_thousand_characters(text: str) -> None:
    """What it costs is told by the bench (long.phrase_ms)."""
    said = plain(text)
    for found in PATTERNS.values():
        place = found.search(said)
        assert place is None or said[place.start()] == " "
