"""The bot as ``serve`` runs it: Slack's far side is the fake, everything of ours is real."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot import app, live
from bot.clock import wall_time
from bot.config import ROOT, Config, ConfigMistake, config_from
from bot.connecting import SpeaksAs, meanwhile
from bot.core.accounts import Account
from bot.core.messages import Outgoing
from bot.core.records import Decision, KnowAccount
from bot.store.sqlite import SqliteStore
from tests.bench.servers import free_port
from tests.helpers import house
from tests.slack.fake import BOT_TOKEN, SECRET, FakeSlack
from tests.slack.sender import Sender

BELL, LYLE, PUPIL = "U0BELL", "U0LYLE", "U0PUPIL"


def config(data: Path, **env: str) -> Config:
    return config_from({"DATA_DIR": str(data), "NO_BROWSER": "1", "PORT": str(free_port()), **env})


@dataclass
class Up:
    """The bot, the fake Slack it talks to, and who sends there."""

    fake: FakeSlack
    sender: Sender
    live: live.Live
    store: SqliteStore
    session: ClientSession
    address: str

    async def said_to(self, user: str, most: int = 1) -> list[str]:
        """The text of every message in somebody's own conversation, once there are so many."""
        for _ in range(200):
            everything = self.fake.workspace.dm(user).messages
            found = [one for one in everything if one["user"] != user]
            if len(found) >= most:
                return [json.dumps(one, default=str) for one in found]
            await asyncio.sleep(0.02)
        raise AssertionError(f"{len(found)} messages came to {user}")

    async def button(self, user: str, label: str) -> dict[str, Any]:
        """A button in somebody's own conversation, once it is there."""
        for _ in range(200):
            for message in self.fake.workspace.dm(user).messages:
                for found in buttons(message.get("blocks", [])):
                    if found["text"]["text"] == label:
                        return {**found, "ts": message["ts"]}
            await asyncio.sleep(0.02)
        raise AssertionError(f"no button {label!r} came to {user}")

    async def pressed(self, user: str, label: str) -> None:
        found = await self.button(user, label)
        press = self.sender.press(user, found["value"], ts=found["ts"])
        assert (await self.sender.send(press)).status == 200

    async def readyz(self) -> tuple[int, dict[str, Any]]:
        async with self.session.get(f"{self.address}/readyz") as answer:
            return answer.status, await answer.json()


@asynccontextmanager
async def up(data: Path) -> AsyncIterator[Up]:
    fake = FakeSlack(wall_time)
    await fake.start()
    for user, email in ((BELL, "bell"), (LYLE, "lyle"), (PUPIL, "pupil")):
        fake.workspace.joins(user, f"{email}@alderbrook.example")
    settings = config(
        data,
        SLACK_BOT_TOKEN=BOT_TOKEN,
        SLACK_SIGNING_SECRET=SECRET,
        SLACK_API_URL=fake.url,
    )
    store, ready = app.records(settings), asyncio.Event()
    made = live.Live(settings, house(), store)
    serving = asyncio.create_task(made.serve(ready.set))
    try:
        async with ClientSession() as session:
            await asyncio.wait(
                {serving, asyncio.create_task(ready.wait())}, return_when="FIRST_COMPLETED"
            )
            address = f"http://127.0.0.1:{settings.port}"
            sender = Sender(session, fake.workspace, fake.root)
            sender.url = f"{address}/slack/events"
            yield Up(fake, sender, made, store, session, address)
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        store.close()
        await fake.close()


async def test_a_question_is_answered_with_the_clause(tmp_path: Path) -> None:
    async with up(tmp_path) as slack:
        asked = slack.sender.message(BELL, "can i accept a friend request from a pupil?")
        assert (await slack.sender.send(asked)).status == 200
        (said,) = await slack.said_to(BELL)
        assert slack.fake.problems == []
    assert '"No."' in said
    assert "Staff must not accept or send friend" in said


