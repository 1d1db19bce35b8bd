"""Wiring: the one file that knows every part."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from typing import Any
from zipfile import is_zipfile

from bot.accounts import Accounts
from bot.clock import WallClock, wall_time
from bot.config import ROOT, Config, ConfigMistake
from bot.conversations import read_conversations
from bot.core.answers import Book
from bot.core.cards import Card
from bot.core.decide import Command, Fresh
from bot.core.fixed import Fixed
from bot.core.found import Found
from bot.core.gate import Concern, Gate, asks_about_reports, read
from bot.core.health.check import find
from bot.core.health.flags import Told
from bot.core.health.told import all_told
from bot.core.messages import Incoming, Outgoing
from bot.core.naming import Names
from bot.core.people import Person, School, everyone
from bot.core.policies import Policy
from bot.core.records import Decision, Reads, SettleQuestion
from bot.desk import Desk
from bot.library import Library, by_id, check_pins, read_library
from bot.outbox import Outbox, Platform
from bot.platforms import Sorry
from bot.search.asking import read_asking
from bot.search.encoder import Encoder
from bot.search.index import Index
from bot.search.leaning import Leaning
from bot.search.thesaurus import read_thesaurus
from bot.store.crypto import Sealer, load_or_make_key
from bot.store.sqlite import SqliteStore
from bot.views import Views
from bot.wording import CARDS, Wording

SHORT = 6  # so much of a question's id is shown


@dataclass(frozen=True)
class House:
    """The parts that answer, without a door: what ``ask``, the chats and the server share."""

    book: Book
    index: Index
    gate: Gate
    leaning: Leaning | None
    wording: Wording
    commands: Mapping[Command, frozenset[str]]
    encoder: Encoder | None
    fixed: Fixed
    asker: Person | None = None
    leaves: dict[tuple[str, tuple[str, ...]], Found] = field(default_factory=dict)
    listed: Mapping[str, School] = field(
        default_factory=dict
    )  # as the files say, without directories

    def concern(self, text: str) -> Concern:
        """What the gate makes of a message, with the school's own people read as their roles."""
        named = self.names.read(text)
        concern = read(self.gate, named.text, self.leaning.of(named.text) if self.leaning else {})
        return replace(concern, named=named.people) if named.people else concern

    @cached_property
    def names(self) -> Names:
        return Names.of(self.book.schools.values())

    def about_reports(self, text: str) -> bool:
        return asks_about_reports(self.gate, text)

    def find(self, text: str, among: Sequence[str]) -> Found:
        """Search; what a guide's leaf finds never changes, so it is found once for each set of policies."""
        if text not in self.leaf_asks:
            return self.index.find(text, among)
        key = (text, tuple(among))
        if key not in self.leaves:
            self.leaves[key] = self.index.find(text, among)
        return self.leaves[key]

    @cached_property
    def leaf_asks(self) -> frozenset[str]:
        return frozenset(leaf.ask for guide in self.book.guides for leaf in guide.leaves)

    def search(self, query: str, policy: str) -> Sequence[str]:
        """Clause ids of one policy nearest to a query, for its page."""
        return [hit.clause for hit in self.index.find(query, [policy]).hits]

    def search_all(self, query: str) -> Sequence[tuple[str, str]]:
        """(policy, clause) pairs nearest to a query in any policy."""
        return [
            (hit.policy, hit.clause)
            for hit in self.index.find(query, list(self.book.policies)).hits
        ]

    def told(self, today: date) -> Sequence[Told]:
        """What is wrong with every policy here, in words, the gravest first."""
        book = self.book
        return all_told(book.flags(list(book.policies), today), book.health, book.policies)

    def told_with(self, policy: Policy, today: date) -> Sequence[Told]:
        """What would be wrong with one policy, or beside it, if it stood among the others of its school."""
        others = (p for p in self.book.policies.values() if p.school == policy.school)
        beside = {other.id: other for other in others} | {policy.id: policy}
        flags = find(list(beside.values()), self.book.schools, self.book.health, today)
        mine = [flag for flag in flags if flag.policy == policy.id]
        return all_told(mine, self.book.health, beside)

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Everyone by id."""
        known = everyone(self.book.schools.values())
        return {**known, **({self.asker.id: self.asker} if self.asker else {})}


def build(config: Config, library: Library, encoder: Encoder | None = None) -> House:
    """Everything that answers, from the settings and what was read from policies/."""
    said = config.conversations
    told = read_conversations(said)
    check_pins(library, told.guides)
    encoder = encoder or _encoder(config.data / "encoder.npz")
    book = Book(
        by_id(library),
        library.schools,
        told.guides,
        told.records,
        told.words,
        told.limits,
        told.health,
    )
    index = Index(
        list(book.policies.values()),
        read_thesaurus(said / "thesaurus.toml"),
        read_asking(said / "asking.toml"),
        encoder,
        config.data / "vectors",
    )
    for policy in book.policies:
        book.scope(policy)
    leaves = [leaf.ask for guide in book.guides for leaf in guide.leaves]
    index.know(leaves, config.data / "vectors")
    return House(
        book,
        index,
        told.gate,
        Leaning(encoder) if encoder else None,
        Wording(said / "wording", CARDS),
        told.commands,
        encoder,
        told.fixed,
        listed=library.schools,
    )


def house_with(house: House, accounts: Accounts) -> House:
    """The same house with the people that directories add; itself while these have not changed."""
    schools = accounts.joined(house.listed).schools
    if house.book.schools is schools:
        return house
    return replace(house, book=replace(house.book, schools=schools))


def _encoder(weights: Path) -> Encoder | None:
    """The sentence vectors; None, and so words alone, when their file is missing or broken."""
    if not is_zipfile(weights):  # missing or cut off
        return None
    try:
        encoder = Encoder(weights)
        encoder.one("whole")  # a file that lacks a layer shows only when it is used
        return encoder
    except Exception:  # numpy and zipfile raise a dozen kinds for a broken file
        return None


def without_vectors(config: Config) -> str:
    """Why a house has no sentence vectors, and what helps."""
    weights = config.data / "encoder.npz"
    if not weights.exists():
        return "Sentence vectors are missing: run make setup when online"
    shown = weights.relative_to(ROOT) if weights.is_relative_to(ROOT) else weights
    return f"Sentence vectors cannot be read: delete {shown} and run make setup"


@dataclass(frozen=True)
class Door:
    """A desk with its records, its wording and its outbox: what a platform is handed as ``hear``."""

    desk: Desk
    views: Views
    store: Any
    outbox: Outbox | None = None

    async def hear(self, message: Incoming) -> Sequence[Card]:
        """The cards to show at once. A view is opened ahead of every queue; if that fails it is posted."""
        shown = []
        answers = await self.desk.receive(message)
        if self.outbox:
            self.outbox.wake()
        for out in answers:
            if out.kind == "now":
                await self._open(out, message)
            else:
                shown.append(self.views.card(out))
        return shown

    async def _open(self, out: Outgoing, message: Incoming) -> None:
        assert self.outbox is not None, "views are only opened for platforms that give handles"
        left = await self.outbox.open(out, message.handle, f"{message.key} view")
        if left is not None:
            await self.store.carry_out_async(lambda reads: Decision((left,)))
            self.outbox.wake()


def door(
    house: House,
    store: Any,
    now: Callable[[], datetime],
    platform: Platform | None = None,
    where: Callable[[str], str] = str,
) -> Door:
    """A door over these records. ``platform`` is where what is posted goes, ``where`` the place of a
    person's own conversation."""
    desk = Desk(
        store,
        house.book,
        house.people,
        house.concern,
        house.about_reports,
        house.find,
        house.commands,
        _fresh,
    )
    views = Views(house.book, house.gate, house.wording, house.people, store.look, now)
    outbox = None
    if platform:
        outbox = Outbox(store, views.card, lambda out: platform, WallClock(), where=where)
    return Door(desk, views, store, outbox)


