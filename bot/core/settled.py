"""From the clauses search found to an answer, or to "the policy does not settle this"."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core import verdicts
from bot.core.book import Answer, Ask, Book, Cite, clause_of, ranked_with, rule_of
from bot.core.found import Found, Hit
from bot.core.phrases import plain
from bot.core.policies import Clause, Policy
from bot.core.reading import Asked, Rule
from bot.core.undecided import undecided
from bot.core.verdicts import Verdict


def from_clauses(ask: Ask, asked: Asked, found: Found, book: Book) -> Answer:
    """The nearest clause as the answer, where the question seems settled at all."""
    covering = _covering(ask, asked, found, book)
    if not covering and (found.settled < book.limits.settled or not found.hits):
        return not_settled(ask, found, book)
    hit = covering or _best(asked, found, book)
    return settle(hit, verdicts.verdict(asked, rule_of(hit, book)), ask, asked, found, book)


def _best(asked: Asked, found: Found, book: Book) -> Hit:
    """The nearest clause; one nearly as near goes before it where it is about the other kind (breaks,
    when the question is about lessons)."""
    top = found.hits[0]
    near = [hit for hit in found.hits[:4] if hit.score >= book.limits.instead * top.score]
    return next((hit for hit in near if not _about_others(asked, rule_of(hit, book))), top)


def _about_others(asked: Asked, rule: Rule) -> bool:
    who = frozenset(verdicts.WHO)
    return verdicts.other_kind(asked, rule) or verdicts.clash(asked.names & who, rule.names & who)


def _covering(ask: Ask, asked: Asked, found: Found, book: Book) -> Hit | None:
    """For "does it cover volunteers": the clause that covers and names whom it asks about; where no
    clause names them, the nearest that says whom it covers."""
    audience = _audience(ask, asked)
    if not (asked.asks_cover and audience):
        return None
    scores = {(hit.policy, hit.clause): hit.score for hit in found.hits}
    covers = [
        (audience <= one.names, scores.get((policy, one.clause), 0.0), policy, one)
        for policy in ask.policies
        for one in book.scope(policy).covers
        if audience <= one.names or (policy, one.clause) in scores
    ]
    if not covers:
        return None
    _, _, policy, best = max(covers, key=lambda found: found[:2])
    return Hit(policy, best.clause, 1.0, best.sentence)


def _audience(ask: Ask, asked: Asked) -> frozenset[str]:
    """Whom a question of cover is about: whom it names, else the asker."""
    named = asked.names & frozenset(verdicts.AUDIENCE)
    return named or frozenset({ask.role}) & frozenset(verdicts.AUDIENCE)


def settle(
    hit: Hit, verdict: Verdict | None, ask: Ask, asked: Asked, found: Found, book: Book
) -> Answer:
    """The answer that quotes ``hit``, with its verdict if nothing speaks against it."""
    clause = clause_of(hit, book)
    if choice := _open_choice(clause, book.policies[hit.policy]):
        return _alternatives(hit.policy, choice, found, book)
    unnamed = _unnamed(ask, asked, hit.policy, book)
    if unnamed and asked.form in ("permission", "statement"):
        return replace(not_settled(ask, found, book), unnamed=unnamed)
    given = guarded(verdict, hit, ask, asked, unnamed, found, book)
    close = _competing(hit, given, found, book)
    other = _other_policy(hit, found)
    told = close or _listed(hit, asked, book) or _cited(hit, other)
    cites = up_to_three(told, found, book)
    return Answer(
        "closest" if close else "settled",
        given,
        cites,
        ranked_with(cites, found),
        unnamed=unnamed,
        turn_to=_turn_to(clause, book),
        stricter=_stricter(hit, other, asked, book) if other else "",
    )


def _competing(hit: Hit, given: Verdict | None, found: Found, book: Book) -> tuple[Cite, ...]:
    """Three to five clauses that come equally close, where no verdict singles one out."""
    if given not in (None, "info") or found.settled >= book.limits.sure:
        return ()
    near = [h for h in found.hits[:5] if h.score >= book.limits.rival * hit.score]
    if len(near) < 3 or near[0] != hit:
        return ()
    return tuple(Cite(h.policy, h.clause, h.sentence, "close") for h in near)


def _cited(hit: Hit, other: Cite | None) -> tuple[Cite, ...]:
    """The clause that answers, and another policy's if one speaks of it too."""
    return (Cite(hit.policy, hit.clause, hit.sentence), *((other,) if other else ()))


