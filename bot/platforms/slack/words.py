"""What people typed, as plain words: Slack sends names, channels and links as marks in angle brackets."""

import re

_MARK = re.compile(r"<([@#!][^<>]*|[a-z][a-z+.-]*:[^<>]*)>")
_SPACES = re.compile(r"[ \t]{2,}")
# By the first sign of a mark: what stands for it when it brings no words of its own. No name is looked
# up: who is meant is no business of a policy question.
_INSTEAD = {"@": "somebody", "#": "a channel"}


def plain(text: str) -> str:
    """A message's words as they were typed."""
    return unescaped(_MARK.sub(_words, text))


def unescaped(text: str) -> str:
    """What was typed in a box, which knows no marks. ``&amp;`` last, so that "&amp;lt;" is "&lt;"."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def without(text: str, user: str) -> str:
    """The text without the mark that names a user: what is left is what they were asked."""
    rest = re.sub(rf"<@{re.escape(user)}(\|[^<>]*)?>", " ", text) if user else text
    return _SPACES.sub(" ", rest).strip()


def _words(mark: re.Match[str]) -> str:
    what, _, label = mark[1].partition("|")
    sign = what[:1]
    if sign in ("@", "!") and label:
        return label
    if sign == "!":
        return f"@{what[1:].partition('^')[0]}"
    if sign in _INSTEAD:
        return f"#{label}" if label else _INSTEAD[sign]
    return label or what.removeprefix("mailto:")
