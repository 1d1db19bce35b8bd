"""What is said on Teams: in whose conversation, over what, and what is remembered when it fails."""

import pytest

from bot.core.cards import Card, Choice
from bot.core.unsent import Unsent
from tests.teams.rig import ANN, BEN, Desk, Rig
from tests.teams.sending import CHANNEL, THREAD, Someone, in_channel, installed, said
from tests.teams.stub_connector import buttons, read

CARD = Card(title="Here it is.", choices=(Choice("Next", "next d1"),))
EMEA = "https://smba.trafficmanager.net/emea"


async def test_a_post_comes_to_the_conversation_that_was_remembered(teams: Rig, desk: Desk) -> None:
    await teams.post(installed(ANN))
    await teams.says(ANN.place, CARD)
    post = teams.connector.posts[0]
    assert (post.conversation, post.activity["summary"]) == (ANN.chat, "Here it is.")
    assert teams.connector.asked[-1] == f"POST /v3/conversations/{ANN.chat}/activities"


async def test_a_cards_buttons_carry_what_names_the_card(teams: Rig) -> None:
    await teams.says(ANN.place, CARD, key="k1")
    await teams.says(ANN.place, CARD, key="k1")
    await teams.says(ANN.place, CARD, key="k2")
    data = [buttons(post.activity)[0]["data"] for post in teams.connector.posts]
    assert {one["action"] for one in data} == {"next d1"}
    assert data[0]["token"] == data[1]["token"] != data[2]["token"]


async def test_who_never_spoke_gets_a_conversation_of_their_own_once(teams: Rig) -> None:
    await teams.says(ANN.place, CARD, "k1")
    await teams.says(ANN.place, CARD, "k2")
    own = f"a:own-{ANN.object_id.lower()}"
    assert teams.connector.notified(own) == ["Here it is."] * 2
    assert teams.connector.asked.count("POST /v3/conversations") == 1
    known = teams.accounts.remembered(ANN.account)
    assert known
    assert (known.place, known.url) == (own, "https://smba.trafficmanager.net/teams")


async def test_an_answer_comes_into_the_thread_that_was_asked_in(teams: Rig, desk: Desk) -> None:
    teams.gather(ANN, BEN)
    await teams.post(in_channel(ANN, "hello"))
    await teams.says(desk.heard[0].place, CARD)
    assert teams.connector.notified(THREAD) == ["Here it is."]
    remembered = teams.accounts.remembered(f"teams:{CHANNEL}")
    assert remembered
    assert (remembered.url, remembered.standing) == (EMEA, "bot")


async def test_a_card_takes_the_place_of_the_one_it_is_over(teams: Rig) -> None:
    await teams.says(ANN.place, CARD, "k1")
    await teams.says(ANN.place, Card(title="Done."), "k2", over=teams.connector.posts[0].id)
    assert teams.connector.notified(teams.connector.posts[0].conversation) == ["Done."]


async def test_a_card_whose_place_is_gone_comes_after_the_others(teams: Rig) -> None:
    await teams.says(ANN.place, CARD, "k1")
    await teams.says(ANN.place, Card(title="Done."), "k2", over="1")
    assert [post.activity["summary"] for post in teams.connector.posts] == ["Here it is.", "Done."]


async def test_a_card_that_is_too_long_goes_on_in_the_same_message(teams: Rig) -> None:
    words = [f"{number} {'word ' * 200}" for number in range(20)]
    await teams.says(ANN.place, Card(title="All of it.", paragraphs=tuple(words)))
    (post,) = teams.connector.posts
    assert len(post.activity["attachments"]) > 1
    assert all(one.strip() in read(post.activity) for one in words)


async def test_who_blocked_the_bot_is_remembered_until_something_reaches_them(teams: Rig) -> None:
    await teams.post(installed(ANN))
    teams.connector.next.append("blocked")
    with pytest.raises(Unsent):
        await teams.says(ANN.place, CARD, "k1")
    known = teams.accounts.remembered(ANN.account)
    assert known
    assert (known.place, known.blocked) == (ANN.chat, "MessageWritesBlocked")
    await teams.says(ANN.place, CARD, "k2")
    known = teams.accounts.remembered(ANN.account)
    assert known
    assert known.blocked == ""


async def test_a_conversation_that_is_gone_is_made_anew_the_next_time(teams: Rig) -> None:
    await teams.post(installed(ANN))
    teams.connector.closed.add(ANN.chat)
    with pytest.raises(Unsent) as told:
        await teams.says(ANN.place, CARD, "k1")
    assert told.value.kind == "never"
    await teams.says(ANN.place, CARD, "k2")
    assert teams.connector.notified(f"a:own-{ANN.object_id.lower()}") == ["Here it is."]


@pytest.mark.parametrize("place", [ANN.place, f"teams:{THREAD}"])
@pytest.mark.parametrize("over", ["", "17"])
async def test_while_our_token_is_not_taken_nothing_is_given_up(
    teams: Rig, place: str, over: str
) -> None:
    teams.connector.mood = lambda: "unauthorised"
    with pytest.raises(Unsent) as told:
        await teams.says(place, CARD, "k1", over)
    assert (told.value.reason, told.value.kind) == ("401 Unauthorized", "later")
    teams.connector.mood = lambda: "good"
    await teams.says(place, CARD, "k1", over)
    assert len(teams.connector.posts) == 1


async def test_what_cannot_be_remembered_is_said_all_the_same(
    teams: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*told: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(teams.accounts, "reached", full)
    await teams.says(ANN.place, CARD)
    assert len(teams.connector.posts) == 1


async def test_somebody_without_an_object_id_is_answered_where_they_spoke(
    teams: Rig, desk: Desk
) -> None:
    visitor = Someone("visitor", oid="")
    with pytest.raises(Unsent) as told:
        await teams.says(f"teams:@nobody:{visitor.user}", CARD)
    assert told.value.kind == "never"
    await teams.post(said(visitor, "hello"))
    await teams.says(desk.heard[0].place, CARD)
    assert teams.connector.notified(visitor.chat) == ["Here it is."]


async def test_teams_is_not_asked_what_it_cannot_tell(teams: Rig) -> None:
    assert await teams.teams.platform.was_said(None) is None  # type: ignore[arg-type]
    assert await teams.teams.platform.open("handle", CARD) is False
    assert teams.teams.platform.pause == 1 / 7
