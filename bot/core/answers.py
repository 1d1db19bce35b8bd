"""From a question to an answer made of ids: which clauses, which verdict, whom to ask next.

The order: facts of record, a decision guide where the question leaves open what decides it, clauses,
"the policy does not settle this". The live-concern gate and the commands come before, in decide.py.
Extractive throughout: an answer names clauses, it never writes one. Pure: what search found comes in
through ``find``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bot.core import facts, guides, verdicts
from bot.core.found import Found, Hit
from bot.core.guides import Guide, Leaf
from bot.core.people import School
from bot.core.phrases import plain
from bot.core.policies import Clause, Fault, Policy, clause_faults, faults, sentences
from bot.core.verdicts import Asked, Rule, Verdict, Words

Kind = Literal["settled", "ask_back", "closest", "alternatives", "not_settled", "record", "holder"]
Find = Callable[[str, Sequence[str]], Found]


@dataclass(frozen=True)
class Limits:
    """The numbers of conversations/asking.toml that the answer needs, with their reasons there."""

    settled: float
    sure: float
    close: float
    yes: float
    yes_fact: float


@dataclass(frozen=True)
class Book:
    """Everything an answer is worked out from that does not change between questions."""

    policies: Mapping[str, Policy]
    schools: Mapping[str, School]
    guides: tuple[Guide, ...]
    records: facts.Records
    words: Words
    limits: Limits


@dataclass(frozen=True)
class Cite:
    """One clause an answer shows, at the sentence that decides.

    ``mark``: answer; other (of another policy); a, b (alternatives); nearest (not the answer); to have to hand: also, may, near.
    """

    policy: str
    clause: str
    sentence: int = 0
    mark: str = "answer"


@dataclass(frozen=True)
class Answer:
    """What the card is made of. ``ranked`` is every clause found, best first, at most ten.

    ``verdict`` is None where no verdict line is supported. ``asks`` is the guide and slot asked back.
    ``unnamed`` is an audience (governor, volunteer, ...) that the policy never names. ``turn_to`` is
    the role to ask or tell next, named by the clause or by the school.
    """

    kind: Kind
    verdict: Verdict | None = None
    cites: tuple[Cite, ...] = ()
    ranked: tuple[tuple[str, str], ...] = ()
    guide: str = ""
    slot: str = ""
    filled: Mapping[str, str] | None = None
    unsure: bool = False
    stricter: str = ""
    unnamed: str = ""
    turn_to: str = ""
    record: str = ""
    role: str = ""
    silent: tuple[str, ...] = ()
    faults: tuple[tuple[str, Fault], ...] = ()

    @property
    def answered(self) -> bool:
        return self.kind != "not_settled"


@dataclass(frozen=True)
class Ask:
    """One question as the answer sees it. ``policies`` are the ids in force for the asker.

    ``filled`` are guide options already chosen by pressing, for the guide ``guide``.
    """

    text: str
    policies: tuple[str, ...]
    today: date
    role: str = "staff"
    guide: str = ""
    filled: Mapping[str, str] | None = None


def answer(ask: Ask, book: Book, find: Find) -> Answer:
    """The answer to one question. The same call for chat, terminal and command line."""
    ask = ask if ask.text else replace(ask, text=_leaf_words(ask, book))
    said = plain(ask.text)
    record = None if ask.guide else facts.asked_of(book.records, said)
    if record and (known := _of_record(record, ask, book)):
        return _with_faults(known, ask, book)
    found = find(ask.text, ask.policies)
    asked = verdicts.read_question(ask.text, book.words)
    guided = _guided(ask, asked, said, found, book, find)
    return _with_faults(guided or _from_clauses(ask, asked, found, book), ask, book)


def _leaf_words(ask: Ask, book: Book) -> str:
    """The guide's own words, where the asker's were not kept (they came past the gate)."""
    guide = next(g for g in book.guides if g.id == ask.guide)
    return guides.reachable(guide, ask.filled or {})[0].ask


# Facts of record ---------------------------------------------------------------------------------


def _of_record(record: facts.Asked, ask: Ask, book: Book) -> Answer | None:
    if record.kind == "holder":
        return _holder(record.role, ask, book)
    if record.kind == "overdue_ones":
        return _overdue_ones(ask, book)
    known = [(p, facts.policy_fact(book.policies[p], record.kind)) for p in ask.policies]
    told = [fact for _, fact in known if fact]
    if not told:
        return Answer("not_settled", "unanswerable", record=record.kind, turn_to="policy_owner")
    cites = tuple(Cite(fact.policy, fact.clause) for fact in told if fact.clause)
    verdict: Verdict = "info"
    if record.kind == "current" and any(faults(book.policies[p], ask.today) for p in ask.policies):
        verdict = "no"
    silent = tuple(policy for policy, fact in known if fact is None)
    return Answer("record", verdict, cites, _pairs(cites), record=record.kind, silent=silent)


def _holder(role: str, ask: Ask, book: Book) -> Answer | None:
    if not role:
        return None
    if facts.holders(_schools(ask, book), role):
        return Answer("holder", "info", role=role, record="holder")
    return Answer("not_settled", "unanswerable", record="holder", role=role)


def _overdue_ones(ask: Ask, book: Book) -> Answer | None:
    late = [p for p in ask.policies if faults(book.policies[p], ask.today)]
    cites = []
    for policy in late:
        said = book.policies[policy].said
        clause = next(
            (said[f] for f in ("review_due", "replaced_on", "replaced_by") if f in said), ""
        )
        cites += [Cite(policy, clause)] if clause else []
    kind: Kind = "record" if late else "not_settled"
    return (
        Answer(kind, "info", tuple(cites), _pairs(cites), record="overdue_ones") if late else None
    )


def _schools(ask: Ask, book: Book) -> list[School]:
    ids = dict.fromkeys(book.policies[p].school for p in ask.policies)
    return [book.schools[i] for i in ids if i in book.schools]


# Guides ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Outcome:
    """What one leaf gives in the asker's policies: the best clause that speaks of it, and a verdict."""

    leaf: Leaf
    hit: Hit
    verdict: Verdict | None


