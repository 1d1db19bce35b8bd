"""Each platform hears and says, and knows nothing of policies, cases or roles. What they are handed."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from bot.core.accounts import Account
from bot.core.cards import Card
from bot.core.messages import Incoming

# The one door in. Returns the cards to show in the platform's own response; nothing is saved when it
# raises.
Hear = Callable[[Incoming], Awaitable[Sequence[Card]]]
Now = Callable[[], datetime]


class Sorry(Protocol):
    def __call__(self, reference: str, staff: bool = True) -> Card:
        """The fixed card for what could not be saved, with the reference to quote. Whoever is not on the
        staff list gets the card they always get: no name and no number of anybody's."""


class People(Protocol):
    """Who somebody's account is. ``bot.accounts.Accounts`` is the real one."""

    def known(self, id: str) -> Account | None:
        """What was told of an account; None when its platform should be asked (again)."""

    def remembered(self, id: str) -> Account | None:
        """The same, however long ago, for where to send and while the platform cannot be asked."""

    def who(self, id: str) -> str:
        """The id of the person whose account it is, or the account's own id for nobody on the list."""

    def address(self, person: str) -> str:
        """The place of a person's own conversation, where they last were; empty when there is none."""

    def only_staff(self, ids: Iterable[str]) -> bool:
        """Whether every one of these accounts is somebody's on the staff list, or a bot."""

    async def learn(self, *told: Account) -> None:
        """Who somebody is, as the platform tells it of them alone."""

    async def reached(self, id: str, place: str, url: str = "", blocked: str = "") -> None:
        """Where somebody is reached, or why they are not."""
