"""A clause asked for by its own number: "what does 2.4 say", "show me clause 6.1(a)"."""

import re

from bot.core.book import Answer, Ask, Book, Cite, pairs_of
from bot.core.phrases import plain
from bot.core.policies import Policy

MOST = 3
_NUMBER = re.compile(
    r"(?<![\d.£])\d+(?:\.\d+)+(?:\s?\((?:[a-z]+ )?[a-z0-9]+\))*(?![\d%])", re.IGNORECASE
)


def by_number(ask: Ask, book: Book) -> Answer | None:
    """The clause with this label, of every policy in force that has one; None when the question
    says anything else beside the number (the words of [numbered] in records.toml), or none has it."""
    asked = _NUMBER.findall(ask.text)
    if len(asked) != 1:
        return None
    beside = plain(_NUMBER.sub(" ", ask.text)).split()
    if not beside or any(word not in book.records.beside_number for word in beside):
        return None
    number = re.sub(r"\s", "", asked[0]).lower()
    found = [(p, clause) for p in ask.policies for clause in _numbered(book.policies[p], number)]
    first = found[0][0] if found else ""
    cites = tuple(Cite(p, c, mark="answer" if p == first else "other") for p, c in found[:MOST])
    return Answer("settled", "info", cites, pairs_of(cites)) if cites else None


def _numbered(policy: Policy, number: str) -> list[str]:
    """The clause of this very label; else those that begin with it ("5.2" has 5.2 (bullet 1))."""
    labels = {re.sub(r"\s", "", clause.label).lower(): clause.id for clause in policy.clauses}
    if number in labels:
        return [labels[number]]
    return [id for label, id in labels.items() if label.startswith((f"{number}(", f"{number}."))]
