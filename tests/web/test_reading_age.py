"""The pages' own sentences can be read at twelve: Flesch-Kincaid grade 8 or lower.

Only our words are measured, never a policy's. The grade is 0.39 words per sentence + 11.8 syllables
per word - 15.59 (Kincaid and others, 1975); syllables are counted as groups of vowels.
"""

import re
from pathlib import Path

import pytest

BOT = Path(__file__).parents[2] / "bot"
TEMPLATES = sorted((BOT / "pages").rglob("*.html")) + sorted((BOT / "platforms").rglob("*.html"))
HIGHEST = 8.0
FEWEST = 5  # fewer words are a label, and would make a page seem easier than it reads
TOO_FEW = 12  # a page with fewer words of its own says nothing about its grade

_APART = re.compile(
    r"</?(?:p|h\d|li|ul|ol|div|dt|dd|dl|label|button|summary|option|title|section|main|nav|form"
    r"|figure|blockquote|q|span)\b[^>]*>|\{%-?\s*(?:el|endif|endmacro|macro|set|block|endblock)[^%]*%\}"
)


def sentences(template: str) -> list[str]:
    """The template's own sentences; what is put in counts as one short word."""
    text = re.sub(r"\{#.*?#\}", " ", template, flags=re.S)
    quoted = [said for tag in re.findall(r"\{\{.*?\}\}", text) for said in _said(tag)]
    text = re.sub(r"\{\{.*?\}\}", "it", _APART.sub("\n", text), flags=re.S)
    text = re.sub(r"<[^>]*>|\{%.*?%\}", " ", text, flags=re.S)
    parts = re.split(r"[.?!:;]\s|\n\s*\n|\n(?=\s*[A-Z])", "\n".join([text, *quoted]))
    found = (" ".join(re.findall(r"[A-Za-z’']+", part)) for part in parts)
    return [one for one in found if len(one.split()) >= FEWEST]


def _said(tag: str) -> list[str]:
    return [text for text in re.findall(r'"([^"]*)"', tag) if len(text.split()) >= 3]


def syllables(word: str) -> int:
    word = word.lower().strip("’'")
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = re.search(r"[^aeiou](?:e|es|ed)$", word) and not re.search(
        r"([^aeiou]le|[td]ed|ses)$", word
    )
    return max(1, groups - bool(silent))


def grade(said: list[str]) -> float:
    words = [word for sentence in said for word in sentence.split()]
    per_word = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / len(said) + 11.8 * per_word - 15.59


@pytest.mark.parametrize("file", TEMPLATES, ids=[str(f.relative_to(BOT)) for f in TEMPLATES])
def test_a_page_can_be_read_at_twelve(file: Path) -> None:
    said = sentences(file.read_text(encoding="utf-8"))
    if sum(len(one.split()) for one in said) >= TOO_FEW:
        assert grade(said) <= HIGHEST, sorted(said, key=lambda one: -grade([one]))[:5]


def test_the_pages_that_speak_most_are_measured() -> None:
    long = {
        file.name
        for file in TEMPLATES
        if sum(len(s.split()) for s in sentences(file.read_text(encoding="utf-8"))) >= TOO_FEW
    }
    assert {"policies.html", "compare.html", "questions.html", "health.html"} <= long
    assert {"doctor.html", "refused.html", "chat.html", "_note.html"} <= long


def test_the_measure_tells_hard_words_from_easy_ones() -> None:
    hard = "Notwithstanding contradictory organisational responsibilities the institution retains"
    assert grade([hard]) > 12
    assert grade(["The cat sat on the mat and saw a dog"]) < 3


@pytest.mark.parametrize(
    ("word", "count"), [("policy", 3), ("done", 1), ("rule", 1), ("table", 2), ("wanted", 2)]
)
def test_syllables_are_counted(word: str, count: int) -> None:
    assert syllables(word) == count
