"""How much memory the demo takes: a real process, asked over HTTP as a browser asks it."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from tests.bench import houses, servers, sets
from tests.bench.figures import Figure, measured

QUESTIONS = 30


def rss() -> Iterator[Figure]:
    """Megabytes resident after thirty questions: on a first start with vectors, and without any."""
    questions = [row["question"] for row in sets.blind("questions")[:QUESTIONS]]
    for name, encoder in (
        ("serve.rss_mb", houses.VAR / "encoder.npz"),
        ("serve.rss_mb_lexical", None),
    ):
        with TemporaryDirectory(prefix="policybot-bench-") as folder:
            if encoder and encoder.exists():
                os.symlink(encoder, Path(folder, "encoder.npz"))
            yield measured(name, _after(questions, Path(folder)), len(questions))


def _after(questions: list[str], data: Path) -> float:
    with _demo(data) as (process, address):
        browser = Browser(address)
        for question in questions:
            browser.ask(question)
        return servers.resident_mb(process.pid)


@contextmanager
def _demo(data: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    port = servers.free_port()
    env = {"NO_BROWSER": "1", "PORT": str(port), "DATA_DIR": str(data)}
    with servers.running(["-m", "bot", "demo"], port, env) as process:
        yield process, f"http://127.0.0.1:{port}"


# A browser, as far as forms go -------------------------------------------------------------------


class Forms(HTMLParser):
    """For each form of a page, by where it is sent: the fields it would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = self.fields.setdefault(said["action"], {})
        elif tag in ("input", "button") and "name" in said:
            self._form.setdefault(said["name"], said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self._form = {} if tag == "form" else self._form


class Browser:
    """Chooses the first person there is, then asks."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        page = self._page("/")
        self._page("/who", Forms(page).fields["/who"])

    def ask(self, question: str) -> str:
        form = Forms(self._page("/")).fields["/say"]
        return self._page("/say", {**form, "text": question})

    def _page(self, path: str, form: Mapping[str, str] | None = None) -> str:
        body = urlencode(form).encode() if form is not None else None
        with self._opener.open(self._address + path, body, timeout=60) as response:
            page: str = response.read().decode()
            return page
