"""Plain text and markdown -> printed lines."""

from collections.abc import Callable

from bot.intake.document import Document
from bot.intake.furniture import plain_document
from bot.intake.read import IntakeMistake, cleaned, decoded, wide, words

BIGGEST = 5 * 1024 * 1024
MOST_LINES = 12_000


def read(name: str, raw: bytes, progress: Callable[[int], None]) -> Document:
    """The lines of a text file."""
    if len(raw) > BIGGEST:
        size = len(raw) / 1024 / 1024
        raise IntakeMistake(f"{name} is {size:.1f} MB and the most is 5 MB: is it a policy?")
    if b"\0" in raw and not wide(raw):
        raise IntakeMistake(f"{name} is a binary file, not text: save it as plain text first.")
    text = cleaned(decoded(name, raw))
    _refuse(name, text)
    return plain_document(text)


def _refuse(name: str, text: str) -> None:
    if not words(text):
        raise IntakeMistake(f"{name} holds no words: there is nothing to import.")
    if "\ufffd" in text and text.count("\ufffd") * 100 > len(text):
        raise IntakeMistake(f"{name} is not readable text: save it as UTF-8 text and try again.")
    if text.count("\n") > MOST_LINES:
        raise IntakeMistake(f"{name} has more than {MOST_LINES:,} lines: is it a policy?")
    if text.startswith("+++\n") and "\n<!-- " in text:
        raise IntakeMistake(
            f"{name} is a policy file written by import: correct it where it is, "
            "and import the school's own document."
        )
