"""The staff pages by HTTP alone: who may open what, what they show, and what a form may do."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer

from bot import serving
from bot.clock import wall_time
from bot.core.health.flags import Told
from bot.core.messages import Pressed
from bot.core.people import Membership, Person, School, local_day
from bot.core.records import Decision, KeepQuestion, Question
from bot.pages.told import seen_of
from bot.platforms.web import Posts
from bot.store.memory import MemoryStore
from tests.helpers import OAK, house_of, policy
from tests.web.school import (
    HOSTILE,
    NOW,
    PHOTOS,
    QUESTIONS,
    SOCIAL,
    TOLD,
    Asked,
    Script,
    school,
)
from tests.web.test_web import Visitor

Visit = Callable[..., Awaitable[Visitor]]
REFUSED = "Only the headteacher and the people who look after policies can open it."


@pytest_asyncio.fixture
async def visit() -> AsyncIterator[Visit]:
    """Somebody at the school's pages: ``await visit("reid")``; nobody yet without a name."""
    clients: list[Any] = []

    async def visitor(who: str = "", asked: Asked | None = None, **more: Any) -> Visitor:
        made = school(Script(), asked=asked, **more)
        client = TestClient(TestServer(made, host="127.0.0.1"))
        await client.start_server()
        clients.append(client)
        return await Visitor(client).become(who) if who else Visitor(client)

    yield visitor
    for client in clients:
        await client.close()


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


# Who may open what ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/questions", "/health", "/doctor"])
@pytest.mark.parametrize("who", ["", "ann", "shah"])
async def test_who_does_not_look_after_policies_is_refused_in_one_sentence(
    visit: Visit, path: str, who: str
) -> None:
    visitor = await visit(who)
    response = await visitor.get(path)
    assert response.status == 403
    assert REFUSED in words(visitor.page)
    assert f'href="{path}"' not in visitor.page


async def test_a_refusal_does_not_tell_whether_there_are_questions(visit: Visit) -> None:
    some, none = await visit("ann"), await visit("ann", Asked())
    await some.get("/questions")
    await none.get("/questions")
    assert some.page == none.page


@pytest.mark.parametrize("path", ["/questions", "/health", "/doctor"])
async def test_the_head_opens_every_page_and_finds_it_in_the_bar(visit: Visit, path: str) -> None:
    reid = await visit("reid")
    assert (await reid.get(path)).status == 200
    assert re.findall(r'<a href="([^"]*)" aria-current="page">', reid.page) == [path]
    await reid.get("/")
    assert f'<a href="{path}">' in reid.page


@pytest.mark.parametrize("path", ["/policies", "/policies/social", "/compare"])
async def test_policies_are_read_by_everybody_on_the_staff_list(visit: Visit, path: str) -> None:
    for who in ("ann", "reid"):
        assert (await (await visit(who)).get(path)).status == 200
    stranger = await visit("")
    assert (await stranger.get(path)).status == 403
    assert "Say who you are first" in words(stranger.page)
    assert SOCIAL.title not in stranger.page


async def test_a_policy_of_another_school_is_not_there(visit: Visit) -> None:
    ann = await visit("ann", reads=lambda person, policy: policy.id != "photos")
    await ann.get("/policies")
    assert "/policies/photos" not in ann.page
    assert (await ann.get("/policies/photos")).status == 404


async def test_an_old_address_leads_to_the_policy_of_that_short_name(visit: Visit) -> None:
    mine = replace(SOCIAL, id="oak.social")
    ann = await visit("ann", policies=lambda: (mine, replace(PHOTOS, id="elm.social")))
    moved = await ann.get("/policies/social/c/c5")
    assert (moved.status, moved.url.path) == (200, "/policies/oak.social/c/c5")
    assert (await ann.get("/policies/social")).status == 404  # two could be meant


class Mayor:
    """An importer whose page everybody may open, and which is asked for nothing else."""

    forgets = False

    async def _unasked(self, *said: object) -> Any:
        raise AssertionError("nothing is imported here")

    health_of = read = suggested = preview = save = _unasked

    def schools(self, person: Person) -> Sequence[School]:
        return (School("oak", "Oak"),)


async def test_a_policy_is_added_only_by_who_may(visit: Visit) -> None:
    reid = await visit("reid")
    await reid.get("/policies")
    assert "/import" not in reid.page
    mayor = await visit("reid", importer=Mayor())
    await mayor.get("/policies")
    assert '<a class="button" href="/import">' in mayor.page


