"""A new house takes the old one's place: nothing that was begun is lost, and a mistake changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot import app, demo, running, serving
from bot.config import Config
from bot.core.cards import Card
from bot.core.messages import Incoming, Outgoing, Pressed, Said
from bot.intake.importing import import_file
from bot.library import read_library
from bot.platforms import web
from bot.running import Running, stamps
from bot.store.memory import MemoryStore
from tests.web.importing import TEXT, folder, house, settings

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
QUESTION = "may I use my phone in the staff room at lunchtime"
KEYS = count()


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    made = folder(tmp_path / "policies")
    put(made, TEXT)
    return made


def put(policies: Path, text: str) -> None:
    document = policies.parent / "phones.txt"
    document.write_text(text, "utf-8")
    import_file(document, "phones", "oak", policies)


class House:
    """A running house over one folder, and what Jo Bell says to it."""

    def __init__(self, policies: Path) -> None:
        self.policies, self.store = policies, MemoryStore()
        config = settings(policies)
        first = app.build(config, read_library(policies))
        self.running = Running(
            first,
            lambda now: app.door(now, self.store, lambda: NOW),
            lambda: app.build(config, read_library(policies)),
            policies,
        )

    async def asks(self, text: str = QUESTION) -> Sequence[Card]:
        said = Said("bell", text, NOW, f"k{next(KEYS)}", "web:bell")
        return await self.hears(said)

    async def presses(self, action: str) -> Sequence[Card]:
        return await self.hears(Pressed("bell", action, NOW, f"k{next(KEYS)}", "web:bell"))

    async def hears(self, message: Incoming) -> Sequence[Card]:
        cards: Sequence[Card] = await self.running.hear(message)
        return cards


def quoted(cards: Sequence[Card]) -> str:
    return " ".join(quote.text for card in cards for quote in card.quotes)


async def test_an_import_is_answered_from_once_the_house_is_loaded_anew(policies: Path) -> None:
    house = House(policies)
    assert "lunchtime" in quoted(await house.asks())
    put(policies, TEXT.replace("at lunchtime", "at lunchtime and at break"))
    assert await house.running.reload() == ""
    assert "at lunchtime and at break" in quoted(await house.asks())


async def test_what_was_begun_on_the_old_house_ends_there(policies: Path) -> None:
    house = House(policies)
    begun, go_on = asyncio.Event(), asyncio.Event()
    plainly = house.store.carry_out_async

    async def slowly(*args: Any) -> Any:
        begun.set()
        await go_on.wait()
        return await plainly(*args)

    house.store.carry_out_async = slowly  # type: ignore[assignment,method-assign]
    asking = asyncio.create_task(house.asks())
    await begun.wait()
    put(policies, TEXT.replace("at lunchtime", "at noon"))
    await house.running.reload()
    go_on.set()
    assert "at lunchtime" in quoted(await asking)


async def test_a_mistake_in_a_file_leaves_the_old_house_and_is_told(policies: Path) -> None:
    house = House(policies)
    before = house.running.house
    (policies / "oak" / "phones.md").write_text("+++\nid = 3\n+++\n", "utf-8")
    told = await house.running.reload()
    assert told.startswith("The bot still answers from the version before, because phones.md, line")
    assert house.running.house is before
    assert "lunchtime" in quoted(await house.asks())


async def test_a_house_that_cannot_be_built_leaves_the_old_one(policies: Path) -> None:
    house = House(policies)
    house.running._build = broken
    assert "could not be loaded" in await house.running.reload()
    assert "lunchtime" in quoted(await house.asks())


def broken() -> app.House:
    raise MemoryError("zebra")


@pytest.mark.parametrize("gone", ["clause", "policy"])
async def test_buttons_under_an_old_card_work_or_say_they_have_run_out(
    policies: Path, gone: str
) -> None:
    house = House(policies)
    [card] = await house.asks()
    actions = [choice.action for choice in card.choices if choice.action]
    if gone == "clause":
        put(policies, TEXT.replace("2.1 Staff may use their own phones", "2.1 Nobody knits")[:400])
    else:
        (policies / "oak" / "phones.md").unlink()
    assert await house.running.reload() == ""
    assert actions
    for action in actions:
        assert await house.presses(action)


async def test_the_folder_is_watched_while_the_application_is_served(
    policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "EVERY", 0.01)
    house = House(policies)
    loaded = asyncio.Event()
    plainly: Callable[[], Awaitable[str]] = house.running.reload

    async def reload() -> str:
        told = await plainly()
        loaded.set()
        return told

    house.running.reload = reload  # type: ignore[method-assign]
    served = house.running.watched(None)
    await anext(served)
    put(policies, TEXT.replace("at lunchtime", "at noon"))
    await asyncio.wait_for(loaded.wait(), 30)
    assert "at noon" in quoted(await house.asks("may I use my phone at noon"))
    with pytest.raises(StopAsyncIteration):
        await anext(served)


def test_every_file_of_the_library_is_looked_at(policies: Path) -> None:
    before = stamps(policies)
    assert {Path(name).name for name in before} == {"phones.md", "school.toml"}
    (policies / "elm").mkdir()
    (policies / "elm" / "dogs.md").write_text("x", "utf-8")
    assert stamps(policies) != before


async def test_a_posted_question_is_worded_by_the_house_that_answers_now(policies: Path) -> None:
    posts, store = web.Posts(), MemoryStore()
    _, outbox = serving.web_app(house(), store, posts, settings(policies))
    refs = {"question": "gone"}
    assert await outbox.open(Outgoing("khan", "owner_question", refs), "", "k") is not None


async def test_the_demo_works_on_a_copy_of_the_policies(
    policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Path] = []

    async def served(config: Config, *_: object) -> None:
        seen.append(config.policies)
        put(config.policies, TEXT.replace("at lunchtime", "at noon"))

    before = stamps(policies)
    monkeypatch.setattr(demo, "_serve", served)
    await demo.serve(replace(settings(policies), browser=False), lambda line: None)
    assert seen[0] != policies
    assert not seen[0].exists()
    assert stamps(policies) == before


async def test_who_is_taken_off_the_staff_list_is_gone_with_the_next_look(policies: Path) -> None:
    at = House(policies)
    everyone = running.Everyone(at.running)
    assert "bell" in everyone
    before = stamps(policies)
    (policies / "oak" / "staff.csv").write_text("id,name\nwren,Ada Wren\n", "utf-8")
    assert stamps(policies) != before
    toml = policies / "oak" / "school.toml"
    toml.write_text(toml.read_text("utf-8").replace('id = "bell"', 'id = "robin"'), "utf-8")
    assert await at.running.reload() == ""
    assert "bell" not in everyone
    assert {"wren", "robin"} <= {*everyone}
