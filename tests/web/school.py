"""A small made-up school for the web tests: people, a policy, and a scripted ``hear``."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from aiohttp import web as http

from bot import pages
from bot.core.cards import Card, Choice, Field, Quote
from bot.core.health.flags import Flag, Told
from bot.core.messages import Incoming, Outgoing, Pressed, Said
from bot.core.people import Membership, Person
from bot.core.policies import Clause, Policy
from bot.core.records import Question
from bot.core.seeing import Sees
from bot.platforms import web

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 16, 12, tzinfo=UTC)
HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)> \"'&{{7*7}}"

ANN = Person("ann", "Ann Okafor", (Membership("oak", ("staff",)),))
SHAH = Person("shah", "Priya Shah", (Membership("oak", ("staff", "dsl")),))
REID = Person("reid", "Mr Reid", (Membership("oak", ("staff", "headteacher")),))
PEOPLE = (ANN, SHAH, REID)


def posted(key: str, to: str = "ann") -> Outgoing:
    """A letter on its way to somebody at the web chat."""
    return Outgoing(to, "told", kind="post", place=f"web:{to}", key=key)


SORRY = Card(
    title="This was not saved.",
    paragraphs=("Nobody has been told. If it can't wait, ring Ms Shah on 01632 960001.",),
    urgent=True,
)

DECIDES = "Staff must not accept friend requests from pupils."
TEXT = f"{DECIDES} This also holds for former pupils under the age of 18."
ANSWER = Card(
    title="No.",
    quotes=(
        Quote(
            text=TEXT,
            lead="When using social media, staff:",
            strong=(0, len(DECIDES)),
            source="2.1 (bullet 1) · Social media policy · version 3, September 2026",
            link="/policies/social/c/c3",
        ),
    ),
    after=("If a pupil asked you, tell Ms Shah (safeguarding lead).",),
    choices=(
        Choice("See the whole section", action="section social c3", main=True),
        Choice("Report this", action="report new"),
        Choice("Not what I asked", action="missed"),
        Choice("Ask the policy owner", action="owner"),
    ),
    foot="I'm a computer program. This is what the policy says, not advice.",
)
FULL_GATE = Card(
    title="If a child is in danger now, ring 999, then Ms Shah on 01632 960001. Don't wait for me.",
    paragraphs=("I'm a computer program. Nobody has been told yet.", "Is anyone in danger now?"),
    choices=(
        Choice("Yes, or I'm not sure", action="danger yes", main=True),
        Choice("No", action="danger no"),
        Choice("It's a policy question", action="danger question"),
    ),
    urgent=True,
)
FAULTY = Card(
    banner=(
        "This policy's review date was October 2018.",
        "It has two versions of this rule, and nobody has chosen one.",
    ),
    title="It depends which rule the school meant.",
    quotes=(
        Quote("Staff may take photographs on school cameras.", "4.1 · Photographs", mark="A"),
        Quote("Staff may not take photographs.", "4.1 · Photographs", mark="B"),
    ),
    facts=(("Who can settle it", "Mr Reid, headteacher"), ("Until then", "The stricter one")),
)
STORY = Card(
    title="2 of 5 · What did you see or hear?",
    paragraphs=("If a child said it, use their exact words. You don't need to be sure.",),
    fields=(
        Field("story", "What happened", hint="Write it as you would say it.", long=True),
        Field("where", "Where was it?"),
    ),
    choices=(Choice("Back", action="draft back"), Choice("Send", action="draft send", main=True)),
)
MISSING = Card(
    title="2 of 5 · What did you see or hear?",
    fields=(
        Field("story", "What happened", error="Please write what happened.", long=True),
        Field("where", "Where was it?", value="the hall"),
    ),
    choices=(Choice("Send", action="draft send", main=True),),
)


class Script:
    """Answers by what was asked, and remembers what it heard. ``broken`` makes it raise."""

    def __init__(self) -> None:
        self.heard: list[Said | Pressed] = []
        self.broken = False

    async def __call__(self, message: Incoming) -> Sequence[Card]:
        if isinstance(message, Said | Pressed):
            self.heard.append(message)
        if self.broken:
            raise OSError("the disk is full")
        match message:
            case Said(text=text) if "danger" in text:
                return [FULL_GATE]
            case Said(text=text) if "photo" in text:
                return [FAULTY]
            case Said(text=text) if "hostile" in text:
                return [hostile()]
            case Pressed(action="report new"):
                return [STORY]
            case Pressed(action="draft send", fields=fields) if not fields.get("story"):
                return [MISSING]
            case Pressed(action="draft send"):
                return [Card(title="Sent at 16:12. Reference K7QF-2M.")]
            case Pressed(action=action):
                return [Card(title=f"You pressed: {action}")]
        return [ANSWER]


def hostile() -> Card:
    """A card every word of which is an attack."""
    return Card(
        title=HOSTILE,
        banner=(HOSTILE,),
        paragraphs=(HOSTILE,),
        quotes=(
            Quote(HOSTILE, HOSTILE, lead=HOSTILE, strong=(2, 9), link="javascript:alert(1)"),
            Quote("text", "elsewhere", mark=HOSTILE, link="//evil.example/x"),
        ),
        after=(HOSTILE,),
        facts=((HOSTILE, HOSTILE),),
        fields=(
            Field('x"y', HOSTILE, HOSTILE, HOSTILE, HOSTILE),
            Field("l", "L", HOSTILE, long=True),
        ),
        choices=(Choice(HOSTILE, action=HOSTILE), Choice(HOSTILE, link="javascript:alert(1)")),
        foot=HOSTILE,
    )


SOCIAL = Policy(
    id="social",
    title="Staff use of social media",
    school="oak",
    owner="Mr Reid, headteacher",
    approver="Governing board",
    version="3",
    approved="2026-09-01",
    review_due="2027-09",
    audience=("staff", "governors", "volunteers"),
    said={"approved": "c0"},
    clauses=(
        Clause(
            "c0", "Approved", "Approved by the governing board on 1 September 2026.", kind="field"
        ),
        Clause(
            "c1",
            "1.1",
            "This policy is for everyone who works at the school, paid or not. It covers what "
            "they write, share and accept on social media, at school and at home.",
            marker="1.1",
            headings=("Staff use of social media", "1. Who this is for"),
        ),
        Clause(
            "c2",
            "2.1",
            "When using social media, staff:",
            marker="2.1",
            headings=("Staff use of social media", "2. What staff must not do"),
        ),
        Clause(
            "c3",
            "2.1 (bullet 1)",
            TEXT,
            marker="•",
            headings=("Staff use of social media", "2. What staff must not do"),
            lead="c2",
        ),
        Clause(
            "c4",
            "2.1 (bullet 2)",
            "must not share:",
            marker="•",
            headings=("Staff use of social media", "2. What staff must not do"),
            lead="c2",
        ),
        Clause(
            "c5",
            "2.1 (bullet 2) (a)",
            "photographs of pupils without their parents' written permission;",
            marker="(a)",
            headings=("Staff use of social media", "2. What staff must not do"),
            lead="c4",
        ),
        Clause(
            "c6",
            "2.1 (bullet 2) (b)",
            "anything about a colleague that they have not agreed to.",
            marker="(b)",
            headings=("Staff use of social media", "2. What staff must not do"),
            lead="c4",
        ),
        Clause(
            "c7",
            "2.2",
            "Staff should set their profiles to private, and should check them each term.",
            marker="2.2",
            headings=("Staff use of social media", "2. What staff must not do", "Settings"),
        ),
        Clause(
            "c8",
            "3.1",
            "If a pupil or former pupil contacts a member of staff, the member of staff tells the "
            "safeguarding lead the same day.",
            marker="3.1",
            headings=("Staff use of social media", "3. What to do if it happens"),
        ),
        Clause(
            "c9",
            "Signature",
            "Signed: ______________________________________________ Date: ____________",
            kind="sign",
            headings=("Staff use of social media", "3. What to do if it happens"),
        ),
    ),
)
PHOTOS = Policy(
    id="photos",
    title="Photographs",
    school="oak",
    version="1",
    review_due="2018-10",
    replaced_on="2024-05-01",
    replaced_by="social",
    clauses=(
        Clause("p1", "4.1", "Staff may take photographs.", marker="4.1", option=1),
        Clause("p2", "", "Or", kind="or"),
        Clause("p3", "4.1", "Staff may not take photographs.", marker="4.1", option=2),
        Clause("p4", "4.2", "Ask __________ before you start.", marker="4.2"),
    ),
)


# What is wrong with them, as it would be told on the policy page.
TOLD = (
    Told(
        Flag("superseded", "photos"),
        "stop",
        "This policy was replaced on 1 May 2024 by Staff use of social media.",
        "Staff who follow it follow old rules.",
        "Take it out, and tell staff which policy holds now.",
        "the headteacher",
    ),
    Told(
        Flag("alternatives", "photos", "p2"),
        "stop",
        "It has two versions of this rule, and nobody has chosen one.",
        "Two people can both follow it and do opposite things.",
        "Choose one of the two and take the other out.",
        "the headteacher",
    ),
    Told(
        Flag("blank", "photos", "p4"),
        "mend",
        "There is a place here that nobody has filled in.",
        "Staff do not know whom to ask.",
        "Write the name of the role here.",
        "the policy owner",
    ),
    Told(
        Flag("overdue", "photos"),
        "mend",
        "Its review date was October 2018.",
        "The law may have changed since.",
        "Read it through, and set a new date.",
        "the governing board",
    ),
    Told(
        Flag("contradiction", "social", "c5", others=(("photos", "p1"),)),
        "look",
        "Two policies say different things about photographs.",
        "Staff cannot follow both.",
        "Decide which rule holds, and change the other one.",
        "the headteacher",
    ),
)

QUESTIONS = (
    Question("q1", "oak", "social", "May I join the parents' group chat for my own child?", TODAY),
    Question("q2", "oak", "gone", HOSTILE, date(2026, 11, 2)),
)

CHECKS = (
    ("ok", "Policy social: Staff use of social media, 10 clauses"),
    ("LOOK", "Oak Lane Primary School: nobody is dpo: add [[roles.dpo]] to school.toml"),
    ("NOT OK", "Oak Lane Primary School: dsl is Ms Shah, but no phone is given in school.toml"),
)


def compare(one: str, other: str) -> Sequence[pages.Compared]:
    mine = {"social": ("c5",), "photos": ("p1", "p3")}
    return [
        pages.Compared(
            "images",
            "Photographs and video",
            pages.Side(one, mine[one], "Never without written permission."),
            pages.Side(other, mine[other], "Allowed, or not: nobody has chosen."),
            "social",
        ),
        pages.Compared(
            "friends", "Friend requests", pages.Side("social", ("c3",), "No."), pages.Side("photos")
        ),
        pages.Compared("monitoring", "Monitoring", pages.Side("social"), pages.Side("photos")),
    ]


class Asked:
    """The questions that wait for the head, and the desk that marks them as done."""

    def __init__(self, *waiting: Question) -> None:
        self.waiting, self.heard, self.broken = list(waiting), list[Incoming](), False

    def mine(self, person: Person) -> Sequence[Question]:
        return tuple(self.waiting) if person == REID else ()

    async def hear(self, message: Incoming) -> None:
        if self.broken:
            raise OSError("the disk is full")
        self.heard.append(message)
        assert isinstance(message, Pressed)
        self.waiting = [q for q in self.waiting if message.action != f"settle {q.id}"]


def ids() -> "web.NewId":
    numbers = count(1)
    return lambda: f"id{next(numbers)}"


def search(query: str, policy: str) -> Sequence[str]:
    return ["c3", "gone"] if "friend" in query else []


def search_all(query: str) -> Sequence[tuple[str, str]]:
    return [("social", "c3"), ("photos", "p1"), ("gone", "c3")] if "friend" in query else []


def given(visits: web.Visits, asked: Asked | None = None, **more: Any) -> pages.Given:
    """What the pages of the school are handed; ``more`` takes the place of any of it."""
    asked = asked or Asked(*QUESTIONS)
    made = pages.Given(
        policies=lambda: (SOCIAL, PHOTOS),
        today=lambda: TODAY,
        now=lambda: NOW,
        new_id=ids(),
        health=lambda: TOLD,
        search=search,
        search_all=search_all,
        compare=compare,
        visits=visits,
        sees=lambda person: Sees(True, frozenset(("oak", ""))) if person == REID else Sees(),
        questions=asked.mine,
        act=asked.hear,
        doctor=lambda schools: CHECKS,
        schools={"oak": "Oak Lane Primary School"},
    )
    return replace(made, **more)


def school(
    hear: "web.Hear",
    posts: web.Posts | None = None,
    people: Sequence[Person] = PEOPLE,
    asked: Asked | None = None,
    **more: Any,
) -> http.Application:
    """The whole local chat with its pages."""
    visits = web.Visits({person.id: person for person in people})
    handed = given(visits, asked, **more)
    return web.app(
        hear=hear,
        visits=visits,
        pages=pages.routes(handed),
        now=lambda: NOW,
        new_id=ids(),
        sorry=lambda reference: SORRY,
        posts=posts,
        links=lambda person: pages.links(handed, person),
    )
