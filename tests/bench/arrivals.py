"""What came to a far side, in its order, and waiting for more of it."""

import asyncio
from typing import Generic, TypeVar

T = TypeVar("T")


class Arrivals(list[T], Generic[T]):
    """A list that can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._more = asyncio.Condition()

    async def note(self, one: T) -> None:
        async with self._more:
            self.append(one)
            self._more.notify_all()

    async def until(self, most: int, seconds: float = 60.0) -> int:
        """How many have come, once there are so many or the time is over."""
        async with self._more:
            try:
                waiting = self._more.wait_for(lambda: len(self) >= most)
                await asyncio.wait_for(waiting, seconds)
            except TimeoutError:
                pass
        return len(self)

    async def quiet(self, seconds: float) -> int:
        """How many have come, once nothing has for so long."""
        while (came := len(self)) < await self.until(came + 1, seconds):
            pass
        return len(self)
