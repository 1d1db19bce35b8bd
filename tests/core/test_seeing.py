"""Who reads and settles the questions sent to an owner, and who oversees a school."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.core.book import Book
from bot.core.decide import Fresh, Prepared, decide
from bot.core.messages import Pressed
from bot.core.people import Holder, Membership, Person, School
from bot.core.records import Decision, KeepQuestion, Question, SettleQuestion
from bot.core.seeing import Sees, may_import, overseen, questions_for, sees
from bot.store.memory import MemoryStore
from tests.helpers import NOON, TODAY, book, policy


def person(id: str, *roles: str, school: str = "oak", until: date | None = None) -> Person:
    return Person(id, id, (Membership(school, roles or ("staff",), until=until),))


ANN, HEAD = person("ann"), person("head", "staff", "headteacher")
ADMIN, FAR_HEAD = person("admin", "admin"), person("far", "headteacher", school="elm")
KEEPER = person("keeper")  # owns the policy by the role its front matter names
GONE = person("gone", "headteacher", until=TODAY - timedelta(days=1))
PEOPLE = (ANN, HEAD, ADMIN, FAR_HEAD, KEEPER, GONE)


def named(role: str, who: str) -> dict[str, tuple[Holder, ...]]:
    return {role: (Holder(role, who, who, role),)}


OAK = School("oak", "Oak", holders=named("it_lead", "keeper") | named("headteacher", "gone"))
ELM = School("elm", "Elm", part_of="oak")
BASE = book(replace(policy("Hats may be worn."), school="oak", owner="IT lead"))
BOOK: Book = replace(BASE, schools={"oak": OAK, "elm": ELM})
ASKED = Question("q1", "oak", "p", "may I wear a hat", TODAY)


@pytest.mark.parametrize(
    ("who", "may"),
    [(ANN, False), (HEAD, True), (ADMIN, False), (FAR_HEAD, False), (KEEPER, True), (GONE, False)],
    ids=[p.id for p in PEOPLE],
)
def test_only_the_owner_and_the_head_of_that_school_read_and_settle_a_question(
    who: Person, may: bool
) -> None:
    assert questions_for(who, [ASKED], BOOK, TODAY) == ((ASKED,) if may else ())
    decision = settled(who, "q1")
    assert decision.writes == ((SettleQuestion("q1"),) if may else ())
    assert decision.out[0].template == ("question_done" if may else "question_gone")


@pytest.mark.parametrize("id", ["q2", "", "q1 q1", "q"])
def test_what_is_not_there_is_told_as_what_is_not_ones_own(id: str) -> None:
    assert settled(HEAD, id) == replace(settled(ANN, "q1"), out=settled(HEAD, id).out)
    assert settled(HEAD, id).out[0].template == "question_gone"


def settled(who: Person, question: str) -> Decision:
    store = MemoryStore()
    store.carry_out(lambda _: Decision((), (KeepQuestion(ASKED),)))
    press = Pressed(who.id, f"settle {question}", NOON, "k", f"web:{who.id}")
    fresh = Fresh("d", "q")
    return store.look(lambda reads: decide(press, Prepared(who), reads, fresh, BOOK))


def test_a_policy_owned_by_a_role_everybody_has_is_not_everybodys() -> None:
    staff = replace(BOOK, policies={"p": replace(BOOK.policies["p"], owner="Staff")})
    assert not sees(ANN, staff, TODAY).questions
    assert questions_for(ANN, [ASKED], staff, TODAY) == ()


def test_heads_and_admins_oversee_their_school_and_a_trust_its_schools() -> None:
    seen = {who.id: overseen(who, BOOK.schools, TODAY) for who in PEOPLE}
    whole = frozenset(("oak", "elm"))
    assert seen["head"] == seen["admin"] == whole
    assert seen["far"] == frozenset(("elm",))
    assert not seen["ann"] | seen["keeper"] | seen["gone"]
    assert sees(HEAD, BOOK, TODAY) == Sees(True, whole | {""})
    assert sees(ADMIN, BOOK, TODAY) == Sees(False, whole | {""})
    assert sees(ANN, BOOK, TODAY) == sees(GONE, BOOK, TODAY) == Sees()


def test_who_owns_one_policy_looks_after_the_policies_of_its_school() -> None:
    assert sees(KEEPER, BOOK, TODAY) == Sees(True, frozenset(("oak", "")))


def test_an_owner_written_out_in_full_is_known_by_the_role() -> None:
    """ "Designated Safeguarding Lead" stands in the policy, [[roles.dsl]] in school.toml."""
    oak = replace(OAK, holders=named("dsl", "ann"))
    base = book(
        replace(policy("Hats may be worn."), school="oak", owner="Designated Safeguarding Lead")
    )
    owned = replace(base, schools={"oak": oak})
    assert questions_for(ANN, [ASKED], owned, TODAY) == (ASKED,)
    assert [school.id for school in may_import(ANN, owned, TODAY)] == ["oak"]
    assert may_import(KEEPER, owned, TODAY) == ()
