"""Every card there is to look at: each template in each shape, whole dialogues, and hostile ones."""

from functools import cache

from bot.app import House
from bot.core.cards import Card, Field, Quote
from bot.playing import Stage, shipped
from tests.helpers import house
from tests.test_wording import cards
from tests.web import school

LONG = " ".join(
    f"Sentence {number} of a clause that goes on & on < 5 > 4." for number in range(120)
)
MARKED = "*not bold* _not slanted_ `no code` [no](link) # no heading ~kept~ 1. one\n- two\n> three \\ end"
TALL = Card(
    title="It depends. Read the conditions below.",
    paragraphs=("One.", MARKED),
    quotes=(
        Quote(LONG, "9.9 · A policy · version 1", lead="Staff must not:", strong=(0, 40)),
        Quote(MARKED, "2.2 · Another", mark="Also close:", aside=True),
    ),
    fields=(Field("words", "Your question", MARKED, "A hint", "It is empty.", long=True),),
    foot=MARKED,
)
HOSTILE = (school.hostile(), school.ANSWER, school.FAULTY, school.STORY, school.MISSING, TALL)


async def dialogues() -> list[Card]:
    """What the example school's bot says in the dialogues that come with it, in their order."""
    found: list[Card] = []
    for script in shipped():
        if script.parent.name != "vectors":
            stage = Seen(house())
            for line in script.read_text(encoding="utf-8").splitlines():
                if line.strip() and not line.startswith(("  ", "#")):
                    await stage.line(line)
            found += stage.cards
    return list(dict.fromkeys(found))


class Seen(Stage):
    """A dialogue being played, and every card of it."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self.cards: list[Card] = []

    def _remember(self, who: str, card: Card) -> None:
        super()._remember(who, card)
        self.cards.append(card)


@cache
def templates() -> dict[Card, str]:
    """Every card that the templates make of every shape of view, and its template's name."""
    return {card: name for name, card in cards()}


async def to_look_at() -> list[Card]:
    """For the eye: each beginning in the dialogues, each template that is not among them, and TALL."""
    shown = {card.title: card for card in await dialogues()}
    seen = {name for card, name in templates().items() if card.title in shown}
    left = {name: card for card, name in templates().items() if name not in seen}
    return [*shown.values(), *left.values(), school.FAULTY, school.MISSING, TALL]


async def every() -> list[Card]:
    return [*templates(), *await dialogues(), *HOSTILE]
