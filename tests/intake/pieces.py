"""The pieces of a policy, as a school's secretary would set them out: what every maker of documents reads."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.core.policies import Clause, Policy
from bot.intake.markers import split_marker
from bot.intake.read import folded, words

Kind = Literal["title", "heading", "clause", "item", "bullet", "para", "row"]


@dataclass(frozen=True)
class Piece:
    """``mark`` is the number or bullet printed before it; ``level`` counts from 1 for a heading and from
    0 for how deep a list item is; ``cells`` are a table row's."""

    kind: Kind
    text: str
    mark: str = ""
    level: int = 0
    cells: tuple[str, ...] = ()

    @property
    def words(self) -> list[str]:
        return words(self.mark) + words(" ".join(self.cells) or self.text)


def pieces_of(policy: Policy, lines: Sequence[str] = ()) -> list[Piece]:
    """A policy that was read, set out again.

    ``lines`` of its source say where a paragraph is broken, and what stands in columns by tabs.
    """
    found: list[Piece] = []
    path: tuple[str, ...] = ()
    depths: dict[str, int] = {}
    for clause in policy.clauses:
        same = _same(path, clause.headings)
        for level, heading in enumerate(clause.headings[same:], same + 1):
            found.append(_heading(heading, level))
        path = clause.headings
        found.append(_as_in_source(_piece(clause, depths), lines))
    return found


def _as_in_source(piece: Piece, lines: Sequence[str]) -> Piece:
    broken = _broken(piece.text, lines) if piece.kind == "para" else []
    if len(broken) == 1 and "\t" in broken[0]:
        return Piece("row", piece.text, cells=tuple(map(folded, re.split(r"\t+", broken[0]))))
    return replace(piece, text="\n".join(map(folded, broken))) if len(broken) > 1 else piece


def _broken(text: str, lines: Sequence[str]) -> list[str]:
    """The lines of the source, one after another, that this text was joined from."""
    for start, first in enumerate(lines):
        end, joined = start + 1, folded(first)
        while end < len(lines) and len(joined) < len(text) and text.startswith(joined):
            joined, end = f"{joined} {folded(lines[end])}", end + 1
        if joined == text:
            return list(lines[start:end])
    return []


def _same(before: Sequence[str], now: Sequence[str]) -> int:
    same = 0
    while same < min(len(before), len(now)) and before[same] == now[same]:
        same += 1
    return same


def _heading(printed: str, level: int) -> Piece:
    marker, rest = split_marker(printed)
    if marker and marker.kind == "decimal":
        return Piece("heading", rest, marker.printed, level)
    return Piece("heading", printed, "", level)


def _piece(clause: Clause, depths: dict[str, int]) -> Piece:
    """One clause; ``depths`` tells of the list items so far, by their labels, how deep they are."""
    if clause.label == "Title":
        return Piece("title", clause.text)
    around = re.sub(r"\s*\((?:bullet [\d.]+|para \d+)\)$|\([a-z]{1,4}\)$", "", clause.label)
    depth = depths.get(around, -1) + 1
    marker = split_marker(f"{clause.marker}\t{clause.text}")[0] if clause.marker else None
    if marker is None:
        return Piece("para", clause.text, "", depth)
    if marker.kind == "bullet":
        depth += bool(re.search(r"\(bullet \d+\.\d+\)$", clause.label))
        return Piece("bullet", clause.text, "•", depth)
    if marker.kind == "decimal" and not (len(marker.number) == 1 and depth):
        return Piece("clause", clause.text, clause.marker)
    depths[clause.label] = depth
    return Piece("item", clause.text, clause.marker, depth)


# Invented ones --------------------------------------------------------------------------------------

_NOUNS = (
    "phones",
    "photos",
    "visitors",
    "records",
    "trips",
    "keys",
    "lessons",
    "messages",
    "parents",
)
_DOERS = (
    "Staff",
    "Teachers",
    "Governors",
    "Volunteers",
    "The headteacher",
    "Pupils",
    "Supply teachers",
)
_DUTIES = (
    *(
        "must ask the office before they use",
        "must not share",
        "may keep a list of",
        "should look after",
    ),
    *("are told in writing about", "must report at once any worry about", "may not copy"),
)
_WHEN = (
    "",
    " in school time",
    " after 6pm",
    " on trips",
    " unless the headteacher agrees",
    " at home",
)
_HEADS = (
    "Scope",
    "Who does what",
    "Using phones",
    "Records we keep",
    "Visitors",
    "On a trip",
    "Help",
)


def invented(seed: int) -> list[Piece]:
    """A policy nobody wrote: numbered or not, with lists, tables and header lines, by its seed."""
    lot = random.Random(seed)
    noun = lot.choice(_NOUNS).capitalize()
    found = [Piece("title", f"{noun} Policy")]
    found += lot.sample(
        [Piece("para", "Owner: The Headteacher"), Piece("para", "Review due: May 2027"),
         Piece("para", "Approved by: Governing Body")], lot.randint(0, 3),
    )  # fmt: skip
    numbered = lot.random() < 0.7
    for place, head in enumerate(lot.sample(_HEADS, lot.randint(1, 4)), 1):
        found.append(Piece("heading", head, f"{place}." if numbered else "", 1))
        found += _section(lot, place if numbered else 0)
    return found


def _section(lot: random.Random, number: int) -> Iterator[Piece]:
    for place in range(1, lot.randint(2, 5)):
        mark = f"{number}.{place}" if number else ""
        yield Piece("clause" if mark else "para", _sentence(lot), mark)
        match lot.choice(("", "", "", "bullets", "letters", "table")):
            case "bullets":
                yield Piece("para", f"{lot.choice(_DOERS)} must not use:")
                for _ in range(lot.randint(2, 4)):
                    yield Piece("bullet", f"{lot.choice(_NOUNS)}{lot.choice(_WHEN)}", "•")
            case "letters":
                for letter in "abcd"[: lot.randint(2, 4)]:
                    yield Piece("item", _sentence(lot), f"({letter})")
            case "table":
                for _ in range(lot.randint(2, 4)):
                    cells = (lot.choice(_DOERS), _sentence(lot))
                    yield Piece("row", " ".join(cells), cells=cells)


def _sentence(lot: random.Random) -> str:
    one = f"{lot.choice(_DOERS)} {lot.choice(_DUTIES)} {lot.choice(_NOUNS)}{lot.choice(_WHEN)}"
    return f"{one}, with {lot.randint(2, 90)} {lot.choice(_NOUNS)} or fewer."
