"""The kinds of flag the finders raise by name, and what a sentence about one may speak of."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["stop", "mend", "look"]

# A practice's kind is named by its own row in health.toml; these are raised by code.
FOUND = (
    *("overdue", "superseded", "no_approver", "no_date", "no_version", "no_review_date"),
    *("review_clash", "alternatives", "open_choice", "blank", "slash", "template", "unsigned"),
    *("no_date_line", "dead_link", "dangling", "wrong_reference", "not_loaded", "outdated_law"),
    *("stale_platform", "old_figure", "no_misuse_route", "no_child_route", "report_to_nobody"),
    *("about_the_head", "audience_gap", "contradiction", "two_policies", "silencing"),
    *("scope_clash", "garbled", "bad_date", "law_to_check"),
)

# {title} and {label} are the policy and the clause; {other} is the clause on the other side.
FACTS = ("title", "label", "other", "when", "by", "name", "since", "why", "topic", "stricter")


class HealthMistake(Exception):
    """What is wrong in a data file: the file, a word that stands on the line, and a sentence."""

    def __init__(self, file: str, word: str, sentence: str) -> None:
        super().__init__(f"{file}: {sentence}")
        self.file, self.word, self.sentence = file, word, sentence


@dataclass(frozen=True)
class Kind:
    """How one kind is told. ``banner`` stands on answers, empty for none. ``everywhere``: on every
    answer from the policy, not only on answers that cite the clause."""

    id: str
    severity: str
    says: str
    why: str
    do: str
    who: str
    banner: str = ""
    everywhere: bool = False
