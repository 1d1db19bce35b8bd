"""Our Adaptive Cards as Microsoft's own library for them parses and draws them."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.core.cards import Card
from bot.platforms.teams.cards import How, adaptive, parts
from tests.helpers import house
from tests.peers import every_card, looks
from tests.peers.fetching import HERE, PLACE
from tests.peers.texts import lost, unspaced

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIBRARIES = (
    "node_modules/adaptivecards/dist/adaptivecards.js",
    "node_modules/markdown-it/dist/markdown-it.js",
)
PAGES = "https://policybot.school.example"
HOWS: tuple[How, ...] = ("execute", "submit")


def made(card: Card, how: How = "execute") -> list[dict[str, Any]]:
    """The card as it is sent: nearly always one, with links to pages and without."""
    return [
        *parts(card, house().fixed, "token", how),
        adaptive(card, house().fixed, "t", how, PAGES),
    ]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def every() -> Sequence[Card]:
    return await every_card.every()


async def ready(page: Page) -> Page:
    for library in LIBRARIES:
        await page.add_script_tag(path=PLACE / library)
    await page.add_script_tag(path=HERE / "adaptive.js")
    return page


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser) -> AsyncIterator[Page]:
    page = await ready(await browser.new_page())
    yield page
    await page.close()


@pytest.mark.parametrize("how", HOWS)
async def test_the_library_finds_nothing_wrong_with_any_card(
    every: Sequence[Card], how: How
) -> None:
    cards = [(card.title, one) for card in every for one in made(card, how)]
    found = looks.by_node("adaptive.cjs", [one for _, one in cards])
    wrong = {title: told for (title, _), told in zip(cards, found, strict=True) if told}
    assert wrong == {}


async def test_the_library_finds_what_is_wrong() -> None:
    """An unknown element, a style there is none of, a required box without a label."""
    unknown = {"type": "Nonsense"}
    box = {"type": "Input.Text", "id": "a", "isRequired": True}
    action = {"type": "Action.Submit", "title": "Go", "style": "loud"}
    card = {"type": "AdaptiveCard", "version": "1.5", "body": [unknown, box], "actions": [action]}
    (told,) = looks.by_node("adaptive.cjs", [card])
    assert [sentence for sentence in told if "Nonsense" in sentence or "loud" in sentence]
    assert "Required inputs should have a label" in told


async def test_no_word_of_any_card_is_lost_when_it_is_drawn(
    every: Sequence[Card], page: Page
) -> None:
    cards = [parts(card, house().fixed, "token") for card in every]
    texts = await page.evaluate(
        "(cards) => cards.map((parts) => parts.map(read).join('\\n'))", cards
    )
    pairs = zip(every, texts, strict=True)
    gone = {card.title: away for card, text in pairs if (away := lost(card, text, unspaced))}
    assert gone == {}


@pytest.mark.parametrize("theme", looks.THEMES)
@pytest.mark.parametrize("width", [looks.PHONE, looks.DESK])
async def test_every_template_can_be_looked_at_and_fits(
    browser: Browser, theme: str, width: int
) -> None:
    for number, some in enumerate(looks.sheets(await every_card.to_look_at())):
        page = await ready(await looks.sheet(browser, theme, width))
        await page.evaluate(
            "([cards, theme]) => document.querySelector('main')"
            ".append(...cards.map((card) => drawn(card, theme)))",
            [[one for card in some for one in parts(card, house().fixed, "token")], theme],
        )
        await looks.shoot(page, f"teams-{theme}-{width}-{number:02}")
        assert await looks.too_wide(page) == []
        await page.close()
