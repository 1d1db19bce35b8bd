"""``ask`` and ``ask --batch``: the very call the chat makes, for one question or a file of them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot import app, asking
from bot.config import ROOT
from bot.core.records import Decision, KeepQuestion, Question
from tests.helpers import (
    NOON,
    TODAY,
    Talk,
    command,
    house,
    house_of,
    policy,
    settings,
    weighted_house,
)

KEYS = {
    *("id", "policy", "clauses", "clause_texts", "verdict", "answered", "clarify", "route"),
    *("from_config", "text", "ms"),
}
ASKER = asking.Asker(house(), asking.Clock(TODAY))


async def row(question: str, policy: str = "cross", role: str = "staff", **more: Any) -> Any:
    told = {"id": "r1", "policy": policy, "asker_role": role, "question": question, **more}
    return await ASKER.row(told)


# A row ----------------------------------------------------------------------------------------------

QUESTIONS = (
    *("can i use my own phone in class", "can i accept a friend request", "can i wear trainers"),
    *("a pupil told me he is being hurt at home", "who is the dsl", "help", "", "report a concern"),
    *("when is this policy due for review", "a y9 pupil sent me a friend request"),
)


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_row_has_every_key_and_the_whole_answer_as_shown(question: str) -> None:
    told = await row(question)
    assert set(told) == KEYS
    assert (told["id"], told["policy"]) == ("r1", "cross")
    assert told["text"].strip()
    assert isinstance(told["ms"], float)
    assert len(told["clauses"]) == len(told["clause_texts"]) <= 10
    json.dumps(told)


@pytest.mark.parametrize("question", QUESTIONS)
async def test_the_first_clauses_are_those_it_shows(question: str) -> None:
    told = await row(question)
    first = told["clause_texts"][:3]
    shown = [line.strip()[1:-1] for line in told["text"].splitlines() if line.startswith("“")]
    assert set(first) == {text for text in shown if text in told["clause_texts"]}


async def test_labels_carry_their_policy_only_across_policies() -> None:
    across, alone = (
        await row("may i give parents my number"),
        await row("may i give parents my number", "staff-online"),
    )
    assert {label.partition(":")[0] for label in across["clauses"]} <= set(house().book.policies)
    own = [label for label in across["clauses"] if label.startswith("staff-online:")]
    assert own[0] == across["clauses"][0] == f"staff-online:{alone['clauses'][0]}"
    assert set(own) <= {f"staff-online:{label}" for label in alone["clauses"]}


async def test_a_row_is_answered_as_the_chat_answers() -> None:
    talk = Talk(house(), "bell")
    for question in ("may i give parents my number", "can i accept a friend request"):
        assert (await row(question))["text"] == await talk.says(question)


async def test_a_settled_row() -> None:
    told = await row("can i take photos of pupils on my own phone", "staff-online")
    assert (told["verdict"], told["answered"], told["clarify"]) == ("no", True, False)
    assert told["clauses"][0] == "4.2"
    assert told["text"].splitlines()[-1]


async def test_a_question_asked_back() -> None:
    told = await row("can i accept a friend request")
    assert (told["verdict"], told["answered"], told["clarify"]) == ("depends", True, True)


async def test_a_question_that_is_not_settled() -> None:
    told = await row("can i wear trainers")
    assert (told["verdict"], told["answered"]) == ("unanswerable", False)


async def test_a_live_concern_gets_a_route_and_no_clause() -> None:
    told = await row("a pupil told me he is being hurt at home")
    assert (told["verdict"], told["route"], told["clauses"]) == ("route", "dsl", [])
    assert "999" in told["text"]
    assert not any(
        c.text in told["text"] for p in house().book.policies.values() for c in p.clauses
    )


async def test_who_holds_a_role_comes_from_the_settings() -> None:
    told = await row("who is the dsl")
    assert (told["from_config"], told["answered"], told["clauses"]) == (True, True, [])


@pytest.mark.parametrize("question", ["help", "thanks", "", "policies"])
async def test_a_command_cites_nothing(question: str) -> None:
    told = await row(question)
    assert (told["clauses"], told["verdict"], told["route"]) == ([], None, None)


async def test_the_askers_role_counts() -> None:
    rule = policy("Staff may use their own phone in the staff room.", "Be kind.", id="own")
    question = {"question": "can i use my own phone in the staff room", "policy": "own"}
    asker = asking.Asker(house_of(rule), asking.Clock(TODAY))
    told = await asker.row({**question, "asker_role": "contractor"})
    assert "does not name contractors" in told["text"]
    assert told["verdict"] != "yes"


async def test_the_day_asked_for_decides_what_is_overdue() -> None:
    late = asking.Asker(house(), asking.Clock(TODAY.replace(year=2028)))
    question = {"question": "may i give parents my number", "policy": "staff-online"}
    assert "due for review" in (await late.row(question))["text"]
    assert "due for review" not in (await ASKER.row(question))["text"]


async def test_no_row_remembers_another() -> None:
    """One asker's "it's a policy question" and key must not reach the next row."""
    first = [await row(q) for q in QUESTIONS]
    again = [await row(q) for q in QUESTIONS]
    assert [r["text"] for r in first] == [r["text"] for r in again]


