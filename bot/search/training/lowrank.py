"""What training changed, as a small file: a rank-32 product for each matrix, in scaled int8.

Word, position and type embeddings stay as published: they are half the weights, and moving them gave nothing.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


def write_delta(
    before: Mapping[str, Array], after: Mapping[str, Array], target: Path, rank: int = 32
) -> None:
    parts: dict[str, NDArray[Any]] = {}
    for name, values in sorted(after.items()):
        change = values - before[name]
        if "_embeddings." in name or not change.any():
            continue
        parts |= factors(name, change, rank) if change.ndim == 2 else {name: change.astype("f2")}
    draft = target.with_suffix(".tmp.npz")
    np.savez_compressed(draft, **parts)
    draft.replace(target)


def factors(name: str, change: Array, rank: int) -> dict[str, NDArray[Any]]:
    left, strength, right = np.linalg.svd(change, full_matrices=False)
    root = np.sqrt(strength[:rank])
    a, a_scale = int8(left[:, :rank] * root, axis=0)
    b, b_scale = int8(root[:, None] * right[:rank], axis=1)
    return {f"{name}|A": a, f"{name}|As": a_scale, f"{name}|B": b, f"{name}|Bs": b_scale}


def int8(values: Array, axis: int) -> tuple[NDArray[np.int8], Array]:
    scale = (np.abs(values).max(axis, keepdims=True) / 127 + 1e-12).astype(np.float32)
    return np.round(values / scale).astype(np.int8), scale
