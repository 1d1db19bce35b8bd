"""Flags of what nobody finished: choices not made, blanks, a model's own words, no signature."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise, takewhile

from bot.core.health.data import Health
from bot.core.health.flags import Flag
from bot.core.health.reads import Line, Read, once_a_clause
from bot.core.phrases import plain
from bot.core.policies import Clause, sentences

_BRACKETED = re.compile(r"\[([^\]]{2,80})\](?!\()|<([^<>/]{2,60})>|\{([^{}]{2,60})\}|«([^»]+)»")
_OR_FIRST = re.compile(r"[\[(*_]{0,3}(?:OR\b|Or[:;–—])")
_OR_LAST = re.compile(r"\bOR[\])*_.:]{0,3}$")
_OPTION = re.compile(r"\W{0,3}(?:option|alternative|version)\s+(?:\d|[A-C]\b|one|two)", re.I)
_MAY_NOT = re.compile(r"\b(may|must|will|should|can|is|are|do|does)\s?/\s?(?:\1 )?not\b", re.I)
_ASKS = re.compile(r"\b(?:I|we|whether|if)\b")  # "whether they may/may not" chooses nothing
_STOPS = re.compile(r"[/,;:()–—-]")
_TWICE = re.compile(r"\b(the|a|an|to|of|and|will|be|must|is|are|for|with|their|should) \1\b", re.I)
_LINE = 9  # words: a line over a form, no sentence
_ARTICLE = re.compile(r"^(?:the|your|our|please)\s+", re.I)
_ROUND = re.compile(r"\(([^()]{4,60})\)")
_CLOSED = re.compile(r"(?:[:–—]|\s-|\bis)\s+(to be \w+|\w+ to follow)\.?\s*$")
_SHORT = 12  # words: a line that says who somebody is
_LETTERS = re.compile(r"\b(?:X{3,}|x{4,})\b|\b(?:TBC|TBA|T\.B\.C\.|tbc|tba)\b")
_WRITTEN = re.compile(r"[\w)]")
_LABEL = re.compile(
    r"\b(signature|signed(?: by)?|sign|dated?|name|role|position|title)\b\s*:?", re.I
)


def alternatives(read: Read, health: Health) -> Iterator[Flag]:
    """A choice nobody made stands on its first option; the others are the rest of it."""
    yield from _inline(read)
    group: list[Clause] = []
    for clause in (*read.policy.clauses, None):
        if clause and (clause.option or clause.kind == "or") and not _begins(clause, group):
            group.append(clause)
            continue
        yield from _choice(read, group)
        group = [clause] if clause and (clause.option or clause.kind == "or") else []
    crossed = health.phrases["delete_one"]
    for clause in once_a_clause(
        read.lines, lambda line: bool(crossed.search(line.said)) or _both(line, read, health)
    ):
        yield read.flag("alternatives", clause)


def _both(line: Line, read: Read, health: Health) -> bool:
    """ "Parents may/may not take pictures", but not in a form somebody else fills in."""
    both = _MAY_NOT.search(line.text)
    told = both and _ASKS.search(line.text[: both.start()])
    return bool(both) and not told and not _in_form(line.clause, read, health)


def _inline(read: Read) -> Iterator[Flag]:
    """ "OR" in capitals that begins a clause or ends the one before it: two rules, nobody chose."""
    for one, other in pairwise(read.policy.clauses):
        plainly = one.kind == other.kind == "clause" and not one.option and not other.option
        if plainly and (_OR_FIRST.match(other.text) or _OR_LAST.search(one.text)):
            yield Flag("alternatives", read.policy.id, one.id, {}, ((read.policy.id, other.id),))


def _begins(clause: Clause, group: list[Clause]) -> bool:
    return clause.option == 1 and any(one.option for one in group)


def _choice(read: Read, group: list[Clause]) -> Iterator[Flag]:
    if group:
        first = next((one for one in group if one.option), group[0])
        rest = tuple((read.policy.id, one.id) for one in group if one is not first)
        yield Flag("alternatives", read.policy.id, first.id, {}, rest)


def open_choices(read: Read, health: Health) -> Iterator[Flag]:
    """A list whose last word is "it depends": it names options and chooses none."""
    for line in read.lines:
        lead = read.policy.lead_of(line.clause)
        if lead and len(line.said.split()) <= 6 and health.phrases["open_choice"].search(line.said):
            yield read.flag("open_choice", line.clause)
    yield from _named_options(read)


def _named_options(read: Read) -> Iterator[Flag]:
    """ "Option 1: ...", "Option 2: ..." one after the other, with no word on who chooses."""
    for one, other in pairwise(read.policy.clauses):
        if _OPTION.match(one.text) and _OPTION.match(other.text) and one.kind == "clause":
            yield Flag("open_choice", read.policy.id, one.id, {}, ((read.policy.id, other.id),))


def blanks(read: Read, health: Health) -> Iterator[Flag]:
    """Dots, underscores, [insert name], XXXX, TBC, and a header line with nothing after its colon."""
    for clause in read.policy.clauses:
        if (
            clause.kind in ("sign", "or")
            or _in_form(clause, read, health)
            or _to_sign(clause, health)
        ):
            continue
        empty = clause.has_blank or _empty(clause, read, health)
        if empty or _placeholder(clause.text, health) or _unfilled(clause.text, health):
            yield read.flag("blank", clause)


def _empty(clause: Clause, read: Read, health: Health) -> bool:
    """A header line, or the line of a list of contacts, with nothing after its colon."""
    if not clause.text.rstrip().endswith(":"):
        return False
    if clause.kind == "field":
        return True
    short = len(clause.text.split()) <= 6 and health.phrases["detail"].search(plain(clause.text))
    rest = read.policy.clauses[read.policy.clauses.index(clause) + 1 :]
    after = next((one for one in rest if one.headings == clause.headings), None)
    return bool(short) and (after is None or after.text.rstrip().endswith(":"))


def _in_form(clause: Clause, read: Read, health: Health) -> bool:
    """A form is there to be filled in by whoever uses it: its gaps are no fault of the policy. A line
    such as "Consent form" that is no heading begins one as well."""
    form, every = health.phrases["form"], read.policy.clauses
    above = takewhile(
        lambda one: one.headings == clause.headings, every[every.index(clause) - 1 :: -1]
    )
    over = (
        one.text for one in above if len(one.text.split()) < _LINE and one.text[-1] not in ".:;"
    )
    under = any(form.search(plain(text)) for text in (*clause.headings, *over))
    return under and not _BRACKETED.search(clause.text)


def _to_sign(clause: Clause, health: Health) -> bool:
    """A place to sign that says no more than who and when: "Chair: ____ Date: ____" under "Adopted"."""
    under = plain(" ".join(clause.headings[-1:]))
    dated = re.search(r"\bdated?\b", clause.text, re.I)
    return clause.has_blank and bool(dated and health.phrases["signed_under"].search(under))


def _placeholder(text: str, health: Health) -> bool:
    inside = (next(filter(None, found), "") for found in _BRACKETED.findall(text))
    return bool(_LETTERS.search(text)) or any(
        health.placeholders.match(_ARTICLE.sub("", one.strip())) for one in inside
    )


def _unfilled(text: str, health: Health) -> bool:
    """ "(insert name here)", and "the deputy is to be confirmed" in a short line that says who."""
    begins = health.phrases["unfilled"]
    if any(begins.match(plain(inside)) for inside in _ROUND.findall(text)):
        return True
    return any(_no_name(text[start:end], health) for start, end in sentences(text))


def _no_name(sentence: str, health: Health) -> bool:
    closed = _CLOSED.search(sentence)
    who = len(sentence.split()) <= _SHORT and health.phrases["detail"].search(plain(sentence))
    return bool(closed and who and health.phrases["unfilled"].match(plain(closed[1])))


def slashes(read: Read, health: Health) -> Iterator[Flag]:
    """ "school/trust": a template names both, a school is one."""
    either = [_slashed(group) for group in health.either]
    for clause in (one for one in read.policy.clauses if "/" in one.text):
        both = (x for found in either for x in found.findall(clause.text))
        if pair := next(((a, b) for a, b in both if a.lower() != b.lower()), None):
            yield read.flag("slash", clause, name="/".join(pair))


@cache
def _slashed(group: frozenset[str]) -> re.Pattern[str]:
    """Two of these words or names with a slash between them."""
    names = "|".join(re.escape(name) for name in sorted(group, key=len, reverse=True))
    return re.compile(rf"(?<![\w/.])({names})\s?/\s?({names})(?![\w/]| of\b)", re.I)


def template(read: Read, health: Health) -> Iterator[Flag]:
    """Words that only the model this was copied from would say."""
    found = health.phrases["template"]
    for clause in once_a_clause(read.lines, lambda line: bool(found.search(line.said))):
        yield read.flag("template", clause)


def garbled(read: Read, health: Health) -> Iterator[Flag]:
    """A small word twice ("to to"), or two names for one person that an edit left side by side."""
    slips = health.phrases["garbled"]

    def holds(line: Line) -> bool:
        said = plain(_STOPS.sub(" or ", line.text))  # "employee/member of staff" is no slip
        return bool(_TWICE.search(line.text) or slips.search(said))

    for clause in once_a_clause(read.lines, holds):
        yield read.flag("garbled", clause)


def unsigned(read: Read, health: Health) -> Iterator[Flag]:
    """A place to sign with no name or day in it. One that staff sign needs only a line for the day."""
    acknowledges = any(health.phrases["acknowledge"].search(line.said) for line in read.lines)
    for clause in (one for one in read.policy.clauses if _to_sign(one, health)):
        yield read.flag("unsigned", clause)
    for clause in (one for one in read.policy.clauses if one.kind == "sign"):
        if _in_form(clause, read, health):
            continue
        said = plain(clause.text)
        adopts = bool(health.phrases["adopts"].search(said)) or not acknowledges
        filled = _filled(clause.text)
        if adopts and not all(filled.get(name) for name in ("sign", "date")):
            yield read.flag("unsigned", clause)
        elif "date" not in filled:
            yield read.flag("no_date_line", clause)


def _filled(text: str) -> dict[str, bool]:
    """For each thing a place to sign asks for, whether somebody wrote it in."""
    found: dict[str, bool] = {}
    labels = list(_LABEL.finditer(text))
    ends = [*(label.start() for label in labels[1:]), len(text)][: len(labels)]
    for label, end in zip(labels, ends, strict=True):
        value = text[label.end() : end].replace("_", "").strip(" .:…")
        name = label[1].lower()[:4]
        found[name] = found.get(name, True) and bool(_WRITTEN.search(value))
    return found
