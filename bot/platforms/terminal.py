"""The chat in a terminal: type, read the card, press a button by its number.

Cards and typed words are shown as the characters they are: no markup is read in them, and control
characters, which could move the cursor or rewrite the screen, are left out.
"""

import asyncio
import logging
import sys
import threading
import unicodedata
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from io import StringIO
from itertools import count

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from bot.core.cards import Card, Choice, Field, Quote
from bot.core.messages import Incoming, Pressed, Said
from bot.core.people import Person

log = logging.getLogger(__name__)

Hear = Callable[[Incoming], Awaitable[Sequence[Card]]]

PROMPT = "you> "
LIMIT = 4000
WELCOME = "Ask a question about a policy. A number presses a button; “quit” ends."
GOODBYE = "Goodbye."
TOO_LONG = (
    "That was {length:,} characters, and I can take {limit:,}. Nothing was sent. "
    "Please send it in parts."
)
NO_SUCH_BUTTON = "There is no button {number} here."
TRY_AGAIN = "Nothing was lost: press Enter alone to send the same again."
KEEP = "(Enter alone keeps: {value})"
END_LONG = "(As many lines as you need; a full stop alone on a line ends.)"


def plain(text: str, keep: str = "") -> str:
    """The words without characters that steer a terminal or turn the reading direction."""
    unsafe = ("Cc", "Cs", "Cf")
    kept = keep + "\u200c\u200d"  # the joiners inside words and emoji
    spaced = (" " if c in "\n\r\t" and c not in keep else c for c in text)
    return "".join(c for c in spaced if c in kept or unicodedata.category(c) not in unsafe)


async def chat(
    hear: Hear,
    person: Person,
    now: Callable[[], datetime],
    new_id: Callable[[], str],
    sorry: Callable[[str], Card],
    input: Callable[[str], str] = input,
    print: Callable[[str], None] = print,
    colour: bool | None = None,
) -> None:
    """Talk until "quit" or the end of the input. Without ``colour``: whether it is a terminal."""
    colour = sys.stdout.isatty() if colour is None else colour
    show = as_lines if colour else as_plain
    talk = _Talk(person.id, f"terminal:{person.id}:{new_id()}", now, new_id, input, print)
    print(WELCOME)
    try:
        while (message := await talk.next()) is not None:
            cards, failed = await _heard(hear, message, sorry)
            talk.answered(message if failed else None, cards)
            print(show(cards))
            if failed:
                print(TRY_AGAIN)
    except EOFError:
        print("")
    print(GOODBYE)


async def _heard(
    hear: Hear, message: Incoming, sorry: Callable[[str], Card]
) -> tuple[Sequence[Card], bool]:
    """The answer, or the fixed card when it was not saved."""
    try:
        return await hear(message), False
    except Exception as error:
        reference = sha256(message.key.encode()).hexdigest()[:6].upper()
        log.error("not saved, reference %s: %s", reference, type(error).__name__)
        return [sorry(reference)], True


@dataclass
class _Talk:
    """Turns what is typed into messages. The numbers mean the last cards' buttons.

    ``place`` is this run's own: what was asked in an earlier one is not on the screen.
    """

    person: str
    place: str
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    input: Callable[[str], str]
    print: Callable[[str], None]
    cards: Sequence[Card] = ()
    failed: Incoming | None = None

    def answered(self, failed: Incoming | None, cards: Sequence[Card]) -> None:
        self.failed = failed
        # After a failure the buttons before it still hold.
        self.cards = self.cards if failed else cards

    async def next(self) -> Incoming | None:
        """The next message, or None at "quit"."""
        while True:
            words = plain(await self._line(PROMPT), keep="\t").strip()
            if words.casefold() in ("quit", "exit"):
                return None
            if message := await self._message(words):
                return message

    async def _message(self, words: str) -> Incoming | None:
        """What the words mean; None when nothing is to be sent."""
        if not words:
            # What was not saved, once more: the same key, so it counts once.
            return self.failed
        if len(words) > LIMIT:
            self.print(TOO_LONG.format(length=len(words), limit=LIMIT))
            return None
        buttons = numbered(self.cards)
        if not buttons or not (words.isascii() and words.isdigit()):
            return Said(self.person, words, self.now(), self.new_id(), self.place)
        chosen = next((b for b in buttons if str(b[0]) == words), None)
        if chosen is None:
            self.print(NO_SUCH_BUTTON.format(number=words))
            return None
        return await self._pressed(chosen[1], chosen[2])

    async def _pressed(self, card: Card, choice: Choice) -> Incoming:
        # Beside a button that stands out, the others ("Back", "Pause") need nothing typed.
        has_main = any(c.main for c in card.choices)
        asked = card.fields if choice.main or not has_main else ()
        fields = {field.id: await self._typed(field) for field in asked}
        at, key = self.now(), self.new_id()
        return Pressed(self.person, choice.action, at, key, self.place, fields)

    async def _typed(self, field: Field) -> str:
        notes = (field.label, field.hint, field.error, END_LONG if field.long else "")
        for note in filter(None, notes):
            self.print(plain(note))
        if field.value:
            self.print(KEEP.format(value=plain(field.value)))
        first = plain(await self._line("  > "), keep="\t")
        lines = [first]
        while field.long and lines[-1] != "." and (lines[0] or not field.value):
            lines.append(plain(await self._line("  > "), keep="\t"))
        words = "\n".join(lines[:-1] if field.long and lines[-1] == "." else lines)
        return words if words.strip() else field.value

    async def _line(self, prompt: str) -> str:
        """One typed line, read beside the loop by a thread that never keeps the program alive."""
        loop = asyncio.get_running_loop()
        line: asyncio.Future[str] = loop.create_future()

        def settle(words: str | None, error: BaseException | None) -> None:
            if line.done():
                return
            if error is not None:
                line.set_exception(error)
            else:
                line.set_result(words or "")

        def read() -> None:
            words: str | None = None
            error: BaseException | None = None
            try:
                words = self.input(prompt)
            except StopIteration:
                error = EOFError()  # a future cannot carry StopIteration
            except BaseException as raised:
                error = raised
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, words, error)

        threading.Thread(target=read, daemon=True).start()
        return await line


