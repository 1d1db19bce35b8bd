"""Words as search compares them: lower case, no apostrophes, stemmed."""

import re
from functools import lru_cache

import snowballstemmer

# Stop words count little rather than nothing: "who" and "must" still tell clauses apart.
_STOP = """
    a about all also am an and any are as at be because been being but by can cant could cos did
    do does doesnt doing dont during for from get gets getting go goes going gonna got had has have
    having he her here hers him his how i id if im in into is isnt it its ive just know let lets
    like me might mine must my need needs no not of off on once one or our out own please really
    s she should shouldnt so some someone something such t than thanks that thats the their them
    then there theres these they theyre thing things this those to too up us use very want wanted
    wants was wasnt way we well were weve what whats when where wheres which while who whom whos
    whose why will with wont would yes you your youre
"""
STOP = frozenset(_STOP.split())

_WORD = re.compile(r"[a-z0-9#]+(?:'[a-z]+)?")
_NUMBER = re.compile(r"\d+")
_stemmer = snowballstemmer.stemmer("english")


def words(text: str) -> list[str]:
    """The words of ``text``; "don't" is one word, "dont"."""
    folded = text.lower().replace("’", "'")
    return [word.replace("'", "") for word in _WORD.findall(folded)]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    return str(_stemmer.stemWord(word))


def stems(text: str) -> list[str]:
    return [stem(word) for word in words(text)]


STOP_STEMS = frozenset(stem(word) for word in STOP)


def shape(word: str) -> str:
    """The word with its numbers hidden: "y8" is "y#", so one thesaurus line serves every year group."""
    return _NUMBER.sub("#", word)


def one_slip_apart(a: str, b: str) -> bool:
    """One letter added, dropped, changed, or two neighbours swapped."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return a == b
    same = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), -1)
    if same < 0:
        return True
    if len(a) != len(b):
        short, long = sorted((a, b), key=len)
        return short[same:] == long[same + 1 :]
    swapped = a[same : same + 2] == b[same : same + 2][::-1]
    return a[same + 1 :] == b[same + 1 :] or (swapped and a[same + 2 :] == b[same + 2 :])
