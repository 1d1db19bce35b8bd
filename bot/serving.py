"""The web chat and the staff pages over one set of records, and the house they read at that moment."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from bot import pages
from bot.app import Door, House, build, door, new_id, sorry
from bot.clock import WallClock, wall_time
from bot.config import Config
from bot.core import seeing
from bot.core.book import Book
from bot.core.health.flags import Told
from bot.core.health.topics import Standing, by_topic, stricter
from bot.core.people import Person, local_day
from bot.core.policies import Policy
from bot.core.records import Question
from bot.library import read_library
from bot.outbox import Outbox
from bot.platforms import web
from bot.running import Everyone, Importing, Running

# Checks a house for the schools with these ids: (mark, sentence) lines.
Doctor = Callable[[House, AbstractSet[str]], Sequence[tuple[str, str]]]


def web_app(
    house: House,
    store: Any,
    posts: Any,
    config: Config | None = None,
    forgets: bool = False,
    doctor: Doctor = lambda house, schools: (),
) -> tuple[Any, Outbox]:
    """The web chat and the pages over these records, and the outbox whose posts it shows.

    With ``config`` policies can be taken in, and the house is built anew when their folder changes.
    ``forgets``: that folder is thrown away at the end.
    """

    def opened(now: House) -> Door:
        return replace(door(now, store, wall_time), outbox=outbox)

    def built() -> House:
        assert config is not None
        return build(config, read_library(config.policies), house.encoder)

    def health_of(policy: Policy) -> Sequence[Told]:
        return running.house.told_with(policy, local_day(wall_time()))

    outbox = Outbox(store, lambda out: running.door.views.card(out), lambda out: posts, WallClock())
    running = Running(house, opened, built, config.policies if config else None)
    visits = web.Visits(Everyone(running))
    given = _given(running, store, visits, doctor)
    if config:
        importer = Importing(running, config.policies, forgets, health_of)
        given = replace(given, importer=importer)
    made = web.app(
        hear=running.hear,
        visits=visits,
        pages=pages.routes(given),
        now=wall_time,
        new_id=new_id,
        sorry=lambda reference: sorry(running.house)(reference),
        posts=posts,
        links=lambda person: pages.links(given, person),
    )
    if config:
        made.cleanup_ctx.append(running.watched)
    return made, outbox


def compared(book: Book, one: str, other: str) -> Sequence[pages.Compared]:
    """Where two policies stand on every topic that either of them speaks of."""
    topics = book.health.topics
    standings = by_topic([book.policies[one], book.policies[other]], topics)
    found = []
    for topic in topics.every:
        first, second = (standing for standing in standings if standing.topic == topic.id)
        strict = stricter(topic, [first, second])
        stricter_one = strict[0] if len(strict) == 1 else ""
        found.append(
            pages.Compared(topic.id, topic.title, _side(first), _side(second), stricter_one)
        )
    return found


def _side(standing: Standing) -> pages.Side:
    clauses = tuple(clause for clause, _ in standing.clauses)
    return pages.Side(standing.policy, clauses, standing.says)


def _given(running: Running, store: Any, visits: Any, doctor: Doctor) -> pages.Given:
    """What the pages read, of the house as it is at that moment, and the desk they act through."""

    def mine(person: Person) -> Sequence[Question]:
        waiting = store.look(lambda reads: reads.questions(None))
        return seeing.questions_for(person, waiting, running.house.book, local_day(wall_time()))

    return pages.Given(
        policies=lambda: list(running.house.book.policies.values()),
        today=lambda: local_day(wall_time()),
        now=wall_time,
        new_id=new_id,
        health=lambda: running.house.told(local_day(wall_time())),
        compare=lambda one, other: compared(running.house.book, one, other),
        search=lambda query, policy: running.house.search(query, policy),
        search_all=lambda query: running.house.search_all(query),
        visits=visits,
        sees=lambda person: seeing.sees(person, running.house.book, local_day(wall_time())),
        reads=lambda person, policy: seeing.reads(
            person, policy, running.house.book, local_day(wall_time())
        ),
        questions=mine,
        act=running.hear,
        doctor=lambda schools: doctor(running.house, schools),
        schools={school.id: school.name for school in running.house.book.schools.values()},
    )
