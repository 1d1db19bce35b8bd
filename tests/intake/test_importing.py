"""Files in, files out: what is refused and why, and that nothing half-done is left behind."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.config import ROOT
from bot.intake import source
from bot.intake.canonical import parse, parse_whole
from bot.intake.importing import IntakeMistake, import_file
from bot.intake.told import refuse_another, refuse_no_school, told

GOOD = "Phone Policy\n\n1. Use\n\n1.1 Staff must not:\n• film\n• lend phones\n"


def _file(folder: Path, content: bytes | str, name: str = "phones.txt") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_an_import_writes_one_file_and_reports_it(tmp_path: Path) -> None:
    report = import_file(_file(tmp_path, GOOD), "phones", "oak", tmp_path / "policies")
    assert report.path == tmp_path / "policies" / "oak" / "phones.md"
    assert (report.clauses, report.first, report.changed) == (4, True, True)
    assert parse(report.path.read_text("utf-8")) == report.imported.policy
    assert [path.name for path in report.path.parent.iterdir()] == ["phones.md"]


def test_without_a_school_the_file_stands_in_the_folder_itself(tmp_path: Path) -> None:
    assert import_file(_file(tmp_path, GOOD), "phones", "", tmp_path).path == tmp_path / "phones.md"


def test_importing_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    first = import_file(_file(tmp_path, GOOD), "phones", "", tmp_path)
    again = import_file(_file(tmp_path, GOOD), "phones", "", tmp_path)
    assert (again.first, again.changed, len(again.imported.kept)) == (False, False, first.clauses)


def test_pins_and_facts_written_by_hand_outlast_an_import(tmp_path: Path) -> None:
    target = import_file(_file(tmp_path, GOOD), "phones", "", tmp_path).path
    policy = parse(target.read_text("utf-8"))
    film, lend = policy.clauses[2].id, policy.clauses[3].id
    text = target.read_text("utf-8").replace(
        "+++\n\n", f'[pins]\n"a.b" = ["{film}"]\n"a.c" = ["{lend}"]\n+++\n\n', 1
    )
    target.write_text(text.replace('id = "phones"', 'id = "phones"\nowner = "Mrs Khan"'), "utf-8")
    report = import_file(_file(tmp_path, GOOD.replace("• film\n", "")), "phones", "", tmp_path)
    written = parse_whole(target.read_text("utf-8"))
    assert (written.policy.owner, written.policy.pins) == ("Mrs Khan", {"a.c": (lend,)})
    assert (written.retired, report.imported.lost_pins) == ((film,), ("a.b",))
    assert ("pin", "a.b") in report.flags


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xlsx", b"PK\x03\x04", "none of the kinds that can be read"),
        ("a.docx", b"PK\x03\x04", "damaged"),
        ("a.docx", b"hello", "no .docx file inside"),
        ("a.txt", b"%PDF-1.7 hello", "really a PDF"),
        ("a.txt", b"PK\x03\x04hello", "really a Word or zip file"),
        ("a.txt", b"abc\x00def", "binary"),
        ("a.txt", b"", "empty"),
        ("a.txt", b" \r\n\t ", "empty"),
        ("a.txt", "\ufeff...\n___\n", "no words"),
        ("a.txt", b"Page 3 of 12\n", "nothing but page numbers"),
        ("a.txt", b"caf\x81 \x8d\x9d", "unknown encoding"),
        ("a.txt", b"\xff\xfea", "unknown encoding"),
        ("a.txt", b"x\n" * 30_000, "lines"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    path = _file(tmp_path, content, name)
    with pytest.raises(IntakeMistake, match=re.escape(says)) as mistake:
        import_file(path, "phones", "oak", tmp_path / "into")
    assert str(mistake.value).endswith((".", "?"))
    assert "\n" not in str(mistake.value)
    assert not (tmp_path / "into").exists()


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path, says in ((tmp_path / "no.txt", "no file"), (tmp_path, "not a file")):
        with pytest.raises(IntakeMistake, match=says):
            import_file(path, "phones", "", tmp_path)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        " ",
        "../x",
        "a/b",
        "a\\b",
        "a b",
        "Phones",
        "con",
        "nul",
        "com1",
        "x" * 61,
        ".",
        "-a",
        "a.b",
        "é",
        "a\n",
        "readme",
        "a\0b",
    ],
)
def test_an_id_that_is_no_safe_file_name_is_refused(tmp_path: Path, bad: str) -> None:
    path = _file(tmp_path, GOOD)
    with pytest.raises(IntakeMistake, match="policy id"):
        import_file(path, bad, "oak", tmp_path / "into")
    if bad:
        with pytest.raises(IntakeMistake, match="school id"):
            import_file(path, "phones", bad, tmp_path / "into")
    assert not (tmp_path / "into").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_usual_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    path = _file(tmp_path, "Phone Policy\n\nUse\n\nDon’t film – ever.\n".encode(encoding))
    assert (
        import_file(path, "phones", "", tmp_path).imported.policy.clauses[1].text
        == "Don’t film – ever."
    )


def test_a_policy_file_is_not_imported_as_a_document(tmp_path: Path) -> None:
    written = import_file(_file(tmp_path, GOOD), "phones", "", tmp_path).path
    with pytest.raises(IntakeMistake, match="written by import"):
        import_file(written, "phones2", "", tmp_path)


def test_a_spoilt_version_before_is_left_alone(tmp_path: Path) -> None:
    target = _file(tmp_path, "+++\nid = \n+++\n", "phones.md")
    with pytest.raises(IntakeMistake, match="line 2"):
        import_file(_file(tmp_path, GOOD), "phones", "", tmp_path)
    assert target.read_text() == "+++\nid = \n+++\n"


def test_a_failed_write_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = import_file(_file(tmp_path, GOOD), "phones", "", tmp_path).path
    before = target.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(IntakeMistake, match="No space left"):
        import_file(_file(tmp_path, GOOD + "• shout\n"), "phones", "", tmp_path)
    assert target.read_bytes() == before
    assert not list(tmp_path.glob(".import-*"))


def test_fifty_megabytes_are_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    for way in ("read_bytes", "read_text", "open"):
        monkeypatch.delattr(Path, way)
    with pytest.raises(IntakeMistake, match=r"50\.0 MB"):
        import_file(path, "big", "", tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        "a",
        "a ",
        "1.",
        "(a) ",
        "_",
        "| a ",
        "<b>",
        "& ",
        "A:",
        "....",
        "\t1",
        "May 2024 ",
        "* ",
        "é’",
        "-",
        "1 2018-",
        "** x",
    ],
)
def test_a_four_megabyte_line_is_read_in_little_memory(tmp_path: Path, line: str) -> None:
    size = 4_000_000 // len(line.encode())
    path = _file(tmp_path, "Big Policy\n\nUse words. " + line * size + "\n")
    ran = subprocess.run(
        [sys.executable, "-c", _ALONE, str(path), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    clauses, peak = map(int, ran.stdout.split())
    assert clauses
    assert peak < 400_000  # kilobytes, of a process that does nothing else


# Of one import alone. ru_maxrss would begin at the size of whoever started the process.
_ALONE = """
import re, sys
from pathlib import Path
from bot.intake.importing import import_file
made = import_file(Path(sys.argv[1]), "big", "", Path(sys.argv[2])).imported
status = Path("/proc/self/status").read_text()
print(len(made.policy.clauses), re.search(r"VmHWM:\\s+(\\d+)", status)[1])
"""


# What is told ---------------------------------------------------------------------------------------

LONG = "Phone Policy\n\n1. Use\n\n" + "".join(
    f"1.{n} Staff must {what}.\n"
    for n, what in enumerate(("not film", "sign out", "lock doors", "be kind", "ask first"), 1)
)
OTHER = "Dog Policy\n\n1. Barking\n\n1.1 Dogs bark at cats.\n"


def test_quite_another_document_is_refused_under_the_same_id(tmp_path: Path) -> None:
    import_file(_file(tmp_path, LONG), "phones", "oak", tmp_path)
    refuse_another(_file(tmp_path, LONG), "phones", "oak", tmp_path)
    with pytest.raises(IntakeMistake, match="--replace"):
        refuse_another(_file(tmp_path, OTHER), "phones", "oak", tmp_path)


def test_a_new_or_a_short_policy_may_be_replaced(tmp_path: Path) -> None:
    refuse_another(_file(tmp_path, OTHER), "phones", "oak", tmp_path)
    import_file(_file(tmp_path, GOOD), "phones", "oak", tmp_path)
    refuse_another(_file(tmp_path, OTHER), "phones", "oak", tmp_path)


def test_clauses_and_header_lines_are_counted_one_way(tmp_path: Path) -> None:
    path = _file(tmp_path, LONG)
    first = told(import_file(path, "phones", "oak", tmp_path))
    again = told(import_file(path, "phones", "oak", tmp_path))
    assert "Phone Policy: 5 clauses and 1 header line, written" in first
    assert "Against the version before: 5 clauses and 1 header line unchanged" in again


def test_a_school_without_a_school_file_is_told(tmp_path: Path) -> None:
    path = _file(tmp_path, LONG)
    assert "has no school.toml yet" in told(import_file(path, "phones", "oak", tmp_path))
    (tmp_path / "oak" / "school.toml").write_text("")
    assert "has no school.toml" not in told(import_file(path, "phones", "oak", tmp_path))


def test_a_few_short_words_in_common_make_no_same_policy(tmp_path: Path) -> None:
    rules = "".join(
        f"1.{n} Staff must keep the {thing} locked.\n" for n, thing in enumerate(THINGS)
    )
    other = "".join(
        f"1.{n} Visitors wear a {thing} at all times.\n" for n, thing in enumerate(THINGS)
    )
    bullets = "1.9 Staff must not:\n\u2022 lend phones\n\u2022 share numbers\n"
    import_file(_file(tmp_path, f"Phone Policy\n\n1. Use\n\n{rules}{bullets}"), "p", "", tmp_path)
    with pytest.raises(IntakeMistake, match="keeps no clause"):
        refuse_another(
            _file(tmp_path, f"Visitor Policy\n\n1. Badges\n\n{other}{bullets}"), "p", "", tmp_path
        )


THINGS = ("hall", "office", "shed", "store", "gate")


def test_where_there_are_schools_a_policy_says_whose_it_is(tmp_path: Path) -> None:
    (tmp_path / "oak").mkdir()
    refuse_no_school("", tmp_path)
    (tmp_path / "oak" / "school.toml").write_text("")
    refuse_no_school("oak", tmp_path)
    with pytest.raises(IntakeMistake, match=r"Whose policy is it.*oak"):
        refuse_no_school("", tmp_path)


# Left behind, endless, and no file -----------------------------------------------------------------


def test_what_a_killed_import_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    into = tmp_path / "policies" / "oak"
    into.mkdir(parents=True)
    old, fresh, other = into / ".import-a.tmp", into / ".import-b.tmp", into / "notes.tmp"
    for left in (old, fresh, other):
        left.write_text(GOOD)
    for left in (old, other):
        os.utime(left, (time.time() - 3700,) * 2)
    import_file(_file(tmp_path, GOOD), "phones", "oak", tmp_path / "policies")
    assert sorted(one.name for one in into.iterdir()) == [fresh.name, "notes.tmp", "phones.md"]


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/tty", "/dev/null"])
def test_a_link_to_a_device_is_no_file(tmp_path: Path, device: str) -> None:
    (tmp_path / "p.txt").symlink_to(device)
    with pytest.raises(IntakeMistake, match="not a file"):
        import_file(tmp_path / "p.txt", "p", "", tmp_path / "into")


def test_a_pipe_put_in_a_files_place_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.txt")
    with pytest.raises(IntakeMistake, match="not a file"):
        source._bytes(tmp_path / "p.txt")


def test_of_a_file_that_grows_no_more_is_read_than_a_policy_may_have(tmp_path: Path) -> None:
    with (tmp_path / "p.txt").open("wb") as file:
        file.truncate(source.BIGGEST + 1)
    with pytest.raises(IntakeMistake, match="the most is 25 MB"):
        source._bytes(tmp_path / "p.txt")