async def test_what_was_taken_before_a_kill_is_answered_after_it_and_once(tmp_path: Path) -> None:
    """Taken is answered: the event is on the disk before Slack hears that it came."""
    async with up(tmp_path) as slack:
        slack.live.outbox.wake = lambda: None  # type: ignore[method-assign]
        slack.fake.workspace.dm(BELL)
        await slack.sender.send(slack.sender.message(BELL, "help", "Ev1"))
    async with up(tmp_path) as slack:
        await slack.said_to(BELL)
        again = await slack.sender.send(slack.sender.message(BELL, "help", "Ev1"), retry=1)
        assert again.status == 200
        await asyncio.sleep(0.3)
        assert len(await slack.said_to(BELL)) == 1


async def test_a_question_reaches_its_owner_on_the_platform_where_they_are(tmp_path: Path) -> None:
    async with up(tmp_path) as slack:
        await slack.sender.send(slack.sender.message(LYLE, "help"))
        await slack.said_to(LYLE)
        await slack.sender.send(slack.sender.message(BELL, "can i accept a friend request"))
        await slack.pressed(BELL, "Someone else")
        owner = await slack.button(BELL, "Send this question to the policy owner")
        draft = owner["value"].split()[1]
        form = slack.sender.form(BELL, f"send {draft}", words="Can I wear a hat in assembly?")
        assert (await slack.sender.send(form)).status == 200
        told = await slack.said_to(LYLE, 2)
        await slack.pressed(LYLE, "Done: delete this question")
        assert slack.store.look(lambda reads: reads.questions(None)) == ()
    assert "Can I wear a hat in assembly?" in told[1]
    assert "bell" not in told[1].lower()


def buttons(told: Any) -> list[dict[str, Any]]:
    """Every button in a message."""
    if isinstance(told, list):
        return [button for one in told for button in buttons(one)]
    if not isinstance(told, dict):
        return []
    mine = [told] if told.get("type") == "button" else []
    return mine + [button for one in told.values() for button in buttons(one)]


async def test_somebody_who_is_not_on_the_staff_list_gets_the_fixed_answer(tmp_path: Path) -> None:
    async with up(tmp_path) as slack:
        await slack.sender.send(slack.sender.message(PUPIL, "can i accept a friend request?"))
        (said,) = await slack.said_to(PUPIL)
    assert "This chat is for the school" in said
    assert "Conduct Policy" not in said
    assert "01632" not in said


async def test_health_tells_how_it_is_and_nobodys_name(tmp_path: Path) -> None:
    async with up(tmp_path) as slack:
        await slack.sender.send(slack.sender.message(BELL, "can i accept a friend request?"))
        await slack.said_to(BELL)
        status, told = await slack.readyz()
        async with slack.session.get(f"{slack.address}/healthz") as alive:
            assert alive.status == 200
    assert (status, told["ready"], told["given_up"]) == (200, True, 0)
    assert told["slack"]["connected"] is True
    assert not any(word in json.dumps(told).lower() for word in ("bell", "friend", "alderbrook"))


async def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    async with up(tmp_path / "one") as slack:
        port = slack.address.rpartition(":")[2]
        two = config(tmp_path / "two", PORT=port, TEAMS_AUTH="off")
        store = app.records(two)
        with pytest.raises(ConfigMistake, match=f":{port} is taken"):
            await live.Live(two, house(), store).serve(lambda: None)
        store.close()


async def test_a_certificate_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "teams.pem"
    file.write_text("canary-key")
    ids = dict.fromkeys(("TEAMS_APP_ID", "TEAMS_TENANT_ID"), "12345678-1234-1234-1234-123456789abc")
    settings = config(tmp_path / "data", TEAMS_CERTIFICATE_FILE=str(file), **ids)
    for _ in range(2):  # junk, and then no file at all
        with closing(app.records(settings)) as store:
            with pytest.raises(ConfigMistake, match=r"^TEAMS_CERTIFICATE_FILE cannot be") as told:
                await live.Live(settings, house(), store).serve(lambda: None)
            assert "canary" not in str(told.value)
        file.unlink(missing_ok=True)


