"""One message a second to each channel, as Slack asks, whichever of its threads they are for."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.core.unsent import Unsent

PAUSE = 1.0  # seconds between two messages to one channel
LONGEST = 5.0  # seconds that are waited here; the outbox waits for more
MANY = 500


@dataclass
class Pace:
    """``free`` is when each channel may be written to again, on the monotonic clock."""

    pause: float = PAUSE
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    free: dict[str, float] = field(default_factory=dict)

    async def turn(self, channel: str) -> None:
        """Return when it is this message's turn. Raises Unsent where that is too far off."""
        now = self.monotonic()
        at = max(now, self.free.get(channel, now))
        if at - now > LONGEST:
            raise Unsent("paced", "later", at - now)
        if len(self.free) > MANY:
            self.free = {name: when for name, when in self.free.items() if when > now}
        self.free[channel] = at + self.pause
        if at > now:
            await self.sleep(at - now)
