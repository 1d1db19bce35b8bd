"""A message as the gate sees it: its words, folded and mended, and the families they make.

Words are matched as tokens through dictionaries, not with regular expressions: the time grows with
the length of the message and nothing else. A long message is read in overlapping stretches, so that
"knife" on page one and "now" on page nine make no sentence together.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from bot.core.gate_data import Gate
from bot.core.gate_rules import ENDINGS, GAP, NUMBER, START, Family, Phrase

_GAP_WORDS = 4
_STOP = "."  # the token for the end of a sentence
_STRETCH = 45  # words; two neighbouring stretches are read together

# --- a message, as words -------------------------------------------------------------------------

_APOSTROPHES = re.compile("['’‘`´ʼ]")
_TOKEN = re.compile(r"[a-z]+|[0-9]+|\?|[.!;\n]+")
_RUN = re.compile(r"(.)\1{2,}")
_DISGUISED = re.compile(r"(?<![\w@$])(?!(?:yr?|ks?|p|s)\d)[a-z]+[@013$][a-z@013$]*[a-z](?![\w@])")
_PLAIN = str.maketrans("@013$", "aoies")


def words_of(gate: Gate, text: str) -> list[str]:
    """The message as tokens: folded, apostrophes gone, digits apart, typing slips mended."""
    tokens = _TOKEN.findall(_folded(gate, text))
    meant = {token: _meant(gate, token) for token in set(tokens)}
    return list(_unified(gate, [meant[token] for token in tokens]))


def _folded(gate: Gate, text: str) -> str:
    for symbol, word in gate.symbols.items():
        text = text.replace(symbol, f" {word} ")
    text = _APOSTROPHES.sub("", text)
    return _DISGUISED.sub(lambda found: _undisguised(gate, found[0]), _plain(gate, text))


def _undisguised(gate: Gate, word: str) -> str:
    """d@d, h1ts: the word meant, where it is one of ours; y3s and a11y stay as they are."""
    meant = word.translate(_PLAIN)
    return meant if meant in gate.vocabulary else word


def _plain(gate: Gate, text: str) -> str:
    if text.isascii():
        return text.lower()
    wide = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).casefold()
    plain = "".join(char for char in wide if unicodedata.category(char) not in ("Cf", "Mn"))
    return _APOSTROPHES.sub("", plain.translate(dict(gate.lookalikes)))


def _meant(gate: Gate, token: str) -> str:
    if not token.isalnum():
        return "?" if token == "?" else _STOP
    if token in gate.vocabulary or token[0].isdigit():
        return token
    for shorter in (r"\1\1", r"\1"):
        squeezed = _RUN.sub(shorter, token)
        if squeezed in gate.vocabulary:
            return squeezed
    return _mended(gate, _RUN.sub(r"\1", token))


def _mended(gate: Gate, token: str) -> str:
    """The known word one letter short, one letter long, or with two neighbours swapped; else itself."""
    if len(token) < 5 or len(token) > 15 or token in gate.no_typos:
        return token
    if token in gate.nearly:
        return gate.nearly[token]
    longer = (token[:at] + token[at + 1 :] for at in range(len(token) - 1, 0, -1))
    return next((word for word in longer if len(word) > 5 and word in gate.vocabulary), token)


def _unified(gate: Gate, tokens: list[str]) -> Iterator[str]:
    at = 0
    while at < len(tokens):
        for spoken, meant in gate.same.get(tokens[at], ()):
            if tuple(tokens[at : at + len(spoken)]) == spoken:
                yield from meant
                at += len(spoken)
                break
        else:
            yield tokens[at]
            at += 1


# --- families in a message -----------------------------------------------------------------------


def families_in(gate: Gate, text: str) -> list[frozenset[str]]:
    """The families met in each stretch of the message: for tests, and for whoever edits the data."""
    return [
        frozenset(family.name for family in gate.families if mask & family.bit)
        for mask in sorted(stretches(gate, text))
    ]


def stretches(gate: Gate, text: str) -> set[int]:
    """One mask of families for every two neighbouring stretches; alike ones once."""
    tokens = words_of(gate, text)
    masks = [0] * (len(tokens) // _STRETCH + 1)
    for family, spans in _spans(gate, tokens):
        for start in spans:
            masks[start // _STRETCH] |= family.bit
    if len(masks) == 1:
        return {masks[0]}
    return {first | second for first, second in pairwise(masks)}


def _spans(gate: Gate, tokens: list[str]) -> Iterator[tuple[Family, Mapping[int, int]]]:
    """Where each family occurs: start -> end of the longest match. In the order of the file."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, token in enumerate(tokens):
        places[token].append(at)
    said = frozenset(places)
    found: dict[str, dict[int, int]] = {}
    for family, phrases in _possible(gate, said):
        spans = {at: at + 1 for word in family.words & said for at in places[word]}
        for phrase in phrases:
            for start in _starts(phrase.parts[0], places, found):
                end = _match(phrase.parts, 0, tokens, start, found)
                if end > spans.get(start, 0):
                    spans[start] = end
        if family.not_in:
            others = found.get(family.not_in, {})
            taken = {at for start, end in others.items() for at in range(start, end)}
            spans = {start: end for start, end in spans.items() if start not in taken}
        found[family.name] = spans
        if spans:
            yield family, spans


