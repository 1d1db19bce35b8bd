"""A question that names a policy is about that policy; one that names none is about all."""

import pytest

from bot.core.titled import named

TITLES = {
    "online": "Staff Online Conduct Policy",
    "concerns": "Raising Concerns Policy",
    "phones": "Mobile Phones and Smart Devices Policy",
}


@pytest.mark.parametrize(
    ("text", "policies", "rest"),
    [
        (
            "when is the staff online conduct policy reviewed",
            ["online"],
            "when is the policy reviewed",
        ),
        ("who owns the Raising Concerns Policy?", ["concerns"], "who owns the policy"),
        ("what is clause of the phone policy", ["phones"], "what is clause of the policy"),
        ("when was mobile phones and smart devices approved", ["phones"], "when was approved"),
        ("when is this policy reviewed", list(TITLES), "when is this policy reviewed"),
        ("when is the staff policy reviewed", list(TITLES), "when is the staff policy reviewed"),
        ("can i use my phone", list(TITLES), "can i use my phone"),
    ],
)
def test_a_policy_is_known_by_its_title_or_enough_of_it(
    text: str, policies: list[str], rest: str
) -> None:
    found = named(text, TITLES)
    assert (list(found.policies), found.rest.strip()) == (policies, rest)


def test_a_word_that_all_titles_share_names_none() -> None:
    titles = {"a": "Phone Policy (Lower School)", "b": "Phone Policy (Upper School)"}
    assert named("when is the phone policy reviewed", titles).policies == ("a", "b")
