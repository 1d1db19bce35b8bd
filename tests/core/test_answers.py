"""From a question to an answer made of ids: facts of record, a guide, clauses, "not settled"."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.answers import answer
from bot.core.book import Answer, Ask, Book, Cite
from bot.core.health.flags import Flag
from bot.core.policies import Clause, Policy
from tests.helpers import TODAY, Finds, asked, book, clause, guide, policy

BAN = "Staff must not accept friend requests from pupils."
PERMIT = "Staff may be friends online with colleagues."
NOTHING = Finds(settled=0.0)


def marks(told: Answer) -> dict[str, list[str]]:
    """The clauses shown, by what each is shown as."""
    found: dict[str, list[str]] = {}
    for cite in told.cites:
        found.setdefault(cite.mark, []).append(cite.clause)
    return found


def kinds(told: Answer) -> list[str]:
    return [flag.kind for flag in told.flags]


def of(question: str, known: Book, find: Finds, role: str = "staff", **more: Any) -> Answer:
    return answer(asked(question, known, role, **more), known, find)


# A clause by its number -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("what does 2.4 say", ["b"]),
        ("Clause 2.4", ["b"]),
        ("show me section 2.4 please", ["b"]),
        ("what does 5.2 (bullet 1) say", ["c"]),
        ("what does 5.2 say", ["c", "d"]),
    ],
)
def test_a_clause_asked_for_by_its_number_is_shown(question: str, cited: list[str]) -> None:
    parts = [("a", "2.40"), ("b", "2.4"), ("c", "5.2 (bullet 1)"), ("d", "5.2 (bullet 2)")]
    told_of = Policy("p", "P", tuple(Clause(id, label, f"Rule {id}.") for id, label in parts))
    told = of(question, book(told_of), NOTHING)
    assert told.verdict == "info"
    assert [cite.clause for cite in told.cites] == cited


@pytest.mark.parametrize(
    "question",
    [
        *("can i leave at 2.4", "does 2.4 or 5.2 say so", "can i keep £2.40", "5.2%", "2"),
        *("2.4 (kai robinson)", "2.4 (kai)", "07700.900123", "1.9.2026", "2.4.1.1.1.1.1"),
    ],
)
def test_a_number_in_a_question_that_says_more_is_left_to_search(question: str) -> None:
    told_of = Policy("p", "P", (Clause("a", "2.4", BAN), Clause("b", "5.2", PERMIT)))
    told = of(question, book(told_of), NOTHING)
    assert told.kind == "not_settled"


NUMBERED = policy(
    clause("Be on time.", "p1", "2.3", headings=("2. At work",)),
    clause("Be kind.", "p2", "2.4", headings=("2. At work",)),
    clause("Nobody may:", "p3", "6.3", headings=("6. Never",)),
    clause("shout", "p4", "6.3 (bullet 1)", lead="p3", headings=("6. Never",)),
    clause("run", "p5", "6.3 (bullet 2)", lead="p3", headings=("6. Never",)),
    title="Conduct Policy",
)


@pytest.mark.parametrize("question", ["2.4", " 2.4 ?", "2.4 of the conduct policy", "para 2.4"])
def test_a_bare_number_is_a_question(question: str) -> None:
    told = of(question, book(NUMBERED), NOTHING)
    assert (told.kind, marks(told)) == ("settled", {"answer": ["p2"]})


def test_a_lead_in_asked_for_by_its_number_comes_with_its_bullets() -> None:
    told = of("what does 6.3 say", book(NUMBERED), NOTHING)
    assert marks(told) == {"answer": ["p4", "p5"]}


@pytest.mark.parametrize(
    ("question", "number", "nearest"),
    [
        ("what does 9.9 say", "9.9", {}),
        ("clause 9.9", "9.9", {}),
        ("section 12", "12", {}),
        ("6.3 b", "6.3(b)", {"nearest": ["p4"], "close": ["p5"]}),
        ("6.3 (bullet 7)", "6.3 (bullet 7)", {"nearest": ["p4"], "close": ["p5"]}),
        ("2.4.1", "2.4.1", {"nearest": ["p2"]}),
    ],
)
def test_a_number_that_names_no_clause_is_said_to_name_none(
    question: str, number: str, nearest: dict[str, list[str]]
) -> None:
    find = Finds("p1")
    told = of(question, book(NUMBERED), find)
    assert (told.kind, told.number, marks(told)) == ("no_clause", number, nearest)
    assert (told.answered, told.told, find.heard) == (False, ("p",), [])


@pytest.mark.parametrize("question", ["what does section 2 say", "Section 2", "part 2"])
def test_a_sections_number_shows_how_it_begins(question: str) -> None:
    told = of(question, book(NUMBERED), NOTHING)
    assert (told.kind, told.number, marks(told)) == ("section", "2", {"close": ["p1", "p2"]})


def test_of_several_policies_each_that_has_the_number_shows_its_clause() -> None:
    other = policy(clause("Wear a hat.", "z", "2.4"), id="q", title="Hats")
    known = book(NUMBERED, other, policy("Be brave.", id="r"))
    assert marks(of("2.4", known, NOTHING)) == {"answer": ["p2"], "other": ["z"]}
    assert marks(of("2.4 of hats", known, NOTHING)) == {"answer": ["z"]}
    assert of("9.9", known, NOTHING).told == ("p", "q", "r")
    assert of("section 6", known, NOTHING).told == ("p",)


def test_no_lead_in_is_left_dangling_among_the_nearest() -> None:
    for settled in (0.0, 0.95):
        told = of("what of singing", book(NUMBERED), Finds("p2", "p3", "p1", settled=settled))
        assert [cite.clause for cite in told.cites] == ["p2", "p1"]


# The order ------------------------------------------------------------------------------------------


def test_a_fact_of_record_comes_before_search() -> None:
    known = book(policy("Review due 2027", BAN, review_due="2027", said={"review_due": "p1"}))
    find = Finds("p2")
    told = of("when is this policy due for review", known, find)
    assert (told.kind, told.verdict, told.record) == ("record", "info", "review_due")
    assert told.ranked == (("p", "p1"),)
    assert find.heard == []


def test_a_guide_comes_before_clauses_when_the_question_leaves_open_what_decides() -> None:
    known = book(policy(BAN, PERMIT), guided=[guide("friend-request")])
    find = Finds("p2", "p1").but("pupil", "p1").but("colleague", "p2")
    told = of("can i accept a friend request", known, find)
    assert (told.kind, told.verdict, told.slot) == ("ask_back", "depends", "from")
    assert {c.clause for c in told.cites} == {"p1", "p2"}


def test_clauses_answer_what_no_guide_is_for() -> None:
    known = book(policy("Staff must not smoke on site.", "Ask the office."))
    told = of("can i smoke on site", known, Finds("p1", "p2"))
    assert (told.kind, told.verdict) == ("settled", "no")
    assert told.cites[0] == Cite("p", "p1")
    assert told.ranked == (("p", "p1"), ("p", "p2"))


def test_what_search_does_not_find_settled_is_not_settled() -> None:
    known = book(policy("Staff must not smoke on site.", "Ask the office."))
    told = of("can i wear trainers", known, Finds("p1", "p2", settled=0.1))
    assert (told.kind, told.verdict, told.answered) == ("not_settled", "unanswerable", False)
    assert marks(told)["nearest"] == ["p1"]
    assert told.turn_to == "manager"


def test_nothing_found_at_all_is_not_settled_and_shows_nothing() -> None:
    told = of("can i wear trainers", book(policy("Be kind.")), NOTHING)
    assert (told.kind, told.cites, told.ranked) == ("not_settled", (), ())


def test_no_policy_in_force_is_not_settled() -> None:
    known = book(policy("Be kind."))
    told = answer(Ask("can i wear trainers", (), TODAY), known, NOTHING)
    assert told.kind == "not_settled"
    assert answer(Ask("what version is this", (), TODAY), known, NOTHING).kind == "not_settled"


# Facts of record ------------------------------------------------------------------------------------


def test_a_fact_the_policy_does_not_give_is_not_settled() -> None:
    told = of("who approved this policy", book(policy("Be kind.")), Finds("p1"))
    assert (told.kind, told.verdict, told.record) == ("not_settled", "unanswerable", "approver")
    assert not told.answered


def test_still_current_is_no_when_the_date_is_past_and_no_verdict_else() -> None:
    late = policy("Review due 2025", review_due="2025", said={"review_due": "p1"})
    told = of("is this policy still current", book(late), NOTHING)
    assert (told.verdict, kinds(told)) == ("no", ["overdue"])
    fine = replace(late, review_due="2027")
    assert of("is this policy still current", book(fine), NOTHING).verdict == "info"


def test_which_are_overdue_names_only_those() -> None:
    late = policy("Due 2025", id="a", review_due="2025", said={"review_due": "a1"})
    fine = policy("Due 2027", id="b", review_due="2027", said={"review_due": "b1"})
    told = of("which policies are overdue", book(late, fine), NOTHING)
    assert told.ranked == (("a", "a1"),)


def test_a_policy_that_is_silent_beside_one_that_speaks_is_named() -> None:
    tells = policy("Version 3", id="a", version="3", said={"version": "a1"})
    told = of("what version is it", book(tells, policy("Be kind.", id="b")), NOTHING)
    assert (told.ranked, told.silent) == ((("a", "a1"),), ("b",))


def test_who_holds_a_role_is_answered_from_the_schools_list() -> None:
    told = of("who is the dsl", book(policy("Be kind.")), NOTHING)
    assert (told.kind, told.role, told.cites) == ("holder", "dsl", ())


def test_a_role_nobody_holds_is_said_to_be_empty() -> None:
    told = of("who is the senco", book(policy("Be kind.")), Finds("p1"))
    assert (told.kind, told.answered, told.role) == ("not_settled", False, "senco")


# Guides ---------------------------------------------------------------------------------------------

FRIENDS = policy(
    BAN,
    "Staff must not accept friend requests from former pupils who are under 18.",
    "Staff may be friends with former pupils who are 18 or over.",
    PERMIT,
)


def friend_find() -> Finds:
    return (
        Finds("p1", "p2", "p3", "p4")
        .but("ex-pupil under", "p2", "p3")
        .but("ex-pupil who", "p3", "p2")
        .but("current pupil", "p1")
        .but("colleague", "p4")
    )


def press(**filled: str) -> Answer:
    known = book(FRIENDS, guided=[guide("friend-request")])
    return of(
        "can i accept a friend request",
        known,
        friend_find(),
        guide="friend-request",
        filled=filled,
    )


def test_pressing_leads_on_to_the_next_question_and_then_to_an_answer() -> None:
    assert press(**{"from": "former"}).slot == "age"
    told = press(**{"from": "former", "age": "under18"})
    assert (told.kind, told.verdict, told.cites[0].clause) == ("settled", "no", "p2")
    assert press(**{"from": "former", "age": "adult"}).cites[0].clause == "p3"


def test_not_sure_gets_the_stricter_rule_and_says_so() -> None:
    told = press(**{"from": "former", "age": "unsure"})
    assert (told.verdict, told.cites[0].clause, told.unsure) == ("no", "p2", True)


def test_what_the_question_says_is_not_asked_again() -> None:
    known = book(FRIENDS, guided=[guide("friend-request")])
    told = of("can i accept a friend request from an ex-pupil", known, friend_find())
    assert (told.kind, told.slot, told.filled) == ("ask_back", "age", {"from": "former"})
    straight = of("can i accept a friend request from a y9 pupil", known, friend_find())
    assert (straight.kind, straight.verdict) == ("settled", "no")


def test_a_leaf_the_policy_does_not_cover_says_so() -> None:
    told = press(**{"from": "parent"})
    assert (told.kind, told.answered) == ("not_settled", False)
    assert "answer" not in marks(told)


def test_a_pin_answers_its_leaf_whatever_search_finds() -> None:
    pinned = replace(FRIENDS, pins={"friend-request.pupil": ("p4",)})
    known = book(pinned, guided=[guide("friend-request")])
    told = of("can i accept a friend request from a y9 pupil", known, friend_find())
    assert told.cites[0].clause == "p4"
    assert told.ranked[0] == ("p", "p4")


def test_nothing_is_asked_when_every_answer_would_be_the_same() -> None:
    known = book(
        policy("Pictures of pupils must not be taken on any equipment, personal or of the school."),
        guided=[guide("pupil-photo")],
    )
    told = of("can i do something with a quick snap", known, Finds("p1"))
    assert told.kind == "settled"


# Audiences ------------------------------------------------------------------------------------------


def test_a_role_the_policy_never_names_is_told_so() -> None:
    known = book(policy("Staff may use their own phone at lunch."))
    told = of("can i use my own phone at lunch", known, Finds("p1"), role="governor")
    assert (told.unnamed, told.verdict) == ("governor", "unanswerable")
    assert not told.answered


def test_a_role_the_policy_names_anywhere_is_answered() -> None:
    known = book(policy("Governors must not smoke on site.", "Governors are bound too."))
    told = of("can i smoke on site", known, Finds("p1"), role="governor")
    assert (told.unnamed, told.verdict) == ("", "no")


def test_does_it_cover_takes_the_clause_that_names_them() -> None:
    known = book(policy("It is about phones.", "It applies to staff and volunteers."))
    told = of("does this cover volunteers", known, Finds("p1", "p2"))
    assert (told.verdict, told.cites[0].clause) == ("yes", "p2")
    never = book(policy("It applies to staff."))
    assert of("does this cover volunteers", never, Finds("p1")).verdict != "yes"


# Several policies -----------------------------------------------------------------------------------

STRICT = policy("Staff must not use their own phone on site.", id="a")
EASY = policy("Staff may use their own phone on site.", id="b")


def test_two_policies_in_force_are_both_quoted_and_the_stricter_is_named() -> None:
    known = book(STRICT, EASY)
    for first, second in (("a1", "b1"), ("b1", "a1")):
        told = of("can i use my own phone on site", known, Finds((first, 0.9), (second, 0.88)))
        assert {(c.policy, c.clause) for c in told.cites} == {("a", "a1"), ("b", "b1")}
        assert told.stricter == "a"
        assert told.verdict != "yes"


def test_neither_is_called_stricter_when_they_agree() -> None:
    known = book(STRICT, replace(STRICT, id="b", clauses=(clause("Staff must not phone.", "b1"),)))
    told = of("can i use my own phone on site", known, Finds("a1", "b1"))
    assert (told.verdict, told.stricter) == ("no", "")


def test_only_the_policies_in_force_for_the_asker_are_quoted() -> None:
    known = book(STRICT, EASY)
    told = answer(Ask("can i use my own phone", ("b",), TODAY), known, Finds("a1", "b1"))
    assert {c.policy for c in told.cites} == {"b"}
    assert {p for p, _ in told.ranked} == {"b"}


# Flags ----------------------------------------------------------------------------------------------


def test_what_is_wrong_with_the_policy_and_the_clause_comes_with_the_answer() -> None:
    late = policy("Staff must not smoke; ask ______ first.", review_due="2018-10")
    told = of("can i smoke", book(late), Finds("p1"))
    assert told.flags == (Flag("overdue", "p", "", {"when": "2018-10"}), Flag("blank", "p", "p1"))


def test_a_clause_to_have_to_hand_brings_no_flag_with_it() -> None:
    known = policy("Staff must not smoke anywhere on site.", "Smoking: ask ______ about help.")
    told = of("can i smoke on site", book(known), Finds("p1", ("p2", 0.3)))
    assert marks(told) == {"answer": ["p1"], "also": ["p2"]}
    assert told.flags == ()


def test_flags_come_with_an_answer_that_is_not_settled_too() -> None:
    late = policy("Staff must not smoke.", replaced_on="2025", replaced_by="New")
    told = of("can i wear a hat", book(late), Finds("p1", settled=0.0))
    assert told.flags == (Flag("superseded", "p", "", {"when": "2025", "by": "New"}),)


def test_two_alternatives_are_both_shown_and_neither_is_the_answer() -> None:
    told = of(
        "can i use facebook at work",
        book(
            policy(
                clause("Personal use is not allowed.", "p1", option=1, headings=("3",)),
                clause("Or", "p2", kind="or", headings=("3",)),
                clause("Personal use is allowed at lunch.", "p3", option=2, headings=("3",)),
            )
        ),
        Finds("p3"),
    )
    assert (told.kind, told.verdict) == ("alternatives", "depends")
    assert (marks(told)["a"], marks(told)["b"]) == (["p1"], ["p3"])
    assert kinds(told) == ["alternatives"]
    assert told.ranked[:2] == (("p", "p1"), ("p", "p3"))


# The next step --------------------------------------------------------------------------------------


def test_the_role_the_clause_names_is_the_next_step() -> None:
    told = of(
        "what do i do if i am abused online",
        book(policy("Staff who are abused must tell the Headteacher.")),
        Finds("p1"),
    )
    assert told.turn_to == "headteacher"


def test_no_role_is_named_that_the_clause_does_not_name() -> None:
    told = of("can i smoke", book(policy("Staff must not smoke.")), Finds("p1"))
    assert told.turn_to == ""


# Yes ------------------------------------------------------------------------------------------------


def test_a_yes_that_search_is_not_near_enough_for_is_withheld() -> None:
    known = book(policy(PERMIT))
    assert of("can i be friends with colleagues online", known, Finds(("p1", 0.9))).verdict == "yes"
    assert of("can i be friends with colleagues online", known, Finds(("p1", 0.1))).verdict is None


def test_a_yes_beside_a_ban_as_near_becomes_it_depends() -> None:
    known = book(policy("Staff may chat to colleagues.", "Staff must not chat in lessons."))
    told = of("can i chat to colleagues", known, Finds(("p1", 0.9), ("p2", 0.88)))
    assert told.verdict == "depends"


# Laws -----------------------------------------------------------------------------------------------

TEXTS = (
    *(BAN, PERMIT, "Staff must tell the Headteacher.", "It applies to volunteers.", "Be kind."),
    *("Staff may post only with approval.", "Posting may lead to dismissal.", "Sign: ______"),
)
QUESTIONS = (
    *("can i accept a friend request", "can i post it", "what do i do now", "who is the dsl"),
    *("does it cover volunteers", "do i have to tell anyone", "what version is it", "trainers"),
    *("can i take a photo of a pupil", "is this policy still current", "could i be sacked", ""),
)
ROLES = ("staff", "governor", "volunteer", "contractor", "agency", "pta")


@given(
    st.lists(st.sampled_from(TEXTS), min_size=1, max_size=8),
    st.sampled_from(QUESTIONS),
    st.sampled_from(ROLES),
    st.lists(st.floats(0, 1), min_size=8, max_size=8),
    st.floats(0, 1),
    st.dates(date(2018, 1, 1), date(2030, 1, 1)),
)
def test_whatever_is_asked_an_answer_names_only_clauses_that_are_there(
    texts: list[str], question: str, role: str, scores: list[float], settled: float, today: date
) -> None:
    told_of = policy(*texts, review_due="2025-06", version="2")
    known = book(told_of, guided=[guide("friend-request"), guide("pupil-photo")])
    hits = sorted(zip(told_of.by_id, scores, strict=False), key=lambda hit: -hit[1])
    told = answer(Ask(question or "so", ("p",), today, role), known, Finds(*hits, settled=settled))
    assert all(c.clause in told_of.by_id for c in told.cites)
    assert all(id in told_of.by_id for _, id in told.ranked)
    assert len(told.ranked) == len(set(told.ranked)) <= 10
    shown = {(c.policy, c.clause) for c in told.cites}
    assert shown <= set(told.ranked)
    assert shown == set(told.ranked[: len(shown)]) or told.kind == "record"
    if told.kind == "not_settled":
        assert told.verdict == "unanswerable"
        assert "answer" not in marks(told)
    if told.verdict == "yes":
        assert told.cites[0].mark == "answer"
