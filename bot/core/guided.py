"""A decision guide at work: what it asks back, or which clause and verdict its leaf gives here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core import guides, reading, verdicts
from bot.core.book import Answer, Ask, Book, Cite, Find, clause_of, ranked_with, rule_of
from bot.core.found import Found, Hit
from bot.core.guides import Guide, Leaf
from bot.core.phrases import plain
from bot.core.policies import sentences
from bot.core.reading import Asked
from bot.core.settled import not_settled, settle, up_to_three
from bot.core.verdicts import Verdict


@dataclass(frozen=True)
class _Outcome:
    """What one leaf gives in the asker's policies: the best clause that speaks of it, and a verdict."""

    leaf: Leaf
    hit: Hit
    verdict: Verdict | None


def guided(
    ask: Ask, asked: Asked, said: str, found: Found, book: Book, find: Find
) -> Answer | None:
    guide = _guide_for(ask, said, book)
    if guide is None or (asked.form in ("when", "what") and not ask.guide):
        return None
    filled = dict(ask.filled) if ask.filled is not None else _filled(guide, ask, said)
    leaves = guides.reachable(guide, filled)
    outcomes = [out for leaf in leaves if (out := _outcome(guide, leaf, asked, ask, book, find))]
    slot = guides.open_slot(guide, filled)
    if not outcomes:
        return _uncovered(ask, found, guide, filled, slot is None, book)
    unsure = guides.is_unsure(guide, filled)
    if slot is None or (len(outcomes) == len(leaves) and _alike(outcomes)):
        first = outcomes[0]
        settled = settle(first.hit, first.verdict, ask, asked, found, book)
        return replace(settled, unsure=unsure)
    order = {pair: place for place, pair in enumerate(ranked_with((), found))}
    outcomes.sort(key=lambda out: order.get((out.hit.policy, out.hit.clause), len(order)))
    cites = up_to_three(_distinct(outcomes), found, book)
    ranked = ranked_with(cites, found)
    return Answer("ask_back", "depends", cites, ranked, guide=guide.id, slot=slot.id, filled=filled)


def _filled(guide: Guide, ask: Ask, said: str) -> dict[str, str]:
    """What the question says; what it leaves open, who asks may say ("I'm a governor")."""
    told = guides.filled_from(guide, said)
    if guides.open_slot(guide, told) is None or ask.role not in verdicts.AUDIENCE:
        return told
    return {**guides.filled_from(guide, f" {ask.role} "), **told}


def _guide_for(ask: Ask, said: str, book: Book) -> Guide | None:
    if not ask.guided:
        return None
    if ask.guide:
        return next((g for g in book.guides if g.id == ask.guide), None)
    return guides.starting(book.guides, said)


def _outcome(
    guide: Guide, leaf: Leaf, asked: Asked, ask: Ask, book: Book, find: Find
) -> _Outcome | None:
    own = reading.read_question(leaf.ask, book.words)
    form = own.form if asked.form == "statement" else asked.form
    other_duty = own.form == "duty" and "approval" in own.names - asked.names
    if form == "advice" or (other_duty and form in ("duty", "permission")):
        form = "permission"
    meant = replace(asked, form=form, names=own.names | asked.names, vague=False)
    hit = _pinned(guide, leaf, ask, book) or _speaking(leaf, meant, ask, book, find)
    if hit is None:
        return None
    return _Outcome(leaf, hit, verdicts.verdict(meant, rule_of(hit, book)))


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
    fits = [at for h in near if (at := _at_its_words(leaf, h, book))]
    if meant.form == "act":
        fits = [_telling(h, book) or h for h in fits]

    def worse(hit: Hit) -> tuple[bool, bool]:
        return (
            verdicts.other_kind(meant, rule_of(hit, book)),
            meant.form == "act" and _telling(hit, book) is None,
        )

    return min(fits, key=worse, default=None)


def _telling(hit: Hit, book: Book) -> Hit | None:
    """The hit at the sentence that says whom to tell; None when no sentence does."""
    for number in range(len(sentences(clause_of(hit, book).text))):
        at = replace(hit, sentence=number)
        rule = rule_of(at, book)
        if rule.requires and "tell" in rule.names:
            return at
    return None


def _at_its_words(leaf: Leaf, hit: Hit, book: Book) -> Hit | None:
    """The hit at the first sentence (with its lead-in) that has every word the leaf needs."""
    policy, clause = book.policies[hit.policy], clause_of(hit, book)
    if clause.kind != "clause":
        return None
    lead = policy.lead_of(clause)
    above = f"{lead.text} " if lead else ""
    spans = sentences(clause.text)
    order = sorted(range(len(spans)), key=lambda number: number != hit.sentence)
    for number in order:
        said = plain(above + clause.text[slice(*spans[number])])
        if all(need.search(said) for need in leaf.needs):
            return replace(hit, sentence=number)
    return None


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
    return replace(not_settled(ask, found, book), guide=guide.id, filled=filled)
