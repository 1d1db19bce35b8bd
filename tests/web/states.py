"""Every page in every state that people meet, each with the way to it and the route it belongs to.

A route of the web application that no state names fails a test, so that no page goes unlooked at.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from aiohttp import web
from playwright.async_api import Browser, Page

from bot.platforms.web import Posts
from bot.serving import web_app
from bot.store.memory import MemoryStore
from tests.helpers import house
from tests.web import importing
from tests.web.conftest import serving
from tests.web.school import SOCIAL, Asked, Script, school

AXE = Path(__file__).parent / "axe" / "axe.min.js"
# What axe calls grave enough to keep somebody from using a page.
SERIOUS = ("serious", "critical")

# Routes that are no page of their own: a file, a part of a page that is open already.
NO_PAGES = ("/static/{file}", "/chat/{file}", "/healthz", "/new", "/import/{key}/file")
# Forms, and the page each leads back to.
FORMS = (
    *("/who", "/leave", "/say", "/press", "/questions/done"),
    *("/import", "/import/{key}", "/import/{key}/at/{start}"),
)

Go = Callable[[Page, str], Awaitable[None]]


@dataclass(frozen=True)
class State:
    """``who`` is chosen first, empty for nobody; ``then`` does what it takes after opening ``path``."""

    name: str
    route: str
    path: str
    who: str = ""
    then: Go | None = None


async def _ask(page: Page, words: str, answer: str) -> None:
    await page.get_by_label("Your question").fill(words)
    await page.get_by_label("Your question").press("Enter")
    await page.get_by_role("log").get_by_role("heading", name=answer).last.wait_for()


async def _answered(page: Page, url: str) -> None:
    await _ask(page, "can i accept a friend request?", "No.")
    await page.get_by_text("More choices").first.click()


async def _faulty(page: Page, url: str) -> None:
    await _ask(page, "may I take a photo?", "It depends which rule")


async def _gated(page: Page, url: str) -> None:
    await _ask(page, "she is in danger", "If a child is in danger")


async def _form(page: Page, url: str) -> None:
    await _ask(page, "can i?", "No.")
    await page.get_by_role("button", name="Report this").last.click()
    await page.get_by_label("What happened").wait_for()


async def _form_error(page: Page, url: str) -> None:
    await _form(page, url)
    await page.locator("#entries").get_by_role("button", name="Send").last.click()
    await page.locator("[aria-invalid=true]").last.wait_for()


async def _owner_form(page: Page, url: str) -> None:
    await _ask(page, "can i wear trainers", "Our policies don't settle this. That isn't a yes.")
    await page.get_by_role("button", name="Send this question to the policy owner").last.click()
    await page.get_by_role("log").get_by_label("The question to send").last.wait_for()


async def _owner_form_error(page: Page, url: str) -> None:
    await _owner_form(page, url)
    field = page.get_by_role("log").get_by_label("The question to send").last
    await field.fill("May I? " * 300)
    await page.get_by_role("button", name="Send these words").last.click()
    wrong = page.locator("textarea[aria-invalid=true]")
    await wrong.wait_for()
    assert await wrong.input_value() == ("May I? " * 300).strip()
    assert await wrong.evaluate("field => field === document.activeElement")


async def _too_long(page: Page, url: str) -> None:
    await page.get_by_label("Your question").fill("x" * 4001)
    await page.locator("#ask").get_by_role("button", name="Send").click()
    await page.get_by_role("alert").wait_for()


async def _details(page: Page, url: str) -> None:
    for summary in await page.locator("summary").all():
        await summary.click()


async def _stale(page: Page, url: str) -> None:
    await page.locator("summary").first.click()
    await page.evaluate("document.querySelector('[name=token]').value = 'another'")
    await page.get_by_role("button", name="Delete this question").first.click()
    await page.get_by_role("heading", name="Nothing was done").wait_for()


async def _done(page: Page, url: str) -> None:
    await page.locator("summary").last.click()
    await page.get_by_role("button", name="Delete this question").last.click()
    await page.get_by_role("status").wait_for()


async def _handed(page: Page, url: str) -> None:
    document = {"name": "phones.txt", "mimeType": "text/plain", "buffer": importing.TEXT.encode()}
    await page.locator("input[type=file]").set_input_files(document)  # type: ignore[arg-type]
    await page.get_by_role("button", name="Read it").click()
    await page.get_by_role("heading", name="Phone Policy: look it through").wait_for()


async def _handed_nothing(page: Page, url: str) -> None:
    await page.locator("#file").evaluate("file => file.required = false")
    await page.get_by_role("button", name="Read it").click()
    await page.locator("[aria-invalid=true]").wait_for()


async def _mistyped(page: Page, url: str) -> None:
    await _handed(page, url)
    await page.get_by_label("Review due", exact=True).fill("soon")
    await page.get_by_role("button", name="Save this policy").first.click()
    await page.locator("[aria-invalid=true]").first.wait_for()


async def _opened(page: Page, url: str) -> None:
    await _handed(page, url)
    await page.get_by_role("button", name="Split, join or move").first.click()
    await page.wait_for_url("**/at/*")


async def _saved(page: Page, url: str) -> None:
    await _handed(page, url)
    await page.get_by_role("button", name="Save this policy").first.click()
    await page.get_by_role("link", name="See the policy").wait_for()


POLICY, CLAUSE = "/policies/{policy}", "/policies/{policy}/c/{clause}"
PAIR = "/compare?one=social&other=photos"
STATES = (
    State("choose", "/", "/"),
    State("chat empty", "/", "/", "Ann"),
    State("chat answered", "/", "/", "Ann", _answered),
    State("chat faulty", "/", "/", "Ann", _faulty),
    State("chat gate", "/", "/", "Ann", _gated),
    State("chat form", "/", "/", "Priya", _form),
    State("chat form error", "/", "/", "Reid", _form_error),
    State("chat too long", "/", "/", "Ann", _too_long),
    State("policies", "/policies", "/policies", "Reid"),
    State("policies found", "/policies", "/policies?q=friend#found", "Ann"),
    State("policies not found", "/policies", "/policies?q=parking", "Ann"),
    State("policy", POLICY, "/policies/social", "Ann", _details),
    State("policy with faults", POLICY, "/policies/photos", "Reid", _details),
    State("policy found", POLICY, "/policies/social?q=friend#found", "Ann"),
    State("policy not found", POLICY, "/policies/social?q=parking", "Ann"),
    State("clause", CLAUSE, "/policies/social/c/c5", "Ann"),
    State("clause with faults", CLAUSE, "/policies/photos/c/p1", "Ann"),
    State("compare empty", "/compare", "/compare", "Ann"),
    State("compare mistaken", "/compare", "/compare?one=social&other=social", "Ann"),
    State("compare", "/compare", PAIR, "Reid"),
    State("compare one topic", "/compare", f"{PAIR}&topic=friends", "Ann"),
    State("questions", "/questions", "/questions", "Reid", _details),
    State("questions stale", "/questions/done", "/questions", "Reid", _stale),
    State("questions done", "/questions/done", "/questions", "Reid", _done),
    State("health", "/health", "/health", "Reid"),
    State("doctor", "/doctor", "/doctor", "Reid"),
    State("refused", "/health", "/health", "Ann"),
    State("refused to nobody", "/questions", "/questions"),
    State("no such policy", POLICY, "/policies/none", "Ann"),
    State("policies for a stranger", "/policies", "/policies"),
    State("no such clause", CLAUSE, "/policies/social/c/none", "Ann"),
    State("no such page", "*", "/nothing", "Ann"),
)
EMPTY = (
    State("no policies", "/policies", "/policies", "Reid"),
    State("nothing to compare", "/compare", "/compare", "Ann"),
    State("no questions", "/questions", "/questions", "Reid"),
    State("health of nothing", "/health", "/health", "Reid"),
    State("doctor without a word", "/doctor", "/doctor", "Reid"),
)
SOUND = (
    State("health without fault", "/health", "/health", "Reid"),
    State("only one policy", "/compare", "/compare", "Ann"),
)

IMPORT, PAPER = "/import", "/import/{key}"
IMPORTING = (
    State("import", IMPORT, "/import", "Reid"),
    State("import nothing", IMPORT, "/import", "Reid", _handed_nothing),
    State("import refused", IMPORT, "/import", "Jo Bell"),
    State("import forgotten", PAPER, "/import/none", "Reid"),
    State("import preview", PAPER, "/import", "Reid", _handed),
    State("import mistyped", PAPER, "/import", "Reid", _mistyped),
    State("import clause", f"{PAPER}/at/{{start}}", "/import", "Reid", _opened),
    State("import saved", PAPER, "/import", "Reid", _saved),
)


OWNER = (
    State("owner form", "/", "/", "Jo Bell", _owner_form),
    State("owner form error", "/", "/", "Jo Bell", _owner_form_error),
)


def full_school() -> web.Application:
    return school(Script())


def empty_school() -> web.Application:
    """A school on its first day: nothing is there yet."""
    nothing: dict[str, Any] = {"policies": tuple, "health": tuple, "doctor": lambda schools: ()}
    return school(Script(), asked=Asked(), **nothing)


def sound_school() -> web.Application:
    """Nothing is wrong, and there is one policy only."""
    return school(Script(), policies=lambda: (SOCIAL,), health=tuple)


def importing_school() -> web.Application:
    """A school's own folder, thrown away with the tests' other folders."""
    return importing.served(importing.folder(Path(mkdtemp()) / "policies"))


def example_school() -> web.Application:
    """The chat as it is, with the example school behind it."""
    made: web.Application = web_app(house(), MemoryStore(), Posts())[0]
    return made


SCHOOLS: tuple[tuple[Callable[[], web.Application], tuple[State, ...]], ...] = (
    (full_school, STATES),
    (empty_school, EMPTY),
    (sound_school, SOUND),
    (importing_school, IMPORTING),
    (example_school, OWNER),
)


def page_routes(app: web.Application) -> set[str]:
    """Every address of the application, as it is written in its router."""
    return {resource.canonical for resource in app.router.resources()}


async def at_each(page: Page, url: str, states: tuple[State, ...]) -> AsyncIterator[State]:
    """Brings the page into each state, one after the other."""
    for state in states:
        await page.context.clear_cookies()
        await page.goto(url)
        if state.who:
            await page.get_by_role("button", name=state.who).click()
            await page.get_by_label("Your question").wait_for()
        await page.goto(url + state.path)
        await page.wait_for_load_state()
        if state.then:
            await state.then(page, url)
        yield state


RUN = """() => axe.run(document, {resultTypes: ["violations"]}).then((found) => found.violations
  .map((v) => [v.impact, v.id, v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join("; ")]))"""

# The commonest fault of all: words too faint to read. Set as a script could, past our own sheet.
FAINT = """() => ["--ink", "--soft", "--accent"].forEach((name) =>
  document.documentElement.style.setProperty(name, "#9a9a9a"))"""


async def serious(page: Page) -> list[str]:
    """What axe finds that is serious or worse, as "rule: where"."""
    if not await page.evaluate("typeof axe === 'object'"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    found = await page.evaluate(RUN)
    return [f"{rule}: {where}" for impact, rule, where in found if impact in SERIOUS]


async def light(page: Page) -> None:
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": 1280, "height": 800})


async def dark(page: Page) -> None:
    await page.emulate_media(color_scheme="dark")
    await page.set_viewport_size({"width": 1280, "height": 800})


async def phone(page: Page) -> None:
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": 320, "height": 640})


LOOKS = {"light": light, "dark": dark, "phone": phone}


async def looks(page: Page, app: web.Application, states: tuple[State, ...]) -> AsyncIterator[str]:
    """Brings the page into every state and every look, and names each."""
    runner, url = await serving(app)
    try:
        async for state in at_each(page, url, states):
            for name, look in LOOKS.items():
                await look(page)
                yield f"{state.name}, {name}"
    finally:
        await runner.cleanup()


async def sweep(browser: Browser, unguarded: bool = False) -> AsyncIterator[tuple[str, list[str]]]:
    """Every state in every look, with what axe finds serious there; ``unguarded`` makes words faint."""
    for make, states in SCHOOLS:
        context = await browser.new_context()
        page = await context.new_page()
        page.set_default_timeout(8000)
        async for name in looks(page, make(), states):
            if unguarded:
                await page.evaluate(FAINT)
            yield name, await serious(page)
        await context.close()
