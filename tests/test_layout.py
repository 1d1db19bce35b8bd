"""The rooms and their doors: who may import whom, and where sentences for staff may stand."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

BOT = Path(__file__).parent.parent / "bot"
FILES = sorted(BOT.rglob("*.py"))
ROOMS = {
    *("platforms", "pages", "store", "search", "intake", "clock", "library", "desk"),
    *("outbox", "wording", "views", "config", "conversations", "schools", "accounts"),
    "directories",
}
COMMANDS = {
    "app",
    "live",
    "connecting",
    "process",
    "serving",
    "asking",
    "checking",
    "demo",
    "playing",
    "running",
    "doctor",
    "online",
}
APART = {"platforms", "pages", "store", "search", "intake"}
# What a room may know beside core and its own files.
MAY = {"library": {"intake", "schools"}, "schools": {"intake"}, "views": {"wording"}}


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def room(file: Path) -> str:
    """ "core" for bot/core/gate.py, "desk" for bot/desk.py."""
    return file.relative_to(BOT).parts[0].removesuffix(".py")


def imported(file: Path) -> Iterator[str]:
    """Every module a file imports, wherever in the file, as a full name."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are written in full"
            inside = node.module == "bot"
            yield from (f"bot.{a.name}" if inside else str(node.module) for a in node.names)


def rooms_known(file: Path) -> set[str]:
    return {name.split(".")[1] for name in imported(file) if name.startswith("bot.")}


def named(files: list[Path]) -> list[str]:
    return [str(file.relative_to(BOT)) for file in files]


CORE = [file for file in FILES if room(file) == "core"]


@pytest.mark.parametrize("file", CORE, ids=named(CORE))
def test_the_core_imports_only_the_standard_library_and_itself(file: Path) -> None:
    for name in imported(file):
        top = name.split(".")[0]
        assert top in sys.stdlib_module_names or name.startswith("bot.core"), name


@pytest.mark.parametrize("file", CORE, ids=named(CORE))
def test_the_core_asks_no_time_and_draws_no_lots(file: Path) -> None:
    names = set(imported(file))
    assert not names & {"random", "secrets", "time", "os", "socket", "logging", "asyncio", "uuid"}
    called = (node.func for node in ast.walk(tree(file)) if isinstance(node, ast.Call))
    calls = {func.attr for func in called if isinstance(func, ast.Attribute)}
    assert not calls & {"now", "today", "utcnow"}


OUTER = [file for file in FILES if room(file) in ROOMS]


@pytest.mark.parametrize("file", OUTER, ids=named(OUTER))
def test_no_room_knows_another_but_core(file: Path) -> None:
    mine = room(file)
    assert rooms_known(file) <= {"core", mine} | MAY.get(mine, set())


@pytest.mark.parametrize("file", FILES, ids=named(FILES))
def test_only_app_and_the_commands_know_all_parts(file: Path) -> None:
    if room(file) not in COMMANDS | {"__main__"}:
        assert not rooms_known(file) & COMMANDS
    if room(file) != "__main__":
        assert "__main__" not in rooms_known(file)


def test_every_file_stands_in_a_room_that_is_known() -> None:
    assert {room(f) for f in FILES} <= ROOMS | COMMANDS | {"core", "__main__", "__init__"}


def test_no_room_imports_two_of_the_outer_five() -> None:
    for file in FILES:
        others = rooms_known(file) & APART - {room(file)}
        assert not others or room(file) in COMMANDS | {"__main__", "library", "schools"}, file


# No sentence meant for staff ------------------------------------------------------------------------

SPEAKS = [file for file in FILES if room(file) in ("core", "desk", "views")]


def docstrings(module: ast.Module) -> set[int]:
    """The string expressions that stand by themselves."""
    return {id(n.value) for n in ast.walk(module) if isinstance(n, ast.Expr)}


def for_engineers(module: ast.Module) -> set[int]:
    """Strings raised, asserted, or gathered by a function whose name says it finds mistakes."""
    found: set[int] = set()
    for node in ast.walk(module):
        finds = isinstance(node, ast.FunctionDef) and "mistake" in node.name
        if finds or isinstance(node, ast.Raise | ast.Assert):
            found |= {id(part) for part in ast.walk(node)}
    return found


def words_of(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(words_of(part) or " x " for part in node.values)
    return ""


def reads_like_a_sentence(text: str) -> bool:
    """Six words or more, of which three at least are plain small words (month names are none)."""
    words = text.split()
    return len(words) >= 6 and sum(w.isalpha() and w.islower() for w in words) >= 3


@pytest.mark.parametrize("file", SPEAKS, ids=named(SPEAKS))
def test_python_holds_no_sentence_meant_for_staff(file: Path) -> None:
    module = tree(file)
    spared = docstrings(module) | for_engineers(module)
    told = [
        words_of(node)
        for node in ast.walk(module)
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in spared
    ]
    assert [text for text in told if reads_like_a_sentence(text)] == []


def test_the_finder_of_sentences_finds_one() -> None:
    assert reads_like_a_sentence("Please ask the head before you post")
    assert not reads_like_a_sentence("January February March April May June July")
    assert not reads_like_a_sentence("must not be used")
