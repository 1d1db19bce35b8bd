"""What a careful person would print for documents of other kinds, as school offices export them."""

import pytest

from bot.core.policies import Policy
from bot.intake.canonical import parse, write
from bot.intake.importing import import_text
from tests.intake.documents import no_word_is_lost

# Name -> the document, and its labels in order. All schools are invented.
CASES = {
    "a school between title and header, lead-ins right under headings": (
        """\
Visits Policy

Thistledown Lane Primary School

Approved by: Premises Committee
Date approved: 14 March 2024
Review due: March 2026
Policy owner: Mrs P Ashdown
Related documents: Safeguarding Policy; Charging Policy

Why we go

Visits bring learning to life.

Planning and approval
The visit form must reach the EVC:
• at least three weeks before a day visit
• at least eight weeks before a residential
A visit without a form does not go.
The EVC keeps the forms for six years.

Before you leave
On the day, the visit leader will:
1. give the office a list of names
2. take the first aid bag
The office rings parents if the coach is late.
""",
        [
            "Title",
            "Front matter: School",
            "Front matter: Approved by",
            "Front matter: Date approved",
            "Front matter: Review due",
            "Front matter: Policy owner",
            "Front matter: Related documents",
            "Why we go",
            "Planning and approval (para 1)",
            "Planning and approval (bullet 1)",
            "Planning and approval (bullet 2)",
            "Planning and approval (para 2)",
            "Planning and approval (para 3)",
            "Before you leave (para 1)",
            "Before you leave 1",
            "Before you leave 2",
            "Before you leave (para 2)",
        ],
    ),
    "a school and its trust under the title": (
        """\
Visits Policy

THISTLEDOWN LANE PRIMARY SCHOOL

Part of the Meadow Learning Trust

Approved by: Premises Committee

Date approved: 14 March 2024

1. Scope

1.1 All visits.
""",
        [
            "Title",
            "Front matter: School",
            "Front matter: Trust",
            "Front matter: Approved by",
            "Front matter: Date approved",
            "1.1",
        ],
    ),
    "a school above the title": (
        """\
Thistledown Lane Primary School

Visits Policy

Approved by\tPremises Committee
Date approved\t14 March 2024
Review due\tMarch 2026

Scope
This policy covers:
- day visits
- residentials
It does not cover exchange visits.
""",
        [
            "Front matter: School",
            "Title",
            "Front matter: Approved by",
            "Front matter: Date approved",
            "Front matter: Review due",
            "Scope (para 1)",
            "Scope (bullet 1)",
            "Scope (bullet 2)",
            "Scope (para 2)",
        ],
    ),
    "hr: word text with a version table": (
        """\
MILLBROOK ACADEMY

Sickness Absence Policy

Date ratified: 3rd Sept. 2024
Next review date: 09/2026
Author: HR Manager

Version\tDate\tAuthor\tChange
1.0\tSept 2022\tR Patel\tFirst issue
2.0\tSept 2024\tR Patel\tSection 3 rewritten

CONTENTS

1.0 Reporting absence ............ 2
2.0 Return to work ............... 2
3.0 Fit notes .................... 3

1.0\tReporting absence
1.1\tRing the absence line by 7.30 am.
1.2\tYou must say:
(a)\twhy you are absent;
(b)\twhen you expect to be back.
A text message is not enough.
Sickness Absence Policy v2.0          Page 2 of 3
2.0\tReturn to work
2.1\tYour line manager will meet you on your first day back.
3.0\tFit notes
3.1\tA fit note is needed from the eighth day.

Signed (Chair of Governors): ______________________
Date: ______________________
""",
        [
            "Front matter: School",
            "Title",
            "Front matter: Date ratified",
            "Front matter: Next review date",
            "Front matter: Author",
            "Front matter (table heading)",
            "Front matter (row 1)",
            "Front matter (row 2)",
            "1.1",
            "1.2",
            "1.2(a)",
            "1.2(b)",
            "1.2 (para 2)",
            "2.1",
            "3.1",
            "Sign-off",
        ],
    ),
    "behaviour: capitals without blank lines": (
        """\
Behaviour Policy
Approved by Governors: May 2024
To be reviewed: May 2025
AIMS
We want every pupil to feel safe.
We want every pupil to learn.
REWARDS
Teachers may give:
- house points
- postcards home
House points are counted on Fridays.
SANCTIONS
Stage 1: a quiet reminder.
Stage 2: five minutes with the teacher.
WHAT PARENTS CAN DO
Talk to the class teacher first.
""",
        [
            "Title",
            "Front matter: Approved by Governors",
            "Front matter: To be reviewed",
            "Aims (para 1)",
            "Aims (para 2)",
            "Rewards (para 1)",
            "Rewards (bullet 1)",
            "Rewards (bullet 2)",
            "Rewards (para 2)",
            "Sanctions (para 1)",
            "Sanctions (para 2)",
            "What Parents Can Do",
        ],
    ),
    "first aid: questions numbered 1)": (
        """\
First Aid Procedure
Snapdragon Wharf Infant School
Last reviewed - January 2024 | Next review - January 2025

1) Who gives first aid?
Trained first aiders are listed in the office. Nobody else gives more than comfort.

2) What do I do with a head injury?
a) Send for a first aider.
b) Fill in the bump form.
c) Ring the parent the same day.
The class teacher is told.

3) Where are the boxes?
Boxes stand in:
• the hall
• the office
• each minibus
""",
        [
            "Title",
            "Front matter: Last reviewed",
            "1",
            "2(a)",
            "2(b)",
            "2(c)",
            "2 What do I do with a head injury? (para 1)",
            "3 Where are the boxes? (para 1)",
            "3 Where are the boxes? (bullet 1)",
            "3 Where are the boxes? (bullet 2)",
            "3 Where are the boxes? (bullet 3)",
        ],
    ),
    "uniform: a pasted web page": (
        """\
Uniform and Appearance

Last updated: 12 January 2025

What do pupils wear?

Pupils wear:

 • a green jumper
 • grey trousers or a grey skirt
 • black shoes

What if I cannot afford it?

Speak to the office. The school keeps a stock of second-hand uniform.

What if I am late with labels?
Lost clothes without a name are given away at the end of term.

Can pupils wear jewellery?

No. Plain ear studs and a watch are allowed.

Related pages

Behaviour policy
Charging policy
""",
        [
            "Title",
            "Front matter: Last updated",
            "What do pupils wear?",
            "What do pupils wear? (bullet 1)",
            "What do pupils wear? (bullet 2)",
            "What do pupils wear? (bullet 3)",
            "What if I cannot afford it?",
            "What if I am late with labels?",
            "Can pupils wear jewellery?",
            "Related pages (para 1)",
            "Related pages (para 2)",
        ],
    ),
    "complaints: bold markdown with roman sections": (
        """\
# Complaints Policy

**Ashgrove Federation**

| Approved by | Date | Review |
|---|---|---|
| Full Governing Board | 11 July 2023 | July 2026 |

**I. Introduction**

This policy is for complaints by parents.

**II. Definitions**

Complaint – a statement that something has gone wrong.
Concern – a worry that is not yet a complaint.

**III. Stages**

There are three stages:

1. Informal talk
2. Letter to the headteacher
3. Panel hearing

A panel has three members.

**IV. Records**

The clerk keeps records for six years.

**Appendix 1: Complaint form**

Name: ____________________

What happened: ____________________
""",
        [
            "Title",
            "Front matter: Federation",
            "Front matter (table heading)",
            "Front matter (row 1)",
            "I",
            "II Definitions (para 1)",
            "II Definitions (para 2)",
            "III Stages (para 1)",
            "III(1)",
            "III(2)",
            "III(3)",
            "III Stages (para 2)",
            "IV",
            "Appendix 1 (para 1)",
            "Appendix 1 (para 2)",
        ],
    ),
    "data protection: a council template counting A1": (
        """\
Model Policy for Schools – Data Protection
Borough of Eastmere, Education Services

Document control
Version: 4.2
Date issued: 01.09.2023
Review cycle: every two years
Linked documents: Records schedule, CCTV policy

A INTRODUCTION

A1 This policy covers personal data in any form.
A2 The governing board is the data controller.

B DUTIES OF STAFF

B1 Staff must:
(i) lock screens;
(ii) shred paper.
B2 A breach is reported to the DPO within 24 hours.

C RIGHTS

C1 Anyone may ask for their data.
""",
        [
            "Title",
            "Front matter: Council",
            "Front matter",
            "Front matter: Version",
            "Front matter: Date issued",
            "Front matter: Review cycle",
            "Front matter: Linked documents",
            "A1",
            "A2",
            "B1",
            "B1(i)",
            "B1(ii)",
            "B2",
            "C1",
        ],
    ),
    "lettings: a header table and appendices": (
        """\
| Policy name: | Lettings Policy |
| Policy owner: | School Business Manager |
| Approved on: | 2024-02-07 |
| Date of next review: | Spring 2027 |

1. Booking

Bookings are made in writing:

a. with the form in Appendix A
b. at least ten school days ahead

Late bookings are refused.

2. Charges

Standard rate

The hall costs £25 an hour.

Charities

Charities pay half.

Deposit

A deposit of £50 is paid when booking.

Appendix A – Hire form

Name of hirer: ________________

Appendix B – Conditions

1. No smoking.
2. No candles.
3. Leave the hall clean.
""",
        [
            "Front matter: Policy name",
            "Front matter: Policy owner",
            "Front matter: Approved on",
            "Front matter: Date of next review",
            "1 Booking (para 1)",
            "1(a)",
            "1(b)",
            "1 Booking (para 2)",
            "2 Standard rate",
            "2 Charities",
            "2 Deposit",
            "Appendix A",
            "Appendix B 1",
            "Appendix B 2",
            "Appendix B 3",
        ],
    ),
    "medicines: headings that end in a colon": (
        """\
Medicines in School
===================

Headteacher: Mrs J Lowe
Policy lead: SENCO
Adopted: Autumn Term 2023

Who may give medicine:

Only trained staff give medicine.
They sign the record each time.

What parents must do:

- bring medicine to the office
- fill in form M1

Medicine in a plastic bag is sent home.

Storage:
Medicine is kept in the locked cabinet.
Inhalers stay in the classroom.

Version history
v1 – June 2021 – first version
v2 – October 2023 – storage changed

This policy will be reviewed in October 2025.
""",
        [
            "Title",
            "Front matter: Headteacher",
            "Front matter: Policy lead",
            "Front matter: Adopted",
            "Who may give medicine (para 1)",
            "Who may give medicine (para 2)",
            "What parents must do (bullet 1)",
            "What parents must do (bullet 2)",
            "What parents must do (para 1)",
            "Storage (para 1)",
            "Storage (para 2)",
            "Version history (para 1)",
            "Version history (para 2)",
            "Version history (para 3)",
        ],
    ),
    "equality: hard-wrapped capitals with dot leaders": (
        """\
EQUALITY OBJECTIVES

Adopted by the Governing Board on 21st day of May 2024
Review Date: Summer Term 2026

CONTENTS
1. Purpose.................................1
2. What we will do.........................1
3. Monitoring..............................2

1. PURPOSE
This statement sets out what the school will do to advance equality for every
pupil, member of staff and visitor, and how governors will know that it has
been done.
2. WHAT WE WILL DO
We will:
 a) publish our data each April
 b) train all staff
 c) ask parents once a year
We do this together with the trust.
3. MONITORING
3.1. Governors look at the data each term.
3.2. The headteacher reports on:
 - exclusions
 - attendance
   - by group
   - by year
These reports are published.
Equality Objectives  -  Page 1 of 1

APPENDIX 1: Protected characteristics
Age; disability; sex; race.

Signed ........................ Chair of Governors     Date ............
""",
        [
            "Title",
            "Front matter: Adopted by",
            "Front matter: Review Date",
            "1",
            "2 What We Will Do (para 1)",
            "2(a)",
            "2(b)",
            "2(c)",
            "2 What We Will Do (para 2)",
            "3.1",
            "3.2",
            "3.2 (bullet 1)",
            "3.2 (bullet 2)",
            "3.2 (bullet 2.1)",
            "3.2 (bullet 2.2)",
            "3.2 (para 2)",
            "Appendix 1 (para 1)",
            "Sign-off",
        ],
    ),
    "leave: markdown with bold labels": (
        """\
**Staff Leave of Absence Policy**

**Date:** 4/9/23\x20
**Author:** Mrs L Grey\x20
**Review:** Annually

---

**1. Scope:**

This applies to all staff.

**2. How to ask for leave:**

Use form L1. Send it to:

* the office
* your line manager

**3. Paid leave**

| Reason | Days | Paid? |
|--------|------|-------|
| Bereavement | 5 | Yes |
| Moving house | 1 | No |

More may be given by the headteacher.

**4. Definitions**

*Leave* means time away from work.
*Dependant* means a child, partner or parent.
""",
        [
            "Title",
            "Front matter: Date",
            "Front matter: Author",
            "Front matter: Review",
            "1",
            "2 How to ask for leave (para 1)",
            "2 How to ask for leave (bullet 1)",
            "2 How to ask for leave (bullet 2)",
            "3 Paid leave (table heading)",
            "3 Paid leave (row 1)",
            "3 Paid leave (row 2)",
            "3 Paid leave (para 1)",
            "4 Definitions (para 1)",
            "4 Definitions (para 2)",
        ],
    ),
    "grievance: a council above the title": (
        """\
EASTMERE COUNTY COUNCIL
CHILDREN'S SERVICES

MODEL GRIEVANCE PROCEDURE FOR SCHOOLS

September 2023

I. INTRODUCTION
The procedure is for all staff.
II. INFORMAL STAGE
1. Talk to your manager.
2. Keep a note.
III. FORMAL STAGE
1. Write to the headteacher:
(a) within ten days;
(b) with your reasons.
The letter is acknowledged.
2. A hearing is held.
""",
        [
            "Title",
            "Front matter: Date",
            "I",
            "II(1)",
            "II(2)",
            "III(1)",
            "III(1)(a)",
            "III(1)(b)",
            "III(1) (para 2)",
            "III(2)",
        ],
    ),
    "phones: a header of tabs": (
        """\
Mobile Phones in School

Policy reference:\tMP/07
Approved:\tTrust Board\tOn:\t6 June 2024
Next Review:\tJune 2027\tStatus:\tNon-statutory

Our approach

Phones are off and away all day.

This means in lessons, at break and at lunch.

Parents' calls
Parents must:
1) ring the office
2) leave a message

What happens if a phone is seen

First time
The phone goes to the office until 3.15.

Second time
A parent collects the phone.

Exceptions

A pupil with a medical need may keep a phone. Ask:

1. the SENCO
2. the head of year
""",
        [
            "Title",
            "Front matter: Policy reference",
            "Front matter: Approved",
            "Front matter: Next Review",
            "Our approach (para 1)",
            "Our approach (para 2)",
            "Parents' calls",
            "Parents' calls 1",
            "Parents' calls 2",
            "What happens if a phone is seen",
            "First time",
            "Second time",
            "Exceptions",
            "Exceptions 1",
            "Exceptions 2",
        ],
    ),
}


