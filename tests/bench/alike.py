"""The same policies in every format: are labels and texts those of the plain text, is any word lost?"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from pypdfium2 import PdfDocument

from bot.config import ROOT
from bot.intake.document import Document
from bot.intake.furniture import plain_document
from bot.intake.importing import Imported, import_document
from bot.intake.read import cleaned, decoded, folded, words
from bot.intake.source import KINDS, source_of
from tests.bench import printing, sets
from tests.bench.figures import Figure, measured, share
from tests.intake.documents import told_words
from tests.intake.making import RUNNING, as_docx, as_html, as_odt, as_text
from tests.intake.pieces import Piece, invented, pieces_of

INVENTED = 2000
LONG = 60  # pages
_MAKERS: dict[str, Callable[[Sequence[Piece]], bytes]] = {
    "txt": as_text,
    "docx": as_docx,
    "html": as_html,
    "odt": as_odt,
}


@dataclass(frozen=True)
class Made:
    """A document made from pieces: in which format, by which maker."""

    maker: str
    name: str
    raw: bytes
    pieces: Sequence[Piece]


def alike() -> Iterator[Figure]:
    """Labels and texts by maker and over all; then words lost or doubled; then pages in a second."""
    print_page = _printer()
    documents = list(_made(print_page))
    yield from _alike(documents)
    lost = [_lost(one, _direct) for one in documents]
    yield measured("intake.words_lost_real", sum(one.missed for one in lost), len(lost))
    lost += [_lost(one, _direct) for one in _invented(print_page)]
    yield measured("intake.words_lost", sum(one.missed for one in lost), len(lost))
    yield measured("intake.words_lost_unguarded", sum(one.unlisted for one in lost), len(lost))
    yield from _speed(print_page)
    _open.close()


# The documents --------------------------------------------------------------------------------------

_open = ExitStack()


def _printer() -> Callable[[bytes], bytes] | None:
    """Chromium opened for the whole bench, where it and the reader of what it prints are here."""
    if not printing.CHROMIUM.exists() or not _has_reader("pdf"):
        return None
    return _open.enter_context(printing.chromium())


def _has_reader(kind: str) -> bool:
    return find_spec(f"bot.intake.formats.{KINDS[f'.{kind}']}") is not None


@cache
def plain() -> Mapping[str, Imported]:
    """Every policy there is, as its plain text is taken in."""
    return {path.stem: import_document(plain_document(_read(path)), "p") for path in sources()}


def sources() -> list[Path]:
    """The five, the two of other kinds, and those of the schools in this repository."""
    seeds = sorted((sets.SHARED / "seeds").glob("*.txt"))
    return [*seeds, *sets.OTHERS.values(), *sorted((ROOT / "policies").glob("*/source/*.txt"))]


def _lines(path: Path) -> list[str]:
    return [line.text for line in plain_document(_read(path)).lines]


def _read(path: Path) -> str:
    return cleaned(decoded(path.name, path.read_bytes()))


def _made(print_page: Callable[[bytes], bytes] | None) -> Iterator[Made]:
    """Every policy in every format there is a reader for, by every maker there is here."""
    pieces = {path.stem: pieces_of(plain()[path.stem].policy, _lines(path)) for path in sources()}
    for kind in ("docx", "html", "odt"):
        if _has_reader(kind):
            for name, told in pieces.items():
                yield Made(kind, f"{name}.{kind}", _MAKERS[kind](told), told)
    if print_page:
        for name, told in pieces.items():
            yield Made("pdf", f"{name}.pdf", print_page(as_html(told)), told)
    for kind in ("odt", "pdf"):
        if _has_reader(kind):
            saved = {name: as_docx(told) for name, told in pieces.items()}
            for name, raw in printing.libreoffice(saved, kind).items():
                yield Made(f"libreoffice_{kind}", f"{name}.{kind}", raw, pieces[name])


def _invented(print_page: Callable[[bytes], bytes] | None) -> Iterator[Made]:
    """Two thousand in all, each format in its turn."""
    kinds = [kind for kind in _MAKERS if _has_reader(kind)] + ["pdf"] * bool(print_page)
    for seed in range(INVENTED):
        kind, told = kinds[seed % len(kinds)], invented(seed)
        if kind != "pdf":
            raw = _MAKERS[kind](told)
        elif print_page:
            raw = print_page(as_html(told))
        yield Made(kind, f"invented-{seed}.{kind}", raw, told)


# The figures ----------------------------------------------------------------------------------------


def _alike(documents: Sequence[Made]) -> Iterator[Figure]:
    labels: dict[str, list[bool]] = {}
    texts: dict[str, list[bool]] = {}
    for one in documents:
        wanted = plain()[Path(one.name).stem]
        found = import_document(source_of(one.name, one.raw).document, "p")
        labels.setdefault(one.maker, []).extend(_same(wanted, found, True))
        texts.setdefault(one.maker, []).extend(_same(wanted, found, False))
    for name, told in (("labels", labels), ("texts", texts)):
        for maker, hits in told.items():
            yield share(f"intake.{name}_alike_{maker}", hits)
        yield share(f"intake.{name}_alike", [hit for hits in told.values() for hit in hits])


def _same(wanted: Imported, found: Imported, labelled: bool) -> list[bool]:
    """For each clause of the plain text: is it among those found, each counted once?"""
    there = Counter(_told(found, labelled))
    hits = []
    for one in _told(wanted, labelled):
        hits.append(there[one] > 0)
        there[one] -= 1
    return hits


def _told(imported: Imported, labelled: bool) -> list[tuple[str, str]]:
    clauses = imported.policy.clauses
    return [(clause.label if labelled else "", folded(clause.text)) for clause in clauses]


def _direct(name: str, raw: bytes) -> Document:
    """Read in this process: thousands of children would measure how fast processes start."""
    reader = import_module(f"bot.intake.formats.{KINDS[Path(name).suffix]}")
    found: Document = reader.read(name, raw, lambda pages: None)
    return found


class Lost(NamedTuple):
    """``missed``: words that are neither in a clause nor listed as left out, and words that stand twice.
    ``unlisted``: the same if nothing were listed as left out."""

    missed: int
    unlisted: int


def _lost(one: Made, read: Callable[[str, bytes], Document]) -> Lost:
    imported = import_document(read(one.name, one.raw), "p")
    wanted = Counter(word for piece in one.pieces for word in piece.words)
    told = Counter(told_words(imported.policy.clauses))
    listed = Counter(word for dropped in imported.dropped for word in words(dropped.text))
    lost = wanted - told - listed
    doubled = told - wanted - Counter(_running(one))
    if lost or doubled:
        print(
            f"{one.maker} {one.name}: lost {dict(lost)}, doubled {dict(doubled)}", file=sys.stderr
        )
    everything = Counter(words(_printed(one)))
    return Lost(lost.total() + doubled.total(), (everything - told).total() + doubled.total())


def _printed(one: Made) -> str:
    """What stands on the pages: the policy, and the running head where there are pages."""
    said = " ".join(word for piece in one.pieces for word in piece.words)
    return f"{said} {RUNNING}" if one.name.endswith((".pdf", ".docx", ".odt")) else said


def _running(one: Made) -> list[str]:
    """The running head of a printed document of one page: nothing shows that it is one, and it may stay."""
    return words(RUNNING) if one.name.endswith(".pdf") and _pages(one.raw) == 1 else []


def _speed(print_page: Callable[[bytes], bytes] | None) -> Iterator[Figure]:
    """Import of sixty pages, through the door that every file comes by."""
    told = [piece for seed in range(400) for piece in invented(seed)[1:]]
    found = []
    if print_page:
        pages = _pages(print_page(as_html(told)))
        told = told[: len(told) * LONG // pages]
        raw = print_page(as_html(told))
        found.append(_rate("pdf", raw, _pages(raw)))
    kinds = [kind for kind in ("docx", "odt", "html") if _has_reader(kind)]
    found += [_rate(kind, _MAKERS[kind](told), LONG) for kind in kinds]
    yield from found
    yield measured("intake.pages_per_s", min(one.value or 0 for one in found), LONG)


def _pages(raw: bytes) -> int:
    return len(PdfDocument(raw))


def _rate(kind: str, raw: bytes, pages: int) -> Figure:
    started = perf_counter()
    import_document(source_of(f"long.{kind}", raw).document, "p")
    return measured(f"intake.pages_per_s_{kind}", pages / (perf_counter() - started), pages)
