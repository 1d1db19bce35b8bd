"""Flags of rules that put somebody at risk when they are followed."""

from collections.abc import Iterator
from functools import partial

from bot.core.health.data import Health, Practice
from bot.core.health.flags import Flag
from bot.core.health.reads import Line, Read, once_a_clause


def practices(read: Read, health: Health) -> Iterator[Flag]:
    """Each risky way of doing things, once a clause. A ban on it is no fault."""
    for practice in health.practices:
        for clause in once_a_clause(read.lines, partial(_follows, practice, health)):
            yield read.flag(practice.kind, clause)


def _follows(practice: Practice, health: Health, line: Line) -> bool:
    whole = health.topics.words.clause["ignore"].sub("", line.whole)  # "but not limited to"
    turned = health.phrases["negated"].search(whole) or practice.unless.search(whole)
    return bool(practice.words.search(line.said)) and not turned


def silencing(read: Read, health: Health) -> Iterator[Flag]:
    """A ban, or a need of leave, on speaking to a union, the police, a lawyer and the like."""

    def holds(line: Line) -> bool:
        spoken = health.phrases["speaks_free"].search(line.said)
        kept = health.phrases["silences"].search(line.whole)
        return bool(spoken and kept) and not health.phrases["not_silenced"].search(line.whole)

    for clause in once_a_clause(read.lines, holds):
        yield read.flag("silencing", clause)
