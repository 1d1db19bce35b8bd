"""`make train`: all that search has learnt, from pairs/*.txt and messages.txt, in half an hour on two cores.

Torch is needed for the first step only and lives in an environment of its own (var/venv-train).
`python -m bot.search.training.train [tune] [settle] [lean]` runs some of the steps; all when none is named.
"""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from bot.search.asking import read_asking
from bot.search.encoder import Encoder
from bot.search.packing import pack
from bot.search.thesaurus import read_thesaurus
from bot.search.training import lean, settle
from bot.search.weights import DELTA, contents, download, fetch, made_from

ROOT = Path(__file__).parents[3]
VAR = ROOT / "var"
# The encoder that has seen the first lessons only: it makes the features of the rest.
HALF = VAR / "half.npz"
STEPS = ("tune", "settle", "lean")


def main(steps: list[str]) -> None:
    for step in steps or list(STEPS):
        print(f"== {step}", flush=True)
        {"tune": tune, "settle": settle_, "lean": lean_}[step]()


def tune() -> None:
    """The delta from all lessons, and another from the first ones for `settle`."""
    python = training_python()
    with tempfile.TemporaryDirectory() as folder:
        wheel = download(Path(folder))
        half = Path(folder) / "half.npz"
        run(python, wheel, DELTA)
        run(python, wheel, half, "first", "rounds=7")
        pack(*contents(wheel), half, HALF, made_from(half))
    fetch(VAR)


def run(python: Path, wheel: Path, target: Path, *options: str) -> None:
    command = [str(python), "-m", "bot.search.training.tune", str(wheel), str(target), *options]
    subprocess.run(command, check=True, cwd=ROOT)


def training_python() -> Path:
    """The python of var/venv-train, made on first use."""
    folder = VAR / "venv-train"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
        needed = ["torch==2.13.0", "numpy>=2.0"]
        subprocess.run([str(python), "-m", "pip", "install", *needed], check=True)
    return python


def settle_() -> None:
    """From questions the half-taught encoder has not seen."""
    if not HALF.exists():
        sys.exit(f"{HALF} is missing: run `python -m bot.search.training.train tune` first.")
    thesaurus = read_thesaurus(ROOT / "conversations" / "thesaurus.toml")
    asking = read_asking(ROOT / "conversations" / "asking.toml")
    settle.learn(thesaurus, asking, Encoder(HALF), VAR / "vectors")


def lean_() -> None:
    lean.learn(Encoder(fetch(VAR)))


if __name__ == "__main__":
    main(sys.argv[1:])
