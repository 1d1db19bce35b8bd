"""Reading on in a policy: what it says of itself, or the whole section that a clause stands in."""

from dataclasses import replace

from bot.core import refs
from bot.core.book import Book, in_force
from bot.core.gated import still_danger
from bot.core.health.check import touching
from bot.core.messages import Json, Pressed
from bot.core.people import Person, local_day
from bot.core.policies import Policy
from bot.core.records import Decision, Draft, Reads
from bot.core.saying import in_view, say
from bot.core.sections import whole


def read(message: Pressed, person: Person, reads: Reads, book: Book) -> Decision:
    """``read <policy>`` or ``read <policy> <clause>``, of a policy that holds for the person. Beside the
    card it was pressed on where a view can be opened, so that the answer stays."""
    named = message.action.partition(" ")[2]
    policy, _, clause = (named, "", "") if named in book.policies else named.rpartition(" ")
    mine = in_force(book, person, local_day(message.at))
    if policy not in mine or (clause and clause not in book.policies[policy].by_id):
        return say(message, "expired")
    if not clause:
        return in_view(message, say(message, "policy", {"policy": policy}))
    about = _section(message, book.policies[policy], clause, mine, book)
    return in_view(
        message, say(message, "section", {**about, **still_danger(_lately(message, reads))})
    )


def _section(
    message: Pressed, policy: Policy, clause: str, mine: tuple[str, ...], book: Book
) -> dict[str, Json]:
    """The section with what is wrong with any clause of it."""
    answer = whole(policy, clause)
    cited = [(cite.policy, cite.clause) for cite in answer.cites]
    flags = book.flags(mine, local_day(message.at))
    answer = replace(answer, flags=touching(flags, cited, [policy.id], book.health))
    return {"answer": refs.to_json(answer), "draft": ""}


def _lately(message: Pressed, reads: Reads) -> list[Draft]:
    """What the person asked or told here and is still remembered."""
    place, at = message.place, message.at
    told = reads.drafts_of(message.person, place, "gate", at)
    return [*told, *reads.drafts_of(message.person, place, "question", at)]
