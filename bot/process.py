"""A process that serves: it ends in order when asked to, and its clock ticks while it stands."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any

from bot.clock import Heartbeat
from bot.core.people import LONDON
from bot.outbox import Outbox

log = logging.getLogger(__name__)

_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def until_stopped() -> Iterator[None]:
    """Within it Ctrl+C, SIGTERM and SIGHUP all end the task in order, so that nothing stays behind."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    asked = [s for s in _STOPS if signal.getsignal(s) is not signal.SIG_IGN]  # nohup ignores SIGHUP
    for one in asked:
        # Once: a second Ctrl+C must not cut the clearing-up short.
        loop.add_signal_handler(one, lambda: task.cancelling() or task.cancel())
    try:
        yield
    except asyncio.CancelledError:
        task.uncancel()
    finally:
        for one in asked:
            loop.remove_signal_handler(one)


@asynccontextmanager
async def beating(store: Any, outbox: Outbox) -> AsyncIterator[Heartbeat]:
    """Within it the outbox sends and the clock ticks."""
    sending = asyncio.create_task(outbox.run())

    async def tick(at: datetime) -> None:
        nonlocal sending
        if sending.done():  # whatever ended it, what waits must go
            log.error("the outbox had stopped, and goes on")
            sending = asyncio.create_task(outbox.run())
        outbox.wake()

    beat = Heartbeat(tick, _forget(store), LONDON)
    beat.start()
    try:
        yield beat
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await beat.stop()


def _forget(store: Any) -> Callable[[datetime], Any]:
    async def nightly(at: datetime) -> None:
        await asyncio.to_thread(store.forget, at)

    return nightly
