"""Questions about a policy itself or about who is who, answered from front matter and school.toml."""

from bot.core import facts
from bot.core.book import Answer, Ask, Book, Cite, pairs_of
from bot.core.people import School
from bot.core.verdicts import Verdict


def of_record(record: facts.Asked, ask: Ask, book: Book) -> Answer | None:
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
    if record.kind == "current" and _late(ask, book):
        verdict = "no"
    silent = tuple(policy for policy, fact in known if fact is None)
    said = tuple(fact.policy for fact in told)
    ranked = pairs_of(cites)
    return Answer("record", verdict, cites, ranked, record=record.kind, told=said, silent=silent)


def _holder(role: str, ask: Ask, book: Book) -> Answer | None:
    if not role:
        return None
    if facts.holders(_schools(ask, book), role):
        return Answer("holder", "info", role=role, record="holder")
    return Answer("not_settled", "unanswerable", record="holder", role=role)


def _overdue_ones(ask: Ask, book: Book) -> Answer | None:
    late = _late(ask, book)
    cites = []
    for policy in late:
        said = book.policies[policy].said
        clause = next(
            (said[f] for f in ("review_due", "replaced_on", "replaced_by") if f in said), ""
        )
        cites += [Cite(policy, clause)] if clause else []
    if not late:
        return None
    ranked = pairs_of(cites)
    return Answer("record", "info", tuple(cites), ranked, record="overdue_ones", told=tuple(late))


def _late(ask: Ask, book: Book) -> list[str]:
    """The policies past their review, or past the day they were to be replaced."""
    flags = book.flags(ask.policies, ask.today)
    late = {flag.policy for flag in flags if flag.kind in ("overdue", "superseded")}
    return [policy for policy in ask.policies if policy in late]


def _schools(ask: Ask, book: Book) -> list[School]:
    ids = dict.fromkeys(book.policies[p].school for p in ask.policies)
    return [book.schools[i] for i in ids if i in book.schools]
