"""What somebody typed into the importer's page -> corrections, or the sentence that stands at the field."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.imports import Corrections, Piece, Preview
from bot.core.labels import looks, visible
from bot.core.policies import MONTHS, last_day, sentences, spoken

LABEL_LIMIT = 160
FACT_LIMIT = 300
# The facts that can be put right, with the words of their fields.
FACTS = {
    "title": "Title",
    "owner": "Owner",
    "approver": "Approved by",
    "approved": "Approved on",
    "review_due": "Review due",
    "version": "Version",
    "audience": "Who it is for",
}
DATES = ("approved", "review_due")
LEADS = 15  # so many clauses back a lead-in is looked for

NO_LABEL = "Give this clause a label: staff see it under every answer."
LONG = "This is too long: use at most {most} signs."
TWICE = "Two clauses have this label: each needs its own, so that staff can find it."
NO_TITLE = "Give the policy a title: staff see it under every answer."
NO_DATE = "This is no date: write it like 1 September 2026, September 2026 or 2026."
NOT_THERE = "These words do not stand in the clause: copy them just as they are above."
NOT_ONCE = "These words stand more than once in the clause: give a few more of them."
AT_START = "The clause begins with these words already: choose a later place."
NO_PLACE = "Choose where the new clause begins."


@dataclass(frozen=True)
class Typed:
    """What is to be corrected, and for each wrong field its sentence."""

    corrections: Corrections = field(default_factory=Corrections)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def anything(self) -> bool:
        return bool(self.corrections.labels or self.corrections.facts)


def typed(form: Mapping[str, str], shown: Preview) -> Typed:
    """The labels and facts that differ from what was shown."""
    labels, facts = _labels(form, shown.pieces), _facts(form, shown)
    errors = {**_label_mistakes(labels, shown.pieces), **_fact_mistakes(facts)}
    kept = {name: iso(text) if name in DATES else text for name, text in facts.items()}
    return Typed(Corrections(labels=labels, facts=kept), errors)


def _labels(form: Mapping[str, str], pieces: Iterable[Piece]) -> dict[int, str]:
    told = {
        piece.start: visible(form.get(f"label.{piece.start}", piece.clause.label))
        for piece in pieces
    }
    was = {piece.start: piece.clause.label for piece in pieces}
    return {start: label for start, label in told.items() if label != was[start]}


def _label_mistakes(labels: Mapping[int, str], pieces: Sequence[Piece]) -> dict[str, str]:
    whole = {piece.start: labels.get(piece.start, piece.clause.label) for piece in pieces}
    times = Counter(looks(label) for label in whole.values())
    found = {}
    for start, label in labels.items():
        if not label:
            found[f"label.{start}"] = NO_LABEL
        elif len(label) > LABEL_LIMIT:
            found[f"label.{start}"] = LONG.format(most=LABEL_LIMIT)
        elif times[looks(label)] > 1:
            found[f"label.{start}"] = TWICE
    return found


def shown_fact(shown: Preview, name: str) -> str:
    """A fact as its field shows it: a date in words, a list with commas."""
    value = getattr(shown.policy, name)
    if name in DATES:
        return spoken(value)
    return value if isinstance(value, str) else ", ".join(value)


def _facts(form: Mapping[str, str], shown: Preview) -> dict[str, str]:
    told = {name: form.get(f"fact.{name}", shown_fact(shown, name)) for name in FACTS}
    return {name: text for name, text in told.items() if text != shown_fact(shown, name)}


def _fact_mistakes(facts: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for name, text in facts.items():
        if name == "title" and not text:
            found["fact.title"] = NO_TITLE
        elif len(text) > FACT_LIMIT:
            found[f"fact.{name}"] = LONG.format(most=FACT_LIMIT)
        elif name in DATES and text and not iso(text):
            found[f"fact.{name}"] = NO_DATE
    return found


def iso(text: str) -> str:
    """A date as somebody types it -> 2026-09-01, 2026-09 or 2026; empty when it is none."""
    *dated, year = text.replace(",", " ").replace("/", "-").replace("-", " ").split() or [""]
    if last_day(text):
        return text
    if not (len(year) == 4 and year.isdecimal()) or len(dated) > 2:
        return ""
    month = _month(dated[-1]) if dated else ""
    number = dated[0].rstrip("sthndr") if len(dated) == 2 else ""
    found = "-".join([year, *([month] if dated else []), *([number.zfill(2)] if number else [])])
    return found if last_day(found) and bool(dated) == bool(month) else ""


def _month(word: str) -> str:
    if word.isascii() and word.isdecimal() and 1 <= int(word) <= 12:
        return f"{int(word):02}"
    named = [n for n, name in enumerate(MONTHS, 1) if name.lower().startswith(word.lower()[:3])]
    return f"{named[0]:02}" if len(word) >= 3 and word.isalpha() and named else ""


# One clause -----------------------------------------------------------------------------------------


def places(piece: Piece) -> list[tuple[int, str]]:
    """Where a new clause can begin, sentence by sentence: the place, and the words from there on."""
    text = piece.clause.text
    return [(_place(piece, start), text[start:end]) for start, end in sentences(text)[1:]]


def _place(piece: Piece, index: int) -> int:
    """The place of a sign of the clause's text, counted as corrections are."""
    return piece.start + len("".join(f"{piece.clause.marker}{piece.clause.text[:index]}".split()))


def split_at(piece: Piece, form: Mapping[str, str]) -> int | str:
    """The place somebody chose or whose words they typed, or the sentence that says what is wrong."""
    words, chosen = form.get("words", ""), form.get("place", "")
    if not words:
        known = {str(place): place for place, _ in places(piece)}
        return known.get(chosen, NO_PLACE)
    found = _begins(piece.clause.text, words)
    if found and found[0] == 0:
        found = found[1:] or [0]
    if not found:
        return NOT_THERE
    if len(found) > 1:
        return NOT_ONCE
    return _place(piece, found[0]) if found[0] else AT_START


def _begins(text: str, words: str) -> list[int]:
    """Where these words begin in a text, at the beginning of a word."""
    found, at = [], text.find(words)
    while at >= 0:
        if at == 0 or text[at - 1].isspace():
            found.append(at)
        at = text.find(words, at + 1)
    return found


def leads(piece: Piece, pieces: Sequence[Piece]) -> list[Piece]:
    """The clauses this one could hang under: those shortly before it, and the one it hangs under."""
    before = [one for one in pieces if one.start < piece.start]
    return [
        one for n, one in enumerate(before) if n >= len(before) - LEADS or one.start == piece.lead
    ]