def _guided(
    ask: Ask, asked: Asked, said: str, found: Found, book: Book, find: Find
) -> Answer | None:
    guide = _guide_for(ask, said, book)
    if guide is None or (asked.form in ("when", "what") and not ask.guide):
        return None
    filled = (
        dict(ask.filled) if ask.filled is not None else guides.filled_from(guide, _as(ask, said))
    )
    leaves = guides.reachable(guide, filled)
    outcomes = [out for leaf in leaves if (out := _outcome(guide, leaf, asked, ask, book, find))]
    slot = guides.open_slot(guide, filled)
    if not outcomes:
        return _uncovered(ask, found, guide, filled, slot is None, book)
    unsure = guides.is_unsure(guide, filled)
    if slot is None or (len(outcomes) == len(leaves) and _alike(outcomes)):
        return replace(_settle(outcomes[0], ask, asked, found, book), unsure=unsure)
    ranked = _ranked([], found)
    order = {pair: place for place, pair in enumerate(ranked)}
    outcomes.sort(key=lambda out: order.get((out.hit.policy, out.hit.clause), len(order)))
    cites = _distinct(outcomes)
    ranked = tuple(dict.fromkeys((*_pairs(cites), *ranked)))[:10]
    return Answer("ask_back", "depends", cites, ranked, guide=guide.id, slot=slot.id, filled=filled)


def _as(ask: Ask, said: str) -> str:
    """What was said, and who says it where that may fill a slot ("I'm a governor")."""
    return f"{said}{ask.role} " if ask.role in verdicts.AUDIENCE else said


