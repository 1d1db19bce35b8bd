"""The clock ticks whatever fails, and somebody notices when it does not."""

import asyncio
import logging
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.clock import Heartbeat, WallClock

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")


class Kept:
    """Keeps the times it was called with; fails when told to."""

    def __init__(self) -> None:
        self.times: list[datetime] = []
        self.mistake: Exception | None = None

    async def __call__(self, now: datetime) -> None:
        self.times.append(now)
        if self.mistake:
            raise self.mistake


class Hand:
    """Monotonic seconds, moved by the test."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def heartbeat(tick: Kept, hand: Hand, nightly: Kept | None = None) -> Heartbeat:
    return Heartbeat(tick, nightly or Kept(), LONDON, lambda: NOW, hand)


async def test_both_jobs_are_never_dropped_never_doubled_and_catch_up_once() -> None:
    heart = heartbeat(Kept(), Hand())
    heart.start()
    jobs = {job.id: job for job in heart.scheduler.get_jobs()}
    await heart.stop()
    assert set(jobs) == {"tick", "nightly"}
    for job in jobs.values():
        assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)
    assert str(jobs["tick"].trigger) == "interval[0:00:30]"
    assert str(jobs["nightly"].trigger) == "cron[hour='3', minute='10']"


async def test_the_first_tick_comes_at_once() -> None:
    tick = Kept()
    heart = heartbeat(tick, Hand())
    heart.start()
    await asyncio.sleep(0.01)
    await heart.stop()
    assert tick.times == [NOW]


async def test_the_watchdog_ticks_after_90_silent_seconds_and_not_before() -> None:
    tick, hand = Kept(), Hand()
    heart = heartbeat(tick, hand)
    hand.seconds += 89
    heart.watch_once()
    await asyncio.sleep(0)
    assert tick.times == []
    hand.seconds += 1
    heart.watch_once()
    await asyncio.sleep(0)
    heart.watch_once()
    await asyncio.sleep(0)
    assert (tick.times, heart.silent_for) == ([NOW], 0)


async def test_a_tick_that_hangs_does_not_stop_the_next_one() -> None:
    tick, hand = Hangs(), Hand()
    heart = Heartbeat(tick, Kept(), LONDON, lambda: NOW, hand)
    heart.start()
    await asyncio.sleep(0.01)
    hand.seconds += 90
    heart.watch_once()
    await asyncio.sleep(0.01)
    await heart.stop()
    assert tick.begun == 2


class Hangs:
    def __init__(self) -> None:
        self.begun = 0

    async def __call__(self, now: datetime) -> None:
        self.begun += 1
        await asyncio.Event().wait()


async def test_a_tick_that_fails_is_told_without_its_words_and_the_next_one_comes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tick = Kept()
    heart = heartbeat(tick, Hand())
    tick.mistake = ValueError("CANARY is crying")
    with caplog.at_level(logging.DEBUG):
        await heart.beat()
    tick.mistake = None
    await heart.beat()
    assert tick.times == [NOW, NOW]
    assert caplog.messages == ["tick failed: ValueError"]


async def test_the_nightly_job_gets_the_time_too() -> None:
    nightly = Kept()
    heart = heartbeat(Kept(), Hand(), nightly)
    await heart.night()
    assert nightly.times == [NOW]


async def test_the_wall_clock_knows_its_zone() -> None:
    await WallClock().sleep(0)
    assert WallClock().now().tzinfo is UTC
