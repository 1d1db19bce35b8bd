"""Reading what Slack and Entra know of the staff: at the start and every so often.

A directory that cannot be read, or whose answer cannot be believed, takes nobody off the list: what was
known holds, whoever speaks is asked about alone, and health says since when.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.accounts import Account, DirectoryMistake, Wanted
from bot.core.joining import Doubt

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=15)
TOO_LONG = timedelta(minutes=10)  # longer than any reading takes, its waits included
LATE = timedelta(hours=1)  # so long may the list be as it was before somebody should look

# Everybody it is asked for, or DirectoryMistake.
Read = Callable[[Wanted], Awaitable[Sequence[Account]]]


class Accounts(Protocol):
    """What is done with a list. ``bot.accounts.Accounts`` is the real one."""

    @property
    def moment(self) -> int: ...
    def wanted(self, platform: str) -> Wanted: ...
    async def listed(
        self, platform: str, everyone: Sequence[Account], moment: int | None = None
    ) -> Doubt | None: ...
    def forget_fresh(self, platform: str = "") -> None: ...


@dataclass(frozen=True)
class Synced:
    """How one platform's directory stands. ``last`` is when its list was last believed, ``found`` how many
    accounts it named then; ``trouble`` is one sentence, empty while all is well."""

    platform: str
    last: datetime | None = None
    found: int = 0
    trouble: str = ""


async def sync(
    accounts: Accounts,
    directories: Mapping[str, Read],
    now: Callable[[], datetime],
    before: Mapping[str, Synced] | None = None,
) -> Mapping[str, Synced]:
    """Every directory read once, side by side: how each stands now. Never raises."""
    was = {name: (before or {}).get(name, Synced(name)) for name in directories}
    done = await asyncio.gather(
        *(_read(accounts, read, now, was[name]) for name, read in directories.items())
    )
    return {one.platform: one for one in done}


async def _read(accounts: Accounts, read: Read, now: Callable[[], datetime], was: Synced) -> Synced:
    moment = accounts.moment
    try:
        async with asyncio.timeout(TOO_LONG.total_seconds()):
            told = await read(accounts.wanted(was.platform))
        doubted = await accounts.listed(was.platform, told, moment)
    except Exception as error:  # whatever a directory does, the bot goes on with what it knows
        return _troubled(accounts, was, _sentence(error), type(error).__name__)
    if doubted:
        return _troubled(accounts, was, _doubted(doubted), "Doubt")
    return Synced(was.platform, now(), len(told))


def _troubled(accounts: Accounts, was: Synced, sentence: str, kind: str) -> Synced:
    log.warning("%s: directory not taken over: %s", was.platform, kind)
    accounts.forget_fresh(was.platform)
    return replace(was, trouble=sentence)


def _sentence(error: Exception) -> str:
    """A mistake's own sentence; of anything else only its kind, for its words may hold somebody's."""
    if isinstance(error, DirectoryMistake):
        return str(error)
    if isinstance(error, TimeoutError):
        return "it took too long to answer"
    return f"it could not be read ({type(error).__name__})"


def _doubted(why: Doubt) -> str:
    of = f"of the group {why.group}" if why.group else "of the staff list"
    if not why.found and not why.before:
        return f"it names nobody {of}: are the addresses in staff.csv those they sign in with?"
    return (
        f"it names only {why.found} people {of} where there were {why.before}, which is not believed:"
        " if they have left, put them into staff.csv with their last day"
    )


def told(synced: Mapping[str, Synced], now: datetime) -> list[tuple[str, str]]:
    """One line for each platform, as doctor says it: a mark and a sentence."""
    return [_line(one, now) for one in synced.values()]


def _line(one: Synced, now: datetime) -> tuple[str, str]:
    name = one.platform.capitalize()
    read = f"last read at {one.last:%Y-%m-%d %H:%M} UTC" if one.last else "never read"
    if one.trouble:
        return "LOOK", f"{name}: the directory was {read}; {one.trouble}"
    if one.last is None or now - one.last > LATE:
        return "LOOK", f"{name}: the directory was {read}"
    return "ok", f"{name}: {one.found} accounts in the directory, {read}"
