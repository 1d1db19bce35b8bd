"""The bot on Slack and Microsoft Teams, with the installation's own records, until it is stopped."""

import asyncio
import errno
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, Protocol

from aiohttp import web as http

from bot import app
from bot.accounts import Accounts
from bot.clock import Heartbeat, WallClock, wall_time
from bot.config import Config, ConfigMistake, TeamsSettings
from bot.core.messages import Outgoing
from bot.library import read_library
from bot.outbox import Outbox, by_place
from bot.platforms import web
from bot.process import beating, until_stopped
from bot.running import Running

log = logging.getLogger(__name__)

TEAMS_LOCAL = 3978  # where Microsoft's local test client looks for a bot
# What nobody is waiting for: said twice it would be a second message about one thing.
UNASKED = frozenset({"owner_question"})
LATE = 90.0  # seconds without a tick that are too many


def asked_for(out: Outgoing) -> bool:
    """Whether somebody is waiting for this: twice is better than never."""
    return out.template not in UNASKED
