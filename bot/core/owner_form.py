"""Sending a question to the owner of a policy: a form of one field, and what becomes of it.

The words are read by the gate before they come here: what describes a concern never goes this way.
"""

from dataclasses import replace

from bot.core import refs
from bot.core.book import Book, in_force
from bot.core.messages import Json, Outgoing, Pressed
from bot.core.owners import asked_about, owner_of
from bot.core.people import Person, local_day
from bot.core.policies import Policy
from bot.core.records import (
    Decision,
    Draft,
    DropDraft,
    KeepQuestion,
    Question,
    Reads,
    SaveDraft,
    SettleQuestion,
)
from bot.core.saying import in_view, say
from bot.core.seeing import questions_for

# More than anybody asks the owner of a policy, and more than anybody types before it is cut.
MOST_WORDS, MOST_KEPT = 2000, 4000


def confirm(message: Pressed, draft: Draft) -> Decision:
    """The form with the words in it: a view where the platform can open one, else a card."""
    return in_view(message, say(message, "owner_confirm", about(draft)))


def sent(message: Pressed, draft: Draft, person: Person, question: str, book: Book) -> Decision:
    """Keep the question without its asker, tell the owner there is one, tell the asker it went.
    ``question`` is the id it gets."""
    words = message.fields.get("words", draft.words).strip()
    if mistake := _mistake(words):
        return _again(message, draft, words, mistake)
    answer = refs.from_json(draft.facts["answer"])  # type: ignore[arg-type]
    policy = asked_about(answer, in_force(book, person, local_day(message.at)), book)
    if policy is None:
        return say(message, "expired")
    post = _to_owner(policy, question, book)
    if not post:
        return say(message, "owner_missing")
    kept = Question(question, policy.school, policy.id, words, message.at.date())
    out = (*say(message, "owner_sent", {"policy": policy.id}).out, *post)
    return Decision(out, (KeepQuestion(kept), DropDraft(draft.id)), message.key)


def _mistake(words: str) -> str:
    """What is wrong with the words, by the name the wording knows it by; empty when nothing is."""
    if not any(map(str.isalnum, words)):
        return "empty"
    return "long" if len(words) > MOST_WORDS else ""


def _again(message: Pressed, draft: Draft, words: str, mistake: str) -> Decision:
    """The form once more with its mistake beside it, and with what was typed; an empty one leaves the
    draft as it was."""
    kept = () if mistake == "empty" else (SaveDraft(replace(draft, words=words[:MOST_KEPT])),)
    decision = say(message, "owner_confirm", {**about(draft), "error": mistake}, *kept)
    key = f"{message.key} {mistake}"
    return replace(decision, out=tuple(replace(out, key=key) for out in decision.out))


def about(draft: Draft) -> dict[str, Json]:
    """Which draft a card's buttons go back to, and whether its words may be sent on."""
    return {"draft": draft.id, "words": bool(draft.words)}


def _to_owner(policy: Policy, question: str, book: Book) -> list[Outgoing]:
    """A post to whoever owns the policy, where somebody does."""
    if not (owner := owner_of(policy, book)):
        return []
    to, key = owner.person, f"owner:{question}"
    return [Outgoing(to, "owner_question", {"question": question}, "post", to, key)]


def settled(message: Pressed, person: Person, reads: Reads, book: Book) -> Decision:
    """Delete a question that is dealt with. Whose it is not is told no more than that it is not there."""
    mine = questions_for(person, reads.questions(None), book, local_day(message.at))
    found = [q for q in mine if message.action == f"settle {q.id}"]
    if not found:
        return say(message, "question_gone")
    return say(message, "question_done", {"policy": found[0].policy}, SettleQuestion(found[0].id))
