"""Which policy a question names: by its title, or by enough of it: "the phone policy"."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.phrases import plain

# What a document calls itself, and words of a title that tell it from no other.
KINDS = frozenset(("policy", "policies", "procedure", "procedures", "code", "guidance"))
COMMON = frozenset(
    ("the", "our", "and", "of", "for", "on", "in", "a", "school", "staff", "s", *KINDS)
)
STEM = 5  # letters: "phone" is "phones"


@dataclass(frozen=True)
class Named:
    """The policies a text means, and the text as ``plain`` gives it, without their titles. All of them
    when it names none."""

    policies: tuple[str, ...]
    rest: str


def named(text: str, titles: Mapping[str, str]) -> Named:
    """``titles`` by policy id, in their order."""
    said = plain(text).split()
    found = {policy: _run(said, plain(title).split()) for policy, title in titles.items()}
    best = max((_weight(said[a:b]) for a, b in found.values()), default=0)
    meant = tuple(policy for policy, (a, b) in found.items() if _weight(said[a:b]) == best)
    if not best or (len(meant) == len(titles) > 1):
        return Named(tuple(titles), plain(text))
    start, end = found[meant[0]]
    return Named(meant, f" {' '.join(said[:start] + said[end:])} ")


def _weight(words: list[str]) -> int:
    return len({word[:STEM] for word in words if word not in COMMON})


def _run(said: list[str], title: list[str]) -> tuple[int, int]:
    """Where words of the title stand right before "policy", or the whole title; (0, 0) for nowhere."""
    bare = title[:-1] if title and title[-1] in KINDS else title
    for at in range(len(said) - len(bare) + 1):
        if bare and said[at : at + len(bare)] == bare:
            return at, at + len(bare)
    known = {word[:STEM] for word in title}
    for end, word in enumerate(said):
        start = end
        while word in KINDS and start and said[start - 1][:STEM] in known:
            start -= 1
        if _weight(said[start:end]):
            return start, end
    return 0, 0