def up_to_three(first: tuple[Cite, ...], found: Found, book: Book) -> tuple[Cite, ...]:
    """These, and clauses close by to have to hand: what is ranked first is what is shown."""
    known = {(cite.policy, cite.clause) for cite in first}
    close = [h for h in found.hits if (h.policy, h.clause) not in known and not _leads(h, book)]
    also = tuple(Cite(h.policy, h.clause, h.sentence, "also") for h in close)
    return (*first, *also[: max(0, 3 - len(first))])


def guarded(
    verdict: Verdict | None,
    hit: Hit,
    ask: Ask,
    asked: Asked,
    unnamed: str,
    found: Found,
    book: Book,
) -> Verdict | None:
    """A verdict survives only where nothing close by says otherwise. Yes is guarded hardest."""
    if unnamed:
        return "depends" if asked.form == "fact" else None
    if _names_asker(ask, hit, book):
        return "info" if verdict == "info" else None
    if verdict != "yes":
        return verdict
    permission = asked.form in ("permission", "statement")
    if hit.score < (book.limits.yes if permission else book.limits.yes_fact):
        return None
    if permission and (hit.met < book.limits.met or _for_others(ask, asked, rule_of(hit, book))):
        return None
    return "depends" if permission and _banned_close_by(hit, asked, found, book) else "yes"


def _names_asker(ask: Ask, hit: Hit, book: Book) -> bool:
    """The clause gives a part to the very role the asker holds ("only the Headteacher may ...")."""
    said = plain(clause_of(hit, book).text)
    roles = (book.records.roles[role] for role in ask.holds if role in book.records.roles)
    return any(words.search(said) for words in roles)


def _for_others(ask: Ask, asked: Asked, rule: Rule) -> bool:
    """The sentence allows somebody else: pupils, governors, or staff when a volunteer asks."""
    named = rule.names & {*verdicts.WHO, *verdicts.AUDIENCE}
    mine = asked.names | {ask.role}
    return bool(named - mine) or (ask.role in verdicts.AUDIENCE and "staff" in rule.names - named)


def _banned_close_by(hit: Hit, asked: Asked, found: Found, book: Book) -> bool:
    """Another clause, nearly as near, forbids it to the same people."""
    mine = (hit.policy, hit.clause)
    rivals = [h for h in found.hits if (h.policy, h.clause) != mine and h.score >= 0.9 * hit.score]
    for rule in (rule_of(rival, book) for rival in rivals):
        who = frozenset(verdicts.WHO)
        if rule.forbids and not verdicts.clash(asked.names & who, rule.names & who):
            return True
    return False


def _listed(hit: Hit, asked: Asked, book: Book) -> tuple[Cite, ...]:
    """A lead-in asked for as a list ("what are the risks") is answered by its bullets."""
    if asked.form not in ("what", "who"):
        return ()
    under = [c for c in book.policies[hit.policy].clauses if c.lead == hit.clause]
    return tuple(Cite(hit.policy, c.id) for c in under[:9]) if len(under) > 1 else ()


def _open_choice(clause: Clause, policy: Policy) -> Clause | None:
    """The clause, or a lead-in above it, that nobody has decided."""
    seen: set[str] = set()
    above: Clause | None = clause
    while above and above.id not in seen:
        if above.option or (above.kind == "clause" and undecided(above.text)):
            return above
        seen.add(above.id)
        above = policy.lead_of(above)
    return None


