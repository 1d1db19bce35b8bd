"""The check of what comes in, over a stubbed Connector whose clock we hold."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.platforms.teams.keys import Keys
from bot.platforms.teams.token_in import Checked, Refused, Signed
from tests.fakes import VirtualClock
from tests.teams.stub import APP, SERVICE, TENANT, Stub
from tests.teams.stub_signer import Signer, activity

LET_IN = Checked(SERVICE, TENANT)


@dataclass
class Gate:
    """One bot's door, who signs for it, and what was fetched of whom."""

    stub: Stub
    signer: Signer
    clock: VirtualClock
    keys: Keys
    signed: Signed

    async def verdict(
        self, headers: Sequence[str] | None = None, told: Any = None
    ) -> str | Checked:
        """What is sure of an activity, or the reason why it is refused. By default a good one."""
        shown = self.signer.bearer() if headers is None else headers
        try:
            return await self.signed.check(shown, activity() if told is None else told, "192.0.2.1")
        except Refused as refused:
            return refused.reason

    @property
    def fetches(self) -> int:
        return len(self.stub.asked("/openidconfiguration"))


@dataclass
class Wanted:
    """How a gate is to be set up."""

    clock: VirtualClock = field(default_factory=VirtualClock)
    app: str = APP
    tenant: str = TENANT


@asynccontextmanager
async def gate(wanted: Wanted | None = None) -> AsyncIterator[Gate]:
    wanted = wanted or Wanted()
    stub, signer = Stub(), Signer(wanted.clock.now)
    signer.add_to(stub.app)
    async with stub.serving(), stub.session() as session:
        keys = Keys(session, wanted.clock.now)
        signed = Signed(wanted.app, wanted.tenant, keys, wanted.clock.now)
        yield Gate(stub, signer, wanted.clock, keys, signed)
        await keys.close()
