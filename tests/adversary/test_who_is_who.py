"""Nobody is taken for somebody of the staff list by an address that only looks like theirs."""

import pytest

from bot.core.accounts import Account
from bot.platforms.slack.directory import account_of as slack
from bot.platforms.teams.graph import account_of as graph
from bot.platforms.teams.roster import account

TENANT = "5e6f7a8b-0000-4000-8000-00000000000b"


def told(address: str) -> list[Account | None]:
    """Somebody with this address, as each platform tells of them."""
    profile = {"email": address, "real_name": "Kate"}
    user = {"id": "U1", "team_id": "T1", "profile": profile}
    return [
        slack(user, "T1"),
        graph({"id": "1", "accountEnabled": True, "userPrincipalName": address, "mail": address}),
        account({"aadObjectId": "1", "tenantId": TENANT, "userPrincipalName": address}, TENANT),
        account({"aadObjectId": "1", "tenantId": TENANT, "email": address}, TENANT),
    ]


@pytest.mark.parametrize("letter", ["\u212a", "\uff2b", "\u041a", "\u039a", "\U0001d40a"])
def test_a_sign_that_looks_like_a_letter_is_not_that_letter(letter: str) -> None:
    for one in told(f"{letter}ate@oak.example"):
        assert one
        assert "kate@oak.example" not in one.emails


def test_a_capital_letter_is_the_same_letter() -> None:
    for one in told("Kate.O'D\u00c9+x@OAK.example"):
        assert one
        assert one.emails == ("kate.o'd\u00e9+x@oak.example",)
