"""Every document of a folder taken in, one after another: a bad one stops none of the others."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from bot.intake.files import check_name, check_policy_id
from bot.intake.importing import Report, import_file
from bot.intake.read import IntakeMistake
from bot.intake.told import refuse_another

LONGEST_ID = 60
# Left by Word, Windows and Macs; nobody means them.
_LEFT_BEHIND = re.compile(r"\.|~|thumbs\.db$|desktop\.ini$|.*\.(?:tmp|bak|lnk)$", re.I)
# Words that change from year to year while the policy stays the same one: "v3", "FINAL", "2026", "(1)".
_PASSING = re.compile(
    r"(?:[-_ .]+(?:v(?:ersion)?[-_ .]?\d[\d.]*|final|draft|copy|signed|approved|updated|new|(?:19|20)\d\d"
    r"|\(\d\))|\s*\(\d\))$",
    re.I,
)


@dataclass(frozen=True)
class Taken:
    """What became of one file: a report, or one sentence why not."""

    file: str
    report: Report | None
    refused: str = ""


def documents(folder: Path) -> tuple[list[Path], list[str]]:
    """The files of a folder that somebody means, in order, and the names of its sub-folders."""
    try:
        found = sorted(folder.iterdir(), key=lambda path: path.name.casefold())
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise IntakeMistake(f"{folder} could not be read ({reason}): check the folder.") from error
    meant = [path for path in found if not _LEFT_BEHIND.match(path.name)]
    files = [path for path in meant if not path.is_dir()]
    if not files:
        raise IntakeMistake(f"{folder} holds no documents: name the folder that they are in.")
    return files, [path.name for path in meant if path.is_dir()]


def id_of(name: str) -> str:
    """ "staff-online" for "Staff Online v3 FINAL.docx": what the next version will be called too."""
    stem = Path(name).stem
    while (shorter := _PASSING.sub("", stem)) != stem and re.search(r"\w", shorter):
        stem = shorter
    plain = normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_ID].strip("-")


def import_folder(
    files: Sequence[Path],
    school: str,
    into: Path,
    replace: bool = False,
    progress: Callable[[str], None] = lambda name: None,
) -> Iterator[Taken]:
    """Take in each file under the id its name gives. ``progress`` hears the name of each before it."""
    if school:
        check_name(school, "school id")
    named: dict[str, list[str]] = defaultdict(list)
    for file in files:
        named[id_of(file.name)].append(file.name)
    for file in files:
        progress(file.name)
        policy_id = id_of(file.name)
        try:
            _refuse_twins(policy_id, named[policy_id])
            yield Taken(file.name, _one(file, policy_id, school, into, replace))
        except IntakeMistake as mistake:
            yield Taken(file.name, None, str(mistake))


def _one(file: Path, policy_id: str, school: str, into: Path, replace: bool) -> Report:
    check_policy_id(policy_id)
    if not replace:
        refuse_another(file, policy_id, school, into)
    return import_file(file, policy_id, school, into)


def _refuse_twins(policy_id: str, names: Sequence[str]) -> None:
    if len(names) > 1:
        told = " and ".join((", ".join(names[:-1]), names[-1]))
        raise IntakeMistake(
            f"{told} would all be the policy {policy_id!r}: keep one of them, or rename the others."
        )
