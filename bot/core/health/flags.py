"""One thing wrong with a policy, as ids: its words stand in conversations/health.toml."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Flag:
    """``kind`` names an entry of conversations/health.toml (what it says, why, what to do, how grave, who
    can settle it). ``clause`` is the id of the clause it stands on, empty for the whole policy.
    ``facts`` fill that entry's sentences ({when}, {by}, {name}). ``others`` are the (policy, clause)
    pairs on the other side of a contradiction.
    """

    kind: str
    policy: str
    clause: str = ""
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Told:
    """A flag in words, as ``check``, the policy page and the health report show it.

    ``severity`` is "stop" (nobody can rely on this rule), "mend" (soon) or "look" (worth a look).
    ``who`` is the role that can settle it, in words ("the headteacher").
    """

    flag: Flag
    severity: str
    says: str
    why: str
    do: str
    who: str
