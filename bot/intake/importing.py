"""The whole way in: a document -> a policy with lasting ids, and what the import made of it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.core.policies import Clause, Policy
from bot.intake.canonical import CanonicalMistake, Written, parse_whole, write
from bot.intake.clauses import Read, read_clauses
from bot.intake.document import Document, Dropped, Unit
from bot.intake.files import check_name, check_policy_id, write_whole
from bot.intake.furniture import plain_document
from bot.intake.header import facts, listed
from bot.intake.ids import Told, all_minted, matched
from bot.intake.read import IntakeMistake, cleaned, folded
from bot.intake.scopes import labels, repeated
from bot.intake.source import source

__all__ = ["Imported", "IntakeMistake", "Report", "import_document", "import_file", "import_text"]

_FACTS = (
    "title",
    "owner",
    "approver",
    "version",
    "approved",
    "review_due",
    "replaced_by",
    "replaced_on",
    "audience",
    "reread",
)


@dataclass(frozen=True)
class Imported:
    """A policy taken in, and how it differs from the version before. Changes are clause ids.

    ``moved``: the same words under another heading or lead-in; read them again before trusting a pin.
    ``lost_pins``: "guide.leaf" names whose clause is gone.
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
            ("dropped", f"{done.unit} {one.line}: {one.text[:200]} ({one.why})")
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


def import_text(
    text: str, policy_id: str, previous: Policy | None = None, retired: Iterable[str] = ()
) -> Imported:
    """The policy in a plain text; clauses of ``previous`` that are still there keep their ids."""
    return import_document(plain_document(cleaned(text)), policy_id, previous, retired=retired)


def import_document(
    document: Document,
    policy_id: str,
    previous: Policy | None = None,
    *,
    retired: Iterable[str] = (),
    school: str = "",
    source_name: str = "",
    sha256: str = "",
) -> Imported:
    """The policy in a document of any format, with the ids of ``previous`` where clauses are still there."""
    read = read_clauses(document)
    unnamed = _unnamed(read)
    old = previous.clauses if previous else ()
    pairs = matched(_told(old), _told(unnamed))
    known = [old[pairs[n]].id if n in pairs else "" for n in range(len(unnamed))]
    gone = tuple(retired)
    ids = all_minted(policy_id, [c.text for c in unnamed], known, [*gone, *(c.id for c in old)])
    clauses = _named(unnamed, ids)
    policy = _policy(clauses, policy_id, previous)
    policy = replace(policy, school=school, source=source_name, source_sha256=sha256)
    return replace(_compared(policy, previous, read, gone), unit=document.unit)


def _unnamed(read: Read) -> list[Clause]:
    """Clauses whose ids are still their places."""
    found = []
    for draft, label in zip(read.drafts, labels(read.drafts), strict=True):
        lead = str(draft.lead) if draft.lead is not None else ""
        found.append(
            Clause(
                "",
                label,
                folded(draft.text),
                draft.marker,
                draft.kind,
                draft.headings,
                lead,
                draft.option,
            )
        )
    return found


def _named(unnamed: Sequence[Clause], ids: Sequence[str]) -> tuple[Clause, ...]:
    named = zip(unnamed, ids, strict=True)
    return tuple(replace(c, id=one, lead=ids[int(c.lead)] if c.lead else "") for c, one in named)


def _told(clauses: Sequence[Clause]) -> list[Told]:
    """What to match by: the words, the words of heading and lead-in above, the label."""
    texts = {clause.id or str(place): clause.text for place, clause in enumerate(clauses)}
    return [
        Told(clause.text, "\n".join((*clause.headings, texts.get(clause.lead, ""))), clause.label)
        for clause in clauses
    ]


def _policy(clauses: tuple[Clause, ...], policy_id: str, previous: Policy | None) -> Policy:
    """The policy with the facts its clauses tell; a fact somebody wrote in by hand stays."""
    found = facts(clauses)
    values: dict[str, object] = {name: found[name].value for name in _FACTS if name in found}
    if "audience" in found:
        values["audience"] = listed(found["audience"].value)
    for name in _FACTS:
        if previous and name not in found and name not in previous.said and getattr(previous, name):
            values[name] = getattr(previous, name)
    values.setdefault("title", policy_id.replace("-", " ").capitalize())
    said = {name: clauses[fact.place].id for name, fact in sorted(found.items())}
    ids = {clause.id for clause in clauses}
    pins = {
        name: tuple(one for one in pinned if one in ids)
        for name, pinned in (previous.pins if previous else {}).items()
    }
    pins = {name: pinned for name, pinned in pins.items() if pinned}
    return replace(Policy(policy_id, "", clauses, said=said, pins=pins), **values)  # type: ignore[arg-type]


def _compared(
    policy: Policy, previous: Policy | None, read: Read, retired: tuple[str, ...]
) -> Imported:
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


def import_file(path: Path, policy_id: str, school: str, into: Path) -> Report:
    """Take in the document at ``path`` as into/<school>/<policy_id>.md. On a mistake nothing is written."""
    check_policy_id(policy_id)
    if school:
        check_name(school, "school id")
    found = source(path)
    target = into / school / f"{policy_id}.md" if school else into / f"{policy_id}.md"
    before = _previous(target)
    imported = import_document(
        found.document,
        policy_id,
        before.policy if before else None,
        retired=before.retired if before else (),
        school=school,
        source_name=found.name,
        sha256=found.sha256,
    )
    text = write(imported.policy, imported.retired)
    changed = write_whole(target, text)
    return Report(target, imported, before is None, changed)


def _previous(target: Path) -> Written | None:
    if not target.exists():
        return None
    try:
        return parse_whole(target.read_text(encoding="utf-8"))
    except (CanonicalMistake, UnicodeError, OSError) as error:
        raise IntakeMistake(
            f"The version before, {target.name}, cannot be read ({error}): correct it first, "
            "so that its clauses keep their ids."
        ) from error
