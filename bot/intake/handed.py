"""A document handed over at a page: read, shown beside what would be saved, saved as the command does it."""

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from bot.core.imports import Change, Corrections, Piece, Preview, Row, SourceLine
from bot.core.policies import Policy
from bot.intake.canonical import CanonicalMistake, Written, parse
from bot.intake.corrections import joinable
from bot.intake.files import BIGGEST_NAME
from bot.intake.imported import Imported, Report
from bot.intake.importing import (
    NONE,
    Reading,
    as_file,
    corrected,
    read_source,
    save,
    target_of,
    version_before,
)
from bot.intake.read import IntakeMistake
from bot.intake.source import source_of
from bot.intake.told import is_another

CHANGED = (
    "The policy of this short name has changed since you looked: see what would change now, "
    "then save again."
)


def read_handed(name: str, raw: bytes) -> Reading:
    """The first step, for a file that does not lie on disk; IntakeMistake when it cannot be read."""
    return read_source(source_of(name, raw))


def suggested_id(reading: Reading, school: str, into: Path) -> str:
    """The short name of the policy that has this title already, else one made from the title.

    A document without a title is called as its file is.
    """
    policy = corrected(reading, "policy").policy
    title = policy.title if "title" in policy.said else Path(reading.name).stem
    for file in sorted((into / school).glob("*.md")):
        if _title_of(file) == title.casefold():
            return file.stem
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    while len("-".join(words)) > BIGGEST_NAME and len(words) > 1:
        words.pop()
    return "-".join(words)[:BIGGEST_NAME] or "policy"


def _title_of(file: Path) -> str:
    try:
        return parse(file.read_text(encoding="utf-8")).title.casefold()
    except (OSError, ValueError, CanonicalMistake):
        return ""


def preview(
    reading: Reading, policy_id: str, school: str, into: Path, corrections: Corrections
) -> Preview:
    """What would be saved now, or IntakeMistake about the short name or the version before."""
    target = target_of(policy_id, school, into)
    before, stamp = version_before(target), _stamp(target)
    made = corrected(reading, policy_id, before, corrections, school)
    return Preview(
        made.policy,
        _rows(reading, made),
        tuple((one.place(made.unit), one.text, one.why) for one in made.dropped),
        as_file(made),
        before.policy.title if before else "",
        stamp,
        bool(before and is_another(before.policy, made)),
        len(made.kept),
        tuple(_changes(made, before)),
        made.forgotten,
        tuple(_worth_a_look(made)),
    )


def save_handed(
    reading: Reading,
    policy_id: str,
    school: str,
    into: Path,
    corrections: Corrections,
    *,
    stamp: str,
    replace: bool,
) -> Report:
    """Write what was looked at, all or nothing; IntakeMistake when it is no longer what was shown."""
    target = target_of(policy_id, school, into)
    before = version_before(target)
    if _stamp(target) != stamp:
        raise IntakeMistake(CHANGED)
    made = corrected(reading, policy_id, before, corrections, school)
    if before and not replace and is_another(before.policy, made):
        raise IntakeMistake(
            f"This document keeps no clause of {before.policy.title!r}: give it another short name, "
            "or tick the box below if it really takes that policy's place."
        )
    return save(target, made, before is None)


def _stamp(target: Path) -> str:
    return hashlib.sha256(target.read_bytes()).hexdigest()[:16] if target.exists() else ""


def _changes(made: Imported, before: Written | None) -> Iterable[Change]:
    old, new = (before.policy.by_id if before else {}), made.policy.by_id
    for id in made.reworded:
        yield Change("reworded", new[id].label, new[id].text, old[id].text)
    for id in made.added:
        yield Change("added", new[id].label, new[id].text)
    for id in made.removed:
        yield Change("removed", old[id].label, old[id].text)
    for id in made.moved:
        yield Change("moved", new[id].label, new[id].text)


def _worth_a_look(made: Imported) -> Iterable[tuple[str, str]]:
    yield from (("twice", label) for label in made.repeated_labels)
    yield from (("pin", name) for name in made.lost_pins)
    if not made.policy.owner:  # what else is missing the health check tells, with what to do
        yield "missing", "owner"


# Beside the source -----------------------------------------------------------------------------------


def _rows(reading: Reading, made: Imported) -> tuple[Row, ...]:
    """One row for each stretch where reading and correction both begin; its lines beside its clauses."""
    ours = {start: n for n, start in enumerate(made.starts)}
    both = [n for n, one in enumerate(reading.raw) if one.start in ours]
    pieces = _pieces(made)
    firsts = [ours[reading.raw[n].start] for n in both]
    stretches = list(pairwise([*firsts, len(pieces)]))
    beside = _source(reading, made.policy, both, stretches)
    return tuple(Row(beside[n], pieces[a:b]) for n, (a, b) in enumerate(stretches))


def _pieces(made: Imported) -> tuple[Piece, ...]:
    clauses, hand = made.policy.clauses, made.by_hand
    place = {clause.id: start for clause, start in zip(clauses, made.starts, strict=True)}
    cut = {*hand.recut, *(one for rest in hand.recut.values() for one in rest)}
    touched = {*hand.relabelled, *hand.rehung, *cut}
    return tuple(
        Piece(
            place[clause.id],
            clause,
            place.get(clause.lead, -1),
            n > 0 and joinable(clauses[n - 1], clause),
            clause.id in touched,
        )
        for n, clause in enumerate(clauses)
    )


def _source(
    reading: Reading, policy: Policy, both: Sequence[int], stretches: Sequence[tuple[int, int]]
) -> list[tuple[SourceLine, ...]]:
    """The document's lines from where each stretch begins; a heading goes with what stands under it."""
    lines = [reading.read.drafts[n].line for n in both]
    order = sorted(range(len(both)), key=lambda n: lines[n])
    begins = [lines[n] for n in order]
    heads = {
        n: _squeezed("".join(policy.clauses[a].headings)) for n, (a, _) in enumerate(stretches)
    }
    found: dict[int, list[SourceLine]] = {n: [] for n in order}
    for no, line in _printed(reading):
        at = max(bisect_right(begins, no) - 1, 0)
        after = order[at + 1] if at + 1 < len(order) else None
        ahead = after is not None and no != begins[at] and heads[after] != heads[order[at]]
        bare = _squeezed(line.text.strip("#*_ "))
        mine = after if ahead and after is not None and bare and bare in heads[after] else order[at]
        found[mine].append(line)
    texts = dict(_printed(reading))
    for n in order:
        if not found[n] and lines[n] in texts:
            found[n].append(texts[lines[n]])
    return [tuple(found[n]) for n in range(len(both))]


def _printed(reading: Reading) -> list[tuple[int, SourceLine]]:
    whys = {(one.line, _squeezed(one.text)): one.why for one in reading.read.dropped}
    kept = [
        (line.no, SourceLine(line.printed, whys.pop((line.no, _squeezed(line.printed)), "")))
        for line in reading.document.lines
    ]
    gone = [
        (one.line, SourceLine(one.text, one.why))
        for one in reading.document.dropped
        if one.page  # other formats do not say just where it stood
    ]
    return sorted([*kept, *gone], key=lambda one: one[0])


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


__all__ = ["CHANGED", "NONE", "preview", "read_handed", "save_handed", "suggested_id"]
