"""Whether a message may describe a live concern, and who should be told.

The bot never decides that something is fine: scores and words may only raise a message towards the
full gate, never lower it below what a rule says. Words and rules are data, conversations/gate.toml.

Words are matched as tokens through dictionaries, not with regular expressions: the time grows with
the length of the message and nothing else. A long message is read in overlapping stretches, so that
"knife" on page one and "now" on page nine make no sentence together.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal, get_args

from bot.core.people import Holder, School

Tier = Literal["full", "line", "plain"]
Route = Literal[
    "dsl",
    "emergency_999",
    "lado_via_head",
    "headteacher",
    "chair_of_governors",
    "senior_manager",
    "police_with_consent",
    "own_safety",
]
_TIERS: tuple[Tier, ...] = ("full", "line", "plain")  # the gravest first
ABOUT = ("", "pupil", "adult", "head", "dsl", "chair", "governor", "staff", "self")


@dataclass(frozen=True)
class Concern:
    """What the gate makes of a message. ``plain``: an ordinary question. ``line``: a policy answer
    under a danger line. ``full``: the gate's card before anything else.

    ``about`` is whom it is about as far as the words say: pupil, adult, head, dsl, chair, governor,
    staff (a member of staff is the target), self (the writer), or empty when not known.
    ``imagery`` when a picture of a child may exist: do not open, copy, send or delete it.
    """

    tier: Tier = "plain"
    route: Route | None = None
    about: str = ""
    imagery: bool = False


class GateMistake(Exception):
    """conversations/gate.toml says something that cannot be used."""


# --- the data, read once -------------------------------------------------------------------------

GAP = ".."  # in a phrase: up to four words of the same sentence
NUMBER = "<n>"  # in a phrase: a number of one or two digits
START = "<start>"  # in a phrase: the beginning of a sentence; takes no word itself
ENDINGS = {"<ing>": "ing", "<ed>": "ed"}  # in a phrase: any longer word that ends so
_GAP_WORDS = 4
_STOP = "."  # the token for the end of a sentence
_STRETCH = 45  # words; two neighbouring stretches are read together


@dataclass(frozen=True)
class Phrase:
    """Elements to be met one after the other: a set of words, a family's name, a number, a gap."""

    parts: tuple[frozenset[str] | str, ...]
    words: tuple[
        frozenset[str], ...
    ]  # the word sets alone: all must occur for a match to be possible


@dataclass(frozen=True)
class Family:
    name: str
    bit: int
    words: frozenset[str]
    phrases: tuple[Phrase, ...]
    not_in: str = ""  # a family above: what begins inside one of its spans is not counted


@dataclass(frozen=True)
class Rule:
    """``every``: of each mask at least one family occurs; ``none``: no family of it does.

    ``vague`` rules know that something is wrong, not what: the classifier may name their route.
    """

    id: str
    every: tuple[int, ...]
    none: int
    tier: Tier = "plain"
    route: Route | None = None
    about: str = ""
    vague: bool = False

    def fits(self, seen: int) -> bool:
        return not seen & self.none and all(seen & mask for mask in self.every)


@dataclass(frozen=True)
class Tell:
    """Roles to tell, first one first, and roles whose holders are never told."""

    roles: tuple[str, ...]
    never: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gate:
    """conversations/gate.toml, checked. ``Gate.of`` builds one from the parsed file."""

    families: tuple[Family, ...]
    rules: tuple[Rule, ...]
    imagery: tuple[Rule, ...]
    lean_told: float
    lean_asked: float
    lean_question: int
    lean_about: Mapping[str, str]
    lean_line: float
    lean_emergency: float
    lean_vague: float
    tell: Mapping[str, Tell]
    never_about: Mapping[str, tuple[str, ...]]
    first_call: tuple[str, ...]
    vocabulary: frozenset[str] = frozenset()
    same: Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = field(
        default_factory=dict
    )
    symbols: Mapping[str, str] = field(default_factory=dict)
    lookalikes: Mapping[int, str] = field(default_factory=dict)
    nearly: Mapping[str, str] = field(default_factory=dict)
    no_typos: frozenset[str] = frozenset()

    @staticmethod
    def of(data: Mapping[str, Any]) -> "Gate":
        """The gate of a parsed gate.toml, or a GateMistake that names the place and says what is wrong."""
        try:
            return _built(data)
        except KeyError as missing:
            raise GateMistake(f"gate.toml: {missing.args[0]!r} is missing") from missing


