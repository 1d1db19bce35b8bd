"""The whole way in: a document -> a policy with lasting ids, and what the import made of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from bot.core.imports import Corrections
from bot.core.policies import Clause, Policy
from bot.core.undecided import undecided
from bot.intake.canonical import CanonicalMistake, Written, parse_whole, write
from bot.intake.carried import (
    carried_cuts,
    carried_facts,
    carried_touches,
    said_as_text,
    written_down,
)
from bot.intake.clauses import Read, read_clauses
from bot.intake.corrections import Cut, placed, recut, touched_up
from bot.intake.document import Document
from bot.intake.files import check_name, check_policy_id, write_whole
from bot.intake.furniture import plain_document
from bot.intake.header import Fact, facts, listed
from bot.intake.ids import Told, all_minted, matched
from bot.intake.imported import Imported, Report, compared
from bot.intake.read import IntakeMistake, cleaned, folded
from bot.intake.scopes import labels
from bot.intake.source import Source, source

__all__ = ["Imported", "IntakeMistake", "Report", "import_document", "import_file", "import_text"]

NONE = Corrections()
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
) -> Imported:
    """The policy in a document of any format, with the ids of ``previous`` where clauses are still there."""
    before = Written(previous, tuple(retired)) if previous else None
    made = corrected(Reading(document), policy_id, before)
    gone = tuple(dict.fromkeys((*retired, *made.retired)))
    return made if before else replace(made, retired=gone)


@dataclass(frozen=True)
class Reading:
    """What was read of a document, before anybody corrected it."""

    document: Document
    name: str = ""
    sha256: str = ""

    @cached_property
    def read(self) -> Read:
        return read_clauses(self.document)

    @cached_property
    def raw(self) -> tuple[Cut, ...]:
        return tuple(placed(_unnamed(self.read)))


def read_source(found: Source) -> Reading:
    """The first step: the clauses of a document as its reader understood them; IntakeMistake for none."""
    reading = Reading(found.document, found.name, found.sha256)
    if not reading.raw:
        raise IntakeMistake(
            f"{found.name} holds nothing but page numbers and the like: is it the right file?"
        )
    return reading


def corrected(
    reading: Reading,
    policy_id: str,
    before: Written | None = None,
    corrections: Corrections = NONE,
    school: str = "",
) -> Imported:
    """The second step: corrections put to it, those of the version before and these, and lasting ids."""
    previous = before.policy if before else None
    cuts, forgotten = carried_cuts(reading.raw, before) if before else (NONE, [])
    base = recut(reading.raw, cuts.then(corrections))
    ids = _ids(base, policy_id, before)
    touches, lost = carried_touches(base, ids, before) if before else (NONE, [])
    given = touches.then(corrections)
    clauses = _named(touched_up(base, given), ids)
    plain = _named([one.clause for one in base], ids)
    found = facts(plain, _cells(reading, base))
    told = {**(carried_facts(found, before) if before else {}), **corrections.facts}
    policy = _policy(clauses, policy_id, before, found)
    policy, restated = _restated(policy, found, told)
    policy = replace(policy, school=school, source=reading.name, source_sha256=reading.sha256)
    made = compared(policy, previous, before.retired if before else (), reading.read)
    return replace(
        made,
        unit=reading.document.unit,
        by_hand=written_down(reading.raw, base, clauses, restated),
        forgotten=(*forgotten, *lost),
        starts=tuple(one.start for one in base),
    )


def _cells(reading: Reading, base: Sequence[Cut]) -> dict[int, Sequence[str]]:
    """The cells of the clauses that are table rows, by their place after recutting."""
    rows = zip(reading.read.drafts, reading.raw, strict=True)
    by_start = {one.start: draft.cells for draft, one in rows if draft.cells}
    return {place: by_start[one.start] for place, one in enumerate(base) if one.start in by_start}


def as_file(imported: Imported) -> str:
    """The third step, but for the writing: the whole text of the policy's file."""
    return write(imported.policy, imported.retired, imported.by_hand)


