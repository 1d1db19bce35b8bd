"""The documents are executed: what README and its sisters show is what the bot does."""

import asyncio
import os
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import click
import pytest

from bot import app
from bot.__main__ import cli
from bot.config import config_from
from bot.core import reading
from bot.core.cards import Choice, Field
from bot.core.fixed import Fixed
from bot.core.guides import guide_from, open_slot
from bot.core.health.check import find
from bot.core.health.compiled import health_from
from bot.doctor import examine
from bot.intake.importing import import_file
from bot.library import read_library, read_policy
from bot.playing import played
from bot.schools.roles import ABOUT
from bot.schools.staff_list import COLUMNS
from bot.wording import CARDS, LINES, Wording
from tests.helpers import (
    FILLERS,
    TODAY,
    Talk,
    data,
    families,
    house_of,
    policy,
    settings,
    words,
)

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
WORDS = tomllib.loads((ROOT / "conversations" / "words.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def house() -> app.House:
    """The example school as anybody gets it: with the weights that ``make setup`` fetches."""
    config = config_from({"DATA_DIR": str(ROOT / "var")})
    if not (config.data / "encoder.npz").exists():
        assert not os.environ.get("CI"), "CI needs the weights: make setup"
        pytest.skip("no weights: run make setup when online")
    return app.build(config, read_library(config.policies))


def test_the_readme_shows_a_conversation_the_bot_really_has(house: app.House) -> None:
    shown = re.search(r"<!-- dialogue -->\n```\n(.*?)```\n<!-- /dialogue -->", README, re.S)
    assert shown, "README.md has lost its conversation"
    assert asyncio.run(played(house, shown[1])) == shown[1]


def test_the_command_above_the_readmes_conversation_prints_it(
    house: app.House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert house.encoder, "the README's conversation is had with sentence vectors"
    command = re.search(r"A real conversation, as `python -m bot (play .*?)` prints it", README)
    shown = re.search(r"<!-- dialogue -->\n```\n(.*?)```\n<!-- /dialogue -->", README, re.S)
    assert command
    assert shown
    monkeypatch.chdir(ROOT)
    cli.main(command[1].split(), standalone_mode=False)
    assert capsys.readouterr().out == shown[1]


def test_every_command_is_in_the_readme_and_has_help() -> None:
    assert isinstance(cli, click.Group)
    for name, command in cli.commands.items():
        assert f"python -m bot {name}" in README, f"README.md does not mention {name}"
        assert command.help, f"{name} has no help"


def test_every_option_in_the_readme_is_one_and_every_option_has_help() -> None:
    assert isinstance(cli, click.Group)
    options = {name: _options(command) for name, command in cli.commands.items()}
    assert all(told for known in options.values() for told in known.values())
    shown = re.findall(r"^python -m bot ([a-z-]+)(.*?)(?:  .*| the zip .*)?$", README, re.M)
    assert {name for name, _ in shown} == set(options)
    for name, rest in shown:
        assert set(re.findall(r"--[a-z-]+", rest)) <= set(options[name]), f"{name}{rest}"


def _options(command: click.Command) -> dict[str, str]:
    """What each option says of itself, by its name."""
    known = [one for one in command.params if isinstance(one, click.Option)]
    return {one.opts[0]: one.help or "" for one in known}


def test_every_place_the_readme_names_is_there() -> None:
    for name in re.findall(r"`((?:bot|conversations|deploy|tests|policies)/[^`<]*)`", README):
        assert list(ROOT.glob(name.rstrip("/"))), name
    for name in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / name).exists(), name


def test_every_make_target_the_readme_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`?\bmake ([a-z-]+)`?", README):
        assert re.search(rf"^{target}:", makefile, re.M) or target in ("", "sure"), target


def test_every_setting_is_in_the_deploy_readme() -> None:
    told = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
    config = (ROOT / "bot" / "config.py").read_text(encoding="utf-8")
    for name in re.findall(r'env\.get\("([A-Z_]+)"', config):
        assert f"`{name}`" in told, f"deploy/README.md does not mention {name}"


def test_the_guide_in_the_conversations_readme_loads_and_asks() -> None:
    told = (ROOT / "conversations" / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.*?)```", told, re.S)
    assert example, "conversations/README.md has lost its guide"
    guide = guide_from(tomllib.loads(example[1]), reading.phrases_of(WORDS), "README")
    slot = open_slot(guide, {})
    assert slot is not None
    assert slot.ask == "It depends who is coming."


def test_the_practice_in_the_conversations_readme_loads_and_is_found() -> None:
    told = (ROOT / "conversations" / "README.md").read_text(encoding="utf-8")
    shown = next(b for b in re.findall(r"```toml\n(.*?)```", told, re.S) if "[[practice]]" in b)
    example, own = tomllib.loads(shown), data("health")
    kinds = {**own["kind"], **example["kind"]}
    practices = [*own["practice"], *example["practice"]]
    known = {**own, "kind": kinds, "practice": practices}
    health = health_from(known, data("law"), data("topics"), families(), words())
    pack = [policy("Keys lie in the desk.", "Keys lie in the locked drawer.")]
    found = [f.clause for f in find(pack, {}, health, TODAY) if f.kind == "keys_in_desk"]
    assert found == ["p1"]


def test_the_conversations_readme_names_every_file_there() -> None:
    told = (ROOT / "conversations" / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "conversations").glob("*.toml"):
        assert f"`{path.name}`" in told, path.name


def _wording() -> str:
    told = (ROOT / "conversations" / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"```\n(title: .*?)```", told, re.S)
    assert shown, "conversations/README.md has lost its wording"
    return shown[1]


def test_the_wording_in_the_conversations_readme_makes_a_form_with_its_mistake(
    tmp_path: Path,
) -> None:
    (tmp_path / "room.j2").write_text(_wording(), encoding="utf-8")
    wording = Wording(tmp_path, {"room": {"draft", "error", "room"}})
    card = wording.card("room", {"draft": "d1", "error": "empty", "room": "12"})
    assert card.fields == (
        Field("room", "Which room?", "12", "A number is enough.", "Please write a room."),
    )
    assert [choice.label for choice in card.choices] == ["Send it", "Don't send", "Read the policy"]
    assert card.choices[2] == Choice("Read the policy", "read visits", "/policies/visits")
    again = wording.card("room", {"draft": "d1", "error": "", "room": ""})
    assert again.fields[0].error == ""


def test_the_conversations_readme_names_every_line_of_a_wording() -> None:
    told = (ROOT / "conversations" / "README.md").read_text(encoding="utf-8")
    table = told[told.index("| the line | what it is |") : told.index("The parts of a line stand")]
    named = {name for row in table.splitlines() for name in re.findall("`([a-z]+)`", row[:30])}
    assert named == set(LINES)


def test_the_conversations_readme_names_cards_and_words_that_are_there() -> None:
    told = (ROOT / "conversations" / "README.md").read_text(encoding="utf-8")
    (cards,) = re.findall(r"^Cards that came with Slack and Teams: (.*)$", told, re.M)
    assert set(re.findall("`([a-z_]+)`", cards)) <= set(CARDS)
    section = told[told.index("## Slack and Teams") : told.index("## The gate")]
    words = {one.name for one in fields(Fixed)}
    assert {"report_message", "report_concern", "ask_hint", "preview"} <= words
    assert set(re.findall("`([a-z]+_[a-z_]+)`", section)) <= words


POLICIES = (ROOT / "policies" / "README.md").read_text(encoding="utf-8")


def test_the_school_in_the_policies_readme_is_put_in_as_it_says(tmp_path: Path) -> None:
    toml, staff, document = (
        re.search(rf"```{kind}\n(.*?)```", POLICIES, re.S) for kind in ("toml", "csv", "text")
    )
    assert toml, "policies/README.md has lost its school.toml"
    assert staff, "policies/README.md has lost its staff.csv"
    assert document, "policies/README.md has lost its policy"
    (tmp_path / "oak-lane").mkdir()
    directory = re.search(r"```\n(\[directory\]\n.*?)```", POLICIES, re.S)
    assert directory, "policies/README.md has lost its [directory]"
    (tmp_path / "oak-lane" / "school.toml").write_text(toml[1] + directory[1], encoding="utf-8")
    (tmp_path / "oak-lane" / "staff.csv").write_text(staff[1], encoding="utf-8")
    (tmp_path / "phones.txt").write_text(document[1], encoding="utf-8")
    import_file(tmp_path / "phones.txt", "phones", "oak-lane", tmp_path)
    lines, well = examine(settings(POLICIES_DIR=str(tmp_path)), TODAY)
    assert well
    assert "ok      Policy phones: Phone Policy, 5 clauses" in lines
    assert "ok      Oak Lane Primary School: dsl is Mr Khan, 01632 960101" in lines
    school = read_library(tmp_path).schools["oak-lane"]
    assert school.routes["pupil"].ladder[0].role == "dsl"
    assert school.calendar is not None
    assert school.groups["slack"] == ("staff",)
    assert all(person.emails for person in school.people.values())


def test_the_policies_readme_names_every_column_and_every_kind_of_route() -> None:
    for name in (*COLUMNS, *ABOUT):
        assert f"`{name}`" in POLICIES, f"policies/README.md does not explain {name}"


def test_the_policy_file_in_the_policies_readme_is_one(tmp_path: Path) -> None:
    shown = re.search(r"```\n(\+\+\+\n.*?)```", POLICIES, re.S)
    assert shown, "policies/README.md has lost its policy file"
    (tmp_path / "phones.md").write_text(shown[1], encoding="utf-8")
    assert read_policy(tmp_path / "phones.md").pins == {"phone.lesson": ("k9w4dx",)}


TABLE = re.compile(r"^\| the rule \| the question \| it says \|\n\|[-| ]+\|\n((?:\|.*\n)+)", re.M)


def _owned_up_to() -> list[list[str]]:
    """Every row of the table "Known to be wrong": the rule, the question, what is said."""
    told = (ROOT / "conversations" / "README.md").read_text(encoding="utf-8")
    table = TABLE.search(told)
    assert table, "conversations/README.md has lost its table of what is known to be wrong"
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1].splitlines()]
    assert {len(row) for row in rows} == {3}
    return rows


@pytest.mark.parametrize(("rule", "question", "title"), _owned_up_to())
async def test_what_the_readme_owns_up_to_is_still_so(rule: str, question: str, title: str) -> None:
    """Whoever mends one of these finds its row here, and takes it away."""
    talk = Talk(house_of(policy(rule, *FILLERS)), "ann")
    await talk.says(question)
    assert talk.card.title == title, f"mended: take {question!r} out of conversations/README.md"
