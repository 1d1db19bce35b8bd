"""Defects planted by code: each kind in three places of any pack, and near misses that are no fault."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.core.health.data import Health
from bot.core.health.reads import Read
from bot.core.phrases import plain
from bot.core.policies import Clause, Policy
from tests.bench import sets

PLACES = 3
# At least three other wordings of each kind of sentence, as schools write them.
WORDINGS = Path(__file__).parent / "health_wordings.jsonl"

# Where words are taken out, what leaned on them may be told as well: these kinds, and no other.
FOLLOWS: Mapping[str, frozenset[str]] = {
    "overdue": frozenset({"no_date"}),
    "no_misuse_route": frozenset({"no_child_route", "about_the_head", "report_to_nobody"}),
    "no_child_route": frozenset({"no_misuse_route", "about_the_head", "report_to_nobody"}),
    "about_the_head": frozenset(
        {"about_the_head", "no_misuse_route", "no_child_route", "report_to_nobody"}
    ),
    "audience_gap": frozenset(),
}

# A sentence of each kind for each place. It is added to a clause that stands by itself.
SENTENCES: Mapping[str, tuple[str, str, str]] = {
    "blank": ("Ring ________ first.", "Tell [insert name] at once.", "The contact is TBC."),
    "slash": (
        "The school/trust will help.",
        "Ask the Headteacher/Principal.",
        "The academy/college helps.",
    ),
    "template": (
        "This model policy may be changed.",
        "Schools can adopt it as it stands.",
        "Change this to suit your school.",
    ),
    "dead_link": (
        "Read [the guide](#).",
        "See http://www.teachernet.gov.uk/guide.",
        "Click here for more.",
    ),
    "dangling": (
        "See section 97 below.",
        "Further help is in appendix Q.",
        "This is limited by paragraph 96.4.",
    ),
    "outdated_law": (
        "This follows the Data Protection Act 1998.",
        "Keeping Children Safe in Education 2021 is followed.",
        "A CRB check is needed.",
    ),
    "stale_platform": (
        "It holds for Bebo too.",
        "It holds for Facebook and Vine.",
        "It holds for Google+ too.",
    ),
    "old_figure": (
        "17 million people in the UK do so.",
        "Forty per cent of teachers say so.",
        "The largest site has 3 billion users.",
    ),
    "silencing": (
        "Staff must not contact the police without the approval of the Headteacher.",
        "Nobody may speak to a union about this.",
        "Staff may not complain to Ofsted.",
    ),
    "password_kept": (
        "Passwords are kept in a spreadsheet.",
        "The team has a shared password.",
        "Login details are shared with the team.",
    ),
    "password_handover": (
        "Staff will hand over their passwords when asked.",
        "Staff will provide their password on request.",
        "Staff will give their password to a manager.",
    ),
    "monitoring_consent": (
        "Staff consent to monitoring.",
        "By using the network you consent to being monitored.",
        "Staff are deemed to consent to such monitoring.",
    ),
    "own_device": (
        "Staff may use their own phones to photograph pupils.",
        "Pictures may be taken on their own phone.",
        "Staff may use personal devices to take pictures.",
    ),
    "secret_promised": (
        "Staff may promise a child that it stays confidential.",
        "Staff may promise to keep it secret.",
        "Adults may guarantee that it is confidential.",
    ),
    "images_passed_on": (
        "Print any indecent image for the file.",
        "Forward the indecent image to the office.",
        "Save each nude picture as proof.",
    ),
    "investigate_first": (
        "The school will investigate before it contacts the LADO.",
        "Managers investigate fully before they refer it to the LADO.",
        "The LADO is informed after the investigation.",
    ),
    "report_to_nobody": (
        "Odd parcels must be reported within an hour.",
        "Any leak should be reported.",
        "A stray dog must be reported at once.",
    ),
    "not_loaded": (
        "The capability procedure is then used.",
        "The charging policy says more.",
        "The grievance procedure is then used.",
    ),
    "review_clash": (
        "This policy is reviewed every five years.",
        "The policy is reviewed every four years.",
        "This policy will be reviewed every six years.",
    ),
    "alternatives": (
        "Staff may / may not do so (delete as appropriate).",
        "Choose one of the following.",
        "Delete one of these.",
    ),
}

# What looks like a fault and is none. Nothing may be raised on a clause that says one of these.
INNOCENT = (
    "He/she speaks to his/her manager.",
    "Parents/carers are told and/or asked.",
    "See 2.",
    "A section 47 enquiry is led by the council.",
    "Section 175 of the Education Act 2002 is followed.",
    "Section 12 of the guidance on safer working tells more.",
    "The Data Protection Act 2018 and the UK GDPR are followed.",
    "Keeping Children Safe in Education is read every year.",
    "Nobody shares a password, and none is kept in a spreadsheet.",
    "Nobody is asked to hand over a password.",
    "Staff must not promise a child that anything is confidential.",
    "Nothing here stops anybody from speaking to a union, the police or Ofsted.",
    "Staff must not delay in contacting the police.",
    "Staff must not speak to the press about pupils.",
    "Staff must not whisper in assembly, and vines grow on the wall.",
    "A missing key must be reported to the office.",
    "Parcels are brought to reception (see the notice there).",
    "The school gate opens at 8.15am and shuts at 9.",
    "The risk assessment is reviewed every three years.",
    "Staff do not consent to anything by reading this.",
    "Never open, copy, print or send on an indecent image of a child.",
    "The school's rules and the trust's rules agree.",
    "Pupils' pictures are taken on school cameras only.",
    "Eight in ten of our pupils walk to school.",
    "Staff must not start their own inquiries before the LADO has been told.",
)


@dataclass(frozen=True)
class Planted:
    """A pack with one defect. ``touches`` are the clause ids it was planted in; none for the whole policy."""

    kind: str
    policy: str
    pack: tuple[Policy, ...]
    touches: frozenset[str]


def planted(pack: Sequence[Policy], health: Health) -> Iterator[Planted]:
    """Every kind in three places of every policy, one defect at a time; then in other words."""
    for policy in pack:
        hosts = _hosts(policy)
        for kind, sentences in SENTENCES.items():
            for host, sentence in zip(hosts, sentences, strict=False):
                yield _swap(pack, kind, _said(policy, host, sentence), {host.id})
        for number, row in enumerate(sets.rows(WORDINGS)):
            host = hosts[number % len(hosts)]
            yield _swap(pack, row["kind"], _said(policy, host, row["text"]), {host.id})
        yield from _added(pack, policy, hosts)
        yield from _pointed(pack, policy, hosts)
        yield from _unrecorded(pack, policy)
        yield from _taken_out(pack, policy, health)
    if len(pack) > 1:
        yield from _against(pack, pack[0], pack[1])


def _against(pack: Sequence[Policy], one: Policy, other: Policy) -> Iterator[Planted]:
    """A rule in one policy and its opposite in another."""
    never = Clause("zz1", "Planted", "Staff must never be friends online with former pupils.")
    may = Clause("zz2", "Planted", "Staff may be friends online with former pupils.")
    for host in _hosts(one):
        told = _replaced(pack, _after(other, _hosts(other)[0], may))
        yield _swap(told, "two_policies", _after(one, host, never), {"zz1", "zz2"})


def innocent(pack: Sequence[Policy]) -> Iterator[tuple[Policy, ...]]:
    """The pack as it is, and with each innocent sentence in three places."""
    yield tuple(pack)
    for policy in pack:
        for host in _hosts(policy):
            for sentence in INNOCENT:
                yield _replaced(pack, _said(policy, host, sentence))


def _hosts(policy: Policy) -> list[Clause]:
    """Three clauses that stand by themselves: near the beginning, in the middle, at the end."""
    leads = {clause.lead for clause in policy.clauses}
    whole = [
        c
        for c in policy.clauses
        if c.kind == "clause" and not c.lead and c.id not in leads and c.text.endswith(".")
    ]
    step = max(1, (len(whole) - 1) // (PLACES - 1))
    return whole[::step][:PLACES]


def _said(policy: Policy, host: Clause, sentence: str) -> Policy:
    return _each(policy, lambda c: f"{c.text} {sentence}" if c.id == host.id else c.text)


def _each(policy: Policy, text: Callable[[Clause], str]) -> Policy:
    return replace(policy, clauses=tuple(replace(c, text=text(c)) for c in policy.clauses))


def _replaced(pack: Sequence[Policy], changed: Policy) -> tuple[Policy, ...]:
    return tuple(changed if one.id == changed.id else one for one in pack)


def _swap(pack: Sequence[Policy], kind: str, changed: Policy, touches: set[str]) -> Planted:
    return Planted(kind, changed.id, _replaced(pack, changed), frozenset(touches))


def _after(policy: Policy, host: Clause, *more: Clause) -> Policy:
    at = policy.clauses.index(host) + 1
    placed = tuple(replace(one, headings=host.headings) for one in more)
    return replace(policy, clauses=(*policy.clauses[:at], *placed, *policy.clauses[at:]))


def _added(pack: Sequence[Policy], policy: Policy, hosts: Sequence[Clause]) -> Iterator[Planted]:
    """Clauses of their own: a choice, an open list, places to sign, rules against each other."""
    either = [
        Clause("zz1", "Planted", "Hats may be worn.", option=1),
        Clause("zz2", "Planted (Or)", "Or", kind="or"),
        Clause("zz3", "Planted", "Hats may not be worn.", option=2),
    ]
    tone = [
        Clause("zz1", "Planted", "The tone is one of these:"),
        Clause("zz2", "Planted", "Light", "•", lead="zz1"),
        Clause("zz3", "Planted", "Depends on the day", "•", lead="zz1"),
    ]
    signed = [Clause("zz1", "Planted", "Chair of Governors Signed: _____ Date: ____", kind="sign")]
    read = [
        Clause("zz1", "Planted", "I have read this policy."),
        Clause("zz2", "Planted", "Name: _____ Signature: _____", kind="sign"),
    ]
    friends = [
        Clause("zz1", "Planted", "Staff must never be friends online with former pupils."),
        Clause("zz2", "Planted", "Staff may be friends online with former pupils."),
    ]
    kinds = {
        **{"alternatives": either, "open_choice": tone, "unsigned": signed},
        **{"no_date_line": read, "contradiction": friends},
    }
    for host in hosts:
        for kind, more in kinds.items():
            changed = _after(policy, host, *more)
            yield _swap(pack, kind, changed, {one.id for one in more})


def _pointed(pack: Sequence[Policy], policy: Policy, hosts: Sequence[Clause]) -> Iterator[Planted]:
    """A number that belongs to another section than the one it names by its heading."""
    sections = [h.split(maxsplit=1) for h in Read(policy).headings if h[0].isdigit() and " " in h]
    words = {number.rstrip("."): heading for number, heading in sections if "." not in number[:-1]}
    telling = {n: _own_words(n, words) for n in words}
    pairs = [(n, m) for n in words for m in words if n != m and telling[n] and telling[m]]
    for host, (number, meant) in zip(hosts, pairs[:: max(1, len(pairs) // PLACES)], strict=False):
        sentence = f"Section {number} of this policy says more of {' '.join(telling[meant])}."
        yield _swap(pack, "wrong_reference", _said(policy, host, sentence), {host.id})


def _own_words(number: str, headings: Mapping[str, str]) -> list[str]:
    others = {w for n, h in headings.items() if n != number for w in plain(h).split()}
    dull = others | {"policy", "school", "staff", "section", "other"}
    return [w for w in plain(headings[number]).split() if len(w) > 4 and w not in dull]


def _unrecorded(pack: Sequence[Policy], policy: Policy) -> Iterator[Planted]:
    """Facts of the header blanked, with the header line that says them, and dates gone by."""
    fields = {"no_approver": "approver", "no_date": "approved", "no_version": "version"}
    for kind, name in {**fields, "no_review_date": "review_due"}.items():
        said = policy.said.get(name, "")
        kept = tuple(c for c in policy.clauses if c.id != said)
        left = {field: clause for field, clause in policy.said.items() if clause != said}
        blank: dict[str, Any] = {name: "", "clauses": kept, "said": left}
        yield _swap(pack, kind, replace(policy, **blank), set())
    for day in ("2019", "2024-03", "2025-11-19"):
        due = policy.said.get("review_due", "")
        changed = replace(policy, approved="", review_due=day)
        yield _swap(pack, "overdue", changed, {due} if due else set())
        gone = replace(policy, replaced_on=day, replaced_by="Another Policy")
        yield _swap(pack, "superseded", gone, set())


def _taken_out(pack: Sequence[Policy], policy: Policy, health: Health) -> Iterator[Planted]:
    """The clauses that say whom to tell, and the groups named, made to say nothing of the kind."""
    for kind, name in (("no_misuse_route", "misuse_route"), ("no_child_route", "child_route")):
        gone = {x.clause.id for x in Read(policy).lines if health.phrases[name].search(x.whole)}
        quiet = _hushed(policy, gone)
        about = replace(quiet, title=f"{policy.title}: Online")
        if gone and not health.phrases["other_route"].search(Read(about).said):
            yield _swap(pack, kind, about, set())
    yield from _unheaded(pack, policy, health)
    yield _swap(pack, "audience_gap", _narrowed(policy), set())


def _hushed(policy: Policy, gone: AbstractSet[str]) -> Policy:
    return _each(policy, lambda c: "Be kind online." if c.id in gone else c.text)


def _unheaded(pack: Sequence[Policy], policy: Policy, health: Health) -> Iterator[Planted]:
    """No policy of the pack says any more where a concern about the head goes."""
    named = health.phrases["head_named"]
    quiet = [
        _each(one, lambda c: "Be kind." if named.search(plain(c.text)) else c.text) for one in pack
    ]
    mine = next(one for one in quiet if one.id == policy.id)
    for host in _hosts(mine):
        changed = _said(mine, host, "Any allegation must be reported to the Headteacher.")
        yield _swap(quiet, "about_the_head", changed, set())


def _narrowed(policy: Policy) -> Policy:
    swaps = {
        "volunteer": "employee",
        "Volunteer": "Employee",
        "contractor": "employee",
        "unpaid": "paid",
    }

    def text(clause: Clause) -> str:
        told = clause.text
        for old, new in swaps.items():
            told = told.replace(old, new)
        return told.replace("veryone who works", "mployees who work")

    hosts = _hosts(policy)
    said = _said(_each(policy, text), hosts[0], "This policy applies to all employees.")
    return replace(said, audience=("employees",), title=f"{policy.title}: Conduct")
