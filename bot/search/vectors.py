"""The vectors of all clauses in view order, kept between starts in one file for each policy's content."""

import hashlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.core.policies import Clause, Policy, sentences
from bot.search.encoder import WIDTH, Encoder
from bot.search.words import STOP_STEMS, stem, words

Array = NDArray[np.float32]


MANY = 100  # so many texts take more than a second
ALIKE = (0.28, 0.5)  # two single words further than the first differ, nearer than the second agree


@dataclass(frozen=True)
class Views:
    """The texts one clause is compared by. The first ``sentences`` of them are its sentences."""

    texts: tuple[str, ...]
    sentences: int


def views(policy: Policy, clause: Clause) -> Views:
    """Sentences, the whole clause, "last heading: clause", and "lead-in clause" for a bullet."""
    said = [clause.text[start:end] for start, end in sentences(clause.text)] or [clause.text]
    texts = [*said] if len(said) == 1 else [*said, clause.text]
    if clause.headings:
        texts.append(f"{clause.headings[-1]}: {clause.text}")
    lead = policy.lead_of(clause)
    if lead:
        texts.append(f"{lead.text} {clause.text}")
    return Views(tuple(texts), len(said))


class Vectors:
    """One row a view; ``starts`` says where each clause's rows begin."""

    def __init__(self, shown: Sequence[Views], rows: Array) -> None:
        self._rows = rows
        self._shown = shown
        sizes = [len(one.texts) for one in shown]
        self.starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)

    def cosines(self, question: Array) -> tuple[Array, Array]:
        """For every clause its best view's cosine; and the cosine of every view."""
        each: Array = self._rows @ question
        if not len(each):
            return np.zeros(0, np.float32), each
        return np.maximum.reduceat(each, self.starts[:-1]), each

    def sentence(self, clause: int, each: Array) -> int:
        """The clause's sentence nearest to the question."""
        start = self.starts[clause]
        return int(each[start : start + self._shown[clause].sentences].argmax())

    def nearest(self, bank: Array) -> Array:
        """For every clause (row) its likeness to each text of ``bank`` (column), by its best view."""
        if not len(self._rows):
            return np.zeros((0, len(bank)), np.float32)
        return np.maximum.reduceat(self._rows @ bank.T, self.starts[:-1], axis=0)


def content_words(text: str) -> list[str]:
    """Its words as typed, each once, without stop words and numbers."""
    said = dict.fromkeys(words(text))
    return [word for word in said if stem(word) not in STOP_STEMS and not word[0].isdigit()]


def content(encoder: Encoder, text: str) -> Array:
    """One vector of a text's content words, whatever their order: the same for every tuned encoder."""
    total: Array = encoder.words(content_words(text)).sum(0)
    length = float(np.linalg.norm(total))
    return total / length if length else total


def alike(encoder: Encoder, question: str, clause: str) -> dict[str, float]:
    """For the stem of each content word of the question: how near (0..1) the clause's nearest word is."""
    asked, said = content_words(question), content_words(clause)
    if not asked or not said:
        return {}
    nearest = (encoder.words(asked) @ encoder.words(said).T).max(1)
    least, most = ALIKE
    shares = np.clip((nearest - least) / (most - least), 0, 1)
    return {stem(word): float(share) for word, share in zip(asked, shares, strict=True)}


def embedded(encoder: Encoder, texts: Sequence[str], cache: Path | None) -> Array:
    """The vectors of ``texts``: from the cache when these very texts were embedded before."""
    if not texts:
        return np.zeros((0, WIDTH), np.float32)
    path = cache / f"{_content(encoder.name, texts)}.npz" if cache else None
    kept = _read(path, len(texts)) if path else None
    if kept is None:
        _ask_to_wait(len(texts))
        # Rounded before the first use too: a restart must not change a single answer.
        kept = encoder.embed(texts).astype(np.float16)
        if path:
            _write(path, kept)
    return kept.astype(np.float32)


def _ask_to_wait(texts: int) -> None:
    """Some ten seconds for five policies, and nothing else is shown meanwhile."""
    if texts >= MANY and sys.stderr.isatty():
        print(f"Reading {texts} sentences for the first time ...", file=sys.stderr)  # noqa: T201


def _content(encoder: str, texts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join([encoder, *texts]).encode()).hexdigest()[:32]


def _read(path: Path, count: int) -> NDArray[np.float16] | None:
    """None when there is no such file or it is broken; then it is made again."""
    try:
        with np.load(path) as file:
            rows: NDArray[np.float16] = file["rows"]
    except (OSError, ValueError, KeyError, EOFError):
        return None
    return rows if rows.shape == (count, WIDTH) else None


def _write(path: Path, rows: NDArray[np.float16]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.npz")
    np.savez(draft, rows=rows)
    os.replace(draft, path)
