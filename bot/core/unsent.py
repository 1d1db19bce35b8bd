"""What a platform raises when it could not say something: the outbox decides what follows."""

from typing import Literal


class Unsent(Exception):
    """A platform could not say it. ``reason`` is the platform's code, never anybody's text.

    later: it did not arrive, try again (``seconds`` when the platform asked for a time;
    ``everywhere`` when it asked that for all its places). never: it cannot arrive. unclear: it may
    have arrived.
    """

    def __init__(
        self,
        reason: str,
        kind: Literal["later", "never", "unclear"] = "later",
        seconds: float | None = None,
        everywhere: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason, self.kind = reason, kind
        self.seconds, self.everywhere = seconds, everywhere
