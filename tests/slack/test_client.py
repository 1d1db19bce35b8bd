"""What is told of a call to Slack that failed, so that the outbox knows what to do."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.core.cards import Card
from bot.core.messages import Outgoing
from bot.core.unsent import Unsent
from bot.platforms.proxies import proxy_for
from bot.platforms.slack.client import Api
from tests.slack.fake import BOT_TOKEN, Fault
from tests.slack.office import Office, opened, user

ANN = user("ann")
ID, OWN = f"slack:{ANN}", f"slack:@{ANN}"
CARD = Card(title="No.")


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with opened() as made:
        await made.lists_staff()
        yield made


def to_ann(place: str = OWN, key: str = "k1", **more: Any) -> Outgoing:
    return Outgoing("ann", "t", {}, "post", place, key, **more)


async def say(office: Office, out: Outgoing, card: Card = CARD) -> None:
    await office.slack.platform.say(out, card)


# What became of a call ------------------------------------------------------------------------------

POST, UPDATE = "chat.postMessage", "chat.update"


@pytest.mark.parametrize(
    ("fault", "kind", "reason", "seconds", "everywhere"),
    [
        (Fault("limited", POST, 1), "later", "ratelimited", 1.0, False),
        (Fault("limited", POST, 30), "later", "ratelimited", 30.0, True),
        (Fault("limited", "conversations.open", 30), "later", "ratelimited", 30.0, False),
        (Fault("broken", POST), "unclear", "http_500", None, False),
        (Fault("html", POST), "unclear", "http_502", None, False),
        (Fault("lost", POST), "unclear", "no_answer", None, False),
        (Fault("answer_lost", POST), "unclear", "no_answer", None, False),
        (Fault("code", POST, code="fatal_error"), "unclear", "fatal_error", None, False),
        (Fault("code", POST, code="ratelimited"), "later", "ratelimited", 30.0, True),
        (Fault("code", POST, code="team_added_to_org"), "later", "team_added_to_org", None, False),
        (Fault("code", POST, code="invalid_auth"), "never", "invalid_auth", None, False),
        (Fault("code", POST, code="account_inactive"), "never", "account_inactive", None, False),
        (Fault("code", POST, code="is_archived"), "never", "is_archived", None, False),
        (Fault("code", POST, code="No, Ann <b>"), "unclear", "http_200", None, False),
        (Fault("lost", "conversations.open"), "later", "no_answer", None, False),
        (Fault("broken", "conversations.open"), "later", "http_500", None, False),
    ],
    ids=str,
)
async def test_a_failure_says_what_the_outbox_should_do(
    office: Office, fault: Fault, kind: str, reason: str, seconds: float | None, everywhere: bool
) -> None:
    office.fake.faults = [fault]
    with pytest.raises(Unsent) as caught:
        await say(office, to_ann())
    told = caught.value
    assert (told.kind, told.reason, told.seconds, told.everywhere) == (
        *(kind, reason, seconds, everywhere),
    )


async def test_nobody_there_to_call_is_later(office: Office) -> None:
    await office.restart_with(base_url="http://127.0.0.1:9/api/")
    with pytest.raises(Unsent) as caught:
        await say(office, to_ann())
    assert (caught.value.kind, caught.value.reason) == ("later", "not_connected")


async def test_nothing_is_called_twice_by_itself(office: Office) -> None:
    for kind in ("limited", "broken", "lost"):
        office.fake.faults = [Fault(kind, POST)]
        with pytest.raises(Unsent):
            await say(office, to_ann())
    assert len(office.fake.asked(POST)) == 3


async def test_an_update_may_be_made_again_without_harm(office: Office) -> None:
    for kind in ("lost", "answer_lost", "broken"):
        office.fake.faults = [Fault(kind, UPDATE)]
        with pytest.raises(Unsent) as caught:
            await say(office, to_ann(over="1700.1"))
        assert caught.value.kind == "later"


async def test_who_cannot_be_reached_is_remembered_so(office: Office) -> None:
    office.fake.workspace.users[ANN]["deleted"] = True
    with pytest.raises(Unsent) as caught:
        await say(office, to_ann())
    assert (caught.value.kind, caught.value.reason) == ("never", "user_disabled")
    blocked = office.accounts.remembered(ID)
    assert blocked is not None
    assert blocked.blocked == "user_disabled"


async def test_a_fault_of_ours_is_not_held_against_anybody(office: Office) -> None:
    office.fake.faults = [Fault("code", POST, code="invalid_auth")]
    with pytest.raises(Unsent):
        await say(office, to_ann())
    known = office.accounts.remembered(ID)
    assert known is not None
    assert known.blocked == ""


async def test_who_waits_too_long_for_an_answer_does_not_know_what_became_of_it(
    office: Office,
) -> None:
    api = Api(BOT_TOKEN, office.fake.url, patience=0.05)
    told = []
    for call in (api.do, api.set, api.ask):
        office.fake.faults = [Fault("slow")]
        with pytest.raises(Unsent) as caught:
            await call("conversations.open", users=ANN)
        told.append((caught.value.kind, caught.value.reason))
    assert told == [("unclear", "no_answer"), ("later", "no_answer"), ("later", "no_answer")]
    await api.close()


# The way there --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("env", "url", "proxy"),
    [
        ({}, "https://slack.com/api/", None),
        (
            {"https_proxy": "http://proxy.example:3128"},
            "https://slack.com/api/",
            "http://proxy.example:3128",
        ),
        (
            {"https_proxy": "http://proxy.example:3128"},
            "wss://wss.slack.com/",
            "http://proxy.example:3128",
        ),
        ({"https_proxy": "http://proxy.example:3128"}, "http://127.0.0.1:9/api/", None),
        (
            {"https_proxy": "http://proxy.example:3128", "no_proxy": "slack.com"},
            *("https://slack.com/api/", None),
        ),
    ],
)
def test_a_proxy_that_stands_between_is_used(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], url: str, proxy: str | None
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(url) == proxy


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/hooks/1",
        "http://hooks.slack.com/hooks/1",
        "https://slack.com.elsewhere.example/",
        "https://notslack.com/",
        "",
    ],
)
async def test_nothing_is_answered_at_an_address_that_is_not_slacks(
    office: Office, url: str
) -> None:
    api = Api(BOT_TOKEN, office.fake.url)
    with pytest.raises(Unsent) as caught:
        await api.respond(url, {"text": "No."})
    assert caught.value.reason == "not_slacks_address"
    await api.close()


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_health_tells_that_the_app_was_taken_away(office: Office, code: str) -> None:
    """It was said to be connected while nothing that it said could arrive."""
    await office.slack.run()
    assert office.slack.health().connected
    office.fake.faults = [Fault("code", POST, code=code)]
    with pytest.raises(Unsent):
        await say(office, to_ann())
    assert not office.slack.health().connected
    await say(office, to_ann(key="k2"))
    assert office.slack.health().connected
