"""What can be wrong in the policies folder."""

from pathlib import Path


class LibraryMistake(Exception):
    """What is wrong in the policies folder: the file, its line where known, and one sentence."""

    def __init__(self, file: Path, line: int, sentence: str) -> None:
        place = f"{file}, line {line}" if line else str(file)
        super().__init__(f"{place}: {sentence}")
        self.file, self.line, self.sentence = file, line, sentence
