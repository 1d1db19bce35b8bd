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
from bot.core.people import Person, local_day
from bot.core.records import Question
from bot.library import read_library
from bot.outbox import Outbox
from bot.platforms import web
from bot.running import Importing, Running

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

    outbox = Outbox(store, lambda out: running.door.views.card(out), lambda out: posts, WallClock())
    running = Running(house, opened, built, config.policies if config else None)
    visits = web.Visits(house.people)
    given = _given(running, store, visits, doctor)
    if config:
        importer = Importing(running, config.policies, forgets)
        given = replace(given, importer=importer)
    made = web.app(
        hear=running.hear,
        visits=visits,
        pages=pages.routes(given),
        now=wall_time,
        new_id=new_id,
        sorry=sorry(house),
        posts=posts,
        links=lambda person: pages.links(given, person),
    )
    if config:
        made.cleanup_ctx.append(running.watched)
    return made, outbox


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
        search=lambda query, policy: running.house.search(query, policy),
        search_all=lambda query: running.house.search_all(query),
        visits=visits,
        sees=lambda person: seeing.sees(person, running.house.book, local_day(wall_time())),
        questions=mine,
        act=running.hear,
        doctor=lambda schools: doctor(running.house, schools),
        schools={school.id: school.name for school in running.house.book.schools.values()},
    )
