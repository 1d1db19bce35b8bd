"""The house that answers now, and how a new one takes its place while people go on asking.

A new house is built beside the old one, in a thread; then one assignment makes it the one that answers.
What was begun on the old one ends there. A folder that does not load changes nothing.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.app import Door, House
from bot.clock import wall_time
from bot.core.health.flags import Told
from bot.core.imports import Corrections, Preview
from bot.core.messages import Incoming
from bot.core.people import Person, School, local_day
from bot.core.policies import Policy
from bot.core.seeing import may_import
from bot.intake import handed
from bot.intake.importing import Reading
from bot.library import LibraryMistake, read_school

log = logging.getLogger(__name__)
EVERY = (
    10.0  # seconds between two looks at the folder: an import by the command is answered from too
)


class Running:
    """``build`` makes a house of the policies folder as it is; ``open`` puts a door to a house."""

    def __init__(
        self,
        house: House,
        open: Callable[[House], Door],
        build: Callable[[], House],
        folder: Path | None = None,
    ) -> None:
        self._open, self._build, self._folder = open, build, folder
        self._now = (house, open(house))
        self._loaded = stamps(folder)
        self._building = asyncio.Lock()

    @property
    def house(self) -> House:
        return self._now[0]

    @property
    def door(self) -> Door:
        return self._now[1]

    async def hear(self, message: Incoming) -> Any:
        return await self.door.hear(message)

    def again(self) -> None:
        """A new door to the house that stands: other people belong to it."""
        self._now = (self.house, self._open(self.house))

    async def reload(self) -> str:
        """Answer from the folder as it is now; the sentence that says what is wrong with it, if so."""
        async with self._building:
            self._loaded = await asyncio.to_thread(stamps, self._folder)
            try:
                house = await asyncio.to_thread(self._build)
            except LibraryMistake as mistake:
                # The sentence may quote the file: it is for the person, not for the log.
                log.warning("policies not loaded: %s, line %s", mistake.file.name, mistake.line)
                return f"The bot still answers from the version before, because {_where(mistake)}."
            except Exception as error:  # the house that stands must not fall with the new one
                log.error("policies not loaded: %s", type(error).__name__)
                return "The bot still answers from the version before: the new one could not be loaded."
            self._now = (house, self._open(house))
        return ""

    async def watched(self, app: object) -> AsyncIterator[None]:
        """Looks at the folder for as long as the application is served."""
        watching = asyncio.create_task(self._watch())
        yield
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    async def _watch(self) -> None:
        """Reload whenever a file in the folder has changed: the command's imports count too."""
        while True:
            await asyncio.sleep(EVERY)
            if await asyncio.to_thread(stamps, self._folder) != self._loaded:
                await self.reload()


class Everyone(Mapping[str, Person]):
    """The people of the house that answers now, by id: whoever is taken off the list is gone at once."""

    def __init__(self, running: Running) -> None:
        self._running = running

    def __getitem__(self, id: str) -> Person:
        return self._running.house.people[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._running.house.people)

    def __len__(self) -> int:
        return len(self._running.house.people)


def _where(mistake: LibraryMistake) -> str:
    line = f", line {mistake.line}" if mistake.line else ""
    return f"{mistake.file.name}{line} has a mistake: {mistake.sentence}".rstrip(".")


def stamps(folder: Path | None) -> dict[str, tuple[int, int]]:
    """What tells that a file of the library was written anew: when, and how long it is."""
    if folder is None:
        return {}
    files = [
        *folder.glob("*.md"),
        *folder.glob("*/*.md"),
        *folder.glob("**/school.toml"),
        *folder.glob("**/staff.csv"),
    ]
    return {str(file): (stat.st_mtime_ns, stat.st_size) for file in files if (stat := _stat(file))}


def _stat(file: Path) -> Any:
    try:
        return file.stat()
    except OSError:  # gone between the listing and the look
        return None


@dataclass(frozen=True)
class Importing:
    """What the importer page asks of the house. ``forgets``: a demo, whose folder is thrown away."""

    running: Running
    folder: Path
    forgets: bool = False
    health_of: Callable[[Policy], Sequence[Told]] = lambda policy: ()
    saving: asyncio.Lock = field(default_factory=asyncio.Lock)

    def schools(self, person: Person) -> Sequence[School]:
        return may_import(person, self.running.house.book, local_day(wall_time()))

    async def read(self, name: str, raw: bytes) -> Reading:
        reading = await asyncio.to_thread(handed.read_handed, name, raw)
        await asyncio.to_thread(lambda: reading.raw)
        return reading

    async def suggested(self, reading: Reading, school: str) -> str:
        place = place_of(self.folder, school)
        return await asyncio.to_thread(handed.suggested_id, reading, place, self.folder)

    async def preview(
        self, reading: Reading, policy_id: str, school: str, corrections: Corrections
    ) -> Preview:
        place = place_of(self.folder, school)
        return await asyncio.to_thread(
            handed.preview, reading, policy_id, place, self.folder, corrections
        )

    async def save(
        self,
        reading: Reading,
        policy_id: str,
        school: str,
        corrections: Corrections,
        stamp: str,
        replace: bool,
    ) -> tuple[str, str]:
        """Write it and answer from it: where the policy can be read, and what is wrong if it cannot."""
        async with self.saving:
            place = place_of(self.folder, school)
            write = lambda: handed.save_handed(  # noqa: E731
                reading, policy_id, place, self.folder, corrections, stamp=stamp, replace=replace
            )
            await asyncio.to_thread(write)
            told = await self.running.reload()
        return self._address(policy_id, school), told

    def _address(self, policy_id: str, school: str) -> str:
        """Where two schools use one id, the house calls them by school and id."""
        known = self.running.house.book.policies
        ids = (f"{school}.{policy_id}", policy_id)
        shown = next((id for id in ids if id in known and known[id].school == school), "")
        return f"/policies/{shown}" if shown else ""


def place_of(folder: Path, school: str) -> str:
    """The name of the school's folder, empty when it is the folder of policies itself."""
    for place in (folder, *sorted(one for one in folder.iterdir() if one.is_dir())):
        try:
            if (place / "school.toml").exists() and read_school(place / "school.toml").id == school:
                return "" if place == folder else place.name
        except LibraryMistake:
            continue
    return school
