"""What the bot may do in a Slack workspace, each with what it is for: the manifest asks for these."""

from collections.abc import Iterable, Mapping

# Without one of these staff are not answered, or not known.
NEEDED: Mapping[str, str] = {
    "app_mentions:read": "hear a question in a channel",
    "chat:write": "answer",
    "commands": "hear /policy and the two shortcuts",
    "im:history": "hear what is written to it, and see whether a message arrived",
    "im:write": "write to somebody first",
    "users:read": "see who is a guest, a bot or gone",
    "users:read.email": "know staff by their e-mail address",
}
# Without one of these something is left out. Nobody reads channels here: whoever is in one is counted,
# so that an answer is not shown to a guest.
WISHED: Mapping[str, str] = {
    "assistant:write": "offer questions when the conversation is opened",
    "channels:read": "see who reads along in a channel",
    "groups:read": "see who reads along in a private channel",
    "im:read": "find its conversation with somebody again",
    "mpim:read": "see who reads along in a group chat",
    "usergroups:read": "take the members of a user group for staff",
}
ALL = tuple(sorted({**NEEDED, **WISHED}))


def missing(given: Iterable[str]) -> tuple[str, ...]:
    """Those of ``ALL`` that a token lacks."""
    return tuple(scope for scope in ALL if scope not in set(given))


def beyond(given: Iterable[str]) -> tuple[str, ...]:
    """What a token may do that nothing here needs: the less it may, the less it can leak."""
    return tuple(sorted(set(given) - set(ALL)))
