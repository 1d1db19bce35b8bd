"""The importer as a headteacher's secretary meets it: a file dragged in, the keyboard alone, a phone."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.web.conftest import Open, Start, Watched
from tests.web.importing import TEXT, folder, served
from tests.web.test_browser import CONTRAST, SMALL_TARGETS, WIDER_THAN_THE_SCREEN

pytestmark = pytest.mark.asyncio(loop_scope="module")
UNNAMED = """() => [...document.querySelectorAll("input:not([type=hidden]), select, button")]
  .filter((e) => !(e.labels && e.labels.length) && !e.innerText.trim()).map((e) => e.outerHTML)"""


async def importing(start: Start, page_at: Open, at: Path, **options: object) -> Page:
    """Mrs Khan at the importer page, and a document beside it on the disk."""
    policies = folder(at / "policies")
    (at / "phones.txt").write_text(TEXT, "utf-8")
    url = await start(served(policies))
    page = await page_at(url, **options)
    await page.get_by_role("button", name=re.compile("Mrs Khan")).click()
    await page.get_by_role("heading", name="Ask about a policy").wait_for()
    await page.wait_for_load_state()
    await page.goto(f"{url}/import")
    return page


async def dropped(page: Page, file: Path) -> None:
    """Let a file go over the box, as from a window beside the browser."""
    box = await page.locator("#file").bounding_box()
    assert box
    tell = await page.context.new_cdp_session(page)
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        await tell.send("Input.dispatchDragEvent", {"type": kind, "data": data, **place})


async def test_a_document_is_dragged_in_put_right_saved_and_answered_from(
    start: Start, page_at: Open, tmp_path: Path
) -> None:
    page = await importing(start, page_at, tmp_path)
    await dropped(page, tmp_path / "phones.txt")
    await page.get_by_role("button", name="Read it").click()
    await page.get_by_role("heading", name="Phone Policy: look it through").wait_for()
    await page.get_by_role("button", name="Split, join or move 1.1", exact=True).click()
    await page.get_by_label("They must ask the quokka first.").check()
    await page.get_by_role("button", name="Split it there").click()
    await page.get_by_label("Label of the clause “They must").fill("1.1 (asking)")
    await page.get_by_role("button", name="Save this policy").first.click()
    await page.get_by_role("heading", name="Phone Policy is saved").wait_for()
    await page.get_by_role("link", name="See the policy").click()
    await expect(page.get_by_role("link", name="1.1 (asking)")).to_be_visible()
    await page.get_by_role("link", name="Ask", exact=True).click()
    await page.get_by_label("Your question").fill("may I use my phone at lunchtime")
    await page.get_by_label("Your question").press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("staff room at lunchtime")


async def test_the_keyboard_alone_is_enough(start: Start, page_at: Open, tmp_path: Path) -> None:
    page = await importing(start, page_at, tmp_path)
    await page.set_input_files("#file", tmp_path / "phones.txt")  # the system's own window
    await page.get_by_role("button", name="Read it").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="Phone Policy: look it through").wait_for()
    await page.get_by_label("Owner", exact=True).focus()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("Mrs Khan")
    await page.keyboard.press("Enter")  # keeps, and never saves
    await expect(page.get_by_role("status")).to_contain_text("Nothing is saved yet")
    await expect(page.get_by_label("Owner", exact=True)).to_have_value("Mrs Khan")
    await page.get_by_label("Label of the clause “Staff must not film").focus()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await page.get_by_role("heading", name="Split, join or move 1.1").wait_for()
    await page.get_by_label("the first words").focus()
    await page.keyboard.type("the quokka")
    await page.keyboard.press("Enter")
    await page.get_by_text("Split in two").wait_for()
    # The reader goes on where the change was made, not at the top.
    focused = await page.evaluate("document.activeElement.innerText")
    assert "the quokka first." in focused
    await page.get_by_role("button", name="Save this policy").last.press("Enter")
    await page.get_by_role("heading", name="Phone Policy is saved").wait_for()


@pytest.mark.parametrize("colour", ["light", "dark"])
async def test_every_step_can_be_read_and_touched_on_a_phone(
    start: Start, page_at: Open, watched: Watched, tmp_path: Path, colour: str
) -> None:
    page = await importing(
        start, page_at, tmp_path, viewport={"width": 320, "height": 640}, color_scheme=colour
    )
    await readable(page)
    await page.set_input_files("#file", tmp_path / "phones.txt")
    await page.get_by_role("button", name="Read it").click()
    await readable(page)
    await page.get_by_label("Title", exact=True).fill("")
    await page.get_by_role("button", name="Save this policy").first.click()
    await expect(page.get_by_role("alert")).to_contain_text("Give the policy a title")
    watched.complaints.clear()  # the browser counts a mistake told at its field as one of its own
    await readable(page)
    await page.get_by_label("Title", exact=True).fill("Phone Policy")
    await page.get_by_role("button", name="Split, join or move 1.1", exact=True).click()
    await readable(page)
    await page.get_by_role("link", name="Back to the whole policy").click()
    await page.get_by_role("button", name="Save this policy").first.click()
    await page.get_by_role("heading", name="Phone Policy is saved").wait_for()
    await readable(page)


async def readable(page: Page) -> None:
    await page.wait_for_load_state()
    assert await page.evaluate(WIDER_THAN_THE_SCREEN) <= 0
    small = await page.evaluate(SMALL_TARGETS)
    # A tick is small, but the whole line that names it is its target.
    assert [one for one in small if one.split()[-1] != "24x24"] == []
    worst, words = await page.evaluate(CONTRAST)
    assert worst >= 4.5, words
    assert await page.evaluate(UNNAMED) == []
    assert await page.locator("h1").count() == 1


async def test_it_works_without_script(start: Start, page_at: Open, tmp_path: Path) -> None:
    page = await importing(start, page_at, tmp_path, java_script_enabled=False)
    await dropped(page, tmp_path / "phones.txt")
    await page.get_by_role("button", name="Read it").click()
    await page.get_by_role("button", name="Save this policy").first.click()
    await page.get_by_role("heading", name="Phone Policy is saved").wait_for()
