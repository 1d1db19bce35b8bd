"""``doctor``: one line for each thing, in sentences, and whether staff would be answered."""

import os
import shutil
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot import app
from bot.checking import as_text, check
from bot.config import ROOT, Config
from bot.doctor import examine, standing
from bot.library import read_library
from bot.store.mistakes import StoreMistake
from tests.helpers import CONVERSATIONS, TODAY, WEIGHTS, health, settings

SCHOOL = 'id = "oak"\nname = "Oak"\n\n[[people]]\nid = "ann"\nname = "Ann"\n'
ROLES = '\n[roles.dsl]\nname = "Ms Shah"\nphone = "1"\n\n[roles.headteacher]\nname = "Mr Lee"\n'
POLICY = '+++\nid = "phones"\ntitle = "Phones"\n+++\n\n<!-- k7m2qp | 1 -->\n1. No phones.\n'


def _school(folder: Path, school: str = "") -> Path:
    (folder / "oak").mkdir()
    (folder / "oak" / "phones.md").write_text(POLICY, "utf-8")
    if school:
        (folder / "oak" / "school.toml").write_text(school, "utf-8")
    return folder


def test_the_example_school_is_well_without_weights() -> None:
    lines, well = examine(settings(), TODAY)
    assert well
    looked_at = [line for line in lines if not line.startswith("ok ")]
    assert looked_at == [
        "LOOK    Sentence vectors are missing: run make setup when online."
        " Answers are found by words alone"
    ]


def test_a_list_of_laws_nobody_looked_at_for_a_year_is_worth_a_look() -> None:
    late = health().law_checked.replace(year=health().law_checked.year + 2)
    lines, _ = examine(settings(), late)
    assert any(one.startswith("LOOK    conversations/law.toml was last looked") for one in lines)


def test_who_holds_a_role_reads_well() -> None:
    lines, _ = examine(settings(), TODAY)
    name = "ok      Alder Brook Primary School: "
    assert f"{name}dsl is Ms Shah, 01632 960001" in lines
    assert f"{name}policy_owner is Mrs Lyle (no phone given; none is needed)" in lines


def test_a_mistake_in_a_file_is_its_sentence_without_the_name_of_a_class(tmp_path: Path) -> None:
    said = tmp_path / "conversations"
    shutil.copytree(CONVERSATIONS, said)
    (said / "gate.toml").write_text("= 1", "utf-8")
    lines, well = examine(settings(CONVERSATIONS_DIR=str(said)))
    assert not well
    assert lines[-1].startswith("NOT OK  gate.toml ")


def test_a_folder_without_a_school_file_says_who_is_missing(tmp_path: Path) -> None:
    lines, well = examine(settings(POLICIES_DIR=str(_school(tmp_path))))
    assert not well
    assert "NOT OK  oak: nobody is dsl: add [[roles.dsl]] to school.toml" in lines
    assert "NOT OK  oak: 0 people may chat" in lines


def test_only_the_safeguarding_lead_needs_a_phone(tmp_path: Path) -> None:
    folder = _school(tmp_path, SCHOOL + ROLES)
    assert examine(settings(POLICIES_DIR=str(folder)))[1]
    (folder / "oak" / "school.toml").write_text(SCHOOL + ROLES.replace('phone = "1"', ""), "utf-8")
    lines, well = examine(settings(POLICIES_DIR=str(folder)))
    assert not well
    assert "NOT OK  Oak: dsl is Ms Shah, but no phone is given in school.toml" in lines


def _broken(kind: str) -> bytes:
    if kind == "cut off" and not WEIGHTS.exists():
        assert not os.environ.get("CI"), "CI needs the weights: make setup fetches them"
        pytest.skip("no weights: run make setup when online")
    return WEIGHTS.read_bytes()[:100_000] if kind == "cut off" else kind.encode()


@pytest.mark.parametrize("kind", ["", "no zip", "cut off"])
def test_broken_sentence_vectors_are_told_and_stop_nobody(kind: str, tmp_path: Path) -> None:
    (tmp_path / "encoder.npz").write_bytes(_broken(kind))
    config = settings(DATA_DIR=str(tmp_path))
    assert app.build(config, read_library(ROOT / "policies")).encoder is None
    lines, well = examine(config, TODAY)
    assert well
    (told,) = (line for line in lines if line.startswith("LOOK"))
    assert f"cannot be read: delete {tmp_path / 'encoder.npz'} and run make setup" in told


def test_a_house_that_is_up_is_told_the_same_of_the_schools_asked_for() -> None:
    lines, _ = examine(settings())
    house = app.build(settings(), read_library(settings().policies))
    told = [f"{mark:6}  {said}" for mark, said in standing(settings(), house, {"example"})]
    assert told == [
        lines[1],
        *lines[3:],
    ]  # all but Python and the records, which the demo throws away
    assert not [said for _, said in standing(settings(), house, set()) if "Alder Brook" in said]


# People on Slack and Teams -----------------------------------------------------------------------------

SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
LISTED = "id,name,email,until\nann,Ann,ann@oak.example,\nbob,Bob,,\ncy,Cy,,2020-07-21\n"
BY_MAIL = (
    '\n[roles.dsl]\nemail = "dee@oak.example"\nphone = "1"\n[roles.headteacher]\nname = "Lee"\n'
)


def _mailed(folder: Path) -> Path:
    _school(folder, 'id = "oak"\nname = "Oak"\n' + BY_MAIL)
    (folder / "oak" / "staff.csv").write_text(LISTED, "utf-8")
    return folder


