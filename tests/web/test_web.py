"""The chat and the pages by HTTP alone: what is refused, what is escaped, what is kept."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen
from threading import Timer

import pytest
import pytest_asyncio
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from bot.core.cards import Card
from bot.core.messages import Pressed, Said
from bot.core.people import Person
from bot.core.policies import Clause, Policy, spoken
from bot.pages.reading import parts
from bot.platforms.web import Posts, serve
from bot.platforms.web.guard import plain
from tests.web.school import HOSTILE, NOW, PEOPLE, SOCIAL, Script, posted, school

Client = TestClient[Request, Application]
Clients = Callable[..., Awaitable["Visitor"]]


class Visitor:
    """A browser without JavaScript: keeps cookies, sends the hidden inputs of the last page."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.page = ""

    async def get(self, path: str = "/", **headers: str) -> ClientResponse:
        response = await self.client.get(path, headers=headers)
        self.page = await response.text()
        return response

    async def post(self, path: str, form: dict[str, str], **headers: str) -> ClientResponse:
        response = await self.client.post(path, data=form, headers=headers)
        self.page = await response.text()
        return response

    def hidden(self, form: str) -> dict[str, str]:
        """The hidden inputs of the form that posts to this path."""
        found = re.findall(rf'<form[^>]*action="{form}".*?</form>', self.page, re.S)
        inputs = re.findall(r'<input type="hidden" name="(\w+)"[^>]*? value="([^"]*)"', found[-1])
        return {name: unescape(value) for name, value in inputs}

    async def become(self, person: str) -> "Visitor":
        await self.get()
        if 'action="/leave"' in self.page:
            await self.post("/leave", self.hidden("/leave"))
        await self.post("/who", {**self.hidden("/who"), "person": person})
        return self

    async def say(self, text: str, **headers: str) -> ClientResponse:
        return await self.post("/say", {**self.hidden("/say"), "text": text}, **headers)


@pytest_asyncio.fixture
async def visit() -> AsyncIterator[Clients]:
    clients: list[Client] = []

    async def visitor(hear: Script, posts: Posts | None = None, *people: Person) -> Visitor:
        made = school(hear, posts, people or PEOPLE)
        client = TestClient(TestServer(made, host="127.0.0.1"))
        await client.start_server()
        clients.append(client)
        return Visitor(client)

    yield visitor
    for client in clients:
        await client.close()


async def test_first_one_says_who_one_is_then_asks_and_reads_the_answer(visit: Clients) -> None:
    hear = Script()
    ann = await visit(hear)
    await ann.get()
    assert "Who are you?" in ann.page
    await ann.become("ann")
    response = await ann.say("Can I accept\r\na friend request?")
    assert response.history[0].status == 303
    assert "<strong>Staff must not accept friend requests from pupils.</strong> This" in ann.page
    assert 'href="/policies/social/c/c3"' in ann.page
    key = hear.heard[0].key
    assert hear.heard == [Said("ann", "Can I accept\na friend request?", NOW, key, "web:ann")]


async def test_a_press_carries_its_action_and_what_was_typed(visit: Clients) -> None:
    hear = Script()
    ann = await (await visit(hear)).become("ann")
    await ann.say("friend")
    await ann.post("/press", {**ann.hidden("/press"), "action": "report new"})
    form = {**ann.hidden("/press"), "action": "draft send", "field.story": "He said\x00 so"}
    await ann.post("/press", {**form, "field.where": "hall"})
    heard = hear.heard[-1]
    assert heard == Pressed(
        "ann", "draft send", NOW, heard.key, "web:ann", {"story": "He said so", "where": "hall"}
    )
    assert "He said" not in ann.page


async def test_everything_hostile_is_shown_as_words(visit: Clients) -> None:
    ann = await (await visit(Script())).become("ann")
    await ann.say(f"hostile {HOSTILE}")
    assert "<script>alert" not in ann.page
    assert "<img" not in ann.page
    assert "javascript:" not in ann.page
    assert "evil.example" not in ann.page
    assert "{{7*7}}" in ann.page
    assert "49" not in re.sub(r"<[^>]*>", "", ann.page)
    assert ann.page.count("&lt;script&gt;") >= 10
    assert HOSTILE in unescape(ann.page)


