"""What an import did, told to whoever ran it: what was read, what was left out, what changed."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.core.policies import Clause, Policy
from bot.intake.imported import Imported, Report
from bot.intake.importing import corrected, read_source, version_before
from bot.intake.read import IntakeMistake
from bot.intake.source import source

# More than anybody reads on a screen; the file itself has all of it.
MOST = 12
LONGEST = 200
# A version before with fewer clauses may well have been rewritten from end to end.
FEW = 5
TELLING = 4  # words
ALIKE = 4  # one in four clauses reworded: it is the same policy, written anew
# What a line of a policy is called, one and many of it.
KINDS = {
    "clause": ("clause", "clauses"),
    "field": ("header line", "header lines"),
    "or": ('line "Or"', 'lines "Or"'),
    "sign": ("place to sign", "places to sign"),
}


def refuse_another(file: Path, policy_id: str, school: str, into: Path) -> None:
    """Raise when this document has nothing in common with the policy of that id: a slip, most likely."""
    target = into / school / f"{policy_id}.md"
    try:
        before = version_before(target)
    except IntakeMistake:
        return  # the import itself will say what is wrong with it
    if before and is_another(
        before.policy, corrected(read_source(source(file)), policy_id, before)
    ):
        raise IntakeMistake(
            f"{file.name} keeps no clause of {before.policy.title!r}, which is {target.name} so far: give it "
            "an --id of its own, or say --replace if it really takes that policy's place."
        )


def refuse_no_school(school: str, into: Path) -> None:
    """Raise where there are schools and none was named: the policy would hold for all of them."""
    there = sorted(one.parent.name for one in into.glob("*/school.toml"))
    if there and not school:
        raise IntakeMistake(
            f"Whose policy is it? Say --school and one of the folders in {into}: {', '.join(there)}."
        )


def is_another(before: Policy, imported: Imported) -> bool:
    """Whether next to nothing is left of a version before that had a good few clauses. A bullet of few
    words that both have proves nothing, nor do one or two clauses that are a little alike."""
    telling = {c.id for c in imported.policy.clauses if _own(c) and len(c.text.split()) >= TELLING}
    alike = telling & set(imported.reworded)
    old = sum(map(_own, before.clauses))
    return old >= FEW and not telling & set(imported.kept) and len(alike) * ALIKE < old


def _own(clause: Clause) -> bool:
    return clause.kind == "clause"


def counted(clauses: Iterable[Clause]) -> str:
    """ "22 clauses and 7 header lines": the one way lines are counted here."""
    kinds: list[str] = [clause.kind for clause in clauses]
    told = [
        f"{kinds.count(kind)} {names[kinds.count(kind) != 1]}"
        for kind, names in KINDS.items()
        if kind in kinds or kind == "clause"
    ]
    return " and ".join(filter(None, (", ".join(told[:-1]), told[-1])))


def told(report: Report) -> str:
    """The lines ``import`` prints."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    imported, policy = report.imported, report.imported.policy
    yield f"{policy.title}: {counted(policy.clauses)}, written to {report.path}"
    if policy.school and not (report.path.parent / "school.toml").exists():
        yield f"{report.path.parent} has no school.toml yet, so the bot can name nobody there"
    yield from _facts(report)
    yield from _listed(
        "Left out",
        [f"{d.place(imported.unit)}: {_short(d.text)} ({d.why})" for d in imported.dropped],
    )
    if not report.first:
        yield from _changes(report)
    yield from _listed("Printed twice in the document", imported.repeated_labels)
    options = [c.label for c in policy.clauses if c.option]
    yield from _listed("Alternatives that nobody has chosen between", options)
    yield from _listed(
        "Left blank", [c.label for c in policy.clauses if c.has_blank and c.kind != "sign"]
    )
    yield "Look through the file once: a wrong label or a wrong split can be put right there."


def _facts(report: Report) -> Iterator[str]:
    policy = report.imported.policy
    names = ("approver", "approved", "review_due", "version", "owner", "replaced_on")
    found = [f"{name} {getattr(policy, name)}" for name in names if getattr(policy, name)]
    missing = [name for name in ("approver", "approved", "review_due") if not getattr(policy, name)]
    yield f"Its header says: {', '.join(found) or 'nothing that could be read'}"
    if missing:
        yield f"Not found: {', '.join(missing)}. Add them to the front matter if you know them."


def _changes(report: Report) -> Iterator[str]:
    imported, labels = report.imported, {c.id: c.label for c in report.imported.policy.clauses}
    kept = counted(clause for clause in imported.policy.clauses if clause.id in imported.kept)
    yield f"Against the version before: {kept} unchanged"
    for name in ("added", "reworded", "moved"):
        yield from _listed(
            name.capitalize(), [labels.get(id, id) for id in getattr(imported, name)]
        )
    if imported.removed:
        yield f"Removed: {len(imported.removed)} in all, header lines too; their ids are retired"
    yield from _listed("Pins that lost their clause", imported.lost_pins)
    yield from _listed(
        "Corrections by hand that no longer fit, and were dropped", imported.forgotten
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}..."


# What a flag of a report is called in a summary, one and many of it.
_LOOKS = {
    "dropped": ("bit left out", "bits left out"),
    "label": ("label printed twice", "labels printed twice"),
    "pin": ("pin lost", "pins lost"),
    "reworded": ("clause reworded", "clauses reworded"),
    "moved": ("clause moved", "clauses moved"),
    "option": ("alternative to choose", "alternatives to choose"),
    "blank": ("blank", "blanks"),
}
_MISSING = {"owner": "owner", "approved": "date of approval", "review_due": "review date"}


def worth_a_look(report: Report) -> str:
    """ "2 blanks, no review date": what somebody should look at, in a few words; "nothing" if so."""
    kinds = [kind for kind, _ in report.flags]
    told = [
        f"{kinds.count(kind)} {names[kinds.count(kind) != 1]}"
        for kind, names in _LOOKS.items()
        if kind in kinds
    ]
    told += [f"no {_MISSING[name]}" for kind, name in report.flags if kind == "missing"]
    return ", ".join(told) or "nothing"


def _listed(name: str, found: tuple[str, ...] | list[str]) -> Iterator[str]:
    if found:
        rest = f" and {len(found) - MOST} more" if len(found) > MOST else ""
        yield f"{name}: {'; '.join(found[:MOST])}{rest}"
