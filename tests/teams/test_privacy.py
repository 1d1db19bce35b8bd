"""Where words, names and addresses may lie, and where they must not, whatever goes wrong: a word nobody
else uses is followed through every path, with every logger telling all it can."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot.core.unsent import Unsent
from bot.store.memory import MemoryStore
from tests.teams.rig import Desk, Json, Rig, Whole, rig, whole
from tests.teams.sending import (
    Someone,
    activity,
    added,
    in_channel,
    in_group,
    installed,
    mention,
    pressed,
    reports,
    said,
    sends_window,
    submitted,
)
from tests.teams.stub_connector import CANARY, Mood

WHO = Someone("bell")
MOODS: tuple[Mood, ...] = ("good", "busy", "blocked", "gone", "too big", "lost after", "cut off")
WORDS = f"a pupil called {CANARY} told me he is being hurt"


def named() -> Json:
    """A sender whose name is the word."""
    return {**WHO.sender, "name": CANARY.title()}


def everything() -> list[Json]:
    """Each kind of activity, with the word wherever somebody's words or name can stand."""
    sender: Json = {"from": named()}
    fields = {"words": CANARY}
    picture = {
        "contentType": "image/png",
        "name": CANARY,
        "contentUrl": f"https://a.example/{CANARY}",
    }
    return [
        said(WHO, WORDS, **sender),
        said(WHO, CANARY, attachments=[picture], **sender),
        in_group(WHO, WORDS, **sender),
        in_channel(WHO, f"<at>{CANARY}</at> {WORDS}", **sender)
        | {"entities": [mention(), mention("29:x", CANARY)]},
        pressed(WHO, "send d1", fields=fields, **sender),
        pressed(WHO, f"send {CANARY}", f"{CANARY}", **sender),
        submitted(WHO, "send d1", fields=fields, **sender),
        reports(WHO, CANARY, **sender),
        sends_window(WHO, "danger yes", "t1", CANARY, fields=fields, **sender),
        installed(WHO, **sender),
        added(WHO, **sender),
        activity(WHO, "invoke", name=CANARY, value={"text": CANARY}, **sender),
        activity(WHO, CANARY, text=CANARY, **sender),
    ]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything any logger has to say, but asyncio's list of sockets."""
    with caplog.at_level(logging.DEBUG):
        yield caplog


def traces(log: pytest.LogCaptureFixture) -> list[str]:
    """What was logged that has the word in it, its traceback and arguments with it."""
    told = [f"{one.getMessage()} {one.args} {one.exc_text} {one.exc_info}" for one in log.records]
    return [one for one in told if CANARY in one.lower()]


async def hears(school: Whole, told: Json) -> Any:
    answer = await school.teams.post(told)
    return answer.status


@pytest.mark.parametrize("mood", MOODS)
async def test_nothing_that_is_heard_or_answered_is_logged(
    log: pytest.LogCaptureFixture, mood: Mood
) -> None:
    async with whole(MemoryStore(), WHO) as school:
        school.teams.gather(WHO)
        for number, told in enumerate(everything()):
            if number == 2:
                school.teams.connector.mood = lambda: mood
            assert await hears(school, told) in (200, 501)
        await school.delivers()
        letters = school.store.letters("pending", "unclear", "sent", "given_up")
        assert CANARY not in repr([letter.reason for letter in letters])
        assert CANARY not in repr(letters)
    assert log.records
    assert traces(log) == []


async def test_what_fails_is_logged_by_its_kind_alone(log: pytest.LogCaptureFixture) -> None:
    desk = Desk(fails=ValueError(f"no such word: {CANARY}"))
    async with rig(desk.hear) as teams:
        for told in everything():
            answer = await teams.post(told)
            assert answer.status in (200, 500, 501)
            assert CANARY not in (await answer.text()).lower()
    assert any("not saved, reference" in one.getMessage() for one in log.records)
    assert traces(log) == []


async def test_what_is_refused_is_logged_by_its_reason_alone(
    log: pytest.LogCaptureFixture, teams: Rig
) -> None:
    for told in everything():
        for headers in ({}, {"Authorization": f"Bearer {CANARY}"}):
            answer = await teams.post(told, headers=headers)
            assert (answer.status, await answer.read()) == (401, b"")
    await teams.client.post("/api/messages", data=CANARY.encode())
    assert traces(log) == []
    assert CANARY not in repr(teams.teams.health())


async def test_the_reported_message_is_kept_nowhere(teams: Rig, desk: Desk) -> None:
    for told in (reports(WHO, CANARY), sends_window(WHO, "danger yes", "t1", CANARY)):
        await teams.post(told)
    assert len(desk.heard) == 2
    assert CANARY not in repr(desk.heard)
    assert CANARY not in repr(teams.connector.bodies)
    assert CANARY not in repr(teams.accounts)


@pytest.mark.parametrize("mood", MOODS[1:5])
async def test_nothing_of_an_answer_of_teams_but_its_code_is_told(teams: Rig, mood: Mood) -> None:
    teams.connector.mood = lambda: mood
    with pytest.raises(Unsent) as told:
        await teams.teams._connector.create("https://smba.trafficmanager.net/emea", "x")
    assert CANARY not in repr((told.value, told.value.args, told.value.__cause__))
