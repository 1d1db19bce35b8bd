"""What the checks of both platforms share: a line as doctor prints it, the clock, and who is there."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.core.accounts import Account

# "ok"; "LOOK", which staff can be answered without; "NOT OK", which they cannot.
Line = tuple[str, str]
# The addresses of each person of the staff list.
People = Sequence[frozenset[str]]

WORTH_A_LOOK, TOO_FAR = 60.0, 300.0  # seconds; beyond 5 minutes signatures and tokens are refused


def clock(name: str, told: str | None, now: datetime) -> Line:
    """This machine's clock against the platform's. ``told`` is the Date of an answer that came ``now``."""
    try:
        theirs = parsedate_to_datetime(told or "")
    except ValueError:
        return "LOOK", f"{name}: the clock could not be compared, for no time was told"
    theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    apart = abs((now - theirs).total_seconds())
    if apart <= WORTH_A_LOOK:
        return "ok", f"{name}: the clock of this machine is right"
    said = f"{name}: the clock of this machine is {apart:.0f} s off: set it by the network (NTP)"
    return ("NOT OK" if apart > TOO_FAR else "LOOK"), said


def found(name: str, accounts: Iterable[Account], people: People) -> Line:
    """How many people of the staff list a directory knows by one of their addresses."""
    there = {email for one in accounts if one.standing == "member" for email in one.emails}
    known = sum(bool(emails & there) for emails in people)
    said = f"{name}: {known} of the {len(people)} people with an e-mail address are there"
    if known == len(people):
        return "ok", said
    return "LOOK", f"{said}: the others have another address there, or no account"
