"""What came of an import: the policy, and how it differs from the version before."""

import re
from dataclasses import dataclass
from pathlib import Path

from bot.core.policies import Clause, Policy
from bot.intake.byhand import NOTHING, ByHand
from bot.intake.clauses import Read
from bot.intake.document import Dropped, Unit
from bot.intake.scopes import repeated


@dataclass(frozen=True)
class Imported:
    """A policy taken in, and how it differs from the version before. Changes are clause ids.

    ``moved``: the same words under another heading or lead-in; read them again before trusting a pin.
    ``lost_pins``: "guide.leaf" names whose clause is gone. ``by_hand``: what to remember of corrections;
    ``forgotten``: the labels of clauses whose correction the document no longer bears out. ``starts``: the
    place of each clause (core/imports.py).
    """

    policy: Policy
    dropped: tuple[Dropped, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    reworded: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    repeated_labels: tuple[str, ...] = ()
    lost_pins: tuple[str, ...] = ()
    unit: Unit = "line"  # what the places of dropped words count in
    by_hand: ByHand = NOTHING
    forgotten: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Report:
    """What an import wrote, and what somebody should look at."""

    path: Path
    imported: Imported
    first: bool
    changed: bool

    @property
    def clauses(self) -> int:
        return len(self.imported.policy.clauses)

    @property
    def flags(self) -> tuple[tuple[str, str], ...]:
        """(kind, detail) pairs worth a look: dropped, label, pin, reworded, moved, blank, option, missing."""
        done, policy = self.imported, self.imported.policy
        told = [
            ("dropped", f"{one.place(done.unit)}: {one.text[:200]} ({one.why})")
            for one in done.dropped
        ]
        told += [("label", label) for label in done.repeated_labels]
        told += [("pin", name) for name in done.lost_pins]
        told += [("reworded", policy.by_id[one].label) for one in done.reworded]
        told += [("moved", policy.by_id[one].label) for one in done.moved]
        told += [("option", clause.label) for clause in policy.clauses if clause.option]
        told += [("blank", clause.label) for clause in policy.clauses if clause.has_blank]
        told += [
            ("missing", name)
            for name in ("owner", "approved", "review_due")
            if not getattr(policy, name)
        ]
        return tuple(told)


def compared(
    policy: Policy, previous: Policy | None, retired: tuple[str, ...], read: Read
) -> Imported:
    """The import's outcome, as far as it follows from the policy and the version before."""
    old = previous.by_id if previous else {}
    both = [clause for clause in policy.clauses if clause.id in old]
    reworded = tuple(c.id for c in both if c.text != old[c.id].text)
    moved = tuple(c.id for c in both if c.text == old[c.id].text and _place(c) != _place(old[c.id]))
    removed = tuple(one for one in old if one not in policy.by_id)
    lost = tuple(
        n
        for n, ids in (previous.pins if previous else {}).items()
        if not set(ids) <= set(policy.by_id)
    )
    return Imported(
        policy,
        read.dropped,
        added=tuple(clause.id for clause in policy.clauses if clause.id not in old)
        if previous
        else (),
        removed=removed,
        reworded=reworded,
        moved=moved,
        kept=tuple(c.id for c in both if c.id not in reworded),
        retired=tuple(dict.fromkeys((*retired, *removed))),
        repeated_labels=repeated(read.drafts),
        lost_pins=lost,
    )


def _place(clause: Clause) -> tuple[object, ...]:
    """What gives a clause its sense besides its words; numbers in headings may change."""
    return tuple(re.sub(r"^[\d.\s]+", "", heading) for heading in clause.headings), clause.lead
