"""How much memory the demo takes: a real process, asked over HTTP as a browser asks it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from bot.config import ROOT
from tests.bench import houses, sets
from tests.bench.figures import Figure, measured

QUESTIONS = 30
PATIENCE_S = 180
_OURS = ("POLICIES_DIR", "CONVERSATIONS_DIR", "KEK_FILE", "OPENBLAS_NUM_THREADS")


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
        return _resident_mb(process.pid)


@contextmanager
def _demo(data: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    port = _free_port()
    env = {name: value for name, value in os.environ.items() if name not in _OURS}
    env |= {"NO_BROWSER": "1", "PORT": str(port), "DATA_DIR": str(data)}
    command = [sys.executable, "-m", "bot", "demo"]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        _wait_for(process, port)
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise URLError("the demo did not start")


def _resident_mb(pid: int) -> float:
    told = Path(f"/proc/{pid}/status")
    if told.exists():
        line = next(n for n in told.read_text().splitlines() if n.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024
    asked = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=True)
    return int(asked.stdout) / 1024


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
