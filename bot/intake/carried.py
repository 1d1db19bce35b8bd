"""Corrections carried from one import to the next, and written down for the one after that.

Each is kept while the document still says what it stood instead of; what cannot be kept is named.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from bot.core.imports import Corrections
from bot.core.labels import looks
from bot.core.policies import Clause, Policy
from bot.intake.byhand import ByHand
from bot.intake.canonical import Written
from bot.intake.corrections import Cut, signs
from bot.intake.header import Fact


def carried_cuts(raw: Sequence[Cut], before: Written) -> tuple[Corrections, list[str]]:
    """The cuts of the version before where its words still stand, and the labels of those that do not."""
    whole = "".join(signs(one.clause) for one in raw)
    begins = {one.start for one in raw} | {len(whole)}
    cuts: set[int] = set()
    joins: set[int] = set()
    gone: list[str] = []
    taken: set[int] = set()
    for clauses in _groups(before):
        printed = [signs(clause) for clause in clauses]
        at = next((p for p in _places(whole, "".join(printed), begins) if p not in taken), None)
        if at is None:
            gone.append(clauses[0].label)
            continue
        taken.add(at)
        wished = {at + sum(map(len, printed[:n])) for n in range(1, len(printed))}
        inside = {p for p in begins if at < p < at + sum(map(len, printed))}
        cuts |= wished - inside
        joins |= inside - wished
    return Corrections(frozenset(cuts), frozenset(joins)), gone


def _groups(before: Written) -> Iterator[list[Clause]]:
    known = before.policy.by_id
    for first, others in before.by_hand.recut.items():
        if all(one in known for one in (first, *others)):
            yield [known[one] for one in (first, *others)]


def _places(whole: str, words: str, begins: set[int]) -> Iterator[int]:
    at = whole.find(words)
    while at >= 0 and words:
        if at in begins and at + len(words) in begins:
            yield at
        at = whole.find(words, at + 1)


def carried_touches(
    base: Sequence[Cut], ids: Sequence[str], before: Written
) -> tuple[Corrections, list[str]]:
    """The labels, lead-ins and facts of the version before, for clauses whose words did not change."""
    old, hand = before.policy.by_id, before.by_hand
    starts = {id: one.start for id, one in zip(ids, base, strict=True)}
    taken = {looks(one.clause.label) for one in base}
    labels: dict[int, str] = {}
    leads: dict[int, int] = {}
    gone: list[str] = []
    for id, one in zip(ids, base, strict=True):
        was = old.get(id)
        if was is None or not (id in hand.relabelled or id in hand.rehung):
            continue
        same, lead = was.text == one.clause.text, one.clause.lead
        if same and hand.relabelled.get(id) == one.clause.label and looks(was.label) not in taken:
            labels[one.start] = was.label
            taken.add(looks(was.label))
        elif id in hand.relabelled:
            gone.append(was.label)
        if same and id in hand.rehung and hand.rehung[id] == (ids[int(lead)] if lead else ""):
            leads[one.start] = starts.get(was.lead, -1)
        elif id in hand.rehung:
            gone.append(was.label)
    return Corrections(labels=labels, leads=leads), gone


def carried_facts(found: Mapping[str, Fact], before: Written) -> dict[str, str]:
    """What somebody wrote instead of a fact, while the document says the same as it did then."""
    told = {
        name: said_as_text(before.policy, name)
        for name, said in before.by_hand.restated.items()
        if name in found and found[name].value == said
    }
    return told


def said_as_text(policy: Policy, name: str) -> str:
    """A fact as one text; the members of a list stand between commas."""
    value = getattr(policy, name, "")
    return value if isinstance(value, str) else ", ".join(value)


def written_down(
    raw: Sequence[Cut], base: Sequence[Cut], final: Sequence[Clause], restated: Mapping[str, str]
) -> ByHand:
    """What the file must remember: every difference from the reading, by clause id."""
    ids = [clause.id for clause in final]
    pairs = list(zip(base, final, strict=True))
    relabelled = {c.id: one.clause.label for one, c in pairs if one.clause.label != c.label}
    leads = [ids[int(one.clause.lead)] if one.clause.lead else "" for one, _ in pairs]
    rehung = {c.id: lead for (_, c), lead in zip(pairs, leads, strict=True) if c.lead != lead}
    return ByHand(relabelled, rehung, dict(restated), _recut(raw, base, ids))


def _recut(
    raw: Sequence[Cut], base: Sequence[Cut], ids: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """The stretches between two places where both begin a clause, if they differ inside."""
    theirs, ours = {one.start for one in raw}, {one.start: n for n, one in enumerate(base)}
    both = [*sorted(theirs & set(ours)), base[-1].end if base else 0]
    differ = theirs ^ set(ours)
    found = {}
    for start, end in pairwise(both) if differ else ():
        if any(start < place < end for place in differ):
            inside = sorted(place for place in ours if start < place < end)
            found[ids[ours[start]]] = tuple(ids[ours[place]] for place in inside)
    return found
