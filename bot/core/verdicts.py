"""From the words of a question and of one clause to a verdict, or to none.

A wrong "Yes" is the worst error an answer can make. Yes needs a permitting, including or duty word in
the quoted sentence, no unmet condition, and everybody and everything the question names met in it.
No and Must need the clause's own words. Anything else gets no verdict line.
"""

from typing import Literal

from bot.core.reading import Asked, Rule

Verdict = Literal["yes", "no", "depends", "must", "info", "unanswerable", "route"]

# Whom a rule may be about, and which words of a question must be met by the clause before a Yes.
WHO = ("ex_pupil", "pupil", "parent", "colleague", "governor")
KINDS = (
    ("own_device", "school_equipment"),
    ("own_account", "school_account"),
    ("break_time", "lesson_time"),
    ("under_18", "adult"),
)
# A ban on school computers, or during lessons, is no ban elsewhere or at other times.
LIMITING = (("own_device", "school_equipment"), ("break_time", "lesson_time", "at_work"))
AUDIENCE = ("volunteer", "contractor", "agency", "governor", "pta")


def verdict(asked: Asked, rule: Rule) -> Verdict | None:
    """The verdict the sentence supports for this question; None when it supports none."""
    yes_or_no = asked.form not in ("act", "who", "when", "what")
    if yes_or_no and (rule.asks or not _names_subject(asked, rule)):
        return None  # a sentence that asks rules nothing
    match asked.form:
        case "act":
            return "must" if rule.requires or rule.forbids else "info"
        case "who" | "when" | "what":
            return "info"
        case "duty" | "advice":
            return _duty(asked, rule)
        case "fact":
            return _fact(asked, rule)
        case _:
            return _permission(asked, rule)


def _names_subject(asked: Asked, rule: Rule) -> bool:
    """Whether the question names whom the sentence is about, where that is not staff at large."""
    known = (asked.said, *(f" {name}" for name in (*asked.names, asked.role)))
    return all(any(f" {word[:5]}" in text for text in known) for word in rule.subject)


def _duty(asked: Asked, rule: Rule) -> Verdict | None:
    if rule.double:
        return "must"
    if rule.exempts:
        return None if rule.requires else "no"
    if rule.forbids:
        return "must" if rule.requires else "no"
    if rule.requires:
        sure = _met(asked, rule) and not (asked.lacks or rule.limits)
        return "yes" if sure else "must"
    return None


def _fact(asked: Asked, rule: Rule) -> Verdict | None:
    if asked.negated:
        return None
    if rule.forbids and not (rule.covers or rule.happens):
        return "no" if asked.asks_leave else None
    audience = asked.names & set(AUDIENCE)
    if audience - rule.names:
        return "depends"
    covers = rule.covers and (asked.asks_cover or bool(audience))
    if not (covers or rule.happens or (rule.permits and asked.asks_leave)):
        return None
    if rule.unless or rule.narrow:
        return "depends"
    return "yes" if _met(asked, rule) and not rule.limits and not rule.exempts else None


def _permission(asked: Asked, rule: Rule) -> Verdict | None:
    if rule.double:
        return None
    if rule.forbids:
        return _forbidden(asked, rule)
    if asked.negated:
        return None
    if rule.permits:
        if _for_others(asked, rule):
            return None
        if rule.unless or rule.narrow or rule.limits or (rule.timed and not asked.timed):
            return "no" if asked.lacks else "depends"
        if not _met(asked, rule):
            return None
        return "depends" if asked.lacks else "yes"
    if rule.unless:
        return "no" if asked.lacks else "depends"
    if rule.requires:
        return "no" if asked.sidesteps or asked.lacks else "must"
    return None


def _forbidden(asked: Asked, rule: Rule) -> Verdict | None:
    who_asked, who_ruled = asked.names & set(WHO), rule.names & set(WHO)
    if who_ruled and who_asked and not who_asked & who_ruled:
        return None
    if who_ruled and not who_asked and asked.vague:
        return "depends"
    if any(clash(asked.names & set(kind), rule.here & set(kind)) for kind in LIMITING):
        return None
    if _other_numbers(asked, rule):
        return None
    if rule.narrow:
        return "no" if asked.names & {"pupil", "under_18"} else "depends"
    if rule.permits or _narrower(asked, rule) or (rule.unless and not asked.lacks):
        return "depends"
    return "no"


def _for_others(asked: Asked, rule: Rule) -> bool:
    """The sentence is about colleagues and the question about pupils, say."""
    return clash(asked.names & frozenset(WHO), rule.names & frozenset(WHO))


def _narrower(asked: Asked, rule: Rule) -> bool:
    """The ban holds only on some equipment or at some time, and the question names none."""
    return any(rule.here & set(kind) and not asked.names & set(kind) for kind in LIMITING)


def _met(asked: Asked, rule: Rule) -> bool:
    """Whether everybody the question names is named by the sentence too, and nothing else of a kind
    is (a rule about school cameras meets no question about my own phone)."""
    if (asked.names & {*WHO, *AUDIENCE, "approval"}) - rule.names:
        return False
    return not (other_kind(asked, rule) or _other_numbers(asked, rule) or _elsewhere(asked, rule))


def _elsewhere(asked: Asked, rule: Rule) -> bool:
    """The question says "in the library", and the sentence says "in" of other things only."""
    names = rule.names - {"staff"}  # cleaners and teachers are staff, and not one another
    return any(
        place.link in rule.links and not place.words & rule.words and not place.names & names
        for place in asked.places
    )


def _other_numbers(asked: Asked, rule: Rule) -> bool:
    """The question has numbers, and not the sentence's. Ages are a kind of their own."""
    return bool(asked.numbers - rule.numbers) and not asked.names & {"under_18", "adult"}


def other_kind(asked: Asked, rule: Rule) -> bool:
    """The question names one of a kind (18 or over) and the sentence only another (under 18)."""
    return any(clash(asked.names & set(kind), rule.names & set(kind)) for kind in KINDS)


def clash(asked: frozenset[str], ruled: frozenset[str]) -> bool:
    """Both name one of a kind, and not the same one."""
    return bool(asked and ruled and not asked & ruled)
