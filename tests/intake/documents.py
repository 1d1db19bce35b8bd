"""What intake tests share: the seed policies, generated documents, and the law of words."""

import json
import os
import zipfile
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from bot.core.policies import Clause
from bot.intake.importing import Imported
from bot.intake.read import cleaned, folded, words

SHARED = Path(__file__).parents[2] / ".." / "shared"
NUMBERS = ("000", "001", "002", "003", "004")


def shared(name: str) -> Path:
    """A file beside the repository; the test is skipped without it, but fails in CI."""
    path = SHARED / name
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{path} is missing")
        pytest.skip(f"{path} is not on this machine")
    return path


def seed_text(number: str) -> str:
    """One of the five seed policies, by the number its file begins with."""
    return cleaned(next(shared("seeds").glob(f"{number}_*.txt")).read_text(encoding="utf-8"))


def gold(number: str) -> list[dict[str, Any]]:
    """The clauses a person found in that seed: of the policy whose texts stand in it."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in shared("gold/clauses.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found.setdefault(row["policy"], []).append(row)
    text = folded(seed_text(number))
    return max(found.values(), key=lambda rows: sum(folded(row["text"]) in text for row in rows))


def told_words(clauses: Sequence[Clause]) -> list[str]:
    """The words of a policy in order: each newly opened heading, then marker and text."""
    found: list[str] = []
    path: tuple[str, ...] = ()
    for clause in clauses:
        same = 0
        while same < min(len(path), len(clause.headings)) and path[same] == clause.headings[same]:
            same += 1
        for heading in clause.headings[same:]:
            found += words(heading)
        found += words(clause.marker) + words(clause.text)
        path = clause.headings
    return found


def in_order(part: Sequence[str], whole: Sequence[str]) -> bool:
    rest = iter(whole)
    return all(word in rest for word in part)


def no_word_is_lost(text: str, imported: Imported) -> None:
    """Every word is in exactly one clause or heading, in order, or dropped and listed by its line."""
    source = words(cleaned(text))
    told = told_words(imported.policy.clauses)
    dropped = [word for one in imported.dropped for word in words(one.text)]
    assert Counter(told) + Counter(dropped) == Counter(source)
    assert in_order(told, source)
    lines = cleaned(text).split("\n")
    for one in imported.dropped:
        assert in_order(words(one.text), words(" ".join(lines[one.line - 1 :])))


_WORDS = [
    "staff",
    "pupils",
    "must",
    "not",
    "post",
    "photos",
    "the",
    "Headteacher",
    "policy",
    "school",
    "phone",
    "email",
    "may",
    "18",
    "data",
    "2018",
    "Or",
]
_sentence = st.lists(st.sampled_from(_WORDS), min_size=3, max_size=14).map(
    lambda found: " ".join(found).capitalize() + "."
)
_short = st.lists(
    st.sampled_from(["Scope", "Use", "of", "Phones", "Staff", "Data"]), min_size=1, max_size=3
).map(" ".join)
_mark = st.sampled_from(
    [
        "1. ",
        "2. ",
        "3 ",
        "1.1 ",
        "1.2. ",
        "2.1.1 ",
        "(a) ",
        "b) ",
        "(i) ",
        "ii. ",
        "• ",
        "- ",
        "· ",
        "* ",
        "o ",
        "  - ",
    ]
)
_line = st.one_of(
    _sentence,
    st.builds("{}{}".format, _mark, _sentence),
    st.builds("{}{}:".format, _mark, _short),
    st.builds("{} {}".format, st.sampled_from(["1.", "2.", "3", "##", "Appendix A"]), _short),
    _short,
    _short.map(str.upper),
    st.builds("{}:".format, _short),
    st.builds("**{}**".format, _short),
    st.builds(
        "{}: {}".format,
        st.sampled_from(["Owner", "Review due", "Date"]),
        st.sampled_from(["May 2026", "A. Khan"]),
    ),
    st.sampled_from(
        [
            "Or",
            "Page 3 of 12",
            "Contents",
            "Scope ........ 3",
            "Signed: ________",
            "| a | b |",
            "|---|---|",
            "Name\tDate",
            "<p>Use</p>",
            "Date for next review",
            "January 2019",
            "____",
            "· ____",
            "12",
            "*",
            "Elm School",
            "AT&amp;T",
            "Policy will be replaced in Sept 2025 with X policy",
        ]
    ),
)
documents = (
    st.lists(st.one_of(_line, st.just("")), min_size=1, max_size=25).map("\n".join).filter(words)
)
anything = st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=200).filter(
    lambda text: bool(words(cleaned(text)))
)


# OpenDocument texts ---------------------------------------------------------------------------------

_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (
        *(("office", "office"), ("text", "text"), ("style", "style"), ("table", "table")),
        *(("fo", "xsl-fo-compatible"), ("draw", "drawing")),
    )
)


def odt(body: str, styles: str = "", kept: str = "", **more: str) -> bytes:
    """An OpenDocument text with this body, these automatic styles, and this in styles.xml."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        packed.writestr(
            "content.xml",
            f"<office:document-content {_NAMES}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
        )
        packed.writestr(
            "styles.xml", f"<office:document-styles {_NAMES}>{kept}</office:document-styles>"
        )
        for name, text in more.items():
            packed.writestr(name.replace("__", "/"), text)
    return file.getvalue()