def _built(data: Mapping[str, Any]) -> Gate:
    families = _families(_table(data, "families"))
    bits = {family.name: family.bit for family in families}
    rules = tuple(_rule(row, bits) for row in _rows(data, "rules"))
    _no_twins(rules)
    lean = _table(data, "lean")
    folding = _table(data, "folding")
    vocabulary = frozenset(
        word
        for family in families
        for words in (family.words, *(s for p in family.phrases for s in p.words))
        for word in words
    )
    return Gate(
        families=families,
        rules=rules,
        imagery=tuple(
            _rule({"tier": "plain", **row}, bits, "imagery") for row in _rows(data, "imagery")
        ),
        lean_told=_share("lean", lean, "told"),
        lean_asked=_share("lean", lean, "asked"),
        lean_question=_mask("[lean]", " ".join(lean["question"]), bits),
        lean_about=_lean_about(lean),
        lean_line=_share("lean", lean, "line"),
        lean_emergency=_share("lean", lean, "emergency"),
        lean_vague=_share("lean", lean, "vague"),
        tell=_tell(_table(data, "tell")),
        never_about={
            about: tuple(row["never"])
            for about, row in _table(data, "about").items()
            if _about(about)
        },
        first_call=tuple(_table(data, "first_call")["roles"]),
        vocabulary=vocabulary,
        same=_same(folding["same"]),
        symbols=folding["symbols"],
        lookalikes={ord(char): to for char, to in folding["lookalikes"].items()},
        nearly=_nearly(vocabulary, folding["typo_length"]),
        no_typos=frozenset(folding["not_typos"].split()),
    )


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name)
    if not isinstance(found, Mapping):
        raise GateMistake(f"gate.toml: the table [{name}] is missing")
    return found


