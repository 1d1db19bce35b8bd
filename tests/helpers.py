"""Small builders the core's tests share: a tiny policy, a school, a book, a search that is told what
to find, and the whole house with and without weights."""

import os
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from typing import Any

import pytest

from bot import app
from bot.__main__ import main
from bot.accounts import Accounts
from bot.config import ROOT, Config, config_from
from bot.core import facts, guides, reading
from bot.core.book import Ask, Book, Limits
from bot.core.cards import Card, as_text
from bot.core.found import Found, Hit
from bot.core.guides import Guide
from bot.core.health.compiled import health_from
from bot.core.health.data import Health
from bot.core.messages import Pressed, Said
from bot.core.people import Holder, Membership, Person, School
from bot.core.phrases import Families
from bot.core.policies import Clause, Policy
from bot.library import read_library
from bot.store.memory import MemoryStore

CONVERSATIONS = ROOT / "conversations"
WEIGHTS = ROOT / "var" / "encoder.npz"
TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


# The data a school edits, as the house compiles it --------------------------------------------------


@cache
def data(name: str) -> Mapping[str, Any]:
    """A file of conversations/, parsed: data("verdict"), data("guides/press")."""
    return tomllib.loads((CONVERSATIONS / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def families() -> Families:
    return reading.phrases_of(data("words"))


@cache
def words() -> reading.Words:
    return reading.words_from(data("verdict"), families())


@cache
def health() -> Health:
    return health_from(data("health"), data("law"), data("topics"), families(), words())


@cache
def records() -> facts.Records:
    return facts.records_from(data("records"), families())


@cache
def real_guides() -> tuple[Guide, ...]:
    files = sorted((CONVERSATIONS / "guides").glob("*.toml"))
    return tuple(guides.guide_from(data(f"guides/{f.stem}"), families(), f.name) for f in files)


def guide(name: str) -> Guide:
    return next(g for g in real_guides() if g.id == name)


# People, policies, questions ------------------------------------------------------------------------

ANN = Person("ann", "Ann Ash", (Membership("oak", ("staff",), "boss"),), "teacher")
BOSS = Person("boss", "Mr Birch", (Membership("oak", ("staff", "manager")),), "year leader")
GOV = Person("gov", "Dr Gum", (Membership("oak", ("governor",)),), "governor")
HEAD = Holder("headteacher", "head", "Mrs Hazel", "headteacher", "01632 960011")
DSL = Holder("dsl", "dsl", "Ms Dale", "safeguarding lead", "01632 960012", "8am to 5pm")
DEPUTY = Holder("deputy_dsl", "dep", "Mr Dene", "deputy safeguarding lead", "01632 960013")
CHAIR = Holder("chair_of_governors", "chair", "Dr Cedar", "chair of governors", "01632 960014")
OWNER = Holder("policy_owner", "own", "Ms Oakes", "policy owner")
OAK = School(
    "oak",
    "Oak School",
    holders={
        "headteacher": (HEAD,),
        "dsl": (DSL,),
        "deputy_dsl": (DEPUTY,),
        "chair_of_governors": (CHAIR,),
        "policy_owner": (OWNER,),
    },
    numbers={"lado": "01632 960015", "council": "01632 960016"},
    people={
        p.id: p
        for p in (
            *(ANN, BOSS, GOV, Person("own", "Ms Oakes")),
            Person("head", "Mrs Hazel", (Membership("oak", ("staff",)),)),
            Person("dsl", "Ms Dale", (Membership("oak", ("staff",)),)),
        )
    },
)


def clause(text: str, id: str = "c1", label: str = "", **more: Any) -> Clause:
    """A clause whose label is its id unless told; its marker is its label."""
    label = label or id
    return Clause(id, label, text, **{"marker": label, **more})


def policy(*clauses: Clause | str, id: str = "p", **more: Any) -> Policy:
    """A policy of these clauses; a text becomes the clause p1, p2, ... of it."""
    made = [
        one if isinstance(one, Clause) else clause(one, f"{id}{number}")
        for number, one in enumerate(clauses, start=1)
    ]
    told = {"title": f"Policy {id.upper()}", "school": "oak", **more}
    return Policy(id, clauses=tuple(made), **told)


def book(
    *policies: Policy, guided: Sequence[Guide] = (), schools: Sequence[School] = (OAK,)
) -> Book:
    """A book of these policies, with the words and records of conversations/, and these guides."""
    return Book(
        {p.id: p for p in policies},
        {school.id: school for school in schools},
        tuple(guided),
        records(),
        words(),
        Limits(**data("verdict")["limits"]),
        health(),
    )


def asked(text: str, known: Book, role: str = "staff", **more: Any) -> Ask:
    """A question about every policy of the book."""
    return Ask(text, tuple(known.policies), TODAY, role, **more)


# Clauses that answer nothing anybody asks in the tests, beside the one that does.
FILLERS = ("The car park closes at six.", "Minutes of meetings are kept in the office.")


class Finds:
    """A search that finds these hits whatever it is asked, or others for words it is told of.

    Hits are clauses by name: "p1", or ("p1", 0.5) with a score, or ("p1", 0.5, 1) with a sentence.
    """

    def __init__(self, *hits: Any, settled: float = 0.95) -> None:
        self._hits, self._settled = tuple(map(_hit, hits)), settled
        self._others: list[tuple[str, Found]] = []
        self.heard: list[str] = []

    def but(self, word: str, *hits: Any, settled: float = 0.95) -> "Finds":
        """For a question that has this word in it: these hits instead."""
        self._others.append((word, Found(tuple(map(_hit, hits)), settled)))
        return self

    def __call__(self, text: str, among: Sequence[str]) -> Found:
        self.heard.append(text)
        other = (found for word, found in self._others if word in text)
        found = next(other, Found(self._hits, self._settled))
        return replace(found, hits=tuple(h for h in found.hits if h.policy in among))


def _hit(told: Any) -> Hit:
    id, score, sentence = (*((told,) if isinstance(told, str) else told), 0.9, 0)[:3]
    if isinstance(told, tuple) and len(told) == 2:
        sentence = 0
    return Hit(id.rstrip("0123456789"), id, score, sentence)


def accounts_of(store: Any, people: Callable[[], Mapping[str, Person]]) -> Accounts:
    """What is known of accounts while these people are a school's staff list."""
    return Accounts(store, lambda: {"oak": School("oak", "Oak", people=people())}, lambda: TODAY)


# The house ------------------------------------------------------------------------------------------


NOWHERE = (
    ROOT / "var" / "without-weights"
)  # never made: no weights lie in it, nothing is kept in it


def settings(**env: str) -> Config:
    """The settings of a house without weights, unless told otherwise."""
    return config_from({"DATA_DIR": str(NOWHERE), "NO_BROWSER": "1", **env})


@cache
def house() -> app.House:
    """The example school's house, finding by words alone: the same on every machine."""
    return app.build(settings(), read_library(ROOT / "policies"))


@cache
def _weighted() -> app.House:
    return app.build(settings(DATA_DIR=str(ROOT / "var")), read_library(ROOT / "policies"))


def weighted_house() -> app.House:
    """The example school's house with sentence vectors; skips without them, fails in CI."""
    if not WEIGHTS.exists():
        assert not os.environ.get("CI"), f"CI needs {WEIGHTS}: make setup"
        pytest.skip("var/encoder.npz is not there: make setup fetches it when online")
    return _weighted()


def house_of(*policies: Policy, schools: Sequence[School] = (OAK,)) -> app.House:
    """A house of these policies and schools, with everything else as it ships, without weights."""
    from bot.library import Library

    library = Library({s.id: s for s in schools}, {(p.school, p.id): p for p in policies})
    return app.build(settings(), library)


def command(monkeypatch: pytest.MonkeyPatch, *args: object) -> str:
    """Runs ``python -m bot`` with these words, without weights unless a test sets DATA_DIR: the sentence
    it ended with, or "" when all went well. A mistake that is no sentence comes out as it is."""
    monkeypatch.setenv("DATA_DIR", os.environ.get("DATA_DIR") or str(settings().data))
    monkeypatch.setattr(sys, "argv", ["policybot", *map(str, args)])
    with pytest.raises(SystemExit) as ended:
        main()
    return "" if ended.value.code in (0, None) else str(ended.value.code)


class Talk:
    """One person's conversation with a house: says, presses by label, and reads the cards."""

    def __init__(self, house: app.House, person: str, store: Any = None) -> None:
        self.at, self.person, self.house = NOON, person, house
        self.store = store or MemoryStore()
        self.door = app.door(house, self.store, lambda: self.at)
        self.card = Card()
        self._keys = count(1)

    async def says(self, text: str, key: str = "") -> str:
        return await self._hears(Said(self.person, text, self.at, key or self._key(), self.person))

    async def presses(self, label: str, key: str = "", **fields: str) -> str:
        labels = {choice.label: choice.action for choice in self.card.choices}
        assert label in labels, f"no button {label!r}, only {list(labels)}"
        return await self.does(labels[label], key, **fields)

    async def does(self, action: str, key: str = "", **fields: str) -> str:
        """Presses a button by what it carries, with what was typed into the fields beside it."""
        return await self._hears(
            Pressed(self.person, action, self.at, key or self._key(), self.person, fields)
        )

    async def _hears(self, message: Said | Pressed) -> str:
        cards = await self.door.hear(message)
        assert len(cards) == 1, f"{len(cards)} answers to one message"
        self.card = cards[0]
        return as_text(self.card)

    def _key(self) -> str:
        return f"{self.person}-{next(self._keys)}"

    @property
    def buttons(self) -> list[str]:
        return [choice.label for choice in self.card.choices if choice.action]
