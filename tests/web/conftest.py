"""A real browser and any application in it: ``start`` serves one on a free loopback port."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bot.platforms.web import runner as serves

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

Start = Callable[[web.Application], Awaitable[str]]
Open = Callable[..., Awaitable[Page]]


async def serving(app: web.Application) -> tuple[web.AppRunner, str]:
    """The application on a free port of this machine, and its address."""
    runner = serves(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


@pytest_asyncio.fixture(loop_scope="module")
async def start() -> AsyncIterator[Start]:
    """Serves any aiohttp application and says where: ``url = await start(app)``."""
    runners: list[web.AppRunner] = []

    async def started(app: web.Application) -> str:
        runner, url = await serving(app)
        runners.append(runner)
        return url

    yield started
    for runner in runners:
        await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Chromium as it is installed here. Missing, it is a reason to skip, but never in CI."""
    if not CHROMIUM.exists():
        assert not os.environ.get("CI"), f"CI needs {CHROMIUM}: apt-get install chromium"
        pytest.skip(f"{CHROMIUM} is not installed")
    async with async_playwright() as play:
        opened = await play.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield opened
        await opened.close()


class Watched:
    """What pages asked for and complained of."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.complaints: list[str] = []

    def follow(self, page: Page) -> None:
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest_asyncio.fixture(loop_scope="module")
async def page_at(browser: Browser, watched: Watched) -> AsyncIterator[Open]:
    """Opens an address in a fresh profile: ``page = await page_at(url, color_scheme="dark")``.

    Fails the test when a page asked anything of another host or complained on its console; a test
    that expects complaints clears ``watched.complaints``.
    """
    contexts: list[BrowserContext] = []

    async def opened(url: str, **options: object) -> Page:
        context = await browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(5000)
        watched.follow(page)
        await page.goto(url)
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert [url for url in watched.asked if not url.startswith("http://127.0.0.1:")] == []
    assert watched.complaints == []