def _read(name: str) -> Policy:
    return import_text(CASES[name][0], "p").policy


@pytest.mark.parametrize("name", CASES)
def test_the_labels_are_those_a_careful_person_prints(name: str) -> None:
    assert [clause.label for clause in _read(name).clauses] == CASES[name][1]


@pytest.mark.parametrize("name", CASES)
def test_no_word_is_lost_and_the_file_reads_back_the_same(name: str) -> None:
    text = CASES[name][0]
    found = import_text(text, "p")
    no_word_is_lost(text, found)
    assert parse(write(found.policy)) == found.policy
    assert import_text(text, "p", found.policy).policy == found.policy


def _leads(policy: Policy) -> dict[str, str]:
    leads = {clause.label: policy.lead_of(clause) for clause in policy.clauses}
    return {label: lead.label for label, lead in leads.items() if lead}


def test_lists_hang_under_the_lead_in_right_above_them() -> None:
    found = _leads(_read("a school between title and header, lead-ins right under headings"))
    assert found == {
        "Planning and approval (bullet 1)": "Planning and approval (para 1)",
        "Planning and approval (bullet 2)": "Planning and approval (para 1)",
        "Before you leave 1": "Before you leave (para 1)",
        "Before you leave 2": "Before you leave (para 1)",
    }
    codes = _leads(_read("data protection: a council template counting A1"))
    assert codes == {"B1(i)": "B1", "B1(ii)": "B1"}