def _guide_for(ask: Ask, said: str, book: Book) -> Guide | None:
    if ask.guide:
        return next((g for g in book.guides if g.id == ask.guide), None)
    return guides.starting(book.guides, said)


def _outcome(
    guide: Guide, leaf: Leaf, asked: Asked, ask: Ask, book: Book, find: Find
) -> _Outcome | None:
    own = verdicts.read_question(leaf.ask, book.words)
    form = own.form if asked.form == "statement" else asked.form
    meant = replace(asked, form=form, names=own.names | asked.names, vague=False)
    hit = _pinned(guide, leaf, ask, book) or _speaking(leaf, meant, ask, book, find)
    if hit is None:
        return None
    return _Outcome(leaf, hit, verdicts.verdict(meant, _rule(hit, book)))


def _pinned(guide: Guide, leaf: Leaf, ask: Ask, book: Book) -> Hit | None:
    for policy in ask.policies:
        for clause in book.policies[policy].pins.get(f"{guide.id}.{leaf.id}", ()):
            return Hit(policy, clause, 1.0)
    return None


def _speaking(leaf: Leaf, meant: Asked, ask: Ask, book: Book, find: Find) -> Hit | None:
    """The best clause found for the leaf that has every word the leaf needs.

    One about the other kind (under 18, when the leaf says 18 or over) only where there is no better;
    somebody who asks what to do gets a duty before a ban.
    """
    near = [h for h in find(leaf.ask, ask.policies).hits if h.score >= book.limits.close]
    fits = [h for h in near if _says_all(leaf, _clause(h, book), h, book)]
    if meant.form == "act":
        fits = [_telling(h, book) or h for h in fits]

    def worse(hit: Hit) -> tuple[bool, bool]:
        return (
            verdicts.other_kind(meant, _rule(hit, book)),
            meant.form == "act" and _telling(hit, book) is None,
        )

    return min(fits, key=worse, default=None)


def _telling(hit: Hit, book: Book) -> Hit | None:
    """The hit at the sentence that says whom to tell; None when no sentence does."""
    for number in range(len(sentences(_clause(hit, book).text))):
        at = replace(hit, sentence=number)
        rule = _rule(at, book)
        if rule.requires and "tell" in rule.names:
            return at
    return None


def _says_all(leaf: Leaf, clause: Clause, hit: Hit, book: Book) -> bool:
    lead = book.policies[hit.policy].lead_of(clause)
    above = f"{lead.text} " if lead else ""
    said = plain(f"{above}{clause.text}")
    return clause.kind == "clause" and all(need.search(said) for need in leaf.needs)


def _alike(outcomes: Sequence[_Outcome]) -> bool:
    return len({(out.hit.policy, out.hit.clause, out.verdict) for out in outcomes}) == 1


def _distinct(outcomes: Sequence[_Outcome]) -> tuple[Cite, ...]:
    hits = {(out.hit.policy, out.hit.clause): out.hit for out in reversed(outcomes)}
    return tuple(Cite(h.policy, h.clause, h.sentence, "may") for h in reversed(hits.values()))[:3]


def _uncovered(
    ask: Ask, found: Found, guide: Guide, filled: Mapping[str, str], complete: bool, book: Book
) -> Answer | None:
    """No clause speaks of what the guide asks about: only a very sure search may answer instead."""
    if found.settled >= book.limits.sure and not complete:
        return None
    return replace(_not_settled(ask, found, book), guide=guide.id, filled=filled)


# Clauses -----------------------------------------------------------------------------------------


def _from_clauses(ask: Ask, asked: Asked, found: Found, book: Book) -> Answer:
    if found.settled < book.limits.settled or not found.hits:
        return _not_settled(ask, found, book)
    hit = _covering(asked, found, book) or found.hits[0]
    return _settle(
        _Outcome(_NO_LEAF, hit, verdicts.verdict(asked, _rule(hit, book))), ask, asked, found, book
    )


