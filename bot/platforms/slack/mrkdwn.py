"""Slack's own markup: used for the fallback text and for a link in small print, and nowhere else."""

import re
from urllib.parse import quote

_HTTPS = re.compile(r"https://[\w.-]+(:\d+)?([/?#]|$)", re.ASCII)
_LONGEST = 3000


def escaped(text: str) -> str:
    """``&``, ``<`` and ``>`` as entities, ``&`` first, and nothing else: so nobody is ever pinged."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(address: str, words: str) -> str:
    """Words that open an address. Words with markup in them (``texts.has_marks``) cannot be shown so."""
    return f"<{escaped(address)}|{escaped(words)}>"


def address(path: str, pages: str) -> str:
    """The whole address of a link on a card; empty where there is none to be opened from Slack.

    ``pages`` is where the staff pages are reached, "https://policies.school.example"; without it a path
    of theirs ("/policies/p") leads nowhere. Anything else must be https.
    """
    if path.startswith("/"):
        path = pages.rstrip("/") + path if pages else ""
    elif not _HTTPS.match(path):
        path = ""
    safe = quote(path, safe="/:?#[]@!$&'()*+,;=%~", errors="replace")
    return safe if len(safe) <= _LONGEST else ""
