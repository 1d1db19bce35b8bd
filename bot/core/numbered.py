"""A clause or a section asked for by its own number: "what does 2.4 say", "6.3 b", "section 2"."""

import re
from dataclasses import replace

from bot.core.book import Answer, Ask, Book, Cite, pairs_of
from bot.core.phrases import plain
from bot.core.policies import Clause, Policy
from bot.core.titled import named

# So many policies, bullets of one clause and clauses of one section are shown; the link has the rest.
MOST, BULLETS, BEGINNING = 3, 9, 3
# Narrow on purpose: the number is kept with the answer, unsealed, so nothing else may pass for one.
_PARTS = r"(?:\s?\((?:(?:bullet|para|row|item) )?(?:[a-z]|[ivx]{1,5}|\d{1,3})\))*"
_LETTER = r"(?:\s?[a-z](?=\W*(?:says?|means?)?\W*$))?"
_DIGITS = r"(?<![\d.£])\d{1,3}(?:\.\d{1,3}){1,4}(?!\.?\d)"
_CLAUSE = re.compile(rf"{_DIGITS}{_PARTS}{_LETTER}(?![\d%])", re.IGNORECASE)
_NAMED = r"\b(?:section|part|clause|paragraph|para|point|rule)\s+"
_SECTION = re.compile(rf"{_NAMED}(\d{{1,3}}{_PARTS})(?![\d.%])", re.IGNORECASE)

Number = tuple[str, ...]


def number_in(text: str) -> str:
    """The one clause number of a question as it was typed, or "": none, or several."""
    found = _CLAUSE.findall(text) or _SECTION.findall(text)
    return found[0] if len(found) == 1 else ""


def by_number(ask: Ask, book: Book) -> Answer | None:
    """The clause of this number, of every policy in force that has one, or that none has it. None when
    the question says more beside the number than [numbered] in records.toml and a policy's title."""
    typed = number_in(ask.text)
    among = _meant(ask.text.replace(typed, " ", 1), ask, book) if typed else ()
    if not among:
        return None
    number = _number(typed)
    exact = {p: ids for p in among if (ids := _exact(book.policies[p], number))}
    within = {p: ids for p in among if (ids := _within(book.policies[p], number))}
    if exact:
        return _clause(exact)
    if not within:
        return _none(number, among, book)
    return _section(number, within) if len(number) == 1 else _clause(within)


def _meant(beside: str, ask: Ask, book: Book) -> tuple[str, ...]:
    """The policies asked about: all, or those whose title holds the other words. None: it asks more."""
    titles = {p: book.policies[p].title for p in ask.policies}
    meant = named(beside, titles)
    over = {word for word in meant.rest.split() if word not in book.records.beside_number}
    return tuple(p for p in meant.policies if over <= set(plain(titles[p]).split()))


def _number(label: str) -> Number:
    """A label's parts, however it is spaced and bracketed: "6.3 (b)" is 6, 3, b."""
    return tuple(re.findall(r"\d+|[a-z]+", label.lower()))


def _exact(policy: Policy, number: Number) -> list[str]:
    """The clause of this very label; the bullets it leads to, where it has some."""
    for clause in policy.clauses:
        if _number(clause.label) == number:
            return [one.id for one in policy.clauses if one.lead == clause.id] or [clause.id]
    return []


def _within(policy: Policy, number: Number) -> list[str]:
    """The clauses whose label begins with it ("5.2" has 5.2 (bullet 1)), or under its heading."""
    within = [c.id for c in policy.clauses if _number(c.label)[: len(number)] == number]
    return within or [c.id for c in policy.clauses if _under(c, number)]


def _under(clause: Clause, number: Number) -> bool:
    heads = (re.match(r"(?:section |part )?(\d+(?:\.\d+)*)\b", h.lower()) for h in clause.headings)
    return any(head and _number(head[1]) == number for head in heads)


def _clause(found: dict[str, list[str]]) -> Answer:
    cites = _of_each(found, BULLETS, "answer")
    return Answer("settled", "info", cites, pairs_of(cites))


def _section(number: Number, found: dict[str, list[str]]) -> Answer:
    """How a section begins, in each policy that has one of this number."""
    cites, told = _of_each(found, BEGINNING, "close"), tuple(found)
    return Answer("section", "info", cites, pairs_of(cites), number=_shown(number), told=told)


def _of_each(found: dict[str, list[str]], most: int, mark: str) -> tuple[Cite, ...]:
    """So many clauses of the first policy, and the first of the next ones."""
    first, *rest = found
    cites = tuple(Cite(first, one, mark=mark) for one in found[first][:most])
    return cites + tuple(Cite(p, found[p][0], mark="other") for p in rest[: MOST - 1])


def _none(number: Number, among: tuple[str, ...], book: Book) -> Answer:
    """No such clause: the one it would be a part of, where there is one ("6.3" for "6.3 (z)")."""
    above = number[:-1] if len(number) > 2 else ()
    known = ((p, book.policies[p]) for p in among if above)
    near = {
        p: ids for p, policy in known if (ids := _exact(policy, above) or _within(policy, above))
    }
    cites = _of_each(near, BULLETS, "close") if len(near) == 1 else ()
    cites = (replace(cites[0], mark="nearest"), *cites[1:]) if cites else ()
    said = _shown(number)
    return Answer("no_clause", "unanswerable", cites, pairs_of(cites), number=said, told=among)


def _shown(number: Number) -> str:
    """A number as documents print it: 6, 3, b is 6.3(b); 5, 2, bullet, 1 is 5.2 (bullet 1)."""
    digits = [part for part in number if part.isdigit()]
    letters = [part for part in number if not part.isdigit()]
    if "bullet" in letters:
        return f"{'.'.join(digits[:-1])} (bullet {digits[-1]})"
    return ".".join(digits) + "".join(f"({letter})" for letter in letters)