def _rows(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = data.get(name)
    if not isinstance(found, list) or not found:
        raise GateMistake(f"gate.toml: there is no [[{name}]]")
    return found


def _share(where: str, data: Mapping[str, Any], name: str) -> float:
    value = data.get(name)
    if not isinstance(value, int | float) or not 0 < value <= 1:
        raise GateMistake(f"gate.toml, [{where}]: {name} is no number above 0 and up to 1")
    return float(value)


def _about(about: str) -> str:
    if about not in ABOUT:
        raise GateMistake(f"gate.toml: about {about!r} is not one of {', '.join(ABOUT[1:])}")
    return about


def _lean_about(lean: Mapping[str, Any]) -> Mapping[str, str]:
    found: Mapping[str, str] = lean["about"]
    for route, about in found.items():
        if route not in get_args(Route):
            raise GateMistake(f"gate.toml, [lean.about]: {route!r} is no route")
        _about(about)
    if missing := set(get_args(Route)) - set(found):
        raise GateMistake(f"gate.toml, [lean.about]: says nothing of {', '.join(sorted(missing))}")
    return found


def _tell(tables: Mapping[str, Any]) -> Mapping[str, Tell]:
    for route in get_args(Route):
        if route not in tables:
            raise GateMistake(
                f"gate.toml: nobody is named to tell for {route}, write [tell.{route}]"
            )
    if unknown := set(tables) - set(get_args(Route)):
        raise GateMistake(f"gate.toml, [tell.{min(unknown)}]: there is no such route")
    return {r: Tell(tuple(t["roles"]), tuple(t.get("never", ()))) for r, t in tables.items()}


def _families(tables: Mapping[str, Any]) -> tuple[Family, ...]:
    known: list[Family] = []
    for number, (name, table) in enumerate(tables.items()):
        names = {family.name for family in known}
        lines = [line for line in table.get("phrases", "").splitlines() if line.strip()]
        words = [form for word in table.get("words", "").split() for form in _forms(word)]
        if not lines and not words:
            raise GateMistake(f"gate.toml, [families.{name}]: has neither words nor phrases")
        for word in words:
            _check_word(name, word)
        phrases = tuple(_phrase(name, line, names) for line in lines)
        if (not_in := table.get("not_in", "")) and not_in not in names:
            raise GateMistake(f"gate.toml, [families.{name}]: not_in {not_in!r} is not above it")
        known.append(Family(name, 1 << number, frozenset(words), phrases, not_in))
    return tuple(known)


def _phrase(family: str, line: str, known: set[str]) -> Phrase:
    parts = tuple(_part(family, part, line, known) for part in line.split())
    if GAP in (parts[0], parts[-1]):
        raise GateMistake(f"gate.toml, [families.{family}]: {line!r} begins or ends with a gap")
    return Phrase(parts, tuple(part for part in parts if isinstance(part, frozenset)))


def _part(family: str, part: str, line: str, known: set[str]) -> frozenset[str] | str:
    if part in (GAP, NUMBER, START, *ENDINGS):
        return part
    if part.startswith("{") and part.endswith("}"):
        if part[1:-1] not in known:
            raise GateMistake(
                f"gate.toml, [families.{family}]: {line!r} names {part}, which is not described above it"
            )
        return part[1:-1]
    forms = [form for word in part.split("/") for form in _forms(word)]
    for form in forms:
        _check_word(family, form)
    return frozenset(forms)


def _check_word(family: str, word: str) -> None:
    if not re.fullmatch(r"[a-z]+|\d+|\?", word):
        raise GateMistake(
            f"gate.toml, [families.{family}]: {word!r} can never be met; write small letters only, "
            "no apostrophe or hyphen, and a longer phrase under phrases"
        )


def _forms(word: str) -> Iterator[str]:
    """``grab~`` stands for grab, grabs, grabbed, grabbing; forms that are no English do no harm."""
    stem = word.removesuffix("~")
    yield stem
    if stem == word:
        return
    yield stem + "s"
    short = stem.removesuffix("e")
    if stem.endswith("y"):
        yield from (stem[:-1] + "ies", stem[:-1] + "ied")
    elif stem.endswith(("s", "x", "ch", "sh")):
        yield stem + "es"
    elif short == stem and stem[-1] not in "aeiouwy":
        yield from (stem + stem[-1] + "ed", stem + stem[-1] + "ing")
    yield from (short + "ed", short + "ing", short + "in")


_RULE_KEYS = {"id", "all", "none", "tier", "route", "about", "vague", "why"}


def _rule(row: Mapping[str, Any], bits: Mapping[str, int], kind: str = "rules") -> Rule:
    name = row.get("id") or "without id"
    where = f"[[{kind}]] {name}"
    tier, route = row.get("tier"), row.get("route")
    if unknown := set(row) - _RULE_KEYS:
        raise GateMistake(f"gate.toml, {where}: {min(unknown)!r} means nothing here")
    if tier not in _TIERS:
        raise GateMistake(f"gate.toml, {where}: tier {tier!r} is not full, line or plain")
    if (tier == "full") != (route in get_args(Route)):
        raise GateMistake(f"gate.toml, {where}: route {route!r} does not go with tier {tier!r}")
    if not row.get("why") or "id" not in row:
        raise GateMistake(f"gate.toml, {where}: needs an id and a why")
    if not row.get("all"):
        raise GateMistake(f"gate.toml, {where}: needs at least one family in all")
    return Rule(
        id=name,
        every=tuple(_mask(where, names, bits) for names in row["all"]),
        none=_mask(where, " ".join(row["none"]), bits) if row.get("none") else 0,
        tier=_TIERS[_TIERS.index(tier)],
        route=route,
        about=_about(row.get("about", "")),
        vague=row.get("vague", False),
    )


def _mask(where: str, names: str, bits: Mapping[str, int]) -> int:
    mask = 0
    for name in names.split():
        if name not in bits:
            raise GateMistake(f"gate.toml, {where}: there is no family {name!r}")
        mask |= bits[name]
    return mask


def _no_twins(rules: Iterable[Rule]) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise GateMistake(f"gate.toml, [[rules]] {rule.id}: is there twice")
        seen.add(rule.id)


def _same(
    table: Mapping[str, str],
) -> Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]:
    found = defaultdict(list)
    for words, meant in table.items():
        spoken = tuple(words.split())
        found[spoken[0]].append((spoken, tuple(meant.split())))
    return {
        first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in found.items()
    }


def _nearly(vocabulary: Iterable[str], shortest: int) -> Mapping[str, str]:
    """Each long word with one letter left out or two neighbours swapped: what a slip makes of it."""
    long = [word for word in sorted(vocabulary) if len(word) >= shortest]
    return {slip: word for word in long for slip in (*_one_less(word), *_swapped(word))}


