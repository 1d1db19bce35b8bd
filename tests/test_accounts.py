"""Who somebody on a platform is at this moment, and what of it is kept."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import app
from bot.accounts import Accounts
from bot.core.accounts import Account
from bot.core.joining import Doubt
from bot.core.people import Membership, Person, School
from bot.core.records import Decision
from bot.store.crypto import Sealer
from bot.store.memory import MemoryStore
from bot.store.sqlite import SqliteStore
from tests.helpers import TODAY, house_of, policy

ANN = Person("ann", "Ann Ash", (Membership("oak"),), "head", ("ann@oak.example",))
BOB = Person("bob", "Bob Birch", (Membership("oak"),), "", ("bob@oak.example", "b@oak.example"))
GONE = TODAY - timedelta(days=1)


def school(*people: Person) -> Mapping[str, School]:
    listed = {person.id: person for person in people}
    return {"oak": School("oak", "Oak", people=listed, groups={"slack": ("staff",)})}


class List:
    """The schools that hold at this moment, as a house that is loaded anew has them."""

    def __init__(self, *people: Person) -> None:
        self.schools = school(*people)
        self.today: date = TODAY

    def accounts(self, store: Any = None) -> Accounts:
        return Accounts(store or MemoryStore(), lambda: self.schools, lambda: self.today)


def slack(id: str, *emails: str, **more: Any) -> Account:
    return replace(Account(f"slack:{id}", f"Name of {id}", emails), **more)


def teams(id: str, *emails: str, **more: Any) -> Account:
    return replace(Account(f"teams:{id}", f"Name of {id}", emails), **more)


STAFF = [slack(f"s{n}", groups=("staff",)) for n in range(8)]

# Who somebody is --------------------------------------------------------------------------------------


async def test_an_account_is_its_person_once_it_is_known_and_else_itself() -> None:
    accounts = List(ANN).accounts()
    assert accounts.who("slack:u1") == "slack:u1"
    await accounts.learn(slack("u1", "ann@oak.example"))
    assert accounts.who("slack:u1") == "ann"


async def test_who_is_taken_off_the_list_is_nobody_from_the_next_message_on() -> None:
    at = List(ANN, BOB)
    accounts = at.accounts()
    await accounts.learn(slack("u1", "ann@oak.example"), slack("u2", "bob@oak.example"))
    assert accounts.only_staff(["slack:u1", "slack:u2"])
    at.schools = school(BOB)
    assert [accounts.who(f"slack:u{n}") for n in (1, 2)] == ["slack:u1", "bob"]
    assert not accounts.only_staff(["slack:u1", "slack:u2"])
    assert accounts.address("ann") == ""


async def test_only_staff_counts_who_may_chat_today_and_does_not_count_bots() -> None:
    at = List(ANN, replace(BOB, memberships=(Membership("oak", until=TODAY),)))
    accounts = at.accounts()
    bot = slack("b1", standing="bot")
    await accounts.learn(slack("u1", "ann@oak.example"), slack("u2", "bob@oak.example"), bot)
    everyone = ["slack:u1", "slack:u2", "slack:b1"]
    assert accounts.only_staff(everyone)
    assert not accounts.only_staff([*everyone, "slack:nobody-knows"])
    at.today += timedelta(days=1)
    assert not accounts.only_staff(everyone)


async def test_the_list_is_joined_once_for_however_many_messages() -> None:
    at = List(ANN)
    accounts = at.accounts()
    await accounts.learn(slack("u1", "ann@oak.example"))
    joined = accounts.joined()
    assert accounts.who("slack:u1") == "ann"
    await accounts.reached("slack:u1", "slack:@u1", "https://one")
    await accounts.learn(slack("u1", "ann@oak.example"))
    assert accounts.joined() is joined
    at.schools = school(BOB)
    assert accounts.who("slack:u1") == "slack:u1"
    assert accounts.joined() is not joined


async def test_a_person_is_reached_where_they_last_were_and_not_where_they_block_us() -> None:
    accounts = List(ANN).accounts()
    await accounts.learn(slack("u1", "ann@oak.example"), teams("t1", "ann@oak.example"))
    accounts.who("slack:u1")
    assert accounts.address("ann") == "slack:@u1"
    accounts.who("teams:t1")
    assert accounts.address("ann") == "teams:@t1"
    await accounts.reached("teams:t1", "19:x", "https://one", blocked="blocked")
    assert accounts.address("ann") == "slack:@u1"
    assert accounts.address("bob") == ""


# What a platform tells of one person --------------------------------------------------------------------


async def test_who_has_gone_is_nobody_and_comes_back_where_the_platform_can_tell() -> None:
    accounts = List(ANN).accounts()
    await accounts.learn(slack("u1", "ann@oak.example"))
    await accounts.learn(slack("u1", "ann@oak.example", standing="gone"))
    assert accounts.who("slack:u1") == "slack:u1"
    await accounts.learn(slack("u1", "ann@oak.example"))
    assert accounts.who("slack:u1") == "ann"


@pytest.mark.parametrize("standing", ["gone", "guest"])
async def test_who_the_directory_switched_off_stays_so_where_one_person_alone_tells_nothing(
    standing: Any,
) -> None:
    accounts = List(ANN, BOB).accounts()
    other = teams("t2", "bob@oak.example")
    off = teams("t1", "ann@oak.example", standing=standing)
    assert await accounts.listed("teams", [off, other]) is None
    await accounts.learn(teams("t1", "ann@oak.example"))
    assert accounts.who("teams:t1") == "teams:t1"
    assert await accounts.listed("teams", [teams("t1", "ann@oak.example"), other]) is None
    assert accounts.who("teams:t1") == "ann"


async def test_one_person_alone_tells_nothing_of_groups_and_of_where_they_are_reached() -> None:
    accounts = List().accounts()
    await accounts.listed("slack", STAFF)
    await accounts.reached("slack:s1", "slack:@s1")
    who = accounts.who("slack:s1")
    assert who.startswith("dir-")
    await accounts.learn(slack("s1", "new@oak.example"))
    told = accounts.known("slack:s1")
    assert told == slack("s1", "new@oak.example", groups=("staff",), place="slack:@s1")


# A whole list --------------------------------------------------------------------------------------------


async def test_who_a_whole_list_does_not_name_has_gone_and_is_in_no_group() -> None:
    accounts = List(ANN, BOB).accounts()
    mine = [slack("u1", "ann@oak.example"), slack("u2", "bob@oak.example")]
    await accounts.listed("slack", [*mine, *STAFF])
    await accounts.learn(teams("t1", "ann@oak.example"))
    assert await accounts.listed("slack", [mine[1], *STAFF[1:]]) is None
    assert accounts.who("slack:u1") == "slack:u1"
    assert accounts.who("slack:u2") == "bob"
    assert accounts.who("slack:s0") == "slack:s0"
    assert accounts.who("slack:s1").startswith("dir-")
    assert accounts.who("teams:t1") == "ann"
    assert accounts.known("slack:s0") is None  # asked about when they speak


async def test_a_list_that_is_not_believed_changes_nothing() -> None:
    accounts = List(ANN).accounts()
    await accounts.listed("slack", STAFF)
    assert await accounts.listed("slack", []) == Doubt(8, 0)
    assert await accounts.listed("slack", STAFF[:3]) == Doubt(8, 3)
    assert await accounts.listed("slack", [replace(a, groups=()) for a in STAFF]) == Doubt(8, 0)
    assert all(accounts.who(one.id).startswith("dir-") for one in STAFF)


async def test_who_has_left_by_the_list_is_not_missed_by_it() -> None:
    at = List(ANN)
    accounts = at.accounts()
    emails = [f"s{n}@oak.example" for n in range(8)]
    told = [replace(one, emails=(email,)) for one, email in zip(STAFF, emails, strict=True)]
    await accounts.listed("slack", told)
    assert await accounts.listed("slack", told[:3]) == Doubt(8, 3)
    left = Person("left", "Left", (Membership("oak", until=GONE),), "", tuple(emails[3:]))
    at.schools = school(ANN, left)
    assert await accounts.listed("slack", told[:3]) is None


async def test_what_was_learnt_while_the_list_was_read_is_newer_than_the_list() -> None:
    accounts = List(ANN, BOB).accounts()
    mine = [slack("u1", "ann@oak.example"), slack("u2", "bob@oak.example")]
    await accounts.listed("slack", mine)
    moment = accounts.moment
    await accounts.learn(replace(mine[0], standing="gone"), slack("u3", "b@oak.example"))
    assert await accounts.listed("slack", mine, moment) is None
    assert accounts.who("slack:u1") == "slack:u1"
    assert accounts.who("slack:u3") == "bob"


async def test_people_off_the_list_are_asked_about_again_after_every_list() -> None:
    at = List(ANN)
    accounts = at.accounts()
    await accounts.learn(slack("u9", "bob@oak.example"))
    assert accounts.known("slack:u9") is not None
    await accounts.listed("slack", [slack("u1", "ann@oak.example")])
    assert accounts.known("slack:u1") is not None
    assert accounts.known("slack:u9") is None
    accounts.forget_fresh("teams")
    assert accounts.known("slack:u1") is not None
    accounts.forget_fresh("slack")
    assert accounts.known("slack:u1") is None
    assert accounts.remembered("slack:u1") is not None


# What is kept --------------------------------------------------------------------------------------------


def _sqlite(folder: Path) -> SqliteStore:
    return SqliteStore(folder / "records.sqlite", Sealer(bytes(32)))


async def test_everyone_is_known_again_after_a_start_without_network(tmp_path: Path) -> None:
    at, store = List(ANN), _sqlite(tmp_path)
    accounts = at.accounts(store)
    await accounts.listed("slack", [slack("u1", "ann@oak.example"), *STAFF])
    await accounts.reached("slack:u1", "slack:@u1", "https://one")
    before = accounts.who("slack:s1")
    store.close()
    store = _sqlite(tmp_path)
    again = at.accounts(store)
    store.close()
    assert again.known("slack:u1") is None
    assert again.remembered("slack:u1") == accounts.remembered("slack:u1")
    assert (again.who("slack:u1"), again.who("slack:s1")) == ("ann", before)


async def test_of_people_who_are_not_ours_no_name_and_no_address_is_kept(tmp_path: Path) -> None:
    store = _sqlite(tmp_path)
    accounts = List(ANN).accounts(store)
    pupils = [slack(f"canary{n}", f"canary{n}@pupils.example") for n in range(3)]
    await accounts.listed("slack", [slack("u1", "ann@oak.example"), *pupils])
    await accounts.learn(pupils[0])
    await accounts.reached("slack:canary0", "slack:@canary0", "https://one")
    kept = store.look(lambda reads: reads.accounts())
    store.close()
    assert [one for one in kept if one.id != "slack:u1"] == [
        Account("slack:canary0", place="slack:@canary0", url="https://one")
    ]
    assert b"pupils.example" not in (tmp_path / "records.sqlite").read_bytes()


async def test_who_is_no_longer_ours_is_kept_without_name_and_address() -> None:
    at, store = List(ANN, BOB), MemoryStore()
    accounts = at.accounts(store)
    mine = [slack("u1", "ann@oak.example"), slack("u2", "bob@oak.example")]
    await accounts.listed("slack", mine)
    at.schools = school(ANN)
    await accounts.listed("slack", mine)
    assert store.look(lambda reads: reads.accounts()) == (mine[0], Account("slack:u2"))


async def test_what_could_not_be_kept_is_kept_when_it_is_told_again() -> None:
    class Full(MemoryStore):
        full = True

        async def carry_out_async(self, *args: Any, **options: Any) -> Decision:
            if self.full:
                raise OSError("disk full")
            return await super().carry_out_async(*args, **options)

    store = Full()
    accounts, told = List(ANN).accounts(store), slack("u1", "ann@oak.example")
    with pytest.raises(OSError, match="disk full"):
        await accounts.learn(told)
    store.full = False
    await accounts.learn(told)
    assert store.look(lambda reads: reads.accounts()) == (told,)


# The house ------------------------------------------------------------------------------------------------


async def test_the_house_has_the_people_of_the_directory_and_is_told_when_they_change() -> None:
    base = house_of(policy("No phones."), schools=list(school(ANN).values()))
    told: list[int] = []
    accounts = Accounts(MemoryStore(), lambda: base.listed, lambda: TODAY)
    accounts.changed = lambda: told.append(len(app.house_with(base, accounts).people))
    assert app.house_with(base, accounts) is base
    await accounts.listed("slack", STAFF)
    house = app.house_with(base, accounts)
    assert house.index is base.index
    assert len(house.people) == 9
    assert house.people[accounts.who("slack:s1")].name == "Name of s1"
    assert app.house_with(house, accounts) is house
    await accounts.learn(slack("u1", "ann@oak.example"))  # of the list: adds nobody
    await accounts.reached("slack:s1", "slack:@s1")
    assert app.house_with(house, accounts) is house
    await accounts.learn(slack("s1", standing="gone"))
    assert told == [9, 8]
    assert len(app.house_with(house, accounts).people) == 8
