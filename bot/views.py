"""What each template may speak of: the records an Outgoing names, read at the moment of sending."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from bot.core import refs
from bot.core.answers import Answer, Book, Cite
from bot.core.book import in_force
from bot.core.cards import Card, Quote
from bot.core.gate import Concern, Gate, Route, first_call, who_to_tell
from bot.core.guides import Slot
from bot.core.health.check import touching
from bot.core.health.flags import Flag
from bot.core.health.told import banner
from bot.core.messages import Outgoing
from bot.core.owners import asked_about, owner_of
from bot.core.people import Holder, Membership, Person, School, local_day
from bot.core.policies import Clause, Policy, sentences, spoken
from bot.core.records import Reads
from bot.core.sections import headings_of, section_of, sections
from bot.wording import CARDS, US, Wording

# What the card of a policy tells of it.
FACTS = ("version", "approved", "approver", "review_due", "owner")
# Who could carry a concern when everybody it would go to is left out, and whom it may be about.
LAST = ("headteacher", "chair_of_governors", "dsl", "deputy_dsl")
SUBJECT = {"head": "headteacher", "dsl": "dsl", "chair": "chair_of_governors"}


@dataclass(frozen=True)
class Views:
    """Outgoing -> Card. ``look`` reads the records, at the moment of sending."""

    book: Book
    gate: Gate
    wording: Wording
    people: Mapping[str, Person]
    look: Callable[[Callable[[Reads], Any]], Any]
    now: Callable[[], datetime]

    def card(self, out: Outgoing) -> Card:
        """What ``out`` shows to whom it is for; whoever is off the staff list by now is shown nothing."""
        if self._is_off_the_list(out):
            return self.wording.card("stranger", self._about_us(""))
        if self._is_stale(out):
            return self.wording.card("expired", self._about_us(out.to))
        view, quotes = self._view(out)
        return self.wording.card(out.template, view, quotes)

    def _is_off_the_list(self, out: Outgoing) -> bool:
        """Whom it is for has left, or is not here at all for what they did not ask for."""
        known = self.people.get(out.to)
        if known is None:
            return out.template == "owner_question"
        return bool(known.memberships) and not self._now_at(known)

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
                policy = self._title(about.get("policy", ""))
                return {"policy": policy, "manager": self._turn_to("manager", out.to)}, ()
            case "question_done":
                return {"policy": self._title(about["policy"])}, ()
            case "question_gone":
                return {}, ()
            case "policy":
                return self._policy(out.to, self.book.policies[about["policy"]]), ()
        if CARDS.get(out.template) == US:
            return self._about_us(out.to), ()
        return self._answer(out.template, out.to, about)

    # The people and numbers a card may name ------------------------------------------------------

    def _schools(self, person: str) -> list[School]:
        known = self.people.get(person)
        mine = [m.school for m in self._now_at(known)] if known else list(self.book.schools)
        found = [self.book.schools[s] for s in mine if s in self.book.schools]
        return found or list(self.book.schools.values())[:1]

    def _now_at(self, known: Person) -> tuple[Membership, ...]:
        return known.at(local_day(self.now()))

    def _holder(self, role: str, person: str) -> Holder | None:
        """The role's holder for this person; never the person, who cannot turn to herself."""
        for school in self._schools(person):
            held = self._manager(person, school) if role == "manager" else school.holder(role)
            if held and held.person != person:
                return held
        return None

    def _manager(self, person: str, school: School) -> Holder | None:
        known = self.people.get(person)
        for membership in self._now_at(known) if known else ():
            boss = self.people.get(membership.manager)
            if boss and membership.school == school.id:
                return Holder("manager", boss.id, boss.name, "your line manager")
        return None

    def _turn_to(self, role: str, person: str) -> Holder | None:
        """Who holds the role, else the head; the head's own line manager is the chair."""
        last = ("chair_of_governors",) if role == "manager" and self._is_head(person) else ()
        roles = (role, "headteacher", *last) if role else ()
        return next((held for one in roles if (held := self._holder(one, person))), None)

    def _is_head(self, person: str) -> bool:
        """Whether this is the head of one of their schools; a deputy is not."""
        heads = (school.holder("headteacher") for school in self._schools(person))
        return any(head is not None and head.person == person for head in heads)

    # The gate ------------------------------------------------------------------------------------

    def _gate(self, person: str, about: Mapping[str, Any]) -> dict[str, Any]:
        named = tuple(about.get("named", ()))
        concern = Concern("full", about["route"], about["about"], about["imagery"], named)
        school = next(iter(self._schools(person)), School("", ""))
        tell = self._tell(concern, school, person)
        first = first_call(self.gate, concern, school)
        open_to = first if first and first.person not in (person, *named) else None
        return {
            "concern": concern,
            "tell": tell,
            "numbers": school.numbers,
            "dsl": open_to or next(iter(tell), None),
            "policy_action": f"policy {about['draft']}" if about.get("waiting") else "",
            "asks_head": self._is_head(person),
            "left_out": [self.people[id].name for id in named if id in self.people],
        }

    def _tell(self, concern: Concern, school: School, person: str) -> list[Holder]:
        """Whom to tell: never the asker, never anybody the words name. Nothing known: as about a child.
        Where that leaves nobody, whoever else could carry it. The head turns to nobody who stands in
        for the head."""
        meant = concern if concern.route else replace(concern, route="dsl")
        never = {person, *concern.named}
        ask = [h for h in who_to_tell(self.gate, meant, school) if not self._below(h, person)]
        told = [h for h in ask if h.person not in never]
        if told or concern.route == "own_safety":
            return told
        barred = {person} | self._barred(concern, school)
        others = (h for role in LAST for h in school.holders.get(role, ()))
        return [h for h in others if h.person not in barred and not self._below(h, person)][:2]

    def _below(self, held: Holder, person: str) -> bool:
        """Whether this is a deputy of the very person who asks as the head."""
        return held.role in ("headteacher", "deputy_head") and self._is_head(person)

    def _barred(self, concern: Concern, school: School) -> set[str]:
        """Whom the concern is about, as far as its words say."""
        held = school.holders.get(SUBJECT.get(concern.about, ""), ())
        return {*concern.named, *(h.person for h in held)}

    def _concern(self, person: str, about: Mapping[str, Any]) -> dict[str, Any]:
        """Nothing is known yet: whom to tell about a child, an adult, the head."""
        school = next(iter(self._schools(person)), School("", ""))
        kinds: dict[str, tuple[Route, str]] = {
            "child": ("dsl", "pupil"),
            "adult": ("lado_via_head", "adult"),
            "head": ("chair_of_governors", "head"),
        }
        tell = {
            kind: next(iter(self._tell(Concern("full", route, whom), school, person)), None)
            for kind, (route, whom) in kinds.items()
        }
        return {"tell": tell, "numbers": school.numbers, "asks_head": self._is_head(person)}

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
        return {"words": asked[0].words.splitlines(), "policy": self._title(asked[0].policy)}

    def _owns(self, answer: Answer, person: str) -> bool:
        """Whether a question sent to the policy's owner would go to its own asker."""
        policy = asked_about(answer, self._in_force(person), self.book)
        owner = owner_of(policy, self.book) if policy else None
        return owner is not None and owner.person == person

    def _in_force(self, person: str) -> tuple[str, ...]:
        known = self.people.get(person)
        return in_force(self.book, known, local_day(self.now())) if known else ()

    def _about_us(self, person: str) -> dict[str, Any]:
        schools = self._schools(person)
        known = self.people.get(person)
        mine = self._in_force(person)
        return {
            "name": known.name if known else "",
            "policies": self._places(mine),
            "dsl": schools[0].holder("dsl") if schools else None,
            "numbers": schools[0].numbers if schools else {},
        }

    # Answers -------------------------------------------------------------------------------------

    def _answer(
        self, template: str, person: str, about: Mapping[str, Any]
    ) -> tuple[dict[str, Any], list[Quote]]:
        answer = refs.from_json(about["answer"])
        cites = _others(answer) if template == "not_this" else answer.cites
        slot = self._slot(answer)
        quotes = _led_once([self._quote(cite) for cite in cites])
        if answer.kind == "section":
            quotes = self._as_it_reads(cites, quotes, whole=not answer.number)
        concern = Concern(
            "full", "dsl", about.get("about", ""), named=tuple(about.get("named", ()))
        )
        school = next(iter(self._schools(person)), School("", ""))
        barred = self._barred(concern, school)
        return {
            "answer": answer,
            "marks": [cite.mark for cite in cites],
            "draft": about["draft"],
            "words": about.get("words", False) and not self._owns(answer, person),
            "danger": about.get("danger", False),
            "dsl": next(iter(self._tell(concern, school, person)), None),
            "council": school.numbers.get("council", ""),
            "next": _but(self._turn_to(answer.turn_to, person), barred),
            "manager": self._turn_to("manager", person),
            "banners": self._banners(answer.flags),
            "options": [{"id": o.id, "label": o.label} for o in slot.buttons] if slot else [],
            "ask": slot.ask if slot else "",
            "titles": {p: self._title(p) for p in self.book.policies},
            "title": self._title(answer.ranked[0][0]) if answer.ranked else "",
            "stricter": self._title(answer.stricter),
            "silent": [self._title(p) for p in answer.silent],
            "facts": self._facts(answer),
            "holders": self._role_holders(answer.role, person),
            "many": len({p for p, _ in answer.ranked}) > 1,
            "section": self._link(*answer.ranked[0]) if answer.ranked else "",
            "read": " ".join(("read", *answer.ranked[0])) if answer.ranked else "",
            "heading": self._heading(answer),
            "inner": self._inner(answer),
            "about": _source(self.book.policies[answer.told[0]], "") if answer.told else "",
            "whole": answer.kind == "section" and not answer.number,
            "places": self._places(answer.told),
        }, quotes

    def _places(self, policies: Sequence[str]) -> list[dict[str, str]]:
        """Policies by name, with the page of each and the press that shows it in a chat."""
        titled = ((p, self._title(p)) for p in policies)
        return [
            {"id": p, "title": t, "link": f"/policies/{p}", "read": f"read {p}"} for p, t in titled
        ]

    def _policy(self, person: str, policy: Policy) -> dict[str, Any]:
        """What a policy says of itself and is made of, and what is wrong with all of it."""
        flags = self.book.flags(self._in_force(person), local_day(self.now()))
        told = touching(flags, (), (policy.id,), self.book.health)
        said = ((name, spoken(getattr(policy, name))) for name in FACTS)
        return {
            "title": policy.title,
            "banners": self._banners(told),
            "facts": [{"name": name, "value": value} for name, value in said if value],
            "sections": [
                {"name": one.name, "link": self._link(policy.id, one.clauses[0].id)}
                | {"read": f"read {policy.id} {one.clauses[0].id}"}
                for one in sections(policy)
                if one.name
            ],
        }

    def _banners(self, flags: Sequence[Flag]) -> list[str]:
        """What is wrong with the policies and clauses a card shows, each sentence once."""
        told = (banner(f, self.book.health, self.book.policies) for f in flags)
        return list(dict.fromkeys(filter(None, told)))

    def _title(self, policy: str) -> str:
        return self.book.policies[policy].title if policy in self.book.policies else ""

    def _heading(self, answer: Answer) -> str:
        """The heading of a section, asked for by its number or shown whole."""
        if answer.kind != "section" or not answer.ranked:
            return ""
        policy, clause = answer.ranked[0]
        if not answer.number:
            return section_of(self.book.policies[policy], clause).name
        heads = self.book.policies[policy].by_id[clause].headings
        return next((head for head in heads if re.match(rf"\D*{answer.number}\b", head)), "")

    def _inner(self, answer: Answer) -> list[str]:
        """Over each clause of a section the headings inside it, where others begin there."""
        policies = self.book.policies
        clauses = [(policies[c.policy], policies[c.policy].by_id[c.clause]) for c in answer.cites]
        inner = [" · ".join(headings_of(policy, clause)[1:]) for policy, clause in clauses]
        return [now if now != before else "" for before, now in pairwise(["", *inner])]

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

    def _role_holders(self, role: str, person: str) -> list[Holder]:
        """Who holds the role; an outside body has a number and no name."""
        found: list[Holder] = []
        for school in self._schools(person):
            number = school.numbers.get(role, "")
            outside = [Holder(role, "", role.upper(), role.upper(), number)] if number else []
            found += school.holders.get(role, ()) or outside
        return found

    def _quote(self, cite: Cite) -> Quote:
        policy = self.book.policies[cite.policy]
        clause = policy.by_id[cite.clause]
        lead = policy.lead_of(clause)
        spans = sentences(clause.text)
        strong = spans[min(cite.sentence, len(spans) - 1)] if spans else (0, 0)
        deciding = cite.mark in ("answer", "a", "b")
        return Quote(
            clause.text,
            _source(policy, self._place(clause)),
            lead.text if lead else "",
            strong if deciding and clause.kind == "clause" else (0, 0),
            self._link(cite.policy, cite.clause),
        )

    def _as_it_reads(self, cites: Sequence[Cite], quotes: list[Quote], whole: bool) -> list[Quote]:
        """A section's clauses: a lead-in that stands there itself is not said again, and what is said
        of the whole of it is not said of each."""
        known = [self.book.policies[c.policy].by_id[c.clause] for c in cites]
        there = {clause.id for clause in known}
        read = []
        for clause, quote in zip(known, quotes, strict=True):
            source = self._place(clause) if whole else ""
            lead = "" if clause.lead in there else quote.lead
            read.append(replace(quote, lead=lead, source=source or quote.source))
        return read

    def _place(self, clause: Clause) -> str:
        """Where a clause stands, as people say it: its number, or which line at the top it is."""
        _, front, line = clause.label.partition("Front matter: ")
        return self.wording.line("_top", {"line": line}) if front else clause.label

    def _link(self, policy: str, clause: str) -> str:
        return f"/policies/{policy}/c/{clause}"


def _source(policy: Policy, place: str) -> str:
    version = f"version {policy.version}" if policy.version else ""
    dated = ", ".join(part for part in (version, spoken(policy.approved)) if part)
    return " · ".join(part for part in (place, policy.title, dated) if part)


def _led_once(quotes: list[Quote]) -> list[Quote]:
    """Bullets quoted one after the other show their lead-in once."""
    before = [""] + [quote.lead for quote in quotes]
    pairs = zip(quotes, before, strict=False)
    return [replace(quote, lead="") if quote.lead == lead else quote for quote, lead in pairs]


def _but(held: Holder | None, barred: set[str]) -> Holder | None:
    return held if held and held.person not in barred else None


def _others(answer: Answer) -> tuple[Cite, ...]:
    """The clauses that came next, for somebody who meant something else."""
    return tuple(Cite(policy, clause, 0, "also") for policy, clause in answer.ranked[1:5])