def _ids(base: Sequence[Cut], policy_id: str, before: Written | None) -> list[str]:
    """An id for each clause: that of the version before for the same words, else a new one."""
    clauses = [one.clause for one in base]
    old = before.policy.clauses if before else ()
    pairs = matched(_told(_as_read(before)) if before else [], _told(clauses))
    known = [old[pairs[n]].id if n in pairs else "" for n in range(len(clauses))]
    gone = before.retired if before else ()
    return all_minted(policy_id, [c.text for c in clauses], known, [*gone, *(c.id for c in old)])


def _as_read(before: Written) -> list[Clause]:
    """The clauses of the version before as its reading had them: by that they are known again."""
    hand = before.by_hand
    return [
        replace(
            clause,
            label=hand.relabelled.get(clause.id, clause.label),
            lead=hand.rehung.get(clause.id, clause.lead),
        )
        for clause in before.policy.clauses
    ]


def _unnamed(read: Read) -> list[Clause]:
    """Clauses whose ids are still their places."""
    return [
        Clause(
            "",
            label,
            folded(draft.text),
            draft.marker,
            draft.kind,
            draft.headings,
            str(draft.lead) if draft.lead is not None else "",
            draft.option or int(draft.kind == "clause" and undecided(draft.text)),
        )
        for draft, label in zip(read.drafts, labels(read.drafts), strict=True)
    ]


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


def _policy(
    clauses: tuple[Clause, ...], policy_id: str, before: Written | None, found: Mapping[str, Fact]
) -> Policy:
    """The policy with the facts its clauses tell; a fact no document ever told, only somebody, stays."""
    previous = before.policy if before else None
    told = {*before.policy.said, *before.by_hand.restated} if before else set()
    values: dict[str, object] = {name: found[name].value for name in _FACTS if name in found}
    if "audience" in found:
        values["audience"] = listed(found["audience"].value)
    for name in _FACTS if previous else ():
        if name not in found and name not in told and getattr(previous, name):
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


def _restated(
    policy: Policy, found: Mapping[str, Fact], told: Mapping[str, str]
) -> tuple[Policy, dict[str, str]]:
    """The policy with facts somebody wrote instead, and what the document says in their place."""
    other = {name: text for name, text in told.items() if text != said_as_text(policy, name)}
    values: dict[str, object] = {n: _members(t) if n == "audience" else t for n, t in other.items()}
    said = {name: id for name, id in policy.said.items() if name not in other}
    restated = {name: found[name].value for name in sorted(other) if name in found}
    return replace(policy, said=said, **values), restated  # type: ignore[arg-type]


def _members(text: str) -> tuple[str, ...]:
    """Unlike a document's own sentence, what somebody lists is divided by commas alone."""
    return tuple(filter(None, (part.strip() for part in text.replace(";", ",").split(","))))


def target_of(policy_id: str, school: str, into: Path) -> Path:
    """Where the policy of that id lies; IntakeMistake when a name is unsafe."""
    check_policy_id(policy_id)
    if school:
        check_name(school, "school id")
    return into / school / f"{policy_id}.md" if school else into / f"{policy_id}.md"


def import_file(path: Path, policy_id: str, school: str, into: Path) -> Report:
    """Take in the document at ``path`` as into/<school>/<policy_id>.md. On a mistake nothing is written."""
    target = target_of(policy_id, school, into)
    reading = read_source(source(path))
    before = version_before(target)
    return save(target, corrected(reading, policy_id, before, school=school), before is None)


def save(target: Path, imported: Imported, first: bool) -> Report:
    """The third step: the file written whole, or not at all."""
    changed = write_whole(target, as_file(imported))
    return Report(target, imported, first, changed)


def version_before(target: Path) -> Written | None:
    """What the file holds so far; None when there is no such file."""
    if not target.exists():
        return None
    try:
        return parse_whole(target.read_text(encoding="utf-8"))
    except (CanonicalMistake, UnicodeError, OSError) as error:
        raise IntakeMistake(
            f"The version before, {target.name}, cannot be read ({error}): correct it first, "
            "so that its clauses keep their ids."
        ) from error
