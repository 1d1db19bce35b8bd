"""The bot beside emulate, a Slack that is strict about scopes and triggers and keeps its messages."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.platforms.slack.scopes import ALL
from tests.peers.emulated import STAFF, Emulated, Told, emulated
from tests.peers.running import until
from tests.peers.story import NO_NUMBER, NO_PICTURES, NUMBER, PICTURES, reads
from tests.peers.workspace import words_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEND = "Send this question to the policy owner"
FORM = "without your name?"
EXPIRES = 4.0  # seconds: a trigger lives 3


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def slack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Emulated]:
    """One Slack whose token may do what the manifest asks for, and nothing else."""
    async with emulated(tmp_path_factory.mktemp("emulate"), ALL) as running:
        yield running


# Scopes ---------------------------------------------------------------------------------------------


async def test_what_the_manifest_asks_for_is_enough_for_every_call(slack: Emulated) -> None:
    """A question, a press, a mention, a home, and a window whose question goes to somebody else."""
    asked = await slack.asks("bell", "can i accept a friend request")
    await slack.presses("bell", "Someone else", asked, await slack.trigger("bell"))
    unsettled = await slack.replaced("bell", asked)
    await slack.presses("bell", SEND, unsettled, await slack.trigger("bell"))
    view = await opened(slack)
    await slack.submits("bell", view, "May I accept one from a vet?")
    reads(await slack.answered("lyle", 0), "May I accept one from a vet?")
    await slack.mentions("bell", NUMBER, await room(slack))
    await slack.opens_home("bell")
    await until(lambda: done(slack, "views.publish"), "an App Home")
    assert [what for what in slack.between.refused if what[1] == "missing_scope"] == []
    assert slack.between.problems == []


MISSED = {
    "chat:write": "chat.postMessage",
    "users:read": "users.info",
    "im:history": "conversations.replies",
    "channels:read": "conversations.members",
}


async def test_each_scope_that_is_missing_shows_in_what_is_refused(tmp_path: Path) -> None:
    await asyncio.gather(*(_missed(tmp_path, *one) for one in MISSED.items()))


async def _missed(folder: Path, scope: str, method: str) -> None:
    mine = folder / scope
    mine.mkdir()
    async with emulated(mine, [one for one in ALL if one != scope]) as slack:
        if scope == "im:history":  # used only to look up what may have arrived
            slack.between.lose("chat.postMessage")
        await slack.says("bell", PICTURES)
        await slack.mentions("bell", NUMBER, await room(slack))
        expected = (method, "missing_scope")
        await until(lambda: now(expected in slack.between.refused), f"{expected} of the bot")


async def test_without_addresses_nobody_is_on_the_staff_list(tmp_path: Path) -> None:
    async with emulated(tmp_path, [one for one in ALL if one != "users:read.email"]) as slack:
        reads(await slack.asks("bell", PICTURES), "Childline", without=NO_PICTURES)


# Triggers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["invalid", "exchanged", "expired"])
async def test_a_window_that_cannot_be_opened_is_posted(slack: Emulated, why: str) -> None:
    unsettled = await not_settled(slack, "reid")
    before = len(await slack.answers("reid"))
    await slack.presses("reid", SEND, unsettled, await spoilt(slack, why))
    reads(await slack.answered("reid", before), FORM)
    assert slack.between.named("views.open")[-1].refused == f"{why}_trigger_id"


async def spoilt(slack: Emulated, why: str) -> str:
    """A trigger of Reid's that opens nothing."""
    if why == "invalid":
        return "1.2.3"
    trigger = await slack.trigger("reid")
    if why == "expired":
        await asyncio.sleep(EXPIRES)
        return trigger
    title = {"type": "plain_text", "text": "First"}
    view = {"type": "modal", "title": title, "blocks": []}
    assert (await slack.call("views.open", trigger_id=trigger, view=view))["ok"]
    return trigger


async def not_settled(slack: Emulated, who: str) -> Told:
    """An answer whose question may be sent to the owner."""
    asked = await slack.asks(who, "can i accept a friend request")
    await slack.presses(who, "Someone else", asked, await slack.trigger(who))
    return await slack.replaced(who, asked)


# Messages -------------------------------------------------------------------------------------------


async def test_an_answer_whose_arrival_was_not_told_is_looked_up_and_said_once(
    slack: Emulated,
) -> None:
    before = len(await slack.answers("lyle"))
    lost = slack.between.lose("chat.postMessage")
    await slack.says("lyle", PICTURES)
    await lost.wait()
    await until(lambda: nothing_waits(slack), "the bot to have looked it up")
    told = (await slack.answers("lyle"))[before:]
    assert [NO_PICTURES in words_of(one) for one in told] == [True]
    assert slack.between.named("conversations.replies")


async def test_an_answer_the_bot_was_killed_after_is_said_once(slack: Emulated) -> None:
    before = len(await slack.answers("lyle"))
    lost = slack.between.lose("chat.postMessage")
    saying = asyncio.create_task(slack.says("lyle", NUMBER))
    await lost.wait()
    await slack.bot.kill()
    await saying
    await slack.starts()
    await until(lambda: nothing_waits(slack), "the bot to have looked it up")
    told = (await slack.answers("lyle"))[before:]
    assert [NO_NUMBER in words_of(one) for one in told] == [True]


async def test_a_press_is_answered_in_its_place_and_edits_nothing_else(slack: Emulated) -> None:
    before = await slack.answers("bell")
    asked = await slack.asks("bell", "can i accept a friend request")
    await slack.presses("bell", "A pupil", asked, await slack.trigger("bell"))
    told = await slack.replaced("bell", asked)
    reads(told, "No.")
    assert "edited" in told
    assert (await slack.answers("bell"))[:-1] == before


# What is waited for ---------------------------------------------------------------------------------


async def opened(slack: Emulated) -> Told:
    """The window the bot opened last."""
    await until(lambda: done(slack, "views.open"), "a window")
    view: Told = slack.between.named("views.open")[-1].answer["view"]
    return view


async def done(slack: Emulated, method: str) -> bool:
    return any(not call.refused for call in slack.between.named(method))


async def nothing_waits(slack: Emulated) -> bool:
    return bool((await slack.waiting())["waiting"] == 0)


async def now(found: bool) -> bool:
    return found


async def room(slack: Emulated) -> str:
    """The staff room, with the bot in it."""
    told = await slack.call("conversations.list", "xoxp-bell")
    (id,) = [one["id"] for one in told["channels"] if one["name"] == STAFF]
    return str(id)
