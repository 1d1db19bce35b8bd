"""conversations/platforms.toml: every mistake in it is one sentence at the start."""

import shutil
from pathlib import Path

import pytest

from bot.conversations import ConversationMistake, read_conversations
from bot.core.fixed import Fixed, Prompt
from tests.helpers import CONVERSATIONS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONVERSATIONS, tmp_path / "conversations"))


def read(folder: Path, old: str = "", new: str = "") -> Fixed:
    """The words, with one thing in the file changed."""
    path = folder / "platforms.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1) if old else f"{text}\n{new}\n", "utf-8")
    return read_conversations(folder).fixed


def test_the_words_that_ship_are_read(folder: Path) -> None:
    fixed = read(folder)
    assert fixed.title == "Policybot"
    assert fixed.prompts[0] == Prompt(
        "Friend requests", "Can I accept a friend request from a pupil?"
    )


PROMPT = '[[prompts]]\ntitle = "T"\nmessage = "M"'
MISTAKES = (
    ('close = "Close"', "", "'close' is missing"),
    ('close = "Close"', 'colse = "Close"', "'close' is missing"),
    ('close = "Close"', 'close = "Close"\nopen = "Open"', "nothing is called 'open'"),
    ('close = "Close"', 'close = ""', "'close' has 1 to 24"),
    ('close = "Close"', 'close = " "', "'close' has 1 to 24"),
    ('close = "Close"', "close = 3", "'close' has 1 to 24"),
    ('close = "Close"', 'close = "Close this window here now"', "'close' has 1 to 24"),
    ('close = "Close"', 'close = "Close\\nit"', "'close' is one line"),
    ('ask = "Ask"', 'ask = "Ask a policy question here"', "'ask' has 1 to 24"),
    ('preview = "', f'preview = "{"x" * 500}', "'preview' has 1 to 500"),
    ('about = "', f'about = "{"x" * 80}', "'about' has 1 to 80"),
    ("[words]", "[word]", "'words' is missing"),
    ("[words]", 'words = "x"\n[other]', "wrong shape"),
    ("[words]", "words =\n", "not TOML"),
    ("", PROMPT, "four [[prompts]]"),
    ("[[prompts]]", "[[prompt]]", "nothing is called 'prompt'"),
    ('title = "Friend requests"', "", "'title' is missing"),
    ('title = "Friend requests"', 'titel = "x"', "'title' is missing"),
    ('title = "Friend requests"', 'title = ""', "a prompt's 'title' has 1 to 75"),
    ('title = "Friend requests"', f'title = "{"x" * 76}"', "a prompt's 'title' has 1 to 75"),
    ('message = "Can I', 'mesage = "Can I', "'message' is missing"),
)


@pytest.mark.parametrize(("old", "new", "told"), MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_is_one_sentence_that_names_the_file(
    folder: Path, old: str, new: str, told: str
) -> None:
    with pytest.raises(ConversationMistake) as raised:
        read(folder, old, new)
    said = str(raised.value)
    assert said.startswith("platforms.toml")
    assert told in said
    assert len(said.splitlines()) == 1, said


def test_prompts_may_be_left_out(folder: Path) -> None:
    path = folder / "platforms.toml"
    path.write_text(path.read_text("utf-8").split("[[prompts]]")[0], "utf-8")
    assert read(folder).prompts == ()


@pytest.mark.parametrize("prompts", ["3", '"x"', "[1]", '["ab"]', "{}"])
def test_prompts_of_another_shape_are_a_mistake_or_none(folder: Path, prompts: str) -> None:
    path = folder / "platforms.toml"
    words = path.read_text("utf-8").split("[[prompts]]")[0]
    path.write_text(f"prompts = {prompts}\n{words}", "utf-8")
    if prompts == "{}":
        assert read(folder).prompts == ()
        return
    with pytest.raises(ConversationMistake, match=r"platforms\.toml"):
        read(folder)


def test_a_file_that_is_missing_is_one_sentence(folder: Path) -> None:
    (folder / "platforms.toml").unlink()
    with pytest.raises(ConversationMistake, match=r"platforms\.toml cannot be read"):
        read_conversations(folder)