def numbered(cards: Sequence[Card]) -> list[tuple[int, Card, Choice]]:
    """The buttons on show, counted from 1 through all of the cards."""
    buttons = [(card, choice) for card in cards for choice in card.choices if choice.action]
    return [(number, card, choice) for number, (card, choice) in enumerate(buttons, 1)]


# As plain lines -------------------------------------------------------------------------------


# A page of the web chat opens nothing here, so links are left out.


def as_plain(cards: Sequence[Card]) -> str:
    """For pipes, files and screen readers: no colour, no boxes."""
    numbers = count(1)
    return "\n\n".join("\n".join(_plain_lines(_clean(card), numbers)) for card in cards)


def _plain_lines(card: Card, numbers: Iterator[int]) -> list[str]:
    lines = ["URGENT"] if card.urgent else []
    lines += [f"! {line}" for line in card.banner]
    lines += [card.title] if card.title else []
    lines += card.paragraphs
    for quote in card.quotes:
        lines += [quote.mark] if quote.mark else []
        lines += [f"    “{quote.lead}”"] if quote.lead else []
        lines += [f"    “{quote.text}”", f"    {quote.source}"]
    lines += card.after
    lines += [f"{name}: {value}" for name, value in card.facts]
    for field in card.fields:
        lines += [f"{field.label}: {field.value}".rstrip()]
        lines += [f"  {field.error}"] if field.error else []
    lines += [_choice(choice, numbers) for choice in card.choices if choice.action]
    lines += [card.foot] if card.foot else []
    return lines


def _choice(choice: Choice, numbers: Iterator[int]) -> str:
    return f"  {next(numbers)}. {choice.label}"


# With colour ----------------------------------------------------------------------------------


def as_lines(cards: Sequence[Card], width: int | None = None) -> str:
    """For a terminal: the verdict bold, quotes set in, an urgent card in a double frame."""
    out = StringIO()
    console = Console(
        file=out, force_terminal=True, width=width, markup=False, emoji=False, highlight=False
    )
    width = min(console.width, 88)
    numbers = count(1)
    for card in cards:
        parts = Group(*_parts(_clean(card), numbers))
        framed = Panel(parts, title="Urgent", border_style="bold red") if card.urgent else parts
        console.print(framed, width=width)
        console.print()
    return out.getvalue().rstrip("\n")


def _parts(card: Card, numbers: Iterator[int]) -> list[RenderableType]:
    shown: list[RenderableType] = [Text(f"! {line}", style="yellow") for line in card.banner]
    shown += [Text(card.title, style="bold")] if card.title else []
    shown += [Text(line) for line in card.paragraphs]
    for quote in card.quotes:
        shown.append(_quoted(quote))
    shown += [Text(line) for line in card.after]
    shown += [Text.assemble((f"{name}: ", "dim"), value) for name, value in card.facts]
    for field in card.fields:
        shown.append(Text.assemble((f"{field.label}: ", "bold"), field.value))
        shown += [Text(f"  {field.error}", style="bold red")] if field.error else []
    shown += [
        Text(_choice(choice, numbers), style="cyan") for choice in card.choices if choice.action
    ]
    shown += [Text(card.foot, style="dim")] if card.foot else []
    return shown


def _quoted(quote: Quote) -> RenderableType:
    a, b = quote.strong
    text = Text(f"“{quote.text}”")
    if a < b:
        text.stylize("bold", a + 1, b + 1)
    lines: list[RenderableType] = [Text(quote.mark, style="bold")] if quote.mark else []
    lines += [Text(quote.lead, style="dim")] if quote.lead else []
    lines += [text, Text(quote.source, style="dim")]
    return Padding(Group(*lines), (1, 0, 1, 4))


def _clean(card: Card) -> Card:
    """The card with nothing in it that steers a terminal."""
    return replace(
        card,
        title=plain(card.title),
        banner=tuple(map(plain, card.banner)),
        paragraphs=tuple(map(plain, card.paragraphs)),
        quotes=tuple(map(_clean_quote, card.quotes)),
        after=tuple(map(plain, card.after)),
        facts=tuple((plain(name), plain(value)) for name, value in card.facts),
        fields=tuple(
            replace(f, label=plain(f.label), value=plain(f.value), error=plain(f.error))
            for f in card.fields
        ),
        choices=tuple(replace(c, label=plain(c.label), link=plain(c.link)) for c in card.choices),
        foot=plain(card.foot),
    )


def _clean_quote(quote: Quote) -> Quote:
    text = plain(quote.text)
    a, b = quote.strong
    start = len(plain(quote.text[:a]))
    return replace(
        quote,
        text=text,
        strong=(start, start + len(plain(quote.text[a:b]))),
        source=plain(quote.source),
        lead=plain(quote.lead),
        link=plain(quote.link),
        mark=plain(quote.mark),
    )
