"""What was said so far on the web chat: one log per person, in memory, bounded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.cards import Card
from bot.core.messages import Outgoing

KEPT_CARDS = 50
KEPT_KEYS = 1000


@dataclass(frozen=True)
class Entry:
    """One line of the log: the person's own words, or a card. ``number`` only ever grows.

    ``closed`` is a form that was taken: what was typed into it is shown no more.
    """

    number: int
    key: str
    words: str = ""
    card: Card | None = None
    closed: bool = False


class Log:
    """One person's conversation. The same key is written once."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._keys: dict[str, None] = {}
        self._last = 0

    @property
    def last(self) -> int:
        return self._last

    def has(self, key: str) -> bool:
        return key in self._keys

    def add(self, key: str, *, words: str = "", card: Card | None = None) -> None:
        if key in self._keys:
            return
        self._last += 1
        self._keys[key] = None
        self.entries.append(Entry(self._last, key, words, card))
        self._forget()

    def after(self, number: int) -> Sequence[Entry]:
        return [entry for entry in self.entries if entry.number > number]

    def card(self, number: int) -> Card | None:
        return next((e.card for e in self.entries if e.number == number), None)

    def close(self, number: int) -> None:
        """The form was taken: keep the card, forget its fields."""
        self.entries = [_closed(e) if e.number == number else e for e in self.entries]

    def remove(self, number: int) -> None:
        """The form came back with mistakes named: the new one takes its place."""
        self.entries = [e for e in self.entries if e.number != number]

    def _forget(self) -> None:
        while sum(e.card is not None for e in self.entries) > KEPT_CARDS:
            del self.entries[0]
        del self.entries[: -2 * KEPT_CARDS]
        while len(self._keys) > KEPT_KEYS:
            del self._keys[next(iter(self._keys))]


def _closed(entry: Entry) -> Entry:
    card = replace(entry.card, fields=(), choices=()) if entry.card else None
    return replace(entry, card=card, closed=True)


class Posts:
    """The say side: what is posted to a person appears in their log, on every page they have open.

    A log belongs to the person, not the browser: what is posted before they come waits for them.
    """

    pause = 0.0  # seconds between two messages to one place; a page on this machine needs none

    def __init__(self) -> None:
        self._logs: dict[str, Log] = {}

    def of(self, person: str) -> Log:
        return self._logs.setdefault(person, Log())

    async def say(self, out: Outgoing, card: Card) -> None:
        self.of(out.to).add(out.key, card=card)

    async def was_said(self, out: Outgoing) -> bool:
        return self.of(out.to).has(out.key)

    async def open(self, handle: str, card: Card) -> bool:
        """The web has no views to open."""
        return False
