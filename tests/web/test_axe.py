"""No page, in no state and no look, keeps anybody from using it: as axe-core sees it."""

import pytest
from playwright.async_api import Browser

from tests.web import states
from tests.web.conftest import Open, Start
from tests.web.test_browser import looked_at

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_no_page_in_any_state_or_look_has_a_serious_fault(browser: Browser) -> None:
    seen = {name: found async for name, found in states.sweep(browser)}
    assert {name: found for name, found in seen.items() if found} == {}
    every = sum(len(some) for _, some in states.SCHOOLS)
    assert len(seen) == every * len(states.LOOKS)


async def test_axe_sees_words_that_are_too_faint(start: Start, page_at: Open) -> None:
    page = await page_at(await start(states.full_school()))
    assert await states.serious(page) == []
    await page.evaluate(states.FAINT)
    assert any("color-contrast" in found for found in await states.serious(page))


async def test_every_page_fits_a_phone_and_its_buttons_can_be_pressed(browser: Browser) -> None:
    """Beyond what axe looks at: nothing wider than the screen, no target under 44 pixels."""
    wrong = {}
    context = await browser.new_context()
    page = await context.new_page()
    for make, some in states.SCHOOLS:
        async for name in states.looks(page, make(), some):
            if found := await looked_at(page) if name.endswith("phone") else []:
                wrong[name] = found
    await context.close()
    assert wrong == {}


async def test_no_page_of_the_router_goes_unlooked_at() -> None:
    apps = [make() for make, _ in states.SCHOOLS]
    looked = {state.route for _, some in states.SCHOOLS for state in some} - {"*"}
    assert set().union(*map(states.page_routes, apps)) == looked | set(states.NO_PAGES) | set(
        states.FORMS
    )
    posted = {
        route.resource.canonical
        for app in apps
        for route in app.router.routes()
        if route.method == "POST" and route.resource
    }
    assert posted == set(states.FORMS)


@pytest.mark.parametrize("path", ["/static/policybot.css", "/chat/chat.js", "/healthz", "/new"])
async def test_what_is_called_no_page_is_none(start: Start, browser: Browser, path: str) -> None:
    context = await browser.new_context()
    answer = await context.request.get(f"{await start(states.full_school())}{path}")
    assert "<html" not in await answer.text()
    await context.close()
