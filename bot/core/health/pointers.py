"""Flags of what points nowhere, or to the wrong place: links, and sections of this very document."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from bot.core.health.data import Health
from bot.core.health.flags import Flag
from bot.core.health.reads import Line, Read, once_a_clause
from bot.core.phrases import plain

_MARKDOWN = re.compile(r"\[[^\]]+\]\(([^)]*)\)")
_BARE = re.compile(r"(?:https?://(?:www\.)?|\bwww\.)(?=[\s,;)]|$)", re.I)  # nothing after it
_ADDRESS = re.compile(r"(?:https?://|www\.)([\w.-]+)", re.I)
_NOWHERE = re.compile(
    r"#?|link|url|todo|https?://|(?:https?://)?(?:www\.)?example\.(?:com|org).*", re.I
)
_NUMBER = r"\d{1,2}(?:\.\d{1,2}){0,3}(?:\s?\([a-z]{1,3}\))?"
_POINTS = re.compile(
    rf"\b(sections?|paragraphs?|paras?\.?|clauses?|points?|rules?|see)\s+({_NUMBER}"
    rf"(?:\s?(?:,|and|or|to|&|-|–)\s?{_NUMBER})*)(?![\d%£:/])",
    re.I,
)
_WHICH = r"((?-i:[A-Z])|\d{1,2}|(?-i:[ivx]+))\b"
_ATTACHED = re.compile(
    rf"\b(append(?:ix|ices))\b(?:\s+{_WHICH})?|\b(annexe?s?|schedules?)\s+{_WHICH}", re.I
)
_PART = re.compile(r"\bpart\s+(\d{1,2}|(?-i:[A-Z]|[IVX]+))\b", re.I)
_ANOTHER = re.compile(r"\band (?:with )?(?:the|our)\b", re.I)  # "annexe C and with the Handbook"
_SITE = re.compile(r"\b[\w-]+\.(?:uk|com|org|net|gov|info)\b", re.I)
_OURS = re.compile(
    r"^\s*(?:\([^)]*\)\s*)?(?:of|in|to)\s+(?:this|the)\s+(?:policy|document|procedure)\b", re.I
)
_THEIRS = re.compile(
    r"^[\s,]*(?:\([^)]*\)\s*)?(?:of|in|to|under)\s+(?:the|our|your|its|that|a|[A-Z])", re.I
)
_SMALL = 4  # letters of a heading's word that say nothing: "use", "and", "with"
_DULL = {"policy", "school", "staff", "section", "other"}


def links(read: Read, health: Health) -> Iterator[Flag]:
    """A link with no address behind it, or to a site that is gone."""
    after = (*(clause.text for clause in read.policy.clauses[1:]), "")
    for clause, following in zip(read.policy.clauses, after, strict=False):
        promised = health.phrases["link_words"].search(plain(clause.text))
        told = _leads_somewhere(clause.text) or _leads_somewhere(following)
        lost = health.phrases["lost_link"].search(plain(clause.text))
        if lost or _leads_nowhere(clause.text, health) or (promised and not told):
            yield read.flag("dead_link", clause)


def _leads_somewhere(text: str) -> bool:
    return bool(_SITE.search(text) or _MARKDOWN.search(text) or "@" in text)


def _leads_nowhere(text: str, health: Health) -> bool:
    if any(_NOWHERE.fullmatch(goes.strip()) for goes in _MARKDOWN.findall(text)):
        return True
    if _BARE.search(text):
        return True
    hosts = [found.lower().removeprefix("www.") for found in _ADDRESS.findall(text)]
    return any(host == dead or host.endswith(f".{dead}") for host in hosts for dead in health.hosts)


def dangling(read: Read, health: Health) -> Iterator[Flag]:
    """A section, paragraph or appendix that this document does not have, or that a word processor lost."""
    known, gone = _numbers(read), health.phrases["lost_pointer"]

    def lost(line: Line) -> bool:
        return bool(gone.search(plain(line.clause.text))) or _lost(line, read, known, health)

    for clause in once_a_clause(read.lines, lost):
        yield read.flag("dangling", clause)


def _lost(line: Line, read: Read, known: set[str], health: Health) -> bool:
    for found in _POINTS.finditer(line.text):
        if found[1].lower() == "see" and "." not in found[2]:
            continue
        wanted = re.findall(_NUMBER, found[2])
        if _is_ours(line, found, health) and any(_bare(one) not in known for one in wanted):
            return True
    if _no_part(line, read, health) or _overleaf(line, read, health):
        return True
    return any(
        _is_ours(line, found, health) and not _has_appendix(read, found)
        for found in _ATTACHED.finditer(line.text)
        if line.text[: found.start()].strip()  # a line that begins so is the appendix
    )


def _no_part(line: Line, read: Read, health: Health) -> bool:
    """ "Part 9" of a document whose headings are parts, and which has no ninth."""
    parts = {found[1].lower() for h in read.headings if (found := _PART.match(h))}
    asked = (found for found in _PART.finditer(line.text) if parts and found.start())
    return any(found[1].lower() not in parts and _is_ours(line, found, health) for found in asked)


def _overleaf(line: Line, read: Read, health: Health) -> bool:
    """ "See overleaf", and no heading follows that could be what stood there."""
    if not health.phrases["overleaf"].search(line.said):
        return False
    at = read.policy.clauses.index(line.clause)
    after = (h for c in read.policy.clauses[at + 1 :] for h in c.headings[-1:])
    return not any(health.phrases["form"].search(plain(heading)) for heading in after)


def _is_ours(line: Line, found: re.Match[str], health: Health) -> bool:
    """Whether it points into this document rather than into a law or another policy."""
    after = line.text[found.end() :]
    if _OURS.match(after):
        return True
    if _THEIRS.match(after):
        return False
    near = plain(f"{line.text[: found.start()][-140:]} {found[0]} {_ANOTHER.split(after[:60])[0]}")
    return not health.phrases["elsewhere"].search(near)


def _bare(number: str) -> str:
    return re.sub(r"\s", "", number).rstrip(".")


def _numbers(read: Read) -> set[str]:
    """Every number a label, a marker or a heading prints, and the numbers above each: 5 for 5.1(a)."""
    found: set[str] = set()
    for clause in read.policy.clauses:
        for text in (clause.label, clause.marker, *clause.headings):
            first = re.match(r"(?:section\s+)?(\d[\d.]*(?:\s?\([a-z]+\))*)", text.strip(), re.I)
            found |= _above(_bare(first[1])) if first else set()
    return found


def _above(number: str) -> set[str]:
    parts = re.findall(r"\d+|\([a-z]+\)", number)
    made, found = "", set()
    for part in parts:
        made += part if part.startswith("(") or not made else f".{part}"
        found.add(made)
    return found


def _has_appendix(read: Read, wanted: re.Match[str]) -> bool:
    """Whether a heading, or a line that stands by itself, begins so."""
    word, which = _attached(wanted)
    begins = (*read.headings, *(c.text for c in read.policy.clauses))
    for text in begins:
        found = _ATTACHED.match(text.strip())
        if found and _attached(found)[0] == word and which in ("", _attached(found)[1]):
            return True
    return False


def _attached(found: re.Match[str]) -> tuple[str, str]:
    """ "Appendix B" as ("appen", "b"); one letter may be missing where it is only "the appendix"."""
    return (found[1] or found[3]).lower()[:5], (found[2] or found[4] or "").lower()


def wrong_sections(read: Read, health: Health) -> Iterator[Flag]:
    """ "Section 7 says what is inappropriate", where another section's heading says just that."""
    sections = _sections(read)
    told = _telling(sections)
    for line in read.lines:
        for found in _POINTS.finditer(line.text):
            number = found[2]
            if number in sections and _is_ours(line, found, health):
                meant = _meant(number, _around(line, found), told)
                if meant:
                    facts = {"name": sections[meant], "by": number}
                    yield read.flag("wrong_reference", line.clause, **facts)