async def test_with_weights_rows_have_the_same_shape_and_no_worse_first_clause() -> None:
    asker = asking.Asker(weighted_house(), asking.Clock(TODAY))
    told = await asker.row(
        {"question": "may I take pics of the kids with my mobile", "policy": "staff-online"}
    )
    assert set(told) == KEYS
    assert told["clauses"][0] == "4.2"


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_folder_of_policies_without_a_school_is_answered_too(question: str) -> None:
    """As the bench and a first try have it: nobody is named, nothing breaks."""
    bare = house_of(policy("Staff must not smoke.", school=""), schools=())
    told = await asking.Asker(bare, asking.Clock(TODAY)).row({"question": question})
    assert set(told) == KEYS
    assert "None" not in told["text"]


def test_noon_of_the_day_asked_for() -> None:
    assert asking.Clock(TODAY).now() == NOON


# The command line -----------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _without_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands read the environment; here they find no weights, so they start fast."""
    monkeypatch.setenv("DATA_DIR", str(settings().data))
    for name in ("POLICIES_DIR", "CONVERSATIONS_DIR", "KEK_FILE", "PORT"):
        monkeypatch.delenv(name, raising=False)


def test_one_question_as_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        command(monkeypatch, "ask", "may i give parents my number", "--today", "2026-11-20") == ""
    )
    assert "must not give their private phone number" in capsys.readouterr().out


def test_one_question_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(monkeypatch, "ask", "who is the dsl", "--json") == ""
    told = json.loads(capsys.readouterr().out)
    assert set(told) == KEYS
    assert told["from_config"]


def test_a_batch_answers_every_row_in_order(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = [
        {"id": "a", "policy": "staff-online", "asker_role": "staff", "question": QUESTIONS[0]},
        {"id": "b", "policy": "cross", "asker_role": "governor", "question": QUESTIONS[2]},
        {"id": "c", "text": QUESTIONS[3]},
    ]
    given, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    given.write_text("\n\n".join(json.dumps(r) for r in rows) + "\n", encoding="utf-8")
    assert command(monkeypatch, "ask", "--batch", given, "--out", out) == ""
    told = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(r["id"], r["policy"]) for r in told] == [
        *(("a", "staff-online"), ("b", "cross"), ("c", "cross"))
    ]
    assert all(set(r) == KEYS for r in told)
    assert told[2]["route"] == "dsl"


@pytest.mark.parametrize("terminal", [True, False])
def test_a_terminal_is_told_how_many_questions_are_being_answered(
    terminal: bool,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = tmp_path / "in.jsonl"
    given.write_text('{"question": "help"}\n{"question": "policies"}\n', encoding="utf-8")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    assert command(monkeypatch, "ask", "--batch", given, "--out", tmp_path / "out") == ""
    assert capsys.readouterr() == ("", "Answering 2 questions ...\n" if terminal else "")


GOOD = json.dumps({"id": 1, "policy": "cross", "question": "can i"})


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (f"{GOOD}\nnot json\n", "line 2"),
        (f"{GOOD}\n\n[1, 2]\n", "line 3"),
        (json.dumps({"id": 1, "policy": "nowhere", "question": "q"}), "'nowhere'"),
        (f'{GOOD}\n{GOOD}\n{{"id": 3, "policy": "cross"}}\n', "line 3: has no question"),
        (f'{GOOD}\n{{"question": null, "text": null}}\n', "line 2: has no question"),
    ],
)
def test_a_batch_that_cannot_be_read_writes_nothing_and_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lines: str, sentence: str
) -> None:
    given, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    given.write_text(lines, encoding="utf-8")
    said = command(monkeypatch, "ask", "--batch", given, "--out", out)
    assert sentence in said
    assert "\n" not in said
    assert not out.exists()


