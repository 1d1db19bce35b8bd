"""Every sentence staff read: each template renders for whatever it can be given, in the right tone."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import app
from bot.core import refs
from bot.core.book import Answer, Cite, Kind
from bot.core.cards import Card, Quote, as_text
from bot.core.gate import ABOUT, Route
from bot.core.health.flags import Flag
from bot.core.messages import Json, Outgoing
from bot.core.people import School
from bot.core.records import Decision, Draft, KeepQuestion, Question, SaveDraft
from bot.core.verdicts import AUDIENCE, Verdict
from bot.store.memory import MemoryStore
from bot.views import Views
from bot.wording import CARDS, US, Wording, WordingMistake
from tests.helpers import (
    CONVERSATIONS,
    NOON,
    OAK,
    TODAY,
    clause,
    health,
    house,
    house_of,
    policy,
    real_guides,
)

WORDINGS = CONVERSATIONS / "wording"
NEVER = (
    *("confidential", "anonymous", "all done", "!", "nothing forbids", "looks low-level"),
    *("complete the required fields", "you're the only one who", "upload a screenshot"),
    *("was it sexual", "there are no reports about", "don't discuss this with anyone"),
    *("consents to monitoring", "consent to monitoring"),
)
MARKS = ("answer", "other", "also", "may", "near", "nearest", "a", "b")
FACTS = dict.fromkeys(("when", "since", "by", "name", "why"), "2018-10")
FLAGS = (
    *(Flag(kind, "p", "p1", FACTS) for kind in health().kinds),
    Flag("superseded", "p", "", {"when": "2025", "by": ""}),
)

P = policy(
    clause("Users must NOT:", "p1"),
    clause("post pictures. Or films.", "p2", lead="p1"),
    clause("Review due 2027", "p3", kind="field"),
    clause("Version 3", "p4", kind="field"),
    version="3",
    review_due="2027-09",
    approver="Board",
    approved="2026-09",
    owner="Head",
    replaced_on="2027",
    replaced_by="New",
    said={"review_due": "p3", "version": "p4"},
)
Q = policy("Be kind.", id="q")
SCHOOLS = (
    OAK,
    School("oak", "Oak School", people=OAK.people),
    replace(OAK, holders={k: v for k, v in OAK.holders.items() if k != "dsl"}, numbers={}),
)


def views_of(school: School) -> Views:
    store = MemoryStore()
    draft = Draft("d1", "ann", "ann", "question", "may i wear a hat", {}, NOON.replace(hour=13))
    question = Question("q1", "oak", "p", "may i wear a hat", TODAY)
    store.carry_out(lambda _: Decision((), (SaveDraft(draft), KeepQuestion(question))))
    return app.door(house_of(P, Q, schools=(school,)), store, lambda: NOON).views


VIEWS = [views_of(school) for school in SCHOOLS]


# Every shape a template can get ---------------------------------------------------------------------


def answers() -> Iterator[Answer]:
    """Answers of every kind, with and without each thing a card may show."""
    shown = [Cite("p", f"p{place % 4 + 1}", 0, mark) for place, mark in enumerate(MARKS)]
    cites = (*shown, Cite("q", "q1", 0, "other"))
    for kind in get_args(Kind):
        plain = Answer(kind, "info", (Cite("p", "p2"),), (("p", "p2"),), turn_to="headteacher")
        if kind == "ask_back":
            plain = replace(plain, guide="friend-request", slot="from", filled={})
            guided = ((guide.id, slot.id) for guide in real_guides() for slot in guide.slots)
            yield from (replace(plain, guide=guide, slot=slot) for guide, slot in guided)
        if kind in ("section", "no_clause"):
            plain = replace(plain, number="2.4", told=("p",))
            yield replace(plain, number="2", told=("p", "q"))
        if kind == "section":
            yield replace(plain, cites=(Cite("p", "p1"), Cite("p", "p2")), told=("p",))
        yield plain
        yield replace(plain, cites=(), ranked=())
        yield from (replace(plain, verdict=verdict) for verdict in (*get_args(Verdict), None))
        yield replace(plain, cites=cites, ranked=tuple((c.policy, c.clause) for c in cites))
        yield replace(plain, flags=FLAGS)
        yield from (replace(plain, unnamed=who) for who in AUDIENCE)
        yield replace(plain, unsure=True, stricter="q", silent=("q",))
        yield from (replace(plain, turn_to=role) for role in ("", "manager", "nobody", "dsl"))
        for record in (*RECORDS, "overdue_ones", "holder"):
            yield replace(plain, record=record, role="dsl")
            yield replace(plain, record=record, role="senco", cites=(), ranked=(), verdict="no")


DANGER = ("gate", "concern", "danger_yes", "danger_no")
RECORDS = ("review_due", "approver", "approved", "version", "owner", "current")


def outgoings() -> Iterator[Outgoing]:
    for answer in answers():
        told = refs.to_json(answer)
        for danger in (False, True):
            about: dict[str, Json] = {"answer": told, "draft": "d1", "danger": danger}
            yield Outgoing("ann", answer.kind, {**about, "words": not danger})
            yield Outgoing("head", "not_this", {**about, "words": not danger})
    for template in DANGER:
        for route in (*get_args(Route), None):
            for who in ABOUT:
                concern: dict[str, Json] = {"route": route, "about": who, "imagery": who == "pupil"}
                for waiting in (True, False):
                    shown: dict[str, Json] = {**concern, "draft": "d1", "waiting": waiting}
                    yield from (Outgoing(to, template, shown) for to in ("ann", "dsl", "head"))
    for template in (name for name, told in CARDS.items() if told == US):
        yield from (Outgoing(person, template) for person in ("ann", "nobody"))
    for id in ("d1", "gone"):
        for error in ({}, {"error": "empty"}, {"error": "long"}):
            yield Outgoing("ann", "owner_confirm", {"draft": id, "words": True, **error})
        yield Outgoing("own", "owner_question", {"question": id.replace("d", "q")})
    for person in ("ann", "head", "nobody"):
        yield Outgoing(person, "owner_sent", {"policy": "p"})
        yield Outgoing(person, "owner_missing")
    for id in ("p", "q", "gone"):
        yield Outgoing("ann", "policy", {"policy": id})
    yield Outgoing("ann", "question_done", {"policy": "p"})
    yield Outgoing("ann", "question_gone")


def cards() -> Iterator[tuple[str, Card]]:
    for views in VIEWS:
        for out in outgoings():
            if f"{out.template}.j2" in TEMPLATES:
                yield out.template, views.card(out)
    for dsl in (OAK.holder("dsl"), None):
        yield "sorry", VIEWS[0].wording.card("sorry", {"dsl": dsl, "reference": "K7Q"})


TEMPLATES = {path.name for path in WORDINGS.glob("*.j2")}


@pytest.fixture(scope="module")
def every_card() -> list[tuple[str, Card]]:
    """Rendering fails on a name that is not there, and on a line that is no card line."""
    return list(cards())


def test_every_template_renders_for_every_shape_of_view(every_card: list[tuple[str, Card]]) -> None:
    assert {name for name, _ in every_card} == set(house().wording.names())


def test_the_first_line_makes_sense_alone(every_card: list[tuple[str, Card]]) -> None:
    for name, card in every_card:
        assert card.title.strip(), name
        assert card.title[0].isupper(), card.title
        assert card.title.rstrip().endswith((".", "?")), card.title


def own_words(card: Card) -> str:
    """What the card says in the bot's own words: no quotes, and nothing anybody typed."""
    return as_text(replace(card, quotes=(), banner=(), facts=())) + " ".join(card.banner)


