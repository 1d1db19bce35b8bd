"""A whole folder taken in: what is a document, what it is called, and that one bad file stops no other."""

import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.intake.folder import id_of

POLICY = "{} Policy\n\nReview due: May 2027\n\n1. Use\n\n1.1 Staff must {}.\n1.2 Staff may ask.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "ours"
    found.mkdir()
    for name, does in (("Phones v3 FINAL", "not film"), ("Dogs 2026", "lead them")):
        text = POLICY.format(name.split()[0], does)
        (found / f"{name}.txt").write_text(text, "utf-8")
    return found


def imported(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *more: str
) -> tuple[object, str]:
    """Run the command: what it exits with, and what it prints."""
    into = str(folder.parent / "into")
    words = ["bot", "import", str(folder), "--school", "elm", "--into", into, *more]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as gone:
        main()
    found = capsys.readouterr()
    return gone.value.code, found.out + found.err


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Staff Online v3 FINAL.docx", "staff-online"),
        ("Whistleblowing Policy 2026.pdf", "whistleblowing-policy"),
        ("Café_Règles (1).odt", "cafe-regles"),
        ("2026.txt", "2026"),
        ("Policy_v2.1_draft.txt", "policy"),
        (f"{'long ' * 30}.txt", "-".join(["long"] * 12)),
        ("日本.txt", ""),
    ],
)
def test_a_files_name_gives_the_id_that_its_next_version_will_have_too(name: str, id: str) -> None:
    assert id_of(name) == id


def test_every_document_of_a_folder_is_taken_in_and_summed_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = imported(folder, monkeypatch, capsys)
    assert code == 0
    assert sorted(path.name for path in (folder.parent / "into" / "elm").iterdir()) == [
        *("dogs.md", "phones.md"),
    ]
    assert "2 of 2 taken in" in told
    row = next(line for line in told.splitlines() if "Dogs Policy" in line)
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        *("Dogs 2026.txt", "Dogs Policy", "2", "no owner, no date of approval"),
    ]


def test_a_bad_file_is_one_line_and_the_others_go_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "Bad.docx").write_bytes(b"PK\x03\x04 nothing")
    (folder / "Rota.xlsx").write_bytes(b"PK\x03\x04")
    code, told = imported(folder, monkeypatch, capsys)
    assert code == 1
    refused = [line for line in told.splitlines() if line.startswith("Not taken in: ")]
    assert [line.split()[3] for line in refused] == ["Bad.docx", "Rota.xlsx"]
    assert "2 of 4 taken in" in told


def test_two_files_with_one_id_are_both_named_and_neither_is_taken(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "Phones v4.txt").write_text(POLICY.format("Phones", "ring"), "utf-8")
    code, told = imported(folder, monkeypatch, capsys)
    assert code == 1
    assert "Phones v3 FINAL.txt and Phones v4.txt would all be the policy 'phones'" in told
    assert [path.name for path in (folder.parent / "into" / "elm").iterdir()] == ["dogs.md"]


def test_what_nobody_means_is_passed_over_and_folders_are_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (".hidden.txt", "~$Phones.docx", "Thumbs.db", "x.tmp"):
        (folder / name).write_bytes(b"x")
    (folder / "old").mkdir()
    code, told = imported(folder, monkeypatch, capsys)
    assert code == 0
    assert "2 of 2 taken in" in told
    assert "Not looked into: old (folders)" in told


def test_an_id_is_for_one_file_and_an_empty_folder_is_no_folder_of_policies(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, told = imported(folder, monkeypatch, capsys, "--id", "x")
    assert (code, "--id is for one file" in told) == (2, True)
    (tmp_path / "empty").mkdir()
    code, _ = imported(tmp_path / "empty", monkeypatch, capsys)
    assert "holds no documents" in str(code)
    assert not (tmp_path / "into").exists()


def test_one_file_needs_an_id(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = imported(folder / "Dogs 2026.txt", monkeypatch, capsys)
    assert (code, "--id is missing" in told) == (2, True)


def test_what_is_left_out_is_placed_as_the_documents_kind_counts(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = folder / "a.html"
    page.write_text("<p>Dog Policy</p><p>Staff must ask.</p><nav>Menu</nav>", "utf-8")
    monkeypatch.setattr(
        sys, "argv", ["bot", "import", str(page), "--id", "a", "--into", str(folder / "into")]
    )
    with pytest.raises(SystemExit):
        main()
    assert "Left out: paragraph 3: Menu" in capsys.readouterr().out