def _sections(read: Read) -> dict[str, str]:
    """Top-level headings by their number."""
    found = (re.match(r"(\d{1,2})[.)]?\s+(\S.*)", heading) for heading in read.headings)
    return {one[1]: one[2] for one in found if one}


def _telling(sections: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """For each section the words of its heading that no other heading has."""
    words = {
        n: {w for w in plain(h).split() if len(w) > _SMALL} - _DULL for n, h in sections.items()
    }
    times = Counter(word for group in words.values() for word in group)
    return {n: frozenset(w for w in group if times[w] == 1) for n, group in words.items()}


def _around(line: Line, found: re.Match[str]) -> set[str]:
    """The words just before "in section 7", and those the section is said to tell of."""
    before = plain(line.text[: found.start()]).split()[-6:] if _inside(line, found) else []
    return {*before, *plain(line.text[found.end() :]).split()[:22]}


def _inside(line: Line, found: re.Match[str]) -> bool:
    return bool(re.search(r"\b(?:in|under|at|see)\s*$", line.text[: found.start()], re.I))


def _meant(number: str, around: set[str], told: Mapping[str, frozenset[str]]) -> str:
    """Another section whose own words all stand here, when none of this section's do."""
    if told.get(number, frozenset()) & around:
        return ""
    fits = [n for n, words in told.items() if n != number and words and words <= around]
    return fits[0] if len(fits) == 1 else ""
