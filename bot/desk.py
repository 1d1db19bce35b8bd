"""The one door in. Every message is received here.

Prepare, outside the transaction: who it is, the gate and the search on every free text, whether or
not they will be needed. Decide, inside: pure. Commit: all or nothing; nothing is acknowledged before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, TypeVar

from bot.core.answers import Answer, Ask, Book, Find, answer
from bot.core.book import in_force
from bot.core.decide import PLAIN, Command, Fresh, Prepared, decide
from bot.core.gate import Concern
from bot.core.messages import Incoming, Outgoing, Pressed
from bot.core.numbered import number_in
from bot.core.owner_form import MOST_WORDS
from bot.core.people import Person, local_day
from bot.core.phrases import plain
from bot.core.records import Decision, Draft, DropExpired, Reads
from bot.core.verdicts import AUDIENCE

T = TypeVar("T")
# Words that alone ask nothing.
HOLLOW = frozenset(("the", "an", "of", "to", "and", "it", "is", "in", "on", "a", "i"))


class Store(Protocol):
    """What the desk asks of the records. Implemented by bot.store.sqlite and bot.store.memory."""

    async def carry_out_async(
        self, decide: Callable[[Reads], Decision], key: str = ""
    ) -> Decision: ...
    def look(self, read: Callable[[Reads], T]) -> T: ...


@dataclass(frozen=True)
class Desk:
    """``gate`` reads a text, ``find`` searches, ``fresh`` gives unused ids; app.py hands them over."""

    store: Store
    book: Book
    people: Mapping[str, Person]
    gate: Callable[[str], Concern]
    asks_about_reports: Callable[[str], bool]
    find: Find
    commands: Mapping[Command, frozenset[str]]
    fresh: Callable[[], Fresh]

    async def receive(self, message: Incoming) -> Sequence[Outgoing]:
        """What to answer, and to open, at once. What is to be posted lies in the outbox by then."""
        ready = self._prepare(message)
        fresh = self.fresh()
        decision = await self.store.carry_out_async(
            lambda reads: self._decided(message, ready, reads, fresh),
            ready.key(message),
        )
        return [out for out in decision.out if out.kind != "post"]

    def _decided(self, message: Incoming, ready: Prepared, reads: Reads, fresh: Fresh) -> Decision:
        decision = decide(message, ready, reads, fresh, self.book)
        # Whatever else a message does, it clears away what ran out: not every door has a night.
        writes = (DropExpired(message.at), *decision.writes)
        return replace(decision, writes=writes)

    def _prepare(self, message: Incoming) -> Prepared:
        person = self.people.get(message.person)
        if person is None or not person.at(local_day(message.at)):
            return Prepared(None)
        if isinstance(message, Pressed):
            return self._prepare_press(message, person)
        concern = self.gate(message.text)
        command = self._command(message.text)
        if command:
            return Prepared(person, command, concern)
        ask = self.question(person, message.text[:MOST_WORDS], local_day(message.at))
        if concern.tier == "full":
            # What waits behind the gate is a clause: no verdict, and no guide's question.
            waiting = self.answer(replace(ask, guided=False))
            return Prepared(person, "", concern, replace(waiting, verdict=None))
        return Prepared(person, "", concern, self.answer(ask))

    def _prepare_press(self, message: Pressed, person: Person) -> Prepared:
        verb, *args = message.action.split(" ")
        if not args:
            return Prepared(person)
        draft = self.store.look(lambda reads: reads.draft(args[0], message.at))
        if draft is None or verb != "pick" or len(args) != 3:
            concern = self.gate("\n".join(message.fields.values())) if message.fields else PLAIN
            return Prepared(person, concern=concern, draft=draft)
        return Prepared(person, draft=draft, answer=self._picked(draft, person, message, args))

    def _picked(
        self, draft: Draft, person: Person, message: Pressed, args: list[str]
    ) -> Answer | None:
        """The answer further down the guide; None when the button names nothing in it."""
        asked = draft.facts.get("answer")
        if not isinstance(asked, dict):
            return None
        guide = next((g for g in self.book.guides if g.id == asked.get("guide")), None)
        slot = next((s for s in guide.slots if s.id == args[1]), None) if guide else None
        if guide is None or slot is None or args[2] not in {o.id for o in slot.options}:
            return None
        before = asked.get("filled")
        filled = {**(before if isinstance(before, dict) else {}), args[1]: args[2]}
        ask = self.question(person, draft.words[:MOST_WORDS], local_day(message.at))
        known = {name: str(chosen) for name, chosen in filled.items()}
        return self.answer(replace(ask, guide=guide.id, filled=known))

    def question(self, person: Person, text: str, today: date) -> Ask:
        """A question as this person asks it: their policies, and the audience they belong to."""
        mine = in_force(self.book, person, today)
        roles = {role for m in person.at(today) for role in m.roles}
        outside = [role for role in AUDIENCE if role in roles]
        role = outside[0] if outside and "staff" not in roles else "staff"
        return Ask(text, mine, today, role, frozenset(roles - {"staff", "manager"}))

    def answer(self, ask: Ask) -> Answer:
        """The very call that chat, terminal, ``ask`` and its batch make."""
        return answer(ask, self.book, self.find)

    def _command(self, text: str) -> Command:
        said = plain(text).strip()
        if not number_in(text) and not any(
            len(word) > 1 and word not in HOLLOW for word in said.split()
        ):
            return "empty"
        if self.asks_about_reports(text):
            return "reports"
        return next((name for name, words in self.commands.items() if said in words), "")