@pytest.mark.parametrize(
    ("name", "approver", "approved", "review_due"),
    [
        ("hr: word text with a version table", "", "2024-09-03", "2026-09"),
        ("behaviour: capitals without blank lines", "Governors", "2024-05", "2025-05"),
        ("first aid: questions numbered 1)", "", "2024-01", "2025-01"),
        ("data protection: a council template counting A1", "", "2023-09-01", ""),
        ("lettings: a header table and appendices", "", "2024-02-07", "2027-04"),
        ("medicines: headings that end in a colon", "", "2023-12", "2025-10"),
        (
            "equality: hard-wrapped capitals with dot leaders",
            "Governing Board",
            "2024-05-21",
            "2026-07",
        ),
        ("phones: a header of tabs", "Trust Board", "2024-06-06", "2027-06"),
    ],
)
def test_header_dates_are_read_in_whatever_form(
    name: str, approver: str, approved: str, review_due: str
) -> None:
    policy = _read(name)
    assert (policy.approver, policy.approved, policy.review_due) == (
        approver,
        approved,
        review_due,
    )


def test_a_section_with_a_schools_name_in_it_is_no_front_matter() -> None:
    policy = import_text(
        "Dogs Policy\n\nOwner: Mr Jones\n\nDuties of the School\n\nThe school feeds the dogs.\n\n"
        "Monitoring\n\nThe owner looks at this each year.\nReview due: May 2026\n",
        "p",
    ).policy
    assert [clause.label for clause in policy.clauses] == [
        "Title",
        "Front matter: Owner",
        "Duties of the School",
        "Monitoring (para 1)",
        "Review due",
    ]


def test_a4_is_paper_where_clauses_are_not_counted_in_codes() -> None:
    policy = import_text(
        "Print Policy\n\nUse\n\nA4 Paper is free.\n\nB2 Paper is not.\n", "p"
    ).policy
    assert [(clause.label, clause.marker) for clause in policy.clauses[1:]] == [
        ("Use (para 1)", ""),
        ("Use (para 2)", ""),
    ]
