"""From a question to an answer made of ids: which clauses, which verdict, whom to ask next.

The order: facts of record, a clause by its number, a decision guide where the question leaves open
what decides it, clauses, "the policy does not settle this". The live-concern gate and the commands come
before, in decide.py.
Extractive throughout: an answer names clauses, it never writes one. Pure: what search found comes in
through ``find``.
"""

from dataclasses import replace

from bot.core import facts, guides, reading
from bot.core.book import Answer, Ask, Book, Cite, Find, Limits
from bot.core.guided import guided
from bot.core.health.check import touching
from bot.core.numbered import by_number
from bot.core.phrases import plain
from bot.core.recorded import of_record
from bot.core.settled import from_clauses
from bot.core.titled import named

__all__ = ["Answer", "Ask", "Book", "Cite", "Find", "Limits", "answer"]

# Clauses to have to hand: what is wrong with one of these is not wrong with the answer.
ASIDE = ("also", "near")


def answer(ask: Ask, book: Book, find: Find) -> Answer:
    """The answer to one question. The same call for chat, terminal and command line."""
    said = plain(ask.text)
    if book.words.free.search(said) and not book.words.not_free.search(said):
        return Answer("free")
    meant = named(ask.text, {p: book.policies[p].title for p in ask.policies})
    record = None if ask.guide else facts.asked_of(book.records, meant.rest)
    if record and (known := of_record(record, replace(ask, policies=meant.policies), book)):
        return _with_flags(known, ask, book)
    if not ask.guide and (numbered := by_number(ask, book)):
        return _with_flags(numbered, ask, book)
    found = find(ask.text or _leaf_words(ask, book), ask.policies)
    asked = replace(reading.read_question(ask.text, book.words), role=ask.role)
    by_guide = guided(ask, asked, said, found, book, find)
    return _with_flags(by_guide or from_clauses(ask, asked, found, book), ask, book)


def _leaf_words(ask: Ask, book: Book) -> str:
    """The guide's own words, where the asker's were not kept (they came past the gate)."""
    guide = next(g for g in book.guides if g.id == ask.guide)
    return guides.reachable(guide, ask.filled or {})[0].ask


def _with_flags(answer: Answer, ask: Ask, book: Book) -> Answer:
    """Add what is wrong with the policies the answer quotes, and with the clauses it quotes."""
    decides = [cite for cite in answer.cites if cite.mark not in ASIDE]
    shown = decides or answer.cites
    quoted = list(dict.fromkeys(c.policy for c in shown)) or list(ask.policies[:1])
    cited = [(cite.policy, cite.clause) for cite in decides[:2]]
    flags = book.flags(ask.policies, ask.today)
    return replace(answer, flags=touching(flags, cited, quoted, book.health))
