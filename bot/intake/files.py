"""Names that are safe as file names, and writing a file whole or not at all."""

import os
import re
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from bot.intake.read import IntakeMistake

BIGGEST_NAME = 60
_PREFIX, _SUFFIX = ".import-", ".tmp"
_STALE_S = 3600.0  # no import takes as long: one that left such a file was killed
EVERY = "cross"  # what ``ask`` calls all policies together
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RESERVED = {"con", "prn", "aux", "nul", "readme", "index"} | {
    f"{p}{n}" for p in ("com", "lpt") for n in range(10)
}


def check_name(name: str, what: str) -> None:
    rule = (
        f'use small letters, digits and single hyphens, at most {BIGGEST_NAME}, like "social-media"'
    )
    if not isinstance(name, str) or not name.strip():
        raise IntakeMistake(f"The {what} is empty: {rule}.")
    if len(name) > BIGGEST_NAME:
        raise IntakeMistake(f"The {what} is {len(name)} characters long: {rule}.")
    if not _NAME.fullmatch(name) or not name.isascii():
        raise IntakeMistake(f"The {what} {name!r} will not do as a file name: {rule}.")
    if name in _RESERVED:
        raise IntakeMistake(
            f"The {what} {name!r} is a name computers keep for themselves: choose another."
        )


def check_policy_id(name: str) -> None:
    """A name that is safe, and not the word that means every policy."""
    check_name(name, "policy id")
    if name == EVERY:
        raise IntakeMistake(f"The policy id {name!r} means every policy at once: choose another.")


def write_whole(target: Path, text: str) -> bool:
    """Write all or nothing; False when the file already says so."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear(target.parent)
        if target.exists() and target.read_bytes() == text.encode():
            return False
        _replace(target, text)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise IntakeMistake(
            f"{target} could not be written ({reason}): check the folder."
        ) from error
    return True


def _clear(folder: Path) -> None:
    """Take away what imports that were killed half-way left behind: each holds a whole policy."""
    for left in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        with suppress(OSError):  # another import may be clearing it just now
            if time.time() - left.lstat().st_mtime > _STALE_S:
                left.unlink()


def _replace(target: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=_PREFIX, suffix=_SUFFIX)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
