"""Our Block Kit as slack-blocks-to-jsx draws it, which leaves out in silence what it does not know."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.core.cards import Card
from bot.platforms.slack.blocks import home, messages, modal
from tests.helpers import house
from tests.peers import every_card, looks
from tests.peers.fetching import PLACE
from tests.peers.texts import letters, lost

pytestmark = pytest.mark.asyncio(loop_scope="module")

STYLE = PLACE / "node_modules" / "slack-blocks-to-jsx" / "dist" / "style.css"
READ = """(all) => all.map((html) => {
  document.body.innerHTML = html;
  const typed = [...document.querySelectorAll("input, textarea")];
  return [document.body.innerText, ...typed.flatMap((t) => [t.value, t.placeholder])].join("\\n");
})"""
SURFACES = ("messages", "modal", "home")


def blocks(card: Card, surface: str) -> list[Any]:
    """All blocks a person gets to see of a card on one of Slack's surfaces, a window's own words too."""
    fixed = house().fixed
    if surface == "messages":
        return [block for message in messages(card, fixed) for block in message.blocks]
    view = modal(card, fixed) if surface == "modal" else home(card, fixed)
    buttons = [text(view[name]) for name in ("close", "submit") if name in view]
    return [*([text(view["title"])] if "title" in view else []), *shown(view["blocks"]), *buttons]


def shown(made: Any) -> list[Any]:
    return list(made)


def text(plain: Any) -> dict[str, Any]:
    return {"type": "section", "text": plain}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def every() -> Sequence[Card]:
    return await every_card.every()


async def test_what_the_renderer_does_not_know_is_missed(browser: Browser) -> None:
    known = text({"type": "plain_text", "text": "Known."})
    unknown = {"type": "nonsense", "text": {"type": "plain_text", "text": "Unknown."}}
    (read,) = await read_in(browser, [[known, unknown]])
    assert lost(Card(title="Known.", paragraphs=("Unknown.",)), read, letters) == ["Unknown."]


@pytest.mark.parametrize("surface", SURFACES)
async def test_no_word_of_any_card_is_lost_when_it_is_drawn(
    browser: Browser, every: Sequence[Card], surface: str
) -> None:
    texts = await read_in(browser, [blocks(card, surface) for card in every])
    pairs = zip(every, texts, strict=True)
    gone = {card.title: away for card, text in pairs if (away := lost(card, text, letters))}
    assert gone == {}


async def read_in(browser: Browser, made: Sequence[list[Any]]) -> list[str]:
    drawn = looks.by_node("blocks.cjs", [[some, "light"] for some in made])
    page = await browser.new_page()
    read: list[str] = await page.evaluate(READ, drawn)
    await page.close()
    return read


@pytest.mark.parametrize("theme", looks.THEMES)
@pytest.mark.parametrize("width", [looks.PHONE, looks.DESK])
async def test_every_template_can_be_looked_at_and_fits(
    browser: Browser, theme: str, width: int
) -> None:
    made = [[some, theme] for some in to_look_at(await every_card.to_look_at())]
    for number, drawn in enumerate(looks.sheets(looks.by_node("blocks.cjs", made))):
        page = await looks.sheet(browser, theme, width)
        await page.add_style_tag(path=STYLE)
        await put(page, drawn)
        await looks.shoot(page, f"slack-{theme}-{width}-{number:02}")
        assert await looks.too_wide(page) == []
        await page.close()


def to_look_at(cards: Sequence[Card]) -> Iterator[list[Any]]:
    for card in cards:
        yield blocks(card, "modal" if card.fields else "messages")
    yield blocks(
        next(card for card, name in every_card.templates().items() if name == "home"), "home"
    )


async def put(page: Page, drawn: Sequence[str]) -> None:
    await page.evaluate(
        "(all) => { document.querySelector('main').innerHTML = all.join('') }",
        [f"<div class=padded>{one}</div>" for one in drawn],
    )
