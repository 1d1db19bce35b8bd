"""One policy in every format: the same labels, the same texts, and no word lost."""

from collections import Counter
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec

import pytest

from bot.config import ROOT
from bot.intake.document import Document
from bot.intake.furniture import plain_document
from bot.intake.importing import Imported, import_document
from bot.intake.read import cleaned, words
from bot.intake.source import KINDS
from tests.bench.sets import OTHERS
from tests.intake.documents import told_words
from tests.intake.making import as_docx, as_html, as_odt, as_text
from tests.intake.pieces import Piece, invented, pieces_of

MAKERS: dict[str, Callable[[Sequence[Piece]], bytes]] = {
    "txt": as_text,
    "html": as_html,
    "odt": as_odt,
    "docx": as_docx,
}
KNOWN = [
    kind for kind in MAKERS if find_spec(f"bot.intake.formats.{KINDS[f'.{kind}']}") is not None
]
POLICIES = {**OTHERS, "staff-online": ROOT / "policies" / "example" / "source" / "staff-online.txt"}


def document(kind: str, pieces: Sequence[Piece]) -> Document:
    reader = import_module(f"bot.intake.formats.{KINDS[f'.{kind}']}")
    found: Document = reader.read(f"a.{kind}", MAKERS[kind](pieces), lambda pages: None)
    return found


def labelled(imported: Imported) -> list[tuple[str, str]]:
    return [(clause.label, clause.text) for clause in imported.policy.clauses]


@pytest.mark.parametrize("kind", KNOWN)
@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_has_the_same_labels_and_texts_in_every_format(name: str, kind: str) -> None:
    plain = plain_document(cleaned(POLICIES[name].read_text("utf-8")))
    wanted = import_document(plain, "p")
    pieces = pieces_of(wanted.policy, [line.text for line in plain.lines])
    assert labelled(import_document(document(kind, pieces), "p")) == labelled(wanted)


@pytest.mark.parametrize("kind", KNOWN)
def test_no_word_of_an_invented_policy_is_lost_or_stands_twice(kind: str) -> None:
    for seed in range(25):
        pieces = invented(seed)
        imported = import_document(document(kind, pieces), "p")
        wanted = Counter(word for piece in pieces for word in piece.words)
        told = Counter(told_words(imported.policy.clauses))
        listed = Counter(word for one in imported.dropped for word in words(one.text))
        assert (wanted - told - listed, told - wanted) == (Counter(), Counter()), seed
