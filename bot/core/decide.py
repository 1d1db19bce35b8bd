"""What follows from one message: pure. The desk prepares, this decides, the store commits.

A message that may describe a live concern never gets policy text alone. Nothing here pings anybody
because of a message: that takes a press, and a form that comes later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import Literal, get_args

from bot.core import refs
from bot.core.answers import Answer, Book
from bot.core.book import Kind, in_force
from bot.core.gate import Concern
from bot.core.messages import Json, Outgoing, Pressed, Said
from bot.core.owners import asked_about, owner_of
from bot.core.people import Person, local_day
from bot.core.phrases import plain
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
from bot.core.seeing import questions_for

# How long what was typed is kept, sealed, so that a button under an answer still works.
WORDS_KEPT = timedelta(hours=1)
# How long "it's a policy question" holds in one conversation. Danger to life is gated all the same.
WAIVED_FOR = timedelta(minutes=30)

# More than anybody asks the owner of a policy, and more than anybody types before it is cut.
MOST_WORDS, MOST_KEPT = 2000, 4000

PLAIN = Concern()
# What may be said where others of the staff read along: an answer from a policy, and who I am.
FOR_ALL = frozenset((*get_args(Kind), "help", "program", "policies", "empty"))
# Presses that lead to one card, whoever presses.
GREETINGS = {"help": "help", "hello": "welcome", "home": "home"}
# What a gate's draft says of the concern.
ABOUT = ("route", "about", "imagery", "named")

Command = Literal[
    "", "help", "secret", "program", "policies", "concern", "yes", "no", "empty", "reports"
]


@dataclass(frozen=True)
class Prepared:
    """What the desk worked out before the transaction: who it is, the gate, the answer.

    ``person`` is None for somebody who is not on the staff list. ``draft`` is the one pressed on.
    """

    person: Person | None
    command: Command = ""
    concern: Concern = PLAIN  # of what was said, or typed into the fields of what was pressed
    answer: Answer | None = None
    draft: Draft | None = None


@dataclass(frozen=True)
class Fresh:
    """Ids nobody has used: one in order of time for a draft, one random for a question."""

    draft: str
    question: str


def decide(
    message: Said | Pressed, ready: Prepared, reads: Reads, fresh: Fresh, book: Book
) -> Decision:
    """What to send and keep. The kind of Outgoing follows what the platform wants (``reply``).

    Where others of the staff read along, only a plain policy answer to a question is said; whatever
    else follows, and every press, goes to the person alone.
    """
    decision = _decided(message, ready, reads, fresh, book)
    if message.private and not (isinstance(message, Said) and _for_all(decision)):
        message = _alone(message)
        decision = _decided(message, ready, reads, fresh, book)
    writes = (*decision.writes, *_asked_before(message, decision, reads))
    return replace(decision, writes=writes, key="" if _refused(decision) else key_of(message))


def _decided(
    message: Said | Pressed, ready: Prepared, reads: Reads, fresh: Fresh, book: Book
) -> Decision:
    if ready.person is None:
        return _first(message, _say(message, "stranger"))
    if isinstance(message, Said):
        return _said(message, ready, reads, fresh)
    return _first(message, _pressed(message, ready, reads, fresh, book))


def _for_all(decision: Decision) -> bool:
    """Whether everybody who reads a place may read this."""
    return all(out.template in FOR_ALL and not out.refs.get("danger") for out in decision.out)


def _alone(message: Said | Pressed) -> Said | Pressed:
    """The same in the person's own conversation. What was pressed stays there for the others."""
    alone = replace(message, place=message.private, private="", reply="post")
    return replace(alone, card="") if isinstance(alone, Pressed) else alone


def _refused(decision: Decision) -> bool:
    """A form with a mistake in it: nothing is remembered, so that it may come again."""
    return any(out.refs.get("error") for out in decision.out)


