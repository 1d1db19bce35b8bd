"""``make peers`` begins here: other people's programs into var/peers, the very versions of
package-lock.json. None of their install scripts is run, and nothing of theirs lies in the project."""

import hashlib
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.config import ROOT

HERE = Path(__file__).parent
PLACE = ROOT / "var" / "peers"
WANTED = HERE / "package-lock.json"
MADE_FROM = PLACE / ".made-from"


def stamp() -> str:
    return hashlib.sha256(WANTED.read_bytes()).hexdigest()


def are_here() -> bool:
    """Whether what lies in var/peers was made from the lock as it is now."""
    return MADE_FROM.exists() and MADE_FROM.read_text(encoding="ascii") == stamp()


def missing() -> Iterator[str]:
    """What this machine lacks, one sentence each."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        yield "The peers are made for Linux on x86_64 only: run make peers on such a machine."
    if shutil.which("npm") is None:
        yield "npm is needed to fetch the peers: on Debian, apt install nodejs npm."


def fetch() -> str:
    """Bring them here. Empty when they are; else one sentence that says why not."""
    if are_here():
        return ""
    for sentence in missing():
        return sentence
    PLACE.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, PLACE)
    said = PLACE / "npm-said.txt"
    with said.open("w", encoding="utf-8") as out:
        quietly = ("--ignore-scripts", "--no-audit", "--no-fund")
        ran = subprocess.run(["npm", "ci", *quietly], cwd=PLACE, stdout=out, stderr=out)
    if ran.returncode:
        return f"The peers could not be fetched: is this machine online? (What npm said: {said})"
    MADE_FROM.write_text(stamp(), encoding="ascii")
    return ""


if __name__ == "__main__":
    sys.exit(fetch() or None)