async def test_the_same_form_twice_is_heard_with_the_same_key_and_shown_once(
    visit: Clients,
) -> None:
    hear = Script()
    ann = await (await visit(hear)).become("ann")
    form = {**ann.hidden("/say"), "text": "friend?"}
    await ann.post("/say", form)
    await ann.post("/say", form)
    assert len(hear.heard) == 2
    assert hear.heard[0] == hear.heard[1]
    assert ann.page.count('class="bubble"') == 1
    assert ann.page.count("<h2>No.</h2>") == 1


async def test_a_form_that_was_gone_back_to_and_changed_is_a_new_message(visit: Clients) -> None:
    hear = Script()
    ann = await (await visit(hear)).become("ann")
    form = ann.hidden("/say")
    await ann.post("/say", {**form, "text": "friend?"})
    await ann.post("/say", {**form, "text": "photo?"})
    assert len({message.key for message in hear.heard}) == 2


async def test_a_button_pressed_twice_on_one_page_has_one_key_and_another_button_another(
    visit: Clients,
) -> None:
    hear = Script()
    ann = await (await visit(hear)).become("ann")
    await ann.say("friend")
    form = ann.hidden("/press")
    for action in ("report new", "report new", "missed"):
        await ann.post("/press", {**form, "action": action})
    first, second, third = (message.key for message in hear.heard[1:])
    assert first == second != third


async def test_what_was_not_saved_keeps_the_words_and_the_key(visit: Clients) -> None:
    hear = Script()
    ann = await (await visit(hear)).become("ann")
    hear.broken = True
    response = await ann.say('my <b>words</b> & "more"')
    assert response.status == 503
    assert "This was not saved." in ann.page
    assert "my &lt;b&gt;words&lt;/b&gt; &amp; &#34;more&#34;</textarea>" in ann.page
    hear.broken = False
    await ann.say('my <b>words</b> & "more"')
    assert hear.heard[0] == hear.heard[1]


async def test_a_form_that_was_not_saved_keeps_what_was_typed_into_it(visit: Clients) -> None:
    hear = Script()
    ann = await (await visit(hear)).become("ann")
    await ann.say("friend")
    await ann.post("/press", {**ann.hidden("/press"), "action": "report new"})
    hear.broken = True
    form = {**ann.hidden("/press"), "action": "draft send"}
    await ann.post("/press", {**form, "field.story": "\nmy story", "field.where": "hall"})
    assert "\n\nmy story</textarea>" in ann.page
    assert 'value="hall"' in ann.page
    again = {**ann.hidden("/press"), "action": "draft send"}
    await ann.post("/press", {**again, "field.story": "\nmy story", "field.where": "hall"})
    assert hear.heard[-1].key == hear.heard[-2].key


@pytest.mark.parametrize(("text", "status"), [("x" * 4001, 413), ("", 422), ("\x00 \x07", 422)])
async def test_too_long_and_empty_are_refused_in_words(
    visit: Clients, text: str, status: int
) -> None:
    hear = Script()
    ann = await (await visit(hear)).become("ann")
    response = await ann.say(text)
    assert response.status == status
    assert 'role="alert"' in ann.page
    assert hear.heard == []
    assert "x" * text.count("x") in ann.page


async def test_a_body_past_the_limit_is_refused_in_words(visit: Clients) -> None:
    ann = await (await visit(Script())).become("ann")
    response = await ann.say("x" * 70_000)
    assert response.status == 413
    assert "more than I can take at once" in ann.page


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "127.0.0.1@evil.example"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"},
    ],
)
async def test_another_site_cannot_speak_for_the_person(
    visit: Clients, headers: dict[str, str]
) -> None:
    hear = Script()
    ann = await (await visit(hear)).become("ann")
    response = await ann.say("friend", **headers)
    assert response.status == 403
    assert hear.heard == []
    assert "Content-Security-Policy" in response.headers


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "[::1", "0.0.0.0", ""])
async def test_another_name_for_this_machine_shows_nothing(visit: Clients, host: str) -> None:
    ann = await (await visit(Script())).become("ann")
    for path in ("/", "/new?after=0", "/policies", "/healthz"):
        response = await ann.get(path, Host=host)
        assert response.status in (400, 403)
        assert "Ann Okafor" not in ann.page
        assert "social media" not in ann.page


