"""Documents being looked through before they are saved: in memory, few, and not for long."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.imports import Corrections

LASTS = timedelta(minutes=30)
EACH = 3  # the newest of one person
ALL = 8
UNDONE = 50


@dataclass(frozen=True)
class Saved:
    """What became of it: where the policy can be read, and why the bot does not know it yet, if so."""

    title: str
    address: str
    told: str
    text: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Paper:
    """One document on somebody's desk. ``step`` grows with each change, so that an old page is noticed.

    ``last`` is the form that made the last change; ``told`` names what to say of it, at ``at``.
    """

    person: str
    document: Any
    name: str
    school: str
    policy_id: str
    touched: datetime
    corrections: Corrections = field(default_factory=Corrections)
    past: tuple[Corrections, ...] = ()
    step: int = 0
    last: str = ""
    told: str = ""
    at: int = -1
    saved: Saved | None = None

    def corrected(self, later: Corrections, told: str, at: int = -1) -> "Paper":
        past = (*self.past, self.corrections)[-UNDONE:]
        made = self.corrections.then(later)
        return replace(self, corrections=made, past=past, told=told, at=at, step=self.step + 1)

    def undone(self) -> "Paper":
        if not self.past:
            return self
        made, past = self.past[-1], self.past[:-1]
        return replace(self, corrections=made, past=past, told="undone", at=-1, step=self.step + 1)


class Shelf:
    """Papers by an unguessable key. Nobody but the one who brought a paper sees it."""

    def __init__(self) -> None:
        self._papers: dict[str, Paper] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    def put(self, key: str, paper: Paper, now: datetime) -> None:
        self._papers.pop(key, None)
        self._papers[key] = replace(paper, touched=now)
        self._tidy(now)

    def take(self, key: str, person: str, now: datetime) -> Paper | None:
        self._tidy(now)
        paper = self._papers.get(key)
        if paper is None or paper.person != person:
            return None
        self._papers[key] = replace(paper, touched=now)
        return paper

    def lock(self, key: str) -> asyncio.Lock:
        """One change of a paper at a time: a double click waits and then finds it made."""
        return self._locks.setdefault(key, asyncio.Lock())

    def _tidy(self, now: datetime) -> None:
        kept = {k: p for k, p in self._papers.items() if now - p.touched < LASTS}
        newest = list(kept)[-ALL:]
        by_person: dict[str, list[str]] = {}
        for key in newest:
            by_person.setdefault(kept[key].person, []).append(key)
        keys = {key for mine in by_person.values() for key in mine[-EACH:]}
        self._papers = {key: kept[key] for key in newest if key in keys}
        self._locks = {k: lock for k, lock in self._locks.items() if k in keys or lock.locked()}
