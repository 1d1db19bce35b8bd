"""An Answer as an Outgoing carries it: ids only, as JSON, and back again."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast

from bot.core.answers import Answer, Cite
from bot.core.health.flags import Flag
from bot.core.messages import Json


def to_json(answer: Answer) -> dict[str, Json]:
    """Only what differs from an empty Answer, so that a stored row stays small."""
    plain = asdict(answer)
    empty = asdict(Answer(answer.kind))
    kept = {name: value for name, value in plain.items() if value != empty[name]}
    return cast(dict[str, Json], {"kind": answer.kind, **_listed(kept)})


def _listed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _listed(part) for name, part in value.items()}
    return [_listed(part) for part in value] if isinstance(value, list | tuple) else value


def from_json(data: Mapping[str, Any]) -> Answer:
    """The Answer that ``to_json`` was given."""
    found = dict(data)
    for name, made in (("cites", lambda c: Cite(**c)), ("ranked", tuple)):
        found[name] = tuple(made(part) for part in found.get(name, ()))
    found["flags"] = tuple(_flag(flag) for flag in found.get("flags", ()))
    for name in ("told", "silent"):
        found[name] = tuple(found.get(name, ()))
    found.pop("faults", None)  # what an answer of an earlier version kept, gone within the hour
    return Answer(**found)


def _flag(told: Mapping[str, Any]) -> Flag:
    others = tuple((policy, clause) for policy, clause in told["others"])
    return Flag(**{**told, "others": others})