def _covering(asked: Asked, found: Found, book: Book) -> Hit | None:
    """For "does it cover volunteers": the nearest clause that covers and names whom it asks about."""
    audience = asked.names & set(verdicts.AUDIENCE)
    if asked.form != "fact" or not audience:
        return None
    for hit in found.hits:
        for number in range(len(sentences(_clause(hit, book).text))):
            rule = _rule(replace(hit, sentence=number), book)
            if rule.covers and audience <= rule.names:
                return replace(hit, sentence=number)
    return None


_NO_LEAF = Leaf("", "", {}, ())


def _settle(out: _Outcome, ask: Ask, asked: Asked, found: Found, book: Book) -> Answer:
    hit, clause = out.hit, _clause(out.hit, book)
    ranked = _ranked(_listed(hit, asked, book) or [hit], found)
    if clause.option:
        return _alternatives(hit, ranked, book)
    unnamed = _unnamed(ask, asked, hit.policy, book)
    verdict = _guarded(out.verdict, hit, ranked, asked, unnamed, found, book)
    if unnamed and asked.form in ("permission", "statement"):
        return replace(_not_settled(ask, found, book), unnamed=unnamed)
    also = [pair for pair in ranked if pair != (hit.policy, hit.clause)][:2]
    cites = (Cite(hit.policy, hit.clause, hit.sentence), *(_also(pair, found) for pair in also))
    other = _other_policy(hit, found, asked, book)
    return Answer(
        "settled",
        verdict,
        (cites[0], other, *cites[1:2]) if other else cites,
        ranked,
        unnamed=unnamed,
        turn_to=_turn_to(clause, hit.sentence, book),
        stricter=_stricter(hit, other, asked, book) if other else "",
    )


def _guarded(
    verdict: Verdict | None,
    hit: Hit,
    ranked: Sequence[tuple[str, str]],
    asked: Asked,
    unnamed: str,
    found: Found,
    book: Book,
) -> Verdict | None:
    """A verdict survives only where nothing close by says otherwise. Yes is guarded hardest."""
    if unnamed:
        return "depends" if asked.form == "fact" else None
    if verdict == "yes":
        permission = asked.form in ("permission", "statement")
        if hit.score < (book.limits.yes if permission else book.limits.yes_fact):
            return None
        for rival in found.hits[:3]:
            rule = _rule(rival, book)
            against = rule.forbids and not verdicts.clash(
                asked.names & set(verdicts.WHO), rule.names & set(verdicts.WHO)
            )
            if against and rival.clause != hit.clause and rival.score >= 0.9 * hit.score:
                return "depends" if permission else verdict
    return verdict


def _listed(hit: Hit, asked: Asked, book: Book) -> list[Hit]:
    """A lead-in asked for as a list ("what are the risks") stands for its bullets."""
    policy = book.policies[hit.policy]
    if asked.form not in ("what", "who"):
        return []
    under = [c for c in policy.clauses if c.lead == hit.clause]
    return [Hit(hit.policy, c.id, hit.score) for c in under] + [hit] if len(under) > 1 else []


def _alternatives(hit: Hit, ranked: tuple[tuple[str, str], ...], book: Book) -> Answer:
    policy = book.policies[hit.policy]
    mine = policy.by_id[hit.clause]
    options = [c for c in policy.clauses if c.option and c.headings == mine.headings]
    cites = tuple(
        Cite(hit.policy, c.id, 0, "ab"[i] if i < 2 else "also") for i, c in enumerate(options)
    )
    first = tuple((hit.policy, c.id) for c in options)
    rest = tuple(pair for pair in ranked if pair not in first)
    return Answer("alternatives", "depends", cites, (first + rest)[:10], turn_to="headteacher")


def _not_settled(ask: Ask, found: Found, book: Book) -> Answer:
    marks = ("nearest", "near", "near")
    nearest = zip(found.hits, marks, strict=False)
    cites = tuple(Cite(h.policy, h.clause, h.sentence, mark) for h, mark in nearest)
    ranked = tuple((h.policy, h.clause) for h in found.hits)
    return Answer("not_settled", "unanswerable", cites, ranked, turn_to="manager")


