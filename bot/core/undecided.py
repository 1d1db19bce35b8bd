"""A clause that itself holds a choice nobody made: "may/may not", "... OR staff must not ..."."""

import re

_WEAK, _STRONG = "may|can|could", "must|should|shall|will|do|does|are|is"
_VERB = rf"(?:{_WEAK}|{_STRONG})"
_BAN = r"(?:cannot|can['’]t|mustn['’]t|don['’]t|never|not)"
_BANNED = rf"(?:{_VERB}\s)?{_BAN}"
_RULES = r"\b(?:may|can|cannot|must|should|shall|will|never|not)\b"
# "may/may not", "must not / must", "can/cannot", "may/must", "may [not]".
_EITHER = re.compile(
    "|".join(
        (
            rf"\b{_VERB}\s?/\s?{_BANNED}\b",
            rf"\b{_VERB}\s+not\s?/\s?{_VERB}\b(?!\s+not\b)",
            r"\bcannot\s?/\s?can\b",
            r"\b(?:may|can)\s?/\s?(?:must|should|shall)\b",
            r"\b(?:must|should|shall)\s?/\s?(?:may|can)\b",
            rf"\b{_VERB}\s*[(\[]\s*not\s*[)\]]",
        )
    ),
    re.I,
)
# "What staff can/cannot do" names both; it is no choice.
_NAMES_BOTH = re.compile(
    r"\b(?:what|which|how|whether|when|where|who)\b(?:\s+[\w’']+){0,4}\s*$", re.I
)
_DELETE = re.compile(
    r"\b(?:delete|cross out|strike out)\s+(?:as|where|if|which\w*|one|whichever)\b", re.I
)
_BRACKETS = re.compile(
    r"[\[{<]([^\[\]{}<>]{2,400})[\]}>][\s,;/.]*(?:\bor\b[\s:]*)?[\[{<]([^\[\]{}<>]{2,400})[\]}>]",
    re.I,
)
# Capital OR, or a slash between spaces, with a rule behind it at once: "OR staff must not park".
_OR_RULE = re.compile(
    rf"(?:(?<![A-Z] )\bOR\b|(?<=\s)/(?=\s))[\s:,–-]*(?:[^\W\d_][\w’'-]*\s+){{0,6}}?{_RULES}(?<![A-Z])"
)
_RULE = re.compile(_RULES, re.I)
_OPTIONS = re.compile(
    r"\boption\s+(?:a|1|one)\s?[:)–-].*\boption\s+(?:b|2|two)\s?[:)–-]", re.I | re.S
)


def undecided(text: str) -> bool:
    """Whether a clause gives two rules to choose from, so that it says neither.

    An ordinary "or" and "and/or" choose nothing: staff may do either.
    """
    return bool(_DELETE.search(text)) or _either(text) or _two_rules(text)


def _either(text: str) -> bool:
    return any(not _NAMES_BOTH.search(text[: one.start()]) for one in _EITHER.finditer(text))


def _two_rules(text: str) -> bool:
    bracketed = any(all(map(_RULE.search, one.groups())) for one in _BRACKETS.finditer(text))
    parted = any(_RULE.search(text[: one.start()]) for one in _OR_RULE.finditer(text))
    return bracketed or parted or bool(_OPTIONS.search(text) and len(_RULE.findall(text)) > 1)