def _first(message: Said | Pressed, decision: Decision) -> Decision:
    """Who opens the conversation is greeted once, however often it is opened."""
    if not isinstance(message, Pressed) or message.action != "hello":
        return decision
    return replace(decision, out=tuple(o.posted(f"welcome {o.place}") for o in decision.out))


def _asked_before(
    message: Said | Pressed, decision: Decision, reads: Reads
) -> tuple[SaveDraft, ...]:
    """Gate cards whose question is no longer the last thing said here: a typed "yes" is not for them.
    Their buttons still work."""
    new = {write.draft.id for write in decision.writes if isinstance(write, SaveDraft)}
    gates = reads.drafts_of(message.person, message.place, "gate", message.at)
    old = (draft for draft in gates if draft.facts.get("asks") and draft.id not in new)
    return tuple(SaveDraft(replace(d, facts={**d.facts, "asks": False})) for d in old)


def _say(
    message: Said | Pressed,
    template: str,
    about: Mapping[str, Json] | None = None,
    *writes: SaveDraft,
) -> Decision:
    card = message.card if isinstance(message, Pressed) else ""
    kind = "now" if message.handle and not card else message.reply
    over = card if kind == "post" else ""
    to, place, under = message.person, message.place, message.under
    out = Outgoing(to, template, about or {}, kind, place, over=over, under=under)
    return Decision((out,), writes, message.key)


# Said --------------------------------------------------------------------------------------------


def _said(message: Said, ready: Prepared, reads: Reads, fresh: Fresh) -> Decision:
    tier = _tier(message, ready.concern, reads)
    if tier == "full":
        return _gate(message, ready.concern, ready.answer, fresh)
    if ready.command == "concern":
        return _gate(message, Concern("full"), None, fresh)
    if ready.command in ("yes", "no"):
        return _yes_or_no(message, ready.command, reads)
    if ready.command:
        return _say(message, ready.command)
    assert ready.answer is not None, "the desk prepares an answer for every question"
    whom = _about(ready.concern) if tier == "line" else None
    return _answered(message, ready.answer, message.text, fresh, whom)


def _tier(message: Said, concern: Concern, reads: Reads) -> str:
    if concern.tier != "full" or concern.route == "emergency_999":
        return concern.tier
    waived = reads.drafts_of(message.person, message.place, "waived", message.at)
    return "line" if any(_same(message, draft) for draft in waived) else "full"


def _same(message: Said, waived: Draft) -> bool:
    """The very question that was said to be one. Other words are met by the gate anew."""
    return waived.facts.get("said") == _trace(message.text, str(waived.facts.get("salt", "")))


def _trace(text: str, salt: str) -> str:
    """Enough to know the same words again, and too little to read them."""
    return sha256(f"{salt}{plain(text)}".encode()).hexdigest()[:12]


def _gate(
    message: Said | Pressed, concern: Concern, answer: Answer | None, fresh: Fresh
) -> Decision:
    """The gate's card. The answer waits as ids, for *it's a policy question*; the words are not kept."""
    facts = {**_about(concern), "asks": True}
    if answer is not None and isinstance(message, Said):
        trace = _trace(message.text, fresh.draft)
        facts |= {"answer": refs.to_json(answer), "said": trace, "salt": fresh.draft}
    kept = _draft(message, fresh, "gate", "", facts)
    template = "gate" if concern.route else "concern"
    return _say(message, template, _shown(kept.draft), kept)


def _about(concern: Concern) -> dict[str, Json]:
    return {
        "route": concern.route,
        "about": concern.about,
        "imagery": concern.imagery,
        "named": list(concern.named),
    }


def _shown(draft: Draft) -> dict[str, Json]:
    """What a gate's card speaks of: whom it is about, and which draft its buttons go back to."""
    return {**_whom(draft), "draft": draft.id, "waiting": "answer" in draft.facts}


