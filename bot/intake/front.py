"""What stands round the clauses: title lines, header fields, signatures, the lines at the very end."""

import re
from collections.abc import Sequence

from bot.intake.dates import dates, is_date
from bot.intake.lines import Item
from bot.intake.runs import shortish

_KINDS = (
    r"polic(?:y|ies)|procedures?|code|guidance|guidelines|protocol|agreement|handbook|strategy"
    r"|plan|charter|rules"
)
_POLICY = re.compile(rf"\b(?:{_KINDS})\b", re.I)
_SCHOOL = re.compile(
    r"\b(?:school|academy|trust|college|primary|infants?|nursery|federation|council)\b", re.I
)
_NOT_TITLE = re.compile(
    r"policy statement|statement of intent|(?:policy )?(?:scope|aims?|purpose)", re.I
)
_FIELD = re.compile(
    r"[*_]{0,3}([A-Z][\w/&'’().\- ]{1,60}?)[*_]{0,3}\s*(?::[-–]?|\t+|\.{3,}|…+|_{3,})[*_]{0,3}\s*(\S.*|$)",
    re.S,
)
KNOWN = re.compile(
    r"(?:polic(?:y|ies) )?(?:dates? (?:of|for) [a-z ]{3,50}|date (?:approved|adopted|ratified"
    r"|agreed|reviewed|issued)"
    r"|(?:next|last|previous|first|future)(?: policy| formal)? (?:review|reviewed|update)(?: date"
    r"| due)?|review(?:ed)?"
    r"(?: date| due| by| cycle| frequency| period| on| every)?|(?:re)?issue(?:d)?(?: no| number| date)?\.?"
    r"|(?:approved|adopted|ratified|agreed|authorised|signed off|written|prepared|produced|owned"
    r"|issued)(?: by| on| date)?"
    r"(?: the)?(?: governing body| governors| headteacher| trustees| board)?(?: on)?"
    r"|version(?: no| number)?\.?|status|statutory|policy (?:owner|lead|type|date|number|no|title"
    r"|status)|owner|author(?:s)?"
    r"|responsible (?:person|officer|committee)|person responsible|lead(?: person)?"
    r"|document (?:owner|control|number|ref\w*)"
    r"|approval(?: date| body)?|approver|effective (?:from|date)|audience|applies to"
    r"|target audience|replaces|supersedes"
    r"|(?:linked|related|associated|other relevant) (?:policies|documents|guidance|procedures)"
    r"|school|school name|academy|last updated|to be reviewed"
    r"|review on|ratification date)(?!\w)",
    re.I,
)
# Headings of what stands beside the clauses; "Version history" is no version called "history".
CLOSERS = re.compile(
    r"(?:version|document|change|revision|amendment|review) (?:history|control|log|record)"
    r"|(?:related|linked|associated) (?:policies|documents|pages|links)|glossary|definitions"
    r"|useful (?:links|contacts)|further (?:information|reading|guidance)",
    re.I,
)
# Labels that open a name as often as a field: "School Trips Policy", "Academy Council".
_NAMING = re.compile(r"school|academy", re.I)
_SIGN_WORD = re.compile(
    r"\b(?:signed|signature|print(?:ed)? name|name|date|position|role)\b(?: by)?\s*:?", re.I
)
_BLANKS = re.compile(r"_{3,}|\.{6,}|…{3,}")
_SIGNED = re.compile(r"(?:signed|signature)\b.{0,80}", re.I)
_CELL = re.compile(r"(?:signature|signed|date|name|print name)\W*", re.I)
_SIGNING = re.compile(r"\b(?:signed|signature|print(?:ed)? name)\b", re.I)
_GONE = re.compile(
    r"\b(?:policy|document|guidance|procedure|it|this)\b.{0,80}?\b(?:will be|is|was|has been|to be|being)\s+"
    r"(?:replaced|superseded)\b",
    re.I,
)
_END = re.compile(
    r"\b(?:governing (?:body|board)|governors?|trustees?|school|academy|headteacher|trust)\b", re.I
)


def title_lines(items: Sequence[Item]) -> int:
    """How many items at the top are the title: "Elm Primary School", "Policy on ..."."""
    count = 0
    while count < min(3, len(items) - 1):
        if not _could_be_title(items[count]) and (count or not _subtitled(items[0], items[1])):
            break
        if count and not _adds(items[:count], items[count], items[count + 1]):
            break
        count += 1
    return count


def names_policy(item: Item) -> bool:
    """Whether a line says what kind of document this is: "Policy", "Code of conduct"."""
    return bool(_POLICY.search(item.text))


def _could_be_title(item: Item) -> bool:
    told = field_name(item, True)
    told = "" if _POLICY.search(item.text) and not KNOWN.fullmatch(told) else told
    bad = item.piped or len(item.cells) > 1 or told or is_date(item.text)
    return not item.marker and not bad and shortish(item.text, 20) and item.text[-1] != ":"


def _subtitled(item: Item, after: Item) -> bool:
    """ "Safe Online: Our Promise" above the text, which no policy calls a field of its own."""
    name, colon, rest = item.text.partition(": ")
    plain = not (item.marker or item.piped or len(item.cells) > 1 or KNOWN.match(name))
    apart = bool(item.hashes or item.bold or after.hashes) and item.gap and after.gap
    wordy = len(name.split()) > 1 and shortish(rest) and not dates(rest)
    return bool(colon) and plain and apart and wordy and not field_name(after, True)