def _alternatives(policy: str, mine: Clause, found: Found, book: Book) -> Answer:
    """Both versions of a rule that nobody has chosen between; neither is preferred. Where one clause
    holds both, all of it is shown and no sentence of it stands out."""
    options = _sides(_choice(book.policies[policy], mine), mine)
    marks = ["a", "b"] + ["also"] * len(options) if len(options) > 1 else ["close"]
    cites = tuple(Cite(policy, c.id, 0, mark) for c, mark in zip(options, marks, strict=False))
    ranked = ranked_with(cites, found)
    return Answer("alternatives", "depends", cites, ranked, turn_to="headteacher")


def _choice(policy: Policy, mine: Clause) -> list[Clause]:
    """The alternatives one of which is ``mine``: a run of options that begins with the first."""
    runs: list[list[Clause]] = []
    before = 0
    for clause in policy.clauses:
        if clause.option == 1 and before != 1:
            runs.append([])
        if clause.option and runs:
            runs[-1].append(clause)
        before = clause.option
    return next((run for run in runs if mine in run), [mine])


def _sides(run: Sequence[Clause], mine: Clause) -> list[Clause]:
    """One clause of each option: ``mine``, and those that stand in its place in the others."""
    sides: dict[int, list[Clause]] = {}
    for clause in run:
        sides.setdefault(clause.option, []).append(clause)
    at = sides[mine.option].index(mine)
    return [side[min(at, len(side) - 1)] for side in sides.values()]


def not_settled(ask: Ask, found: Found, book: Book) -> Answer:
    """No clause settles it: the nearest are shown as nearest, and somebody is named to ask."""
    said = [hit for hit in found.hits if _says_something(hit, book)]
    marks = ("nearest", "near", "near")
    nearest = zip(said or found.hits, marks, strict=False)
    cites = tuple(Cite(h.policy, h.clause, h.sentence, mark) for h, mark in nearest)
    ranked = ranked_with(cites, found)
    return Answer("not_settled", "unanswerable", cites, ranked, turn_to="manager")


def _says_something(hit: Hit, book: Book) -> bool:
    return clause_of(hit, book).kind == "clause" and not _leads(hit, book)


def _leads(hit: Hit, book: Book) -> bool:
    """A lead-in, which says nothing without its bullets."""
    return any(clause.lead == hit.clause for clause in book.policies[hit.policy].clauses)


def _unnamed(ask: Ask, asked: Asked, policy: str, book: Book) -> str:
    """The asker's audience, or the one asked about, when no clause of the policy names it."""
    if asked.form in ("who", "when", "what", "act"):
        return ""
    audience = _audience(ask, asked) if asked.form == "fact" else {ask.role}
    unnamed = sorted(audience & set(verdicts.AUDIENCE) - book.scope(policy).names)
    return unnamed[0] if unnamed else ""


def _other_policy(hit: Hit, found: Found) -> Cite | None:
    """Another policy in force that speaks as closely of the same thing."""
    for rival in found.hits[:5]:
        if rival.policy != hit.policy and rival.score >= 0.9 * hit.score:
            return Cite(rival.policy, rival.clause, rival.sentence, "other")
    return None


_STRICT = {"no": 3, "depends": 2, "must": 2, "yes": 1}


def _stricter(hit: Hit, other: Cite, asked: Asked, book: Book) -> str:
    """The policy whose clause is the stricter for this question; empty when neither is."""
    mine = verdicts.verdict(asked, rule_of(hit, book))
    theirs = verdicts.verdict(
        asked, rule_of(Hit(other.policy, other.clause, 0, other.sentence), book)
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


def _turn_to(clause: Clause, book: Book) -> str:
    """The role the clause itself names, in the order the words of the role come in it."""
    said = plain(clause.text)
    found = []
    for role, words in book.records.roles.items():
        if role in _ROLES and (at := words.search(said)):
            found.append((at.start(), role))
    return min(found)[1] if found else ""
