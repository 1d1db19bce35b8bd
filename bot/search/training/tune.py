"""Moves the encoder towards staff's way of asking: a question to its clause, away from those around it.

MultipleNegativesRanking with two hard negatives from the same policy; weights averaged over the last
40 % of the steps. With the training environment: `python -m bot.search.training.tune WHEEL OUT [trial]`
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from bot.search.packing import read_safetensors
from bot.search.training.lowrank import write_delta
from bot.search.training.network import Network
from bot.search.training.pairs import FIRST, HELD_BACK, Lesson, lessons
from bot.search.weights import contents
from bot.search.wordpiece import WordPiece


@dataclass(frozen=True)
class Recipe:
    """What facts/retrieval-reach.md found best, fewer rounds since there are three times the pairs."""

    rounds: float = 5.0
    together: int = 32
    hard: int = 2
    rate: float = 5e-5
    scale: float = 20.0
    question_pieces: int = 48
    clause_pieces: int = 64
    averaged: float = 0.4
    with_heading: float = 0.25
    rank: int = 32
    seed: int = 1


@dataclass(frozen=True)
class Pair:
    question: str
    clause: int
    lesson: int


class Tuner:
    def __init__(self, network: Network, cut: WordPiece, taught: Sequence[Lesson], recipe: Recipe):
        self.network, self.cut, self.taught, self.recipe = network, cut, taught, recipe
        self.random = random.Random(recipe.seed)
        self.pairs = [
            Pair(question, clause, at)
            for at, lesson in enumerate(taught)
            for question, clause in lesson.asked
        ]
        self.steps = int(len(self.pairs) / recipe.together * recipe.rounds)

    def run(self, say: Callable[[str], None]) -> dict[str, Tensor]:
        """The averaged weights after all rounds."""
        torch.manual_seed(self.recipe.seed)
        learn = [weight for weight in self.network.parameters() if weight.requires_grad]
        optimiser = torch.optim.AdamW(learn, self.recipe.rate, weight_decay=0.01)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, self._pace)
        mean, batches, began, total = Mean(), self._batches(), time.time(), 0.0
        self.network.train()
        for step in range(self.steps):
            loss = self._loss(next(batches))
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(learn, 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
            total += loss.item()
            if step >= self.steps * (1 - self.recipe.averaged) and step % 4 == 0:
                mean.add(self.network.state_dict())
            if step % 20 == 19:
                say(f"{step + 1}/{self.steps} loss {total / 20:.4f} {time.time() - began:.0f} s")
                total = 0.0
        return mean.values

    def _pace(self, step: int) -> float:
        """Warm up over a tenth of the steps, then down to nothing in a straight line."""
        return min((step + 1) / (self.steps * 0.1 + 1), max(0.0, 1 - step / self.steps))

    def _batches(self) -> Iterator[list[Pair]]:
        """No clause twice in a batch: its second question would count as wrong."""
        waiting: list[Pair] = []
        while True:
            batch: dict[str, Pair] = {}
            passed: list[Pair] = []
            while len(batch) < self.recipe.together:
                if not waiting:
                    waiting = self.random.sample(self.pairs, len(self.pairs))
                pair = waiting.pop()
                text = self._text(pair)
                passed.append(pair) if text in batch else batch.setdefault(text, pair)
            waiting = passed + waiting
            yield list(batch.values())

    def _loss(self, batch: list[Pair]) -> Tensor:
        shown = [self._text(pair) for pair in batch]
        around = [self._around(pair) for pair in batch]
        shown += [text for texts in around for text in texts]
        views = [self._view(pair.lesson, pair.clause) for pair in batch]
        views += [
            self._view(pair.lesson, self._place(pair.lesson, text))
            for pair, texts in zip(batch, around, strict=True)
            for text in texts
        ]
        with torch.autocast("cpu", torch.bfloat16):
            asked = self._embed([p.question for p in batch], self.recipe.question_pieces)
            clauses = self._embed(views, self.recipe.clause_pieces)
        score = self.recipe.scale * asked.float() @ clauses.float().T
        own = torch.tensor([[text == right for text in shown] for right in shown[: len(batch)]])
        own[torch.arange(len(batch)), torch.arange(len(batch))] = False
        return F.cross_entropy(score.masked_fill(own, -1e4), torch.arange(len(batch)))

    def _around(self, pair: Pair) -> list[str]:
        texts = [text for _, text in self.taught[pair.lesson].clauses if text != self._text(pair)]
        return self.random.sample(texts, min(self.recipe.hard, len(texts)))

    def _text(self, pair: Pair) -> str:
        return self.taught[pair.lesson].clauses[pair.clause][1]

    def _place(self, lesson: int, text: str) -> int:
        return next(at for at, (_, own) in enumerate(self.taught[lesson].clauses) if own == text)

    def _view(self, lesson: int, clause: int) -> str:
        """The clause as the index will show it: alone, or now and then under its heading."""
        section, text = self.taught[lesson].clauses[clause]
        heading = section or self.taught[lesson].title
        return f"{heading}: {text}" if self.random.random() < self.recipe.with_heading else text

    def _embed(self, texts: Sequence[str], most: int) -> Tensor:
        """In chunks of like length, so that little time goes into padding."""
        ids = [self.cut.ids(text, most) for text in texts]
        order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
        chunks = [order[start : start + 32] for start in range(0, len(order), 32)]
        rows = torch.cat([self.network([ids[at] for at in chunk]) for chunk in chunks])
        return rows[torch.argsort(torch.tensor(order))]


class Mean:
    """A running mean of weights."""

    def __init__(self) -> None:
        self.values: dict[str, Tensor] = {}
        self._count = 0

    def add(self, weights: dict[str, Tensor]) -> None:
        self._count += 1
        for name, value in weights.items():
            old = self.values.get(name, torch.zeros_like(value))
            self.values[name] = old + (value - old) / self._count


def chosen(options: Sequence[str]) -> list[Lesson]:
    """All lessons; "first" takes those of the first files, "trial" leaves out those held back."""
    taught = lessons(FIRST if "first" in options else ())
    return [one for one in taught if "trial" not in options or one.title not in HELD_BACK]


def main(wheel: Path, target: Path, taught: Sequence[Lesson], recipe: Recipe) -> None:
    tensors, vocabulary = contents(wheel)
    before = {name: np.array(values) for name, values in read_safetensors(tensors)}
    before.pop("embeddings.position_ids", None)
    tuner = Tuner(Network(before), WordPiece(vocabulary.decode()), taught, recipe)
    print(f"{len(tuner.pairs)} questions, {len(taught)} policies, {tuner.steps} steps", flush=True)
    tuned = tuner.run(lambda line: print(line, flush=True))
    after = {name: value.numpy() for name, value in tuned.items()}
    write_delta(before, after, target, recipe.rank)
    print(f"{target}: {target.stat().st_size / 1e6:.2f} MB", flush=True)


if __name__ == "__main__":
    # Two threads wait for each other at every step: where another job holds a core, one is faster.
    torch.set_num_threads(int(os.environ.get("THREADS", "2")))
    changes = dict(option.split("=") for option in sys.argv[3:] if "=" in option)
    recipe = Recipe(**{name: type(getattr(Recipe, name))(value) for name, value in changes.items()})
    main(Path(sys.argv[1]), Path(sys.argv[2]), chosen(sys.argv[3:]), recipe)
