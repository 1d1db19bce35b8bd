"""The facts a document tells about itself: who approved it, when it is due, what replaces it.

Each fact comes with the place of the clause that says it. Nothing is guessed beyond the words.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.policies import Clause
from bot.intake.dates import dates, is_date
from bot.intake.fields import pairs

_ENDS = r"(?:\s*[:\t]|\s{2,}|\.{3,}|\s*[|_]|$|\s)"
_DUE = re.compile(
    r"next (?:policy |formal )?review|review(?:ed)? (?:due|on or before|by|date)|date (?:for"
    r"|of) (?:next |the next )?"
    r"(?:policy )?review(?! by)|to be reviewed"
    r"|renewal|expir|due for review|looked at again|future review|review:|^review$",
    re.I,
)
_DONE = re.compile(
    r"\b(?:last|previous)\b|^reviewed|approved|adopted|ratified|agreed|implementation|authorised|approval",
    re.I,
)
_LABELS = (
    (
        "owner",
        re.compile(
            r"(?:policy |document )?(?:owner|author|lead|holder)s?\b(?! review)"
            r"|(?:person )?responsible\b(?: person| officer)?"
            r"|person responsible|(?:written|prepared|produced|owned) by|lead (?:person|member)"
            r"|maintained by",
            re.I,
        ),
    ),
    (
        "approver",
        re.compile(
            r"(?:approved|ratified|adopted|agreed|authorised|signed off)(?: by\b|$)|approver"
            r"|approval (?:body|committee)"
            r"|approving body|responsible committee",
            re.I,
        ),
    ),
    (
        "version",
        re.compile(
            r"(?:document )?version(?: no| number)?\b\.?|issue(?: no| number)\.?|revision\b|edition\b",
            re.I,
        ),
    ),
    (
        "audience",
        re.compile(r"(?:target )?audience|applies to|for the attention of|intended for", re.I),
    ),
)
_APPROVED = (
    re.compile(
        r"(?:date |policy )?(?:approved|ratified|adopted|agreed|authorised)|(?:approval|adoption"
        r"|ratification) date|date of (?:approval|adoption)",
        re.I,
    ),
    re.compile(
        r"(?:date of )?(?:the )?last (?:review|reviewed|update)|date reviewed|reviewed(?! by)"
        r"|date of last|updated",
        re.I,
    ),
    re.compile(
        r"policy date|date(?: of issue| issued)?$|issue(?:d)? date|issued|effective|implementation"
        r"|date of (?:policy|full)",
        re.I,
    ),
)
_GONE = re.compile(r"\b(?:replaced|superseded)\b", re.I)
_BY = re.compile(
    r"\b(?:replaced|superseded)\b.{0,60}?\b(?:by|with)\s+(?:the\s+)?(.{3,120}?)(?:\s+(?:in|on"
    r"|from)\s+[^.]{0,30}\d{4})?[.;]?\s*$",
    re.I,
)
# Of this document: that a law or an older policy was replaced is no news of it.
_IS_GONE = re.compile(
    r"(?:(?:^|[.(*_]\s*)(?:nb |note:? )?(?:the )?(?:model |interim |current |present )?"
    r"(?:policy|document|procedure|code(?: of conduct)?|version|it|this(?= (?:is|was|will|has)\b)|and)"
    r"(?! (?:for|to|on|of) the\b"
    r"| (?:store|box|scanner|reader|wallet|holder|says?)\b)|\bthis (?:[\w-]+ ){0,3}?"
    r"(?:policy|document|procedure|code|guidance|version)(?! (?:for|to|on|of) the\b))\b"
    r"(?:(?!\b(?:which|act|that|says?|covers?)\b)[^.;:]){0,60}?"
    r"\b(?:will be|is|was|has been|to be|being)\s+(?:replaced|superseded)\b",
    re.I,
)
_DOCUMENT = re.compile(
    r"\b(?:polic(?:y|ies)|document|procedure|code|guidance|version|edition)\b", re.I
)
_NEXT = re.compile(
    r"(?:^|[.;|]\s+)next review(?:ed)?(?: date)?(?: is)?(?: due)?(?: in| on| by)?:?([^.;]{0,40})",
    re.I,
)
_LAST = re.compile(r"(?:^|[.;|]\s+)(?:last|previously) reviewed(?: in| on)?:?([^.;]{0,40})", re.I)
_LAPSES = re.compile(
    r"\b(?:polic(?:y|ies)|document|guidance|procedure|code|version)\b(?:(?!\bwhich\b|\bthat\b).){0,60}?"
    r"\b(?:(?:is|was|will be|has been|be)"
    r" withdrawn|lapses|expires|will (?:lapse|expire)|ceases to (?:apply|have effect))\b(.{0,40})",
    re.I,
)
_SCOPE = re.compile(
    r"\bthis (?:policy|code|procedure|document|guidance) (?:applies to|covers"
    r"|is for)\s+(?:all\s+)?([^.:;]{3,160})[.;]",
    re.I,
)
_NOT_WHO = re.compile(
    r"\b(?:who|which|that|use|whether|including|all individuals|working)\b|/", re.I
)
_EVERY = re.compile(
    r"(?:re-?read|read and (?:sign|acknowledge|understand|confirm)\w*|sign(?:ed)? (?:to confirm"
    r"|that they have read))[^.;]{0,120}?"
    r"\b(annually|yearly|each year|every (?:academic |school )?year|once a year|each september"
    r"|every september|termly|each term|every term"
    r"|every (\w+) (months?|years?))\b",
    re.I,
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "twelve": 12, "eighteen": 18}


_WILL = re.compile(
    r"\b(?:polic\w+|it|document|and)\b[^.]{0,60}?\b(?:will (?:next )?be reviewed|(?:is )?due for review|to be"
    r" reviewed|next review(?:ed)?(?: date)?(?: is| will be)?)\b([^.]{0,80})",
    re.I,
)
_WAS = re.compile(
    r"\b(?:polic\w+|it|document)\b[^.]{0,40}?\b(?:was|has been) (?:approved|adopted|ratified|agreed)\b"
    r"([^.;]{0,80})",
    re.I,
)


@dataclass(frozen=True)
class Fact:
    """One thing the document says of itself, and the place of the clause that says it."""

    name: str
    value: str
    place: int


def facts(
    clauses: Sequence[Clause], cells: Mapping[int, Sequence[str]] | None = None
) -> dict[str, Fact]:
    """The facts found, by the name of the Policy field. ``cells``: the table row a field stands in."""
    found: dict[str, Fact] = {}
    for fact in _all(clauses, cells or {}):
        found.setdefault(fact.name, fact)
    return found


def _all(clauses: Sequence[Clause], cells: Mapping[int, Sequence[str]]) -> Iterable[Fact]:
    """Every fact told, the surest first."""
    rows = {n: " | ".join(filter(None, row)) for n, row in cells.items()}
    fields = [(n, rows.get(n, c.text)[:600]) for n, c in enumerate(clauses) if c.kind == "field"]
    texts = [
        (n, c.text) for n, c in enumerate(clauses) if c.kind == "clause" and len(c.text) < 4000
    ]
    for place, clause in enumerate(clauses[:20]):
        if clause.label == "Title":
            yield Fact("title", clause.text, place)
    for place, text in fields:
        yield from _from_field(place, text)
    yield from _approved(fields)
    for place, text in texts:
        yield from _from_text(place, text)


def _from_field(place: int, text: str) -> Iterable[Fact]:
    for label, value in pairs(text):
        if label.casefold() in ("title", "policy title", "policy name") and value:
            yield Fact("title", value, place)
        for name, pattern in _LABELS:
            who = _approver(label, value) if name == "approver" else value
            if pattern.match(label) and who:
                yield Fact(name, who, place)
        if _is_due(label) and dates(value):
            yield Fact("review_due", dates(value)[-1], place)


def _approver(label: str, value: str) -> str:
    """ "Governors" of "Approved by: Governors" and of "Approved by Governors: May 2024"."""
    if re.fullmatch(r"\w+", label):  # "Approved: Trust Board", but not "Agreed: yes" or a date
        by = re.search(
            r"\d,? by (?:the )?([A-Z][^.;|]{2,59})\.?$", value
        )  # "14 May 2026 by the Head"
        named = "" if dates(value) or not value[:1].isupper() or len(value) < 4 else value
        return by[1] if by else named
    if not is_date(value) and not (dates(value) and value[0].isdigit()):
        return value
    found = re.search(r" by (?:the )?(.{3,60}?)(?: on| in)?$", label)
    return found[1] if found else ""


def _is_due(label: str) -> bool:
    """A label of the day by which the policy must be looked at again."""
    return bool(_DUE.search(label)) and not _DONE.search(label)


def _approved(fields: Sequence[tuple[int, str]]) -> Iterable[Fact]:
    """The date of approval; failing that of the last review; failing that of issue."""
    for pattern in _APPROVED:
        for place, text in fields:
            said = pairs(text)
            by = bool(said) and bool(_APPROVED[0].match(said[0][0]))
            for label, value in said:
                mine = pattern.match(label) or (
                    by and label.casefold() in ("date", "on") and pattern is _APPROVED[0]
                )
                if mine and not _is_due(label) and dates(value):
                    yield Fact("approved", dates(value)[0], place)


def _itself(text: str) -> re.Match[str] | None:
    """Where it says of itself that it is replaced; "it" and "this" only where the document was named."""
    told = _IS_GONE.search(text)
    return told if told and _DOCUMENT.search(text[: told.end()]) else None


def _from_text(place: int, text: str) -> Iterable[Fact]:
    if len(text) < 300 and _GONE.search(text):
        by, told = _BY.search(text), _itself(text)
        starts = text.rfind(". ", 0, told.end()) + 1 if told else 0
        when = dates(text[starts:]) or dates(text)  # the day in that sentence first
        if told and when:
            yield Fact("replaced_on", when[0], place)
        if (
            told
            and by
            and re.search(r"polic|document|procedure|code|guidance", text[: told.end()], re.I)
        ):
            yield Fact("replaced_by", by[1].strip(), place)
    lapses = _LAPSES.search(text) if len(text) < 300 else None
    if lapses and dates(lapses[1]):
        yield Fact("replaced_on", dates(lapses[1])[0], place)
    if who := _audience(text):
        yield Fact("audience", who, place)
    if often := _reread(text):
        yield Fact("reread", often, place)
    if len(text) < 400:
        yield from _reviewed(place, text)


def _reviewed(place: int, text: str) -> Iterable[Fact]:
    """ "This policy was approved in May 2024 and will be reviewed in May 2026"."""
    due = _WILL.search(text) or _NEXT.search(text)
    done = _WAS.search(text) or _LAST.search(text)
    if due and dates(due[1]):
        yield Fact("review_due", dates(due[1])[-1], place)
    if done and dates(done[1]):
        yield Fact("approved", dates(done[1])[0], place)


def _audience(text: str) -> str:
    """ "employees, volunteers and agency workers" where the scope is a plain list."""
    found = _SCOPE.search(text)
    if not found or _NOT_WHO.search(found[1]):
        return ""
    return found[1].strip()


def listed(text: str) -> tuple[str, ...]:
    """ "staff, governors and volunteers" -> its members."""
    parts = re.split(r"\s*(?:[,;]|\band\b|&)\s*", re.sub(r"^[\s*_]*all\b", "", text, flags=re.I))
    return tuple(part.strip(" .*_") for part in parts if part.strip(" .*_"))


def _reread(text: str) -> str:
    """ "12 months" where staff must read it again every year."""
    found = _EVERY.search(text)
    if not found:
        return ""
    if found[2]:
        count = int(found[2]) if found[2].isdigit() else _NUMBERS.get(found[2].lower(), 0)
        return f"{count * (12 if found[3].startswith('year') else 1)} months" if count else ""
    return "4 months" if "term" in found[1].lower() else "12 months"
