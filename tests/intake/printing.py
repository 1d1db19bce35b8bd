"""A policy's text as a web page, styled or bare, and Chromium that prints it as a PDF."""

import html
import os
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from bot.intake.front import title_lines
from bot.intake.furniture import plain_document, without_furniture
from bot.intake.headings import headings
from bot.intake.lines import Item, items_of
from bot.intake.read import cleaned, words

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
_TABLES = """p { margin: 9pt 0 } p.tight { margin-top: -9pt }
table { border-collapse: collapse } td { border: 1px solid }"""
STYLED = (
    """body { font: 11pt/1.35 Arial, sans-serif } @page { size: A4; margin: 22mm }
h1 { font-size: 20pt } h2 { font-size: 14pt } h3 { font-size: 12.5pt }
p.hung { padding-left: 36pt; text-indent: -36pt }
p.hung span { display: inline-block; width: 36pt; text-indent: 0 }
"""
    + _TABLES
)
BARE = (
    """body { font: 11pt/1.3 "Times New Roman", serif } @page { size: A4; margin: 25mm }
"""
    + _TABLES
)


def printed_pdf(page: str, folder: Path) -> bytes:
    """A web page as Chromium prints it, with its own header and footer."""
    if not CHROMIUM.exists():
        assert not os.environ.get("CI"), f"CI needs {CHROMIUM}: apt-get install chromium"
        pytest.skip(f"{CHROMIUM} is not installed")
    source, target = folder / "policy.html", folder / "policy.pdf"
    source.write_text(page, encoding="utf-8")
    home = f"--user-data-dir={folder / 'chromium'}"
    command = [str(CHROMIUM), *SWITCHES, home, f"--print-to-pdf={target}", str(source)]
    subprocess.run(command, capture_output=True, check=True, timeout=60)
    return target.read_bytes()


def as_page(text: str, styled: bool) -> str:
    """The page: with real headings, lists and hanging numbers, or every item a bare paragraph."""
    items = items_of(without_furniture(plain_document(cleaned(text)).lines)[0])
    start = title_lines(items) if styled else 0
    found = headings(items, start) if styled else {}
    parts = ["<h1>" + "<br>".join(html.escape(item.text) for item in items[:start]) + "</h1>"]
    for place, item in enumerate(items[start:], start):
        if place in found:
            level = min(found[place].level, 3)
            parts.append(f"<h{level}>{_full(item)}</h{level}>")
        else:
            parts.append(_item(item) if styled else _bare(item))
    body = "\n".join(parts)
    for a, b in (("</ul>", "<ul>"), ("</table>", "<table>")):
        body = body.replace(f"{a}\n{b}", "")
    style = STYLED if styled else BARE
    return f"<!doctype html><meta charset=utf-8><style>{style}</style><body>{body}"


def _full(item: Item) -> str:
    marker = f"{item.marker.printed} " if item.marker else ""
    return html.escape(marker + item.text)


def _item(item: Item) -> str:
    if item.marker and item.marker.kind == "bullet" and words(item.text):
        return f"<ul><li>{html.escape(item.text)}</li></ul>"
    if item.marker and words(item.text):
        number = html.escape(item.marker.printed)
        return f"<p class=hung><span>{number}</span>{html.escape(item.text)}</p>"
    return _bare(item)


def _bare(item: Item) -> str:
    if len(item.cells) > 1 and "___" not in item.text:
        cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in item.cells)
        return f"<table><tr>{cells}</tr></table>"
    return f"<p{'' if item.gap else ' class=tight'}>{_full(item)}</p>"


def in_turn(whole: list[tuple[str, str]], found: list[tuple[str, str]]) -> int:
    """How many of ``whole`` stand in ``found`` in the same order (longest common subsequence)."""
    row = [0] * (len(found) + 1)
    for one in whole:
        before = row
        row = [0]
        for place, (old, above) in enumerate(pairwise(before)):
            row.append(old + 1 if found[place] == one else max(above, row[-1]))
    return row[-1]