def test_tone(every_card: list[tuple[str, Card]]) -> None:
    for name, card in every_card:
        said = own_words(card).lower()
        assert not [word for word in NEVER if word in said], name


def test_no_line_has_a_hole_in_it(every_card: list[tuple[str, Card]]) -> None:
    """ "speak to  ()", "ring 999, then ." are what a missing name would leave."""
    for name, card in every_card:
        text = own_words(card)
        assert not re.search(r"\(\)|\bNone\b|  \S| [.,;:](?:\s|$)|, \.|\{|\}", text), (name, text)


def test_no_line_of_a_template_stands_in_another(every_card: list[tuple[str, Card]]) -> None:
    """An included part ends without a break: what follows it needs an empty line before."""
    begins = r"\b(?:title|banner|after|foot|quote|aside|fact|choice|main|link|(?:long)?field): "
    for name, card in every_card:
        assert not re.search(begins, own_words(card)), (name, card)


# Cards after which there is nothing to press: the owner's post, and what is done or cannot be done here.
LAST_WORDS = {
    *(
        "owner_sent",
        "owner_missing",
        "owner_question",
        "policies",
        "question_done",
        "question_gone",
    ),
}


def test_at_least_one_way_on_from_every_card_but_the_last_words(
    every_card: list[tuple[str, Card]],
) -> None:
    for name, card in every_card:
        assert card.choices or name in LAST_WORDS or "999" in as_text(card), (name, card.title)
        assert all(c.action or c.link for c in card.choices), name
        assert all(c.action.startswith("read ") for c in card.choices if c.action and c.link), name
        assert all(c.label for c in card.choices), name


def test_every_danger_card_says_999_and_that_nobody_has_been_told(
    every_card: list[tuple[str, Card]],
) -> None:
    for name, card in every_card:
        if name in DANGER:
            text = as_text(card)
            assert "999" in text, text
            assert re.search(r"[Nn]obody has been told", text), text
            assert card.urgent


# The wording files themselves -----------------------------------------------------------------------

SAID = re.sub(
    r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}",
    " ",
    "\n".join(path.read_text(encoding="utf-8") for path in WORDINGS.glob("*.j2")),
    flags=re.S,
)
GUIDED = [
    text
    for guide in real_guides()
    for slot in guide.slots
    for text in (slot.ask, *(option.label for option in slot.options))
]


