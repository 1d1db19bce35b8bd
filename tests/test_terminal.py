"""The terminal chat: what is typed, what is shown, and that nothing shown steers the terminal."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count

from bot import app
from bot.core.cards import Card, Choice, Field, Quote
from bot.core.messages import Incoming, Pressed, Said
from bot.core.people import Person
from bot.platforms import terminal
from bot.store.memory import MemoryStore
from tests.helpers import house

NOW = datetime(2026, 11, 20, 16, 12, tzinfo=UTC)
ANN = Person("ann", "Ann Okafor")
PLACE = "terminal:ann:id1"  # of the first run
SORRY = Card(title="This was not saved.", paragraphs=("Ring Ms Shah on 01632 960001.",))
TEXT = "Staff must not accept requests. This also holds for leavers."
ANSWER = Card(
    title="No.",
    quotes=(Quote(TEXT, "5.3 · Social media", "Staff:", (0, 31), "/policies/s/c/1"),),
    choices=(
        Choice("See the policy", link="/policies/s"),
        Choice("Report this", "report"),
        Choice("Not what I asked", "missed"),
    ),
)
FORM = Card(
    title="2 of 5",
    fields=(Field("story", "What happened", long=True), Field("where", "Where", value="hall")),
    choices=(Choice("Back", "back"), Choice("Send", "send", main=True)),
)
ATTACK = "[bold red]x[/] :warning: \x1b[2J\x07\x9b31m\u202egnorw"


class Terminal:
    """Types the lines it was given, remembers what was shown and heard."""

    def __init__(self, *lines: str, fails: int = 0) -> None:
        self.lines: Iterator[str] = iter(lines)
        self.fails = fails
        self.heard: list[Incoming] = []
        self.shown: list[str] = []

    async def hear(self, message: Incoming) -> Sequence[Card]:
        self.heard.append(message)
        self.fails -= 1
        if self.fails >= 0:
            raise OSError("the disk is full")
        match message:
            case Pressed(action="report"):
                return [FORM]
            case Pressed(action=action):
                return [Card(title=f"Pressed {action}")]
        return [ANSWER]

    async def run(self, colour: bool = False) -> str:
        numbers = count(1)
        await terminal.chat(
            self.hear,
            ANN,
            lambda: NOW,
            lambda: f"id{next(numbers)}",
            lambda reference: SORRY,
            input=lambda prompt: next(self.lines),
            print=self.shown.append,
            colour=colour,
        )
        return "\n".join(self.shown)


async def test_a_question_is_answered_with_the_clause_and_numbered_buttons() -> None:
    talk = Terminal("Can I?", "quit")
    shown = await talk.run()
    assert talk.heard == [Said("ann", "Can I?", NOW, "id2", PLACE)]
    assert shown.endswith(
        "No.\n"
        "    “Staff:”\n"
        f"    “{TEXT}”\n"
        "    5.3 · Social media\n"
        "  1. Report this\n"
        "  2. Not what I asked\n"
        "Goodbye."
    )


async def test_a_number_presses_a_button_and_fields_are_asked_one_by_one() -> None:
    talk = Terminal("Can I?", "1", "2", "He said", "this.", ".", "", "quit")
    await talk.run()
    fields = {"story": "He said\nthis.", "where": "hall"}
    assert talk.heard[1:] == [
        Pressed("ann", "report", NOW, "id3", PLACE),
        Pressed("ann", "send", NOW, "id4", PLACE, fields),
    ]


async def test_a_button_beside_the_main_one_asks_for_nothing() -> None:
    talk = Terminal("Can I?", "1", "1", "quit")
    await talk.run()
    assert talk.heard[-1] == Pressed("ann", "back", NOW, "id4", PLACE)


async def test_a_number_without_a_button_is_said_and_a_number_without_buttons_is_words() -> None:
    talk = Terminal("42", "7", "quit")
    shown = await talk.run()
    assert talk.heard == [Said("ann", "42", NOW, "id2", PLACE)]
    assert "There is no button 7 here." in shown


async def test_what_was_not_saved_is_sent_again_with_the_same_key() -> None:
    talk = Terminal("Can I?", "", "quit", fails=1)
    shown = await talk.run()
    assert "This was not saved." in shown
    assert talk.heard[0] == talk.heard[1]
    assert len(talk.heard) == 2


async def test_the_end_of_the_input_ends_politely() -> None:
    assert (await Terminal("Can I?").run()).endswith("Goodbye.")
    assert (await Terminal("Can I?", "1", "2", "half a story").run()).endswith("Goodbye.")


async def test_a_long_message_is_refused_kindly() -> None:
    talk = Terminal("x" * 4001, "quit")
    assert "4,001 characters" in await talk.run()
    assert talk.heard == []


async def test_control_characters_typed_never_reach_the_desk() -> None:
    talk = Terminal("a\x00b\x1b[31m", "quit")
    await talk.run()
    assert talk.heard == [Said("ann", "ab[31m", NOW, "id2", PLACE)]


def test_nothing_in_a_card_steers_the_terminal() -> None:
    card = Card(
        title=ATTACK,
        banner=(ATTACK,),
        paragraphs=(ATTACK,),
        quotes=(Quote(ATTACK, ATTACK, ATTACK, (0, 40), ATTACK, ATTACK),),
        after=(ATTACK,),
        facts=((ATTACK, ATTACK),),
        fields=(Field("f", ATTACK, ATTACK, ATTACK, ATTACK),),
        choices=(Choice(ATTACK, "a"), Choice(ATTACK, link=ATTACK)),
        foot=ATTACK,
        urgent=True,
    )
    shown = terminal.as_lines([card], width=300)
    for bad in ("\x1b[2J", "\x07", "\x9b", "\u202e"):
        assert bad not in shown
        assert bad not in terminal.as_plain([card])
    assert "\x1b" not in terminal.as_plain([card])
    assert shown.count("[bold red]x[/] :warning:") == 15
    assert terminal.as_plain([card]).count("[bold red]x[/] :warning:") == 15


def test_the_deciding_sentence_is_bold_and_an_urgent_card_says_so() -> None:
    shown = terminal.as_lines([ANSWER], width=80)
    assert "\x1b[1mStaff must not accept requests.\x1b[0m This also" in shown
    urgent = Card(title="Ring 999.", urgent=True)
    assert "Urgent" in terminal.as_lines([urgent], width=80)
    assert terminal.as_plain([urgent]) == "URGENT\nRing 999."


async def test_each_run_is_a_conversation_of_its_own() -> None:
    """A "yes" typed today is no answer to a question that yesterday's run asked."""
    talk, ids = Terminal("a", "quit", "b", "quit"), count(1)
    for _ in range(2):
        await terminal.chat(
            *(talk.hear, ANN, lambda: NOW, lambda: f"id{next(ids)}", lambda _: SORRY),
            input=lambda _: next(talk.lines),
            print=talk.shown.append,
        )
    assert len({heard.place for heard in talk.heard}) == 2


