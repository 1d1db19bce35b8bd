"""``play``: written dialogues, played against the bot. No reply and a different reply both show.

A dialogue is a text file: ``jo: can I ...`` is somebody typing, ``jo presses A pupil`` a button by its
label, ``jo fills in The question to send: ...`` a field by its label, before the button that sends it
(again for a second line of it, with nothing to empty it), ``clock: 2026-09-02T08:00`` moves the time
(UTC), lines that begin with two spaces are what the bot must say (as ``bot to jo: ...`` and further
lines), ``# ...`` is a remark.
"""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import unified_diff
from itertools import count
from pathlib import Path

from bot import app
from bot.config import ROOT, Config
from bot.core.cards import Card, Field, as_text
from bot.core.messages import Pressed, Said
from bot.library import read_library
from bot.store.memory import MemoryStore

_DOES = re.compile(r"([^:]+?) (presses|fills in) (.*?)\s*")
START = datetime(2026, 11, 20, 12, tzinfo=UTC)


class DialogueMistake(Exception):
    """A dialogue's line that cannot be played."""


@dataclass(frozen=True)
class Button:
    """What it carries, and the fields of the card it stands on: their labels and what is in them."""

    action: str
    fields: tuple[Field, ...] = ()


@dataclass
class Stage:
    """One dialogue being played: the time, the buttons each person can see, and what they filled in
    since they last pressed one."""

    house: app.House
    at: datetime = START
    buttons: dict[str, dict[str, Button]] = field(default_factory=dict)
    typed: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._door = app.door(self.house, MemoryStore(), lambda: self.at)
        self._keys = count(1)

    async def line(self, line: str) -> list[str]:
        """What the bot says to one line of the dialogue, as the dialogue would have it."""
        if did := _DOES.fullmatch(line):
            who, does, rest = did.groups()
            return await self._press(who, rest) if does == "presses" else self._fill(who, rest)
        who, _, text = line.partition(": ")
        if who == "clock":
            self.at = _time(text.strip())
            return []
        return await self._hear(Said(who, text, self.at, self._key(), who))

    def _fill(self, who: str, rest: str) -> list[str]:
        label, _, words = rest.partition(":")
        seen = {f.label for button in self.buttons.get(who, {}).values() for f in button.fields}
        if label not in seen:
            known = ", ".join(sorted(seen)) or "none"
            raise DialogueMistake(f"{who} sees no field {label!r}, only: {known}")
        self.typed.setdefault(who, {}).setdefault(label, []).append(words.strip())
        return []

    async def _press(self, who: str, label: str) -> list[str]:
        seen = self.buttons.get(who, {})
        if label not in seen:
            raise DialogueMistake(
                f"{who} sees no button {label!r}, only: {', '.join(seen) or 'none'}"
            )
        button, typed = seen[label], self.typed.pop(who, {})
        fields = {f.id: "\n".join(typed.get(f.label, [f.value])) for f in button.fields}
        return await self._hear(Pressed(who, button.action, self.at, self._key(), who, fields))

    async def _hear(self, message: Said | Pressed) -> list[str]:
        lines = []
        for card in await self._door.hear(message):
            self._remember(message.person, card)
            first, *rest = as_text(card).splitlines()
            lines += [f"  bot to {message.person}: {first}", *(f"  {line}" for line in rest)]
        return lines

    def _remember(self, who: str, card: Card) -> None:
        now = {c.label: Button(c.action, card.fields) for c in card.choices if c.action}
        self.buttons.setdefault(who, {}).update(now)

    def _key(self) -> str:
        return f"line-{next(self._keys)}"


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise DialogueMistake(f"clock: {text!r} is no time such as 2026-09-02T08:00") from None


async def played(house: app.House, script: str) -> str:
    """The dialogue as it goes when played: the people's lines as written, the bot's as said."""
    stage, lines = Stage(house), []
    for line in script.splitlines():
        if line.startswith("  "):
            continue
        lines.append(line)
        if line.strip() and not line.startswith("#"):
            lines += await stage.line(line)
    return "\n".join(lines) + "\n"


def shipped() -> list[Path]:
    """The dialogues the tests play. Those in vectors/ hold only with sentence vectors."""
    folder = ROOT / "tests" / "dialogues"
    found = sorted(folder.rglob("*.txt"))
    if not found:
        raise DialogueMistake(f"{folder} holds no dialogues: name the files to play")
    return found


def play(config: Config, files: Sequence[Path], tell: Callable[[str], None]) -> int:
    """Play each file; tell where it differs. Returns the number of files that do."""
    wrong = 0
    for path, script, said in _played(config, files):
        if said == script:
            tell(f"ok      {path}")
            continue
        wrong += 1
        tell(f"DIFFERS {path}")
        changed = unified_diff(
            script.splitlines(), said.splitlines(), "written", "played", lineterm=""
        )
        for line in changed:
            tell(line)
    return wrong


def show(config: Config, files: Sequence[Path], tell: Callable[[str], None]) -> None:
    """Print each dialogue whole, as it goes now."""
    for _, _, said in _played(config, files):
        tell(said.rstrip("\n"))


def record(config: Config, files: Sequence[Path], tell: Callable[[str], None]) -> None:
    """Write what the bot says now into each file. People's lines and remarks stay as they are."""
    if not files:
        raise DialogueMistake("--record rewrites files: name the dialogues to record again")
    for path, script, said in _played(config, files):
        path.write_text(said, encoding="utf-8")
        tell(f"{'as before' if said == script else 'recorded '} {path}")


def _played(config: Config, files: Sequence[Path]) -> Iterator[tuple[Path, str, str]]:
    """Each file with what it says and how it goes. All are read before the first is played."""
    scripts = [(path, _script(path)) for path in files]
    house = app.build(config, read_library(config.policies))
    for path, script in scripts:
        try:
            yield path, script, asyncio.run(played(house, script))
        except DialogueMistake as mistake:
            raise DialogueMistake(f"{path}: {mistake}") from None


def _script(path: Path) -> str:
    if path.is_dir():
        raise DialogueMistake(f"{path} is a folder: name the dialogues in it, as in {path}/*.txt")
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise DialogueMistake(f"{path} cannot be read as text, so nothing was played") from None