@pytest.mark.parametrize("word", NEVER)
def test_no_wording_file_and_no_guide_says(word: str) -> None:
    assert word not in SAID.lower()
    assert not [text for text in GUIDED if word in text.lower()]


# The small language ---------------------------------------------------------------------------------


def made(tmp_path: Path, template: str, **view: Any) -> Card:
    (tmp_path / "one.j2").write_text(template, encoding="utf-8")
    return Wording(tmp_path).card("one", view)


def test_each_kind_of_line(tmp_path: Path) -> None:
    card = made(
        tmp_path,
        "urgent:\ntitle: No.\nbanner: Late.\ntext: One.\nafter: Ask.\nfact: A | b\nfoot: f\n"
        "choice: Go | go 1\nmain: Do | do\nlink: See | /p\nfield: a | L | h | e | v\nlongfield: b | M\n",
    )
    assert (card.title, card.urgent, card.banner, card.paragraphs) == (
        "No.",
        True,
        ("Late.",),
        ("One.",),
    )
    assert (card.after, card.facts, card.foot) == (("Ask.",), (("A", "b"),), "f")
    assert [(c.label, c.action, c.link, c.main) for c in card.choices] == [
        ("Go", "go 1", "", False),
        ("Do", "do", "", True),
        ("See", "", "/p", False),
    ]
    assert [(f.id, f.error, f.long) for f in card.fields] == [("a", "e", False), ("b", "", True)]


@pytest.mark.parametrize("line", ["titel: No.", "just words", "choices: Go | go", "if x:"])
def test_a_line_that_is_no_card_line_names_its_file(tmp_path: Path, line: str) -> None:
    with pytest.raises(WordingMistake, match=r"one\.j2"):
        made(tmp_path, line)


def test_a_name_that_is_not_there_is_a_mistake_and_no_hole(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="nobody"):
        made(tmp_path, "title: {{ nobody }}")


BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
LINES = ("choice: Free | send d1", "title: Yes.", "urgent:", "link: x | http://bad", "text: y")
HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(LINES),
        st.sampled_from([*BREAKS, " | ", "{{ 7 * 7 }}", "{% raise %}", "🙈", "\u202e", "choice:"]),
        st.text(max_size=10),
    ),
    max_size=8,
).map("".join)


@given(HOSTILE)
@settings(deadline=None)
def test_typed_words_never_make_a_line_or_run(words: str) -> None:
    shown = house().wording.card("owner_confirm", {"words": words, "draft": "d1", "error": ""})
    benign = house().wording.card("owner_confirm", {"words": "w", "draft": "d1", "error": ""})
    assert replace(shown, fields=()) == replace(benign, fields=())
    (typed,) = shown.fields
    assert typed == replace(benign.fields[0], value=words)


@given(HOSTILE)
@settings(deadline=None)
def test_text_in_a_policy_never_makes_a_line_or_runs(text: str) -> None:
    wording, answer = house().wording, Answer("settled", "no", (Cite("p", "p1"),))
    view = dict.fromkeys(["draft", "section", "read", "stricter", "title"], "x") | {
        **{"answer": answer, "marks": ["answer"], "danger": False, "words": True},
        **{"dsl": None, "next": None, "manager": None, "banners": [], "silent": []},
    }
    benign = wording.card("settled", view, [Quote("q", "1 · P")])
    shown = wording.card("settled", view, [Quote(text, "1 · P", lead=text)])
    assert replace(shown, quotes=()) == replace(benign, quotes=())
    assert [(q.text, q.lead) for q in shown.quotes] == [(text, text)]


@given(HOSTILE.filter(str.strip))
@settings(deadline=None)
def test_a_policys_title_never_makes_a_line_or_runs(title: str) -> None:
    view = {"policies": [{"title": title, "link": "/policies/p", "read": "read p"}]}
    card = house().wording.card("policies", view)
    assert len(card.choices) == 1
    assert (card.choices[0].action, card.choices[0].link) == ("read p", "/policies/p")
    assert card.choices[0].label == " ".join(title.split()).strip()


@pytest.mark.parametrize("title", ["A | /policies/q", "A | read q c", "A | /policies/q | read q"])
def test_a_title_with_bars_in_it_leads_nowhere_else(tmp_path: Path, title: str) -> None:
    lines = "link: {{ title }} | /p | read p c\nlink: {{ title }} | /p\n"
    both, page = made(tmp_path, lines, title=title).choices
    assert (both.label, both.action, both.link) == (title, "read p c", "/p")
    assert (page.label, page.action, page.link) == (title, "", "/p")


def test_what_was_typed_fills_its_field_as_it_is(tmp_path: Path) -> None:
    words = " one |  two\n\n  three "
    card = made(tmp_path, "field: note | Note | Hint\nfield: other | O | h | e | v", note=words)
    assert [(f.id, f.value, f.hint) for f in card.fields] == [
        ("note", words, "Hint"),
        ("other", "v", "h"),
    ]
