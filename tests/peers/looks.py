"""Rendered cards side by side as pictures, for somebody to look at: var/peers/shots."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from playwright.async_api import Browser, Page

from tests.peers.fetching import HERE, PLACE

NODE = PLACE / "node_modules" / ".bin" / "node"
SHOTS = PLACE / "shots"
PHONE, DESK = 360, 640
THEMES = ("light", "dark")
FRAME = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 8px; font-family: 'Liberation Sans', sans-serif; background: {paper} }}
main {{ display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start }}
main > * {{ width: {width}px; box-sizing: border-box; overflow: hidden; color: {ink};
  background: {card}; border-radius: 4px }}
main > .padded {{ padding: 12px }}
.ac-pushButton {{ font: inherit; padding: 6px 12px; color: inherit; background: transparent;
  border: 1px solid #8888; border-radius: 4px; cursor: pointer }}
.ac-pushButton.style-positive {{ background: #5b5fc7; color: #fff }}
.ac-pushButton.style-destructive {{ color: #c4314b }}
.ac-input {{ font: inherit; padding: 6px; box-sizing: border-box; width: 100% }}
</style><main></main>"""
COLOURS = {"light": ("#e8e8e8", "#fff", "#1d1c1d"), "dark": ("#0a0a0a", "#1a1d21", "#d1d2d3")}
A_SHEET = 12


def by_node(script: str, given: object) -> Any:
    """What one of our scripts for node makes of what it is given."""
    with TemporaryFile("w+", encoding="utf-8") as told:  # node fails to read a pipe that is slow
        json.dump(given, told)
        told.seek(0)
        ran = subprocess.run(
            [NODE, HERE / script], cwd=PLACE, stdin=told, capture_output=True, text=True
        )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


async def sheet(browser: Browser, theme: str, width: int) -> Page:
    """An empty page for cards of one width; its ``main`` takes them."""
    paper, card, ink = COLOURS[theme]
    page = await browser.new_page(viewport={"width": 1500, "height": 900})
    await page.set_content(FRAME.format(paper=paper, card=card, ink=ink, width=width))
    return page


async def too_wide(page: Page) -> list[str]:
    """What sticks out of its card sideways."""
    return list(
        await page.evaluate(
            """() => [...document.querySelectorAll("main > *")]
            .filter((card) => card.scrollWidth > card.clientWidth).map((card) => card.innerText)"""
        )
    )


async def shoot(page: Page, name: str) -> Path:
    SHOTS.mkdir(exist_ok=True)
    path = SHOTS / f"{name}.png"
    await page.screenshot(path=path, full_page=True)
    return path


def sheets(every: Sequence[Any]) -> list[Sequence[Any]]:
    return [every[start : start + A_SHEET] for start in range(0, len(every), A_SHEET)]