async def test_with_neither_platform_set_up_it_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigMistake, match="Neither Slack nor Teams is set up"):
        await live.serve(config(tmp_path), lambda line: None)


# Microsoft's local test client -----------------------------------------------------------------------


def test_the_local_test_client_is_served_on_loopback_alone(tmp_path: Path) -> None:
    settings = config(tmp_path, HOST="0.0.0.0", SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1")
    told = live.local(settings, "bell")
    assert (told.host, told.port, told.slack) == ("127.0.0.1", 3978, None)
    assert told.teams
    assert told.teams.local


def test_its_people_leave_nothing_in_the_installations_own_records(tmp_path: Path) -> None:
    """They may be anybody: what staff asked is not theirs to settle, and nobody writes to them later."""
    settings = config(tmp_path)
    with closing(app.records(settings)) as store:
        told = Decision(writes=(KnowAccount(Account("teams:bell", emails=("bell@oak.example",))),))
        store.carry_out(lambda reads: told)
    for other in (live.local(settings, "bell"), config(tmp_path, TEAMS_AUTH="off")):
        with closing(app.records(other)) as store:
            assert store.look(lambda reads: reads.accounts()) == ()
    with closing(app.records(settings)) as store:
        assert len(store.look(lambda reads: reads.accounts())) == 1


def test_its_people_speak_as_one_of_the_staff_list_unless_they_are_on_it() -> None:
    class Known:
        def who(self, id: str) -> str:
            return "lyle" if id == "teams:lyle" else id

        def only_staff(self, ids: object) -> bool:
            return False

    known: Any = Known()
    assert [SpeaksAs(known, "bell").who(id) for id in ("teams:lyle", "teams:x")] == ["lyle", "bell"]
    assert SpeaksAs(known, "").who("teams:x") == "teams:x"
    assert not SpeaksAs(known, "").only_staff(["teams:x"])


@pytest.mark.parametrize("who", ["", "bell", "nobody", "stranger"])
def test_whom_they_speak_as_is_said_at_the_start(tmp_path: Path, who: str) -> None:
    told: list[str] = []
    settings = live.local(config(tmp_path), who)
    assert settings.teams
    if who == "stranger":
        with pytest.raises(ConfigMistake, match="'stranger' is not there"):
            live.spoken(settings, settings.teams, house(), told.append)
        return
    spoken = live.spoken(settings, settings.teams, house(), told.append).teams
    assert spoken
    assert (spoken.speaks_as in house().people) is (who != "nobody")
    assert len(told) == (who != "nobody")


async def test_what_fails_beside_the_server_is_told_by_its_kind(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def canary() -> None:
        raise OverflowError("quixotry")

    async with meanwhile(canary()):
        await asyncio.sleep(0.01)
        assert "has failed: OverflowError" in caplog.text
    assert "quixotry" not in caplog.text


def test_only_what_nobody_waits_for_is_not_said_again() -> None:
    assert live.asked_for(Outgoing("bell", "gate"))
    assert not live.asked_for(Outgoing("lyle", "owner_question"))


def test_the_example_has_an_address_for_everybody() -> None:
    people = house().people
    assert (ROOT / "policies" / "example" / "staff.csv").exists()
    assert all(one.emails for one in people.values())
    assert replace(people["bell"], emails=()) != people["bell"]


async def test_who_is_not_on_the_list_is_told_nobodys_name_when_nothing_can_be_saved(
    tmp_path: Path,
) -> None:
    async with up(tmp_path) as slack:
        await slack.sender.send(slack.sender.message(PUPIL, "hello"))
        slack.live.running.door.store.close()
        told = [
            str((await slack.sender.send(slack.sender.command(user, "hats?"))).told)
            for user in (BELL, PUPIL)
        ]
    assert ["01632" in one for one in told] == [True, False]
    assert "Childline" in told[1]
