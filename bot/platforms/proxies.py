"""The proxy that stands between a school and the world, if one does."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass


def proxy_for(url: str) -> str | None:
    """The school's proxy where one stands between: HTTPS_PROXY, unless NO_PROXY names the host."""
    parts = urlsplit(url)
    if proxy_bypass(parts.hostname or ""):
        return None
    return getproxies().get(parts.scheme.replace("ws", "http"))
