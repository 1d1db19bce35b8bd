"""The web chat on this machine with the example school: made for trying out, and thrown away after."""

import asyncio
import errno
import signal
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from bot import app, doctor
from bot.clock import Heartbeat
from bot.config import Config, ConfigMistake
from bot.core.people import LONDON
from bot.library import read_library
from bot.outbox import Outbox
from bot.platforms import web
from bot.serving import web_app
from bot.store.crypto import Sealer, load_or_make_key
from bot.store.sqlite import SqliteStore

_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def serve(config: Config, tell: Callable[[str], None]) -> None:
    """The web chat on loopback, whatever else is set, with records that are thrown away."""
    started = perf_counter()
    house = app.build(config, read_library(config.policies))
    with _until_stopped(), TemporaryDirectory(prefix="policybot-demo-") as thrown_away:
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


@contextmanager
def _until_stopped() -> Iterator[None]:
    """Within it Ctrl+C, SIGTERM and SIGHUP all end the task in order, so that no folder stays behind."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    asked = [s for s in _STOPS if signal.getsignal(s) is not signal.SIG_IGN]  # nohup ignores SIGHUP
    for one in asked:
        # Once: a second Ctrl+C must not cut the clearing-up short.
        loop.add_signal_handler(one, lambda: task.cancelling() or task.cancel())
    try:
        yield
    except asyncio.CancelledError:
        task.uncancel()
    finally:
        for one in asked:
            loop.remove_signal_handler(one)


async def _serve(
    config: Config, house: app.House, store: Any, tell: Callable[[str], None], started: float
) -> None:
    made, outbox = web_app(
        house, store, web.Posts(), config, forgets=True, doctor=partial(doctor.standing, config)
    )
    address = f"http://127.0.0.1:{config.port}/"
    beat = Heartbeat(_deliver(outbox), _forget(store), LONDON)
    beat.start()
    sending = asyncio.create_task(outbox.run())

    def ready() -> None:
        tell(f"Ready in {perf_counter() - started:.1f} s: {address}")
        tell(
            "Everyone and everything in it is made up, and it is forgotten when you stop it (Ctrl+C)."
        )
        if house.encoder is None:
            tell(f"{app.without_vectors(config)}. Until then clauses are found by words alone.")
        if config.browser:
            webbrowser.open(address)

    try:
        await web.serve(made, config.port, ready)
    except OSError as error:
        raise ConfigMistake(_no_port(config.port, error)) from None
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await beat.stop()


def _no_port(port: int, error: OSError) -> str:
    why = "is taken" if error.errno == errno.EADDRINUSE else "may not be used"
    return f"Port {port} {why} on this machine; choose another, such as PORT=8081 make demo"


def _deliver(outbox: Outbox) -> Callable[[datetime], Any]:
    async def tick(at: datetime) -> None:
        await outbox.deliver(at)

    return tick


def _forget(store: Any) -> Callable[[datetime], Any]:
    async def nightly(at: datetime) -> None:
        await asyncio.to_thread(store.forget, at)

    return nightly
