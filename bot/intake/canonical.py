"""A policy as the file a secretary reads and corrects, and that file as a policy again.

Each clause stands under one comment line with its id and label, so that ids and labels are written
down, never worked out again. ``parse(write(policy)) == policy`` for every policy (a property test).
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from bot.core.policies import Clause, Policy
from bot.intake.byhand import NOTHING, TABLES, ByHand, by_hand_from, mistake_in
from bot.intake.frontmatter import FrontMatterMistake, split, written
from bot.intake.markers import split_marker
from bot.intake.read import folded

TEXTS = (
    "id",
    "title",
    "school",
    "owner",
    "approver",
    "version",
    "approved",
    "review_due",
    "replaced_by",
    "replaced_on",
    "reread",
    "source",
    "source_sha256",
)
_KNOWN = {*TEXTS, *TABLES, "audience", "retired", "said", "pins"}
_COMMENT = re.compile(r"<!--\s*(\S+)\s*\|(.*)-->\s*")
_PART = re.compile(r'\s*((?:mark|under|kind|option)=)?("(?:[^"\\]|\\.)*"|[^|]*?)\s*(?:\||$)')
_HEADING = re.compile(r"(#{2,})\s+(\S.*)")
_ODD = re.compile(r'--|[|"\\]|^\s|\s$|\s\s|[^\S ]|^$|^(?:mark|under|kind|option)=')
_STARTS = ("#", "<!--", "---", "+++", "\\")
_KINDS = ("clause", "field", "or", "sign")


class CanonicalMistake(ValueError):
    """What is wrong with a policy file, and in which line."""

    def __init__(self, sentence: str, line: int) -> None:
        super().__init__(f"line {line}: {sentence}")
        self.sentence, self.line = sentence, line


@dataclass(frozen=True)
class Written:
    """What a policy file holds: the policy, the ids that may never be given again, and corrections."""

    policy: Policy
    retired: tuple[str, ...] = ()
    by_hand: ByHand = NOTHING


def write(policy: Policy, retired: Iterable[str] = (), by_hand: ByHand = NOTHING) -> str:
    """The policy as its file's text."""
    facts: dict[str, Any] = {name: getattr(policy, name) for name in TEXTS}
    facts = {name: value for name, value in facts.items() if value or name in ("id", "title")}
    lists = {"audience": tuple(policy.audience), "retired": tuple(retired)}
    tables = {"said": dict(policy.said), "pins": dict(policy.pins), **by_hand.tables}
    facts |= {name: value for name, value in {**lists, **tables}.items() if value}
    parts, path = [written(facts)], tuple[str, ...]()
    for clause in policy.clauses:
        parts += [*_path(path, clause.headings), _clause(clause)]
        path = clause.headings
    return "\n".join(parts)


def _path(old: tuple[str, ...], new: tuple[str, ...]) -> list[str]:
    """The heading lines that lead from one clause to the next; --- leaves all headings."""
    if old == new:
        return []
    if not new:
        return ["---\n"]
    same = 0
    while same < min(len(old), len(new) - 1) and old[same] == new[same]:
        same += 1
    return [f"{'#' * (depth + 2)} {_quoted(new[depth])}\n" for depth in range(same, len(new))]


def _clause(clause: Clause) -> str:
    body = f"{clause.marker} {clause.text}".strip() if clause.marker else clause.text
    parts = [clause.id, _quoted(clause.label)]
    parts += [f"under={clause.lead}"] if clause.lead else []
    parts += [f"kind={clause.kind}"] if clause.kind != "clause" else []
    parts += [f"option={clause.option}"] if clause.option else []
    if split_body(body) != (clause.marker, clause.text):
        parts.append(f"mark={_quoted(clause.marker, always=True)}")
    shown = f"\\{body}" if body.startswith(_STARTS) else body
    return f"<!-- {' | '.join(parts)} -->\n{shown}\n"


def split_body(body: str) -> tuple[str, str]:
    """The marker a clause as printed begins with, and its text."""
    marker, rest = split_marker(body)
    return (marker.printed, rest) if marker and rest else ("", body)


def _quoted(text: str, always: bool = False) -> str:
    """Plain where that is safe inside a comment line, else a JSON string."""
    if not always and not _ODD.search(text):
        return text
    return json.dumps(text).replace("-", "\\u002d").replace("|", "\\u007c")


def parse(text: str) -> Policy:
    """The policy in a file's text, or CanonicalMistake."""
    return parse_whole(text).policy


