"""What an import did, told to whoever ran it: what was read, what was left out, what changed."""

from collections.abc import Iterator

from bot.intake.importing import Report

# More than anybody reads on a screen; the file itself has all of it.
MOST = 12


def told(report: Report) -> str:
    """The lines ``import`` prints."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    imported, policy = report.imported, report.imported.policy
    kinds = [clause.kind for clause in policy.clauses]
    yield f"{policy.title}: {kinds.count('clause')} clauses, written to {report.path}"
    yield from _facts(report)
    yield from _listed("Left out", [f"line {d.line}: {d.text} ({d.why})" for d in imported.dropped])
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
    yield f"Against the version before: {len(imported.kept)} clauses unchanged"
    for name in ("added", "reworded", "moved"):
        yield from _listed(
            name.capitalize(), [labels.get(id, id) for id in getattr(imported, name)]
        )
    if imported.removed:
        yield f"Removed: {len(imported.removed)}; their ids are retired"
    yield from _listed("Pins that lost their clause", imported.lost_pins)


def _listed(name: str, found: tuple[str, ...] | list[str]) -> Iterator[str]:
    if found:
        rest = f" and {len(found) - MOST} more" if len(found) > MOST else ""
        yield f"{name}: {'; '.join(found[:MOST])}{rest}"