async def test_localhost_is_this_machine_too(visit: Clients) -> None:
    ann = await visit(Script())
    assert (await ann.get("/", Host="localhost:8000")).status == 200


async def test_a_form_without_its_token_or_with_anothers_is_not_heard(visit: Clients) -> None:
    hear = Script()
    ann = await (await visit(hear)).become("ann")
    form = ann.hidden("/say")
    for token in ("", "x", "é", form["token"][:-1]):
        await ann.get("/")
        if "Who are you?" in ann.page:
            await ann.become("ann")
        response = await ann.post("/say", {**form, "token": token, "text": "mine"})
        assert response.status == 403
        assert "Your words are kept" in ann.page
    # A page left open as one person never speaks as the next.
    await ann.become("shah")
    assert (await ann.post("/say", {**form, "text": "mine"})).status == 403
    assert hear.heard == []


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c", "a.YW5u.0000", "..", "é.é.é"])
async def test_a_cookie_that_is_not_ours_is_nobody(visit: Clients, cookie: str) -> None:
    ann = await visit(Script())
    await ann.get("/", Cookie=f"policybot={cookie}")
    assert "Who are you?" in ann.page


async def test_words_typed_before_a_restart_come_back_into_the_box(visit: Clients) -> None:
    hear = Script()
    before, after = await (await visit(hear)).become("ann"), await visit(hear)
    form = {**before.hidden("/say"), "text": "my <long> question"}
    assert (await after.post("/say", form)).status == 403
    await after.post("/who", {**after.hidden("/who"), "person": "ann"})
    assert "my &lt;long&gt; question</textarea>" in after.page
    await after.say("my <long> question")
    assert [message.person for message in hear.heard] == ["ann"]