def parse_whole(text: str) -> Written:
    """The policy and its retired ids, or CanonicalMistake with the line and what to do."""
    try:
        facts, lines, above = split(text)
    except FrontMatterMistake as error:
        raise CanonicalMistake(error.sentence, error.line) from error
    _check(facts)
    clauses = _clauses(lines, above)
    values = {name: facts.get(name, "") for name in TEXTS}
    pins = {name: tuple(ids) for name, ids in facts.get("pins", {}).items()}
    audience = tuple(facts.get("audience", ()))
    policy = Policy(
        clauses=clauses, audience=audience, said=facts.get("said", {}), pins=pins, **values
    )
    return Written(policy, tuple(facts.get("retired", ())), by_hand_from(facts))


def _check(facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        if name not in _KNOWN:
            raise CanonicalMistake(f"{name!r} is no fact a policy has: see policies/README.md", 1)
        if name in TEXTS and not isinstance(value, str):
            raise CanonicalMistake(f'{name} should be text in "quotes"', 1)
        if name in ("audience", "retired") and not _texts(value):
            raise CanonicalMistake(f'{name} should be a list like ["one", "two"]', 1)
        if name == "said" and not (isinstance(value, dict) and _texts(list(value.values()))):
            raise CanonicalMistake('[said] holds lines like review_due = "k7m2qp"', 1)
        if name == "pins" and not (isinstance(value, dict) and all(map(_texts, value.values()))):
            raise CanonicalMistake('[pins] holds lines like "guide.leaf" = ["k7m2qp"]', 1)
        if mistake := mistake_in(name, value):
            raise CanonicalMistake(mistake, 1)
    if not facts.get("id"):
        raise CanonicalMistake('the facts at the top lack a line id = "..."', 1)


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _clauses(lines: list[str], above: int) -> tuple[Clause, ...]:
    found: dict[str, Clause] = {}
    path: tuple[str, ...] = ()
    head: tuple[dict[str, Any], int] | None = None
    body: list[str] = []
    for no, line in enumerate([*lines, "---"], above + 1):
        heading = _HEADING.fullmatch(line.rstrip())
        ends = heading or line.strip() == "---" or line.startswith("<!--")
        if not ends:
            _body(line, no, head, body)
            continue
        if head:
            _keep(found, head[0], head[1], body, path)
        head, body = None, []
        if heading:
            path = (*path[: len(heading[1]) - 2], _unquoted(heading[2], no))
        elif line.startswith("<!--"):
            head = (_head(line, no), no)
        else:
            path = ()
    _check_leads(found)
    return tuple(found.values())


def _body(line: str, no: int, head: object, body: list[str]) -> None:
    if line.strip() and not head:
        raise CanonicalMistake("this text has no <!-- id | label --> line above it", no)
    if line.strip():
        body.append(line)


def _head(line: str, no: int) -> dict[str, Any]:
    """The id, label and the rest of one comment line."""
    found = _COMMENT.fullmatch(line)
    if not found:
        raise CanonicalMistake("this line should read <!-- id | label -->", no)
    parts: dict[str, Any] = {"id": found[1]}
    rest = found[2].strip()
    place = 0
    while place < len(rest):
        part = _PART.match(rest, place)
        if not part:
            raise CanonicalMistake("this line should read <!-- id | label -->", no)
        parts[(part[1] or "label=").rstrip("=")] = _unquoted(part[2], no)
        place = max(part.end(), place + 1)
    return parts


def _unquoted(text: str, no: int) -> str:
    if not (text.startswith('"') and text.endswith('"') and len(text) > 1):
        return text
    try:
        return str(json.loads(text))
    except ValueError as error:
        raise CanonicalMistake("the quotes in this line do not close", no) from error


def _keep(
    found: dict[str, Clause], head: dict[str, Any], no: int, body: list[str], path: tuple[str, ...]
) -> None:
    text = " ".join(folded(line) for line in body)
    text = text[1:] if text.startswith("\\") else text
    marker, text = _parted(text, head.get("mark"), no)
    if head["id"] in found:
        raise CanonicalMistake(f"the id {head['id']} stands twice: each clause has its own", no)
    if head.get("kind", "clause") not in _KINDS or not str(head.get("option", "0")).isdigit():
        raise CanonicalMistake("kind is clause, field, or, sign; option is a number", no)
    found[head["id"]] = Clause(
        head["id"],
        head.get("label", ""),
        text,
        marker,
        head.get("kind", "clause"),
        path,
        head.get("under", ""),
        int(head.get("option", 0)),
    )


def _parted(text: str, mark: str | None, no: int) -> tuple[str, str]:
    if mark is None:
        return split_body(text)
    if not text.startswith(mark):
        raise CanonicalMistake(f"mark says this clause begins with {mark!r}, but it does not", no)
    return mark, text[len(mark) :].strip()


def _check_leads(found: dict[str, Clause]) -> None:
    for clause in found.values():
        if clause.lead and clause.lead not in found:
            sentence = f"clause {clause.id} says under={clause.lead}, and there is no such clause"
            raise CanonicalMistake(sentence, 1)


assert set(TEXTS) <= {one.name for one in fields(Policy)}
