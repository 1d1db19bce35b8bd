"""Reading what Teams sends: nothing in it has to be there, or to be of its kind."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.teams.activities import Button, activity, said_to
from bot.platforms.teams.roster import account
from tests.teams.rig import ANN
from tests.teams.sending import BOT, GROUP, THREAD, in_channel, in_group, mention, pressed, said

NAMES = (
    *("type", "id", "name", "action", "text", "value", "data", "from", "recipient", "conversation"),
    *("channelData", "team", "channel", "entities", "membersAdded", "mentioned", "serviceUrl"),
    *("aadObjectId", "conversationType", "isGroup", "replyToId", "token", "commandId", "tenant"),
)
KINDS = (
    "message",
    "invoke",
    "installationUpdate",
    "adaptiveCard/action",
    "mention",
    "channel",
    "28:a",
)
leaves = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(KINDS)
)
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=40,
)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(NAMES), anything))
def test_whatever_comes_is_read_without_fail(told: dict[str, Any]) -> None:
    read = activity(told)
    assert read.account.startswith("teams:")
    assert read.scope in ("personal", "group", "channel")
    account(told, "")
    account(told, "tenant")


@settings(max_examples=60)
@given(st.data())
def test_whatever_stands_in_the_place_of_a_part_is_read_without_fail(chance: st.DataObject) -> None:
    told = chance.draw(st.sampled_from([said(ANN, "x"), in_channel(ANN, "x"), pressed(ANN, "x")]))
    name = chance.draw(st.sampled_from(sorted(told)))
    read = activity({**told, name: chance.draw(anything)})
    assert read.text.encode() is not None


def test_where_it_happened_and_who_reads_it() -> None:
    personal, group, channel = (
        activity(told) for told in (said(ANN, "x"), in_group(ANN, "x"), in_channel(ANN, "x"))
    )
    assert [one.scope for one in (personal, group, channel)] == ["personal", "group", "channel"]
    assert [one.conversation for one in (personal, group, channel)] == [ANN.chat, GROUP, THREAD]
    assert [one.roster for one in (group, channel)] == [GROUP, "19:team@thread.tacv2"]


def test_what_does_not_say_that_it_is_somebodys_own_may_have_others_in_it() -> None:
    assert activity(said(ANN, "x", conversation={"id": "a:odd"})).scope == "group"


def test_only_the_mention_of_this_bot_is_taken_out() -> None:
    twice = {"text": "<at>Policybot</at> is <at>Policybot</at> a bot?", "entities": [mention()]}
    assert said_to(BOT, twice) == ("is Policybot a bot?", True)
    other = {"text": "<at>Jo</at> hello", "entities": [mention("28:other", "Jo")]}
    assert said_to(BOT, other) == ("Jo hello", False)
    assert said_to("", {"text": "x", "entities": [mention("", "Jo")]}) == ("x", False)


def test_a_tag_that_somebody_typed_stays() -> None:
    assert said_to(BOT, {"text": "what is &lt;at&gt;x&lt;/at&gt; &amp;amp;"})[0] == (
        "what is <at>x</at> &amp;"
    )


def test_what_was_typed_is_parted_from_what_is_ours() -> None:
    told = pressed(
        ANN, "send d1", "t9", fields={"words": "May I?", "msteams": {"type": "x"}, "n": 1.5}
    )
    assert activity(told).button == Button("send d1", "t9", {"words": "May I?", "n": "1.5"})


def test_an_object_id_is_small_letters() -> None:
    assert activity(said(ANN, "x")).account == f"teams:{ANN.object_id.lower()}" != ANN.object_id
