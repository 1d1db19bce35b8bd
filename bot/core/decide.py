"""What follows from one message: pure. The desk prepares, this decides, the store commits.

A message that may describe a live concern never gets policy text alone. Nothing here pings anybody
because of a message: that takes a press, and a form that comes later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import Literal

from bot.core import in_policy, owner_form, refs
from bot.core.answers import Answer, Book
from bot.core.gate import Concern
from bot.core.gated import facts_of, is_danger, shown, whom
from bot.core.messages import Json, Pressed, Said
from bot.core.people import Person
from bot.core.phrases import plain
from bot.core.records import Decision, Draft, DraftKind, DropDraft, Reads, SaveDraft
from bot.core.saying import for_all, say

# How long what was typed is kept, sealed, so that a button under an answer still works.
WORDS_KEPT = timedelta(hours=1)
# How long "it's a policy question" holds in one conversation. Danger to life is gated all the same.
WAIVED_FOR = timedelta(minutes=30)

PLAIN = Concern()
# Presses that lead to one card, whoever presses.
GREETINGS = {"help": "help", "hello": "welcome", "home": "home", "keep": "not_sent"}
# Of these, the ones that opening a conversation makes: nobody said or pressed anything.
OPENED = ("hello", "home")
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

    def key(self, message: Said | Pressed) -> str:
        """What the message is remembered by. Where the gate has a say nothing is filed: each delivery is
        met, even from a second window of a form that was sent."""
        return key_of(message) if self.concern.tier == "plain" else message.key


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
    if message.private and not (isinstance(message, Said) and for_all(decision)):
        message = _alone(message)
        decision = _decided(message, ready, reads, fresh, book)
    writes = (*decision.writes, *_asked_before(message, decision, reads))
    return replace(decision, writes=writes, key="" if _refused(decision) else ready.key(message))


def _decided(
    message: Said | Pressed, ready: Prepared, reads: Reads, fresh: Fresh, book: Book
) -> Decision:
    if ready.person is None:
        return _first(message, say(message, "stranger"))
    if isinstance(message, Said):
        return _said(message, ready, reads, fresh)
    return _first(message, _pressed(message, ready, reads, fresh, book))


def _alone(message: Said | Pressed) -> Said | Pressed:
    """The same in the person's own conversation. What was pressed stays there for the others."""
    alone = replace(message, place=message.private, private="", reply="post", under="")
    return replace(alone, card="") if isinstance(alone, Pressed) else alone


def _refused(decision: Decision) -> bool:
    """A form with a mistake in it: nothing is remembered, so that it may come again."""
    return any(out.refs.get("error") for out in decision.out)


def _first(message: Said | Pressed, decision: Decision) -> Decision:
    """Who opens the conversation is greeted once, however often it is opened; and once more when they
    have come onto the staff list since."""
    if not isinstance(message, Pressed) or message.action != "hello":
        return decision
    return replace(decision, out=tuple(o.posted(f"{o.template} {o.place}") for o in decision.out))


def _asked_before(
    message: Said | Pressed, decision: Decision, reads: Reads
) -> tuple[SaveDraft, ...]:
    """Gate cards whose question is no longer the last thing said here: a typed "yes" is not for them.
    Their buttons still work. Who only looks into the conversation has said nothing."""
    if isinstance(message, Pressed) and message.action in OPENED:
        return ()
    new = {write.draft.id for write in decision.writes if isinstance(write, SaveDraft)}
    gates = reads.drafts_of(message.person, message.place, "gate", message.at)
    old = (draft for draft in gates if draft.facts.get("asks") and draft.id not in new)
    return tuple(SaveDraft(replace(d, facts={**d.facts, "asks": False})) for d in old)


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
        return say(message, ready.command)
    assert ready.answer is not None, "the desk prepares an answer for every question"
    about = facts_of(ready.concern) if tier == "line" else None
    return _answered(message, ready.answer, message.text, fresh, about)


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
    facts = {**facts_of(concern), "asks": True}
    if answer is not None and isinstance(message, Said):
        trace = _trace(message.text, fresh.draft)
        facts |= {"answer": refs.to_json(answer), "said": trace, "salt": fresh.draft}
    kept = _draft(message, fresh, "gate", "", facts)
    template = "gate" if concern.route else "concern"
    return say(message, template, shown(kept.draft), kept)