# What is wrong, where it is wrong ---------------------------------------------------------------


async def test_what_is_wrong_stands_gravest_first_and_at_its_clause(visit: Visit) -> None:
    ann = await visit("ann")
    await ann.get("/policies/photos")
    summary, _, below = ann.page.partition('<article class="words"')
    for told in TOLD:
        for said in (told.says, told.why, told.do, told.who):
            assert said in words(summary)
    grave = re.findall(r'<li class="told (\w+)">', summary)
    assert grave == ["stop", "stop", "mend", "mend", "look"]
    at = re.split(r'id="(p\d)" class="clause', below)
    by_clause = dict(zip(at[1::2], at[2::2], strict=True))
    assert TOLD[1].do in by_clause["p2"]
    assert TOLD[2].do in by_clause["p4"]
    assert TOLD[1].says not in by_clause["p4"] + by_clause["p3"] + by_clause["p1"]


def test_a_contradiction_is_shown_on_both_sides_and_once_on_each() -> None:
    known = {p.id: p for p in (SOCIAL, PHOTOS)}
    (here,) = seen_of(SOCIAL, TOLD, known)
    there = next(s for s in seen_of(PHOTOS, TOLD, known) if s.told == here.told)
    assert here.clause == SOCIAL.by_id["c5"]
    assert here.others == ((PHOTOS, PHOTOS.by_id["p1"]),)
    assert there.clause == PHOTOS.by_id["p1"]
    assert there.others == ((SOCIAL, SOCIAL.by_id["c5"]),)


async def test_a_policy_without_fault_says_nothing_of_faults(visit: Visit) -> None:
    ann = await visit("ann", health=tuple)
    await ann.get("/policies/photos")
    assert "wrong" not in words(ann.page)
    reid = await visit("reid", health=tuple)
    await reid.get("/health")
    assert words(reid.page).count("Nothing wrong was found in it.") == 2


async def test_a_clause_alone_says_where_it_stands_and_what_to_know_first(visit: Visit) -> None:
    ann = await visit("ann")
    await ann.get("/policies/social/c/c5")
    assert "<title>2.1 (bullet 2) (a) · Staff use of social media · Policybot</title>" in ann.page
    said = words(ann.page)
    assert "you were shown: 2.1 (bullet 2) (a), under “2. What staff must not do”." in said
    assert "Staff use of social media, version 3." in said
    await ann.get("/policies/photos/c/p1")
    shown = words(ann.page[ann.page.index('aria-current="true"') :])
    assert f"Do not rely on this. {TOLD[0].says}" in shown
    assert f"Mend soon. {TOLD[3].says}" in shown


async def test_what_is_wrong_is_asked_anew_for_every_page(visit: Visit) -> None:
    known, flags = [SOCIAL], list[Told]()
    reid = await visit("reid", policies=lambda: known, health=lambda: flags)
    await reid.get("/health")
    assert "Photographs" not in words(reid.page)
    known.append(PHOTOS)
    flags += TOLD
    await reid.get("/health")
    assert TOLD[1].says in words(reid.page)


async def test_the_report_holds_only_the_schools_one_oversees(visit: Visit) -> None:
    elsewhere = replace(PHOTOS, school="elm", title="Elm Lane photographs")
    reid = await visit("reid", policies=lambda: (SOCIAL, elsewhere), health=tuple)
    await reid.get("/health")
    assert "Staff use of social media" in reid.page
    assert "Elm Lane" not in reid.page


# Finding and comparing --------------------------------------------------------------------------


async def test_all_policies_are_searched_at_once(visit: Visit) -> None:
    ann = await visit("ann")
    await ann.get("/policies?q=friend")
    found = re.findall(r'<li><a href="(/policies/\w+/c/\w+)">', ann.page)
    assert found == ["/policies/social/c/c3", "/policies/photos/c/p1"]
    assert re.search(r'<section class="found" id="found"[^>]* tabindex="-1" autofocus', ann.page)


