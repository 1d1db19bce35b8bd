"""The web chat on this machine with the example school: made for trying out, and thrown away after."""

import errno
import webbrowser
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from bot import app, doctor
from bot.config import Config, ConfigMistake
from bot.library import read_library
from bot.platforms import web
from bot.process import beating, until_stopped
from bot.serving import web_app
from bot.store.crypto import Sealer, load_or_make_key
from bot.store.sqlite import SqliteStore


async def serve(config: Config, tell: Callable[[str], None]) -> None:
    """The web chat on loopback, whatever else is set, with records that are thrown away."""
    started = perf_counter()
    house = app.build(config, read_library(config.policies))
    with until_stopped(), TemporaryDirectory(prefix="policybot-demo-") as thrown_away:
        folder = Path(thrown_away)
        # Policies that may be changed at will: the project's own stay as they are.
        copytree(config.policies, folder / "policies")
        config = replace(config, policies=folder / "policies")
        (folder / "records").mkdir()
        key = load_or_make_key(folder / "key", folder / "records" / "policybot.sqlite")
        store = SqliteStore(folder / "records" / "policybot.sqlite", Sealer(key))
        try:
            await _serve(config, house, store, tell, started)
        finally:
            store.close()


async def _serve(
    config: Config, house: app.House, store: Any, tell: Callable[[str], None], started: float
) -> None:
    made, outbox = web_app(
        house, store, web.Posts(), config, forgets=True, doctor=partial(doctor.standing, config)
    )
    address = f"http://127.0.0.1:{config.port}/"

    def ready() -> None:
        tell(f"Ready in {perf_counter() - started:.1f} s: {address}")
        tell(
            "Everyone and everything in it is made up, and it is forgotten when you stop it (Ctrl+C)."
        )
        if house.encoder is None:
            tell(f"{app.without_vectors(config)}. Until then clauses are found by words alone.")
        if config.browser:
            webbrowser.open(address)

    async with beating(store, outbox):
        try:
            await web.serve(made, config.port, ready)
        except OSError as error:
            raise ConfigMistake(_no_port(config.port, error)) from None


def _no_port(port: int, error: OSError) -> str:
    why = "is taken" if error.errno == errno.EADDRINUSE else "may not be used"
    return f"Port {port} {why} on this machine; choose another, such as PORT=8081 make demo"
