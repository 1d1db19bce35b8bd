"""Words as they are: nothing in them is read as a mark, and nothing steers a screen.

Markdown is read in a heading and in facts. All other text goes into text runs, in which nothing is ever
interpreted. A backslash is the last resort, put only before what would be read as a mark: older Teams
apps on phones show the backslash itself (MicrosoftDocs/msteams-docs#5793, 2022;
microsoft/Teams-AdaptiveCards-Mobile#58, 2023).
"""

import re

# What steers a screen, and halves of characters: none of them is a word, and Teams may refuse them.
_UNSAYABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_PUNCTUATION = re.escape("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
# Inside a line: emphasis, links, code, tags, entities, and a backslash that would swallow what follows.
_INSIDE = re.compile(
    rf"[*\[`]|(?<![^\W_])_|_(?![^\W_])|~(?=~)|(?<=~)~|<(?=[\w/!?])|&(?=#?\w+;)"
    rf"|\\(?=[{_PUNCTUATION}]|$)"
)
# At its beginning: headings, quotations, bullets, rules, numbers of a list.
_AT_FIRST = re.compile(r"(?:#{1,6}|[-+])(?=\s|$)|>|-(?=[\s-]*$)")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")


def sayable(words: str) -> str:
    """With a space for each character that is none: one for one, so that nothing moves or grows."""
    return _UNSAYABLE.sub(" ", words)


def literal(words: str) -> str:
    """Markdown for one line that reads exactly like ``words``, white space drawn together."""
    line = _INSIDE.sub(r"\\\g<0>", " ".join(sayable(words).split()))
    if _AT_FIRST.match(line):
        return f"\\{line}"
    return _NUMBERED.sub(r"\1\\\2", line, count=1) if _NUMBERED.match(line) else line