def _fresh() -> Fresh:
    return Fresh(token_hex(8), token_hex(8))


def sorry(house: House) -> Sorry:
    """What is shown when nothing could be saved: whom to ring instead, and what to quote. Where several
    schools have a lead nobody is named: it might be somebody else's. Whoever is not on the staff list is
    told what they always are."""
    schools = house.book.schools.values()
    leads = {lead for school in schools if (lead := school.holder("dsl"))}
    dsl = next(iter(leads)) if len(leads) == 1 else None
    numbers = next((school.numbers for school in schools), {})

    def card(reference: str, staff: bool = True) -> Card:
        if not staff:
            about = {"name": "", "policies": (), "dsl": None, "numbers": numbers}
            return house.wording.card("stranger", about)
        return house.wording.card("sorry", {"dsl": dsl, "reference": reference})

    return card


def narrowed(house: House, policies: Sequence[str], asker: Person) -> House:
    """The same house with only these policies in force, and one asker more."""
    kept = {name: house.book.policies[name] for name in policies}
    return replace(house, book=replace(house.book, policies=kept), asker=asker)


def new_id() -> str:
    return token_hex(16)


async def chat(config: Config, who: str) -> None:
    """The terminal chat, with the installation's records."""
    from bot.platforms import terminal

    house = build(config, read_library(config.policies))
    people = house.people
    person = people.get(who) if who else next(iter(people.values()), None)
    if person is None:
        listed = ", ".join(people) or "nobody: add people to school.toml"
        raise ConfigMistake(f"--as takes somebody from school.toml; there are: {listed}")
    store = records(config)
    try:
        opened = door(house, store, wall_time)
        await terminal.chat(opened.hear, person, wall_time, new_id, sorry(house))
    finally:
        store.close()


