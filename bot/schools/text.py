"""A file's text, or what is wrong with the file."""

from pathlib import Path

from bot.schools.mistakes import LibraryMistake


def bytes_of_file(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise LibraryMistake(file, 0, f"it cannot be read ({error.strerror})") from error


def text_of_file(file: Path) -> str:
    """UTF-8 text, with or without a byte order mark."""
    try:
        return bytes_of_file(file).decode("utf-8-sig")
    except UnicodeError as error:
        raise LibraryMistake(file, 0, "it is not UTF-8 text: save it as UTF-8") from error
