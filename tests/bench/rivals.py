"""Ways to find a clause, all asked alike: two well-known word searches, and ours whole and in parts.

A peer gets what ours gets: each clause with its last heading and lead-in, within the policies in
view, whose words alone it counts.
"""

import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import bm25s

from bot.core.policies import Clause, Policy
from bot.search.encoder import Encoder
from bot.search.thesaurus import Thesaurus
from bot.search.words import stem
from tests.bench import houses, timing

Place = tuple[str, str]  # policy, clause id
Find = Callable[[str, str], Sequence[Place]]  # question, a policy's id or "cross" -> best first
Rival = Callable[[Sequence[Policy]], Find]
MOST = 10


@dataclass(frozen=True)
class Shelf:
    """Clauses as a peer sees them: one text each."""

    places: Sequence[Place]
    texts: Sequence[str]


def shelf(policies: Sequence[Policy]) -> Shelf:
    pairs = [(p, c) for p in policies for c in p.clauses if c.kind != "or" and c.text.strip()]
    return Shelf([(p.id, c.id) for p, c in pairs], [_shown(p, c) for p, c in pairs])


def _shown(policy: Policy, clause: Clause) -> str:
    lead = policy.lead_of(clause)
    return "\n".join([*clause.headings[-1:], *([lead.text] if lead else []), clause.text])


def _by_view(
    policies: Sequence[Policy], made: Callable[[Shelf], Callable[[str], list[int]]]
) -> Find:
    """One search for each policy and one for all, each made when it is first asked."""
    by_id = {policy.id: [policy] for policy in policies} | {"cross": list(policies)}

    @cache
    def ready(view: str) -> tuple[Shelf, Callable[[str], list[int]]]:
        held = shelf(by_id[view])
        return held, made(held)

    def find(question: str, view: str) -> list[Place]:
        held, best = ready(view)
        return [held.places[at] for at in best(question)]

    return find


# SQLite FTS5 -------------------------------------------------------------------------------------


def fts5(policies: Sequence[Policy]) -> Find:
    """bm25, any of the words, Porter's stems."""
    return _by_view(policies, _fts5)


def _fts5(held: Shelf) -> Callable[[str], list[int]]:
    database = sqlite3.connect(":memory:")
    database.execute("create virtual table clause using fts5(text, tokenize='porter unicode61')")
    rows = list(enumerate(held.texts, 1))
    database.executemany("insert into clause (rowid, text) values (?, ?)", rows)
    query = f"select rowid from clause where clause match ? order by bm25(clause) limit {MOST}"

    def best(question: str) -> list[int]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        return [at - 1 for (at,) in database.execute(query, [words])] if words else []

    return best


# bm25s -------------------------------------------------------------------------------------------


def bm25s_(policies: Sequence[Policy]) -> Find:
    """bm25s as its pages show it: English stop words, stems (our cached stemmer, to be fair in time)."""
    return _by_view(policies, _bm25s)


def _bm25s(held: Shelf) -> Callable[[str], list[int]]:
    made = bm25s.BM25()
    made.index(_tokens(held.texts), show_progress=False)

    def best(question: str) -> list[int]:
        most = min(MOST, len(held.texts))
        found, scores = made.retrieve(_tokens([question]), k=most, show_progress=False)
        return [int(at) for at, score in zip(found[0], scores[0], strict=True) if score > 0]

    return best


def _tokens(texts: Sequence[str]) -> list[list[str]]:
    found: list[list[str]] = bm25s.tokenize(
        list(texts), stopwords="en", stemmer=_stemmed, return_ids=False, show_progress=False
    )
    return found


def _stemmed(words: Sequence[str]) -> list[str]:
    return [stem(word) for word in words]


# Ours --------------------------------------------------------------------------------------------


def ours(encoder: Encoder | None, thesaurus: Thesaurus | None = None, cached: bool = True) -> Rival:
    """Our search alone, as the answer calls it: without guides, facts of record or a threshold."""

    def made(policies: Sequence[Policy]) -> Find:
        cache = houses.VAR / "bench" / "vectors" if cached else None
        index = timing.indexed(policies, encoder, cache, thesaurus)

        def find(question: str, view: str) -> list[Place]:
            found = index.find(question, None if view == "cross" else [view], MOST)
            return [(hit.policy, hit.clause) for hit in found.hits]

        return find

    return made
