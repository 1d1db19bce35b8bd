"""``check``: any folder of policies or of documents, told to people and to machines."""

import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import cli
from bot.checking import CheckMistake, as_json, as_text, check
from bot.config import ROOT
from bot.conversations import ConversationMistake, read_conversations
from tests.bench import sets
from tests.bench.health import seeds
from tests.bench.unseen import compare
from tests.helpers import CONVERSATIONS, health, settings

DAY = "2026-11-20"
DOCUMENT = """Phone Policy

Approved by: Full Governing Body
Date approved: May 2026
Version: 2
Review due: May 2028

1. Phones
1.1 Phones are kept in a bag.
1.2 Ring ________ about a lost phone.
1.3 Staff must not speak to a union about this policy.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "phones.txt").write_text(DOCUMENT, "utf-8")
    (tmp_path / "README.md").write_text("Read me.", "utf-8")
    return tmp_path


def test_the_example_school_has_nothing_wrong_with_it() -> None:
    found = check(settings(), ROOT / "policies", DAY)
    assert [(one.flag.policy, one.flag.kind, one.flag.clause) for one in found.told] == []
    assert "checked: nothing found." in as_text(found)


def test_documents_nobody_imported_are_checked_and_nothing_is_written(folder: Path) -> None:
    before = sorted(folder.iterdir())
    found = check(settings(), folder, DAY)
    assert [one.flag.kind for one in found.told] == ["silencing", "blank"]
    assert sorted(folder.iterdir()) == before
    one = check(settings(), folder / "phones.txt", DAY)
    assert one.told == found.told


def test_documents_of_one_name_are_both_checked(folder: Path) -> None:
    shutil.copy(folder / "phones.txt", folder / "phones.markdown")
    found = check(settings(), folder, DAY)
    assert set(found.policies) == {"phones.txt", "phones.markdown"}


def test_an_imported_policy_is_checked_by_its_folder_or_its_file(folder: Path) -> None:
    from bot.intake.importing import import_file

    report = import_file(folder / "phones.txt", "phones", "oak", folder / "policies")
    for where in (folder / "policies", folder / "policies" / "oak", report.path):
        assert [x.flag.kind for x in check(settings(), where, DAY).told] == ["silencing", "blank"]


def test_people_are_told_the_clause_its_words_and_who_can_settle_it(folder: Path) -> None:
    told = as_text(check(settings(), folder, DAY))
    assert "  STOP  It can be read as a ban on speaking to a union" in told
    assert "        1.2: “Ring ________ about a lost phone.”" in told
    assert "        Who: the policy's owner" in told
    assert told.splitlines()[-1] == "1 policy checked: 1 that stop, 1 to mend."


def test_the_same_fault_in_several_clauses_is_told_once(folder: Path) -> None:
    more = DOCUMENT + "1.4 Write to ________ as well.\n"
    (folder / "phones.txt").write_text(more, "utf-8")
    told = as_text(check(settings(), folder, DAY))
    assert told.count("that nobody has filled in") == 1
    assert "1.2: " in told
    assert "1.4: " in told


def test_machines_get_a_list_of_objects(folder: Path) -> None:
    rows = json.loads(as_json(check(settings(), folder, DAY)))
    assert {tuple(row) for row in rows} == {
        (
            *("policy", "clause", "clause_id", "kind", "severity"),
            *("says", "why", "do", "who"),
        )
    }
    assert [(row["policy"], row["clause"], row["kind"]) for row in rows] == [
        *(("phones", "1.3", "silencing"), ("phones", "1.2", "blank"))
    ]


def test_a_rule_nobody_can_rely_on_fails_the_command(folder: Path) -> None:
    run = CliRunner()
    assert run.invoke(cli, ["check", str(folder), "--today", DAY]).exit_code == 1
    (folder / "phones.txt").write_text(DOCUMENT.partition("1.3")[0], "utf-8")
    assert run.invoke(cli, ["check", str(folder), "--today", DAY]).exit_code == 0


@pytest.mark.parametrize("what", ["nowhere", "empty", "day"])
def test_what_cannot_be_checked_is_one_sentence(what: str, tmp_path: Path) -> None:
    where = tmp_path / "nowhere" if what == "nowhere" else tmp_path
    if what == "day":
        (tmp_path / "a.txt").write_text(DOCUMENT, "utf-8")
    with pytest.raises(CheckMistake) as told:
        check(settings(), where, "soon" if what == "day" else DAY)
    assert str(told.value).count(".") <= 1 + str(tmp_path).count(".")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("health.toml", 'severity = "stop"', 'severity = "worst"', "health.toml, line "),
        ("topics.toml", 'force = "forbid"', 'force = "frobid"', "topics.toml, line "),
        ("law.toml", "since = 2018-05-25", 'since = "2018"', "law.toml, line "),
        ("law.toml", 'by = "the UK GDPR', 'yb = "the UK GDPR', "'by' is missing"),
    ],
)
def test_a_mistake_in_the_data_names_file_and_line(
    file: str, old: str, new: str, said: str, tmp_path: Path
) -> None:
    folder = tmp_path / "conversations"
    shutil.copytree(CONVERSATIONS, folder)
    text = (folder / file).read_text("utf-8")
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ConversationMistake, match=said):
        read_conversations(folder)


def test_the_five_documents_are_told_nearly_all_that_is_wrong_with_them() -> None:
    if not sets.shared_is_here():
        assert not os.environ.get("CI"), "CI needs ../shared: the five documents"
        pytest.skip("../shared is not here: the five documents are read from there")
    found = seeds(health())
    missed = [(row["policy"], row["clause"], row["kind"]) for row, hit in found if not hit]
    assert len(missed) <= len(found) * 0.05, missed


def test_policies_that_were_once_unseen_are_told_what_is_wrong_and_nothing_else() -> None:
    told = compare(health())
    assert [(one.flag.policy, one.label, one.flag.kind) for one in told.flags if one.false] == []
    missed = [(row["policy"], row["clause"], row["kinds"]) for row, hit in told.rows if not hit]
    assert len(missed) <= len(told.rows) * 0.05, missed


def test_people_are_told_when_nobody_has_looked_at_the_laws_for_a_year(folder: Path) -> None:
    said = "conversations/law.toml was last looked through on "
    checked = health().law_checked
    soon, late = checked.replace(year=checked.year + 1), checked.replace(year=checked.year + 2)
    assert said not in as_text(check(settings(), folder, soon.isoformat()))
    assert f"LOOK  {said}{checked}" in as_text(check(settings(), folder, late.isoformat()))


def test_one_school_of_a_trust_is_checked_beside_its_trust() -> None:
    found = check(settings(), ROOT / "policies" / "trust-example" / "cliff-top", "2026-11-20")
    assert sorted(found.policies) == ["cliff-top-phones", "trust-online"]


def test_a_document_that_cannot_be_read_keeps_nobody_from_reading_the_others(
    tmp_path: Path,
) -> None:
    (tmp_path / "phones.txt").write_text("Phone Policy\n\n1. Use\n\n1.1 Staff must not film.\n")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7 cut off")
    found = check(settings(), tmp_path, "2026-11-20")
    assert ([*found.policies], len(found.refused)) == (["phones"], 1)
    assert found.stops
    assert f"NOT READ  {found.refused[0]}" in as_text(found)
