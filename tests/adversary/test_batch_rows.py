"""Rows of a batch that end in a traceback, or are refused though they are JSON."""

import json
from pathlib import Path

import pytest

from bot.asking import AskMistake, batch
from bot.config import ROOT
from tests.helpers import settings

ROW = {"id": "a", "policy": "staff-online", "question": "can i take photos of pupils"}


def _answers(folder: Path, raw: bytes) -> list[dict[str, object]]:
    (folder / "in.jsonl").write_bytes(raw)
    batch(settings(), ROOT / "policies", folder / "in.jsonl", folder / "out.jsonl", "2026-11-20")
    lines = (folder / "out.jsonl").read_text("utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def test_half_an_emoji_for_an_id_comes_back(tmp_path: Path) -> None:
    """UnicodeEncodeError at the very end: a traceback, and an empty file where the answers should be."""
    assert _answers(tmp_path, json.dumps({**ROW, "id": "\ud83d"}).encode())[0]["id"] == "\ud83d"


def test_a_line_separator_inside_a_string_ends_no_row(tmp_path: Path) -> None:
    row = {**ROW, "id": "a\u2028b\x85c"}
    told = _answers(tmp_path, json.dumps(row, ensure_ascii=False).encode())
    assert told[0]["id"] == row["id"]


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert len(_answers(tmp_path, b"\xef\xbb\xbf" + json.dumps(ROW).encode())) == 1


def test_a_row_nested_too_deep_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(AskMistake, match="line 1"):
        _answers(tmp_path, b"[" * 200_000)


def test_an_unknown_role_is_refused_as_it_is_for_one_question(tmp_path: Path) -> None:
    with pytest.raises(AskMistake, match="wizard"):
        _answers(tmp_path, json.dumps({**ROW, "asker_role": "wizard"}).encode())


def test_a_row_with_a_blank_question_is_not_answered(tmp_path: Path) -> None:
    row = {"id": 1, "policy": "staff-online", "question": "  "}
    assert _answers(tmp_path, json.dumps(row).encode())[0]["answered"] is False


@pytest.mark.parametrize("question", [{}, {"question": None}])
def test_a_row_without_a_question_is_one_sentence(
    question: dict[str, object], tmp_path: Path
) -> None:
    with pytest.raises(AskMistake, match="line 1"):
        _answers(tmp_path, json.dumps({"id": 1, "policy": "staff-online", **question}).encode())


def test_a_folder_for_the_answers_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").mkdir()
    with pytest.raises(AskMistake):
        _answers(tmp_path, json.dumps(ROW).encode())
