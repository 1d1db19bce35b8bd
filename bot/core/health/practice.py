"""Flags of rules that put somebody at risk when they are followed."""

from collections.abc import Iterator
from functools import partial

from bot.core.health.data import Health, Practice
from bot.core.health.flags import Flag
from bot.core.health.reads import Line, Read, once_a_clause
from bot.core.phrases import plain


def practices(read: Read, health: Health) -> Iterator[Flag]:
    """Each risky way of doing things, once a clause. A ban on it is no fault."""
    for practice in health.practices:
        for clause in once_a_clause(read.lines, partial(_follows, practice, health)):
            yield read.flag(practice.kind, clause)


def _follows(practice: Practice, health: Health, line: Line) -> bool:
    whole = health.topics.words.clause["ignore"].sub(
        "", _ruled(line, health)
    )  # "but not limited to"
    whole = health.phrases["lacking"].sub("", whole)  # "if there is no camera" forbids nothing
    turned = health.phrases["negated"].search(whole) or practice.unless.search(whole)
    return bool(practice.words.search(line.said)) and not turned


def _ruled(line: Line, health: Health) -> str:
    """The sentence with its lead-in, and with a heading that rules on what stands under it: "Do not"."""
    heading = plain(" ".join(line.clause.headings[-1:]))
    return (
        heading + line.whole[1:] if health.phrases["forbids_below"].search(heading) else line.whole
    )


def silencing(read: Read, health: Health) -> Iterator[Flag]:
    """A ban, or a need of leave, on speaking to a union, the police, a lawyer and the like."""

    def holds(line: Line) -> bool:
        spoken = health.phrases["speaks_free"].search(line.said)
        whole = _ruled(line, health)
        kept = health.phrases["silences"].search(whole)
        return bool(spoken and kept) and not health.phrases["not_silenced"].search(whole)

    for clause in once_a_clause(read.lines, holds):
        yield read.flag("silencing", clause)
