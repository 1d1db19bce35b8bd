"""The chat and the policy pages in a real browser."""

import pytest
from playwright.async_api import Page

from bot.core.cards import Card
from bot.core.messages import Pressed
from bot.platforms import web
from tests.web.conftest import Open, Start, Watched
from tests.web.school import Script, posted, school

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUESTION = "Can I accept a friend request from a pupil?"

# The lowest contrast of any text on the page, by the WCAG formula, with the text it belongs to.
CONTRAST = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = numbers(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  let worst = [21, ""];
  for (const element of document.querySelectorAll("body *")) {
    const words = [...element.childNodes].filter((n) => n.nodeType === 3 && n.data.trim());
    if (!words.length || !element.checkVisibility({ visibilityProperty: true })) continue;
    const [a, b] = [light(numbers(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < worst[0]) worst = [ratio, words[0].data.trim()];
  }
  return worst;
}"""

WIDER_THAN_THE_SCREEN = "() => document.documentElement.scrollWidth - window.innerWidth"

SMALL_TARGETS = """() => [...document.querySelectorAll("button, .button, summary, input, textarea")]
  .filter((e) => e.checkVisibility() && e.type !== "hidden")
  .map((e) => [e.getBoundingClientRect(), e.innerText])
  .filter(([r]) => r.height < 43.9 || r.width < 43.9)
  .map(([r, words]) => `${words} ${r.width}x${r.height}`)"""


async def as_ann(page: Page) -> None:
    await page.get_by_role("button", name="Ann Okafor").click()
    await page.get_by_role("heading", name="Ask about a policy").wait_for()
    await page.wait_for_load_state()  # until then there is neither script nor style


async def ask(page: Page, words: str, answer: str) -> None:
    await page.get_by_label("Your question").fill(words)
    await page.get_by_label("Your question").press("Enter")
    await page.get_by_role("log").get_by_role("heading", name=answer).last.wait_for()


async def test_a_question_is_answered_in_place_and_the_focus_stays_in_the_box(
    start: Start, page_at: Open
) -> None:
    page = await page_at(await start(school(Script())))
    await as_ann(page)
    await page.evaluate("window.sameDocument = true")
    await ask(page, QUESTION, "No.")
    assert await page.evaluate("window.sameDocument")
    assert await page.get_by_label("Your question").input_value() == ""
    assert await page.evaluate("document.activeElement.id") == "box"
    assert await page.locator(".bubble").inner_text() == QUESTION
    assert await page.locator("blockquote strong").inner_text() == (
        "Staff must not accept friend requests from pupils."
    )
    assert await page.get_by_role("log").get_attribute("aria-live") == "polite"
    # What was asked and the verdict are both in view.
    assert await page.locator(".bubble").is_visible()
    top = await page.evaluate("document.querySelector('.card h2').getBoundingClientRect().top")
    assert 0 <= top <= 400


async def test_each_question_has_a_key_of_its_own_and_a_double_click_is_heard_once(
    start: Start, page_at: Open
) -> None:
    hear = Script()
    page = await page_at(await start(school(hear)))
    await as_ann(page)
    for number in (1, 2):
        await page.get_by_label("Your question").fill(QUESTION)
        await page.get_by_role("button", name="Send").dblclick()
        await page.locator(".bubble").nth(number - 1).wait_for()
    await page.get_by_role("button", name="Report this").first.dblclick()
    await page.get_by_label("What happened").wait_for()
    assert len({message.key for message in hear.heard}) == len(hear.heard) == 3
    assert await page.get_by_role("alert").count() == 0


async def test_a_button_is_pressed_by_keyboard_alone(start: Start, page_at: Open) -> None:
    hear = Script()
    page = await page_at(await start(school(hear)))
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    for _ in range(20):
        await page.keyboard.press("Tab")
        if "Ann" in await page.evaluate("document.activeElement.innerText"):
            break
    await page.keyboard.press("Enter")
    await page.get_by_label("Your question").wait_for()
    await page.wait_for_load_state()
    await page.keyboard.type(QUESTION)
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="No.").wait_for()
    for _ in range(20):
        await page.keyboard.press("Shift+Tab")
        if await page.evaluate("document.activeElement.innerText") == "Report this":
            break
    await page.keyboard.press("Enter")
    await page.get_by_label("What happened").wait_for()
    assert await page.evaluate("document.activeElement.name") == "field.story"
    assert await page.locator(".bubble").last.inner_text() == "Report this"


async def test_a_form_names_its_mistake_and_leaves_the_page_once_it_is_taken(
    start: Start, page_at: Open
) -> None:
    hear = Script()
    page = await page_at(await start(school(hear)))
    await as_ann(page)
    await ask(page, QUESTION, "No.")
    await page.get_by_role("button", name="Report this").click()
    await page.get_by_label("Where was it?").fill("the hall")
    await page.get_by_label("Where was it?").press("Enter")  # the main button, not "Back"
    story = page.get_by_label("What happened")
    await page.locator("[aria-invalid=true]").wait_for()
    assert await story.count() == 1
    assert await page.evaluate("document.activeElement.name") == "field.story"
    described = str(await story.get_attribute("aria-describedby")).split()
    assert "Please write what happened." in await page.locator(f"#{described[-1]}").inner_text()
    await story.fill("A long and private story.")
    await page.locator("#entries").get_by_role("button", name="Send").click()
    await page.get_by_role("heading", name="Sent at 16:12").wait_for()
    assert [message.action for message in hear.heard if isinstance(message, Pressed)] == [
        "report new",
        "draft send",
        "draft send",
    ]
    assert "private story" not in await page.content()
    assert await page.locator("#entries textarea").count() == 0


async def test_what_could_not_be_saved_says_whom_to_ring_and_the_words_stay(
    start: Start, page_at: Open, watched: Watched
) -> None:
    hear = Script()
    page = await page_at(await start(school(hear)))
    await as_ann(page)
    hear.broken = True
    await ask(page, QUESTION, "This was not saved.")
    assert await page.get_by_label("Your question").input_value() == QUESTION
    assert await page.locator(".bubble").count() == 0
    hear.broken = False
    await page.get_by_label("Your question").press("Enter")
    await page.get_by_role("heading", name="No.").wait_for()
    first, second = (message.key for message in hear.heard)
    assert first == second
    assert all("503" in complaint for complaint in watched.complaints)
    watched.complaints.clear()


async def test_when_the_machine_is_not_reached_the_page_says_so_itself(
    start: Start, page_at: Open, watched: Watched
) -> None:
    page = await page_at(await start(school(Script())))
    await as_ann(page)
    await page.context.set_offline(True)
    await ask(page, QUESTION, "This was not saved.")
    assert await page.get_by_label("Your question").input_value() == QUESTION
    watched.complaints.clear()


async def test_a_long_message_is_refused_kindly_and_kept(
    start: Start, page_at: Open, watched: Watched
) -> None:
    page = await page_at(await start(school(Script())))
    await as_ann(page)
    await page.get_by_label("Your question").fill("x" * 4001)
    await page.get_by_role("button", name="Send").click()
    note = page.get_by_role("alert")
    await note.wait_for()
    assert "4,001 characters" in await note.inner_text()
    assert len(await page.get_by_label("Your question").input_value()) == 4001
    await ask(page, QUESTION, "No.")
    assert await note.count() == 0
    watched.complaints.clear()


async def test_a_posted_message_appears_on_the_open_page(start: Start, page_at: Open) -> None:
    posts = web.Posts()
    page = await page_at(await start(school(Script(), posts)))
    await as_ann(page)
    await posts.say(posted("nudge-1"), Card(title="One thing to sign, by Friday."))
    heading = page.get_by_role("heading", name="One thing to sign")
    await heading.wait_for(timeout=8000)
    assert await heading.count() == 1
    assert await page.evaluate("document.activeElement.id") == "box"


async def asked_at(page: Page) -> float:
    """How far below the top of the view the last question stands, in pixels."""
    return float(
        await page.evaluate(
            "[...document.querySelectorAll('.mine')].at(-1).getBoundingClientRect().top"
        )
    )


async def test_what_was_just_asked_stands_at_the_top_and_no_post_pushes_it_away(
    start: Start, page_at: Open
) -> None:
    posts = web.Posts()
    page = await page_at(await start(school(Script(), posts)))
    await as_ann(page)
    await ask(page, QUESTION, "No.")
    await ask(page, "may I take a photo?", "It depends which rule")
    await posts.say(posted("nudge-1"), Card(title="A post that waits"))
    await ask(page, "danger", "If a child is in danger")
    assert -1 <= await asked_at(page) <= 40
    # Only now do posts come: to the bottom, as far as the question stays where it is read.
    for number in range(3):
        card = Card(title=f"Post {number}", paragraphs=("It says something.",) * 4)
        await posts.say(posted(f"late-{number}"), card)
    await page.get_by_role("heading", name="Post 2").wait_for(timeout=8000)
    assert -1 <= await asked_at(page) <= 40
    assert await page.get_by_role("heading", name="A post that waits").count() == 1


async def test_the_chat_works_without_javascript(start: Start, page_at: Open) -> None:
    page = await page_at(await start(school(Script())), java_script_enabled=False)
    await page.get_by_role("button", name="Ann Okafor").click()
    await page.get_by_label("Your question").fill(QUESTION)
    await page.get_by_role("button", name="Send").click()
    await page.get_by_role("heading", name="No.").wait_for()
    await page.get_by_text("More choices").click()
    await page.get_by_role("button", name="Ask the policy owner").click()
    await page.get_by_role("heading", name="You pressed: owner").wait_for()
    await page.reload()
    assert await page.locator(".bubble").all_inner_texts() == [QUESTION, "Ask the policy owner"]


@pytest.mark.parametrize("scripted", [True, False])
async def test_a_permalink_shows_its_clause_in_view(
    start: Start, page_at: Open, scripted: bool
) -> None:
    url = await start(school(Script()))
    small = {"width": 360, "height": 500}
    page = await page_at(url, java_script_enabled=scripted, viewport=small)
    await as_ann(page)
    await page.goto(f"{url}/policies/social/c/c8")
    shown = page.locator("[aria-current=true]")
    assert await shown.count() == 1
    assert "This is the clause you were shown" in await shown.inner_text()
    assert "tells the safeguarding lead the same day" in await shown.inner_text()
    box = await shown.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 500


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_fits_a_small_phone_and_can_be_read(
    start: Start, page_at: Open, scheme: str, watched: Watched
) -> None:
    url = await start(school(Script()))
    small = {"width": 320, "height": 640}
    page = await page_at(url, color_scheme=scheme, viewport=small)
    seen = {"who": await looked_at(page)}
    await as_ann(page)
    seen["empty"] = await looked_at(page)
    await ask(page, QUESTION, "No.")
    await ask(page, "may I take a photo?", "It depends which rule")
    await ask(page, "something hostile", "script")
    await ask(page, "w" * 400 + " danger", "If a child is in danger")
    await page.get_by_role("button", name="Report this").first.click()
    await page.get_by_role("button", name="Back").wait_for()
    seen["chat"] = await looked_at(page)
    for path in ("policies", "policies/social?q=friend", "policies/social/c/c3", "policies/photos"):
        await page.goto(f"{url}/{path}")
        seen[path] = await looked_at(page)
        assert await page.get_by_role("heading", level=1).count() == 1
    await page.goto(f"{url}/policies/none")
    seen["missing"] = await looked_at(page)
    watched.complaints.clear()  # the 404 itself
    assert {name: mistakes for name, mistakes in seen.items() if mistakes} == {}


async def looked_at(page: Page) -> list[str]:
    """What is wrong with the page as it stands: too wide, too faint, too small to press."""
    wide, (ratio, words) = await page.evaluate(WIDER_THAN_THE_SCREEN), await page.evaluate(CONTRAST)
    small = await page.evaluate(SMALL_TARGETS)
    found = [f"{wide} px too wide"] if wide > 0 else []
    found += [f"contrast {ratio:.2f}: {words}"] if ratio < 4.5 else []
    return found + [f"too small: {target}" for target in small]
