"""Flags of other policies a policy leans on, where nobody has loaded them."""

import re
from collections.abc import Iterator, Sequence

from bot.core.health.data import Health
from bot.core.health.flags import Flag
from bot.core.health.reads import Read
from bot.core.phrases import plain
from bot.core.policies import Clause, Policy, sentences

_LISTS = re.compile(
    r"^(?:front matter: )?(?:linked|related|associated|other relevant|supporting|see also)"
    r"(?: (?:policies|documents|procedures|policy))*",
    re.I,
)
_AFTER = re.compile(r"^[^:]*:[-\s]*")
_DATE = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)?\s*(?:19|20)\d\d\b",
    re.I,
)
_DULL = {
    "policy",
    "policies",
    "procedure",
    "procedures",
    "and",
    "the",
    "for",
    "of",
    "on",
    "our",
    "school",
    "s",
    "staff",
}


def not_loaded(read: Read, beside: Sequence[Policy], health: Health) -> Iterator[Flag]:
    """Each policy that is named and not there, on every clause that names it."""
    titles = [plain(policy.title) for policy in (read.policy, *beside)]
    for clause in read.policy.clauses:
        if clause.kind in ("clause", "field") and clause.id != read.policy.said.get("title"):
            for name in _missing(clause, titles, health):
                yield read.flag("not_loaded", clause, name=name)


def _missing(clause: Clause, titles: Sequence[str], health: Health) -> list[str]:
    listed = _listed(clause.text) if clause.kind == "field" else []
    if listed:
        return [name for name in listed if not any(_titled(name, title) for title in titles)]
    parts = (plain(clause.text[start:end]) for start, end in sentences(clause.text))
    gone = health.phrases["replaced_since"]
    said = " ".join(part for part in parts if not gone.search(part))
    said = health.phrases["others_own"].sub("", said)
    found = (one for one in health.linked if one.words.search(said))
    return [one.name for one in found if not any(map(one.titles.search, titles))]


def _listed(text: str) -> list[str]:
    """What a header line such as "Related documents: A; B" lists."""
    if not _LISTS.match(text):
        return []
    names = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", _AFTER.sub("", text))
    parts = re.split(r"[;,•]|\band\b(?=[^;,]*$)" if ";" not in names else r"[;•]", names)
    return [" ".join(_DATE.sub("", part).split()) for part in parts if plain(part).strip()]


def _titled(name: str, title: str) -> bool:
    """Whether every telling word of the name stands in the title."""
    telling = set(plain(name).split()) - _DULL
    return telling <= set(title.split()) if telling else True
