"""``doctor``: one line for each thing, in sentences, and whether staff would be answered."""

import os
import shutil
from pathlib import Path

import pytest

from bot import app
from bot.config import ROOT
from bot.doctor import examine
from bot.library import read_library
from tests.helpers import CONVERSATIONS, TODAY, WEIGHTS, settings

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
