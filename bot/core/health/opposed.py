"""Flags of two sentences of the same words but for "may" and "must not", whatever they are about."""

import re
from collections.abc import Iterator

from bot.core.health.data import Health
from bot.core.health.flags import Flag
from bot.core.health.reads import Line, Read
from bot.core.phrases import plain

_BANS = re.compile(
    r" (?:(?:must|may|should|shall|can|will|do) (?:not|never)|cannot|never|(?:is|are) (?:not|never)"
    r" (?:allowed|permitted|able) to|(?:is|are) (?:forbidden|prohibited) (?:to|from)) "
)
_LETS = re.compile(r" (?:may|can|must|should|shall|will|(?:is|are) (?:allowed|permitted|free) to) ")
_FEWEST = 5  # words: "Staff may stay" may be of two matters


def opposed(read: Read, health: Health) -> Iterator[Flag]:
    """At most one flag for a pair of clauses; it stands on the ban. Sentences under headings that speak of
    others (other people, other times) are not held against each other."""
    bans, lets = _rules(read, _BANS), _rules(read, _LETS)
    seen: set[frozenset[str]] = set()
    for words, ban in bans:
        for said, let in lets:
            pair = frozenset((ban.clause.id, let.clause.id))
            if said != words or pair in seen or _apart(ban, let, health):
                continue
            seen.add(pair)
            others = ((read.policy.id, let.clause.id),)
            yield Flag("contradiction", read.policy.id, ban.clause.id, {}, others)


def _rules(read: Read, force: re.Pattern[str]) -> list[tuple[str, Line]]:
    """Each sentence with one such word, and what it says without that word. A ban is no leave."""
    found = []
    for line in read.lines:
        bans = bool(_BANS.search(line.whole))
        parts = force.split(line.whole)
        told = len(parts) == 2 and bans == (force is _BANS) and not line.clause.option
        if told and len(line.whole.split()) >= _FEWEST:
            found.append((" ~ ".join(parts), line))
    return found


def _apart(one: Line, other: Line, health: Health) -> bool:
    """Under headings that name other families of words: "Sixth form", "At break"."""
    if one.clause.id == other.clause.id:
        return True
    return _named(one, health) != _named(other, health)


def _named(line: Line, health: Health) -> frozenset[str]:
    over = plain(" ".join(line.clause.headings[-1:]))
    families = health.topics.words.families
    return frozenset(name for name, found in families.items() if found.search(over))
