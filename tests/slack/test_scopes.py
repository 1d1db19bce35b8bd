"""The one list of what the bot may do in a workspace."""

from bot.platforms.slack.scopes import ALL, NEEDED, WISHED, beyond, missing


def test_every_scope_is_needed_or_wished_and_says_what_for() -> None:
    assert set(ALL) == {*NEEDED, *WISHED}
    assert not {*NEEDED} & {*WISHED}
    assert all([*NEEDED.values(), *WISHED.values()])


def test_nothing_in_it_reads_a_channel() -> None:
    assert not {"channels:history", "groups:history", "mpim:history", "files:read"} & {*ALL}


def test_what_a_token_lacks_and_what_it_has_too_much_is_told() -> None:
    assert missing(ALL) == ()
    assert missing([scope for scope in ALL if scope != "im:write"]) == ("im:write",)
    assert beyond([*ALL, "files:write", "channels:history"]) == ("channels:history", "files:write")