async def test_every_answer_carries_the_headers_and_a_closed_cookie(visit: Clients) -> None:
    ann = await visit(Script())
    first = await ann.get("/")
    cookie = first.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    await ann.become("ann")
    paths = ("/", "/policies", "/policies/social", "/policies/none", "/nothing", "/healthz")
    for path in (*paths, "/static/policybot.css", "/static/none", "/chat/htmx.min.js", "/chat/x"):
        headers = (await ann.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "no-referrer", path
        assert headers["Content-Security-Policy"].startswith("default-src 'none'"), path
        assert "unsafe" not in headers["Content-Security-Policy"], path
        kept = "no-cache" if path.endswith((".css", ".js")) else "no-store"
        assert headers["Cache-Control"] == kept, path
        assert not re.search(r"<script>|<style|style=|\son\w+=", ann.page) or kept == "no-cache"
        assert "Traceback" not in ann.page


async def test_only_forms_are_read(visit: Clients) -> None:
    ann = await (await visit(Script())).become("ann")
    response = await ann.client.post("/say", json={"text": "x"})
    assert response.status == 415
    response = await ann.client.post(
        "/say", data=b"\xff\xfe", headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert response.status == 400


async def test_the_history_is_bounded_and_a_reload_shows_it(visit: Clients) -> None:
    hear, posts = Script(), Posts()
    ann = await (await visit(hear, posts)).become("ann")
    for number in range(60):
        await ann.say(f"friend {number}")
    await ann.get("/")
    assert ann.page.count("<h2>No.</h2>") == 50
    assert "friend 59<" in ann.page
    assert "friend 8<" not in ann.page
    assert len(posts.of("ann").entries) <= 100


async def test_what_is_posted_waits_for_its_person_and_comes_once(visit: Clients) -> None:
    posts = Posts()
    shah = await visit(Script(), posts)
    for _ in range(2):
        await posts.say(posted("ping-1", "shah"), Card(title="K7QF-2M, a concern"))
    assert await posts.was_said(posted("ping-1", "shah"))
    assert not await posts.was_said(posted("ping-1"))
    assert not await posts.open("handle", Card())
    await shah.become("ann")
    assert "K7QF-2M" not in shah.page
    await shah.become("shah")
    assert shah.page.count("K7QF-2M") == 1
    await posts.say(posted("ping-2", "shah"), Card(title="Another"))
    new = f"/new?token={shah.hidden('/say')['token']}&after="
    await shah.get(f"{new}1")
    assert "Another" in shah.page
    assert "K7QF-2M" not in shah.page
    assert (await shah.get(f"{new}2")).status == 204
    assert (await shah.get(f"{new}²")).status == 200
    await shah.become("ann")
    assert (await shah.get(f"{new}0")).status == 286
    assert shah.page == ""


async def test_an_enhanced_page_gets_only_what_is_new_and_fresh_keys(visit: Clients) -> None:
    ann = await (await visit(Script())).become("ann")
    await ann.say("friend")
    form = {**ann.hidden("/say"), "text": "photo?", "after": "2"}
    await ann.post("/say", form, **{"HX-Request": "true"})
    assert "<html" not in ann.page
    assert ann.page.count("<li class=") == 2
    key = re.search(r'id="key-0" value="([^"]+)"', ann.page)
    assert key
    assert key[1] != form["key"]
    assert 'id="after" value="4"' in ann.page


async def test_a_page_lists_the_policies_with_their_review_in_words(visit: Clients) -> None:
    ann = await (await visit(Script())).become("ann")
    await ann.get("/policies")
    words = " ".join(re.sub(r"<[^>]*>", " ", ann.page).split())
    assert "Photographs Oak Lane Primary School Version 1 Replaced on 1 May 2024" in words
    assert "Version 3 Next review by September 2027" in words


async def test_a_policy_page_shows_every_clause_once_and_its_faults(visit: Clients) -> None:
    ann = await (await visit(Script())).become("ann")
    await ann.get("/policies/social")
    for clause in SOCIAL.clauses:
        assert ann.page.count(f'id="{clause.id}"') == 1
        assert ann.page.count(f"{clause.text} ".replace("'", "&#39;")) == 1
        assert f'href="/policies/social/c/{clause.id}"' in ann.page
    assert 'aria-current="true"' not in ann.page
    await ann.get("/policies/photos")
    words = " ".join(re.sub(r"<[^>]*>", " ", ann.page).split())
    assert "replaced on 1 May 2024 by Staff use of social media" in words
    assert "review date was October 2018" in words
    assert "nobody has chosen one" in words
    assert "nobody has filled in" in words


async def test_a_clause_is_found_in_its_policy_and_what_is_not_there_is_said(
    visit: Clients,
) -> None:
    ann = await (await visit(Script())).become("ann")
    await ann.get("/policies/social?q=friend")
    assert '<li><a href="/policies/social/c/c3">2.1 (bullet 1)</a>' in ann.page
    await ann.get(f"/policies/social?q={HOSTILE.replace('&', '').replace('#', '')}")
    assert "Nothing found for" in ann.page
    assert "<script>alert" not in ann.page


@pytest.mark.parametrize("path", ["/policies/none", "/policies/social/c/none", "/nothing", "/say"])
async def test_what_is_not_there_is_said_in_a_plain_sentence(visit: Clients, path: str) -> None:
    ann = await (await visit(Script())).become("ann")
    response = await ann.get(path)
    assert response.status in (404, 405)
    assert "<h1>" in ann.page
    assert "may be mistyped" in ann.page


async def test_the_machine_can_ask_whether_all_is_well(visit: Clients) -> None:
    ann = await visit(Script())
    await ann.get("/healthz")
    assert ann.page == "ok"


def test_bullets_hang_under_their_lead_in_and_nothing_is_moved() -> None:
    def shape(items: list[object]) -> list[object]:
        return [(i.clause.id, shape(i.below)) for i in items]  # type: ignore[attr-defined]

    laid = [(p.heading, p.level, shape([*p.items])) for p in parts(SOCIAL)]
    assert laid == [
        ("", 2, [("c0", [])]),
        ("1. Who this is for", 2, [("c1", [])]),
        (
            "2. What staff must not do",
            2,
            [("c2", [("c3", []), ("c4", [("c5", []), ("c6", [])])])],
        ),
        ("Settings", 3, [("c7", [])]),
        ("3. What to do if it happens", 2, [("c8", []), ("c9", [])]),
    ]


def test_a_bullet_parted_from_its_lead_in_stays_where_it_is() -> None:
    clauses = (Clause("a", "1", "a:"), Clause("b", "2", "b"), Clause("c", "1 (c)", "c", lead="a"))
    (part,) = parts(Policy("p", "P", clauses))
    assert [item.clause.id for item in part.items] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("2018-10-31", "31 October 2018"),
        ("2018-10", "October 2018"),
        ("2018", "2018"),
        ("", ""),
        ("soon", "soon"),
        ("2018-13", "2018-13"),
        ("1-2-3-4", "1-2-3-4"),
    ],
)
def test_a_date_is_said_no_more_exactly_than_it_was_written(when: str, words: str) -> None:
    assert spoken(when) == words


