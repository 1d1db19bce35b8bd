"""What is wrong with policies: each kind of flag where it belongs, and near misses that get none."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.core.health.check import find, touching
from bot.core.health.flags import Flag
from bot.core.health.told import all_told, banner, told
from bot.core.people import School
from bot.core.policies import Clause, Policy
from tests.bench import sets, telling
from tests.bench.planting import SENTENCES
from tests.helpers import OAK, TODAY, clause, health, policy

WELL = {"approver": "Board", "approved": "2026-09", "version": "1", "review_due": "2027-09"}


def well(*clauses: Clause | str, **more: Any) -> Policy:
    """A policy with nothing wrong but what its clauses say."""
    return policy(*clauses, **{**WELL, **more})


def flags(*policies: Policy, today: date = TODAY, schools: Sequence[School] = (OAK,)) -> list[Flag]:
    return list(find(policies, {school.id: school for school in schools}, health(), today))


def kinds(*clauses: Clause | str, **more: Any) -> list[tuple[str, str]]:
    return [(flag.kind, flag.clause) for flag in flags(well(*clauses, **more))]


# One clause, one kind -------------------------------------------------------------------------------

FOUND = [
    ("blank", "Ring ________ first."),
    ("blank", "Tell [insert name of lead] at once."),
    ("blank", "The lead is XXXX."),
    ("blank", "The contact is to be found here: TBC"),
    ("slash", "The school / trust will help."),
    ("slash", "Ask the Principal/Headteacher."),
    ("template", "This model policy is a starting point."),
    ("alternatives", "Staff may / may not do so (delete as appropriate)."),
    ("dead_link", "Read [our guide]()."),
    ("dead_link", "See https://www.teachernet.gov.uk/x."),
    ("dead_link", "For more, click here."),
    ("dangling", "This is limited by paragraph 4.4 below."),
    ("dangling", "See sections 1 and 9."),
    ("dangling", "The form is in Appendix B."),
    ("outdated_law", "The Data Protection Act 1998 is followed."),
    ("outdated_law", "Keeping Children Safe in Education (2019) is read."),
    ("outdated_law", "Working Together to Safeguard Children (2018) is followed."),
    ("stale_platform", "This covers Google+."),
    ("stale_platform", "This covers Instagram and Vine."),
    ("old_figure", "40% of teachers say so."),
    ("silencing", "Staff must not speak to a union about this."),
    ("silencing", "Staff may contact the police only with the approval of the Headteacher."),
    ("password_kept", "Passwords are kept in a spreadsheet in the office."),
    ("password_kept", "The password is kept on a list and is known by all staff."),
    ("own_device", "Staff may take photographs of pupils on their own mobile phones."),
    (
        "silencing",
        "Whoever is contacted by Ofsted must obtain the Headteacher's permission to reply.",
    ),
    ("password_handover", "Staff may be asked to hand over their passwords."),
    ("monitoring_consent", "Staff consent to such monitoring."),
    ("own_device", "Staff may use their own phone to photograph pupils."),
    ("secret_promised", "Staff may promise a child that it stays confidential."),
    ("images_passed_on", "Save any indecent image as proof."),
    ("investigate_first", "The school will investigate before it contacts the LADO."),
    ("report_to_nobody", "Any leak must be reported at once."),
    ("not_loaded", "The grievance procedure is then used."),
    ("blank", "Telephone:"),
    ("alternatives", "Staff may follow parents (choose one or the other)."),
    ("alternatives", "Calls: either (a) in the hall or (b) not at all (choose one)."),
    ("alternatives", "Parents may/may not take photographs in assemblies."),
    ("dead_link", "Examples are at http://"),
    ("dangling", "For the wording please see overleaf."),
    ("garbled", "Tell the the office."),
    ("outdated_law", "The Data Protection Act 1984 is followed."),
    ("outdated_law", "We keep to Regulation (EU) 2016/679."),
    ("outdated_law", "The Guidance for Safer Working Practice (2009) is read."),
    ("stale_platform", "Nobody streams on Periscope or Vine."),
    ("superseded", "This policy is superseded by version 4."),
    ("silencing", "Staff must not take a worry to Ofsted before the school has finished."),
    (
        "silencing",
        "Discussing this with a trade union representative is treated as a breach of trust.",
    ),
    ("silencing", "Staff must ask the Principal before speaking to their union."),
    ("password_kept", "Passwords for subscriptions are listed in an Excel workbook."),
    ("password_kept", "Supply teachers use the class teacher's login."),
    (
        "password_handover",
        "Staff will be asked to supply the username and password for the account.",
    ),
    ("monitoring_consent", "By using the network you consent to your messages being read."),
    ("monitoring_consent", "Signing in is taken as agreement to the monitoring of what you do."),
    (
        "own_device",
        "Staff may use their own phones to photograph pupils if no camera is available.",
    ),
    ("secret_promised", "If a pupil wants to talk, reassure them that it will go no further."),
    ("images_passed_on", "If an indecent picture is found, look at it and tell the lead."),
    ("images_passed_on", "Take a screenshot of the nude image."),
    ("evidence_deleted", "If you get an abusive message, delete it straight away and tell no one."),
    ("investigate_first", "The head looks into it and informs the LADO when the inquiry is over."),
    ("about_the_head", "Any concern about the Headteacher is dealt with in this way."),
    ("about_the_head", "An allegation must be reported to the Headteacher."),
    ("review_clash", "This policy is reviewed every three years."),
]


@pytest.mark.parametrize(("kind", "text"), FOUND)
def test_a_fault_is_flagged_on_its_clause_and_nothing_else_is(kind: str, text: str) -> None:
    assert kinds(clause("Be calm.", "a", "1."), clause(text, "b", "2.")) == [(kind, "b")]


NOTHING = [
    "At our school every child matters.",
    "Pictures are kept in a password-protected folder and shared with the office.",
    "The register is a password protected spreadsheet.",
    "Staff who share a password face disciplinary action.",
    "The school provides each pupil with a password.",
    "We promise to treat every complaint as confidential.",
    "Staff must not tell pupils that the police are here.",
    "Schedule a meeting each term, and keep to the cleaning schedule.",
    "Lessons are held in the annexe.",
    "A Section 17 referral is made.",
    "Children in need are helped under Section 17 or Section 47 of the Children Act 1989.",
    "He is paid [in writing] each year [as the year group asked].",
    "To forward a nude image is a crime.",
    "He/she tells his/her parents/carers.",
    "Wait... then go on.",
    "Nobody said “[sic]” aloud.",
    "See [our guide](https://www.gov.uk/guide).",
    "Write to office@oak.example; click here is no link text we use.",
    "See section 2.",
    "The ban in 1 does not apply.",
    "A section 47 enquiry is led by the council.",
    "Section 175 of the Education Act 2002 is followed.",
    "Section 12 of the staff handbook says more.",
    "Staff follow paragraph 74 of Keeping Children Safe in Education.",
    "Appendix A",
    "The Data Protection Act 2018 is followed.",
    "Children must not whisper, and vines may grow.",
    "In 2024, 40% of teachers said so.",
    "Staff must not delay in contacting the police.",
    "Nothing in this policy stops anybody from speaking to a union.",
    "Staff must not speak to reporters.",
    "Nobody keeps passwords in a spreadsheet.",
    "Use a password manager, and never share a password.",
    "Nobody may ask you to hand over your password.",
    "Staff must never promise a child that it stays confidential.",
    "Never copy or forward an indecent image.",
    "Any leak must be reported to the caretaker.",
    "Visitors report at reception.",
    "An allegation must be reported to the Headteacher, or one about the Headteacher to the Chair.",
    "This policy is reviewed every year.",
    "The fire plan is reviewed every three years.",
    "This policy applies to all staff, volunteers and contractors.",
    "The behaviour of pupils is a joy.",
    "Take a screenshot unless it shows an indecent image.",
    "If you think it is an indecent picture, do not look at it, copy it or send it on.",
    "Never tell a child that what they say will go no further.",
    "Save an abusive message, and do not delete it.",
    "Photographs of pupils are deleted at the end of each week.",
    "Staff may not use their own phone to photograph pupils, even if no camera is available.",
    "Nobody uses a colleague's login.",
    "Failing to report a concern to the LADO will be treated as misconduct.",
    "Tell the Headteacher or the deputy, or both.",
    "Either the Headteacher or the deputy will see you.",
    "The Data Protection Act 1998 was replaced by the Act of 2018.",
    "We closed our Google+ page.",
    "This version replaces the policy of October 2025.",
    "Certificates of the Criminal Records Bureau, which the DBS replaced, are not taken.",
    "The headteacher makes basic enquiries and then contacts the LADO.",
    "Nobody investigates until the LADO has been told.",
    "Part four of Keeping Children Safe in Education is followed.",
    "A concern about the Headteacher goes to the Chair of Governors.",
    "Pupils are taught what to do when they are asked to send nudes.",
    "Staff share concerns about indecent images with the Designated Safeguarding Lead.",
    "After the LADO has agreed, the school investigates and reports the outcome to the LADO.",
    "The IT team gives new staff their login details.",
    "Parents consent to CCTV monitoring of the car park.",
    "Staff must not contact parents before taking advice from social care.",
    "Staff must not share information about pupils with the police unless a child is in danger.",
    "Staff may use their own phones to take photographs of displays.",
    "Staff phones are off in lessons, and calls are taken in the staff room.",
    "I agree/do not agree to this.",
    "The employee/member of staff signs.",
]


@pytest.mark.parametrize("text", NOTHING)
def test_what_only_looks_like_a_fault_is_not_flagged(text: str) -> None:
    assert kinds(clause("Be calm.", "a", "1."), clause(text, "b", "2.")) == []


def test_a_ban_in_the_lead_in_turns_a_practice_round() -> None:
    lead, bullet = clause("Users must NOT:", "a"), clause("share passwords", "b", lead="a")
    assert kinds(lead, bullet) == []
    assert kinds(clause("Users may:", "a"), bullet) == [("password_kept", "b")]


def test_a_ban_in_the_heading_turns_a_practice_round() -> None:
    rule = clause("share a password", "a", headings=("Do not",))
    assert kinds(rule) == []
    assert kinds(replace(rule, headings=("Do",))) == [("password_kept", "a")]


def test_a_form_may_have_gaps_and_a_list_of_contacts_may_not() -> None:
    gap = clause("Name: ________", "a", headings=("Appendix 2: Loan form",))
    assert kinds(gap) == []
    assert kinds(replace(gap, headings=("Contacts",))) == [("blank", "a")]
    line = clause("Loan of a tablet: form", "b")
    assert kinds(line, clause("Item: ________", "c")) == []
    assert kinds(replace(gap, text="[insert name of school]")) == [("blank", "a")]


def test_a_place_to_sign_needs_no_word_for_it_under_adopted() -> None:
    place = clause("Chair: ________ Date: ________", "a", headings=("6. Adopted",))
    assert kinds(place) == [("unsigned", "a")]


def test_or_in_capitals_between_two_rules_is_a_choice_nobody_made() -> None:
    one, other = clause("Phones are kept off.", "a"), clause("OR Phones are kept in a bag.", "b")
    (flag,) = flags(well(one, other))
    assert (flag.kind, flag.clause, flag.others) == ("alternatives", "a", (("p", "b"),))
    assert kinds(clause("Phones are kept off, OR", "a"), clause("in a bag.", "b")) == [
        ("alternatives", "a")
    ]
    assert kinds(one, replace(other, text="Or ring the office.")) == []


def test_numbered_options_leave_the_choice_open() -> None:
    told = kinds(clause("Option 1: ten pounds", "a"), clause("Option 2: twenty pounds", "b"))
    assert told == [("open_choice", "a")]


def test_a_part_is_looked_for_where_the_headings_are_parts() -> None:
    told = clause("Outcomes are described in Part 9.", "b", headings=("PART 2 - THEN",))
    assert kinds(clause("Be calm.", "a", headings=("PART 1 - FIRST",)), told) == [("dangling", "b")]
    assert kinds(replace(told, headings=("Then",))) == []


def test_what_stands_overleaf_may_follow_as_a_form() -> None:
    rule = clause("The wording is overleaf.", "a", headings=("1. Visitors",))
    assert kinds(rule, clause("Welcome.", "b", headings=("Notice",))) == []


def test_it_is_reviewed_speaks_of_the_policy_where_the_policy_was_named() -> None:
    code, often = (
        clause("This Code is for all.", "a"),
        clause("It is reviewed every two years.", "b"),
    )
    due = {"approved": "2024-09", "review_due": "2029-09"}
    assert kinds(code, often, **due) == [("review_clash", "b")]
    assert kinds(replace(code, text="The fire plan is on the wall."), often, **due) == []


def test_a_scope_at_work_beside_a_rule_on_private_life_is_no_contradiction() -> None:
    scope = clause("This policy applies while at work to staff, volunteers and contractors.", "a")
    rule = clause("Staff must not give their own views in a friend request.", "b")
    told = [kind for kind, _ in kinds(scope, rule)]
    assert told == ["scope_clash"]


def test_a_ban_with_an_age_in_it_allows_those_who_are_older() -> None:
    young = clause("Staff must not add former pupils under 18 as friends.", "a")
    older = clause("Former pupils may be added as friends once they are over 18.", "b")
    assert kinds(young, older) == []
    ever = clause("Staff must never add a former pupil as a friend.", "a")
    assert kinds(ever, older) == [("contradiction", "a")]


# The header -----------------------------------------------------------------------------------------


def test_a_policy_is_overdue_on_the_day_after_the_last_day_it_could_mean() -> None:
    due = well("Be kind.", review_due="2026-10")
    assert flags(due, today=date(2026, 10, 31)) == []
    assert flags(due, today=date(2026, 11, 1)) == [Flag("overdue", "p", "", {"when": "2026-10"})]


def test_a_policy_is_superseded_from_the_day_it_is_replaced() -> None:
    gone = well("Be kind.", replaced_on="2026-11-20", replaced_by="New Policy")
    assert flags(gone, today=TODAY - timedelta(1)) == []
    facts = {"when": "2026-11-20", "by": "New Policy"}
    assert flags(gone) == [Flag("superseded", "p", "", facts)]


def test_a_flag_of_date_stands_on_the_line_that_says_it() -> None:
    line = clause("Review due: 2020", "r", kind="field")
    assert kinds(line, review_due="2020", said={"review_due": "r"}) == [("overdue", "r")]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(("approver", "no_approver"), ("approved", "no_date"), ("version", "no_version")),
        ("review_due", "no_review_date"),
    ],
)
def test_a_fact_that_nobody_wrote_down_is_a_flag_on_the_whole_policy(name: str, kind: str) -> None:
    assert kinds("Be kind.", **{name: ""}) == [(kind, "")]


def test_an_approver_may_be_named_in_a_clause() -> None:
    assert kinds("This policy is approved by the governors.", approver="") == []
    assert kinds("New pages are approved by the head.", approver="") == [("no_approver", "")]


def test_two_periods_of_review_clash_and_one_told_twice_does_not() -> None:
    every = "This policy will be reviewed {}."
    clash = [every.format("annually"), every.format("every three years")]
    (flag,) = flags(well(*clash))
    assert (flag.kind, flag.clause, flag.others) == ("review_clash", "p2", (("p", "p1"),))
    assert kinds(every.format("annually"), every.format("every year")) == []


def test_an_empty_header_line_is_a_blank_and_a_filled_one_is_none() -> None:
    assert kinds(clause("Owner:", "a", kind="field")) == [("blank", "a")]
    assert kinds(clause("Owner: Mrs Ash", "a", kind="field")) == []


# Unfinished -----------------------------------------------------------------------------------------


def test_a_choice_nobody_made_is_one_flag_that_names_every_option() -> None:
    choice = (
        clause("Never.", "a", option=1),
        clause("Or", "b", kind="or"),
        clause("Sometimes.", "c", option=2),
    )
    (flag,) = flags(well(*choice))
    assert flag == Flag("alternatives", "p", "a", {}, (("p", "b"), ("p", "c")))


def test_two_choices_side_by_side_are_two_flags() -> None:
    one = (clause("A.", "a", option=1), clause("Or", "b", kind="or"), clause("B.", "c", option=2))
    two = (clause("C.", "d", option=1), clause("Or", "e", kind="or"), clause("D.", "f", option=2))
    assert [c for _, c in kinds(*one, *two)] == ["a", "d"]


def test_a_list_that_ends_in_it_depends_leaves_the_choice_open() -> None:
    lead = clause("The tone should be:", "a")
    bullets = (clause("Light", "b", lead="a"), clause("Depending on the day", "c", lead="a"))
    assert kinds(lead, *bullets) == [("open_choice", "c")]


def test_an_adoption_needs_a_signature_and_a_day() -> None:
    blank = clause("Chair of Governors Signed: ____ Date: ____", "a", kind="sign")
    signed = clause("Chair of Governors Signed: A. Ash Date: 1 May 2026", "a", kind="sign")
    assert kinds(blank) == [("unsigned", "a")]
    assert kinds(signed) == []


def test_a_form_that_staff_sign_needs_only_a_line_for_the_day() -> None:
    read = clause("By signing I confirm that I have read this.", "a")
    assert kinds(read, clause("Name: ____ Signature: ____", "b", kind="sign")) == [
        ("no_date_line", "b")
    ]
    assert kinds(read, clause("Name: ____ Signature: ____ Date: ____", "b", kind="sign")) == []


# Pointing ---------------------------------------------------------------------------------------------


def test_a_reference_is_wrong_where_another_sections_heading_says_just_that() -> None:
    friends = clause("Ask first.", "a", headings=("1. Friends and followers",))
    press = clause("Ask first.", "b", headings=("2. Reporters",))
    wrong = clause("Section 2 of this policy tells of friends and followers.", "c")
    right = clause("Section 1 of this policy tells of friends and followers.", "c")
    (flag,) = flags(well(friends, press, wrong))
    assert (flag.kind, flag.clause) == ("wrong_reference", "c")
    assert flag.facts == {"name": "Friends and followers", "by": "2"}
    assert kinds(friends, press, right) == []


def test_an_appendix_that_is_there_may_be_pointed_to() -> None:
    text = "The form is in Appendix B."
    assert kinds(text) == [("dangling", "p1")]
    there = clause("Fill this in.", "b", headings=("Appendix B: the form",))
    assert kinds(text, there) == []


def test_a_linked_policy_is_loaded_once_its_title_is_in_force_at_the_school() -> None:
    text = "The behaviour policy is followed."
    other = well("Be kind.", id="q", title="Behaviour")
    assert [f.kind for f in flags(well(text))] == ["not_loaded"]
    assert flags(well(text), other) == []
    elsewhere = replace(other, school="elm")
    assert [f.kind for f in flags(well(text), elsewhere)] == ["not_loaded"]
    trust = (replace(OAK, part_of="elm"), School("elm", "Elm Trust"))
    assert flags(well(text), elsewhere, schools=trust) == []


def test_every_policy_a_header_line_lists_is_looked_for() -> None:
    line = clause("Related documents: First Aid; Behaviour; Policy P", "a", kind="field")
    found = flags(well(line))
    assert [flag.facts["name"] for flag in found] == ["First Aid", "Behaviour"]


# Dated data -------------------------------------------------------------------------------------------


def test_a_law_is_outdated_from_the_day_it_was_replaced() -> None:
    text = well("The Data Protection Act 1998 is followed.", review_due="2030")
    assert flags(text, today=date(2018, 5, 24)) == []
    assert [f.kind for f in flags(text, today=date(2018, 5, 25))] == ["outdated_law"]


def test_every_old_law_in_a_sentence_is_named() -> None:
    text = "We follow the Data Protection Act 1998 and Keeping Children Safe in Education 2014."
    names = [flag.facts["name"] for flag in flags(well(text))]
    assert names == ["the Data Protection Act 1998", "Keeping Children Safe in Education 2014"]


# Routes -----------------------------------------------------------------------------------------------

ONLINE = "Staff must be kind on social media."


def test_a_policy_about_life_online_says_whom_to_tell() -> None:
    assert kinds(ONLINE) == [("no_child_route", ""), ("no_misuse_route", "")]
    misuse = "Misuse must be reported to a senior manager."
    child = "A worry about a child goes to the designated safeguarding lead."
    assert kinds(ONLINE, misuse, child) == []
    assert kinds("Mow the lawn.") == []


def test_a_report_to_nobody_is_settled_by_another_sentence_on_the_same_matter() -> None:
    whom = "Accidents are reported to the office."
    assert kinds("Every accident must be reported.", whom) == []
    assert kinds("Every theft must be reported.", whom) == [("report_to_nobody", "p1")]


def test_a_report_to_nobody_is_settled_by_the_sentence_that_goes_on_from_it() -> None:
    duty = "Staff must report wrongdoing."
    assert kinds(duty) == [("report_to_nobody", "p1")]
    assert kinds(duty, "They may report it to the Chair.") == []
    assert kinds("Tell the Chair.", "This must be reported.") == [("report_to_nobody", "p2")]


def test_another_policy_of_the_school_may_say_where_a_concern_about_the_head_goes() -> None:
    text = well("An allegation must be reported to the Headteacher.")
    other = well("A worry about the Headteacher goes to the Chair of Governors.", id="q")
    assert [f.kind for f in flags(text)] == ["about_the_head"]
    assert flags(text, other) == []


def test_groups_that_work_beside_employees_are_missed_where_the_policy_binds_them_too() -> None:
    text = "This policy applies to all employees."
    conduct = {"title": "Code of Conduct"}
    assert kinds(text, **conduct) == [("audience_gap", "p1")]
    assert kinds(text, "Volunteers are bound by it.", **conduct) == []
    assert kinds(text, title="Sickness Absence") == []


# Rules against each other -----------------------------------------------------------------------------


def rules(*policies: Policy) -> list[Flag]:
    """The flags of rules against each other; these policies have no routes."""
    return [f for f in flags(*policies) if not f.kind.endswith("_route")]


NEVER = "Staff must never be friends online with former pupils."
MAY = "Staff may be friends online with former pupils."


def test_two_rules_that_cannot_both_be_followed_are_one_flag_on_the_stricter() -> None:
    (flag,) = rules(well(MAY, NEVER))
    assert (flag.kind, flag.clause, flag.others) == ("contradiction", "p2", (("p", "p1"),))


def test_options_nobody_chose_do_not_contradict_each_other() -> None:
    choice = (clause(NEVER, "a", option=1), clause(MAY, "b", option=2))
    assert [flag.kind for flag in rules(well(*choice))] == ["alternatives"]


def test_rules_of_other_devices_do_not_contradict_each_other() -> None:
    never = "Personal use of social media at work is never allowed on a school computer."
    may = "Personal use of social media at work is allowed on your own phone."
    assert rules(well(never, may)) == []


def test_two_policies_of_one_school_that_differ_are_flagged_on_the_stricter() -> None:
    one, other = well(MAY), well(NEVER, id="q")
    (flag,) = rules(one, other)
    assert (flag.kind, flag.policy, flag.clause) == ("two_policies", "q", "q1")
    assert flag.others == (("p", "p1"),)
    assert rules(one, replace(other, school="elm")) == []


# Laws -------------------------------------------------------------------------------------------------

TEXTS = st.sampled_from([text for _, text in FOUND] + NOTHING + [NEVER, MAY, ONLINE])
PACKS = st.lists(st.lists(TEXTS, min_size=1, max_size=4), min_size=1, max_size=4)


@given(PACKS, st.randoms())
@examples(max_examples=60, deadline=None)
def test_the_order_of_policies_makes_no_difference(pack: list[list[str]], lots: Any) -> None:
    policies = [well(*texts, id=f"p{n}x") for n, texts in enumerate(pack)]
    shuffled = [*policies]
    lots.shuffle(shuffled)
    assert flags(*policies) == flags(*shuffled)


@given(PACKS)
@examples(max_examples=60, deadline=None)
def test_a_flag_holds_ids_that_are_there_and_is_told_without_a_hole(pack: list[list[str]]) -> None:
    policies = {f"p{n}x": well(*texts, id=f"p{n}x") for n, texts in enumerate(pack)}
    found = flags(*policies.values())
    for flag in found:
        for policy_id, clause_id in ((flag.policy, flag.clause), *flag.others):
            assert not clause_id or clause_id in policies[policy_id].by_id
    for one in all_told(found, health(), policies):
        for words in (one.says, one.why, one.do, one.who):
            assert words.strip()
            assert not any(hole in words for hole in ("  ", " .", "{", "}", "()", "[", ": ."))


# Told, and shown on answers ---------------------------------------------------------------------------


def test_a_flag_is_told_in_words_with_its_dates_spoken() -> None:
    late = well("Be kind.", review_due="2018-10")
    (flag,) = flags(late)
    one = told(flag, health(), {"p": late})
    assert (one.severity, one.says) == ("mend", "It was due for review by October 2018.")


def test_an_answer_shows_the_state_of_its_policies_and_the_flags_on_its_clauses() -> None:
    late = well("Ring ________.", "Ask ________.", "Be kind.", review_due="2018")
    found = flags(late)
    shown = touching(found, [("p", "p2")], ["p"], health())
    assert [(flag.kind, flag.clause) for flag in shown] == [("overdue", ""), ("blank", "p2")]
    assert touching(found, [("q", "p2")], ["q"], health()) == ()
    assert banner(shown[1], health(), {"p": late}) == (
        "Policy P has a blank here that nobody has filled in."
    )


def test_a_choice_touches_an_answer_that_cites_any_of_its_options() -> None:
    choice = well(clause("A.", "a", option=1), clause("B.", "b", option=2))
    assert len(touching(flags(choice), [("p", "b")], ["p"], health())) == 1


# What somebody tried on it ----------------------------------------------------------------------------


@pytest.mark.parametrize("row", sets.rows(telling.ADVERSARY), ids=lambda row: str(row["text"])[:60])
def test_what_an_adversary_wrote_is_told_or_left_alone(row: sets.Row) -> None:
    assert telling.wrong([row], health(), TODAY) == []


def test_every_flag_that_stops_a_rule_has_a_banner() -> None:
    stops = {kind.id for kind in health().kinds.values() if kind.severity == "stop"}
    assert stops >= {"silencing", "images_passed_on", "investigate_first", "contradiction"}
    shown = {kind.id for kind in health().kinds.values() if kind.banner}
    assert stops | {"own_device"} <= shown


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Review date: 29 February 2027", "29 February 2027"),
        ("Next review: 31 September 2025", "31 September 2025"),
        ("Review due: 3/20/2025", "3/20/2025"),
    ],
)
def test_a_day_of_review_that_no_calendar_has_is_told(text: str, day: str) -> None:
    (flag,) = flags(well(clause(text, "r", "Front matter", kind="field"), review_due=""))
    assert (flag.kind, flag.facts["name"]) == ("bad_date", day)


def test_a_day_of_review_that_could_be_is_no_wrong_date() -> None:
    line = clause("Review date: 29 February 2028", "r", "Front matter", kind="field")
    assert [flag.kind for flag in flags(well(line, review_due=""))] == ["no_review_date"]


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (date(2026, 8, 31), []),
        (date(2026, 9, 1), ["law_to_check"]),
        (date(2028, 1, 5), ["law_to_check"]),
    ],
)
def test_no_edition_passes_for_the_newest_beyond_its_september(
    today: date, found: list[str]
) -> None:
    one = well("Keeping Children Safe in Education 2025 is read.", review_due="2029-09")
    assert [flag.kind for flag in flags(one, today=today)] == found


def test_the_edition_of_this_year_and_an_act_that_holds_in_part_are_not_told_as_replaced() -> None:
    assert kinds("Keeping Children Safe in Education 2026 is read.") == []
    told = kinds("The Regulation of Investigatory Powers Act 2000 is kept to.")
    assert [kind for kind, _ in told] == ["law_to_check"]


def test_the_same_words_under_headings_of_other_times_do_not_contradict() -> None:
    may = replace(clause("Staff may use the lower hall.", "a"), headings=("In lessons",))
    not_ = replace(clause("Staff must not use the lower hall.", "b"), headings=("At lunch",))
    assert [flag.kind for flag in flags(well(may, not_))] == []
    here = [replace(one, headings=("The halls",)) for one in (may, not_)]
    assert [(f.kind, f.clause, f.others) for f in flags(well(*here))] == [
        ("contradiction", "b", (("p", "a"),))
    ]


@pytest.mark.parametrize("row", sets.rows(telling.WORDINGS), ids=lambda row: str(row["text"])[:60])
def test_a_fault_is_found_in_other_words(row: sets.Row) -> None:
    assert telling.wrong([row], health(), TODAY) == []


def test_each_kind_of_sentence_has_three_other_wordings() -> None:
    kinds_told = [row["kind"] for row in sets.rows(telling.WORDINGS)]
    practices = {one.kind for one in health().practices} | {"silencing"}
    assert all(kinds_told.count(kind) >= 3 for kind in practices | {*SENTENCES})