def test_a_batch_file_that_is_no_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = tmp_path / "in.jsonl"
    given.write_bytes(b"\xff\xfe\x00")
    for path in (given, tmp_path / "missing.jsonl", tmp_path):
        said = command(monkeypatch, "ask", "--batch", path, "--out", tmp_path / "out")
        assert str(path) in said


@pytest.mark.parametrize(
    "args",
    [
        ["ask", "q", "--policy", "nowhere"],
        ["ask", "q", "--today", "tomorrow"],
        ["ask", "q", "--policies", "/nowhere/at/all"],
    ],
)
def test_a_mistake_is_one_sentence(monkeypatch: pytest.MonkeyPatch, args: list[str]) -> None:
    said = command(monkeypatch, *args)
    assert len(said.split()) > 4
    assert "\n" not in said


@pytest.mark.parametrize("args", [["ask"], ["ask", "--batch", "x"], ["ask", ""], ["nonsense"]])
def test_a_command_that_is_not_whole_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], args: list[str]
) -> None:
    assert command(monkeypatch, *args) == "2"
    assert "Error:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "http"), ("PORT", "0"), ("KEK_FILE", "/nowhere/key")]
)
def test_a_setting_that_cannot_be_used_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert name in command(monkeypatch, "ask", "can i")


def test_ask_opens_no_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    command(monkeypatch, "ask", "can i wear trainers")
    assert [path for path in tmp_path.rglob("*") if "sqlite" in path.name] == []


def test_the_command_line_starts_without_the_chats_libraries() -> None:
    """``python -m bot ask`` should not load a web server to answer one question."""
    code = (
        "import sys, bot.core.answers, bot.core.decide, bot.core.gate; print(*sorted(sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"numpy", "jinja2", "aiohttp", "cryptography", "sqlite3", "click"} & set(loaded)


# play and unanswered --------------------------------------------------------------------------------


def test_play_without_files_plays_the_repositorys_own_dialogues(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command(monkeypatch, "play")
    told = capsys.readouterr().out
    for path in (ROOT / "tests" / "dialogues").glob("*.txt"):
        assert str(path) in told


def test_play_says_what_to_give_instead_of_a_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "is a folder: name the dialogues" in command(monkeypatch, "play", tmp_path)
    assert "--record rewrites files" in command(monkeypatch, "play", "--record")


def test_recording_rewrites_the_bots_lines_and_no_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "help.txt"
    path.write_text("# a remark\n\nbell: help\n  bot to bell: Go away.\n", encoding="utf-8")
    assert command(monkeypatch, "play", path) == "1"
    assert command(monkeypatch, "play", "--record", path) == ""
    told = path.read_text(encoding="utf-8")
    assert told.startswith("# a remark\n\nbell: help\n  bot to bell: Ask me")
    assert "Go away" not in told
    assert command(monkeypatch, "play", path) == ""


def test_a_question_is_listed_with_a_short_id_and_deleted_when_it_is_done(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    store = app.records(settings(DATA_DIR=str(tmp_path)))
    asked = [Question(id, "oak", "phones", f"why {id}", TODAY) for id in ("abcdef01", "abcdee02")]
    store.carry_out(lambda _: Decision((), tuple(map(KeepQuestion, asked))))
    store.close()
    assert command(monkeypatch, "unanswered") == ""
    assert "abcdef  2026-11-20  phones  why abcdef01" in capsys.readouterr().out
    assert "begins several ids" in command(monkeypatch, "unanswered", "--done", "abc")
    assert "No question" in command(monkeypatch, "unanswered", "--done", "zzz")
    assert command(monkeypatch, "unanswered", "--done", "abcdef") == ""
    capsys.readouterr()
    command(monkeypatch, "unanswered")
    assert [line[:6] for line in capsys.readouterr().out.splitlines()] == ["abcdee"]
