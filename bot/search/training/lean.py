"""Learns which way a message leans: from messages*.txt ("# label", a message a line) and plain questions.

A file of messages is one writer's. What is caught of a writer not learnt from is the figure to judge by: five
folds put the same hand on both sides.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.search.encoder import Encoder
from bot.search.leaning import CONTACT, MODEL, POLICY, hashed
from bot.search.training.pairs import lessons

Array = NDArray[np.float64]
Truth = NDArray[np.int64]
WRITERS = tuple(sorted(Path(__file__).parent.glob("messages*.txt")))
PULL = 3e-5  # weight decay; three times as much or as little changes nothing
STEPS, RATE = 500, 40.0
# A plain question against a message. The messages' own policy lines were written to mislead and are not what
# people mostly ask. Of concerns no rule knew, with 1.5 % of plain questions stopped, .2
# caught 49 % and 2 caught 58 %.
PLAIN_WEIGHT = 2.0

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


def messages(*paths: Path) -> list[tuple[str, str]]:
    """(text, label) of every message, of all writers when none is named."""
    found: list[tuple[str, str]] = []
    for path in paths or WRITERS:
        label = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("# "):
                label = line[2:].strip()
            elif line.strip() and label:
                found.append((line.strip(), label))
    return found


def plain_questions() -> list[str]:
    """All questions of pairs/*.txt, settled or not, about policies in which a concern is not at home."""
    plain = [one for one in lessons() if not any(word in one.title.lower() for word in NOT_PLAIN)]
    return sorted({q for one in plain for q in (*one.unsettled, *(said for said, _ in one.asked))})


def learn(encoder: Encoder, path: Path = MODEL) -> None:
    told = [(text, label, at) for at, one in enumerate(WRITERS) for text, label in messages(one)]
    told += [(question, POLICY, len(WRITERS)) for question in plain_questions()]
    texts, labels = [text for text, _, _ in told], np.array([label for _, label, _ in told])
    writer = np.array([at for _, _, at in told])
    traits = np.hstack([encoder.embed(texts), [hashed(text) for text in texts]]).astype(np.float64)
    report(traits, labels, writer)
    save(path, *fitted(traits, labels, writer < len(WRITERS)))


def save(path: Path, kinds: list[str], weights: Array, bias: Array) -> None:
    names = np.frombuffer("\n".join(kinds).encode(), np.uint8)
    draft = path.with_suffix(".tmp.npz")
    half = {"weights": weights.astype(np.float16), "bias": bias.astype(np.float16)}
    np.savez_compressed(draft, kinds=names, **half)  # type: ignore[arg-type]
    draft.replace(path)


def fitted(
    traits: Array, labels: NDArray[np.str_], written: NDArray[np.bool_]
) -> tuple[list[str], Array, Array]:
    """The kinds of concern, and the columns: concern, pupil in touch, each kind."""
    live = ~np.isin(labels, (POLICY, CONTACT))
    kinds = sorted(set(labels[live].tolist()))
    share = np.where(written, 1.0, PLAIN_WEIGHT)
    concern = softmax(traits, live.astype(np.int64), 2, share)
    rest = ~live
    contact = softmax(traits[rest], (labels[rest] == CONTACT).astype(np.int64), 2, share[rest])
    place = np.array([kinds.index(label) for label in labels[live]])
    kind = softmax(traits[live], place, len(kinds), share[live])
    beta = np.hstack([part[:, 1:] - part[:, :1] for part in (concern, contact)] + [kind])
    return kinds, beta[:-1], beta[-1]


def softmax(traits: Array, truth: Truth, count: int, share: Array) -> Array:
    """Gradient descent with momentum; the last row is the bias."""
    share = (share / share.sum())[:, None]
    wanted = np.eye(count)[truth]
    full = np.hstack([traits, np.ones((len(traits), 1))])
    beta = np.zeros((full.shape[1], count))
    speed = np.zeros_like(beta)
    for _ in range(STEPS):
        logits = full @ beta
        odds = np.exp(logits - logits.max(1, keepdims=True))
        slope = full.T @ (share * (wanted - odds / odds.sum(1, keepdims=True))) - PULL * beta
        speed = 0.9 * speed + slope
        beta = beta + RATE * 0.1 * speed
    return beta


def report(traits: Array, labels: NDArray[np.str_], writer: Truth) -> None:
    """What is caught of a writer left out, and in five folds."""
    fold = np.random.default_rng(4).permutation(len(labels)) % 5
    for name, group, parts in (("left out", writer, len(WRITERS)), ("five folds", fold, 5)):
        concern, right = np.zeros(len(labels)), np.zeros(len(labels), bool)
        for part in range(parts):
            seen, new = group != part, group == part
            kinds, weights, bias = fitted(traits[seen], labels[seen], writer[seen] < len(WRITERS))
            logits = traits[new] @ weights + bias
            concern[new] = 1 / (1 + np.exp(-logits[:, 0]))
            right[new] = np.array(kinds)[logits[:, 2:].argmax(1)] == labels[new]
        written = writer < len(WRITERS)
        live = written & ~np.isin(labels, (POLICY, CONTACT))
        plain = written & (labels == POLICY)
        for threshold in (0.3, 0.5, 0.6, 0.7, 0.8, 0.9):
            caught, false = concern[live] >= threshold, concern[plain] >= threshold
            print(f"  {name}, >= {threshold}: {caught.mean():.3f}, false {false.mean():.3f}")
        print(f"  {name}, right kind: {right[live].mean():.3f} of {live.sum()}", flush=True)