def test_who_slack_or_teams_cannot_know_is_counted_where_one_of_them_is_set_up(
    tmp_path: Path,
) -> None:
    folder = str(_mailed(tmp_path))
    lines, well = examine(settings(POLICIES_DIR=folder, **SLACK), TODAY)
    told = "1 person has no e-mail address in staff.csv"
    assert well
    assert [line for line in lines if told in line and line.startswith("LOOK    Oak: ")]
    assert not [line for line in examine(settings(POLICIES_DIR=folder))[0] if "address" in line]
    assert (
        "ok      Alder Brook Primary School: all have an address" in examine(settings(**SLACK))[0]
    )


def test_check_counts_them_as_well(tmp_path: Path) -> None:
    folder = str(_mailed(tmp_path))
    found = check(settings(POLICIES_DIR=folder, **SLACK), None, TODAY.isoformat())
    assert found.unknown == {"Oak": 1}
    assert "LOOK  Oak: 1 person has no e-mail address" in as_text(found)
    assert check(settings(POLICIES_DIR=folder), None, TODAY.isoformat()).unknown == {}
    assert check(settings(**SLACK), None, TODAY.isoformat()).unknown == {}


def test_a_role_held_by_an_address_nobody_knows_is_told_and_stops_nothing(tmp_path: Path) -> None:
    config = settings(POLICIES_DIR=str(_mailed(tmp_path)), **SLACK)
    lines, well = examine(config, TODAY)
    told = [line for line in lines if "dsl is named by an e-mail address, whom neither" in line]
    assert well
    assert told
    assert told[0].startswith("LOOK")


# The records and their key --------------------------------------------------------------------------


def _kept(folder: Path) -> Config:
    """A folder with records and their key, as a chat leaves it."""
    config = settings(DATA_DIR=str(folder))
    app.records(config).close()
    return config


def _files(folder: Path) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def _foreign_key(folder: Path) -> None:
    (folder / "key").write_text("ab" * 32)


def _newer(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "records" / "policybot.sqlite")) as conn, conn:
        conn.execute("update _sqlite_migrations set name = 'm999_later' where name like 'm002%'")


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "no key": (lambda folder: (folder / "key").unlink(), "Put the key back"),
    "another key": (_foreign_key, "not the key of these records"),
    "an open key": (lambda folder: (folder / "key").chmod(0o644), "chmod 600"),
    "no database": (
        lambda folder: (folder / "records" / "policybot.sqlite").write_bytes(b"x" * 5000),
        "does not open as a database",
    ),
    "a newer one": (_newer, "newer Policybot"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_records_the_chat_would_refuse_are_not_ok_and_nothing_is_written(
    what: str, tmp_path: Path
) -> None:
    config = _kept(tmp_path)
    spoil, sentence = SPOILT[what]
    spoil(tmp_path)
    before = _files(tmp_path)
    lines, well = examine(config)
    assert not well
    assert [line for line in lines if line.startswith("NOT OK") and sentence in line]
    assert _files(tmp_path) == before
    with pytest.raises(StoreMistake):
        app.records(config)


def test_records_that_open_are_well_also_while_a_chat_has_them_open(tmp_path: Path) -> None:
    config = _kept(tmp_path)
    before = _files(tmp_path)
    assert "ok      The records open with their key" in examine(config)[0]
    assert _files(tmp_path) == before
    store = app.records(config)
    try:
        assert "ok      The records open with their key" in examine(config)[0]
    finally:
        store.close()


def test_a_first_look_makes_no_records(tmp_path: Path) -> None:
    lines, _ = examine(settings(DATA_DIR=str(tmp_path / "var")))
    assert any("the first chat makes them" in line for line in lines)
    assert not (tmp_path / "var").exists()


def test_a_data_folder_that_is_a_file_is_not_ok(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    lines, well = examine(settings(DATA_DIR=str(tmp_path / "var")))
    assert not well
    assert any("cannot be kept" in line for line in lines)


# Slack and Teams --------------------------------------------------------------------------------------

GUID = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
SLACK = {"SLACK_BOT_TOKEN": "xoxb-quixotry", "SLACK_APP_TOKEN": "xapp-quixotry"}
SIGNED = {"SLACK_BOT_TOKEN": "xoxb-quixotry", "SLACK_SIGNING_SECRET": "quixotry"}
TEAMS = {"TEAMS_APP_ID": GUID, "TEAMS_TENANT_ID": GUID, "TEAMS_APP_SECRET": "quixotry"}
LOCAL = "LOOK    Teams: TEAMS_AUTH is off, for the local test client only: nobody is checked"


@pytest.mark.parametrize(
    ("env", "slack", "teams"),
    [
        ({}, "ok      Slack: not set up", "ok      Teams: not set up"),
        (SLACK, "ok      Slack: set up (Socket Mode)", "ok      Teams: not set up"),
        (SIGNED, "ok      Slack: set up (HTTP)", "ok      Teams: not set up"),
        ({**SIGNED, **SLACK, **TEAMS}, "ok      Slack: set up (Socket Mode)", "ok      Teams: set up (HTTP)"),
        (TEAMS, "ok      Slack: not set up", "ok      Teams: set up (HTTP)"),
        ({"TEAMS_AUTH": "off"}, "ok      Slack: not set up", LOCAL),
    ],
)  # fmt: skip
def test_each_platform_is_told_on_one_line_without_asking_it(
    env: dict[str, str], slack: str, teams: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object) -> None:
        raise AssertionError("doctor asked the network")

    monkeypatch.setattr(socket.socket, "connect", asked)
    monkeypatch.setattr(socket, "getaddrinfo", asked)
    lines, well = examine(settings(**env), TODAY)
    assert [line for line in lines if "Slack: " in line] == [slack]
    assert [line for line in lines if "Teams: " in line] == [teams]
    assert well
    assert "quixotry" not in "\n".join(lines)
