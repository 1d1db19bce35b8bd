"""The demo as a member of staff meets it: the real bot in a real browser, by keyboard alone."""

import re
from functools import partial
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot import app, doctor, serving
from bot.clock import wall_time
from bot.config import config_from
from bot.library import read_library
from bot.platforms import web
from bot.store.memory import MemoryStore
from tests.web.conftest import Open, Start

pytestmark = pytest.mark.asyncio(loop_scope="module")
VAR = Path(__file__).parents[2] / "var"


@pytest.fixture(scope="module")
def house() -> app.House:
    config = config_from({"DATA_DIR": str(VAR)})
    return app.build(config, read_library(config.policies))


async def chatting(start: Start, page_at: Open, house: app.House, **options: object) -> Page:
    made, _ = serving.web_app(house, MemoryStore(), web.Posts())
    page = await page_at(await start(made), **options)
    await page.get_by_role("button", name=re.compile("Jo Bell")).press("Enter")
    await page.get_by_role("heading", name="Ask about a policy").wait_for()
    await page.wait_for_load_state()
    return page


async def ask(page: Page, words: str) -> None:
    await page.get_by_label("Your question").fill(words)
    await page.get_by_label("Your question").press("Enter")


async def test_a_friend_request_is_asked_back_and_answered_with_its_clause(
    start: Start, page_at: Open, house: app.House
) -> None:
    page = await chatting(start, page_at, house, viewport={"width": 320, "height": 640})
    log = page.get_by_role("log")
    await ask(page, "can i accept this friend request?")
    await log.get_by_role("heading", name="It depends who the request is from.").wait_for()
    await log.get_by_role("button", name="A pupil", exact=True).press("Enter")
    await log.get_by_role("heading", name="No.").wait_for()
    quote = log.locator("blockquote").last
    text = house.book.policies["staff-online"]
    two_one = next(clause for clause in text.clauses if clause.label == "2.1")
    await expect(log.get_by_text(two_one.text).last).to_be_visible()
    assert await quote.count() == 1
    await log.get_by_role("link", name=re.compile(r"^2\.1 ")).last.click()
    await page.wait_for_load_state()
    shown = page.locator('[aria-current="true"]')
    await expect(shown).to_contain_text(two_one.text)
    assert await page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


async def test_a_concern_gets_numbers_and_no_policy_text(
    start: Start, page_at: Open, house: app.House
) -> None:
    page = await chatting(start, page_at, house, color_scheme="dark")
    log = page.get_by_role("log")
    await ask(page, "a y9 told me her boyfriend has photos of her")
    await log.get_by_role("heading", name=re.compile("ring 999")).wait_for()
    assert await log.locator("blockquote").count() == 0
    await log.get_by_role("button", name="It's a policy question").press("Enter")
    await expect(log.locator("blockquote").first).to_be_attached()
    await expect(log.get_by_text("If a child is in danger now").last).to_be_visible()


async def test_a_question_goes_to_the_owner_and_shows_on_her_page(
    start: Start, page_at: Open, house: app.House
) -> None:
    posts = web.Posts()
    made, outbox = serving.web_app(house, MemoryStore(), posts)
    page = await page_at(await start(made))
    await page.get_by_role("button", name=re.compile("Jo Bell")).click()
    await page.get_by_role("heading", name="Ask about a policy").wait_for()
    await page.wait_for_load_state()
    words = "how many parking spaces does the swimming pool have"
    await ask(page, words)
    await page.get_by_role("button", name="Send this question to the policy owner").click()
    await page.get_by_role("button", name="Send these words").click()
    await page.get_by_role("heading", name=re.compile("Sent to the owner")).wait_for()
    await outbox.deliver(wall_time())
    card = posts.of("lyle").entries[-1].card
    assert card is not None
    assert words in card.paragraphs
    assert "Bell" not in str(card)
    await page.get_by_role("button", name="Change").click()
    await page.get_by_role("button", name=re.compile("Mrs Lyle")).click()
    await page.get_by_role("link", name="See all questions").click()
    await expect(page.get_by_text(words)).to_be_visible()
    await page.get_by_text("Mark as done").click()
    await page.get_by_role("button", name="Delete this question").click()
    await expect(page.get_by_text("No question is waiting.")).to_be_visible()


async def test_the_head_opens_the_report_and_sees_whether_everything_is_there(
    start: Start, page_at: Open, house: app.House
) -> None:
    config = config_from({"DATA_DIR": str(VAR)})
    made, _ = serving.web_app(
        house, MemoryStore(), web.Posts(), doctor=partial(doctor.standing, config)
    )
    page = await page_at(await start(made))
    await page.get_by_role("button", name=re.compile("Mrs Lyle")).click()
    await page.get_by_role("link", name="Health").click()
    await expect(page.get_by_role("heading", name="Policy health")).to_be_visible()
    await page.get_by_role("link", name="Is everything there?").click()
    await expect(page.get_by_text("dsl is Ms Shah, 01632 960001")).to_be_visible()