def _one_less(word: str) -> set[str]:
    return {
        word[:i] + word[i + 1 :] for i in range(1, len(word))
    }  # the first letter is seldom wrong


def _swapped(word: str) -> set[str]:
    return {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 1)}


# --- a message, as words -------------------------------------------------------------------------

_APOSTROPHES = re.compile("['’‘`´ʼ]")
_TOKEN = re.compile(r"[a-z]+|[0-9]+|\?|[.!;\n]+")
_RUN = re.compile(r"(.)\1{2,}")


def words_of(gate: Gate, text: str) -> list[str]:
    """The message as tokens: folded, apostrophes gone, digits apart, typing slips mended."""
    tokens = _TOKEN.findall(_folded(gate, text))
    meant = {token: _meant(gate, token) for token in set(tokens)}
    return list(_unified(gate, [meant[token] for token in tokens]))


def _folded(gate: Gate, text: str) -> str:
    for symbol, word in gate.symbols.items():
        text = text.replace(symbol, f" {word} ")
    text = _APOSTROPHES.sub("", text)
    if text.isascii():
        return text.lower()
    wide = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).casefold()
    plain = "".join(char for char in wide if unicodedata.category(char) not in ("Cf", "Mn"))
    return _APOSTROPHES.sub("", plain.translate(dict(gate.lookalikes)))


def _meant(gate: Gate, token: str) -> str:
    if not token.isalnum():
        return "?" if token == "?" else _STOP
    if token in gate.vocabulary or token[0].isdigit():
        return token
    for shorter in (r"\1\1", r"\1"):
        squeezed = _RUN.sub(shorter, token)
        if squeezed in gate.vocabulary:
            return squeezed
    return _mended(gate, _RUN.sub(r"\1", token))


def _mended(gate: Gate, token: str) -> str:
    """The known word one letter short, one letter long, or with two neighbours swapped; else itself."""
    if len(token) < 5 or len(token) > 15 or token in gate.no_typos:
        return token
    if token in gate.nearly:
        return gate.nearly[token]
    longer = (token[:at] + token[at + 1 :] for at in range(len(token) - 1, 0, -1))
    return next((word for word in longer if len(word) > 5 and word in gate.vocabulary), token)


def _unified(gate: Gate, tokens: list[str]) -> Iterator[str]:
    at = 0
    while at < len(tokens):
        for spoken, meant in gate.same.get(tokens[at], ()):
            if tuple(tokens[at : at + len(spoken)]) == spoken:
                yield from meant
                at += len(spoken)
                break
        else:
            yield tokens[at]
            at += 1


# --- families in a message -----------------------------------------------------------------------


def families_in(gate: Gate, text: str) -> list[frozenset[str]]:
    """The families met in each stretch of the message: for tests, and for whoever edits the data."""
    return [
        frozenset(family.name for family in gate.families if mask & family.bit)
        for mask in sorted(_stretches(gate, words_of(gate, text)))
    ]


