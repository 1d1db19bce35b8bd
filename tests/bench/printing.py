"""Documents of other makers: Chromium prints a styled page, LibreOffice turns a Word file into others."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import sync_playwright

from tests.intake.making import RUNNING

CHROMIUM = Path("/usr/bin/chromium")
_SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_HEAD = f"<div style='font-size:8pt;width:100%;text-align:center'>{RUNNING}</div>"
_FOOT = (
    "<div style='font-size:8pt;width:100%;text-align:center'>Page <span class=pageNumber></span> of "
    "<span class=totalPages></span></div>"
)
_PATIENCE_S = 180


@contextmanager
def chromium() -> Iterator[Callable[[bytes], bytes]]:
    """A function that prints a page to A4, with a running head and page numbers."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=_SWITCHES)
        page = browser.new_context(java_script_enabled=False, offline=True).new_page()
        yield lambda raw: _printed(page, raw)
        browser.close()


def _printed(page: Any, raw: bytes) -> bytes:
    page.set_content(raw.decode())
    found: bytes = page.pdf(
        format="A4", display_header_footer=True, header_template=_HEAD, footer_template=_FOOT
    )
    return found


def libreoffice(documents: dict[str, bytes], to: str) -> dict[str, bytes]:
    """Word documents by name, each as LibreOffice saves it as "odt" or "pdf"; none where it is missing."""
    if not which("soffice"):
        return {}
    with TemporaryDirectory(prefix="policybot-bench-") as folder:
        for name, raw in documents.items():
            Path(folder, f"{name}.docx").write_bytes(raw)
        words = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        words += ["--convert-to", to, "--outdir", folder]
        words += [f"{folder}/{name}.docx" for name in documents]
        subprocess.run(words, check=True, timeout=_PATIENCE_S, capture_output=True)
        return {name: Path(folder, f"{name}.{to}").read_bytes() for name in documents}
