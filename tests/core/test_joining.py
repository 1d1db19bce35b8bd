"""One person across the staff list and both platforms: what the list says holds, groups add the others."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.accounts import Account, wanted
from bot.core.joining import Doubt, Joined, doubt, join
from bot.core.people import Holder, Membership, Person, School

TODAY = date(2026, 11, 20)
YESTERDAY = TODAY - timedelta(days=1)
ANN = Person("ann", "Mrs Ash", (Membership("oak"),), "head", ("ann@oak.example",))
BOB = Person("bob", "Bob Birch", (Membership("oak", manager="ann"),), "", ("bob@oak.example",))
LEFT = Person("lee", "Lee Left", (Membership("oak", until=YESTERDAY),), "", ("lee@oak.example",))
OAK = School("oak", "Oak", people={p.id: p for p in (ANN, BOB, LEFT)}, groups={"slack": ("staff",)})
ELM = School("elm", "Elm", people={}, groups={"slack": ("elms",), "teams": ("g-elm",)})
SCHOOLS = {"oak": OAK, "elm": ELM}


def slack(id: str, *emails: str, **more: object) -> Account:
    return replace(Account(f"slack:{id}", emails=emails, name=id.title()), **more)  # type: ignore[arg-type]


def teams(id: str, *emails: str, **more: object) -> Account:
    return replace(Account(f"teams:{id}", emails=emails, name=id.title()), **more)  # type: ignore[arg-type]


def staff(joined: Joined, school: str) -> dict[str, str]:
    """Names by id of those who may chat there today."""
    people = joined.schools[school].people.values()
    return {person.id: person.name for person in people if person.at(TODAY)}


def test_the_same_person_by_address_has_both_accounts_and_the_lists_name() -> None:
    accounts = [slack("u1", "ann@oak.example"), teams("t1", "x@y.z", "ann@oak.example")]
    joined = join(SCHOOLS, accounts)
    assert joined.owners == {"slack:u1": "ann", "teams:t1": "ann"}
    assert joined.people["ann"] == ANN
    assert joined.schools is SCHOOLS


@pytest.mark.parametrize("standing", ["guest", "bot", "gone"])
def test_a_guest_a_bot_and_somebody_gone_are_nobody_even_in_a_group(standing: str) -> None:
    accounts = [
        slack("u1", "ann@oak.example", standing=standing),
        slack("u2", groups=("staff",), standing=standing),
    ]
    assert join(SCHOOLS, accounts).owners == {}


def test_a_member_of_a_group_is_staff_of_that_school_under_a_short_hash() -> None:
    one = slack("dee", "dee@oak.example", groups=("staff",))
    joined = join(SCHOOLS, [one, slack("pupil", "p@oak.example")])
    (id,) = joined.owners.values()
    assert id.startswith("dir-")
    assert "@" not in id
    assert "dee" not in id
    assert joined.owners == {"slack:dee": id}
    assert joined.people[id] == Person(id, "Dee", (Membership("oak"),), "", ("dee@oak.example",))
    assert id not in joined.schools["elm"].people


def test_the_two_accounts_of_a_directory_person_are_one_whichever_is_in_the_group() -> None:
    accounts = [
        slack("dee", "dee@oak.example"),
        teams("t9", "d9@oak.example", "dee@oak.example", groups=("g-elm",)),
    ]
    joined = join(SCHOOLS, accounts)
    assert len(set(joined.owners.values())) == 1
    assert len(joined.owners) == 2
    assert set(staff(joined, "elm")) == set(joined.owners.values())


def test_a_group_of_one_platform_does_not_count_on_another() -> None:
    assert join(SCHOOLS, [teams("t1", "t@x.example", groups=("staff", "elms"))]).owners == {}


def test_a_leaver_of_the_list_has_left_whatever_a_directory_says() -> None:
    joined = join(SCHOOLS, [slack("lee", "lee@oak.example", groups=("staff", "elms"))])
    assert joined.owners == {"slack:lee": "lee"}
    assert "lee" not in {**staff(joined, "oak"), **staff(joined, "elm")}
    assert not joined.people["lee"].at(TODAY)


def test_somebody_of_one_schools_list_and_anothers_group_belongs_to_both() -> None:
    joined = join(SCHOOLS, [slack("bob", "bob@oak.example", groups=("elms",))])
    assert [m.school for m in joined.people["bob"].at(TODAY)] == ["oak", "elm"]
    assert joined.schools["oak"] is OAK
    assert staff(joined, "elm") == {"bob": "Bob Birch"}


def test_the_lists_roles_and_dates_hold_for_a_member_of_its_own_group() -> None:
    joined = join(SCHOOLS, [slack("ann", "ann@oak.example", groups=("staff",), name="Annie")])
    assert joined.people["ann"] == ANN


def test_the_directorys_manager_counts_where_the_list_names_none_and_is_one_of_ours() -> None:
    accounts = [
        teams("a", "ann@oak.example", manager="teams:c"),
        teams("b", "bob@oak.example", manager="teams:c"),
        teams("c", "cy@oak.example", groups=("g-elm",), manager="teams:nobody"),
        slack("c", "cy@oak.example", groups=("staff",), manager="slack:c"),
    ]
    joined = join(SCHOOLS, accounts)
    boss = joined.owners["teams:c"]
    places = {id: [(m.school, m.manager) for m in p.memberships] for id, p in joined.people.items()}
    assert places["ann"] == [("oak", boss)]
    assert places["bob"] == [("oak", "ann")]
    assert places[boss] == [("oak", ""), ("elm", "")]


def test_a_role_named_by_address_is_held_by_whoever_has_it() -> None:
    dsl = Holder("dsl", "", "safeguarding lead", "safeguarding lead", "1", email="dee@oak.example")
    head = Holder("headteacher", "", "Mr Named", "head", email="bob@oak.example")
    schools = {"oak": replace(OAK, holders={"dsl": (dsl,), "headteacher": (head,)}), "elm": ELM}
    joined = join(schools, [slack("dee", "dee@oak.example", groups=("staff",))])
    holds = joined.schools["oak"].holder
    assert holds("dsl") == replace(dsl, person=joined.owners["slack:dee"], name="Dee")
    assert holds("headteacher") == replace(head, person="bob")
    assert join(schools, []).schools["oak"].holder("dsl") == dsl


ADDRESSES = [f"{name}@oak.example" for name in ("ann", "bob", "lee", "cy", "dee", "eve")]
ACCOUNTS = st.lists(
    st.builds(
        Account,
        st.builds("{}:{}".format, st.sampled_from(["slack", "teams"]), st.integers(1, 6)),
        st.just("N"),
        st.lists(st.sampled_from(ADDRESSES), max_size=2).map(tuple),
        st.sampled_from(["member", "member", "guest", "bot", "gone"]),
        st.lists(st.sampled_from(["staff", "elms", "g-elm", "other"]), max_size=2).map(tuple),
        st.builds("{}:{}".format, st.sampled_from(["slack", "teams"]), st.integers(1, 6)),
    ),
    unique_by=lambda one: one.id,
)


@given(ACCOUNTS, st.randoms(use_true_random=False))
def test_the_join_is_the_same_in_any_order_and_makes_nobody_of_nobody(
    accounts: list[Account], random: Random
) -> None:
    joined = join(SCHOOLS, accounts)
    assert join(SCHOOLS, _shuffled(accounts, random)) == joined
    assert join(SCHOOLS, accounts).schools == joined.schools
    for account in accounts:
        if account.standing != "member":
            assert account.id not in joined.owners
    listed = {*OAK.people}
    in_groups = {one.id for one in accounts if one.groups}
    for id, who in joined.owners.items():
        mine = [one for one in accounts if joined.owners.get(one.id) == who]
        assert who in listed or {one.id for one in mine} & in_groups, id
    assert joined.people["ann"].name == ANN.name
    assert not joined.people["lee"].at(TODAY)


def _shuffled(accounts: Iterable[Account], random: Random) -> list[Account]:
    found = list(accounts)
    random.shuffle(found)
    return found


# What is asked, and what is believed -----------------------------------------------------------------


def test_only_what_is_needed_is_asked() -> None:
    asked = wanted(SCHOOLS, "slack", TODAY)
    assert asked.emails == {"ann@oak.example", "bob@oak.example"}  # and not the leaver's
    assert asked.managed == {"bob@oak.example"}
    assert asked.groups == ("staff", "elms")
    assert wanted(SCHOOLS, "teams", TODAY).groups == ("g-elm",)


def _many(count: int, *groups: str) -> list[Account]:
    return [slack(f"u{n}", groups=groups) for n in range(count)]


@pytest.mark.parametrize(
    ("before", "found", "why"),
    [
        (0, 0, Doubt(0, 0)),
        (5, 0, Doubt(5, 0)),
        (9, 4, Doubt(9, 4)),
        (8, 4, None),
        (0, 3, None),
    ],
)
def test_nobody_or_less_than_half_of_before_is_not_believed(
    before: int, found: int, why: Doubt | None
) -> None:
    assert doubt(_many(before), _many(found), ()) == why


def test_a_group_that_lost_more_than_half_is_not_believed_unless_it_is_small() -> None:
    many = _many(20)
    assert doubt([*many, *_many(9, "g")], [*many, *_many(4, "g")], ["g"]) == Doubt(9, 4, "g")
    assert doubt([*many, *_many(3, "g")], many, ["g"]) is None


@given(ACCOUNTS, st.data())
def test_one_account_told_anew_gives_the_same_as_joining_all_again(
    accounts: list[Account], data: st.DataObject
) -> None:
    if not accounts:
        return
    told = data.draw(st.sampled_from(accounts))
    before = data.draw(st.sampled_from([None, replace(told, emails=(), standing="member"), told]))
    others = [one for one in accounts if one.id != told.id]
    joined = join(SCHOOLS, [*others, *([before] if before else [])])
    one_more = joined.with_one(before, told)
    assert one_more in (None, join(SCHOOLS, accounts))
