"""Pages with a serious axe finding: every state of every page, light, dark and 320 px wide."""

import asyncio
from collections.abc import Iterator

from playwright.async_api import async_playwright

from tests.bench.figures import Figure, count
from tests.web.conftest import CHROMIUM, SWITCHES
from tests.web.states import sweep


def pages() -> Iterator[Figure]:
    """As they are, and with their words made too faint to read: what axe must then find."""
    if not CHROMIUM.exists():
        yield Figure("pages.axe_serious", None, 0)
        yield Figure("pages.axe_serious_unguarded", None, 0)
        return
    yield count("pages.axe_serious", asyncio.run(_serious(False)))
    yield count("pages.axe_serious_unguarded", asyncio.run(_serious(True)))


async def _serious(unguarded: bool) -> list[bool]:
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        found = [bool(faults) async for _, faults in sweep(browser, unguarded)]
        await browser.close()
        return found
