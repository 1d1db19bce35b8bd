"""Directories are read at the start and every so often; whatever goes wrong takes nobody off the list."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.accounts import Accounts
from bot.core.accounts import Account, DirectoryMistake, Wanted
from bot.core.people import Membership, Person, School
from bot.directories import Read, Synced, sync, told
from bot.store.memory import MemoryStore
from tests.helpers import NOON, TODAY

PEOPLE = [
    Person(f"p{n}", f"Name {n}", (Membership("oak"),), "", (f"p{n}@oak.example",)) for n in range(6)
]
OAK = School("oak", "Oak", people={p.id: p for p in PEOPLE}, groups={"slack": ("staff",)})
SCHOOLS = {"oak": OAK}


def everyone(platform: str) -> list[Account]:
    return [Account(f"{platform}:{p.id}", p.name, p.emails) for p in PEOPLE]


class Far:
    """Two directories, what they answer, and what they were asked."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Account] | Exception] = {
            name: everyone(name) for name in ("slack", "teams")
        }
        self.asked: list[Wanted] = []
        self.accounts = Accounts(MemoryStore(), lambda: SCHOOLS, lambda: TODAY)
        self.now = NOON
        self.synced: Mapping[str, Synced] = {}

    async def sync(self, minutes: int = 15) -> list[tuple[str, str]]:
        self.now += timedelta(minutes=minutes)
        reads: dict[str, Read] = {name: self._read(name) for name in self.answers}
        self.synced = await sync(self.accounts, reads, lambda: self.now, self.synced)
        return told(self.synced, self.now)

    def _read(self, name: str) -> Read:
        async def read(wanted: Wanted) -> Sequence[Account]:
            self.asked.append(wanted)
            answer = self.answers[name]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return read

    def who(self, platform: str) -> list[str]:
        return [self.accounts.who(f"{platform}:{p.id}") for p in PEOPLE]


ALL = [person.id for person in PEOPLE]


async def test_both_are_read_and_everybody_is_known() -> None:
    far = Far()
    lines = await far.sync()
    assert far.who("slack") == far.who("teams") == ALL
    assert [wanted.groups for wanted in far.asked] == [("staff",), ()]
    last = "last read at 2026-11-20 12:15 UTC"
    assert lines == [
        ("ok", f"Slack: 6 accounts in the directory, {last}"),
        ("ok", f"Teams: 6 accounts in the directory, {last}"),
    ]


async def test_who_a_directory_says_has_gone_is_nobody_at_once() -> None:
    far = Far()
    await far.sync()
    off = replace(everyone("teams")[0], standing="gone")
    far.answers["teams"] = [off, *everyone("teams")[1:]]
    await far.sync()
    assert far.who("teams") == ["teams:p0", *ALL[1:]]
    assert far.who("slack") == ALL


BROKEN: dict[str, tuple[list[Account] | Exception, str]] = {
    "a mistake": (DirectoryMistake("the plain sentence"), "the plain sentence"),
    "no answer in time": (TimeoutError(), "it took too long to answer"),
    "anything else": (LookupError("canary"), "it could not be read (LookupError)"),
    "nobody": ([], "it names only 0 people of the staff list where there were 6"),
    "too few": (everyone("slack")[:2], "it names only 2 people of the staff list where there were"),
    "all gone": ([replace(a, standing="gone") for a in everyone("slack")], "names only 0 people"),
}


@pytest.mark.parametrize("what", BROKEN)
async def test_a_directory_in_trouble_takes_nobody_off_the_list(
    what: str, caplog: pytest.LogCaptureFixture
) -> None:
    far = Far()
    await far.sync()
    far.answers["slack"], says = BROKEN[what]
    caplog.set_level(logging.DEBUG)
    (mark, line), teams = await far.sync()
    assert mark == "LOOK"
    assert line.startswith("Slack: the directory was last read at 2026-11-20 12:15 UTC; ")
    assert says in line
    assert teams[0] == "ok"
    assert far.who("slack") == ALL
    assert far.accounts.known("slack:p0") is None  # asked about alone, the next time they speak
    assert far.accounts.known("teams:p0") is not None
    assert "canary" not in caplog.text + line


async def test_a_directory_that_was_never_read_says_so_and_mends_itself() -> None:
    far = Far()
    far.answers["slack"] = DirectoryMistake("no consent")
    lines = await far.sync()
    assert lines[0] == ("LOOK", "Slack: the directory was never read; no consent")
    far.answers["slack"] = everyone("slack")
    assert (await far.sync())[0][0] == "ok"


async def test_a_list_nobody_of_which_is_ours_is_told() -> None:
    far = Far()
    far.answers["slack"] = [Account("slack:x", "X", ("x@elsewhere.example",))]
    (mark, line), _ = await far.sync()
    assert mark == "LOOK"
    assert "it names nobody of the staff list" in line


async def test_a_list_that_is_old_is_worth_a_look() -> None:
    far = Far()
    await far.sync()
    assert {mark for mark, _ in told(far.synced, far.now + timedelta(hours=2))} == {"LOOK"}
