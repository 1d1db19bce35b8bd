"""A wrong "Yes": the quoted sentence is about somebody, something, somewhere or some amount else."""

import pytest

from tests.helpers import FILLERS, Talk, house_of, policy, weighted_house


async def title_of(rule: str, question: str) -> str:
    talk = Talk(house_of(policy(rule, *FILLERS)), "ann")
    await talk.says(question)
    return talk.card.title


@pytest.mark.parametrize(
    ("rule", "question"),
    [
        # who: the sentence allows or covers somebody the asker is not
        ("Pupils may wear trainers on Fridays.", "Can I wear trainers on Fridays?"),
        ("The Headteacher may use CCTV recordings.", "Can I use CCTV recordings?"),
        ("Governors may claim travel expenses.", "Can I claim travel expenses?"),
        ("Trained staff may use the minibus.", "Can I use the minibus?"),
        (
            "Sixth form students may leave the site at lunch.",
            "Can pupils leave the site at lunch?",
        ),
        ("This policy applies to teachers.", "Does this policy apply to cleaners?"),
        (
            "The policy applies to pupils in years 7 to 11.",
            "Does the policy apply to pupils in year 13?",
        ),
        ("Overtime is paid to support staff.", "Is overtime paid to teachers?"),
        ("Visitors must wear a lanyard.", "Do I have to wear a lanyard?"),
        (
            "Heads of year must write a report each term.",
            "Do I have to write a report each term?",
        ),
        (
            "Staff who drive the minibus must hold a D1 licence.",
            "Do I have to hold a D1 licence?",
        ),
    ],
)
async def test_a_rule_about_somebody_else_is_no_yes(rule: str, question: str) -> None:
    assert await title_of(rule, question) != "Yes."


@pytest.mark.parametrize(
    ("rule", "question"),
    [
        ("Staff may keep gifts worth less than £25.", "Can I keep a gift worth £100?"),
        ("Staff may accept gifts worth £20 or less.", "Can I accept a gift worth £50?"),
        (
            "Staff may work from home one day each week.",
            "Can I work from home three days each week?",
        ),
        (
            "Staff will receive full pay for one week.",
            "Will I receive full pay for six weeks?",
        ),
        (
            "Staff may accept friend requests from former pupils over 21.",
            "Can I accept a friend request from an ex pupil who is 19?",
        ),
    ],
)
async def test_another_number_than_the_rules_is_no_yes(rule: str, question: str) -> None:
    assert await title_of(rule, question) != "Yes."


@pytest.mark.parametrize(
    ("rule", "question"),
    [
        ("Staff may use phones in the staff room.", "Can I use phones in the playground?"),
        ("Staff may wear jeans on the last day of term.", "Can I wear jeans on Monday?"),
        ("Lockers are available in the sports hall.", "Are lockers available in the library?"),
        (
            "Staff may take photos of pupils on school cameras.",
            "Can I take photos of pupils in the changing rooms on a school camera?",
        ),
        ("Staff may bring dogs trained as assistance dogs.", "Can I bring my dog?"),
        (
            "Staff may email pupils from their school account.",
            "Can I email pupils from my gmail?",
        ),
        ("Staff may accept a letter from a doctor.", "Can I accept a letter from a lawyer?"),
        ("Staff may leave work for a doctor.", "Can I leave work for a solicitor?"),
        ("Staff may record meetings.", "Can I secretly record meetings?"),
        (
            "The school may monitor internet use.",
            "Does the school monitor my phone calls at home?",
        ),
        (
            "A risk assessment is available for the pond.",
            "Is a risk assessment available for the roof?",
        ),
        ("Employees may request flexible working.", "Can I have flexible working?"),
    ],
)
async def test_another_place_thing_or_way_than_the_rules_is_no_yes(
    rule: str, question: str
) -> None:
    assert await title_of(rule, question) != "Yes."


@pytest.mark.parametrize(
    ("rule", "question"),
    [
        ("Staff may leave the site when the Headteacher agrees.", "Can I leave the site?"),
        (
            "Staff may give a pupil a lift in their car where two adults are present.",
            "Can I give a pupil a lift home in my car alone?",
        ),
    ],
)
async def test_an_unmet_condition_is_no_yes(rule: str, question: str) -> None:
    assert await title_of(rule, question) != "Yes."


@pytest.mark.parametrize(
    ("rule", "question"),
    [
        (
            "Is it true that staff may keep pupils' phones overnight? We ask all to think about it.",
            "Can I keep a pupil's phone overnight?",
        ),
    ],
)
async def test_a_sentence_that_only_speaks_of_a_rule_is_no_yes(rule: str, question: str) -> None:
    assert await title_of(rule, question) != "Yes."


@pytest.mark.parametrize(
    "question",
    [
        # 2.4 keeps staff from being friends with parents; the Yes quotes 2.5, about colleagues
        "can i accept a friend request from a colleague whose son I teach",
        # the Yes quotes 2.3: speak to the Headteacher before connecting
        "do i have to tell the dsl if a former pupil messages me",
    ],
)
async def test_the_examples_own_policy_gives_no_yes_that_it_does_not_hold(question: str) -> None:
    talk = Talk(weighted_house(), "bell")
    await talk.says(question)
    assert talk.card.title != "Yes."


@pytest.mark.parametrize(
    "question",
    ["can the tablet go home", "can I take my laptop home", "may I take the tablet home?"],
)
async def test_a_row_of_a_table_rules_nothing_by_itself(question: str) -> None:
    rows = "Device | Who may take it home | Who agrees", "Tablet | Nobody | The bursar", *FILLERS
    talk = Talk(house_of(policy(*rows)), "ann")
    await talk.says(question)
    assert talk.card.title not in ("Yes.", "No.")


async def test_a_sentence_that_tells_where_to_look_allows_nothing() -> None:
    assert (
        await title_of("The table shows who may take a laptop home.", "Can I take a laptop home?")
        != "Yes."
    )


async def test_a_cell_that_is_a_whole_sentence_rules_like_any_other() -> None:
    row = "Laptops | Staff must not take laptops home."
    assert await title_of(row, "Can I take a laptop home?") == "No."
