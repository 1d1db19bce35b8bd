"""Whether a message may describe a live concern, and who should be told.

The bot never decides that something is fine: scores and words may only raise a message towards the
full gate, never lower it below what a rule says. Words and rules are data, conversations/gate.toml.

gate_rules.py says what families and rules are, gate_data.py reads the file, gate_words.py reads the
message. Here a Concern is made of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from bot.core.gate_data import Gate
from bot.core.gate_rules import ABOUT, TIERS, GateMistake, Route, Rule, Tier
from bot.core.gate_words import families_in, stretches, words_of
from bot.core.people import Holder, School

__all__ = [
    "ABOUT",
    "Concern",
    "Gate",
    "GateMistake",
    "Route",
    "Tier",
    "asks_about_reports",
    "deciding_rule",
    "families_in",
    "first_call",
    "read",
    "who_to_tell",
    "words_of",
]


@dataclass(frozen=True)
class Concern:
    """What the gate makes of a message. ``plain``: an ordinary question. ``line``: a policy answer
    under a danger line. ``full``: the gate's card before anything else.

    ``about`` is whom it is about as far as the words say: pupil, adult, head, dsl, chair, governor,
    staff (a member of staff is the target; staff_online: where others can see it), self (the
    writer), or empty when not known.
    ``imagery`` when a picture of a child may exist: do not open, copy, send or delete it.
    ``named`` are the ids of staff whom the words name: never among those to tell.
    """

    tier: Tier = "plain"
    route: Route | None = None
    about: str = ""
    imagery: bool = False
    named: tuple[str, ...] = ()


# --- the reading ---------------------------------------------------------------------------------


def read(gate: Gate, text: str, lean: Mapping[str, float]) -> Concern:
    """What the message may be. ``lean``: probabilities of the small classifier, empty without weights."""
    seen = stretches(gate, text)
    rule = _first_rule(gate, seen)
    concern = Concern(rule.tier, rule.route, rule.about) if rule else Concern()
    concern = _raised(gate, concern, bool(rule and rule.vague), seen, lean)
    pictures = any(sign.fits(mask) for sign in gate.imagery for mask in seen)
    if concern.tier == "full" and pictures:
        return Concern(concern.tier, concern.route, concern.about, imagery=True)
    return concern


def deciding_rule(gate: Gate, text: str) -> str:
    """The id of the rule that decides, or empty: for whoever edits the data."""
    rule = _first_rule(gate, stretches(gate, text))
    return rule.id if rule else ""


def asks_about_reports(gate: Gate, text: str) -> bool:
    """Whether somebody wants to know if a person has been reported. All get one constant answer."""
    return any(mask & gate.earlier for mask in stretches(gate, text))


def _first_rule(gate: Gate, seen: set[int]) -> Rule | None:
    """The first full rule of the file that fits any stretch; failing that the first line rule."""
    anywhere = 0
    for mask in seen:
        anywhere |= mask
    places = {place for bit in _bits(anywhere) for place in gate.rules_of.get(bit, ())}
    possible = [gate.rules[place] for place in sorted(places)]
    fitting = [rule for rule in possible if any(rule.fits(mask) for mask in seen)]
    return min(fitting, key=lambda rule: TIERS.index(rule.tier), default=None)


def _bits(mask: int) -> Iterator[int]:
    while mask:
        yield mask & -mask
        mask &= mask - 1


def _raised(
    gate: Gate, concern: Concern, vague: bool, seen: set[int], lean: Mapping[str, float]
) -> Concern:
    """The classifier's part. It raises a tier, names the route a vague rule left open, or raises to
    999; it never lowers a tier and never changes a route that a rule knew."""
    live = {name: lean.get(name, 0.0) for name in get_args(Route)}
    top: Route = max(get_args(Route), key=lambda name: live[name])
    if concern.tier == "full":
        if live["emergency_999"] >= gate.lean_emergency:
            return Concern("full", "emergency_999", concern.about)
        if vague and live[top] and live[top] >= gate.lean_vague * sum(live.values()):
            return _named(gate, top, seen)
        return concern
    if sum(live.values()) >= _enough(gate, concern, seen):
        return _named(gate, top, seen)
    if concern.tier == "plain" and lean.get("pupil_contact", 0.0) >= gate.lean_line:
        return Concern("line")
    return concern


def _enough(gate: Gate, concern: Concern, seen: set[int]) -> float:
    """How sure the classifier must be: surer of what is asked, less sure where the rules saw a little."""
    asked = all(mask & gate.lean_question for mask in seen)
    if asked:
        return gate.lean_asked
    return gate.lean_told_line if concern.tier == "line" else gate.lean_told


def _named(gate: Gate, route: Route, seen: set[int]) -> Concern:
    """The route the classifier names, unless somebody is mentioned who must not hear of themselves."""
    for subject in gate.lean_subjects:
        if route in subject.instead_of and any(mask & subject.family for mask in seen):
            return Concern("full", subject.route, subject.about)
    return Concern("full", route, gate.lean_about[route])


# --- who is told ---------------------------------------------------------------------------------


def who_to_tell(gate: Gate, concern: Concern, school: School) -> tuple[Holder, ...]:
    """The people to tell, first one first. Whoever holds a role that must not know is left out in
    every other role too: a head who is also the safeguarding lead is not told about the head."""
    if concern.route is None:
        return ()
    tell = gate.tell[concern.route]
    return _without(school, tell.roles, (*tell.never, *gate.never_about.get(concern.about, ())))


def first_call(gate: Gate, concern: Concern, school: School) -> Holder | None:
    """Whom to ring after 999 when a child is in danger now; never somebody it is about."""
    never = gate.tell[concern.route].never if concern.route else ()
    about = gate.never_about.get(concern.about, ())
    return next(iter(_without(school, gate.first_call, (*never, *about))), None)


def _without(school: School, roles: Iterable[str], never: Iterable[str]) -> tuple[Holder, ...]:
    out = {_who(holder) for role in never for holder in school.holders.get(role, ())}
    told: dict[tuple[str, ...], Holder] = {}
    for role in roles:
        for holder in school.holders.get(role, ()):
            if _who(holder) not in out:
                told.setdefault(_who(holder), holder)
    return tuple(told.values())


def _who(holder: Holder) -> tuple[str, ...]:
    """One person: by id; without an id by name, so that a head who is also the lead is one; without
    a name by role and title."""
    if holder.person:
        return ("id", holder.person)
    name = " ".join(holder.name.casefold().split())
    return ("name", name) if name else ("role", holder.role, holder.title)
