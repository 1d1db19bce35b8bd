"""`python -m tests.bench.peers`: our search beside SQLite FTS5 and bm25s, and beside parts of itself.

Figures on stdout, a table on stderr. Every one is asked the same questions in the same run.
"""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import process_time

from bot.core.policies import Policy
from bot.search.encoder import Encoder
from bot.search.thesaurus import Thesaurus
from tests.bench import growing, houses, rivals, sets
from tests.bench.figures import Figure, mean, measured, percentile, share
from tests.bench.rivals import Find, Rival
from tests.bench.sets import Row

UNTUNED = houses.VAR / "untuned"
WARM_UP = 20
_PACK = """
import sys
from pathlib import Path
from bot.search.weights import WeightsMissing, fetch
try:
    fetch(Path(sys.argv[1]), lambda line: print(line, file=sys.stderr), delta=None)
except WeightsMissing as missing:
    sys.exit(str(missing))
"""


@dataclass(frozen=True)
class Paper:
    """Questions on some policies. ``prefix`` goes into the figures' names: "" or "blind_"."""

    prefix: str
    policies: Mapping[str, Policy]
    questions: Sequence[Row]
    clauses: Sequence[Row]


def main() -> None:
    papers = list(_papers())
    table: dict[str, list[Figure]] = {}
    for name, rival in _rivals().items():
        _tell(f"{name} ...")
        table[name] = [figure for paper in papers for figure in _marks(name, rival, paper)]
        table[name] += _costs(name, rival, papers[0])
        for figure in table[name]:
            print(figure.as_json(), flush=True)
    for figure in _growth(papers[0]):
        print(figure.as_json(), flush=True)
        table.setdefault("growth", []).append(figure)
    _show(table)


def _papers() -> Iterator[Paper]:
    if sets.shared_is_here():
        known = houses.five().book.policies
        yield Paper("", known, sets.gold("dev"), sets.gold("clauses"))
    else:
        _tell(f"{sets.SHARED} is not there: the questions on policies of other kinds only.")
    others = houses.others().book.policies
    yield Paper("blind_", others, sets.blind("questions"), sets.blind_clauses())


def _rivals() -> dict[str, Rival]:
    """Ours last but whole; what cannot be made here is told and left out."""
    made: dict[str, Rival] = {"fts5": rivals.fts5, "bm25s": rivals.bm25s_}
    made["ours_without_vectors"] = rivals.ours(None)
    encoder = _encoder()
    if encoder is None:
        _tell("No sentence vectors here (run make setup when online): ours is by words alone.")
        return made
    made["ours_without_thesaurus"] = rivals.ours(encoder, Thesaurus())
    untuned = _untuned()
    if untuned is not None:
        made["ours_untuned"] = rivals.ours(untuned)
    return {**made, "ours": rivals.ours(encoder)}


def _encoder() -> Encoder | None:
    path = houses.VAR / "encoder.npz"
    return Encoder(path) if path.exists() else None


def _untuned() -> Encoder | None:
    """The encoder as its makers left it, packed without our tuning; kept in var/."""
    command = [sys.executable, "-c", _PACK, str(UNTUNED)]
    # pip tells its progress on stdout, which is for figures here.
    done = subprocess.run(command, stdout=sys.stderr, check=False)
    if done.returncode:
        _tell("The untuned weights could not be had (offline?): ours_untuned is left out.")
        return None
    return Encoder(UNTUNED / "encoder.npz")


# Marks -------------------------------------------------------------------------------------------


def _marks(name: str, rival: Rival, paper: Paper) -> Iterator[Figure]:
    find = rival(list(paper.policies.values()))
    told = [_told(find, row, paper.policies) for row in paper.questions]
    scored = sets.scored(paper.questions, told, paper.clauses)
    hits = [(row, metrics) for row, metrics in scored if "hit@1" in metrics]
    start = f"peers.{name}.{paper.prefix}"
    yield share(f"{start}hit1", (m["hit@1"] for _, m in hits))
    yield share(f"{start}hit3", (m["hit@3"] for _, m in hits))
    yield mean(f"{start}mrr", (m["MRR"] for _, m in hits))
    paraphrased = (m["hit@3"] for row, m in hits if row["type"] == "paraphrase")
    yield share(f"{start}paraphrase_hit3", paraphrased)


def _told(find: Find, row: Row, policies: Mapping[str, Policy]) -> Row:
    """What was found, written as an answer for the scorer."""
    places = find(row["question"], row["policy"])
    clauses = [(policy, policies[policy].by_id[clause]) for policy, clause in places]
    cross = row["policy"] == "cross"
    return {
        "id": row["id"],
        "policy": row["policy"],
        "clauses": [f"{policy}:{one.label}" if cross else one.label for policy, one in clauses],
        "clause_texts": [one.text for _, one in clauses],
        "answered": True,
    }


# Time --------------------------------------------------------------------------------------------


def _costs(name: str, rival: Rival, paper: Paper) -> list[Figure]:
    found = _spent(rival, list(paper.policies.values()), paper.questions)
    return [measured(f"peers.{name}.cpu_ms", percentile(found, 50), len(found))]


def _spent(rival: Rival, policies: Sequence[Policy], questions: Sequence[Row]) -> list[float]:
    """Milliseconds of CPU for each question over all the policies, once some have been asked."""
    find = rival(policies)
    rows = [*questions[:WARM_UP], *questions]
    return [_one(find, row["question"]) for row in rows][WARM_UP:]


def _one(find: Find, question: str) -> float:
    started = process_time()
    find(question, "cross")
    return (process_time() - started) * 1000


def _growth(paper: Paper) -> Iterator[Figure]:
    """What one question costs where there are more and more clauses, all in view."""
    real = list(paper.policies.values())
    vectors = growing.mixing(_encoder(), real)
    compared = {
        "fts5": rivals.fts5,
        "bm25s": rivals.bm25s_,
        "ours": rivals.ours(vectors, cached=False),
    }
    for ending, size in growing.sizes():
        _tell(f"{size} clauses ...")
        policies = growing.grown(real, size)
        for name, rival in compared.items():
            found = _spent(rival, policies, paper.questions)
            yield measured(f"peers.{name}.cpu_ms_{ending}", percentile(found, 50), len(found))


# The table ---------------------------------------------------------------------------------------


def _show(table: Mapping[str, Sequence[Figure]]) -> None:
    """Who found how much, and at what cost."""
    marks = {name: figures for name, figures in table.items() if name != "growth"}
    columns = [_column(figure) for figure in next(iter(marks.values()))]
    _tell(" " * 24 + "".join(f"  {column:>8}" for column in columns))
    for name, figures in marks.items():
        cells = zip(columns, figures, strict=True)
        _tell(f"{name:<24}" + "".join(f"  {fig.value!s:>{max(8, len(at))}}" for at, fig in cells))
    for figure in table.get("growth", ()):
        _tell(f"{figure.figure:<30} {figure.value} ms")


def _column(figure: Figure) -> str:
    return figure.figure.rpartition(".")[2]


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
