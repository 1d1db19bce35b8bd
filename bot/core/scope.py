"""Whom a policy covers and whom it ever names: read once for each policy, asked often."""

from dataclasses import dataclass

from bot.core.phrases import plain
from bot.core.policies import Policy, sentences
from bot.core.reading import Words, read_rule
from bot.core.verdicts import AUDIENCE


@dataclass(frozen=True)
class Covers:
    """One sentence that says whom the policy covers, and which audiences it names."""

    clause: str
    sentence: int
    names: frozenset[str]


@dataclass(frozen=True)
class Scope:
    covers: tuple[Covers, ...]
    names: frozenset[str]


def read_scope(policy: Policy, words: Words) -> Scope:
    """``names`` are the audiences (governor, volunteer, ...) that any clause of the policy names."""
    clauses = [clause for clause in policy.clauses if clause.kind == "clause"]
    covers = [
        Covers(clause.id, number, rule.names)
        for clause in clauses
        for number in range(len(sentences(clause.text)))
        if (rule := read_rule(policy, clause, number, words)).covers
    ]
    fields = [clause.text for clause in policy.clauses if clause.kind == "field"]
    texts = [plain(text) for text in (*(c.text for c in clauses), *fields, *policy.audience)]
    names = {role for role in AUDIENCE if any(words.families[role].search(t) for t in texts)}
    return Scope(tuple(covers), frozenset(names))
