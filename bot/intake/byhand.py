"""What a policy file remembers of corrections by hand, so that the next import keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TABLES = {
    "relabelled": 'lines like k7m2qp = "2.1"',
    "rehung": 'lines like k7m2qp = "h3k9wd"',
    "restated": 'lines like owner = "Headteacher"',
    "recut": 'lines like k7m2qp = ["h3k9wd"]',
}


@dataclass(frozen=True)
class ByHand:
    """Each correction with what it stands instead of; it holds while the document still says that.

    ``relabelled``: clause id -> the label the reading gave. ``rehung``: clause id -> the id of the lead-in
    it gave, or empty. ``restated``: fact -> what the document says. ``recut``: the first of some clauses
    -> the others, whose words the reading divides in another way.
    """

    relabelled: Mapping[str, str] = field(default_factory=dict)
    rehung: Mapping[str, str] = field(default_factory=dict)
    restated: Mapping[str, str] = field(default_factory=dict)
    recut: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """As they stand in the file."""
        return {name: dict(getattr(self, name)) for name in TABLES}


NOTHING = ByHand()


def by_hand_from(said: Mapping[str, Any]) -> ByHand:
    """The corrections in the facts of a file, once ``mistake_in`` found none."""
    texts = {n: said.get(n, {}) for n in ("relabelled", "rehung", "restated")}
    return ByHand(**texts, recut={one: tuple(rest) for one, rest in said.get("recut", {}).items()})


def mistake_in(name: str, value: object) -> str:
    """What is wrong with one of the tables, or empty."""
    if name not in TABLES:
        return ""
    members = list(value.values()) if isinstance(value, dict) else [None]
    well = all(map(_ids if name == "recut" else _text, members))
    return "" if well else f"[{name}] holds {TABLES[name]}"


def _text(value: object) -> bool:
    return isinstance(value, str)


def _ids(value: object) -> bool:
    return isinstance(value, list) and all(map(_text, value))
