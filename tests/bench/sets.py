"""The rows that figures are made from: the gold sets beside the repository, the blind sets here.

Nobody prints a blind row: what is blind stays so only while it is unread.
"""

import importlib.util
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Scored = list[tuple[Row, Row]]

SHARED = Path(__file__).parents[3] / "shared"
BLIND = Path(__file__).parent / "blind"
OTHERS = {path.stem: path for path in sorted((BLIND / "policies").glob("*.txt"))}


def shared_is_here() -> bool:
    return (SHARED / "gold" / "score.py").exists() and (SHARED / "seeds").is_dir()


def rows(path: Path) -> list[Row]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def gold(name: str) -> list[Row]:
    return rows(SHARED / "gold" / f"{name}.jsonl")


def blind(name: str) -> list[Row]:
    """A blind set; its rows name one of the five by the number of its document."""
    found = rows(BLIND / f"{name}.jsonl")
    names = {path.name[:3]: policy for policy, path in five().items()} if _numbered(found) else {}
    return [{**row, "policy": names.get(row["policy"], row["policy"])} for row in found]


def _numbered(found: Sequence[Row]) -> bool:
    return any(row["policy"].isdigit() for row in found)


def blind_clauses() -> list[Row]:
    return rows(BLIND / "policies" / "clauses.jsonl")


# The five documents ------------------------------------------------------------------------------


@cache
def five() -> Mapping[str, Path]:
    """Each gold policy's document, found by its clauses: names of schools stay out of here."""
    documents = {path: folded(_read(path)) for path in sorted((SHARED / "seeds").glob("*.txt"))}
    texts: dict[str, list[str]] = {}
    for row in gold("clauses"):
        texts.setdefault(row["policy"], []).append(folded(row["text"]))
    return {policy: _holding(said, documents) for policy, said in texts.items()}


def _holding(texts: Sequence[str], documents: Mapping[Path, str]) -> Path:
    held = Counter(
        {path: sum(t in document for t in texts) for path, document in documents.items()}
    )
    return held.most_common(1)[0][0]


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def folded(text: str) -> str:
    """The words as they stand, white space folded."""
    return " ".join(text.split())


@cache
def document(path: Path) -> str:
    return folded(_read(path))


def answerable(row: Row) -> bool:
    """Whether a clause answers it: the rows that hits are counted on."""
    return bool(row["expected"]) and row["verdict"] not in ("unanswerable", "route")


# The scorer --------------------------------------------------------------------------------------


def scored(gold_rows: Sequence[Row], answers: Sequence[Row], clauses: Sequence[Row]) -> Scored:
    """Each gold row with its metrics, by the scorer that held-back sets are scored by."""
    if not shared_is_here():
        return by_label(gold_rows, answers, clauses)
    found: Scored = _scorer().score(gold_rows, answers, clauses)[1]
    return found


@cache
def _scorer() -> Any:
    spec = importlib.util.spec_from_file_location("score", SHARED / "gold" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def resolver(clauses: Sequence[Row]) -> Callable[[str, str], object]:
    """(policy, label) -> the label the gold gives that clause, as the scorer reads labels."""
    labels = _scorer().Labels(clauses)
    return lambda policy, label: labels.resolve(policy, label)


def by_label(gold_rows: Sequence[Row], answers: Sequence[Row], clauses: Sequence[Row]) -> Scored:
    """Hits without the scorer, where ../shared is absent: by label or alias, or else by text."""
    names = {
        (c["policy"], _plain(name)): c["clause"]
        for c in reversed(clauses)
        for name in (c["text"], *c["aliases"], c["clause"])
    }
    given = {answer["id"]: answer for answer in answers}
    return [(row, _metrics(row, given[row["id"]], names)) for row in gold_rows]


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9.]+", " ", text.lower()).strip(" .")


def _metrics(row: Row, answer: Row, names: Mapping[tuple[str, str], str]) -> Row:
    if not answerable(row):
        return {}
    pairs = zip(answer["clauses"], answer["clause_texts"], strict=True)
    told = [_named(row["policy"], label, text, names) for label, text in pairs]
    place = next((at for at, name in enumerate(told, 1) if name in row["expected"]), 0)
    reached = {f"hit@{k}": float(0 < place <= k) for k in (1, 3)}
    return {**reached, "MRR": 1 / place if place else 0.0}


def _named(policy: str, label: str, text: str, names: Mapping[tuple[str, str], str]) -> str:
    return names.get((policy, _plain(label))) or names.get((policy, _plain(text)), "")