async def test_two_policies_are_compared_topic_by_topic(visit: Visit) -> None:
    ann = await visit("ann")
    await ann.get("/compare?one=social&other=photos")
    said = words(ann.page)
    assert "Staff use of social media The stricter of the two Never without written" in said
    assert SOCIAL.by_id["c5"].text in said
    assert "Photographs It says nothing about this." in said
    assert said.endswith("Neither says anything about Monitoring")
    await ann.get("/compare?one=social&other=photos&topic=friends")
    assert "Never without written permission." not in words(ann.page)


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        ("one=social&other=social", "Choose two policies that are not the same."),
        ("one=social&other=none", "Choose two policies from the lists."),
        (f"one={HOSTILE}&other=photos".replace("&{", "{"), "Choose two policies from the lists."),
    ],
)
async def test_two_that_cannot_be_compared_are_told_why(
    visit: Visit, pair: str, sentence: str
) -> None:
    ann = await visit("ann")
    assert (await ann.get(f"/compare?{pair}")).status == 200
    assert sentence in words(ann.page)
    assert "<script>alert" not in ann.page


# Questions --------------------------------------------------------------------------------------


async def test_questions_show_their_words_and_day_and_are_marked_as_done(visit: Visit) -> None:
    asked = Asked(*QUESTIONS)
    reid = await visit("reid", asked)
    await reid.get("/questions")
    assert "2 November 2026" in words(reid.page)
    assert "<script>alert" not in reid.page
    form = {**reid.hidden("/questions/done"), "question": "q1"}
    response = await reid.post("/questions/done", form)
    assert response.history[0].status == 303
    assert "Done. The question is deleted." in words(reid.page)
    (heard,) = asked.heard
    assert isinstance(heard, Pressed)
    assert (heard.person, heard.action, heard.at) == ("reid", "settle q1", NOW)
    await reid.post("/questions/done", form)
    assert "That question was not there any more." in words(reid.page)
    assert [q.id for q in asked.waiting] == ["q2"]


@pytest.mark.parametrize("token", ["", "another"])
async def test_a_form_that_is_not_from_ones_own_page_is_not_heard(visit: Visit, token: str) -> None:
    asked = Asked(*QUESTIONS)
    reid = await visit("reid", asked)
    await reid.get("/questions")
    form = {**reid.hidden("/questions/done"), "question": "q1", "token": token}
    assert (await reid.post("/questions/done", form)).status == 403
    assert "Nothing was done" in words(reid.page)
    assert asked.heard == []


async def test_another_site_cannot_mark_a_question_as_done(visit: Visit) -> None:
    asked = Asked(*QUESTIONS)
    reid = await visit("reid", asked)
    await reid.get("/questions")
    form = reid.hidden("/questions/done")
    response = await reid.post("/questions/done", form, Origin="http://evil.example")
    assert response.status == 403
    assert asked.heard == []


async def test_who_may_not_read_a_question_may_not_settle_it(visit: Visit) -> None:
    asked = Asked(*QUESTIONS)
    ann = await visit("ann", asked)
    form = {**ann.hidden("/say"), "question": "q1"}
    assert (await ann.post("/questions/done", form)).status == 403
    assert REFUSED in words(ann.page)
    assert asked.heard == []


async def test_what_was_not_saved_is_said(visit: Visit) -> None:
    asked = Asked(*QUESTIONS)
    reid = await visit("reid", asked)
    await reid.get("/questions")
    asked.broken = True
    form = {**reid.hidden("/questions/done"), "question": "q1"}
    assert (await reid.post("/questions/done", form)).status == 503
    assert "the question is still there" in words(reid.page)


async def test_the_real_desk_deletes_a_question_from_the_page() -> None:
    """The pages as app.py wires them: the owner of Oak's policies is "own"."""
    people = {"ann": OAK.people["ann"], "own": Person("own", "Ms Oakes", (Membership("oak"),))}
    hats = policy("Hats may be worn.", owner="")
    house, store = house_of(hats, schools=(replace(OAK, people=people),)), MemoryStore()
    asked = Question("q1", "oak", "p", "May I wear a hat?", local_day(wall_time()))
    store.carry_out(lambda _: Decision((), (KeepQuestion(asked),)))
    made, _ = serving.web_app(house, store, Posts())
    async with TestClient(TestServer(made, host="127.0.0.1")) as client:
        ann = await Visitor(client).become("ann")
        assert (await ann.get("/questions")).status == 403
        own = await Visitor(client).become("own")
        await own.get("/questions")
        assert "May I wear a hat?" in own.page
        await own.post("/questions/done", own.hidden("/questions/done"))
        assert "Done. The question is deleted." in words(own.page)
    assert store.look(lambda reads: reads.questions(None)) == ()
