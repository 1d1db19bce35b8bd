"""Cuts a text into the word pieces the encoder was trained on (BERT, uncased)."""

import unicodedata
from functools import lru_cache

START, END, UNKNOWN = 101, 102, 100
LONGEST_WORD = 100  # longer ones are unknown, as in the original


class WordPiece:
    """Pieces of a word are remembered, at most 20,000 words: single words, never a question."""

    def __init__(self, vocabulary: str) -> None:
        self._ids = {piece: number for number, piece in enumerate(vocabulary.split("\n"))}
        self._pieces = lru_cache(maxsize=20_000)(self._cut)

    def ids(self, text: str, most: int = 256) -> list[int]:
        """The piece numbers of ``text`` between start and end marks, at most ``most``."""
        found = [START]
        for word in basic_words(text):
            found.extend(self._pieces(word))
            if len(found) >= most:
                break
        return [*found[: most - 1], END]

    def _cut(self, word: str) -> tuple[int, ...]:
        """Longest piece first; one unknown piece when the word cannot be cut."""
        pieces: list[int] = []
        start = 0 if len(word) <= LONGEST_WORD else len(word) + 1
        while start < len(word):
            mark = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if mark + word[start:end] in self._ids), 0)
            if not end:
                return (UNKNOWN,)
            pieces.append(self._ids[mark + word[start:end]])
            start = end
        return tuple(pieces) or (UNKNOWN,)


def basic_words(text: str) -> list[str]:
    """Lower case, no accents, every punctuation mark a word of its own."""
    plain = unicodedata.normalize("NFD", text.lower())
    return "".join(_spaced(character) for character in plain).split()


@lru_cache(maxsize=4096)
def _spaced(character: str) -> str:
    kind = unicodedata.category(character)
    if character.isspace() or kind == "Zs":
        return " "
    if kind == "Mn" or kind.startswith("C"):
        return ""
    if kind.startswith("P") or (character.isascii() and not character.isalnum()):
        return f" {character} "
    return character
