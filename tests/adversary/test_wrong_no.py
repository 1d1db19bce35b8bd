"""A wrong "No": bodies nobody may be kept from, bans read backwards, bans on somebody else."""

import pytest

from tests.helpers import FILLERS, Talk, house, house_of, policy, weighted_house

GAG = policy(
    "Staff must not discuss school matters with any outside body, including a union, the police, "
    "the LADO, Ofsted, a lawyer or a doctor, without the written approval of the Headteacher.",
    "Staff must not contact the press or any solicitor.",
    "Staff must not take any matter outside the school.",
    "A record of each meeting is kept in the office.",
)


@pytest.mark.parametrize(
    "question",
    [
        "Can I discuss this with my NEU rep?",
        "Can I bring a union rep to a meeting with the head?",
        "Can I message Unison about school matters?",
        "can I have a chat with my union rep",
        "is it ok to seek advice from my union",
        "Can my union be told about a school matter?",
        "can i discuss school matters with the nasuwt",
        "Can I consult a solicitor?",
        "Can I take legal advice on my contract",
        "can i get legal advice about a school matter",
        "Can I discuss school matters with a barrister?",
        "what about a lawyer",
        "can I take this to the LADO myself",
        "can I inform the police of school matters",
        "may I dial 101 about a school matter",
        "can I discuss with Ofsted",
        "can I bring Ofsted into this",
        "can I refer a school matter to social services directly",
        "can I make a referral to MASH",
        "can I share school matters with children's social care",
        "can I discuss school matters with my GP",
        "can i seek medical advice",
        "can I discuss school matters with ACAS",
        "can I make a whistle-blowing disclosure outside the school",
    ],
)
async def test_no_policy_stands_between_staff_and_those_who_help_them(question: str) -> None:
    talk = Talk(house_of(GAG), "ann")
    told = await talk.says(question)
    assert talk.card.title not in ("No.", "It depends. Read the conditions below.")
    assert "must not" not in told


async def test_joining_a_union_is_never_a_no() -> None:
    rule = "Nobody may stop a member of staff from joining a union."
    talk = Talk(house_of(policy(rule, *FILLERS)), "ann")
    await talk.says("Can I join a union?")
    assert talk.card.title != "No."


async def test_asking_the_bot_to_report_for_one_is_not_a_question_of_leave() -> None:
    talk = Talk(house_of(GAG), "ann")
    told = await talk.says("please report this to the LADO for me")
    assert talk.card.urgent
    assert "Nobody has been told" in told


@pytest.mark.parametrize(
    ("rule", "question"),
    [
        (
            "Staff must never delay telling the safeguarding lead about a worry.",
            "Do I have to tell the safeguarding lead about a worry?",
        ),
        (
            "Staff must not fail to record first aid in the book.",
            "Do I have to record first aid in the book?",
        ),
        (
            "Staff must not forget to sign in at reception.",
            "Do I need to sign in at reception?",
        ),
        (
            "Staff must not leave the site without signing out at reception.",
            "Do I have to sign out at reception when I leave the site?",
        ),
        (
            "Staff must not be refused leave for jury service.",
            "Can I take leave for jury service?",
        ),
        (
            "No member of staff may be prevented from taking a lunch break.",
            "Can I take a lunch break?",
        ),
        ("Staff are not prevented from using the gym.", "Can I use the gym?"),
        ("There is no rule that staff must not wear jeans.", "Can I wear jeans?"),
    ],
)
async def test_a_ban_on_not_doing_it_is_no_ban(rule: str, question: str) -> None:
    talk = Talk(house_of(policy(rule, *FILLERS)), "ann")
    await talk.says(question)
    assert talk.card.title != "No."


@pytest.mark.parametrize(
    ("rule", "question"),
    [
        ("Pupils must not wear trainers.", "Can I wear trainers?"),
        ("Volunteers must not use the photocopier.", "Can I use the photocopier?"),
        ("The governors may not meet in August.", "Can I work in August?"),
        (
            "Staff must not accept gifts worth more than £25.",
            "Can I accept a gift worth £10?",
        ),
    ],
)
async def test_a_ban_on_somebody_or_something_else_is_no_no(rule: str, question: str) -> None:
    talk = Talk(house_of(policy(rule, *FILLERS)), "ann")
    await talk.says(question)
    assert talk.card.title != "No."


@pytest.mark.parametrize("words", ["a", "1", "the the the"])
async def test_no_question_at_all_gets_no_verdict(words: str) -> None:
    talk = Talk(house(), "bell")
    await talk.says(words)
    assert talk.card.title not in ("Yes.", "No.", "It depends. Read the conditions below.")


async def test_a_job_on_a_school_laptop_is_no_rule_about_linking_accounts() -> None:
    """The No quotes 6.3 (bullet): "link another service to a school account"."""
    talk = Talk(weighted_house(), "bell")
    await talk.says("can I use the school laptop at break to look for another job")
    assert talk.card.title != "No."


@pytest.mark.parametrize("words", ["qwerty", "lol", "blah blah", "zzzz", "xyzzy plugh?"])
def test_words_that_mean_nothing_here_get_no_verdict(words: str) -> None:
    """Likeness of letters alone answers nobody."""
    for built in (house(), weighted_house()):
        mine = list(built.book.policies)
        assert built.find(words, mine).settled == 0
