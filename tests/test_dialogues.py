"""Written dialogues with the example school: what people type and press, and every word they get."""

from pathlib import Path

import pytest

from bot.playing import DialogueMistake, play, played
from tests.helpers import house, settings, weighted_house

DIALOGUES = sorted((Path(__file__).parent / "dialogues").glob("*.txt"))
NAMES = [path.stem for path in DIALOGUES]
# What a teaching assistant asks of the example pack: in so many words of so many clauses that words
# alone do not always find the one that answers.
WITH_VECTORS = sorted((Path(__file__).parent / "dialogues" / "vectors").glob("*.txt"))


# What stands above a clause that is only worth having to hand. Which ones those are, and their order,
# moves whenever search is tuned, and is no part of a dialogue.
ASIDES = ("  Also close:", "  This may apply:", "  Also near:")


def without_asides(script: str) -> list[str]:
    kept, aside = list[str](), False
    for line in script.splitlines():
        aside = aside or line in ASIDES
        if not aside:
            kept.append(line)
        aside = aside and not line.startswith(
            "    "
        )  # the line that says where it stands is the last
    return kept


@pytest.mark.parametrize("path", DIALOGUES, ids=NAMES)
async def test_a_dialogue_goes_as_it_is_written(path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    assert without_asides(await played(house(), script)) == without_asides(script)


@pytest.mark.parametrize("path", [*DIALOGUES, *WITH_VECTORS], ids=lambda path: path.stem)
async def test_a_dialogue_goes_the_same_with_sentence_vectors(path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    assert without_asides(await played(weighted_house(), script)) == without_asides(script)


@pytest.mark.parametrize("path", DIALOGUES, ids=NAMES)
async def test_a_dialogue_played_again_says_the_same(path: Path) -> None:
    """No id, key or hour of one playing shows in the words."""
    script = path.read_text(encoding="utf-8")
    assert await played(house(), script) == await played(house(), script)


# play -----------------------------------------------------------------------------------------------


async def test_playing_writes_what_the_bot_says_under_each_line() -> None:
    told = await played(house(), "# a remark\n\nbell: what version is it\n  bot to bell: wrong\n")
    first, blank, line, answer, *_ = told.splitlines()
    assert (first, blank, line) == ("# a remark", "", "bell: what version is it")
    assert answer == "  bot to bell: This is what the policy records about itself."
    assert "wrong" not in told


async def test_a_button_nobody_sees_is_a_mistake_that_names_those_there_are() -> None:
    with pytest.raises(DialogueMistake, match=r"bell sees no button 'Go', only: .*A pupil"):
        await played(house(), "bell: can i accept a friend request\nbell presses Go\n")


FORM = "bell: can i accept a friend request\nbell presses Someone else\n" + (
    "bell presses Send this question to the policy owner\n"
)


async def test_a_field_is_filled_in_line_by_line_and_sent_with_the_next_button() -> None:
    field = "bell fills in The question to send"
    send = "bell presses Send these words\n"
    told = await played(house(), f"{FORM}{field}: {'x' * 1999}\n{field}: y\n{field}:\n{send}")
    assert f"  The question to send: {'x' * 1999}\n  y\n  That is too long" in told
    # What was sent once is not sent with the button after it, and what was not filled in stays.
    told = await played(house(), f"{FORM}{field}:\n{send}{field}: May I?\n{send}")
    assert "Please write your question here." in told
    assert "Sent to the owner" in told
    assert "Sent to the owner" in await played(house(), FORM + send)


async def test_a_field_nobody_sees_is_a_mistake_that_names_those_there_are() -> None:
    with pytest.raises(DialogueMistake, match=r"bell sees no field 'Name', only: The question"):
        await played(house(), f"{FORM}bell fills in Name: Jo\n")
    with pytest.raises(DialogueMistake, match=r"jo sees no field 'Name', only: none"):
        await played(house(), "jo fills in Name: Jo\n")


async def test_what_somebody_says_of_pressing_and_filling_in_is_said() -> None:
    script = "bell: a pupil presses the alarm\nbell: who fills in the form: me\n"
    told = await played(house(), script)
    assert told.count("  bot to bell: ") == 2


def test_play_tells_where_a_dialogue_differs_and_counts_it(tmp_path: Path) -> None:
    wrong, told = tmp_path / "wrong.txt", list[str]()
    wrong.write_text("bell: help\n  bot to bell: Go away.\n", encoding="utf-8")
    fine = next(path for path in DIALOGUES if path.stem == "facts-of-record")
    assert play(settings(), [fine, wrong], told.append) == 1
    assert told[0] == f"ok      {fine}"
    assert told[1] == f"DIFFERS {wrong}"
    assert "-  bot to bell: Go away." in told
    assert "+  bot to bell: Ask me what our policies say." in told
