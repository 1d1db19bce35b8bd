"""Flags of rules that cannot both be followed: in one policy, and in two that hold at one school."""

from collections.abc import Iterator, Mapping, Sequence

from bot.core.health.flags import Flag
from bot.core.health.reads import Read
from bot.core.health.topics import Stand, Topic, Topics, stands_on
from bot.core.verdicts import LIMITING, clash

Stands = Mapping[tuple[str, str], Sequence[Stand]]


def all_stands(reads: Sequence[Read], topics: Topics) -> Stands:
    """What each policy says on each topic that rules can clash on, by (topic, policy)."""
    told = [topic for topic in topics.every if topic.inside or topic.between]
    return {
        (topic.id, read.policy.id): stands_on(topic, read, topics.words)
        for topic in told
        for read in reads
    }


def inside(policy: str, topics: Topics, stands: Stands) -> Iterator[Flag]:
    """At most one flag a topic, on the stricter rule; the rules against it are its others."""
    for topic in (one for one in topics.every if one.inside):
        mine = stands[topic.id, policy]
        if any(one.position == topic.settled_by for one in mine):
            continue
        if against := _against(topic, mine):
            first, others = against
            pairs = tuple((policy, one) for one in others)
            yield Flag(topic.kind, policy, first, {"topic": topic.title}, pairs)


def _against(topic: Topic, stands: Sequence[Stand]) -> tuple[str, tuple[str, ...]] | None:
    """The strictest clause that another clause contradicts, and all that do."""
    free = [one for one in stands if not one.line.clause.option]
    for one in sorted(free, key=lambda stand: topic.rank(stand.position)):
        others = (other.line.clause.id for other in free if _contradict(topic, one, other))
        if found := tuple(dict.fromkeys(others)):
            return one.line.clause.id, found
    return None


def _contradict(topic: Topic, one: Stand, other: Stand) -> bool:
    """Positions that cannot both hold, and not of other devices or other times."""
    if frozenset((one.position, other.position)) not in topic.inside:
        return False
    if one.line.clause.id == other.line.clause.id:
        return False
    return topic.everywhere or not _apart(one, other)


def between(one: str, other: str, topics: Topics, stands: Stands) -> Iterator[Flag]:
    """Two policies in force that differ on a topic: the flag stands on the stricter one."""
    one, other = sorted((one, other))
    for topic in (topic for topic in topics.every if topic.between):
        yield from _differ(topic, one, stands[topic.id, one], other, stands[topic.id, other])


def _differ(
    topic: Topic, one: str, mine: Sequence[Stand], other: str, theirs: Sequence[Stand]
) -> Iterator[Flag]:
    """At most one flag: the strictest pair of clauses that cannot both be followed."""
    pairs = [(a, b) for a in mine for b in theirs if _cannot(topic, a, b)]
    if not pairs:
        return
    strictest = min(min(topic.rank(a.position), topic.rank(b.position)) for a, b in pairs)
    mine_first = any(topic.rank(a.position) == strictest for a, _ in pairs)
    policy, against = (one, other) if mine_first else (other, one)
    ordered = pairs if mine_first else [(b, a) for a, b in pairs]
    first = next(a for a, _ in ordered if topic.rank(a.position) == strictest).line.clause.id
    others = dict.fromkeys(
        (against, b.line.clause.id) for a, b in ordered if a.line.clause.id == first
    )
    yield Flag("two_policies", policy, first, _facts(topic, policy), tuple(others))


def _facts(topic: Topic, policy: str) -> dict[str, str]:
    return {"topic": topic.title, "stricter": policy}


def _cannot(topic: Topic, one: Stand, other: Stand) -> bool:
    if frozenset((one.position, other.position)) not in topic.between:
        return False
    if one.line.clause.option or other.line.clause.option:
        return False  # nobody has chosen it yet
    return topic.everywhere or not _apart(one, other)


def _apart(one: Stand, other: Stand) -> bool:
    """Of other devices or other times, and so no matter to each other."""
    return any(clash(one.here & set(kind), other.here & set(kind)) for kind in LIMITING)
