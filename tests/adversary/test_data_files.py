"""A slip in conversations/: told at the start in one sentence that names the file, or not at all."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import app
from bot.config import ROOT
from bot.library import read_library
from tests.helpers import CONVERSATIONS, settings

Change = Callable[[Path], object]


def _starts(folder: Path) -> None:
    app.build(settings(CONVERSATIONS_DIR=str(folder)), read_library(ROOT / "policies"))


def _sub(name: str, old: str, new: str) -> Change:
    def change(folder: Path) -> None:
        said = (folder / name).read_text("utf-8")
        assert old in said
        (folder / name).write_text(said.replace(old, new, 1), "utf-8")

    return change


def _put(name: str, raw: bytes) -> Change:
    return lambda folder: (folder / name).write_bytes(raw)


GUIDE = 'id = "p"\ntitle = "t"\nstarts = ["zzz"]\n'
SLIPS: dict[str, tuple[str, Change]] = {
    "thesaurus not utf-8": ("thesaurus.toml", _put("thesaurus.toml", b'a = "\xff"')),
    "thesaurus gone": ("thesaurus.toml", lambda f: (f / "thesaurus.toml").unlink()),
    "asking not utf-8": ("asking.toml", _put("asking.toml", b'a = "\xff"')),
    "asking gone": ("asking.toml", lambda f: (f / "asking.toml").unlink()),
    "gate family a number": ("gate.toml", _put("gate.toml", b"[families]\nx = 1\n")),
    "a limit in quotes": ("verdict.toml", _sub("verdict.toml", "settled = 0.65", 'settled = "x"')),
    "a limit nan": ("verdict.toml", _sub("verdict.toml", "yes = 0.40", "yes = nan")),
    "clause words missing": ("verdict.toml", _sub("verdict.toml", "\npermit = ", "\npermitt = ")),
    "an unknown form": ("verdict.toml", _sub("verdict.toml", "[forms]", '[forms]\nodd = ["zz"]')),
    "volunteers missing": ("words.toml", _sub("words.toml", "\nvolunteer = ", "\nvolunter = ")),
    "a phrase that is empty": ("words.toml", _sub("words.toml", "pupil = [", 'pupil = ["", ')),
    "a phrase that is a gap": ("words.toml", _sub("words.toml", "pupil = [", 'pupil = ["..", ')),
    "commands no list": (
        "commands.toml",
        _sub("commands.toml", "help = [", 'help = "help"\nx = ['),
    ),
    "a wrong variable": ("gate.j2", _sub("wording/gate.j2", "title: ", "title: {{ nosuch }} ")),
    "a card line misspelt": ("stranger.j2", _put("wording/stranger.j2", b"titel: hello")),
    "a wording gone": ("expired.j2", lambda f: (f / "wording/expired.j2").unlink()),
    "an include gone": ("sorry.j2", _put("wording/sorry.j2", b'{% include "_nope.j2" %}')),
    "a wording not utf-8": ("sorry.j2", _put("wording/sorry.j2", b"title: \xff")),
    "a guide's slot a number": (
        "press.toml",
        _put("guides/press.toml", f"{GUIDE}slot = 3\nleaf = []\n".encode()),
    ),
    "a guide's when a number": (
        "press.toml",
        _put("guides/press.toml", f'{GUIDE}[[leaf]]\nid = "a"\nask = "b"\nwhen = 3\n'.encode()),
    ),
    "a guide without leaves": (
        "press.toml",
        _put("guides/press.toml", f"{GUIDE}leaf = []\n".encode()),
    ),
    "a button without words": (
        "friend-request.toml",
        _sub("guides/friend-request.toml", 'label = "', 'label = "" # "'),
    ),
    "two guides of one name": (
        "zz.toml",
        lambda f: shutil.copy(f / "guides/friend-request.toml", f / "guides/zz.toml"),
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_one_sentence_that_names_the_file(slip: str, tmp_path: Path) -> None:
    name, change = SLIPS[slip]
    folder = tmp_path / "conversations"
    shutil.copytree(CONVERSATIONS, folder)
    change(folder)
    with pytest.raises(Exception, match=name) as told:
        _starts(folder)
    assert type(told.value).__name__.endswith("Mistake")