def _whom(draft: Draft) -> dict[str, Json]:
    """Whom the concern is about, and whom its words name: none of them is somebody to tell."""
    return {name: draft.facts[name] for name in ABOUT if name in draft.facts}


def _answered(
    message: Said | Pressed,
    answer: Answer,
    words: str,
    fresh: Fresh,
    whom: Mapping[str, Json] | None = None,
) -> Decision:
    """The answer's card. ``whom``: under a danger line, whom the concern is about; then the words are
    not kept, for the gate had a say in it."""
    danger = whom is not None
    facts: dict[str, Json] = {"answer": refs.to_json(answer), "danger": danger, **(whom or {})}
    kept = _draft(message, fresh, "question", "" if danger else words, facts)
    return _say(message, answer.kind, {**facts, **_from(kept.draft)}, kept)


def _draft(
    message: Said | Pressed,
    fresh: Fresh,
    kind: Literal["gate", "question", "waived"],
    words: str,
    facts: Mapping[str, Json],
) -> SaveDraft:
    until = message.at + (WAIVED_FOR if kind == "waived" else WORDS_KEPT)
    return SaveDraft(Draft(fresh.draft, message.person, message.place, kind, words, facts, until))


# Pressed -----------------------------------------------------------------------------------------


def _pressed(message: Pressed, ready: Prepared, reads: Reads, fresh: Fresh, book: Book) -> Decision:
    verb = message.action.partition(" ")[0]
    if verb == "concern" or message.action == "danger now":
        return _gate(message, Concern("full"), None, fresh)
    if verb == "danger":
        return _danger(message, reads, no=message.action == "danger no")
    if verb in GREETINGS:
        return _say(message, GREETINGS[verb])
    if verb == "settle" and ready.person:
        return _settled(message, ready.person, reads, book)
    if ready.draft is None or ready.draft.person != message.person:
        return _say(message, "expired")
    match verb:
        case "pick" if ready.answer is not None:
            whom = _whom(ready.draft) if _is_danger(ready.draft) else None
            return _answered(message, ready.answer, ready.draft.words, fresh, whom)
        case "policy" if ready.draft.kind == "gate" and "answer" in ready.draft.facts:
            return _waived(message, ready.draft, fresh)
        case "not-this" if "answer" in ready.draft.facts:
            about = {"answer": ready.draft.facts["answer"], "danger": _is_danger(ready.draft)}
            return _say(message, "not_this", {**about, **_whom(ready.draft), **_from(ready.draft)})
        case "owner":
            return _confirm(message, ready.draft)
        case "send" if ready.draft.words and ready.person:
            return _sent(message, ready, fresh, book)
    return _say(message, "expired")


def _yes_or_no(message: Said, word: str, reads: Reads) -> Decision:
    """Typed in place of a press, right after the gate asked whether anyone is in danger."""
    gates = reads.drafts_of(message.person, message.place, "gate", message.at)
    if any(draft.facts.get("asks") for draft in gates):
        return _danger(message, reads, no=word == "no")
    return _say(message, "help")


def _danger(message: Said | Pressed, reads: Reads, no: bool) -> Decision:
    """Whom to ring. The gate's draft says whom it is about; without it the card still says 999."""
    gates = reads.drafts_of(message.person, message.place, "gate", message.at)
    drafts = [draft for draft in gates if draft.facts.get("asks")] or gates
    about = _shown(drafts[0]) if drafts else {**_about(Concern("full")), "waiting": False}
    return _say(message, "danger_no" if no else "danger_yes", about)


def _from(draft: Draft) -> dict[str, Json]:
    return {"draft": draft.id, "words": bool(draft.words)}


def _is_danger(draft: Draft) -> bool:
    """What came past the gate, or stood under the danger line, keeps it to the end."""
    return draft.kind == "gate" or draft.facts.get("danger") is True


