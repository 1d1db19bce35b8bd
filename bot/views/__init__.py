"""What each template may speak of: the records an Outgoing names, read at the moment of sending."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from bot.core import refs
from bot.core.answers import Answer, Book, Cite
from bot.core.book import in_force
from bot.core.cards import Card, Quote
from bot.core.gate import Concern, Gate, Route, first_call
from bot.core.guides import Slot
from bot.core.health.check import touching
from bot.core.health.flags import Flag
from bot.core.health.told import banner
from bot.core.messages import Outgoing
from bot.core.owners import asked_about, owner_of
from bot.core.people import Holder, Person, local_day
from bot.core.policies import Policy, spoken
from bot.core.records import Reads
from bot.views.quoting import Quoting
from bot.views.whom import Whom
from bot.wording import CARDS, US, Wording

# What the card of a policy tells of it.
FACTS = ("version", "approved", "approver", "review_due", "owner")


@dataclass(frozen=True)
class Views:
    """Outgoing -> Card. ``look`` reads the records, at the moment of sending."""

    book: Book
    gate: Gate
    wording: Wording
    people: Mapping[str, Person]
    look: Callable[[Callable[[Reads], Any]], Any]
    now: Callable[[], datetime]

    @cached_property
    def _whom(self) -> Whom:
        return Whom(self.book, self.gate, self.people, self._today)

    @cached_property
    def _quoting(self) -> Quoting:
        return Quoting(self.book.policies, lambda line: self.wording.line("_top", {"line": line}))

    def _today(self) -> date:
        return local_day(self.now())

    def card(self, out: Outgoing) -> Card:
        """What ``out`` shows to whom it is for; whoever is off the staff list by now is shown nothing."""
        if self._is_off_the_list(out):
            return self.wording.card("stranger", self._about_us(""))
        if self._is_stale(out):
            return self.wording.card("expired", self._about_us(out.to))
        view, quotes = self._view(out)
        return self.wording.card(out.template, view, quotes)

    def _is_off_the_list(self, out: Outgoing) -> bool:
        """Whom it is for has left, or is not here at all any more when it is sent."""
        known = self.people.get(out.to)
        if known is None:
            return out.kind == "post"
        return bool(known.memberships) and not known.at(self._today())

    def _is_stale(self, out: Outgoing) -> bool:
        """The words it would show have run out, or a policy was imported anew without its clause."""
        about: dict[str, Any] = dict(out.refs)
        if out.template == "owner_confirm":
            return not self._words(about["draft"])
        policies = self.book.policies
        shown = [(c["policy"], c["clause"]) for c in about.get("answer", {}).get("cites", ())]
        shown += [(p, c) for p, c in about.get("answer", {}).get("ranked", ())]
        told = [*about.get("answer", {}).get("told", ()), *filter(None, [about.get("policy")])]
        gone = any(p not in policies or c not in policies[p].by_id for p, c in shown)
        return gone or any(p not in policies for p in told)

    def _view(self, out: Outgoing) -> tuple[dict[str, Any], Sequence[Quote]]:
        about: dict[str, Any] = dict(out.refs)
        match out.template:
            case "gate" | "danger_yes" | "danger_no":
                return self._gate(out.to, about), ()
            case "concern":
                return self._concern(out.to, about), ()
            case "owner_confirm":
                return self._owner_form(about["draft"], about.get("error", "")), ()
            case "owner_question":
                return self._question(about["question"]), ()
            case "owner_sent" | "owner_missing":
                policy = self._quoting.title(about.get("policy", ""))
                return {"policy": policy, "manager": self._whom.turn_to("manager", out.to)}, ()
            case "question_done":
                return {"policy": self._quoting.title(about["policy"])}, ()
            case "question_gone":
                return {}, ()
            case "policy":
                return self._policy(out.to, self.book.policies[about["policy"]]), ()
        if CARDS.get(out.template) == US:
            return self._about_us(out.to), ()
        return self._answer(out.template, out.to, about)

    # The gate ------------------------------------------------------------------------------------

    def _gate(self, person: str, about: Mapping[str, Any]) -> dict[str, Any]:
        named = tuple(about.get("named", ()))
        concern = Concern("full", about["route"], about["about"], about["imagery"], named)
        school = self._whom.school(person)
        tell = self._whom.to_tell(concern, person)
        first = first_call(self.gate, concern, school)
        open_to = first if first and first.person not in (person, *named) else None
        return {
            "concern": concern,
            "tell": tell,
            "numbers": school.numbers,
            "dsl": open_to or next(iter(tell), None),
            "policy_action": f"policy {about['draft']}" if about.get("waiting") else "",
            "asks_head": self._whom.is_head(person),
            "left_out": [self.people[id].name for id in named if id in self.people],
        }

    def _concern(self, person: str, about: Mapping[str, Any]) -> dict[str, Any]:
        """Nothing is known yet: whom to tell about a child, an adult, the head."""
        kinds: dict[str, tuple[Route, str]] = {
            "child": ("dsl", "pupil"),
            "adult": ("lado_via_head", "adult"),
            "head": ("chair_of_governors", "head"),
        }
        tell = {
            kind: next(iter(self._whom.to_tell(Concern("full", route, whom), person)), None)
            for kind, (route, whom) in kinds.items()
        }
        numbers = self._whom.school(person).numbers
        return {"tell": tell, "numbers": numbers, "asks_head": self._whom.is_head(person)}

    # Questions to the owner ----------------------------------------------------------------------

    def _words(self, draft: str) -> str:
        found = self.look(lambda reads: reads.draft(draft, self.now()))
        return found.words if found else ""

    def _owner_form(self, draft: str, error: str) -> dict[str, Any]:
        """A field that was left empty comes back empty, whatever the draft still has."""
        words = "" if error == "empty" else self._words(draft)
        return {"words": words, "draft": draft, "error": error}

    def _question(self, question: str) -> dict[str, Any]:
        asked = self.look(lambda reads: [q for q in reads.questions(None) if q.id == question])
        if not asked:
            return {"words": [], "policy": ""}
        return {
            "words": asked[0].words.splitlines(),
            "policy": self._quoting.title(asked[0].policy),
        }

    def _owns(self, answer: Answer, person: str) -> bool:
        """Whether a question sent to the policy's owner would go to its own asker."""
        policy = asked_about(answer, self._in_force(person), self.book)
        owner = owner_of(policy, self.book) if policy else None
        return owner is not None and owner.person == person

    def _in_force(self, person: str) -> tuple[str, ...]:
        known = self.people.get(person)
        return in_force(self.book, known, self._today()) if known else ()

    def _about_us(self, person: str) -> dict[str, Any]:
        school = self._whom.school(person)
        known = self.people.get(person)
        mine = self._in_force(person)
        return {
            "name": known.name if known else "",
            "policies": self._quoting.places(mine),
            "dsl": school.holder("dsl"),
            "numbers": school.numbers,
        }

    def _policy(self, person: str, policy: Policy) -> dict[str, Any]:
        """What a policy says of itself and is made of, and what is wrong with all of it."""
        flags = self.book.flags(self._in_force(person), self._today())
        told = touching(flags, (), (policy.id,), self.book.health)
        said = ((name, spoken(getattr(policy, name))) for name in FACTS)
        return {
            "title": policy.title,
            "banners": self._banners(told),
            "facts": [{"name": name, "value": value} for name, value in said if value],
            "sections": self._quoting.sections(policy),
        }

    # Answers -------------------------------------------------------------------------------------

    def _answer(
        self, template: str, person: str, about: Mapping[str, Any]
    ) -> tuple[dict[str, Any], list[Quote]]:
        answer = refs.from_json(about["answer"])
        cites = _others(answer) if template == "not_this" else answer.cites
        slot = self._slot(answer)
        first = self._quoting.way(*answer.ranked[0]) if answer.ranked else {"link": "", "read": ""}
        concern = Concern(
            "full", "dsl", about.get("about", ""), named=tuple(about.get("named", ()))
        )
        barred = self._whom.barred(concern, person)
        return {
            "answer": answer,
            "marks": [cite.mark for cite in cites],
            "draft": about["draft"],
            "words": about.get("words", False) and not self._owns(answer, person),
            "danger": about.get("danger", False),
            "dsl": next(iter(self._whom.to_tell(concern, person)), None),
            "council": self._whom.school(person).numbers.get("council", ""),
            "next": _but(self._whom.turn_to(answer.turn_to, person), barred),
            "manager": self._whom.turn_to("manager", person),
            "banners": self._banners(answer.flags),
            "options": [{"id": o.id, "label": o.label} for o in slot.buttons] if slot else [],
            "ask": slot.ask if slot else "",
            "titles": {p: self._quoting.title(p) for p in self.book.policies},
            "title": self._quoting.title(answer.ranked[0][0]) if answer.ranked else "",
            "stricter": self._quoting.title(answer.stricter),
            "silent": [self._quoting.title(p) for p in answer.silent],
            "facts": self._facts(answer),
            "holders": self._whom.holders(answer.role, person),
            "many": len({p for p, _ in answer.ranked}) > 1,
            "section": first["link"],
            "read": first["read"],
            "heading": self._quoting.heading(answer),
            "inner": self._quoting.inner(answer),
            "about": self._quoting.about(answer.told[0]) if answer.told else "",
            "whole": answer.kind == "section" and not answer.number,
            "places": self._quoting.places(answer.told),
        }, self._quoting.quotes(cites, answer)

    def _banners(self, flags: Sequence[Flag]) -> list[str]:
        """What is wrong with the policies and clauses a card shows, each sentence once."""
        told = (banner(f, self.book.health, self.book.policies) for f in flags)
        return list(dict.fromkeys(filter(None, told)))

    def _slot(self, answer: Answer) -> Slot | None:
        """What is asked back, if anything is."""
        guide = next((g for g in self.book.guides if g.id == answer.guide), None)
        return next((s for s in guide.slots if s.id == answer.slot), None) if guide else None

    def _facts(self, answer: Answer) -> list[dict[str, str]]:
        """What front matter says for a question of record, policy by policy, where no quote says it."""
        kinds = {
            "current": ("replaced_on", "replaced_by", "review_due"),
            "overdue_ones": ("review_due", "replaced_on"),
        }
        quoted = {(cite.policy, cite.clause) for cite in answer.cites}
        found = []
        for policy in answer.told:
            told = self.book.policies[policy]
            for name in kinds.get(answer.record, (answer.record,)):
                value = getattr(told, name, "")
                if value and (policy, told.said.get(name, "")) not in quoted:
                    found.append({"name": name, "value": spoken(value), "title": told.title})
        return found


def _but(held: Holder | None, barred: set[str]) -> Holder | None:
    return held if held and held.person not in barred else None


def _others(answer: Answer) -> tuple[Cite, ...]:
    """The clauses that came next, for somebody who meant something else."""
    return tuple(Cite(policy, clause, 0, "also") for policy, clause in answer.ranked[1:5])
