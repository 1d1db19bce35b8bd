"""A second between two messages to one channel, whatever thread they are for."""

import pytest

from bot.core.unsent import Unsent
from bot.platforms.slack.pace import LONGEST, Pace


class Watch:
    """Sleeping moves it on, and nothing else does."""

    def __init__(self) -> None:
        self.at = 100.0
        self.pace = Pace(1.0, lambda: self.at, self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.at += seconds


async def test_messages_to_one_channel_are_a_second_apart_and_others_do_not_wait() -> None:
    watch, times = Watch(), []
    for channel in ("C1", "C1", "C2", "C1"):
        await watch.pace.turn(channel)
        times.append((channel, watch.at))
    assert times == [("C1", 100.0), ("C1", 101.0), ("C2", 101.0), ("C1", 102.0)]


async def test_what_has_to_wait_long_goes_back_to_the_outbox_with_its_time() -> None:
    watch = Watch()
    watch.pace.free["C1"] = watch.at + LONGEST + 2
    with pytest.raises(Unsent) as unsent:
        await watch.pace.turn("C1")
    assert (unsent.value.kind, unsent.value.seconds) == ("later", LONGEST + 2)
    assert watch.at == 100.0


async def test_channels_that_are_free_again_are_forgotten() -> None:
    watch = Watch()
    for number in range(1200):
        await watch.pace.turn(f"C{number}")
        watch.at += 2
    assert len(watch.pace.free) <= 501
