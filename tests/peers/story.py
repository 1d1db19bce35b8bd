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
from tests.peers.scene import BELL, LYLE, MIXED, PUPIL, STAFF, Scene, set_up
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
    told = words_of(await scene.next(dm(BELL)))
    assert told.startswith("No.") and NO_PICTURES in told, told


async def a_press_puts_the_next_card_in_its_place(scene: Scene) -> None:
    await scene.workspace.says(BELL, "can i accept a friend request")
    asked = await scene.next(dm(BELL))
    await scene.workspace.presses(BELL, "A former pupil", asked)
    older = await scene.replaced(asked)
    assert "How old are they now?" in words_of(older), words_of(older)
    await scene.workspace.presses(BELL, "Under 18", older)
    told = words_of(await scene.replaced(older))
    assert "No." in told and "former pupil who is under 18" in told, told


async def the_gate_answers_alone_and_shows_nothing_on_a_locked_phone(scene: Scene) -> None:
    await scene.workspace.says(BELL, TOLD)
    gate = await scene.next(dm(BELL))
    assert gate["text"] == "Please open Policybot", gate["text"]
    assert "999" in words_of(gate) and TOLD not in words_of(gate), words_of(gate)
    await scene.workspace.presses(BELL, "No", gate)
    told = words_of(await scene.replaced(gate))
    assert "Nobody has been told yet." in told, told


async def a_mention_is_answered_in_its_thread(scene: Scene) -> None:
    await scene.workspace.says(BELL, f"<@{BOT}> {NUMBER}", STAFF)
    told = await scene.next(STAFF)
    (asked,) = [one for one in await scene.workspace.messages(STAFF) if one["user"] == BELL]
    assert told["thread_ts"] == asked["ts"] and NO_NUMBER in words_of(told), told


async def a_concern_in_a_channel_is_answered_alone(scene: Scene) -> None:
    await scene.workspace.says(BELL, f"<@{BOT}> {TOLD}", STAFF)
    told = words_of(await scene.next(dm(BELL)))
    assert "999" in told, told


async def where_others_read_along_the_answer_is_private(scene: Scene) -> None:
    await scene.workspace.says(BELL, f"<@{BOT}> {NUMBER}", MIXED)
    told = words_of(await scene.next(dm(BELL)))
    assert NO_NUMBER in told, told


async def a_command_is_answered_to_the_asker_alone(scene: Scene) -> None:
    await scene.workspace.commands(BELL, "/policy", PICTURES, STAFF)
    told = await scene.next(STAFF)
    assert (told["subtype"], told["ephemeral_to"]) == ("ephemeral", BELL), told
    assert NO_PICTURES in words_of(told), told


async def nobody_on_the_staff_list_gets_one_fixed_answer(scene: Scene) -> None:
    await scene.workspace.says(PUPIL, PICTURES)
    told = words_of(await scene.next(dm(PUPIL)))
    assert "Childline" in told and NO_PICTURES not in told, told


async def the_home_has_a_box_and_its_answer_opens_as_a_window(scene: Scene) -> None:
    await scene.workspace.opens_home(BELL)
    home = await until(lambda: _now(scene.workspace.homes.get(BELL)), "an App Home")
    assert home, "it was waited for"
    (box,) = [block for block in home["blocks"] if block["type"] == "input"]
    typed = {"type": box["element"]["type"], "action_id": box["element"]["action_id"]}
    await scene.workspace.presses_at_home(
        BELL, {**typed, "block_id": box["block_id"], "value": PICTURES}
    )
    window = await _window(scene, "No.")
    assert NO_PICTURES in words_of(window), words_of(window)


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
    owner = words_of(await scene.next(dm(LYLE)))
    assert "May I accept one from a vet?" in owner and "bell" not in owner.lower(), owner


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


async def the_bot_is_killed_with_an_answer_in_its_hand(scene: Scene) -> None:
    kept = scene.between.hold("chat.postMessage")
    saying = asyncio.create_task(scene.workspace.says(BELL, NUMBER))
    await kept.wait()
    await scene.bot.kill()
    scene.between.release("chat.postMessage")
    await saying
    await scene.restart_bot()
    told = words_of(await scene.next(dm(BELL)))
    assert NO_NUMBER in told, told


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
    the_bot_is_killed_with_an_answer_in_its_hand,
)


async def told(mode: str) -> None:
    with tempfile.TemporaryDirectory(prefix="policybot-peers-") as folder:
        async with set_up(Path(folder), socket=mode == "socket") as scene:
            try:
                for chapter in CHAPTERS:
                    await chapter(scene)
                    await scene.nothing_more()
                    print(chapter.__name__, flush=True)
            finally:
                said = scene.bot.said.read_text(encoding="utf-8")
                print(said[-4000:], file=sys.stderr)


if __name__ == "__main__":
    apart.raise_loopback()
    asyncio.run(told(sys.argv[1]))