# With the real house --------------------------------------------------------------------------------


async def told(*lines: str) -> tuple[str, MemoryStore]:
    """What Jo Bell reads who types these lines, and the records behind it."""
    store, shown, ids, typed = MemoryStore(), list[str](), count(1), iter(lines)
    door = app.door(house(), store, lambda: NOW)
    bell = house().people["bell"]
    await terminal.chat(
        *(door.hear, bell, lambda: NOW, lambda: f"id{next(ids)}", lambda _: SORRY),
        input=lambda _: next(typed),
        print=shown.append,
        colour=False,
    )
    return "\n".join(shown), store


async def test_the_form_to_the_owner_comes_back_with_its_mistake_and_then_goes() -> None:
    long, question = "x" * 2001, ("May I wear trainers", "", "on a trip?")
    lines = ("can i wear trainers", "1", "1", long, ".", "1", *question, ".", "quit")
    shown, store = await told(*lines)
    form = shown.partition("without your name?\n")[2]
    assert "The question to send: can i wear trainers\n" in form
    assert "You can change the words before they go.\n" in form
    assert f"The question to send: {long}\n  That is too long: 2,000 characters at most." in form
    assert "Sent to the owner of" in form.partition("too long")[2]
    asked = store.look(lambda reads: [q.words for q in reads.questions(None)])
    assert asked == ["May I wear trainers\n\non a trip?"]


async def test_enter_alone_sends_the_words_as_they_were() -> None:
    _, store = await told("can i wear trainers", "1", "1", "", "quit")
    asked = store.look(lambda reads: [q.words for q in reads.questions(None)])
    assert asked == ["can i wear trainers"]


async def test_what_has_a_page_elsewhere_is_read_here_by_its_number() -> None:
    shown, _ = await told("policies", "3", "4", "1", "quit")
    assert "  3. Staff Online Conduct Policy" in shown
    assert "This is the Staff Online Conduct Policy." in shown
    assert "  4. 4. Pictures of pupils" in shown
    section = shown.partition("This is the whole section.\n4. Pictures of pupils\n")[2]
    assert "“A pupil's full name must never be shown beside their picture.”\n    4.4" in section
    assert "  1. See the policy" in section
