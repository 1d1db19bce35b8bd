"""What staff do with the bot on Slack, from the first question to a machine that loses its power.

Run in a network of its own: ``python -m tests.peers.story socket`` (or ``http``). Each chapter that
went well is a line; the first that did not ends it.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import TypeVar

from tests.peers import apart
from tests.peers.running import until
from tests.peers.scene import BELL, LYLE, MIXED, PUPIL, QUIET, REID, STAFF, Scene, set_up
from tests.peers.workspace import BOT, Message, dm, words_of

T = TypeVar("T")

PICTURES = "can i take pictures of pupils on my phone"
NO_PICTURES = (
    "Staff must not take pictures of pupils on their own phone or on any other personal device."
)
NUMBER = "can i give my number to a parent"
NO_NUMBER = (
    "Staff must not give their private phone number or private account name to parents or pupils."
)
TOLD = "a girl in my class told me her dad hits her"
DOWN = 4.0  # seconds that Slack is away


async def a_question_is_answered_with_its_clause(scene: Scene) -> None:
    await scene.workspace.says(BELL, PICTURES)
    reads(await scene.next(dm(BELL)), "No.", NO_PICTURES)


async def a_press_puts_the_next_card_in_its_place(scene: Scene) -> None:
    await scene.workspace.says(BELL, "can i accept a friend request")
    asked = await scene.next(dm(BELL))
    await scene.workspace.presses(BELL, "A former pupil", asked)
    older = await scene.replaced(asked)
    reads(older, "How old are they now?")
    await scene.workspace.presses(BELL, "Under 18", older)
    reads(await scene.replaced(older), "No.", "former pupil who is under 18")


async def the_gate_answers_alone_and_shows_nothing_on_a_locked_phone(scene: Scene) -> None:
    await scene.workspace.says(BELL, TOLD)
    gate = await scene.next(dm(BELL))
    assert gate["text"] == "Please open Policybot", gate["text"]
    reads(gate, "999", without=TOLD)
    await scene.workspace.presses(BELL, "No", gate)
    reads(await scene.replaced(gate), "Nobody has been told yet.")


async def a_mention_is_answered_in_its_thread(scene: Scene) -> None:
    await scene.workspace.says(BELL, f"<@{BOT}> {NUMBER}", STAFF)
    told = await scene.next(STAFF)
    (asked,) = [one for one in await scene.workspace.messages(STAFF) if one["user"] == BELL]
    assert told["thread_ts"] == asked["ts"], told
    reads(told, NO_NUMBER)


async def a_concern_in_a_channel_is_answered_alone(scene: Scene) -> None:
    await scene.workspace.says(BELL, f"<@{BOT}> {TOLD}", STAFF)
    reads(await scene.next(dm(BELL)), "999")


async def where_others_read_along_the_answer_is_private(scene: Scene) -> None:
    await scene.workspace.says(BELL, f"<@{BOT}> {NUMBER}", MIXED)
    reads(await scene.next(dm(BELL)), NO_NUMBER)


async def a_command_is_answered_to_the_asker_alone(scene: Scene) -> None:
    await scene.workspace.commands(BELL, "/policy", PICTURES, STAFF)
    told = await scene.next(STAFF)
    assert (told["subtype"], told["ephemeral_to"]) == ("ephemeral", BELL), told
    reads(told, NO_PICTURES)


async def nobody_on_the_staff_list_gets_one_fixed_answer(scene: Scene) -> None:
    await scene.workspace.says(PUPIL, PICTURES)
    reads(await scene.next(dm(PUPIL)), "Childline", without=NO_PICTURES)


async def the_home_has_a_box_and_its_answer_opens_as_a_window(scene: Scene) -> None:
    await scene.workspace.opens_home(BELL)
    home = await until(lambda: _now(scene.workspace.homes.get(BELL)), "an App Home")
    assert home, "it was waited for"
    (box,) = [block for block in home["blocks"] if block["type"] == "input"]
    typed = {"type": box["element"]["type"], "action_id": box["element"]["action_id"]}
    await scene.workspace.presses_at_home(
        BELL, {**typed, "block_id": box["block_id"], "value": PICTURES}
    )
    reads(await _window(scene, "No."), NO_PICTURES)


async def a_question_goes_to_the_owner_after_a_mistake_in_its_form(scene: Scene) -> None:
    await scene.workspace.says(BELL, "can i accept a friend request")
    asked = await scene.next(dm(BELL))
    await scene.workspace.presses(BELL, "Someone else", asked)
    unsettled = await scene.replaced(asked)
    await scene.workspace.presses(BELL, "Send this question to the policy owner", unsettled)
    form = await _window(scene, "without your name?")
    (box,) = [block["block_id"] for block in form["blocks"] if block["type"] == "input"]
    await scene.workspace.submits(BELL, {box: ""})
    wrong = await until(lambda: _now(scene.workspace.wrong), "a mistake in the form")
    assert list(wrong) == [box], wrong
    await scene.workspace.submits(BELL, {box: "May I accept one from a vet?"})
    await _window(scene, "Sent to the owner of the Staff Online Conduct Policy")
    reads(await scene.next(dm(LYLE)), "May I accept one from a vet?", without="Bell")


async def _now(found: T) -> T:
    return found


async def _window(scene: Scene, words: str) -> Message:
    """The window on top, once it says this."""

    async def shown() -> Message | None:
        top = scene.workspace.windows[-1] if scene.workspace.windows else {}
        return top if words in words_of(top) else None

    return await until(shown, f"a window that says {words!r}") or {}


async def slack_goes_away_and_comes_back(scene: Scene) -> None:
    await scene.workspace.kill()
    await asyncio.sleep(DOWN)
    scene.seen.clear()  # it remembers nothing
    await scene.workspace.start()
    if scene.socket:
        await scene.workspace.connected()
    await a_question_is_answered_with_its_clause(scene)


async def the_bot_is_killed_with_three_answers_in_its_hand(scene: Scene) -> None:
    """Everything Slack was told was heard is answered after the restart, and once."""
    kept = scene.between.hold("chat.postMessage")
    await asyncio.gather(*(scene.workspace.says(who, NUMBER) for who in (BELL, LYLE, REID)))
    await kept.wait()
    await scene.bot.kill()
    scene.between.release("chat.postMessage")
    await scene.restart_bot()
    for who in (BELL, LYLE, REID):
        reads(await scene.next(dm(who)), NO_NUMBER)


def reads(shown: Message, *there: str, without: str = "") -> None:
    """Whether these words can be read in a message or a window, and those cannot."""
    words = words_of(shown)
    assert [one for one in there if one not in words] == [], words
    assert not without or without not in words, words


CHAPTERS = (
    a_question_is_answered_with_its_clause,
    a_press_puts_the_next_card_in_its_place,
    the_gate_answers_alone_and_shows_nothing_on_a_locked_phone,
    a_mention_is_answered_in_its_thread,
    a_concern_in_a_channel_is_answered_alone,
    where_others_read_along_the_answer_is_private,
    a_command_is_answered_to_the_asker_alone,
    nobody_on_the_staff_list_gets_one_fixed_answer,
    the_home_has_a_box_and_its_answer_opens_as_a_window,
    a_question_goes_to_the_owner_after_a_mistake_in_its_form,
    slack_goes_away_and_comes_back,
    the_bot_is_killed_with_three_answers_in_its_hand,
)


async def told(mode: str) -> None:
    with tempfile.TemporaryDirectory(prefix="policybot-peers-") as folder:
        async with set_up(Path(folder), socket=mode == "socket") as scene:
            try:
                for chapter in CHAPTERS:
                    await chapter(scene)
                    await scene.nothing_more()
                    print(chapter.__name__, flush=True)
                await asyncio.sleep(QUIET)
                await scene.nothing_more()
                assert scene.between.problems == [], scene.between.problems
                assert scene.between.refused == [], scene.between.refused
            finally:
                said = scene.bot.said.read_text(encoding="utf-8")
                print(said[-4000:], file=sys.stderr)


if __name__ == "__main__":
    apart.raise_loopback()
    asyncio.run(told(sys.argv[1]))
