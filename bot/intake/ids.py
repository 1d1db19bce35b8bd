"""Ids that last: minted from a hash, matched from one version to the next, never given twice."""

import hashlib
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

ALPHABET = "23456789bcdfghjkmnpqrtvwx"  # no vowels, so no words; nothing that looks like another
ID = re.compile(rf"[{ALPHABET[8:]}][{ALPHABET}]{{5}}")
ALIKE = 0.6
_NEAR = 6
_LONGEST = 4000
_MOST_NEAR = 40
_MOST_PAIRS = 4_000


@dataclass(frozen=True)
class Told:
    """What ids are matched by: a clause's words and what stands above it."""

    text: str
    above: str = ""
    label: str = ""


def minted(policy: str, text: str, occurrence: int, taken: Collection[str]) -> str:
    """A new id, the same for the same words every time, none of ``taken``."""
    salt = 0
    while True:
        seed = f"{policy}\x1f{text}\x1f{occurrence}\x1f{salt}".encode()
        number = int.from_bytes(hashlib.sha256(seed).digest()[:8], "big")
        found = _spelt(number)
        if found not in taken:
            return found
        salt += 1


def _spelt(number: int) -> str:
    number, first = divmod(number, len(ALPHABET) - 8)
    rest = ""
    for _ in range(5):
        number, place = divmod(number, len(ALPHABET))
        rest += ALPHABET[place]
    return ALPHABET[8 + first] + rest


def all_minted(
    policy: str, texts: Iterable[str], known: Sequence[str], retired: Iterable[str]
) -> list[str]:
    """An id for every text: the ``known`` one where there is one, else a new one."""
    taken = {one for one in known if one} | set(retired)
    times: Counter[str] = Counter()
    ids = []
    for text, one in zip(texts, known, strict=True):
        found = one or minted(policy, text, times[text], taken)
        times[text] += 1
        taken.add(found)
        ids.append(found)
    return ids


def matched(old: Sequence[Told], new: Sequence[Told]) -> dict[int, int]:
    """new place -> old place: first the same words, then words alike near the same place."""
    pairs: dict[int, int] = {}
    for key in (_whole, _placed, _worded):
        _match_by(key, old, new, pairs)
    _match_alike(old, new, pairs)
    return pairs


def _whole(told: Told) -> Hashable:
    return told.text, told.above, told.label


def _placed(told: Told) -> Hashable:
    return told.text, told.above


def _worded(told: Told) -> Hashable:
    return told.text


def _match_by(
    key: Callable[[Told], Hashable], old: Sequence[Told], new: Sequence[Told], pairs: dict[int, int]
) -> None:
    """Pair places with equal keys in order."""
    used = set(pairs.values())
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for place in range(len(old) - 1, -1, -1):
        if place not in used:
            waiting[key(old[place])].append(place)
    for place, told in enumerate(new):
        if place not in pairs and waiting[key(told)]:
            pairs[place] = waiting[key(told)].pop()


def _match_alike(old: Sequence[Told], new: Sequence[Told], pairs: dict[int, int]) -> None:
    """Pair what is left with the most alike old clause that stood near the same place."""
    used = set(pairs.values())
    expected = _expected(len(old), {was: now for now, was in pairs.items()})
    left = sorted((expected[was], was) for was in range(len(old)) if was not in used)
    labelled = {old[was].label: was for _, was in left}
    found = []
    budget = _MOST_PAIRS
    for place in (p for p in range(len(new)) if p not in pairs):
        for was in _candidates(left, labelled, new[place].label, place):
            if budget > 0 and _could_be_alike(old[was].text, new[place].text):
                budget -= 1
                ratio = alike(old[was].text, new[place].text)
                bonus = 0.1 * (old[was].label == new[place].label)
                if ratio >= ALIKE:
                    found.append((-ratio - bonus, abs(expected[was] - place), place, was))
    for _, _, place, was in sorted(found):
        if place not in pairs and was not in used:
            pairs[place] = was
            used.add(was)


def _candidates(
    left: Sequence[tuple[int, int]], labelled: Mapping[str, int], label: str, place: int
) -> list[int]:
    """Unmatched old places near this one, and the one with the same label."""
    first = bisect_left(left, (place - _NEAR, -1))
    last = bisect_left(left, (place + _NEAR + 1, -1))
    near = [was for _, was in left[first:last][:_MOST_NEAR]]
    same = labelled.get(label)
    return near if same is None or same in near else [*near, same]


def _expected(size: int, now: dict[int, int]) -> list[int]:
    """Where each old clause should be now: after the matched one before it."""
    places, last = [], -1
    for was in range(size):
        last = now.get(was, last + 1)
        places.append(last)
    return places


def _could_be_alike(one: str, other: str) -> bool:
    """Lengths and shared words allow it: a quick look before the slow one."""
    short, long = sorted((min(len(one), _LONGEST), min(len(other), _LONGEST)))
    if 2 * short < ALIKE * (short + long):
        return False
    if short < 40:
        return True
    a, b = Counter(one[:_LONGEST].split()), Counter(other[:_LONGEST].split())
    return 2 * sum((a & b).values()) >= 0.3 * (sum(a.values()) + sum(b.values()))


def alike(one: str, other: str) -> float:
    """How much of two texts is the same, 0 to 1: letters of short ones, words of long ones."""
    one, other = one[:_LONGEST], other[:_LONGEST]
    if len(one) + len(other) > 400:
        return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