def records(config: Config) -> SqliteStore:
    """The installation's records: DATA_DIR/records, its key in KEK_FILE or DATA_DIR/key."""
    database, key = where(config)
    database.parent.mkdir(parents=True, exist_ok=True)
    return SqliteStore(database, Sealer(load_or_make_key(key, database)))


def where(config: Config) -> tuple[Path, Path]:
    """The file of the installation's records and that of their key. Where anybody may be anybody the
    records are others: nobody there settles what staff have asked, or is taken for one of them later."""
    name = "teams-local" if config.teams and config.teams.local else "policybot"
    database = config.data / "records" / f"{name}.sqlite"
    return database, config.kek_file or config.data / "key"


def unanswered(config: Config) -> str:
    """The questions staff sent to policy owners, by day, each with the start of its id."""
    store = records(config)
    try:
        waiting = store.look(lambda reads: reads.questions(None))
    finally:
        store.close()
    lines = [
        f"{q.id[:SHORT]}  {q.at.isoformat()}  {q.policy}  {' '.join(q.words.split())}"
        for q in waiting
    ]
    return "\n".join(lines) or "No questions are waiting. (The demo forgets its own when it stops.)"


def settle(config: Config, start: str) -> str:
    """Delete the one question whose id begins so: it has been dealt with."""

    def settled(reads: Reads) -> Decision:
        found = [q.id for q in reads.questions(None) if start and q.id.startswith(start)]
        if not found:
            raise ConfigMistake(f"No question that waits has an id that begins with {start!r}")
        if len(found) > 1:
            raise ConfigMistake(
                f"{start!r} begins several ids: give more of it ({', '.join(found)})"
            )
        return Decision(writes=(SettleQuestion(found[0]),))

    store = records(config)
    try:
        store.carry_out(settled)
    finally:
        store.close()
    return "Done: the question is deleted."
