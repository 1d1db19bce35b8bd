"""What each policy says on a topic: the clauses, and a position such as "never" or "with approval".

The topics and their words are data, conversations/topics.toml; how a sentence rules is read by the same
words as a verdict. ``by_topic`` serves the comparison of policies and the finder of contradictions.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.health.kinds import HealthMistake
from bot.core.health.reads import Line, Read
from bot.core.phrases import Families, PhraseMistake, listed, pattern
from bot.core.policies import Policy
from bot.core.reading import Rule, Words, read_rule

Pattern = re.Pattern[str]
SILENT = "silent"
CLASHES = ("contradiction", "scope_clash")
FORCES = ("", "forbid", "unless", "permit", "allow", "require")
_BOTH = re.compile(r"(?<= )(?:current|present) (?:or|and) (ex|former|past|previous) (\w+)")


@dataclass(frozen=True)
class Position:
    """One stand on a topic. A sentence takes the first position whose ``force`` and words it has."""

    id: str
    says: str
    force: str
    words: Pattern | None
    unless: Pattern | None


@dataclass(frozen=True)
class Topic:
    """``positions`` stand strictest first. ``inside`` and ``between`` are the pairs that cannot both hold
    in one policy, and in two; ``settled_by`` is a position beside which nothing clashes; ``everywhere``:
    rules of other devices and other times clash too; ``kind`` is the flag for a clash inside one policy."""

    id: str
    title: str
    about: tuple[Pattern, ...]
    unless: Pattern
    without: Pattern
    positions: tuple[Position, ...]
    inside: frozenset[frozenset[str]]
    between: frozenset[frozenset[str]]
    settled_by: str
    everywhere: bool = False
    kind: str = "contradiction"

    def rank(self, position: str) -> int:
        """0 for the strictest; silence comes last."""
        ids = [one.id for one in self.positions]
        return ids.index(position) if position in ids else len(ids)


@dataclass(frozen=True)
class Topics:
    every: tuple[Topic, ...]
    words: Words


@dataclass(frozen=True)
class Stand:
    """One sentence's position. ``here`` are the families of words in it (own_device, break_time, ...)."""

    line: Line
    position: str
    here: frozenset[str]


@dataclass(frozen=True)
class Standing:
    """What one policy says on one topic. ``position`` is its strictest, or "silent"; ``says`` is it in
    words. ``clauses`` are (clause id, position), in the policy's order."""

    topic: str
    policy: str
    position: str
    says: str
    clauses: tuple[tuple[str, str], ...]


def by_topic(policies: Sequence[Policy], topics: Topics) -> tuple[Standing, ...]:
    """For each topic, what each policy says, in the order given."""
    reads = [Read(policy) for policy in policies]
    return tuple(standing(topic, one, topics.words) for topic in topics.every for one in reads)


def standing(topic: Topic, read: Read, words: Words) -> Standing:
    stands = stands_on(topic, read, words)
    found = {stand.line.clause.id: stand.position for stand in reversed(stands)}
    ids = [clause.id for clause in read.policy.clauses if clause.id in found]
    strictest = min((stand.position for stand in stands), key=topic.rank, default=SILENT)
    says = next((one.says for one in topic.positions if one.id == strictest), "")
    clauses = tuple((one, found[one]) for one in ids)
    return Standing(topic.id, read.policy.id, strictest, says, clauses)


def stricter(topic: Topic, standings: Sequence[Standing]) -> tuple[str, ...]:
    """The policies with the strictest position on the topic; none where all are silent or all alike."""
    told = [one for one in standings if one.topic == topic.id and one.position != SILENT]
    if len({one.position for one in told}) < 2:
        return ()
    best = min(topic.rank(one.position) for one in told)
    return tuple(one.policy for one in told if topic.rank(one.position) == best)


