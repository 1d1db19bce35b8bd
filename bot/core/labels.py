"""Labels as the eye sees them: two that look the same are the same."""

import unicodedata

# Signs that print as nothing though Unicode does not class them as formats.
_EMPTY = {*"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0", *map(chr, range(0xFE00, 0xFE10))}


def visible(label: str) -> str:
    """The label in one line, in composed letters (NFC), without signs nobody sees."""
    seen = "".join(s for s in label if unicodedata.category(s) != "Cf" and s not in _EMPTY)
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def looks(label: str) -> str:
    """What to compare labels by; capitals make no difference."""
    return unicodedata.normalize("NFC", visible(label).casefold())
