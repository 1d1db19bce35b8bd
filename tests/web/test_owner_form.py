"""The form to the policy's owner on the page, by HTTP alone: as somebody without JavaScript uses it."""

import re
from collections.abc import AsyncIterator, Callable
from html import unescape

import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer

from bot import serving
from bot.core.records import Decision, Reads
from bot.platforms.web import Posts
from bot.store.memory import MemoryStore
from tests.helpers import house
from tests.web.test_web import Visitor

LIVE = "a pupil told me he is being hurt at home"


class Bell(Visitor):
    """Somebody at the real chat of the example school."""

    store: MemoryStore

    async def presses(self, label: str, **fields: str) -> None:
        """Sends the form of the last card that has this button, with all its fields as they stand."""
        form = next(f for f in reversed(self.forms()) if f">{label}</button>" in f)
        action = re.search(rf'value="([^"]*)"[^>]*>{re.escape(label)}</button>', form)
        assert action
        hidden = re.findall(r'type="hidden" name="(\w+)"[^>]*? value="([^"]*)"', form)
        typed = {f"field.{name}": words for name, words in fields.items()}
        sent = {"field.words": self.typed(form), **typed}
        told = {name: unescape(value) for name, value in hidden}
        await self.post("/press", {**told, **sent, "action": unescape(action[1])})

    def forms(self) -> list[str]:
        return re.findall(r'<form class="acts".*?</form>', self.page, re.S)

    def typed(self, form: str) -> str:
        found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", form, re.S)
        return unescape(found[1]) if found else ""

    @property
    def form(self) -> str:
        """The form that is open; there is one at most."""
        (open_now,) = (f for f in self.forms() if "<textarea" in f)
        return open_now

    def asked(self) -> list[str]:
        return [q.words for q in self.store.look(lambda reads: reads.questions(None))]


@pytest_asyncio.fixture
async def bell() -> AsyncIterator[Bell]:
    store = MemoryStore()
    made, _ = serving.web_app(house(), store, Posts())
    client = TestClient(TestServer(made, host="127.0.0.1"))
    await client.start_server()
    visitor = Bell(client)
    visitor.store = store
    await visitor.become("bell")
    await visitor.say("can i wear  trainers\nto work & <b>home</b>")
    await visitor.presses("Send this question to the policy owner")
    yield visitor
    await client.close()


async def test_the_field_has_its_label_its_hint_and_the_words_as_they_were_typed(
    bell: Bell,
) -> None:
    label = re.search(r'<label for="([\w-]+)">The question to send</label>', bell.form)
    assert label
    assert f'<textarea id="{label[1]}" name="field.words"' in bell.form
    assert f'aria-describedby="{label[1]}-hint"' in bell.form
    hint = "You can change the words before they go."
    assert f'<p class="hint" id="{label[1]}-hint">{hint}</p>' in bell.form
    assert "aria-invalid" not in bell.form
    assert bell.typed(bell.form) == "can i wear  trainers\nto work & <b>home</b>"
    assert "<b>home" not in bell.page


async def test_a_mistake_stands_beside_its_field_and_the_words_stay(bell: Bell) -> None:
    words = "Can I?\n\n" + "really " * 300
    await bell.presses("Send these words", words=words)
    field = re.search(r'<textarea id="([\w-]+)"[^>]*>', bell.form)
    assert field
    described = f'aria-describedby="{field[1]}-hint {field[1]}-error" aria-invalid="true"'
    assert described in field[0]
    error = re.search(rf'<p class="error" id="{field[1]}-error">(.*?)</p>', bell.form)
    assert error
    told = re.sub("<[^>]*>", "", error[1])
    assert told == "Mistake: That is too long: 2,000 characters at most."
    assert bell.typed(bell.form) == words.strip()
    assert bell.asked() == []


async def test_a_mistake_takes_the_forms_place_and_its_words_are_shown_once(bell: Bell) -> None:
    for words in ("", "x" * 2001, ""):
        await bell.presses("Send these words", words=words)
        assert len([form for form in bell.forms() if "<textarea" in form]) == 1
    assert "x" * 2001 not in bell.page
    assert "Please write your question here." in bell.form
    assert bell.typed(bell.form) == ""


async def test_the_corrected_question_goes_once_and_the_form_leaves_the_page(bell: Bell) -> None:
    await bell.presses("Send these words", words="")
    await bell.get()
    page = bell.page
    for words in ("May I?\r\nAnd then?", "May I?\r\nAnd then?", "Or not?"):
        bell.page = page  # twice from this page, and changed in another tab
        await bell.presses("Send these words", words=words)
        assert "Sent to the owner of the" in bell.page
        assert "field.words" not in bell.page
    assert bell.asked() == ["May I?\nAnd then?"]
    assert "May I?" not in bell.page


async def test_what_describes_a_concern_leads_to_the_gate_and_leaves_the_page(bell: Bell) -> None:
    await bell.presses("Send these words", words=LIVE)
    assert "If a child is in danger now, ring 999" in bell.page
    assert LIVE not in bell.page
    assert bell.asked() == []


async def test_what_was_not_saved_stays_in_the_form(bell: Bell) -> None:
    keeps = bell.store.carry_out
    bell.store.carry_out = _fails  # type: ignore[method-assign]
    await bell.presses("Send these words", words="May I?\n\nOr not?")
    assert "nothing was saved" in bell.page
    assert bell.typed(bell.form) == "May I?\n\nOr not?"
    bell.store.carry_out = keeps  # type: ignore[method-assign]
    await bell.presses("Send these words")
    assert bell.asked() == ["May I?\n\nOr not?"]


def _fails(decide: Callable[[Reads], Decision], key: str = "") -> Decision:
    raise OSError("the disk is full")


async def test_without_changing_his_mind_he_leaves_it(bell: Bell) -> None:
    # Fields of a form that is not sent are nobody's business.
    await bell.presses("Don&#39;t send", words=LIVE)
    assert "Nothing was sent." in bell.page
    assert "field.words" not in bell.page
    assert LIVE not in bell.page


async def test_where_there_is_a_page_the_page_is_opened_and_not_pressed(bell: Bell) -> None:
    await bell.say("policies")
    assert 'href="/policies/staff-online">Staff Online Conduct Policy</a>' in bell.page
    assert "read staff-online" not in bell.page
    await bell.say("2.1")
    assert re.search(r'href="/policies/[\w-]+/c/\w+">See it in the policy</a>', bell.page)
