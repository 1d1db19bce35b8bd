"""Reads pairs/*.txt: small policies written for training, with the questions staff would ask of each clause.

# policy   ## section   @ clause   - question of the clause above   ? question the policy does not settle
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.policies import Clause, Policy

FOLDER = Path(__file__).parent / "pairs"
# The first teach the helper encoder whose features `settle` learns from; it must not have seen the rest.
FIRST = tuple(FOLDER / f"{name}.txt" for name in "abcde")
REST = tuple(path for path in sorted(FOLDER.glob("*.txt")) if path not in FIRST)

# Six policies that stay out of a trial run, so that a change can be judged on policies it never saw.
HELD_BACK = (
    "Dignity at work",
    "Medicines and first aid",
    "Expenses and travel",
    "Online communications protocol, Riverside Academy",
    "Gifts, outside work and conduct",
    "Learning platform and video lessons",
)

# Too near a question we are measured by (tests/search/test_training.py found it): not learnt from.
LEFT_OUT = frozenset({"y7 tried to add me, who needs to know"})


@dataclass
class Lesson:
    """One policy with its questions; ``asked`` pairs a question with the position of its clause."""

    title: str
    clauses: list[tuple[str, str]] = field(default_factory=list)  # (section, text)
    asked: list[tuple[str, int]] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)

    def take(self, line: str, section: str) -> None:
        mark, _, text = line.partition(" ")
        if mark == "@":
            self.clauses.append((section, text))
        elif mark == "-" and self.clauses and text not in LEFT_OUT:
            self.asked.append((text, len(self.clauses) - 1))
        elif mark == "?":
            self.unsettled.append(text)

    def policy(self) -> Policy:
        """The same as the bot would see it; a clause's id is its position."""
        clauses: list[Clause] = []
        for at, (section, text) in enumerate(self.clauses):
            headings = tuple(part for part in (self.title, section) if part)
            lead = self._lead(at)
            clauses.append(Clause(str(at), str(at), text, headings=headings, lead=lead))
        return Policy(self.title, self.title, tuple(clauses))

    def _lead(self, at: int) -> str:
        """A clause that begins in lower case completes the nearest "...:" above it in its section."""
        section, text = self.clauses[at]
        if not text[:1].islower():
            return ""
        above = reversed(range(at))
        return next((str(up) for up in above if self._leads(up, section)), "")

    def _leads(self, at: int, section: str) -> bool:
        return self.clauses[at][0] == section and self.clauses[at][1].endswith(":")


def lessons(files: Sequence[Path] = ()) -> list[Lesson]:
    """All lessons, in the order of the files' names."""
    found: list[Lesson] = []
    section = ""
    for path in files or sorted(FOLDER.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("# "):
                found.append(Lesson(line[2:].strip()))
                section = ""
            elif line.startswith("## "):
                section = line[3:].strip()
            elif line.strip() and found:
                found[-1].take(line.strip(), section)
    return found
