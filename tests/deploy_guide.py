"""deploy/README.md as its tests read it: its tables, its lines to type, and a machine to type them on."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import ROOT

DEPLOY = ROOT / "deploy"
GUIDE = (DEPLOY / "README.md").read_text(encoding="utf-8")
# Where the guide puts the checkout and the school's own files.
CHECKOUT, OURS = "/srv/policybot", "/etc/policybot"


def table(head: str) -> dict[str, list[str]]:
    """The rows of the table that begins so, by their first cell; each name of it has the row."""
    found = re.search(rf"^ *\| {re.escape(head)} \|.*\n *\|[-|]+\|\n((?: *\|.*\n)+)", GUIDE, re.M)
    assert found, f"deploy/README.md has lost its table of {head}"
    rows = [line.strip().strip("|").split("|") for line in found[1].splitlines()]
    return {name: [c.strip() for c in row[1:]] for row in rows for name in _names(row[0])}


def _names(cell: str) -> list[str]:
    return re.findall("`([^`]+)`", cell) or [cell.strip()]


def shell() -> str:
    """Every line that is to be typed."""
    return "\n".join(re.findall(r"```sh\n(.*?)```", GUIDE, re.S))


def run(script: str, folder: Path, **env: str) -> str:
    """A line of the guide on this machine: its places lie in ``folder``, and ``sudo`` does nothing."""
    told = script.replace(OURS, str(folder / "etc")).replace(CHECKOUT, str(folder / "srv"))
    told = re.sub(r" -[og] policybot\b", "", told.replace("sudo -u policybot ", "sudo "))
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    ran = subprocess.run(
        ["bash", "-c", f'set -eu; sudo() {{ "$@"; }}; {told}'],
        cwd=folder,
        env={**kept, **env},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def made(folder: Path) -> Path:
    """The folders as the guide makes them; the checkout is this one, with records of its own."""
    if sys.platform != "linux" or not shutil.which("openssl"):
        pytest.skip("the guide is for Linux with openssl, and this machine is not")
    (folder / "srv").mkdir()
    for name in (".venv", "bot", "conversations", "deploy", "policies", "pyproject.toml"):
        (folder / "srv" / name).symlink_to(ROOT / name)
    (folder / "srv" / "var").mkdir()
    lines = re.findall(r"^(?:sudo install|openssl rand) .*/etc/policybot.*$", shell(), re.M)
    first = [line for line in lines if "secrets/" not in line]
    assert len(first) == 3
    run("\n".join(first), folder)
    return folder