def _stretches(gate: Gate, tokens: list[str]) -> set[int]:
    """One mask of families for every two neighbouring stretches; alike ones once."""
    masks = [0] * (len(tokens) // _STRETCH + 1)
    for family, spans in _spans(gate, tokens):
        for start in spans:
            masks[start // _STRETCH] |= family.bit
    if len(masks) == 1:
        return {masks[0]}
    return {first | second for first, second in pairwise(masks)}


def _spans(gate: Gate, tokens: list[str]) -> Iterator[tuple[Family, Mapping[int, int]]]:
    """Where each family occurs: start -> end of the longest match. In the order of the file."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, token in enumerate(tokens):
        places[token].append(at)
    said = frozenset(places)
    found: dict[str, dict[int, int]] = {}
    for family in gate.families:
        spans = {at: at + 1 for word in family.words & said for at in places[word]}
        for phrase in family.phrases:
            if not any(words.isdisjoint(said) for words in phrase.words):
                for start in _starts(phrase.parts[0], places, found):
                    end = _match(phrase.parts, 0, tokens, start, found)
                    if end > spans.get(start, 0):
                        spans[start] = end
        if family.not_in:
            taken = {at for start, end in found[family.not_in].items() for at in range(start, end)}
            spans = {start: end for start, end in spans.items() if start not in taken}
        found[family.name] = spans
        if spans:
            yield family, spans


def _starts(
    part: frozenset[str] | str, places: Mapping[str, list[int]], found: Mapping[str, dict[int, int]]
) -> Iterable[int]:
    if isinstance(part, frozenset):
        return [at for word in part & places.keys() for at in places[word]]
    if part == NUMBER or part in ENDINGS:
        return [at for token, spots in places.items() if _is(part, token) for at in spots]
    if part == START:
        return [0, *(at + 1 for stop in (_STOP, "?") for at in places.get(stop, ()))]
    return found[part]


def _match(
    parts: tuple[frozenset[str] | str, ...],
    done: int,
    tokens: list[str],
    at: int,
    found: Mapping[str, dict[int, int]],
) -> int:
    """Where the phrase ends when it goes on here, or 0. Gaps are short and no sentence is crossed."""
    if done == len(parts):
        return at
    part = parts[done]
    if part == GAP:
        for skip in range(_GAP_WORDS + 1):
            if end := _match(parts, done + 1, tokens, at + skip, found):
                return end
            if at + skip >= len(tokens) or tokens[at + skip] == _STOP:
                return 0
        return 0
    if at >= len(tokens):
        return 0
    after = _after(part, tokens, at, found)
    return _match(parts, done + 1, tokens, after, found) if after or part == START else 0


def _after(
    part: frozenset[str] | str, tokens: list[str], at: int, found: Mapping[str, dict[int, int]]
) -> int:
    if isinstance(part, frozenset):
        return at + 1 if tokens[at] in part else 0
    if part == NUMBER or part in ENDINGS:
        return at + 1 if _is(part, tokens[at]) else 0
    if part == START:
        return at
    return found[part].get(at, 0)


def _is(part: str, token: str) -> bool:
    if part == NUMBER:
        return len(token) < 3 and token.isdigit()
    return len(token) > 4 and token.endswith(ENDINGS[part])


# --- the reading ---------------------------------------------------------------------------------


def read(gate: Gate, text: str, lean: Mapping[str, float]) -> Concern:
    """What the message may be. ``lean``: probabilities of the small classifier, empty without weights."""
    seen = _stretches(gate, words_of(gate, text))
    rule = _first_rule(gate, seen)
    concern = Concern(rule.tier, rule.route, rule.about) if rule else Concern()
    concern = _raised(gate, concern, bool(rule and rule.vague), seen, lean)
    pictures = any(sign.fits(mask) for sign in gate.imagery for mask in seen)
    if concern.tier == "full" and pictures:
        return Concern(concern.tier, concern.route, concern.about, imagery=True)
    return concern


def deciding_rule(gate: Gate, text: str) -> str:
    """The id of the rule that decides, or empty: for whoever edits the data."""
    rule = _first_rule(gate, _stretches(gate, words_of(gate, text)))
    return rule.id if rule else ""


def asks_about_reports(gate: Gate, text: str) -> bool:
    """Whether somebody wants to know if a person has been reported. All get one constant answer."""
    return any("earlier" in families for families in families_in(gate, text))


def _first_rule(gate: Gate, seen: set[int]) -> Rule | None:
    """The first full rule of the file that fits any stretch; failing that the first line rule."""
    fitting = [rule for rule in gate.rules if any(rule.fits(mask) for mask in seen)]
    return min(fitting, key=lambda rule: _TIERS.index(rule.tier), default=None)


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
        if vague and live[top] >= gate.lean_vague:
            return Concern("full", top, gate.lean_about[top])
        return concern
    asked = all(mask & gate.lean_question for mask in seen)
    if sum(live.values()) >= (gate.lean_asked if asked else gate.lean_told):
        return Concern("full", top, gate.lean_about[top])
    if concern.tier == "plain" and lean.get("pupil_contact", 0.0) >= gate.lean_line:
        return Concern("line")
    return concern


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
    out = {holder.person for role in never for holder in school.holders.get(role, ())}
    told: dict[str, Holder] = {}
    for role in roles:
        for holder in school.holders.get(role, ()):
            if holder.person not in out:
                told.setdefault(holder.person, holder)
    return tuple(told.values())