def stands_on(topic: Topic, read: Read, words: Words) -> list[Stand]:
    """Every sentence of the policy that takes a position on the topic."""
    found = []
    for line in read.lines:
        if not _about(topic, line):
            continue
        rule = read_rule(read.policy, line.clause, line.number, words)
        taken = next((p for p in topic.positions if _takes(p, line, rule)), None)
        if taken:
            found.append(Stand(line, taken.id, rule.here))
    return found


def _about(topic: Topic, line: Line) -> bool:
    """Every group of words is there, heading and lead-in counted; the first in the line itself."""
    if not all(group.search(line.around) for group in topic.about) or topic.unless.search(
        line.said
    ):
        return False
    return bool(topic.about[0].search(topic.without.sub("", _both_named(line.whole))))


def _both_named(text: str) -> str:
    """ "Current or former pupils" as "current pupils or former pupils"."""
    return _BOTH.sub(r"current \2 or \1 \2", text)


def _takes(position: Position, line: Line, rule: Rule) -> bool:
    if position.unless and position.unless.search(line.said):
        return False
    if position.words and not position.words.search(line.whole):
        return False
    match position.force:
        case "forbid":
            return rule.forbids and not rule.unless and not rule.narrow
        case "unless":
            return rule.unless or (rule.forbids and rule.narrow)
        case "permit":
            return rule.permits
        case "allow":
            return rule.permits and not rule.unless and not rule.forbids
        case "require":
            return rule.requires or rule.forbids
    return True


# The data ---------------------------------------------------------------------------------------------


def topics_from(data: Mapping[str, Any], families: Families, words: Words) -> Topics:
    """Compile topics.toml, or HealthMistake."""
    found: dict[str, Topic] = {}
    for row in data["topic"]:
        topic = _topic(row, families)
        if topic.id in found:
            raise _wrong(topic.id, f"two topics are called {topic.id!r}")
        found[topic.id] = topic
    return Topics(tuple(found.values()), words)


def _topic(row: Mapping[str, Any], families: Families) -> Topic:
    id = str(row["id"])
    try:
        positions = tuple(_position(id, one, families) for one in row["position"])
        about = tuple(pattern(listed(group), families) for group in row["about"])
        unless, without = (pattern(listed(row.get(k, ())), families) for k in ("unless", "without"))
    except PhraseMistake as mistake:
        raise _wrong(id, f"topic {id!r}: {mistake}") from None
    if not about:
        raise _wrong(id, f"topic {id!r} has no words that make a clause be about it")
    names = {position.id for position in positions}
    inside, between = (_pairs(row.get(name, ())) for name in ("inside", "between"))
    settled = row.get("settled_by", "")
    unknown = {n for pair in inside | between for n in pair} | ({settled} if settled else set())
    if odd := unknown - names:
        raise _wrong(id, f"topic {id!r} has no position {min(odd)!r}")
    everywhere, kind = row.get("everywhere", False) is True, row.get("kind", "contradiction")
    if kind not in CLASHES:
        raise _wrong(id, f"topic {id!r}: kind {kind!r} is none of {', '.join(CLASHES)}")
    names_of = (id, str(row["title"]), about, unless, without, positions)
    return Topic(*names_of, inside, between, settled, everywhere, kind)


def _pairs(rows: Any) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair) for pair in rows)


def _position(topic: str, row: Mapping[str, Any], families: Families) -> Position:
    force = row.get("force", "")
    if force not in FORCES:
        known = ", ".join(filter(None, FORCES))
        raise _wrong(topic, f"topic {topic!r}: force {force!r} is none of {known}")
    if not force and not row.get("words"):
        raise _wrong(topic, f"topic {topic!r}: position {row['id']!r} has neither force nor words")
    told = (pattern(listed(row[k]), families) if k in row else None for k in ("words", "unless"))
    return Position(row["id"], row["says"], force, *told)


def _wrong(topic: str, sentence: str) -> HealthMistake:
    return HealthMistake("topics.toml", f'"{topic}"', sentence)
