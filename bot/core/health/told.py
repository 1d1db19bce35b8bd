"""A flag in words, made of conversations/health.toml and of the flag's own facts."""

import re
from collections.abc import Mapping, Sequence

from bot.core.health.data import Health
from bot.core.health.flags import Flag, Told
from bot.core.health.kinds import FACTS
from bot.core.policies import Policy, spoken

_DATES = ("when", "since")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


def told(flag: Flag, health: Health, policies: Mapping[str, Policy]) -> Told:
    """``policies`` by id: titles and labels are taken from there."""
    kind = health.kinds[flag.kind]
    names = _names(flag, policies)
    parts = (kind.says, kind.why, kind.do, kind.who)
    return Told(flag, kind.severity, *(_filled(part, names) for part in parts))


def all_told(
    flags: Sequence[Flag], health: Health, policies: Mapping[str, Policy]
) -> tuple[Told, ...]:
    return tuple(told(flag, health, policies) for flag in flags)


def banner(flag: Flag, health: Health, policies: Mapping[str, Policy]) -> str:
    """The short sentence for an answer; empty for a kind that has none."""
    return _filled(health.kinds[flag.kind].banner, _names(flag, policies))


def _names(flag: Flag, policies: Mapping[str, Policy]) -> dict[str, str]:
    names = dict.fromkeys(FACTS, "") | dict(flag.facts)
    names |= {name: spoken(names[name]) for name in _DATES}
    names["title"] = policies[flag.policy].title if flag.policy in policies else ""
    names["label"] = _label(flag.policy, flag.clause, policies)
    names["other"] = ", ".join(_other(flag, one, policies) for one in flag.others[:3])
    if names["stricter"] in policies:
        names["stricter"] = policies[names["stricter"]].title
    return names


def _label(policy: str, clause: str, policies: Mapping[str, Policy]) -> str:
    known = policies.get(policy)
    return known.by_id[clause].label if known and clause in known.by_id else ""


def _other(flag: Flag, pair: tuple[str, str], policies: Mapping[str, Policy]) -> str:
    label = _label(*pair, policies)
    if pair[0] == flag.policy or pair[0] not in policies:
        return label
    return f"{policies[pair[0]].title} {label}".strip()


def _filled(text: str, names: Mapping[str, str]) -> str:
    """Names filled in; what stands in square brackets is left out where a name in it is empty."""

    def kept(part: re.Match[str]) -> str:
        asked = re.findall(r"\{(\w+)\}", part[1])
        return part[1] if all(names[name] for name in asked) else ""

    return _OPTIONAL.sub(kept, text).format(**names)
