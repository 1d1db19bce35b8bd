"""The process that readers run in: what it lets through, and what it says when it must stop one."""

import os
from pathlib import Path

import pytest

from bot.intake.apart import MOST_LINES, read_apart
from bot.intake.document import MOST_PAGES
from bot.intake.importing import import_file
from bot.intake.read import IntakeMistake
from bot.intake.source import source

SENTENCE = "Staff must not film pupils at school. "


def test_what_a_reader_finds_comes_through_whole() -> None:
    page = "<h2>Use</h2><ol><li>Don’t \U0001f4f1</ol><table><tr><td>a<td>b</table><nav>menu</nav>"
    found = read_apart("html", "a.html", page.encode())
    assert [(line.level, line.mark, line.text, line.cells) for line in found.lines] == [
        (2, "", "Use", ()),
        (0, "1.", "Don’t \U0001f4f1", ()),
        (0, "", "a b", ("a", "b")),
    ]
    assert [(one.line, one.text, one.why) for one in found.dropped] == [
        (4, "menu", "links for finding one's way"),
    ]
    assert found.unit == "paragraph"


@pytest.mark.parametrize(
    ("kind", "raw", "says"),
    [
        ("html", f"<p>{SENTENCE * 400}</p>".encode() * 120, f"more than {MOST_PAGES} pages"),
        ("html", b"<p>a b</p>" * (MOST_LINES + 1), f"more than {MOST_LINES:,} lines"),
        ("html", b"<p> </p>", "holds no words"),
        ("nothing", b"", "is damaged"),
    ],
)
def test_a_reader_that_must_stop_says_so_in_one_sentence(kind: str, raw: bytes, says: str) -> None:
    with pytest.raises(IntakeMistake, match=says) as mistake:
        read_apart(kind, "a.html", raw)
    assert "\n" not in str(mistake.value)


def test_a_name_that_cannot_be_written_down_is_shown_as_well_as_can_be(tmp_path: Path) -> None:
    for name in (b"caf\xe9.txt", b"two\nlines.txt"):
        path = tmp_path / os.fsdecode(name)
        path.write_text(f"Phone Policy\n\n{SENTENCE}\n", "utf-8")
        assert source(path).name.count("?") == 1
        assert import_file(path, "phones", "", tmp_path / "into").clauses == 2
    with pytest.raises(IntakeMistake) as mistake:
        source(tmp_path / "three\nlines.xlsx")
    assert "\n" not in str(mistake.value)
