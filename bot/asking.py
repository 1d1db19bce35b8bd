"""``ask``: one question, or a file of them. It makes the very call the chat makes."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from time import perf_counter
from typing import Any

from bot import app
from bot.clock import wall_time
from bot.config import Config
from bot.core import refs
from bot.core.cards import as_text
from bot.core.messages import Outgoing, Said
from bot.core.people import LONDON, Membership, Person
from bot.core.policies import Policy
from bot.core.verdicts import AUDIENCE
from bot.library import read_library
from bot.store.memory import MemoryStore

ROLES = ("staff", "manager", "headteacher", "hr", "dsl", *AUDIENCE)


class AskMistake(Exception):
    """A batch file or a policy name that cannot be used; the sentence says which."""


@dataclass
class Clock:
    """The time an answer is asked at: now, or noon of ``--today``."""

    day: date | None

    def now(self) -> datetime:
        return datetime.combine(self.day, time(12), LONDON) if self.day else wall_time()


@dataclass(frozen=True)
class Asker:
    """A house with one invented asker for each audience, who may ask any policy by name."""

    house: app.House
    clock: Clock

    async def row(self, row: dict[str, Any]) -> dict[str, Any]:
        """One row of a batch answered: what was found, the verdict, and the whole text as shown."""
        started = perf_counter()
        policy = str(row.get("policy") or "cross")
        text = str(row.get("question") or row.get("text") or "")
        out, card_text = await self._told(text, policy, str(row.get("asker_role") or "staff"))
        told = _told(out, self.house.book.policies, cross=policy == "cross")
        took = round((perf_counter() - started) * 1000, 2)
        return {"id": row.get("id"), "policy": policy, **told, "text": card_text, "ms": took}

    async def _told(self, text: str, policy: str, role: str) -> tuple[Outgoing, str]:
        door = self._door(policy, role)
        message = Said("asker", text, self.clock.now(), "ask", "ask")
        out = next(iter(await door.desk.receive(message)))
        return out, as_text(door.views.card(out))

    def _door(self, policy: str, role: str) -> app.Door:
        """A door where only the named policy is in force, with the records of this one question."""
        narrowed = app.narrowed(self.house, self._wanted(policy), _asker(self.house, role))
        return app.door(narrowed, MemoryStore(), self.clock.now)

    def _wanted(self, policy: str) -> Sequence[str]:
        known = self.house.book.policies
        if policy == "cross":
            return list(known)
        if policy not in known:
            raise AskMistake(f"no policy is called {policy!r} here; there are: {', '.join(known)}")
        return [policy]


def _asker(house: app.House, role: str) -> Person:
    places = {p.school for p in house.book.policies.values()} | {""}
    return Person("asker", "", tuple(Membership(school, (role,)) for school in sorted(places)))


def _told(out: Outgoing, policies: dict[str, Policy] | Any, cross: bool) -> dict[str, Any]:
    """The machine-readable half of a row, from the Outgoing the card was made of."""
    route = out.refs.get("route") if out.template == "gate" else None
    waiting = out.refs.get("answer")
    if not isinstance(waiting, dict):
        empty: dict[str, Any] = {"clauses": [], "clause_texts": [], "clarify": False}
        empty |= {"verdict": "route" if route else None, "answered": out.template != "empty"}
        return {**empty, "route": route, "from_config": False}
    answer = refs.from_json(waiting)
    labels = [(f"{p}:" if cross else "") + policies[p].by_id[c].label for p, c in answer.ranked]
    return {
        "clauses": labels,
        "clause_texts": [policies[p].by_id[c].text for p, c in answer.ranked],
        "verdict": answer.verdict,
        "answered": answer.answered,
        "clarify": answer.kind == "ask_back",
        "route": None,
        "from_config": answer.kind == "holder",
    }


def batch(config: Config, policies: Path | None, rows: Path, out: Path, today: str) -> None:
    """Answer a file of rows. Nothing is written unless every row could be read."""
    import asyncio

    if not out.parent.is_dir():
        raise AskMistake(f"--out names {out}, but there is no folder {out.parent} to write into")
    if out.is_dir():
        raise AskMistake(f"--out names {out}, which is a folder; name a file in it")
    asked = list(_rows(rows))
    asker = _asker_for(config, policies, today)
    if sys.stderr.isatty():
        print(f"Answering {len(asked)} questions ...", file=sys.stderr)  # noqa: T201

    async def told() -> list[dict[str, Any]]:
        return [await asker.row(row) for row in asked]

    answers = asyncio.run(told())
    try:
        _write(out.resolve(), "".join(json.dumps(a, ensure_ascii=False) + "\n" for a in answers))
    except OSError as error:
        raise AskMistake(f"{out} cannot be written: {error.strerror}") from None


def _write(out: Path, lines: str) -> None:
    """All of it or nothing. Half an emoji, which UTF-8 cannot hold, stays escaped as JSON has it."""
    raw = lines.encode("utf-8", "backslashreplace")
    if out.exists() and not out.is_file():  # a pipe, such as /dev/stdout
        out.write_bytes(raw)
        return
    part = out.with_name(f"{out.name}.part")
    try:
        part.write_bytes(raw)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def one(
    config: Config,
    policies: Path | None,
    question: str,
    policy: str,
    role: str,
    today: str,
    as_json: bool,
) -> str:
    """One question, as words or as one JSON object."""
    import asyncio

    if role not in ROLES:
        raise AskMistake(f"--role is {role!r}, but a role is one of: {', '.join(ROLES)}")
    asker = _asker_for(config, policies, today)
    row = {"id": None, "policy": policy or "cross", "asker_role": role, "question": question}
    told = asyncio.run(asker.row(row))
    return json.dumps(told, ensure_ascii=False, indent=1) if as_json else str(told["text"])


def _asker_for(config: Config, policies: Path | None, today: str) -> Asker:
    library = read_library(policies or config.policies)
    return Asker(app.build(config, library), Clock(day(today)))


def day(today: str) -> date | None:
    try:
        return date.fromisoformat(today) if today else None
    except ValueError:
        raise AskMistake(f"--today is {today!r}, but a day is written like 2026-11-20") from None


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError):
        raise AskMistake(f"{path} cannot be read as text, so nothing was answered") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise AskMistake(f"{path}, line {number}: not a JSON object, so nothing was answered")
        if row.get("question") is None and row.get("text") is None:
            raise AskMistake(f"{path}, line {number}: has no question, so nothing was answered")
        if (role := str(row.get("asker_role") or "staff")) not in ROLES:
            raise AskMistake(
                f"{path}, line {number}: asker_role is {role!r}, but it is one of: {', '.join(ROLES)}"
            )
        yield row
