"""A folder's import as somebody at the keyboard sees it: a bar while it runs, a table at the end."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from bot.intake.folder import Taken, documents, import_folder
from bot.intake.told import counted, worth_a_look

WIDE = 120  # columns, where the output goes to a file


def import_shown(folder: Path, school: str, into: Path, replace: bool) -> bool:
    """Take in a folder and print what became of each file; whether all were taken in."""
    files, inner = documents(folder)
    said = Console() if Console().is_terminal else Console(width=WIDE)
    taken = _with_bar(files, school, into, replace)
    said.print(_table([one for one in taken if one.report]), markup=False)
    refused = [one for one in taken if one.refused]
    for one in refused:
        said.print(f"Not taken in: {one.refused}", markup=False, highlight=False, soft_wrap=True)
    if inner:
        told = ", ".join(inner)
        said.print(f"Not looked into: {told} (folders)", markup=False, soft_wrap=True)
    well = len(taken) - len(refused)
    said.print(f"{well} of {len(taken)} taken in, written to {into / school}", highlight=False)
    return not refused


def _with_bar(files: Sequence[Path], school: str, into: Path, replace: bool) -> list[Taken]:
    """The bar stands on stderr, and only where somebody watches."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=len(files))
        found = []
        for one in import_folder(
            files, school, into, replace, lambda name: bar.update(task, description=name)
        ):
            found.append(one)
            bar.advance(task)
        return found


def _table(taken: Sequence[Taken]) -> Table:
    table = Table("File", "Policy", "Clauses", "Look at")
    for one in taken:
        if one.report:
            policy = one.report.imported.policy
            told = counted(clause for clause in policy.clauses if clause.kind == "clause")
            table.add_row(one.file, policy.title, told.split()[0], worth_a_look(one.report))
    return table
