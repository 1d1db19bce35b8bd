"""`python -m tests.bench.unguarded FILE --id ID --into DIR`: import with no guard at all.

No process apart, no limits on time and memory, and none of the looks from outside before anything is
unpacked. What these files do then shows that the guards are needed.
"""

import hashlib
import sys
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

from bot.__main__ import main
from bot.intake import importing, source, told
from bot.intake.document import Document
from bot.intake.formats.zipped import Zipped
from bot.intake.source import KINDS, Source


def _source(path: Path) -> Source:
    raw, kind = path.read_bytes(), KINDS.get(path.suffix, "text")
    reader = import_module(f"bot.intake.formats.{kind}")
    document: Document = reader.read(path.name, raw, lambda pages: None)
    return Source(path.name, document, hashlib.sha256(raw).hexdigest())


def unguarded() -> None:
    patch.object(Zipped, "_refuse", lambda *_: None).start()
    for room in (source, importing, told):
        patch.object(room, "source", _source).start()
    main()


if __name__ == "__main__":
    sys.argv.insert(1, "import")
    unguarded()
