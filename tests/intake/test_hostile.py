"""Hostile files through the real command: one sentence, no traceback, and nothing written."""

import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.intake.source import KINDS
from tests.intake import hostile
from tests.intake.documents import odt
from tests.intake.hostile import HOSTILE, SENTENCE, made


def _imported(file: Path, into: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Run the command; what it exits with."""
    words = ["bot", "import", str(file), "--id", "x", "--into", str(into)]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as gone:
        main()
    return gone.value.code


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_one_sentence_and_nothing_is_written(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one, into = HOSTILE[name], tmp_path / "into"
    file = tmp_path / one.file
    file.write_bytes(made(name))
    monkeypatch.chdir(tmp_path)
    said = _imported(file, into, monkeypatch)
    if said == 0:
        assert not one.refused, capsys.readouterr().out[:300]
        assert [path.name for path in into.rglob("*")] == ["x.md"]
        return
    assert isinstance(said, str)  # what SystemExit prints on stderr, with exit code 1
    assert "\n" not in said
    assert said.endswith((".", "?"))
    assert one.file in said
    assert "Traceback" not in said
    assert sorted(path.name for path in tmp_path.rglob("*")) == [one.file]


HONEST: dict[str, Callable[[], bytes]] = {
    "a.docx": lambda: hostile.GOOD,
    "a.odt": lambda: odt(f"<text:p>{SENTENCE}</text:p>" * 20),
    "a.pdf": hostile.written_pdf,
    "b.pdf": lambda: hostile.written_pdf(30),
    "a.html": lambda: f"<p>{SENTENCE}</p>".encode(),
}


def _has_reader(file: str) -> bool:
    return find_spec(f"bot.intake.formats.{KINDS[Path(file).suffix]}") is not None


@pytest.mark.parametrize("file", [file for file in HONEST if _has_reader(file)])
def test_the_honest_files_the_hostile_ones_are_made_from_are_taken_in(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else every refusal above could be for a slip of the maker."""
    (tmp_path / file).write_bytes(HONEST[file]())
    assert _imported(tmp_path / file, tmp_path / "into", monkeypatch) == 0
    assert SENTENCE.strip() in (tmp_path / "into" / "x.md").read_text("utf-8")
