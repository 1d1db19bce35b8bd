"""The same network as bot/search/encoder.py, in torch, where it can learn. Only training imports it."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

WIDTH, HEADS, LAYERS, INNER, DROP = 384, 12, 6, 1536, 0.1


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        parts = {part: nn.Linear(WIDTH, WIDTH) for part in ("query", "key", "value")}
        self.self = nn.ModuleDict(parts)
        self.output = Output(WIDTH)

    def forward(self, state: Tensor, mask: Tensor) -> Tensor:
        texts, pieces, _ = state.shape
        shape = (texts, pieces, HEADS, WIDTH // HEADS)
        parts = [self.self[part](state).view(shape).transpose(1, 2) for part in self.self]
        seen = F.scaled_dot_product_attention(*parts, attn_mask=mask)
        return self.output(seen.transpose(1, 2).reshape(texts, pieces, WIDTH), state)


class Output(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.dense = nn.Linear(width, WIDTH)
        self.LayerNorm = nn.LayerNorm(WIDTH, 1e-12)

    def forward(self, inner: Tensor, state: Tensor) -> Tensor:
        return self.LayerNorm(state + F.dropout(self.dense(inner), DROP, self.training))


class Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attention = Attention()
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(WIDTH, INNER)})
        self.output = Output(INNER)

    def forward(self, state: Tensor, mask: Tensor) -> Tensor:
        state = self.attention(state, mask)
        return self.output(F.gelu(self.intermediate["dense"](state)), state)


class Network(nn.Module):
    """Its parameters bear the published names, so that weights go in and out unchanged."""

    def __init__(self, weights: Mapping[str, NDArray[Any]]) -> None:
        super().__init__()
        self.embeddings = nn.ModuleDict(
            {
                "word_embeddings": nn.Embedding(30522, WIDTH),
                "position_embeddings": nn.Embedding(512, WIDTH),
                "token_type_embeddings": nn.Embedding(2, WIDTH),
                "LayerNorm": nn.LayerNorm(WIDTH, 1e-12),
            }
        )
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(Layer() for _ in range(LAYERS))})
        self.load_state_dict({name: torch.tensor(values) for name, values in weights.items()})
        self.embeddings["word_embeddings"].weight.requires_grad_(False)

    def forward(self, texts: Sequence[Sequence[int]]) -> Tensor:
        """One row of length one for each text given as piece numbers."""
        ids, real = _padded(texts)
        state = self.embeddings["word_embeddings"](ids)
        state = state + self.embeddings["position_embeddings"].weight[: ids.shape[1]]
        state = state + self.embeddings["token_type_embeddings"].weight[0]
        state = F.dropout(self.embeddings["LayerNorm"](state), DROP, self.training)
        mask = real[:, None, None, :]
        for layer in self.encoder["layer"]:
            state = layer(state, mask)
        weight = real[..., None].float()
        return F.normalize((state.float() * weight).sum(1) / weight.sum(1), dim=-1)


def _padded(texts: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    longest = max(len(text) for text in texts)
    ids = torch.zeros(len(texts), longest, dtype=torch.long)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = torch.tensor(text)
    lengths = torch.tensor([len(text) for text in texts])
    return ids, torch.arange(longest)[None] < lengths[:, None]
