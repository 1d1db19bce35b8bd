"""How good the answers are: clauses found, verdicts, quotes, and what is refused."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.app import House
from tests.bench import houses, sets
from tests.bench.figures import Figure, count, mean, share
from tests.bench.sets import Row

VERDICTS = ("yes", "no", "depends", "must")
KEPT = 0.92  # the share of answerable questions that refusals are compared at


@dataclass(frozen=True)
class Exam:
    """Questions put to a house, what it said, and what it would say without guards."""

    questions: Sequence[Row]
    told: Sequence[Row]
    unguarded: Sequence[Row]
    clauses: Sequence[Row]


def sat(house: House, questions: Sequence[Row], clauses: Sequence[Row]) -> Exam:
    told = houses.asked(house, questions)
    with houses.guards_off():
        unguarded = houses.asked(house, questions)
    return Exam(questions, told, unguarded, clauses)


def ask() -> Iterator[Figure]:
    """The questions of the gold, on the five policies."""
    exam = sat(houses.five(), sets.gold("dev"), sets.gold("clauses"))
    yield from _found("ask.", exam)
    yield from _verdicts("ask.", exam)
    yield _quoted("ask.quote_exact", exam, sets.five())
    yield from _asks_back("ask.", exam)


def blind() -> Iterator[Figure]:
    """The questions on policies of other kinds; with ../shared here, also what is refused."""
    exam = sat(houses.others(), sets.blind("questions"), sets.blind_clauses())
    yield from _found("ask.blind_", exam)
    yield from _verdicts("ask.blind_", exam)
    yield _quoted("ask.blind_quote_exact", exam, sets.OTHERS)
    if sets.shared_is_here():
        yield from _refused()


# Clauses and quotes ------------------------------------------------------------------------------


def _found(prefix: str, exam: Exam) -> Iterator[Figure]:
    scored = sets.scored(exam.questions, exam.told, exam.clauses)
    hits = [(row, metrics) for row, metrics in scored if "hit@1" in metrics]
    yield share(f"{prefix}hit1", (m["hit@1"] for _, m in hits))
    yield share(f"{prefix}hit3", (m["hit@3"] for _, m in hits))
    yield mean(f"{prefix}mrr", (m["MRR"] for _, m in hits))
    paraphrased = (m["hit@3"] for row, m in hits if row["type"] == "paraphrase")
    yield share(f"{prefix}paraphrase_hit3", paraphrased)


def _quoted(name: str, exam: Exam, documents: Mapping[str, Path]) -> Figure:
    """Whether what is quoted stands in the document word for word, white space aside."""
    return share(name, (text in sets.document(documents[p]) for p, text in _quotes(exam.told)))


def _quotes(told: Sequence[Row]) -> Iterator[tuple[str, str]]:
    for row in told:
        pairs = zip(row["clauses"], row["clause_texts"], strict=True)
        for label, text in list(pairs)[:3]:
            policy = label.partition(":")[0] if row["policy"] == "cross" else row["policy"]
            yield policy, sets.folded(text)


# Verdicts ----------------------------------------------------------------------------------------


def _verdicts(prefix: str, exam: Exam) -> Iterator[Figure]:
    pairs = list(zip(exam.questions, exam.told, strict=True))
    wanted = [(gold, told) for gold, told in pairs if gold["verdict"] in VERDICTS]
    given = [(gold, told) for gold, told in wanted if told["verdict"] in VERDICTS]
    yield share(f"{prefix}verdict_given", (told["verdict"] in VERDICTS for _, told in wanted))
    yield share(f"{prefix}verdict_ok", (_right(*pair) for pair in given))
    yes = [pair for pair in wanted if pair[0]["verdict"] == "yes"]
    yield share(f"{prefix}yes_right", (_right(*pair) for pair in yes))
    yield _wrong_yes(f"{prefix}wrong_yes", exam.questions, exam.told)
    yield _wrong_yes(f"{prefix}wrong_yes_unguarded", exam.questions, exam.unguarded)


def _right(gold: Row, told: Row) -> bool:
    return told["verdict"] in gold["verdict_ok"]


def _wrong_yes(name: str, questions: Sequence[Row], told: Sequence[Row]) -> Figure:
    """The worst error: yes, where it is no or depends."""
    pairs = zip(questions, told, strict=True)
    return count(
        name, (t["verdict"] == "yes" for q, t in pairs if q["verdict"] in ("no", "depends"))
    )


def _asks_back(prefix: str, exam: Exam) -> Iterator[Figure]:
    pairs = list(zip(exam.questions, exam.told, strict=True))
    unclear = [told["clarify"] for gold, told in pairs if gold["type"] == "ambiguous"]
    clear = [told["clarify"] for gold, told in pairs if gold["type"] != "ambiguous"]
    yield share(f"{prefix}asks_back", unclear)
    yield share(f"{prefix}asks_back_wrongly", clear)


# Refusals ----------------------------------------------------------------------------------------


def _refused() -> Iterator[Figure]:
    """What is refused as the bot stands, and where 92 of 100 answerable questions are kept."""
    kept = (
        (houses.five(), [row for row in sets.gold("dev") if sets.answerable(row)]),
        (houses.others(), [row for row in sets.blind("questions") if sets.answerable(row)]),
    )
    told = [answer for house, rows in kept for answer in houses.asked(house, rows)]
    yield share("ask.answerable_kept", (answer["answered"] for answer in told))
    threshold = _keeping(kept)
    for name in ("offtopic", "nearmiss"):
        rows = sets.blind(name)
        answers = houses.asked(houses.five(), rows)
        yield share(f"ask.{name}_refused", (not answer["answered"] for answer in answers))
        below = (one < threshold for one in _settled(houses.five(), rows))
        yield share(f"ask.{name}_refused_at92", below)


def _keeping(rows: Sequence[tuple[House, Sequence[Row]]]) -> float:
    """The ``settled`` that exactly 92 of 100 of these questions reach."""
    reached = [one for house, some in rows for one in _settled(house, some)]
    return sorted(reached, reverse=True)[round(len(reached) * KEPT) - 1]


def _settled(house: House, rows: Sequence[Row]) -> list[float]:
    """As search sees it, before guides, facts of record and the gate have their say."""
    everything = list(house.book.policies)
    views = [everything if row["policy"] == "cross" else [row["policy"]] for row in rows]
    return [
        house.find(row["question"], view).settled for row, view in zip(rows, views, strict=True)
    ]
