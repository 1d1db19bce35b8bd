"""What each policy says on a topic, which is stricter, and mistakes in the data."""

from typing import Any

import pytest

from bot.core.health.compiled import health_from
from bot.core.health.kinds import HealthMistake
from bot.core.health.topics import Topic, by_topic, stricter
from bot.core.policies import Policy
from tests.helpers import clause, data, families, health, policy, words

NEVER = policy("Staff must never be friends online with former pupils.", id="p")
CARE = policy(
    "Be kind.", "Do not be friends online with former pupils under the age of 18.", id="q"
)
MAY = policy("Staff may be friends online with former pupils.", id="r")
SILENT = policy("Mow the lawn.", id="s")


def topic(name: str) -> Topic:
    return next(one for one in health().topics.every if one.id == name)


def positions(name: str, *policies: Policy) -> dict[str, str]:
    told = by_topic(policies, health().topics)
    return {one.policy: one.position for one in told if one.topic == name}


def test_every_policy_has_a_position_on_every_topic_or_is_silent() -> None:
    told = by_topic([NEVER, SILENT], health().topics)
    assert len(told) == 2 * len(health().topics.every)
    assert {one.position for one in told if one.policy == "s"} == {"silent"}


def test_positions_on_former_pupils_and_which_is_stricter() -> None:
    pack = (NEVER, CARE, MAY, SILENT)
    assert positions("ex_pupils", *pack) == {
        **{"p": "never", "q": "under_18"},
        **{"r": "allowed", "s": "silent"},
    }
    told = by_topic(pack, health().topics)
    assert stricter(topic("ex_pupils"), told) == ("p",)
    assert stricter(topic("ex_pupils"), [one for one in told if one.policy in "qs"]) == ()


def test_a_standing_names_the_clauses_and_says_the_position_in_words() -> None:
    (told,) = (one for one in by_topic([CARE], health().topics) if one.topic == "ex_pupils")
    assert told.clauses == (("q2", "under_18"),)
    assert told.says == "Not while they are under 18"


def test_a_bullet_takes_its_position_from_the_line_above_it() -> None:
    lead = clause("Staff must NOT:", "p1")
    bullet = clause("accept friend requests from current or former pupils", "p2", lead="p1")
    told = policy(lead, bullet)
    assert positions("ex_pupils", told) == {"p": "never"}
    assert positions("pupils", told) == {"p": "never"}


@pytest.mark.parametrize(
    ("name", "text", "position"),
    [
        ("pupils", "Staff must not accept friend requests from a pupil.", "never"),
        ("pupils", "Staff must not accept friend requests from a former pupil.", "silent"),
        ("parents", "Staff must not be friends online with parents.", "never"),
        (
            "parents",
            "Write to parents only through the school's social media accounts.",
            "school_account",
        ),
        ("personal_use", "Personal use of social media at work is never permitted.", "never"),
        ("personal_use", "Personal use of social media at work is allowed in breaks.", "limited"),
        (
            "personal_use",
            "Personal use of social media in lessons is not permitted in school.",
            "lessons",
        ),
        ("employer", "Staff may not name the school on their profile.", "never"),
        (
            "approver",
            "New accounts in the school's name need the approval of the Headteacher.",
            "headteacher",
        ),
        ("unsure", "If unsure about a post, ask your line manager.", "manager"),
        ("misuse", "Misuse must be reported to the Headteacher.", "headteacher"),
        ("child", "A safeguarding concern is reported to the DSL.", "dsl"),
        ("images", "Staff must not photograph pupils on a personal device.", "never_own"),
        ("monitoring", "The school may monitor use of its network.", "reserved"),
        ("review", "This policy is reviewed every year.", "yearly"),
    ],
)
def test_the_position_of_one_sentence(name: str, text: str, position: str) -> None:
    assert positions(name, policy(text)) == {"p": position}


# Mistakes in the data -------------------------------------------------------------------------------


def compiled(**changed: dict[str, Any]) -> None:
    told = {name: {**data(name), **changed.get(name, {})} for name in ("health", "law", "topics")}
    health_from(told["health"], told["law"], told["topics"], families(), words())


KIND = {"severity": "mend", "says": "It.", "why": "W.", "do": "D.", "who": "W."}


@pytest.mark.parametrize(
    ("changed", "file", "sentence"),
    [
        (
            {"health": {"kind": {**data("health")["kind"], "odd": KIND}}},
            "health.toml",
            "nothing finds 'odd'",
        ),
        (
            {"health": {"kind": {**data("health")["kind"], "blank": {**KIND, "severity": "bad"}}}},
            *("health.toml", "it is stop, mend or look"),
        ),
        (
            {"health": {"kind": {**data("health")["kind"], "blank": {**KIND, "says": "{nmae}"}}}},
            *("health.toml", "{nmae} is nothing a flag has"),
        ),
        (
            {"health": {"kind": {**data("health")["kind"], "blank": {**KIND, "bannner": "x"}}}},
            *("health.toml", "knows nothing of 'bannner'"),
        ),
        ({"health": {"phrases": {}}}, "health.toml", "[phrases] lacks"),
        (
            {"law": {"law": [{**data("law")["law"][0], "since": "2018"}]}},
            *("law.toml", "should be a date like 2018-05-25"),
        ),
        (
            {"topics": {"topic": [{**data("topics")["topic"][0], "inside": [["never", "odd"]]}]}},
            *("topics.toml", "has no position 'odd'"),
        ),
        (
            {"topics": {"topic": [data("topics")["topic"][0]] * 2}},
            *("topics.toml", "two topics are called 'pupils'"),
        ),
    ],
)
def test_a_mistake_in_the_data_names_its_file(
    changed: dict[str, Any], file: str, sentence: str
) -> None:
    with pytest.raises(HealthMistake) as told:
        compiled(**changed)
    assert told.value.file == file
    assert sentence in told.value.sentence
