"""How well verdicts are read when the right clause is given: 360 questions on policies of other kinds.

A development set of our own (verdicts.jsonl, from the training pairs, labelled by reading): it shows
what carries over beyond social media, not what strangers' questions would give.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from bot.core import verdicts
from bot.core.policies import Clause, Policy, sentences
from bot.core.reading import read_question, read_rule
from tests.bench import houses, sets
from tests.bench.figures import Figure, count, share
from tests.bench.sets import Row

GIVEN = Path(__file__).parent / "verdicts.jsonl"
LEAD = re.compile(r"((?:[\w ]+ )?must not|do not|never|should not): *(.*)")
SURE = ("yes", "no", "depends", "must")


def reading() -> Iterator[Figure]:
    """Verdicts of the right clause's nearest sentence."""
    rows = sets.rows(GIVEN)
    told = [(row, _verdict(row)) for row in rows]
    wanted = [(row, said) for row, said in told if row["verdict"] in SURE]
    given = [(row, said) for row, said in wanted if said in SURE]
    yield share("reading.verdict_given", (said in SURE for _, said in wanted))
    yield share("reading.verdict_ok", (said in row["verdict_ok"] for row, said in given))
    against = [said for row, said in told if row["verdict"] in ("no", "depends")]
    yield count("reading.wrong_yes", (said == "yes" for said in against))
    with houses.guards_off():
        told = [(row, _verdict(row)) for row in rows]
    against = [said for row, said in told if row["verdict"] in ("no", "depends")]
    yield count("reading.wrong_yes_unguarded", (said == "yes" for said in against))


def _verdict(row: Row) -> verdicts.Verdict | None:
    words = houses.others().book.words
    policy = _policy(row)
    asked = read_question(row["question"], words)
    rule = read_rule(policy, policy.by_id["c"], _nearest(row, policy), words)
    return verdicts.verdict(asked, rule)


def _policy(row: Row) -> Policy:
    """The one clause, under its lead-in where the pair writes one ("must not: ...")."""
    under = (row["section"],)
    led = LEAD.match(row["clause"])
    if not led:
        return Policy("p", row["policy"], (Clause("c", "1", row["clause"], "1", headings=under),))
    lead = Clause("l", "1", f"Staff {led[1]}:", headings=under)
    item = Clause("c", "1 (bullet 1)", led[2], "-", headings=under, lead="l")
    return Policy("p", row["policy"], (lead, item))


def _nearest(row: Row, policy: Policy) -> int:
    encoder, text = houses.others().encoder, policy.by_id["c"].text
    spans = sentences(text)
    if encoder is None or len(spans) < 2:
        return 0
    vectors = encoder.embed([text[start:end] for start, end in spans])
    return int((vectors @ encoder.one(row["question"])).argmax())