def _adds(before: Sequence[Item], item: Item, after: Item) -> bool:
    """Whether another line belongs to the title already read."""
    named = any(_POLICY.search(one.text) for one in before)
    deeper = item.hashes > before[-1].hashes and (named or not names_policy(item))
    if deeper or _NOT_TITLE.fullmatch(item.text):
        return False
    if not named:
        next_named = _could_be_title(after) and _POLICY.search(after.text)
        return bool(_POLICY.search(item.text) or (next_named and _SCHOOL.search(before[0].text)))
    schooled = any(_SCHOOL.search(one.text) for one in before)
    bare = len(item.text.split()) < 8 and not item.gap
    return (
        not schooled
        and bool(_SCHOOL.search(item.text))
        and bare
        and (after.gap or bool(field_name(after, True)))
    )


def colon_field(item: Item) -> str:
    """ "owner" for the line "owner: Mr Jones", small letters allowed."""
    found = re.match(r"([A-Za-z][A-Za-z_ ]{1,30}?):\s+\S", item.text) if not item.marker else None
    known = found is not None and (
        KNOWN.fullmatch(found[1]) or found[1].lower() in ("title", "date")
    )
    return found[1].strip() if found and known and not item.hashes else ""


def field_name(item: Item, header: bool) -> str:
    """ "Review due" for "Review due: October 2018"; empty when the item is no field.

    Before the first section any short label will do; after it, only labels policies are known to use.
    """
    text = item.text
    if item.marker or not text or len(text) > 300 or text[0].islower():
        return ""
    first = _name(item.cells[0].partition(": ")[0]) if len(item.cells) > 1 else ""
    if first and header:
        return first
    found = _FIELD.match(text)
    told = found is not None and ((header and found[2]) or KNOWN.fullmatch(found[1].strip(" .-")))
    if found and told and len(found[1].split()) < 8:
        return _name(found[1])
    bare = None if CLOSERS.fullmatch(text) else KNOWN.match(text)
    bare = None if bare and _NAMING.fullmatch(bare[0]) else bare
    if bare and header and len(text) < 120 and text[-1] != "." and len(text) > bare.end():
        dated = (
            dates(text)
            or re.search(r"\bby\b", bare[0], re.I)
            or re.match(r"\W", text[bare.end() :])
        )
        name = re.sub(r"(?<= by) the\b.*", "", bare[0], flags=re.I)
        return _name(name) if dated and text[bare.end()] in " \t:.-" else ""
    return ""


def _name(text: str) -> str:
    return " ".join(re.sub(r"[*_]+", "", text).split()).rstrip(" .:-–")


def waits(item: Item, after: Item | None, header: bool) -> bool:
    """A label line whose value stands on the next line: "Date for next review"."""
    if after is None or after.marker or after.hashes or item.marker or len(item.cells) > 1:
        return False
    label = item.text.rstrip(" :")
    if not KNOWN.fullmatch(label) and not (
        is_date(after.text) and re.search(r"\bdates?\b|\breview", label, re.I)
    ):
        return False
    if is_date(after.text):
        return len(label.split()) < 10
    ended = item.text[-1:] == ":" and header
    return ended and shortish(after.text) and not field_name(after, header)


def signs(item: Item) -> bool:
    """Asks for a signature in so many words."""
    return len(item.text) < 400 and bool(_SIGNING.search(item.text))


def party(item: Item, signing: bool) -> str | None:
    """Who is to sign here ("Headteacher", or "" when not said); None when it is no place to sign.

    ``signing``: signatures stand round it; "Name: ____" in a form is no place to sign.
    """
    text = item.text
    if item.marker or len(text) > 400:
        return None
    word = _SIGN_WORD.search(text)
    blank = bool(_BLANKS.search(text))
    celled = sum(bool(_CELL.fullmatch(cell)) for cell in item.cells) > 0 and len(item.cells) > 1
    signed = bool(_SIGNED.fullmatch(text)) and (":" in text or blank) and len(text.split()) < 14
    if not (
        word
        and (signed or (signing and (blank or celled or (len(text) < 40 and word.start() == 0))))
    ):
        return None
    who = text[: word.start()].strip(" \t:-–_.,")
    return who if len(who) < 90 else ""


def says_replaced(text: str) -> bool:
    """ "Policy will be replaced in Sept 2025 with ..."."""
    return len(text) < 300 and bool(_GONE.search(text))


def sign_off(items: Sequence[Item], start: int) -> int:
    """Where the closing lines begin ("Elm School / Governing Body / October 2016"), else the end."""
    first = len(items)
    while first > start and _is_closing(items[first - 1]) and len(items) - first < 5:
        first -= 1
        if items[first].gap:
            break
    lines = items[first:]
    if len(lines) > 1 and lines[0].gap and (is_date(lines[-1].text) or _ends_so(lines)):
        return first
    return _spaced_sign_off(items, start)


def _spaced_sign_off(items: Sequence[Item], start: int) -> int:
    """The same where every line has space around it: from the first that names a body to a last date."""
    first = len(items)
    while first > start and _is_closing(items[first - 1]) and len(items) - first < 4:
        first -= 1
    bodies = (n for n in range(first, len(items) - 1) if _END.search(items[n].text))
    return next(bodies, len(items)) if items and is_date(items[-1].text) else len(items)


def _is_closing(item: Item) -> bool:
    return (
        not item.marker and not item.hashes and shortish(item.text, 9) and item.text[-1] not in ":?"
    )


def _ends_so(lines: Sequence[Item]) -> bool:
    return any(is_date(line.text) for line in lines) and any(
        _END.search(line.text) for line in lines
    )
