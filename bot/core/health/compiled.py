"""health.toml, law.toml and topics.toml made into what the finders use; mistakes name file and line."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from string import Formatter
from typing import Any, get_args

from bot.core.health.data import Health, Law, Linked, Pattern, Platform, Practice, Yearly
from bot.core.health.kinds import FACTS, FOUND, HealthMistake, Kind, Severity
from bot.core.health.topics import topics_from
from bot.core.phrases import Families, PhraseMistake, listed, pattern
from bot.core.reading import Words

_FILE = "health.toml"

# What the finders look up by name.
PHRASES = (
    *("negated", "template", "open_choice", "delete_one", "figure", "approved_by", "cover_people"),
    *("review_subject", "duty_to_report", "told_whom", "by_procedure", "about_online", "misuse"),
    *("misuse_route", "child_route", "other_route", "to_head", "head_named", "concern"),
    *("volunteer", "contractor", "governor", "acknowledge", "adopts", "silences", "speaks_free"),
    *("not_silenced", "elsewhere", "link_words", "binds_all", "goes_back"),
    *("lacking", "forbids_below", "replaced_since", "closed", "above_head", "it_reviewed"),
    *("this_policy", "no_longer_holds", "overleaf", "form", "signed_under"),
    *("detail", "garbled", "vague_whom", "others_own", "unfilled", "lost_pointer", "lost_link"),
)


def health_from(
    health: Mapping[str, Any],
    law: Mapping[str, Any],
    topics: Mapping[str, Any],
    families: Families,
    words: Words,
) -> Health:
    """Compile the three files. Raises HealthMistake, PhraseMistake, KeyError, TypeError."""
    kinds = {name: _kind(name, row) for name, row in _table(health, "kind").items()}
    _check_kinds(kinds, health)
    told = _table(health, "phrases")
    families = {**families, **{n: listed(p) for n, p in _table(health, "families").items()}}
    if missing := [name for name in PHRASES if name not in told]:
        raise HealthMistake(_FILE, "[phrases]", f"[phrases] lacks {missing[0]!r}")
    return Health(
        kinds,
        {name: _pattern(_FILE, told[name], families) for name in PHRASES},
        _spelled(listed(health["placeholders"]["words"])),
        tuple(frozenset(w.lower() for w in listed(row["words"])) for row in health["either"]),
        tuple(_practice(row, families) for row in health["practice"]),
        tuple(_linked(row, families) for row in health["linked"]),
        {n: _pattern(_FILE, p, families) for n, p in _table(health, "subjects").items()},
        tuple(_law(row, families) for row in law["law"]),
        tuple(_yearly(row, families) for row in law["yearly"]),
        tuple(_platform(row) for row in law["platform"]),
        _spelled(listed(law["live"]["platforms"])),
        tuple(host.lower() for host in listed(law["dead"]["hosts"])),
        topics_from(topics, families, words),
        _day(law, "checked", "law.toml"),
    )


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data[name]
    if not isinstance(found, Mapping):
        raise HealthMistake(_FILE, f"[{name}", f"{name!r} should be a table [{name}]")
    return found


def _pattern(file: str, phrases: object, families: Families) -> Pattern:
    try:
        return pattern(listed(phrases), families)
    except PhraseMistake as mistake:
        word = str(phrases[0]) if isinstance(phrases, list) and phrases else ""
        raise HealthMistake(file, word, str(mistake)) from None


def _spelled(names: Iterable[str]) -> Pattern:
    """Names just as they are written, capitals and all, not inside another word."""
    either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w.@])(?:{either})(?!\w)")


def _kind(name: str, row: Mapping[str, Any]) -> Kind:
    place = f"[kind.{name}]"
    for key in ("severity", "says", "why", "do", "who"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise HealthMistake(_FILE, place, f'{place} needs a line {key} = "..."')
    if row["severity"] not in get_args(Severity):
        raise HealthMistake(
            _FILE, place, f"{place} has severity {row['severity']!r}; it is stop, mend or look"
        )
    if odd := set(row) - {"severity", "says", "why", "do", "who", "banner", "everywhere"}:
        raise HealthMistake(_FILE, place, f"{place} knows nothing of {min(odd)!r}")
    for key in ("says", "why", "do", "who", "banner"):
        _check_names(place, row.get(key, ""))
    banner, everywhere = row.get("banner", ""), row.get("everywhere", False)
    severity, says, why, do, who = (row[key] for key in ("severity", "says", "why", "do", "who"))
    return Kind(name, severity, says, why, do, who, banner, everywhere is True)


def _check_names(place: str, text: str) -> None:
    try:
        names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise HealthMistake(_FILE, place, f"{place}: {text!r}: {error}") from None
    if odd := names - set(FACTS):
        known = ", ".join(FACTS)
        raise HealthMistake(
            _FILE, place, f"{place}: {{{min(odd)}}} is nothing a flag has; known are {known}"
        )


def _check_kinds(kinds: Mapping[str, Kind], health: Mapping[str, Any]) -> None:
    practices = {str(row.get("kind")) for row in health["practice"]}
    if missing := (set(FOUND) | practices) - set(kinds):
        word = f"[kind.{min(missing)}]"
        raise HealthMistake(_FILE, "", f"a table {word} is missing")
    if odd := set(kinds) - set(FOUND) - practices:
        raise HealthMistake(_FILE, f"[kind.{min(odd)}]", f"nothing finds {min(odd)!r}")


def _practice(row: Mapping[str, Any], families: Families) -> Practice:
    words = _pattern(_FILE, row["words"], families)
    return Practice(row["kind"], words, _pattern(_FILE, row.get("unless", []), families))


def _linked(row: Mapping[str, Any], families: Families) -> Linked:
    words = _pattern(_FILE, row["words"], families)
    return Linked(row["name"], words, _pattern(_FILE, row["titles"], families))


def _law(row: Mapping[str, Any], families: Families) -> Law:
    words = _pattern("law.toml", row["words"], families)
    unless = _pattern("law.toml", row.get("unless", []), families)
    since = _day(row, "since", str(row["name"]))
    return Law(
        row["name"], words, unless, row["by"], since, row["why"], row.get("in_part", False) is True
    )


def _yearly(row: Mapping[str, Any], families: Families) -> Yearly:
    editions = tuple(
        (int(one["year"]), _day(one, "from", str(row["name"]))) for one in row["edition"]
    )
    words = _pattern("law.toml", row["words"], families)
    return Yearly(row["name"], words, editions, _anew(row))


def _anew(row: Mapping[str, Any]) -> tuple[int, int] | None:
    """Month and day of anew = "09-01"."""
    if "anew" not in row:
        return None
    try:
        day = date.fromisoformat(f"2000-{row['anew']}")
    except ValueError:
        name = str(row["name"])
        raise HealthMistake(
            "law.toml", name, f'anew of {name!r} should be a month and a day like "09-01"'
        ) from None
    return day.month, day.day


def _platform(row: Mapping[str, Any]) -> Platform:
    name = row["name"]
    spelled = _spelled(listed(row.get("written", [name])))
    since = _day(row, "since", str(name))
    return Platform(name, spelled, row.get("common", False), since, row["why"])


def _day(row: Mapping[str, Any], key: str, name: str) -> date:
    day = row[key]
    if type(day) is not date:
        raise HealthMistake("law.toml", name, f"{key} of {name!r} should be a date like 2018-05-25")
    return day
