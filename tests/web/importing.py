"""A house with one school's folder, and somebody at its importer page without a browser."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from html import unescape
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer

from bot import app, serving
from bot.config import Config, config_from
from bot.library import read_library
from bot.platforms import web as chat
from bot.store.memory import MemoryStore

SCHOOL = """
id = "oak"
name = "Oak Lane Primary School"
[[roles.headteacher]]
person = "reid"
name = "Mr Reid"
title = "headteacher"
[[roles.policy_owner]]
person = "khan"
name = "Mrs Khan"
title = "policy owner"
[[people]]
id = "khan"
name = "Mrs Khan"
[[people]]
id = "reid"
name = "Mr Reid"
[[people]]
id = "bell"
name = "Jo Bell"
[[people]]
id = "dunne"
name = "Ms Dunne"
roles = ["staff", "admin"]
"""
# Its odd words are the canaries: none of them may ever stand in a log.
TEXT = """Phone Policy

Owner: Headteacher
Review due: September 2027

1. Use

1.1 Staff must not film zebras. They must ask the quokka first.
1.2 Staff must not:
• lend phones
• share numbers

2. Breaks

2.1 Staff may use their own phones in the staff room at lunchtime.
2.2 Staff must lock phones away.
2.3 Staff must report a lost phone.
2.4 Staff must not charge phones overnight.
"""
CANARIES = ("zebra", "quokka", "lunchtime", "Phone Policy")


def folder(at: Path) -> Path:
    (at / "oak").mkdir(parents=True)
    (at / "oak" / "school.toml").write_text(SCHOOL, "utf-8")
    return at


@cache
def house() -> app.House:
    """The house with this school and no policy yet: it takes a second to build, so it is built once."""
    with TemporaryDirectory() as empty:
        policies = folder(Path(empty) / "policies")
        return app.build(settings(policies), read_library(policies))


def settings(policies: Path) -> Config:
    config = config_from({"DATA_DIR": str(policies.parent / "var")})
    return replace(config, policies=policies)


def served(policies: Path, forgets: bool = False) -> web.Application:
    """The chat and the pages of that school, with this folder of policies."""
    store, config = MemoryStore(), settings(policies)
    return serving.web_app(house(), store, chat.Posts(), config, forgets)[0]  # type: ignore[no-any-return]


@dataclass
class Page:
    """What a browser without script holds of a page: its words, its fields and its address."""

    status: int
    text: str
    url: str

    @property
    def fields(self) -> dict[str, str]:
        found = {}
        for tag in re.findall(r"<input[^>]*>", self.text):
            attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
            if attributes.get("type") in ("hidden", "text") and "name" in attributes:
                found[attributes["name"]] = unescape(attributes.get("value", ""))
        return found

    @property
    def labels(self) -> dict[str, str]:
        """Each clause's label, with the name of its field."""
        return {v: n for n, v in self.fields.items() if n.startswith("label.")}

    @property
    def words(self) -> str:
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.text)).split())


@dataclass
class Visitor:
    """Somebody at the importer. ``key`` is the address of the paper they look through."""

    client: TestClient[web.Request, web.Application]
    pages: list[Page] = field(default_factory=list)

    async def get(self, path: str) -> Page:
        async with self.client.get(path) as response:
            return await self._page(response)

    async def _page(self, response: object) -> Page:
        page = Page(response.status, await response.text(), response.url.path)  # type: ignore[attr-defined]
        self.pages.append(page)
        return page

    async def as_(self, person: str) -> "Visitor":
        token = (await self.get("/")).fields["token"]
        await self.post("/who", {"token": token, "person": person})
        return self

    async def post(self, path: str, form: Mapping[str, str]) -> Page:
        async with self.client.post(path, data=dict(form)) as response:
            return await self._page(response)

    async def upload(
        self, raw: bytes | str = TEXT, name: str = "phones.txt", token: str = ""
    ) -> Page:
        token = token or (await self.get("/import")).fields.get("token", "")
        form = FormData(quote_fields=False)  # as browsers do
        form.add_field("token", token)
        body = BytesIO(raw.encode() if isinstance(raw, str) else raw)
        form.add_field("file", body, filename=name)
        async with self.client.post("/import", data=form) as response:
            return await self._page(response)

    async def press(self, page: Page, do: str, **typed: str) -> Page:
        given = {name.replace("__", "."): value for name, value in typed.items()}
        return await self.post(page.url, {**page.fields, **given, "do": do})

    async def typed(self, page: Page, do: str, fields: Mapping[str, str]) -> Page:
        return await self.post(page.url, {**page.fields, **fields, "do": do})


async def visiting(made: web.Application) -> Visitor:
    client = TestClient(TestServer(made))
    await client.start_server()
    return Visitor(client)
