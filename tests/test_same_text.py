"""Fifty questions typed into the real web chat show the very text that ``ask --batch`` gives."""

import asyncio
import json
import re
from html import unescape
from itertools import count
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot import app, asking
from bot.config import config_from
from bot.core.people import Membership, Person
from bot.library import read_library
from bot.platforms import web
from bot.store.memory import MemoryStore
from tests.web.test_web import Visitor

BLIND = Path(__file__).parent / "bench" / "blind"
DAY = "2026-11-20"


def questions() -> list[str]:
    """Fifty that were written by somebody else: plain ones, unsettled ones, some that meet the gate."""
    found = []
    for name, field, many in (
        ("soundalikes", "text", 20),
        ("nearmiss", "question", 12),
        ("offtopic", "question", 8),
        ("concerns", "text", 10),
    ):
        lines = (BLIND / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        found += [json.loads(line)[field] for line in lines[:many]]
    return found


def words_of(html: str) -> str:
    """The words of the last card on the page, as a reader gets them."""
    card = re.sub(
        r"<(?:script|style|template).*?</(?:script|style|template)>", " ", html, flags=re.S
    )
    text = unescape(re.sub(r"<[^>]+>", " ", card.rpartition('<div class="card')[2]))
    return " ".join(re.sub(r"[“”]", " ", text).split())


@pytest.mark.asyncio
async def test_the_web_chat_shows_what_the_batch_gives(tmp_path: Path) -> None:
    config = config_from({"DATA_DIR": str(Path(__file__).parent.parent / "var")})
    asked = questions()
    assert len(asked) == 50
    rows, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [json.dumps({"id": n, "policy": "cross", "question": q}) for n, q in enumerate(asked)]
    rows.write_text("\n".join(lines), encoding="utf-8")
    await asyncio.to_thread(asking.batch, config, None, rows, out, DAY)
    answers = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]

    library = read_library(config.policies)
    asker = Person(
        "asker", "An asker", (Membership("", ("staff",)), Membership("example", ("staff",)))
    )
    house = app.narrowed(
        app.build(config, library), [p.id for p in library.policies.values()], asker
    )
    now = asking.Clock(asking.day(DAY)).now
    numbers = count(1)
    for question, answer in zip(asked, answers, strict=True):
        door = app.door(house, MemoryStore(), now)
        made = web.app(
            hear=door.hear,
            visits=web.Visits({asker.id: asker}),
            pages=(),
            now=now,
            new_id=lambda: f"id{next(numbers)}",
            sorry=app.sorry(house),
        )
        async with TestClient(TestServer(made, host="127.0.0.1")) as client:
            visitor = await Visitor(client).become("asker")
            await visitor.say(question)
            shown = words_of(visitor.page)
        for line in answer["text"].splitlines():
            for part in re.split(r"\] \[", line.strip("[]! ")) if line.startswith("[") else [line]:
                said = " ".join(re.sub(r"[“”]", " ", part.removeprefix("! ")).split())
                assert said.strip("[]").removesuffix(":") in shown, (answer["id"], part)


def test_the_first_three_clauses_are_those_the_text_shows() -> None:
    config = config_from({"DATA_DIR": str(Path(__file__).parent.parent / "var")})
    for question in questions()[:6]:
        told = json.loads(asking.one(config, None, question, "", "staff", DAY, as_json=True))
        for text in told["clause_texts"][:3]:
            assert text in told["text"]
