"""Corrections put to a reading: other cuts, other labels, other lead-ins. No word is lost or moved.

A place is a count of printed signs without spaces, see core/imports.py. Clauses here have no ids yet;
their ``lead`` is the number of another clause in the list, as text.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.core.imports import Corrections
from bot.core.policies import Clause
from bot.intake.canonical import split_body
from bot.intake.markers import split_marker
from bot.intake.read import folded, words
from bot.intake.scopes import Names, safe


@dataclass(frozen=True)
class Cut:
    """A clause and the stretch of signs it is made of."""

    clause: Clause
    start: int
    end: int
    fresh: bool = False  # the reading begins no clause here


def signs(clause: Clause) -> str:
    """All that is printed of a clause, without spaces."""
    return "".join(f"{clause.marker}{clause.text}".split())


def placed(clauses: Iterable[Clause]) -> list[Cut]:
    """The clauses with the places where they begin and end."""
    found, at = [], 0
    for clause in clauses:
        end = at + len(signs(clause))
        found.append(Cut(clause, at, end))
        at = end
    return found


def recut(raw: Sequence[Cut], given: Corrections) -> list[Cut]:
    """The reading divided as somebody wished, with the labels and lead-ins that follow from it."""
    cuts, found = sorted(given.cuts), list[Cut]()
    for one in raw:
        parts = _parted(one, [at for at in cuts if one.start < at < one.end])
        if found and one.start in given.joins and joinable(found[-1].clause, one.clause):
            found[-1] = _joined(found[-1], parts.pop(0))
        found += parts
    changed = len(found) != len(raw) or any(one.fresh for one in found)
    return _hung(_labelled(found), raw) if changed else list(raw)


def joinable(first: Clause, then: Clause) -> bool:
    """Whether two neighbours may be one clause: a heading between them must not be lost."""
    alike = (first.headings, first.kind, first.option) == (then.headings, then.kind, then.option)
    return alike and first.kind != "or"


def _parted(one: Cut, places: Sequence[int]) -> list[Cut]:
    parts = [one]
    for at in places:
        last = parts[-1]
        place = _index(last, at)
        before, after = last.clause.text[:place].rstrip(), last.clause.text[place:]
        if not place or not (words(before) and words(after)):
            continue
        marker, text = split_body(after)
        parts[-1:] = [
            Cut(replace(last.clause, text=before), last.start, at, last.fresh),
            Cut(replace(last.clause, text=text, marker=marker), at, last.end, True),
        ]
    return parts


def _index(one: Cut, at: int) -> int:
    """Where in the clause's text that place is; 0 when no word begins there."""
    left = at - one.start - len("".join(one.clause.marker.split()))
    for index, sign in enumerate(one.clause.text):
        if left <= 0 and not sign.isspace():
            begins = left == 0 and index > 0 and one.clause.text[index - 1].isspace()
            return index if begins else 0
        left -= not sign.isspace()
    return 0


def _joined(first: Cut, then: Cut) -> Cut:
    text = folded(f"{first.clause.text} {then.clause.marker} {then.clause.text}")
    return replace(first, clause=replace(first.clause, text=text), end=then.end)


def _labelled(found: Sequence[Cut]) -> list[Cut]:
    """A label for each clause that the reading did not know: its own number, or "2.1 (second)"."""
    names, last = Names(), ""
    for one in found:
        if not one.fresh:
            names.unique(one.clause.label)
    labelled = []
    for one in found:
        last = last if one.fresh else one.clause.label
        label = names.unique(_number_of(one.clause) or safe(last)) if one.fresh else last
        labelled.append(replace(one, clause=replace(one.clause, label=label)))
    return labelled


def _number_of(clause: Clause) -> str:
    marker = split_marker(f"{clause.marker} {clause.text}")[0] if clause.marker else None
    return marker.name if marker and marker.kind == "decimal" and len(marker.number) > 1 else ""


def _hung(found: Sequence[Cut], raw: Sequence[Cut]) -> list[Cut]:
    """What hung under a clause hangs under its last part; what was cut from a lead-in, under that."""
    starts = [one.start for one in found]
    hung: list[Cut] = []
    for own, one in enumerate(found):
        above = hung[own - 1] if one.fresh else None
        if above and above.clause.text.endswith(":"):
            lead = own - 1
        elif above:
            lead = int(above.clause.lead or -1)
        else:
            was = int(one.clause.lead or -1)
            lead = bisect_right(starts, raw[was].end - 1) - 1 if was >= 0 else -1
        hung.append(replace(one, clause=replace(one.clause, lead=_text(lead, own))))
    return hung


def _text(lead: int, own: int) -> str:
    return str(lead) if 0 <= lead < own else ""


def touched_up(base: Sequence[Cut], given: Corrections) -> list[Clause]:
    """The clauses with the labels and lead-ins somebody gave them; a place that is none is passed over."""
    numbers = {one.start: number for number, one in enumerate(base)}
    found = []
    for own, one in enumerate(base):
        label = safe(given.labels.get(one.start, "")) or one.clause.label
        lead = one.clause.lead
        if one.start in given.leads:
            lead = _text(numbers.get(given.leads[one.start], -1), own)
        found.append(replace(one.clause, label=label, lead=lead))
    return found
