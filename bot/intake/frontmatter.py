"""The facts at the top of a policy file, as TOML between two +++ lines."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

FENCE = "+++"
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {
    "\\": "\\\\",
    '"': '\\"',
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    "\b": "\\b",
    "\f": "\\f",
}


class FrontMatterMistake(ValueError):
    """What is wrong at the top of a file, and in which of its lines."""

    def __init__(self, sentence: str, line: int = 1) -> None:
        super().__init__(sentence)
        self.sentence, self.line = sentence, line


def written(values: Mapping[str, str | tuple[str, ...] | Mapping[str, Any]]) -> str:
    """TOML of texts, lists of texts, and tables of them; tables last."""
    lines = [FENCE]
    for name, value in values.items():
        if not isinstance(value, Mapping):
            lines.append(f"{_key(name)} = {_value(value)}")
    for name, value in values.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{_key(name)}]"]
            lines += [f"{_key(key)} = {_value(one)}" for key, one in value.items()]
    return "\n".join([*lines, FENCE, ""])


def _value(value: str | tuple[str, ...]) -> str:
    if isinstance(value, str):
        return _text(value)
    return "[" + ", ".join(_text(one) for one in value) + "]"


def _text(value: str) -> str:
    return '"' + "".join(_sign(char) for char in value) + '"'


def _sign(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    code = ord(char)
    return f"\\u{code:04x}" if code < 32 or 127 <= code < 160 or code in (0x2028, 0x2029) else char


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def split(text: str) -> tuple[dict[str, Any], list[str], int]:
    """The front matter, the lines below it, and how many lines stand above those."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    if lines[0].strip() != FENCE:
        raise FrontMatterMistake('the first line should be "+++"')
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == FENCE), 0)
    if not end:
        raise FrontMatterMistake('the facts at the top are not closed by a second "+++" line')
    try:
        return tomllib.loads("\n".join(lines[1:end]) + "\n"), lines[end + 1 :], end + 1
    except tomllib.TOMLDecodeError as error:
        raise FrontMatterMistake(*toml_mistake(error, 1)) from error


def toml_mistake(error: tomllib.TOMLDecodeError, above: int = 0) -> tuple[str, int]:
    """What a TOML error says in plain words, and its line."""
    at = re.search(r"\(at line (\d+)", str(error))
    what = str(error).split(" (at ")[0]
    line = int(at[1]) + above if at else above + 1
    return f"this line is not correct TOML ({what.lower()}): check its quotes and brackets", line