def _possible(gate: Gate, said: frozenset[str]) -> Iterator[tuple[Family, list[Phrase]]]:
    """The families that can occur, in the order of the file, with the phrases whose words all do."""
    looked_at: dict[int, list[Phrase]] = {}
    for word in ("", *(said & gate.index.keys())):
        for place, phrases in gate.index.get(word, {}).items():
            fit = [one for one in phrases if not any(map(said.isdisjoint, one.words))]
            looked_at.setdefault(place, []).extend(fit)
    return ((gate.families[place], looked_at[place]) for place in sorted(looked_at))


def _starts(
    part: frozenset[str] | str, places: Mapping[str, list[int]], found: Mapping[str, dict[int, int]]
) -> Iterable[int]:
    if isinstance(part, frozenset):
        return [at for word in part & places.keys() for at in places[word]]
    if part == NUMBER or part in ENDINGS:
        return [at for token, spots in places.items() if _is(part, token) for at in spots]
    if part == START:
        return [0, *(at + 1 for stop in (_STOP, "?") for at in places.get(stop, ()))]
    return found.get(part, {})


def _match(
    parts: tuple[frozenset[str] | str, ...],
    done: int,
    tokens: list[str],
    at: int,
    found: Mapping[str, dict[int, int]],
) -> int:
    """Where the phrase ends when it goes on here, or 0. Gaps are short and no sentence is crossed."""
    if done == len(parts):
        return at
    part = parts[done]
    if part == GAP:
        for skip in range(_GAP_WORDS + 1):
            if end := _match(parts, done + 1, tokens, at + skip, found):
                return end
            if at + skip >= len(tokens) or tokens[at + skip] == _STOP:
                return 0
        return 0
    if at >= len(tokens):
        return 0
    after = _after(part, tokens, at, found)
    return _match(parts, done + 1, tokens, after, found) if after or part == START else 0


def _after(
    part: frozenset[str] | str, tokens: list[str], at: int, found: Mapping[str, dict[int, int]]
) -> int:
    if isinstance(part, frozenset):
        return at + 1 if tokens[at] in part else 0
    if part == NUMBER or part in ENDINGS:
        return at + 1 if _is(part, tokens[at]) else 0
    if part == START:
        return at
    return found.get(part, {}).get(at, 0)


def _is(part: str, token: str) -> bool:
    if part == NUMBER:
        return len(token) < 3 and token.isdigit()
    return len(token) > 4 and token.endswith(ENDINGS[part])
