"""Who are you: a short list in one piece, a long one in groups with a way to each."""

import re
from datetime import date

import pytest
from playwright.async_api import expect

from bot.core.people import Membership, Person
from bot.platforms.web.who import FEW, grouped
from tests.web.conftest import Open, Start
from tests.web.school import Script, school

TODAY = date(2026, 11, 20)


def person(id: str, *roles: str, until: date | None = None) -> Person:
    place = Membership("oak", roles or ("staff",), until=until)
    return Person(id, f"Person {id.title()}", (place,))


MANY = [
    *(person(f"s{n}") for n in range(FEW)),
    person("gov", "governor"),
    person("head", "staff", "headteacher"),
    person("vol", "volunteer"),
    person("cook", "contractor"),
]


def test_a_short_list_is_one_group_without_a_name() -> None:
    ((name, listed),) = grouped(MANY[:FEW], TODAY)
    assert name == ""
    assert [one.id for one, _ in listed] == [one.id for one in MANY[:FEW]]


def test_a_long_list_is_grouped_and_loses_nobody() -> None:
    groups = grouped(MANY, TODAY)
    assert [name for name, _ in groups] == [
        "leading", "staff", "governors", "volunteers", "visiting",
    ]  # fmt: skip
    assert sorted(one.id for _, listed in groups for one, _ in listed) == sorted(
        one.id for one in MANY
    )


def test_a_role_that_is_over_puts_nobody_in_its_group() -> None:
    was = person("was", "governor", until=date(2026, 8, 31))
    groups = dict(grouped([*MANY, was], TODAY))
    assert was.id in [one.id for one, _ in groups["staff"]]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_long_list_is_walked_by_its_headings_on_a_phone(
    start: Start, page_at: Open
) -> None:
    page = await page_at(
        await start(school(Script(), people=MANY)), viewport={"width": 320, "height": 640}
    )
    groups = page.get_by_role("navigation", name="Groups of people")
    await groups.get_by_role("link", name="Governors").press("Enter")
    await expect(page.get_by_role("heading", name="Governors")).to_be_in_viewport()
    assert await page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    await page.get_by_role("button", name=re.compile("Person Gov")).press("Enter")
    await page.get_by_role("heading", name="Ask about a policy").wait_for()
