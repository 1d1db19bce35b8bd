"""Learns which way a message leans: from messages.txt ("# label", a message a line) and plain questions."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.search.encoder import Encoder
from bot.search.leaning import MODEL, POLICY, hashed
from bot.search.training.pairs import lessons

Array = NDArray[np.float64]
MESSAGES = Path(__file__).parent / "messages.txt"
PULL = 1e-4  # weight decay; less of it is worse at every threshold, .0003 is level
STEPS, RATE = 500, 40.0

# Questions of these policies are often concerns in all but name ("y4 girl says can i tell you something"):
# as examples of "policy" they taught the model to miss concerns.
NOT_PLAIN = (
    "safeguarding",
    "child protection",
    "low-level",
    "bullying",
    "whistleblowing",
    "speaking up",
    "dignity",
    "grievance",
    "complaint",
    "disciplinary",
    "intimate care",
)


def messages(path: Path = MESSAGES) -> list[tuple[str, str]]:
    """(text, label) of every message."""
    found: list[tuple[str, str]] = []
    label = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            label = line[2:].strip()
        elif line.strip() and label:
            found.append((line.strip(), label))
    return found


def examples(seed: int = 3) -> list[tuple[str, str]]:
    """The messages, and twice as many plain questions of pairs/*.txt as there are concerns."""
    told = messages()
    concerns = sum(label != POLICY for _, label in told)
    plain = [one for one in lessons() if not any(word in one.title.lower() for word in NOT_PLAIN)]
    asked = sorted({question for lesson in plain for question, _ in lesson.asked})
    chosen = random.Random(seed).sample(asked, min(len(asked), 2 * concerns))
    return told + [(question, POLICY) for question in chosen]


def learn(encoder: Encoder, path: Path = MODEL) -> None:
    taught = examples()
    words = np.array([hashed(text) for text, _ in taught])
    vectors = np.hstack([encoder.embed([text for text, _ in taught]), words]).astype(np.float64)
    labels = sorted({label for _, label in taught})
    truth = np.array([labels.index(label) for _, label in taught])
    report(vectors, truth, labels)
    weights, bias = softmax(vectors, truth, len(labels))
    names = np.frombuffer("\n".join(labels).encode(), np.uint8)
    draft = path.with_suffix(".tmp.npz")
    half = {"weights": weights.astype(np.float16), "bias": bias.astype(np.float16)}
    np.savez_compressed(draft, labels=names, **half)  # type: ignore[arg-type]
    draft.replace(path)


def softmax(vectors: Array, truth: NDArray[np.int64], count: int) -> tuple[Array, Array]:
    """Gradient descent with momentum; rare labels weigh as much in all as half the frequent ones do."""
    sizes = np.bincount(truth, minlength=count).clip(1)
    weight = (sizes.mean() / sizes) ** 0.5
    share = (weight[truth] / weight[truth].sum())[:, None]
    wanted = np.eye(count)[truth]
    full = np.hstack([vectors, np.ones((len(vectors), 1))])
    beta = np.zeros((full.shape[1], count))
    speed = np.zeros_like(beta)
    for _ in range(STEPS):
        logits = full @ beta
        odds = np.exp(logits - logits.max(1, keepdims=True))
        slope = full.T @ (share * (wanted - odds / odds.sum(1, keepdims=True))) - PULL * beta
        speed = 0.9 * speed + slope
        beta = beta + RATE * 0.1 * speed
    return beta[:-1], beta[-1]


def report(vectors: Array, truth: NDArray[np.int64], labels: Sequence[str]) -> None:
    """Five-fold: how many of the concerns are caught, and how many of the policy questions with them."""
    fold = np.random.default_rng(4).permutation(len(truth)) % 5
    chances = np.zeros((len(truth), len(labels)))
    for part in range(5):
        weights, bias = softmax(vectors[fold != part], truth[fold != part], len(labels))
        logits = vectors[fold == part] @ weights + bias
        odds = np.exp(logits - logits.max(1, keepdims=True))
        chances[fold == part] = odds / odds.sum(1, keepdims=True)
    policy = labels.index(POLICY)
    concern, wanted = 1 - chances[:, policy], truth != policy
    for threshold in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        caught, false = concern[wanted] >= threshold, concern[~wanted] >= threshold
        print(f"  concern >= {threshold}: caught {caught.mean():.3f}, false {false.mean():.3f}")
    others = np.delete(chances, policy, axis=1)
    names = np.array([label for label in labels if label != POLICY])
    right = names[others.argmax(1)][wanted] == np.array(labels)[truth][wanted]
    print(f"  right kind of concern: {right.mean():.3f} of {wanted.sum()}", flush=True)
