"""The staff pages by keyboard alone, without a script, on paper, and with colours forced."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.web import states
from tests.web.conftest import Open, Start

pytestmark = pytest.mark.asyncio(loop_scope="module")

# What Tab should reach, in the order of the page.
REACHABLE = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter((e) => e.type !== "hidden" && e.tabIndex >= 0 && e.checkVisibility())
  .map((e) => e.outerHTML)"""
FOCUSED = "() => document.activeElement.outerHTML"
OUTLINE = """() => { const s = getComputedStyle(document.activeElement);
  return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2; }"""


async def reid_at(page: Page, url: str, path: str) -> None:
    await page.get_by_role("button", name="Reid").press("Enter")
    await page.get_by_label("Your question").wait_for()
    await page.goto(url + path)


@pytest.mark.parametrize(
    "path",
    [
        *("/policies", "/policies/photos", "/compare?one=social&other=photos"),
        *("/questions", "/health", "/doctor"),
    ],
)
async def test_tab_reaches_everything_in_order_shows_where_it_is_and_leaves_again(
    start: Start, page_at: Open, path: str
) -> None:
    url = await start(states.full_school())
    page = await page_at(url)
    await reid_at(page, url, path)
    expected = await page.evaluate(REACHABLE)
    await page.locator(".skip").focus()  # a page whose result has the focus begins at the top too
    reached = [await page.evaluate(FOCUSED)]
    for _ in expected[1:]:
        await page.keyboard.press("Tab")
        reached.append(await page.evaluate(FOCUSED))
        assert await page.evaluate(OUTLINE), reached[-1]
    assert reached == expected
    await page.keyboard.press("Shift+Tab")
    assert await page.evaluate(FOCUSED) == expected[-2]


async def test_the_skip_link_leads_past_the_bar(start: Start, page_at: Open) -> None:
    url = await start(states.full_school())
    page = await page_at(url)
    await reid_at(page, url, "/policies")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.id") == "q"


@pytest.mark.parametrize("scripted", [True, False])
async def test_a_search_lands_on_its_results_and_they_lead_to_the_clause(
    start: Start, page_at: Open, scripted: bool
) -> None:
    url = await start(states.full_school())
    page = await page_at(url, java_script_enabled=scripted, viewport={"width": 320, "height": 480})
    await reid_at(page, url, "/policies/social")
    await page.get_by_label("Find in this policy").press_sequentially("friend")
    await page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name="Clauses closest to")
    await expect(heading).to_be_in_viewport()
    await expect(page.locator("#found")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("[aria-current=true]")).to_be_in_viewport()
    await expect(page.locator("[aria-current=true]")).to_be_focused()


async def test_a_question_is_marked_as_done_by_keyboard_without_a_script(
    start: Start, page_at: Open
) -> None:
    url = await start(states.full_school())
    page = await page_at(url, java_script_enabled=False)
    await reid_at(page, url, "/questions")
    await page.locator("summary").first.focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_have_text("Done. The question is deleted.")
    assert await page.locator(".questions > li").count() == 1


async def test_two_policies_are_chosen_and_compared_by_keyboard(
    start: Start, page_at: Open
) -> None:
    url = await start(states.full_school())
    page = await page_at(url)
    await reid_at(page, url, "/compare")
    await page.get_by_label("First policy").focus()
    await page.keyboard.type("Photo")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Staff")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Friend requests")).to_be_visible()
    await expect(page.locator("#compared")).to_be_focused()


@pytest.mark.parametrize(
    "path", ["/policies/photos", "/health", "/compare?one=social&other=photos"]
)
async def test_paper_shows_the_words_and_nothing_to_press(
    start: Start, page_at: Open, path: str
) -> None:
    url = await start(states.full_school())
    page = await page_at(url)
    await reid_at(page, url, path)
    await page.emulate_media(media="print")
    for pressed in await page.locator("nav, form, button, input, select, .skip, summary").all():
        assert not await pressed.is_visible()
    await expect(page.get_by_text(re.compile("20 November 2026")).first).to_be_visible()
    broken = await page.locator(".told, .side").first.evaluate(
        "e => getComputedStyle(e).breakInside"
    )
    assert broken == "avoid"


async def test_what_is_folded_away_on_a_screen_is_on_paper(start: Start, page_at: Open) -> None:
    url = await start(states.full_school())
    page = await page_at(url)
    await reid_at(page, url, "/policies/photos")
    last = page.locator(".wrong .more li").last
    await expect(last).not_to_be_visible()
    await page.emulate_media(media="print")
    await expect(last).to_be_visible()


async def test_forced_colours_keep_every_edge(start: Start, page_at: Open) -> None:
    url = await start(states.full_school())
    page = await page_at(url, forced_colors="active")
    await reid_at(page, url, "/policies/photos")
    edge = "e => getComputedStyle(e).borderTopStyle + getComputedStyle(e).borderTopWidth"
    for what in (".told", ".grave", "button"):
        assert await page.locator(what).first.evaluate(edge) == "solid1px"
