"""Flags of who is left out: nobody to report to, nobody above the head, groups not named."""

from collections.abc import Iterator, Sequence

from bot.core.health.data import Health
from bot.core.health.flags import Flag
from bot.core.health.reads import Line, Read, once_a_clause
from bot.core.phrases import plain

_ENOUGH = 0.2  # of the clauses speak of life online: then the policy is about it


def unrouted(read: Read, health: Health) -> Iterator[Flag]:
    """A policy about conduct online that never says whom to tell of misuse, or of a worry about a child."""
    if not _about_online(read, health):
        return
    routed = health.phrases["other_route"].search(read.said)
    if not routed and not _any(read, health, "misuse_route"):
        clause = next(once_a_clause(read.lines, lambda x: _has(x, health, "misuse")), None)
        yield read.flag("no_misuse_route", clause)
    if not routed and not _any(read, health, "child_route"):
        yield read.flag("no_child_route")


def _about_online(read: Read, health: Health) -> bool:
    online = health.phrases["about_online"]
    if online.search(plain(read.policy.title)):
        return True
    clauses = {line.clause.id for line in read.lines}
    speaks = {line.clause.id for line in read.lines if online.search(line.said)}
    return bool(clauses) and len(speaks) / len(clauses) >= _ENOUGH


def _any(read: Read, health: Health, name: str) -> bool:
    return any(health.phrases[name].search(line.whole) for line in read.lines)


def _has(line: Line, health: Health, name: str) -> bool:
    return bool(health.phrases[name].search(line.said))


def to_nobody(read: Read, health: Health) -> Iterator[Flag]:
    """ "Must be reported", where neither the sentence nor one on the same matter says to whom."""
    routed: set[str] = set()
    for line in read.lines:
        if _whom(line, health):
            routed |= _subjects(line, health)

    def holds(line: Line) -> bool:
        if not _has(line, health, "duty_to_report") or _negated(line, health):
            return False
        told = _names_whom(line, read, health) or _settled(line, read, routed, health)
        return not told and not health.phrases["by_procedure"].search(line.said)

    for clause in once_a_clause(read.lines, holds):
        yield read.flag("report_to_nobody", clause)


def _settled(line: Line, read: Read, routed: set[str], health: Health) -> bool:
    """Another sentence says to whom: one on the same matter, or one beside it that "this" goes back to,
    or that goes back to this."""
    if _subjects(line, health) & routed:
        return True
    under = line.clause.headings
    beside = [x for x in read.lines if x.clause.headings == under]
    back = health.phrases["goes_back"]
    if back.search(line.said):
        return bool(under) and any(_whom(one, health) for one in beside)
    at = beside.index(line) + 1
    after = (one for one in beside[at : at + 2] if " report" in one.said)
    return any(back.search(one.said) and _whom(one, health) for one in after)


def _negated(line: Line, health: Health) -> bool:
    return bool(health.phrases["negated"].search(line.whole))


def _names_whom(line: Line, read: Read, health: Health) -> bool:
    """The sentence says to whom, or another of its clause that speaks of reports does."""
    mine = (x for x in read.lines if x.clause.id == line.clause.id)
    return any(_whom(x, health) and (x is line or " report" in x.said) for x in mine)


def _whom(line: Line, health: Health) -> bool:
    """Whether it says whom to tell; "the appropriate person" is nobody."""
    said = health.phrases["vague_whom"].sub("", line.said)
    return bool(health.phrases["told_whom"].search(said))


def _subjects(line: Line, health: Health) -> set[str]:
    return {name for name, found in health.subjects.items() if found.search(line.said)}


def above_the_head(read: Read, beside: Sequence[Read], health: Health) -> Iterator[Flag]:
    """Concerns go to the head, and no policy in force says where one about the head goes."""
    if any(_goes_above(one, health) for one in (read, *beside)):
        return
    goes, named = health.phrases["to_head"], health.phrases["head_named"]

    def holds(line: Line) -> bool:
        return _has(line, health, "concern") and bool(goes.search(line.said))

    nowhere = once_a_clause(read.lines, lambda line: bool(named.search(line.said)))
    clause = next(once_a_clause(read.lines, holds), None) or next(nowhere, None)
    if clause:
        yield read.flag("about_the_head", clause)


def _goes_above(read: Read, health: Health) -> bool:
    """Whether a clause speaks of a concern about the head and of somebody above the head."""
    named, above = health.phrases["head_named"], health.phrases["above_head"]
    said = [plain(clause.text) for clause in read.policy.clauses]
    around = (" ".join(said[n : n + 2]) for n, one in enumerate(said) if named.search(one))
    return any(above.search(one) for one in around)


def audience(read: Read, health: Health) -> Iterator[Flag]:
    """Whom the policy covers, where it names employees and leaves out people who work beside them."""
    title = plain(read.policy.title)
    if not (_about_online(read, health) or health.phrases["binds_all"].search(title)):
        return
    covering = [x for x in (*read.lines, *read.fields) if _has(x, health, "cover_people")]
    if not covering:
        return
    said = " ".join((*(line.said for line in covering), *map(plain, read.policy.audience)))
    missing = [
        n for n in ("volunteer", "contractor", "governor") if not health.phrases[n].search(said)
    ]
    if "volunteer" in missing and len(missing) > 1 and not _volunteers_elsewhere(read, health):
        names = ", ".join(f"{name}s" for name in missing)
        yield read.flag("audience_gap", covering[0].clause, name=names)


def _volunteers_elsewhere(read: Read, health: Health) -> bool:
    return any(health.phrases["volunteer"].search(line.said) for line in read.lines)