def _waived(message: Pressed, draft: Draft, fresh: Fresh) -> Decision:
    """*It's a policy question*: answered at once, and not asked again about the same words."""
    facts = {name: draft.facts[name] for name in ("said", "salt") if name in draft.facts}
    waived = _draft(message, fresh, "waived", "", facts)
    answer = draft.facts["answer"]
    assert isinstance(answer, dict)
    about: dict[str, Json] = {"answer": answer, "draft": draft.id, "danger": True, "words": False}
    return _say(message, str(answer["kind"]), {**_whom(draft), **about}, waived)


def _confirm(message: Pressed, draft: Draft) -> Decision:
    """Show the words before they go: a view where the platform can open one, else a card."""
    if not draft.words:
        return _say(message, "expired")
    decision = _say(message, "owner_confirm", _from(draft))
    return replace(decision, out=tuple(_view(out, message) for out in decision.out))


def _view(out: Outgoing, message: Pressed) -> Outgoing:
    return replace(out, kind="now", over="") if message.handle else out


def _sent(message: Pressed, ready: Prepared, fresh: Fresh, book: Book) -> Decision:
    """Keep the question without its asker, tell the owner there is one, tell the asker it went. What
    was typed over is read by the gate first: nothing goes this way that describes a concern."""
    draft, person = ready.draft, ready.person
    assert draft is not None, "the words were looked for"
    assert person is not None, "and their asker"
    words = message.fields.get("words", draft.words).strip()
    if not words or len(words) > MOST_WORDS:
        return _again(message, draft, words)
    if ready.concern.tier != "plain":
        decision = _gate(message, ready.concern, None, fresh)
        return replace(decision, writes=(*decision.writes, DropDraft(draft.id)))
    answer = refs.from_json(draft.facts["answer"])  # type: ignore[arg-type]
    mine = in_force(book, person, local_day(message.at))
    policy = asked_about(answer, mine, book)
    if policy is None:
        return _say(message, "expired")
    kept = Question(fresh.question, policy.school, policy.id, words, message.at.date())
    told: dict[str, Json] = {"policy": policy.id}
    post = _to_owner(policy, kept.id, book)
    if not post:
        return _say(message, "owner_missing")
    out = (*_say(message, "owner_sent", told).out, *post)
    return Decision(out, (KeepQuestion(kept), DropDraft(draft.id)), message.key)


def _again(message: Pressed, draft: Draft, words: str) -> Decision:
    """The form once more with its mistake beside it, and with what was typed."""
    error = "long" if words else "empty"
    kept = replace(draft, words=words[:MOST_KEPT] or draft.words)
    decision = _say(message, "owner_confirm", {**_from(kept), "error": error}, SaveDraft(kept))
    key = f"{message.key} {error}"
    return replace(decision, out=tuple(replace(out, key=key) for out in decision.out))


def _to_owner(policy: Policy, question: str, book: Book) -> list[Outgoing]:
    """A post to whoever owns the policy, where somebody does."""
    if not (owner := owner_of(policy, book)):
        return []
    to, key = owner.person, f"owner:{question}"
    return [Outgoing(to, "owner_question", {"question": question}, "post", to, key)]


def _settled(message: Pressed, person: Person, reads: Reads, book: Book) -> Decision:
    """Delete a question that is dealt with. Whose it is not is told no more than that it is not there."""
    mine = questions_for(person, reads.questions(None), book, local_day(message.at))
    found = [q for q in mine if message.action == f"settle {q.id}"]
    if not found:
        return _say(message, "question_gone")
    decision = _say(message, "question_done", {"policy": found[0].policy})
    return replace(decision, writes=(SettleQuestion(found[0].id),))


def key_of(message: Said | Pressed) -> str:
    """What this message is remembered by. What files something goes by our own token, so that two
    tabs or two delivery ids still have one effect."""
    if isinstance(message, Pressed) and message.action.startswith("send "):
        return sha256(f"{message.person} {message.action}".encode(errors="replace")).hexdigest()
    return message.key