def _unnamed(ask: Ask, asked: Asked, policy: str, book: Book) -> str:
    """The asker's audience, when no clause of the policy names it; empty when it is named."""
    role = ask.role if ask.role in verdicts.AUDIENCE else ""
    named = sorted(asked.names & set(verdicts.AUDIENCE))
    if asked.form == "fact" and named:
        role = named[0]
    if not role or asked.form in ("who", "when", "what", "act"):
        return ""
    family = book.words.families[role]
    texts = (plain(c.text) for c in book.policies[policy].clauses if c.kind == "clause")
    return "" if any(family.search(text) for text in texts) else role


def _other_policy(hit: Hit, found: Found, asked: Asked, book: Book) -> Cite | None:
    """Another policy in force that speaks as closely of the same thing."""
    for rival in found.hits[:5]:
        if rival.policy != hit.policy and rival.score >= 0.9 * hit.score:
            return Cite(rival.policy, rival.clause, rival.sentence, "other")
    return None


_STRICT = {"no": 3, "depends": 2, "must": 2, "yes": 1}


def _stricter(hit: Hit, other: Cite, asked: Asked, book: Book) -> str:
    """The policy whose clause is the stricter for this question; empty when neither is."""
    mine = verdicts.verdict(asked, _rule(hit, book))
    theirs = verdicts.verdict(
        asked, _rule(Hit(other.policy, other.clause, 0, other.sentence), book)
    )
    a, b = _STRICT.get(mine or "", 0), _STRICT.get(theirs or "", 0)
    return "" if a == b or not a or not b else (hit.policy if a > b else other.policy)


_ROLES = (
    "headteacher",
    "dsl",
    "senior_manager",
    "manager",
    "hr",
    "dpo",
    "chair_of_governors",
    "it",
)


def _turn_to(clause: Clause, sentence: int, book: Book) -> str:
    """The role the clause itself names, in the order the words of the role come in it."""
    said = plain(clause.text)
    found = []
    for role, words in book.records.roles.items():
        if role in _ROLES and (at := words.search(said)):
            found.append((at.start(), role))
    return min(found)[1] if found else ""


# Small shared things -----------------------------------------------------------------------------


def _clause(hit: Hit, book: Book) -> Clause:
    return book.policies[hit.policy].by_id[hit.clause]


def _rule(hit: Hit, book: Book) -> Rule:
    policy = book.policies[hit.policy]
    return verdicts.read_rule(policy, policy.by_id[hit.clause], hit.sentence, book.words)


def _also(pair: tuple[str, str], found: Found) -> Cite:
    sentence = next((h.sentence for h in found.hits if (h.policy, h.clause) == pair), 0)
    return Cite(*pair, sentence, "also")


def _pairs(cites: Sequence[Cite]) -> tuple[tuple[str, str], ...]:
    return tuple((cite.policy, cite.clause) for cite in cites)


def _ranked(first: Sequence[Hit], found: Found) -> tuple[tuple[str, str], ...]:
    pairs = [(h.policy, h.clause) for h in (*first, *found.hits)]
    return tuple(dict.fromkeys(pairs))[:10]


def _with_faults(answer: Answer, ask: Ask, book: Book) -> Answer:
    """Add what is wrong with the policies the answer quotes, and with the clauses it quotes."""
    cited = list(dict.fromkeys(c.policy for c in answer.cites)) or list(ask.policies[:1])
    found = [(p, fault) for p in cited for fault in faults(book.policies[p], ask.today)]
    for cite in answer.cites[:2]:
        clause = book.policies[cite.policy].by_id[cite.clause]
        found += [(cite.policy, fault) for fault in clause_faults(clause)]
    return replace(answer, faults=tuple(dict.fromkeys(found)))