def test_control_characters_never_reach_the_desk() -> None:
    assert plain("a\x00b\x1b[2J\r\nc\td\x9b\udc80é👩🏽‍🏫") == "ab[2J\nc\tdé👩🏽‍🏫"


# Starting and stopping ------------------------------------------------------------------------------


async def test_a_person_is_shown_with_their_job_or_else_their_roles(visit: Clients) -> None:
    shah = replace(PEOPLE[1], id="cook", name="Cook Shah", job="school cook")
    page = await visit(Script(), None, PEOPLE[1], shah)
    await page.get()
    told = [" ".join(one.split()) for one in re.findall(r'class="who-roles">(.*?)<', page.page)]
    assert [one for one in told if one] == ["safeguarding lead, staff", "school cook"]


async def test_nothing_is_told_before_the_port_is_ours() -> None:
    told = list[int]()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            await serve(Application(), port, lambda: told.append(port))
    assert told == []
    serving = asyncio.create_task(serve(Application(), port, lambda: told.append(port)))
    async with asyncio.timeout(5):
        while not told:
            await asyncio.sleep(0.01)
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving


STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def _heard_signals() -> Iterator[None]:
    """Where the tests run under nohup they ignore signals, and what they start would inherit that."""
    ignored = [stop for stop in STOPS if signal.getsignal(stop) is signal.SIG_IGN]
    for stop in ignored:
        signal.signal(stop, signal.SIG_DFL)
    yield
    for stop in ignored:
        signal.signal(stop, signal.SIG_IGN)


@contextmanager
def started(port: int, folder: Path) -> Iterator[Popen[str]]:
    """The demo; killed if it has not ended after a minute, so that no test waits for ever."""
    here = {"PORT": str(port), "NO_BROWSER": "1", "TMPDIR": str(folder), "DATA_DIR": "nowhere"}
    args = [sys.executable, "-u", "-m", "bot", "demo"]
    with Popen(args, stdout=PIPE, stderr=STDOUT, env={**os.environ, **here}, text=True) as demo:
        late = Timer(60, demo.kill)
        late.start()
        try:
            yield demo
        finally:
            late.cancel()
            demo.kill()


@pytest.mark.usefixtures("_heard_signals")
@pytest.mark.parametrize("stop", STOPS)
def test_the_demo_leaves_nothing_behind_when_it_is_stopped(
    stop: signal.Signals, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with started(port, tmp_path) as demo:
        assert demo.stdout is not None
        assert demo.stdout.readline().startswith("Ready in ")
        assert list(tmp_path.iterdir())
        demo.send_signal(stop)
        said = demo.communicate()[0]
    assert (demo.returncode, list(tmp_path.iterdir())) == (0, [])
    assert "Aborted" not in said
    assert "Traceback" not in said
