"""Turns a text into 384 numbers that lie close together for texts of like meaning. numpy and one 21 MB file.

The network is all-MiniLM-L6-v2: six layers, twelve heads, the mean over the pieces, length one.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.search.weights import mark_of
from bot.search.wordpiece import WordPiece

Array = NDArray[np.float32]
WIDTH, HEADS, LAYERS = 384, 12, 6
BESIDE = 2  # groups at once, for the two cores of a small machine
TOGETHER = 4  # texts embedded at once: 32 made the process grow to 440 MB (facts, 2026-11-20)


class Encoder:
    """Word embeddings stay int8 (12 MB); the layers are float32 (43 MB), transposed for speed."""

    def __init__(self, path: Path) -> None:
        self.name = mark_of(path)
        self._weights: dict[str, Array] = {}
        self._last: tuple[str, Array] = ("", np.zeros(WIDTH, np.float32))
        with np.load(path) as file:
            self._pieces = WordPiece(bytes(file["vocab"]).decode())
            for key in file.files:
                if key.endswith("|q"):
                    self._take_rows(key[:-2], file[key], file[key[:-2] + "|s"])
                elif "|" not in key and key != "vocab":
                    self._weights[key] = file[key].astype(np.float32)

    def _take_rows(self, name: str, rows: NDArray[np.int8], scale: NDArray[np.float16]) -> None:
        if name == "embeddings.word_embeddings.weight":
            self._words, self._scale = rows, scale.astype(np.float32)
            return
        values = rows.astype(np.float32) * scale.astype(np.float32)
        self._weights[name] = np.ascontiguousarray(values.T) if "encoder" in name else values

    def embed(self, texts: Sequence[str]) -> Array:
        """One row of length one for each text, in their order."""
        ids = [self._pieces.ids(text) for text in texts]
        vectors = np.zeros((len(texts), WIDTH), np.float32)
        by_length = sorted(range(len(texts)), key=lambda at: len(ids[at]))
        groups = list(_groups(by_length, TOGETHER))
        with ThreadPoolExecutor(
            BESIDE
        ) as pool:  # numpy lets the other thread run; a thread starts when needed
            found = pool.map(lambda group: self._run([ids[at] for at in group]), groups)
            for group, rows in zip(groups, found, strict=True):
                vectors[group] = rows
        return vectors

    def one(self, text: str) -> Array:
        """The vector of one text. The last one is remembered: the gate and the search ask in turn."""
        text_before, vector = self._last
        if text != text_before:
            vector = self._run([self._pieces.ids(text)])[0]
            self._last = (text, vector)
        return vector

    def words(self, words: Sequence[str]) -> Array:
        """One row of length one for each word by itself: no network, no sentence round it, no cost."""
        rows = [self._pieces.ids(word)[1:-1] for word in words]
        means = [(self._words[ids] * self._scale[ids]).mean(0) for ids in rows]
        return _unit(np.stack(means)) if means else np.zeros((0, WIDTH), np.float32)

    def _run(self, texts: list[list[int]]) -> Array:
        """Texts laid end to end, so that nothing is padded; only attention looks at them one by one."""
        ends = np.cumsum([len(text) for text in texts])
        spans = [slice(end - len(text), end) for end, text in zip(ends, texts, strict=True)]
        state = self._embedded(texts)
        for layer in range(LAYERS):
            state = self._layer(f"encoder.layer.{layer}.", state, spans)
        means = np.stack([state[span].mean(0) for span in spans])
        return _unit(means)

    def _embedded(self, texts: list[list[int]]) -> Array:
        ids = np.concatenate(texts)
        places = np.concatenate([np.arange(len(text)) for text in texts])
        state = self._words[ids] * self._scale[ids]
        state += self._weights["embeddings.position_embeddings.weight"][places]
        state += self._weights["embeddings.token_type_embeddings.weight"][0]
        return self._norm(state, "embeddings.LayerNorm")

    def _layer(self, name: str, state: Array, spans: list[slice]) -> Array:
        query, key, value = (
            self._linear(state, f"{name}attention.self.{part}")
            for part in ("query", "key", "value")
        )
        seen = np.empty_like(state)
        for span in spans:
            seen[span] = _attention(query[span], key[span], value[span])
        state = state + self._linear(seen, name + "attention.output.dense")
        state = self._norm(state, name + "attention.output.LayerNorm")
        inner = _gelu(self._linear(state, name + "intermediate.dense"))
        state = state + self._linear(inner, name + "output.dense")
        return self._norm(state, name + "output.LayerNorm")

    def _linear(self, state: Array, name: str) -> Array:
        result: Array = state @ self._weights[name + ".weight"]
        result += self._weights[name + ".bias"]
        return result

    def _norm(self, state: Array, name: str) -> Array:
        centred = state - state.mean(-1, keepdims=True)
        centred /= np.sqrt(np.square(centred).mean(-1, keepdims=True) + 1e-12)
        result: Array = centred * self._weights[name + ".weight"] + self._weights[name + ".bias"]
        return result


def _attention(query: Array, key: Array, value: Array) -> Array:
    """Each piece gathers from the others what its query asks for, in twelve heads."""
    query, key, value = (_heads(part) for part in (query, key, value))
    weight = query @ key.transpose(0, 2, 1) / np.float32((WIDTH / HEADS) ** 0.5)
    weight = np.exp(weight - weight.max(-1, keepdims=True))
    weight /= weight.sum(-1, keepdims=True)
    result: Array = (weight @ value).transpose(1, 0, 2).reshape(-1, WIDTH)
    return result


def _heads(state: Array) -> Array:
    return state.reshape(len(state), HEADS, WIDTH // HEADS).transpose(1, 0, 2)


def _gelu(state: Array) -> Array:
    """The tanh form; numpy has no erf, and the vectors differ in the fourth decimal only."""
    inner = np.float32(0.7978845608) * (state + np.float32(0.044715) * state * state * state)
    result: Array = np.float32(0.5) * state * (1 + np.tanh(inner))
    return result


def _unit(vectors: Array) -> Array:
    result: Array = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return result


def _groups(items: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
