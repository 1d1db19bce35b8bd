"""The words of a question and of one sentence, read into signs that a verdict can be made of.

The words are data: conversations/verdict.toml and words.toml.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.core.complements import Links, complements, links_from, stems
from bot.core.phrases import Families, pattern, plain
from bot.core.policies import BETWEEN_CELLS, Clause, Policy, sentences

Form = Literal["act", "duty", "advice", "fact", "permission", "who", "when", "what", "statement"]

DETERMINERS = {"the", "a", "an", "all", "any", "each", "every", "only", "our", "no", "both", "some"}
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
COUNTS = {
    word: str(number)
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1
    )
}
UNIT = "(?:day|week|month|term|year|hour|minute|time|lesson|pupil|adult)"
NUMBER = re.compile(rf"\b(?:\d+|(?:{'|'.join(COUNTS)})(?= (?:\w+ )?{UNIT}))\b")


@dataclass(frozen=True)
class Words:
    """The compiled words of verdict.toml and words.toml."""

    forms: Mapping[str, re.Pattern[str]]
    clause: Mapping[str, re.Pattern[str]]
    families: Mapping[str, re.Pattern[str]]
    lacks: re.Pattern[str]
    negated: re.Pattern[str]
    narrow: re.Pattern[str]
    vague: re.Pattern[str]
    asks_cover: re.Pattern[str]
    timed: re.Pattern[str]
    asks_leave: re.Pattern[str]
    sidesteps: re.Pattern[str]
    limits: re.Pattern[str]
    free: re.Pattern[str]
    not_free: re.Pattern[str]
    others: re.Pattern[str]
    verbs: re.Pattern[str]
    double: re.Pattern[str]
    links: Links


def words_from(verdict: Mapping[str, Any], families: Families) -> Words:
    """Compile the two data files. Raises PhraseMistake for a family that is not there."""
    return Words(
        {name: pattern(phrases, families) for name, phrases in verdict["forms"].items()},
        {name: pattern(phrases, families) for name, phrases in verdict["clause"].items()},
        {name: pattern(phrases, families) for name, phrases in families.items()},
        pattern(verdict["lacks"], families),
        pattern(verdict["negated"], families),
        pattern(verdict["narrow"], families),
        pattern(verdict["vague"], families),
        pattern(verdict["asks_cover"], families),
        pattern(verdict["timed"], families),
        pattern(verdict["asks_leave"], families),
        pattern(verdict["sidesteps"], families),
        pattern(verdict["less"], families),
        pattern(verdict["free"], families),
        pattern(verdict["not_free"], families),
        pattern(verdict["others"], families),
        pattern(verdict["verbs"], families),
        pattern(verdict["double"], families),
        links_from(verdict["links"]),
    )


@dataclass(frozen=True)
class Place:
    """What a question says after a small word: "on Monday". ``names`` are the families in it."""

    link: str
    words: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True)
class Asked:
    """What a question asks, as far as its words show. ``names`` are the families it mentions."""

    said: str
    form: Form
    names: frozenset[str]
    lacks: bool
    negated: bool
    vague: bool
    asks_cover: bool
    timed: bool
    asks_leave: bool
    sidesteps: bool
    numbers: frozenset[str] = frozenset()
    places: tuple[Place, ...] = ()
    role: str = ""


def read_question(text: str, words: Words) -> Asked:
    said = plain(text)
    found_in = (name.partition("_")[0] for name, form in words.forms.items() if form.search(said))
    form = next(found_in, "statement")
    names = _named(said, words)
    names -= {"pupil"} if "ex_pupil" in names else set()
    return Asked(
        said,
        form,  # type: ignore[arg-type]  # verdict.toml is checked against Form at load
        names,
        lacks=bool(words.lacks.search(said)),
        negated=bool(words.negated.search(said)),
        vague=bool(words.vague.search(said)),
        asks_cover=form == "fact" and bool(words.asks_cover.search(said)),
        timed=bool(words.timed.search(said)),
        asks_leave=bool(words.asks_leave.search(said)),
        sidesteps=bool(words.sidesteps.search(said)),
        numbers=_numbers(said),
        places=tuple(
            Place(found.link, found.words, _named(found.text, words))
            for found in complements(said, words.links)
        ),
    )


A_SENTENCE = 5  # words; "Year 6 only." is none


@dataclass(frozen=True)
class Rule:
    """What one sentence of a clause does, read with its lead-in and heading. ``names`` are the families
    of words in it or its lead-in, ``here`` those in the sentence itself."""

    forbids: bool
    unless: bool
    permits: bool
    requires: bool
    covers: bool
    happens: bool
    narrow: bool
    timed: bool
    exempts: bool
    double: bool
    limits: bool
    names: frozenset[str]
    here: frozenset[str]
    numbers: frozenset[str] = frozenset()
    subject: frozenset[str] = frozenset()
    asks: bool = False
    words: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()


def read_rule(policy: Policy, clause: Clause, sentence: int, words: Words) -> Rule:
    """Read one sentence (counted from 0). A bullet is read with its lead-in, both with the heading
    where the heading itself rules ("What you must not do")."""
    said = _ruling_cell(clause) if clause.is_row else _sentence(clause.text, sentence)
    own = plain(said)
    lead = None if clause.is_row else policy.lead_of(clause)
    above = plain(lead.text) if lead else " "
    heading = plain(" ".join(clause.headings[-2:])) if lead or clause.marker else " "
    says = _says(own, words)
    for name in ("forbid", "permit", "require"):
        if not any(says[n] for n in ("forbid", "permit")):
            says[name] = says[name] or _says(above, words)[name]
    if not (says["forbid"] or says["permit"]) and lead is not None:
        says["forbid"] = bool(words.clause["forbid"].search(heading))
    whole = own + above[1:]
    return Rule(
        says["forbid"],
        says["unless"] or bool(lead and _says(above, words)["unless"]),
        says["permit"],
        says["require"],
        says["cover"] or bool(words.clause["cover"].search(above)),
        says["happen"],
        bool(words.narrow.search(own)),
        bool(words.timed.search(own)),
        says["exempt"],
        says["forbid"] and bool(words.double.search(own)),
        bool(words.limits.search(_bare(own, words))),
        _named(whole, words),
        _named(own, words),
        _numbers(own),
        _subject(own, words),
        said.rstrip().endswith("?"),
        stems(whole.split()),
        frozenset(found.link for found in complements(own, words.links)),
    )


def _sentence(text: str, number: int) -> str:
    spans = sentences(text)
    start, end = spans[min(number, len(spans) - 1)] if spans else (0, 0)
    return text[start:end]


def _ruling_cell(clause: Clause) -> str:
    """The cell of a table row that is a sentence of its own. Where none is, the row rules nothing by
    itself: "Tablet | Nobody" says something only under the names of its columns."""
    longest = max(clause.text.split(BETWEEN_CELLS), key=len).strip()
    whole = longest.endswith(".") and len(longest.split()) >= A_SENTENCE
    return longest if whole else "?"


def _named(text: str, words: Words) -> frozenset[str]:
    return frozenset(name for name, found in words.families.items() if found.search(text))


def _numbers(said: str) -> frozenset[str]:
    """The numbers in a text as digits; "one" counts only before a unit ("one week")."""
    return frozenset(COUNTS.get(found, found) for found in NUMBER.findall(said))


def _bare(own: str, words: Words) -> str:
    """The sentence without set phrases that only look like limits."""
    return words.clause["exempt"].sub("", words.clause["ignore"].sub("", own))


def _subject(own: str, words: Words) -> frozenset[str]:
    """Whom the sentence is about, when it is not staff at large: the words before its verb."""
    verb = words.verbs.search(own)
    before = own[: verb.start() + 1] if verb else ""
    found = words.others.search(before)
    if not found or set(before[: found.start()].split()) - DETERMINERS:
        return frozenset()
    *_, last = group = found.group().split()
    after = before[found.end() :].split()
    return frozenset([after[0] if last == "who" and after else group[0]])


def _says(text: str, words: Words) -> dict[str, bool]:
    """Which kinds of word the text has. "Must not" is no "must", "may not" is no "may"."""
    text = words.clause["ignore"].sub("", text)
    exempt = bool(words.clause["exempt"].search(text))
    text = words.clause["exempt"].sub("", text)
    without_bans = words.clause["forbid"].sub("", text)
    said = {name: bool(found.search(without_bans)) for name, found in words.clause.items()}
    bans = {name: bool(words.clause[name].search(text)) for name in ("forbid", "unless")}
    return {**said, **bans, "exempt": exempt}


def phrases_of(data: Mapping[str, Sequence[str]]) -> Families:
    """words.toml as families of phrases, each tried once."""
    families = {name: tuple(phrases) for name, phrases in data.items()}
    for phrases in families.values():
        pattern(phrases, families)
    return families
