"""The clock: a tick every 30 s, a job every night, and a watch on both.

It holds no nudges. APScheduler's job store dropped 886 of 1,000 due at once, and an interval job
stops for an hour when the machine's clock is set back; so what is due is worked out from rows at
every tick, and a watchdog on monotonic time ticks when nothing else did (facts: reliability 2.4).
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

Job = Callable[[datetime], Awaitable[None]]
EVERY = 30.0
TOO_LONG = 90.0
NIGHT = {"hour": 3, "minute": 10}  # never between 00:59 and 02:01, which some nights lack or repeat
ALWAYS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


def wall_time() -> datetime:
    """The one place that asks the machine for the time."""
    return datetime.now(UTC)


class WallClock:
    """The real time, as the outbox wants it."""

    def now(self) -> datetime:
        return wall_time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Heartbeat:
    """Calls ``tick`` and ``nightly`` with the time, from ``start`` to ``stop``."""

    def __init__(
        self,
        tick: Job,
        nightly: Job,
        zone: ZoneInfo,
        now: Callable[[], datetime] = wall_time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tick, self._nightly, self._now = tick, nightly, now
        self._monotonic, self._last = monotonic, monotonic()
        self._going: set[asyncio.Task[None]] = set()
        self.scheduler = AsyncIOScheduler(timezone=zone)
        self.scheduler.add_job(self.beat, "interval", seconds=EVERY, id="tick", **ALWAYS)
        self.scheduler.add_job(self.night, "cron", **NIGHT, id="nightly", **ALWAYS)

    def start(self) -> None:
        """Tick at once, then every 30 s: what came due while nobody ran is sent now."""
        self.scheduler.start()
        self._begin(self.beat())
        self._begin(self._watch())

    async def stop(self) -> None:
        """Stop between two ticks or in one: what was being sent is looked up at the next start."""
        self.scheduler.shutdown(wait=False)
        for task in self._going:
            task.cancel()
        await asyncio.gather(*self._going, return_exceptions=True)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._going.add(task)
        task.add_done_callback(self._going.discard)

    @property
    def silent_for(self) -> float:
        """Seconds since the last tick began: for /readyz."""
        return self._monotonic() - self._last

    async def beat(self) -> None:
        self._last = self._monotonic()
        await self._safely("tick", self._tick)

    def watch_once(self) -> None:
        """Tick when nothing has for too long, and wait for no tick: it may be one that hangs."""
        if self.silent_for >= TOO_LONG:
            log.warning("no tick for %d s: ticking now", self.silent_for)
            self._begin(self.beat())

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            self.watch_once()

    async def night(self) -> None:
        await self._safely("nightly", self._nightly)

    async def _safely(self, name: str, job: Job) -> None:
        """A failed tick must not stop the clock. The kind of error is logged, not its words."""
        try:
            await job(self._now())
        except Exception as error:
            log.error("%s failed: %s", name, type(error).__name__)