def _answered(
    message: Said | Pressed,
    answer: Answer,
    words: str,
    fresh: Fresh,
    concern: Mapping[str, Json] | None = None,
) -> Decision:
    """The answer's card. ``concern``: under a danger line, whom it is about; then the words are not
    kept, for the gate had a say in it."""
    danger = concern is not None
    facts: dict[str, Json] = {"answer": refs.to_json(answer), "danger": danger, **(concern or {})}
    kept = _draft(message, fresh, "question", "" if danger else words, facts)
    return say(message, answer.kind, {**facts, **owner_form.about(kept.draft)}, kept)


def _draft(
    message: Said | Pressed,
    fresh: Fresh,
    kind: DraftKind,
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
        return say(message, GREETINGS[verb])
    if verb == "settle" and ready.person:
        return owner_form.settled(message, ready.person, reads, book)
    if verb == "read" and ready.person:
        return in_policy.read(message, ready.person, reads, book)
    if ready.draft is None or ready.draft.person != message.person:
        return _run_out(message, ready, fresh)
    match verb:
        case "pick" if ready.answer is not None:
            about = whom(ready.draft) if is_danger(ready.draft) else None
            return _answered(message, ready.answer, ready.draft.words, fresh, about)
        case "policy" if ready.draft.kind == "gate" and "answer" in ready.draft.facts:
            return _waived(message, ready.draft, fresh)
        case "not-this" if "answer" in ready.draft.facts:
            return _not_this(message, ready.draft)
        case "owner" if ready.draft.words:
            return owner_form.confirm(message, ready.draft)
        case "send" if ready.draft.words and ready.person:
            return _sent(message, ready.draft, ready.person, ready.concern, fresh, book)
    return _run_out(message, ready, fresh)


def _run_out(message: Pressed, ready: Prepared, fresh: Fresh) -> Decision:
    """A button that leads nowhere any more; but what describes a concern is met all the same."""
    if ready.concern.tier == "plain":
        return say(message, "expired")
    return _gate(message, ready.concern, None, fresh)


def _not_this(message: Pressed, draft: Draft) -> Decision:
    about = {"answer": draft.facts["answer"], "danger": is_danger(draft), **whom(draft)}
    return say(message, "not_this", {**about, **owner_form.about(draft)})


def _sent(
    message: Pressed, draft: Draft, person: Person, concern: Concern, fresh: Fresh, book: Book
) -> Decision:
    """To the policy's owner; but what describes a concern goes nowhere and is not kept."""
    if concern.tier == "plain":
        return owner_form.sent(message, draft, person, fresh.question, book)
    decision = _gate(message, concern, None, fresh)
    return replace(decision, writes=(*decision.writes, DropDraft(draft.id)))


def _yes_or_no(message: Said, word: str, reads: Reads) -> Decision:
    """Typed in place of a press, right after the gate asked whether anyone is in danger."""
    gates = reads.drafts_of(message.person, message.place, "gate", message.at)
    if any(draft.facts.get("asks") for draft in gates):
        return _danger(message, reads, no=word == "no")
    return say(message, "help")


def _danger(message: Said | Pressed, reads: Reads, no: bool) -> Decision:
    """Whom to ring. The gate's draft says whom it is about; without it the card still says 999."""
    gates = reads.drafts_of(message.person, message.place, "gate", message.at)
    drafts = [draft for draft in gates if draft.facts.get("asks")] or gates
    about = shown(drafts[0]) if drafts else {**facts_of(Concern("full")), "waiting": False}
    return say(message, "danger_no" if no else "danger_yes", about)


def _waived(message: Pressed, draft: Draft, fresh: Fresh) -> Decision:
    """*It's a policy question*: answered at once, and not asked again about the same words."""
    facts = {name: draft.facts[name] for name in ("said", "salt") if name in draft.facts}
    waived = _draft(message, fresh, "waived", "", facts)
    answer = draft.facts["answer"]
    assert isinstance(answer, dict)
    about: dict[str, Json] = {"answer": answer, "draft": draft.id, "danger": True, "words": False}
    return say(message, str(answer["kind"]), {**whom(draft), **about}, waived)


def key_of(message: Said | Pressed) -> str:
    """What this message is remembered by. What files something goes by our own token, so that two
    tabs or two delivery ids still have one effect."""
    if isinstance(message, Pressed) and message.action.startswith("send "):
        return sha256(f"{message.person} {message.action}".encode(errors="replace")).hexdigest()
    return message.key
