"""Makes the small encoder file: the published weights plus our delta, big matrices as scaled int8 rows."""

import json
import os
import struct
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
BIG = 10_000  # smaller ones (norms, biases) stay fp16: int8 would cost accuracy and save nothing


def pack(tensors: bytes, vocabulary: bytes, delta: Path | None, target: Path, mark: str) -> None:
    """Writes ``target`` in one step, so that a reader sees the old file or the new one."""
    weights = dict(read_safetensors(tensors))
    if delta:
        with np.load(delta) as change:
            weights = merged(weights, change)
    parts: dict[str, NDArray[Any]] = {"vocab": np.frombuffer(vocabulary, np.uint8)}
    for name, values in weights.items():
        parts |= packed(name, values)
    draft = target.with_suffix(".tmp.npz")
    np.savez_compressed(draft, **parts)  # type: ignore[arg-type]
    with zipfile.ZipFile(draft, "a") as file:
        file.comment = mark.encode("ascii")
    os.replace(draft, target)


def read_safetensors(content: bytes) -> Iterator[tuple[str, Array]]:
    """Name and values of each float32 tensor but the pooler, which sentence vectors do not use."""
    (size,) = struct.unpack("<Q", content[:8])
    for name, about in json.loads(content[8 : 8 + size]).items():
        if name.startswith(("__metadata__", "pooler")) or about["dtype"] != "F32":
            continue
        start, end = (8 + size + offset for offset in about["data_offsets"])
        yield name, np.frombuffer(content[start:end], np.float32).reshape(about["shape"])


def merged(weights: Mapping[str, Array], delta: Mapping[str, NDArray[Any]]) -> dict[str, Array]:
    """The weights moved by the delta: A @ B for a matrix, a plain difference for the rest."""
    tuned = dict(weights)
    for key in delta:
        name, _, part = key.partition("|")
        if part == "A":
            left = delta[key] * delta[f"{name}|As"]
            right = delta[f"{name}|B"] * delta[f"{name}|Bs"]
            tuned[name] = (weights[name] + left @ right).astype(np.float32)
        elif not part:
            tuned[name] = weights[name] + delta[key].astype(np.float32)
    return tuned


def packed(name: str, values: Array) -> dict[str, NDArray[Any]]:
    """``name|q`` and ``name|s`` for a big matrix, else ``name`` alone."""
    if values.ndim != 2 or values.size < BIG:
        return {name: values.astype(np.float16)}
    scale = np.abs(values).max(1, keepdims=True) / 127
    scale = np.where(scale == 0, 1, scale).astype(np.float16)
    rows = np.round(values / scale.astype(np.float32)).clip(-127, 127)
    return {f"{name}|q": rows.astype(np.int8), f"{name}|s": scale}
