"""Settings, read once from the environment. ``NAME_FILE`` may name a file that holds a secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


class ConfigMistake(Exception):
    """One plain sentence about one setting."""


@dataclass(frozen=True)
class Config:
    policies: Path
    conversations: Path
    data: Path
    port: int
    browser: bool
    kek_file: Path | None


def config_from(env: Mapping[str, str]) -> Config:
    """An empty setting is the default. Raises ConfigMistake for one that cannot be used."""
    kek = env.get("KEK_FILE", "")
    if kek and not Path(kek).is_file():
        raise ConfigMistake(f"KEK_FILE names {kek}, and there is no such file to read the key from")
    return Config(
        Path(env.get("POLICIES_DIR") or ROOT / "policies"),
        Path(env.get("CONVERSATIONS_DIR") or ROOT / "conversations"),
        Path(env.get("DATA_DIR") or ROOT / "var"),
        _port(env.get("PORT") or "8080"),
        env.get("NO_BROWSER", "") in ("", "0"),
        Path(kek) if kek else None,
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= 65535:
        raise ConfigMistake(f"PORT is {text!r}, but a port is a number from 1 to 65535")
    return int(text)
